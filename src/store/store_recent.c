/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_recent.c - samples that wait for their day's chunk. */
#include "store/store_private.h"

#include "rightsize/number.h"
#include "rightsize/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NULLS_MAX 60 /* a longer gap begins another row */

static int64_t slot_of(const struct rs_batch *batch, size_t i)
{
    return (batch->at[i] + batch->step / 2) / batch->step;
}

static enum rs_status check_batch(const struct rs_batch *batch, struct rs_error *err)
{
    if (!rs_step_is_valid(batch->step)) {
        return rs_fail(err, RS_EINPUT, "'%s': a step of %" PRId64 " s does not divide a day",
                       batch->resource, batch->step);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->at[i] < 0 || batch->at[i] >= RS_STORE_END - RS_DAY_SECONDS ||
            !isfinite(batch->values[i]) || (i > 0 && slot_of(batch, i) <= slot_of(batch, i - 1))) {
            return rs_fail(err, RS_EINPUT, "'%s': sample %zu is out of range or order",
                           batch->resource, i);
        }
    }
    return RS_OK;
}

/* One row: the samples from `first` on until a long gap. */
static size_t write_array(const struct rs_batch *batch, size_t first, struct rs_buffer *out)
{
    size_t i = first;
    rs_buffer_clear(out);
    for (; i < batch->count; i++) {
        char text[RS_NUMBER_TEXT];
        int64_t gap = i == first ? 0 : slot_of(batch, i) - slot_of(batch, i - 1) - 1;
        if (gap > NULLS_MAX) {
            break;
        }
        rs_buffer_char(out, i == first ? '[' : ',');
        for (; gap > 0; gap--) {
            rs_buffer_text(out, "null,");
        }
        rs_number_format(batch->values[i], text);
        rs_buffer_text(out, text);
    }
    rs_buffer_char(out, ']');
    return i;
}

enum rs_status rs_store_put_recent(struct rs_store *store, const struct rs_batch *batch,
                                   struct rs_error *err)
{
    int64_t resource_id = 0;
    struct rs_store_target series = {0, -1, -1};
    sqlite3_stmt *add = NULL;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc != RS_OK || (rc = check_batch(batch, err)) != RS_OK || batch->count == 0 ||
        (rc = rs_store_resource_of(store, batch, &resource_id, err)) != RS_OK ||
        (rc = rs_store_series_of(store, batch, resource_id, &series, err)) != RS_OK) {
        return rc;
    }
    rc = rs_store_statement(store, RS_STATEMENT_ADD_RECENT,
                            "INSERT INTO recent(first, series_id, data) VALUES (?1, ?2, ?3) "
                            "ON CONFLICT DO UPDATE SET data = excluded.data",
                            &add, err);
    for (size_t i = 0; rc == RS_OK && i < batch->count;) {
        (void)sqlite3_bind_int64(add, 1, slot_of(batch, i) * batch->step);
        i = write_array(batch, i, &store->blob);
        rc = rs_buffer_status(&store->blob, err);
        if (rc == RS_OK) {
            (void)sqlite3_bind_int64(add, 2, series.id);
            (void)sqlite3_bind_text(add, 3, store->blob.data, (int)store->blob.length,
                                    SQLITE_STATIC);
            rc = rs_store_run(store, add, err);
        }
    }
    return rc;
}

struct gathered { /* one series' waiting samples */
    int64_t *at;
    double *values;
    size_t count, capacity;
};

static bool reserve(struct gathered *g)
{
    if (g->count < g->capacity) {
        return true;
    }
    size_t capacity = g->capacity == 0 ? 1024 : 2 * g->capacity;
    int64_t *at = realloc(g->at, capacity * sizeof(*at));
    if (at == NULL) {
        return false;
    }
    g->at = at;
    double *values = realloc(g->values, capacity * sizeof(*values));
    if (values == NULL) {
        return false;
    }
    g->values = values;
    g->capacity = capacity;
    return true;
}

bool rs_recent_next(const char **at, double *value)
{
    const char *p = *at;
    if (p == NULL || (*p != '[' && *p != ',')) {
        return false;
    }
    p++;
    size_t length = strcspn(p, ",]");
    *value = NAN;
    if (p[length] == '\0' ||
        (!(length == 4 && memcmp(p, "null", 4) == 0) && !rs_number_scan(p, length, value))) {
        return false;
    }
    *at = p[length] == ']' ? NULL : p + length;
    return true;
}

enum rs_status rs_recent_damaged(const char *path, struct rs_error *err)
{
    return rs_fail(err, RS_EIO, "%s: a row of recent samples is damaged", path);
}

