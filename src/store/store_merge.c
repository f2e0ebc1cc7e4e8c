/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_merge.c - another store's samples into this one; its inventory is in merge_inventory.c. */
#include "store/merge.h"
#include "store/store_private.h"

#include "rightsize/chunk.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slots { /* a series' samples of one day, or those that wait for it */
    double *day;
    int64_t *at;
    double *values;
    size_t count;
};

static enum rs_status put(struct rs_merge_run *run, struct rs_batch *batch,
                          const struct slots *slots, struct rs_error *err)
{
    batch->at = slots->at;
    batch->values = slots->values;
    batch->count = slots->count;
    run->into->keep_own = !run->prefer_other;
    run->into->kept_own = 0;
    int64_t replaced = run->tally->put.replaced;
    enum rs_status rc = rs_store_put(run->into, batch, &run->tally->put, err);
    run->tally->conflicts += run->into->kept_own + run->tally->put.replaced - replaced;
    run->into->keep_own = false;
    return rc;
}

static enum rs_status put_day(struct rs_merge_run *run, struct rs_batch *batch, sqlite3_stmt *row,
                              struct slots *slots, struct rs_error *err)
{
    int64_t start = (sqlite3_column_int64(row, 0) >> RS_STORE_DAY_BITS) * RS_DAY_SECONDS;
    size_t day = (size_t)(RS_DAY_SECONDS / batch->step);
    enum rs_status rc = rs_chunk_decode(sqlite3_column_blob(row, 1),
                                        (size_t)sqlite3_column_bytes(row, 1), slots->day, day, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", run->other->path);
    }
    slots->count = 0;
    for (size_t i = 0; i < day; i++) {
        if (!isnan(slots->day[i])) {
            slots->at[slots->count] = start + (int64_t)i * batch->step;
            slots->values[slots->count++] = slots->day[i];
        }
    }
    return put(run, batch, slots, err);
}

/* "[1,null,2.5]", from the slot `at` on, as a sampler leaves it before a day is laid out. */
static enum rs_status put_waiting(struct rs_merge_run *run, struct rs_batch *batch,
                                  sqlite3_stmt *row, struct slots *slots, struct rs_error *err)
{
    int64_t at = sqlite3_column_int64(row, 0);
    const char *p = (const char *)sqlite3_column_text(row, 1);
    enum rs_status rc = RS_OK;
    slots->count = 0;
    for (; rc == RS_OK && p != NULL; at += batch->step) {
        double value = 0.0;
        if (at >= RS_STORE_END || !rs_recent_next(&p, &value)) {
            return rs_recent_damaged(run->other->path, err);
        }
        if (!isnan(value)) {
            slots->at[slots->count] = at;
            slots->values[slots->count++] = value;
        }
        if (p == NULL || slots->count == RS_CHUNK_MAX_SLOTS) {
            rc = put(run, batch, slots, err);
            slots->count = 0;
        }
    }
    return rc;
}

typedef enum rs_status put_row_fn(struct rs_merge_run *run, struct rs_batch *batch,
                                  sqlite3_stmt *row, struct slots *slots, struct rs_error *err);

static enum rs_status put_rows(struct rs_merge_run *run, const char *sql, int64_t series,
                               put_row_fn *fn, struct rs_batch *batch, struct slots *slots,
                               struct rs_error *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(run->other, sql, &rows, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(rows, 1, series);
    }
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        rc = fn(run, batch, rows, slots, err);
    }
    sqlite3_finalize(rows);
    return rc;
}

