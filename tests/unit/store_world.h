/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_world.h - a store in a folder of its own, and short words to fill and ask it. */
#ifndef UNIT_STORE_WORLD_H
#define UNIT_STORE_WORLD_H

#include "rightsize/buffer.h"
#include "rightsize/store.h"

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define T0 INT64_C(1700006400) /* 2023-11-15T00:00:00Z */
#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)

struct world {
    char folder[512], path[600];
    struct rs_store *store; /* open for writing */
};

static inline int world_open(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    assert_non_null(mkdtemp(scratch_name(w->folder, sizeof(w->folder), "store")));
    snprintf(w->path, sizeof(w->path), "%s/metrics.db", w->folder);
    check_ok(rs_store_open(w->path, RS_STORE_WRITE, &w->store, &err));
    *state = w;
    return 0;
}

/* A name in the world's folder; valid until the eighth call after. */
static inline const char *world_file(const struct world *w, const char *name)
{
    static char names[8][700];
    static unsigned next;
    char *out = names[next++ % 8];
    snprintf(out, sizeof(names[0]), "%s/%s", w->folder, name);
    return out;
}

static inline int world_close(void **state)
{
    static const char *const left[] = {
        "metrics.db", "metrics.db-wal", "metrics.db-shm", "other.db",    "other.db-wal",
        "link.db",    "other.db-shm",   "a/b/metrics.db", "a/b",         "a",
        "text.db",    "empty.db",       "ro/m.db",        "ro/m.db-wal", "ro/m.db-shm",
        "ro"};
    struct world *w = *state;
    rs_store_close(w->store);
    chmod(world_file(w, "ro"), 0700);
    for (size_t i = 0; i < COUNT_OF(left); i++) {
        remove(world_file(w, left[i]));
    }
    assert_int_equal(rmdir(w->folder), 0);
    free(w);
    return 0;
}

#define world_test(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)

static inline void world_begin(struct world *w)
{
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_store_begin(w->store, &err));
}

static inline void world_commit(struct world *w)
{
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_store_commit(w->store, &err));
}

static inline struct rs_batch world_batch(const char *resource, const int64_t *at,
                                          const double *values, size_t count)
{
    return (struct rs_batch){.resource = resource,
                             .kind = strncmp(resource, "vol-", 4) == 0   ? RS_KIND_VOLUME
                                     : strstr(resource, "/gpu-") != NULL ? RS_KIND_GPU
                                                                         : RS_KIND_INSTANCE,
                             .metric = RS_METRIC_CPU_PERCENT,
                             .statistic = RS_STATISTIC_AVG,
                             .step = 300,
                             .at = at,
                             .values = values,
                             .count = count};
}

static inline struct rs_put_tally world_put(struct world *w, const struct rs_batch *batch)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    world_begin(w);
    check_ok(rs_store_put(w->store, batch, &tally, &err));
    world_commit(w);
    return tally;
}

/* They wait to be packed, as the sampler's do. */
static inline void world_put_recent(struct world *w, const struct rs_batch *batch)
{
    struct rs_error err = {RS_OK, ""};
    world_begin(w);
    check_ok(rs_store_put_recent(w->store, batch, &err));
    world_commit(w);
}

/* `count` samples base, base + 1 ... every `step` seconds from `from`. */
static inline void world_ramp(struct world *w, const char *resource, enum rs_metric metric,
                              int64_t step, int64_t from, size_t count, double base)
{
    int64_t *at = calloc(count, sizeof(*at));
    double *values = calloc(count, sizeof(*values));
    assert_non_null(at);
    assert_non_null(values);
    for (size_t i = 0; i < count; i++) {
        at[i] = from + (int64_t)i * step;
        values[i] = base + (double)i;
    }
    struct rs_batch batch = world_batch(resource, at, values, count);
    batch.metric = metric;
    batch.step = step;
    world_put(w, &batch);
    free(at);
    free(values);
}

/* Of which no number is known; `type` may be NULL. */
static inline struct rs_resource world_record(const char *id, const char *type, int64_t at)
{
    return (struct rs_resource){.id = id,
                                .type = type,
                                .launch_time = -1,
                                .observed_at = at,
                                .network_interfaces = -1,
                                .volumes = -1};
}

/* Whether that changed anything. */
static inline bool world_put_resource(struct world *w, const struct rs_resource *record)
{
    struct rs_error err = {RS_OK, ""};
    bool changed = false;
    world_begin(w);
    check_ok(rs_store_put_resource(w->store, record, &changed, &err));
    world_commit(w);
    return changed;
}

static inline void world_attach(struct world *w, const char *volume, const char *instance,
                                int64_t since, int64_t observed_at)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_attachment attachment = {volume, instance, NULL, since, observed_at};
    bool changed = false;
    world_begin(w);
    check_ok(rs_store_put_attachment(w->store, &attachment, &changed, &err));
    world_commit(w);
}

static inline struct rs_scan world_scan(int64_t from, int64_t to)
{
    return (struct rs_scan){.window = {from, to}, .samples = true};
}

static inline enum rs_status world_row(void *payload, int columns, const char *const *names,
                                       const char *const *values, struct rs_error *err)
{
    (void)names, (void)err;
    struct rs_buffer *out = payload;
    for (int i = 0; i < columns; i++) {
        rs_buffer_text(out, i > 0 ? "|" : "");
        rs_buffer_text(out, values[i] == NULL ? "NULL" : values[i]);
    }
    rs_buffer_char(out, '\n');
    return RS_OK;
}

/* Rows as "a|b" lines; the caller frees. */
static inline char *world_sql(struct world *w, const char *sql)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer out;
    rs_buffer_init(&out);
    check_ok(rs_store_sql(w->store, sql, world_row, &out, &err));
    char *copy = strdup(out.data);
    assert_non_null(copy);
    rs_buffer_release(&out);
    return copy;
}

static inline void world_expect(struct world *w, const char *sql, const char *want)
{
    char *got = world_sql(w, sql);
    assert_string_equal(got, want);
    free(got);
}

#endif