static enum rs_status read_array(const struct rs_store *store, const char *text, int64_t at,
                                 int64_t step, struct gathered *out, struct rs_error *err)
{
    for (const char *p = text; p != NULL; at += step) {
        double value = 0;
        if (at >= RS_STORE_END || !rs_recent_next(&p, &value)) {
            return rs_recent_damaged(store->path, err);
        }
        if (isnan(value)) {
            continue;
        }
        if (!reserve(out)) {
            return rs_fail(err, RS_ENOMEM, "%s: out of memory", store->path);
        }
        out->at[out->count] = at;
        out->values[out->count++] = value;
    }
    return RS_OK;
}

static enum rs_status gather(struct rs_store *store, int64_t series, int64_t step,
                             struct gathered *out, struct rs_error *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    out->count = 0;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_READ_RECENT,
        "SELECT first, data FROM recent WHERE series_id = ?1 ORDER BY first", &rows, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(rows, 1, series);
    while ((rc = rs_store_step(store, rows, &row, err)) == RS_OK && row) {
        const char *text = (const char *)sqlite3_column_text(rows, 1);
        rc = text == NULL ? rs_fail(err, RS_ENOMEM, "%s: out of memory", store->path)
                          : read_array(store, text, sqlite3_column_int64(rows, 0), step, out, err);
        if (rc != RS_OK) {
            (void)sqlite3_reset(rows);
            return rc;
        }
    }
    return rc;
}

/* The row of `waiting` names the series; its text is copied, since putting runs other statements.
 */
static enum rs_status absorb_series(struct rs_store *store, sqlite3_stmt *waiting,
                                    struct gathered *g, struct rs_put_tally *tally,
                                    struct rs_error *err)
{
    char *resource = NULL;
    struct rs_batch batch = {.kind = (enum rs_resource_kind)sqlite3_column_int(waiting, 2),
                             .step = sqlite3_column_int64(waiting, 5)};
    const char *metric = (const char *)sqlite3_column_text(waiting, 3);
    const char *statistic = (const char *)sqlite3_column_text(waiting, 4);
    if (metric == NULL || statistic == NULL || !rs_metric_by_name(metric, &batch.metric) ||
        !rs_statistic_by_name(statistic, &batch.statistic)) {
        return rs_fail(err, RS_EIO, "%s: recent samples are of no known metric", store->path);
    }
    enum rs_status rc = rs_text_copy((const char *)sqlite3_column_text(waiting, 1), &resource, err);
    if (rc == RS_OK) {
        rc = gather(store, sqlite3_column_int64(waiting, 0), batch.step, g, err);
    }
    if (rc == RS_OK) {
        batch.resource = resource;
        batch.at = g->at;
        batch.values = g->values;
        batch.count = g->count;
        rc = rs_store_put(store, &batch, tally, err);
    }
    free(resource);
    return rc;
}

enum rs_status rs_recent_absorb(struct rs_store *store, struct rs_put_tally *tally,
                                struct rs_error *err)
{
    sqlite3_stmt *waiting = NULL;
    struct gathered g = {NULL, NULL, 0, 0};
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        store,
        "SELECT s.id, r.provider_id, r.kind, s.metric, s.statistic, s.step FROM series s "
        "JOIN resource r ON r.id = s.resource_id "
        "WHERE s.id IN (SELECT series_id FROM recent) ORDER BY s.id",
        &waiting, err);
    while (rc == RS_OK && (rc = rs_store_step(store, waiting, &row, err)) == RS_OK && row) {
        rc = absorb_series(store, waiting, &g, tally, err);
    }
    sqlite3_finalize(waiting);
    free(g.at);
    free(g.values);
    return rc == RS_OK ? rs_store_exec(store, "DELETE FROM recent", err) : rc;
}

/* A day's slots are needed once an hour: a sampler must not hold them in between. */
static void give_back(struct rs_store *store)
{
    free(store->held);
    free(store->given);
    store->held = store->given = NULL;
    store->slots = 0;
    rs_buffer_release(&store->blob);
    (void)sqlite3_db_release_memory(store->db);
}

enum rs_status rs_store_absorb(struct rs_store *store, struct rs_put_tally *tally,
                               struct rs_error *err)
{
    int64_t any = 0;
    struct rs_put_tally sums = *tally;
    enum rs_status rc = rs_store_int(store, "SELECT EXISTS (SELECT 1 FROM recent)", &any, err);
    if (rc != RS_OK || any == 0 || (rc = rs_store_begin(store, err)) != RS_OK) {
        return rc;
    }
    rc = rs_recent_absorb(store, &sums, err);
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    give_back(store);
    if (rc != RS_OK) {
        rs_store_rollback(store);
        return rc;
    }
    *tally = sums;
    return RS_OK;
}

enum rs_status rs_store_set_cache(struct rs_store *store, int kib, struct rs_error *err)
{
    char pragma[64];
    snprintf(pragma, sizeof(pragma), "PRAGMA cache_size=-%d", kib);
    return rs_store_exec(store, pragma, err);
}
