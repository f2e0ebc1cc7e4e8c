/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store_scan.c - every instance with its series. One statement a day runs in lock step with the
 * instances, so each chunk is passed once, in the order in which it lies on disk.
 */
#include "store/scan_private.h"

#include "rightsize/chunk.h"

#include <stdlib.h>
#include <string.h>

#define RESOURCE_COLUMNS                                                                           \
    "SELECT id, provider_id, provider, account, region, zone, name, type, state, architecture, "   \
    "platform, tenancy, hypervisor, virtualization, lifecycle, asg, image, launch_time, "          \
    "network_interfaces, volumes, ena, observed_at, "                                              \
    "coalesce(min(first_observed_at, first_at), first_observed_at, first_at), "                    \
    "coalesce(max(observed_at, last_at), observed_at, last_at) FROM (SELECT r.*, "                 \
    "(SELECT min(first_at) FROM series WHERE id BETWEEN r.id << 8 AND r.id << 8 | 255) first_at, " \
    "(SELECT max(last_at) FROM series WHERE id BETWEEN r.id << 8 AND r.id << 8 | 255) last_at "    \
    "FROM resource r) WHERE kind = 0 AND id BETWEEN ?1 AND ?2 AND (?3 IS NULL OR region = ?3) "    \
    "ORDER BY id"

static enum rs_status list_namesakes(const char *name, sqlite3_stmt *row, struct rs_store *store,
                                     struct rs_error *err)
{
    struct rs_buffer ids;
    bool more = true;
    size_t count = 0;
    rs_buffer_init(&ids);
    enum rs_status rc = RS_OK;
    while (rc == RS_OK && more) {
        if (count++ < 8) {
            rs_buffer_printf(&ids, "%s%s", count > 1 ? ", " : "",
                             (const char *)sqlite3_column_text(row, 1));
        }
        rc = rs_store_step(store, row, &more, err);
    }
    if (rc == RS_OK) {
        rc = rs_fail(err, RS_EINPUT, "%zu instances are named '%s': %s%s; give the id", count, name,
                     ids.data, count > 8 ? ", ..." : "");
    }
    rs_buffer_release(&ids);
    return rc;
}

/* An id is meant before a name. */
static enum rs_status find_named(struct rs_scan_run *run, struct rs_error *err)
{
    const char *name = run->request->resource;
    sqlite3_stmt *find = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        run->store,
        "SELECT id, provider_id, count(*) OVER () FROM resource WHERE kind = 0 AND "
        "(provider_id = ?1 OR name = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM resource WHERE provider_id = ?1 AND kind = 0)) ORDER BY id",
        &find, err);
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, name);
        rc = rs_store_step(run->store, find, &row, err);
    }
    if (rc == RS_OK && !row) {
        rc = rs_fail(err, RS_ENODATA, "%s: holds no instance '%s'", run->store->path, name);
    } else if (rc == RS_OK && sqlite3_column_int64(find, 2) > 1) {
        rc = list_namesakes(name, find, run->store, err);
    } else if (rc == RS_OK) {
        run->only = sqlite3_column_int64(find, 0);
    }
    sqlite3_finalize(find);
    return rc;
}