static enum rs_status merge_series(struct rs_merge_run *run, sqlite3_stmt *row, bool has_recent,
                                   struct slots *slots, struct rs_error *err)
{
    int64_t id = sqlite3_column_int64(row, 0);
    struct rs_batch batch = {.resource = (const char *)sqlite3_column_text(row, 1),
                             .kind = (enum rs_resource_kind)sqlite3_column_int(row, 2),
                             .step = sqlite3_column_int64(row, 5),
                             .provider = (const char *)sqlite3_column_text(row, 6),
                             .account = (const char *)sqlite3_column_text(row, 7),
                             .region = (const char *)sqlite3_column_text(row, 8)};
    const char *metric = (const char *)sqlite3_column_text(row, 3);
    const char *statistic = (const char *)sqlite3_column_text(row, 4);
    if (batch.resource == NULL || metric == NULL || statistic == NULL ||
        !rs_metric_by_name(metric, &batch.metric) ||
        !rs_statistic_by_name(statistic, &batch.statistic) || !rs_step_is_valid(batch.step)) {
        return rs_fail(err, RS_EINPUT, "%s: holds a series this program does not know: %s %s",
                       run->other->path, metric != NULL ? metric : "?",
                       statistic != NULL ? statistic : "?");
    }
    /* the days of a series: a loop over `day`, since its chunks do not lie together */
    enum rs_status rc =
        put_rows(run,
                 "SELECT c.id, c.data FROM day d CROSS JOIN chunk c ON c.id = (d.day << 32 | ?1) "
                 "ORDER BY d.day",
                 id, put_day, &batch, slots, err);
    if (rc == RS_OK && has_recent) {
        rc = put_rows(run, "SELECT first, data FROM recent WHERE series_id = ?1 ORDER BY first", id,
                      put_waiting, &batch, slots, err);
    }
    return rc;
}

static enum rs_status merge_samples(struct rs_merge_run *run, struct rs_error *err)
{
    struct slots slots = {calloc(RS_CHUNK_MAX_SLOTS, sizeof(double)),
                          calloc(RS_CHUNK_MAX_SLOTS, sizeof(int64_t)),
                          calloc(RS_CHUNK_MAX_SLOTS, sizeof(double)), 0};
    sqlite3_stmt *rows = NULL;
    bool row = false, has_recent = false;
    enum rs_status rc = RS_OK;
    if (slots.day == NULL || slots.at == NULL || slots.values == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a day of samples");
    }
    if (rc == RS_OK) {
        rc = rs_merge_has_table(run->other, "recent", &has_recent, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_prepare(run->other,
                              "SELECT s.id, r.provider_id, r.kind, s.metric, s.statistic, s.step, "
                              "r.provider, r.account, r.region "
                              "FROM series s JOIN resource r ON r.id = s.resource_id ORDER BY s.id",
                              &rows, err);
    }
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        rc = merge_series(run, rows, has_recent, &slots, err);
    }
    sqlite3_finalize(rows);
    free(slots.day);
    free(slots.at);
    free(slots.values);
    return rc;
}

enum rs_status rs_merge_has_table(struct rs_store *store, const char *name, bool *has,
                                  struct rs_error *err)
{
    sqlite3_stmt *find = NULL;
    enum rs_status rc = rs_store_prepare(
        store, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", &find, err);
    *has = false;
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, name);
        rc = rs_store_step(store, find, has, err);
    }
    sqlite3_finalize(find);
    return rc;
}

void rs_merge_note(struct rs_merge_tally *tally, const char *format, ...)
{
    va_list args;
    if (tally->note_count == RS_MERGE_NOTES) {
        tally->notes_dropped++;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(tally->note[tally->note_count++], sizeof(tally->note[0]), format, args);
    va_end(args);
}

static enum rs_status same_file(const struct rs_store *a, const struct rs_store *b,
                                struct rs_error *err)
{
    const char *one = sqlite3_db_filename(a->db, "main");
    const char *two = sqlite3_db_filename(b->db, "main");
    return one != NULL && two != NULL && strcmp(one, two) == 0
               ? rs_fail(err, RS_EUSAGE, "%s: is the store itself", b->path)
               : RS_OK;
}

enum rs_status rs_store_merge(struct rs_store *store, struct rs_store *other, bool prefer_other,
                              struct rs_merge_tally *tally, struct rs_error *err)
{
    struct rs_merge_tally sums = *tally;
    struct rs_merge_run run = {store, other, prefer_other, &sums};
    bool opened = false;
    enum rs_status rc = same_file(store, other, err);
    if (rc == RS_OK) {
        rc = rs_store_begin(store, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_store_read_begin(other, &opened, err); /* one moment of it */
    if (rc == RS_OK) { /* instances first, so that they keep the order they have there */
        rc = rs_merge_inventory(&run, err);
    }
    if (rc == RS_OK) {
        rc = merge_samples(&run, err);
    }
    if (rc == RS_OK) {
        rc = rs_merge_records(&run, err);
    }
    rs_store_read_end(other, opened);
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    if (rc != RS_OK) {
        rs_store_rollback(store);
        return rc;
    }
    *tally = sums;
    return RS_OK;
}