static enum rs_status prepare_all(struct rs_scan_run *run, struct rs_error *err)
{
    const struct {
        sqlite3_stmt **out;
        const char *sql;
    } rows[] = {
        {&run->resources, RESOURCE_COLUMNS},
        {&run->tags, "SELECT key, value FROM tag WHERE resource_id = ?1 ORDER BY key"},
        {&run->types, "SELECT first_at AS at, type FROM type_seen WHERE resource_id = ?1 UNION "
                      "SELECT last_at, type FROM type_seen WHERE resource_id = ?1 ORDER BY 1, 2"},
        {&run->series, "SELECT id, metric, statistic, step FROM series "
                       "WHERE id BETWEEN ?1 AND ?1 | 255 ORDER BY id"},
        {&run->volumes, "SELECT volume_id, since, until FROM attached WHERE instance_id = ?1 "
                        "ORDER BY volume_id, since"},
        {&run->chunk, "SELECT data FROM chunk WHERE id = ?1"},
        {&run->recent,
         "SELECT series_id, first, data FROM recent WHERE series_id BETWEEN ?1 AND ?2 "
         "AND first < ?3 ORDER BY series_id, first"},
        {&run->peaks, "SELECT at, cpu_percent, name, unit, share FROM peak WHERE resource_id = ?1 "
                      "AND at >= ?2 AND at < ?3 AND kind = 'cpu' AND rank = 1 "
                      "ORDER BY cpu_percent DESC, at"},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_store_prepare(run->store, rows[i].sql, rows[i].out, err);
    }
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(run->resources, 1, run->only == 0 ? 0 : run->only);
        (void)sqlite3_bind_int64(run->resources, 2, run->only == 0 ? INT64_MAX : run->only);
        rs_store_bind_text(run->resources, 3, run->request->region);
        (void)sqlite3_bind_int64(run->peaks, 2, run->request->window.from);
        (void)sqlite3_bind_int64(run->peaks, 3, run->request->window.to);
    }
    return rc;
}

static enum rs_status open_day(struct rs_scan_run *run, int64_t day, size_t *capacity,
                               struct rs_error *err)
{
    void *list = run->days;
    enum rs_status rc = rs_scan_grow(&list, capacity, run->day_count, sizeof(*run->days), err);
    run->days = list;
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_day_cursor *cursor = &run->days[run->day_count++];
    *cursor = (struct rs_day_cursor){NULL, day, false};
    rc = rs_store_prepare(run->store,
                          "SELECT id, data FROM chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
                          &cursor->chunks, err);
    if (rc != RS_OK) {
        return rc;
    }
    int64_t base = day << RS_STORE_DAY_BITS, first = run->only << RS_STORE_SERIES_BITS;
    int64_t last = run->only == 0 ? UINT32_MAX : first + (1 << RS_STORE_SERIES_BITS) - 1;
    (void)sqlite3_bind_int64(cursor->chunks, 1, base | first);
    (void)sqlite3_bind_int64(cursor->chunks, 2, base | last);
    return rs_store_step(run->store, cursor->chunks, &cursor->row, err);
}

static enum rs_status open_days(struct rs_scan_run *run, struct rs_error *err)
{
    sqlite3_stmt *days = NULL;
    struct rs_window window = run->request->window;
    bool row = false;
    size_t capacity = 0;
    enum rs_status rc = rs_store_prepare(
        run->store, "SELECT day FROM day WHERE day BETWEEN ?1 AND ?2 ORDER BY day", &days, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(days, 1, window.from / RS_DAY_SECONDS);
        (void)sqlite3_bind_int64(days, 2, (window.to - 1) / RS_DAY_SECONDS);
        rc = rs_store_step(run->store, days, &row, err);
    }
    while (rc == RS_OK && row) {
        rc = open_day(run, sqlite3_column_int64(days, 0), &capacity, err);
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, days, &row, err);
        }
    }
    sqlite3_finalize(days);
    return rc;
}

static enum rs_status open_recent(struct rs_scan_run *run, struct rs_error *err)
{
    int64_t first = run->only << RS_STORE_SERIES_BITS;
    (void)sqlite3_bind_int64(run->recent, 1, first);
    (void)sqlite3_bind_int64(run->recent, 2,
                             run->only == 0 ? UINT32_MAX : first + (1 << RS_STORE_SERIES_BITS) - 1);
    (void)sqlite3_bind_int64(run->recent, 3, run->request->window.to);
    return rs_store_step(run->store, run->recent, &run->waiting, err);
}

static int compare_series(const void *a, const void *b)
{
    const struct rs_series *x = a, *y = b;
    if (x->metric != y->metric) {
        return x->metric < y->metric ? -1 : 1;
    }
    if (x->statistic != y->statistic) {
        return x->statistic < y->statistic ? -1 : 1;
    }
    return x->step < y->step ? -1 : x->step > y->step;
}

/* The series with a sample, in an order that does not depend on who came first. */
static enum rs_status show_series(struct rs_scan_run *run, struct rs_stored *stored,
                                  struct rs_error *err)
{
    stored->series_count = 0;
    if (run->column_count == 0) {
        return RS_OK;
    }
    struct rs_series *shown = realloc(run->shown, run->column_count * sizeof(*shown));
    if (shown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu series", run->column_count);
    }
    run->shown = shown;
    for (size_t i = 0; i < run->column_count; i++) {
        if (run->columns[i].any) {
            shown[stored->series_count++] = run->columns[i].series;
        }
    }
    qsort(shown, stored->series_count, sizeof(*shown), compare_series);
    stored->series = shown;
    stored->volume_count = run->volume_count;
    return RS_OK;
}

static void release_columns(struct rs_scan_run *run)
{
    for (size_t i = 0; i < run->column_count; i++) {
        rs_series_release(&run->columns[i].series);
    }
    run->column_count = 0;
}

static enum rs_status scan_one(struct rs_scan_run *run, struct rs_error *err)
{
    int64_t id = sqlite3_column_int64(run->resources, 0);
    struct rs_resource resource;
    struct rs_stored stored = {0};
    enum rs_status rc = rs_scan_inventory(run, &resource, &stored, err);
    if (rc == RS_OK && run->request->samples) {
        rc = rs_scan_samples(run, id, err);
        if (rc == RS_OK) {
            rc = rs_scan_volumes(run, id, err);
        }
        if (rc == RS_OK) {
            rc = show_series(run, &stored, err);
        }
    }
    if (rc == RS_OK) {
        rc = run->fn(run->payload, &stored, err);
    }
    release_columns(run);
    return rc;
}

static void release_run(struct rs_scan_run *run)
{
    sqlite3_stmt *const statements[] = {run->resources, run->series, run->tags,  run->types,
                                        run->volumes,   run->chunk,  run->peaks, run->recent};
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        sqlite3_finalize(statements[i]);
    }
    for (size_t i = 0; i < run->day_count; i++) {
        sqlite3_finalize(run->days[i].chunks);
    }
    rs_buffer_release(&run->texts);
    free(run->days);
    free(run->columns);
    free(run->shown);
    free(run->scratch);
    free(run->tag_list);
    free(run->change_list);
    free(run->peak_list);
}

static enum rs_status scan_all(struct rs_scan_run *run, struct rs_error *err)
{
    bool row = false;
    enum rs_status rc = run->request->resource == NULL ? RS_OK : find_named(run, err);
    if (rc == RS_OK) {
        rc = prepare_all(run, err);
    }
    if (rc == RS_OK && run->request->samples) {
        rc = open_days(run, err);
        if (rc == RS_OK) {
            rc = open_recent(run, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_store_step(run->store, run->resources, &row, err);
    }
    while (rc == RS_OK && row) {
        rc = scan_one(run, err);
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, run->resources, &row, err);
        }
    }
    return rc;
}

enum rs_status rs_store_scan(struct rs_store *store, const struct rs_scan *scan, rs_stored_fn *fn,
                             void *payload, struct rs_error *err)
{
    bool opened = false;
    struct rs_scan_run run = {.store = store, .request = scan, .fn = fn, .payload = payload};
    if (scan->samples && (scan->window.from < 0 || scan->window.to <= scan->window.from ||
                          scan->window.to > RS_STORE_END)) {
        return rs_fail(err, RS_EINPUT, "the window is empty or outside 1970..9999");
    }
    rs_buffer_init(&run.texts);
    enum rs_status rc = RS_OK;
    if (scan->samples) {
        run.scratch = calloc(RS_CHUNK_MAX_SLOTS, sizeof(*run.scratch));
        if (run.scratch == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for a day of samples");
        }
    }
    rc = rs_store_read_begin(store, &opened, err);
    if (rc == RS_OK) {
        rc = scan_all(&run, err);
    }
    release_run(&run);
    rs_store_read_end(store, opened);
    return rc;
}
