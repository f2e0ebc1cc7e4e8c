/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_put.c - merging batches of samples into day chunks. */
#include "store/parcel.h"
#include "store/store_private.h"

#include "rightsize/chunk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum rs_status reserve(struct rs_store *store, size_t slots, struct rs_error *err)
{
    if (slots <= store->slots) {
        return RS_OK;
    }
    double *held = calloc(slots, sizeof(*held)), *given = calloc(slots, sizeof(*given));
    if (held == NULL || given == NULL) {
        free(held);
        free(given);
        return rs_fail(err, RS_ENOMEM, "%s: out of memory for a day of %zu slots", store->path,
                       slots);
    }
    free(store->held);
    free(store->given);
    store->held = held;
    store->given = given;
    store->slots = slots;
    return RS_OK;
}

/* *row false: there is none. The blob is valid until the statement is reset. */
static enum rs_status find_chunk(struct rs_store *store, int64_t id, sqlite3_stmt **read, bool *row,
                                 struct rs_error *err)
{
    enum rs_status rc = rs_store_statement(store, RS_STATEMENT_READ_CHUNK,
                                           "SELECT data FROM chunk WHERE id = ?1", read, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(*read, 1, id);
    return rs_store_step(store, *read, row, err);
}

static enum rs_status add_day(struct rs_store *store, int64_t day, struct rs_error *err)
{
    int64_t *known = &store->days[day % 64];
    if (*known == day + 1) {
        return RS_OK;
    }
    sqlite3_stmt *add = NULL;
    enum rs_status rc =
        rs_store_statement(store, RS_STATEMENT_ADD_DAY,
                           "INSERT INTO day(day) VALUES (?1) ON CONFLICT DO NOTHING", &add, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(add, 1, day);
        rc = rs_store_run(store, add, err);
    }
    *known = rc == RS_OK ? day + 1 : 0;
    return rc;
}

static enum rs_status write_blob(struct rs_store *store, int64_t id,
                                 const struct rs_chunk_sums *sums, const void *blob, size_t length,
                                 struct rs_error *err)
{
    sqlite3_stmt *write = NULL;
    enum rs_status rc = add_day(store, id >> RS_STORE_DAY_BITS, err);
    if (rc == RS_OK) {
        rc = rs_store_statement(
            store, RS_STATEMENT_WRITE_CHUNK,
            "INSERT INTO chunk(id, n, vmin, vmax, vsum, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
            "ON CONFLICT(id) DO UPDATE SET n = excluded.n, vmin = excluded.vmin, "
            "vmax = excluded.vmax, vsum = excluded.vsum, data = excluded.data",
            &write, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(write, 1, id);
    (void)sqlite3_bind_int64(write, 2, sums->n);
    (void)sqlite3_bind_double(write, 3, sums->low);
    (void)sqlite3_bind_double(write, 4, sums->high);
    (void)sqlite3_bind_double(write, 5, sums->sum);
    (void)sqlite3_bind_blob64(write, 6, blob, length, SQLITE_STATIC);
    return rs_store_run(store, write, err);
}

static enum rs_status write_chunk(struct rs_store *store, int64_t id, const double *values,
                                  size_t slots, struct rs_error *err)
{
    struct rs_chunk_sums sums;
    enum rs_status rc = rs_chunk_encode(values, slots, &store->blob, err);
    if (rc == RS_OK) {
        rs_chunk_sums_of(values, slots, &sums);
        rc = write_blob(store, id, &sums, store->blob.data, store->blob.length, err);
    }
    return rc;
}

/* Lay the given slots over the held ones. True: something changed. */
static bool overlay(struct rs_store *store, size_t slots, struct rs_put_tally *tally)
{
    bool changed = false;
    for (size_t i = 0; i < slots; i++) {
        if (isnan(store->given[i])) {
            continue;
        }
        if (isnan(store->held[i])) {
            tally->fresh++;
        } else if (memcmp(&store->held[i], &store->given[i], sizeof(double)) == 0) {
            tally->unchanged++;
            continue;
        } else if (store->keep_own) {
            store->kept_own++;
            continue;
        } else {
            tally->replaced++;
        }
        store->held[i] = store->given[i];
        changed = true;
    }
    return changed;
}

/* The span of a series, before this batch, spares the search for chunks that cannot be there. */
static bool may_hold(const struct rs_store_target *span, int64_t day)
{
    return span->first_at >= 0 && day >= span->first_at / RS_DAY_SECONDS &&
           day <= span->last_at / RS_DAY_SECONDS;
}

/* One day of a batch, laid out in store->given or packed. */
struct day {
    const struct rs_laid_day *laid;
    const struct rs_parcel_day *packed; /* or NULL */
    const unsigned char *blob;          /* of `packed` */
};

static enum rs_status write_new(struct rs_store *store, int64_t id, const struct day *day,
                                size_t slots, struct rs_put_tally *tally, struct rs_error *err)
{
    tally->fresh += day->laid->count;
    return day->packed != NULL
               ? write_blob(store, id, &day->packed->sums, day->blob, day->packed->length, err)
               : write_chunk(store, id, store->given, slots, err);
}

/* Over what the row of `read` holds. */
static enum rs_status merge_chunk(struct rs_store *store, int64_t id, const struct day *day,
                                  size_t slots, sqlite3_stmt *read, struct rs_put_tally *tally,
                                  struct rs_error *err)
{
    const void *blob = sqlite3_column_blob(read, 0);
    size_t length = (size_t)sqlite3_column_bytes(read, 0);
    enum rs_status rc = rs_chunk_decode(blob, length, store->held, slots, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", store->path);
    }
    if (day->packed != NULL) {
        rc = rs_chunk_decode(day->blob, day->packed->length, store->given, slots, err);
    }
    (void)sqlite3_reset(read);
    if (rc == RS_OK && memcmp(store->held, store->given, slots * sizeof(*store->held)) == 0) {
        tally->unchanged += day->laid->count;
    } else if (rc == RS_OK && overlay(store, slots, tally)) {
        rc = write_chunk(store, id, store->held, slots, err);
    }
    return rc;
}

static enum rs_status merge_day(struct rs_store *store, const struct rs_store_target *span,
                                struct rs_store_target *wider, const struct day *day, size_t slots,
                                struct rs_put_tally *tally, struct rs_error *err)
{
    const struct rs_laid_day *laid = day->laid;
    int64_t id = laid->day << RS_STORE_DAY_BITS | span->id;
    sqlite3_stmt *read = NULL;
    bool row = false;
    enum rs_status rc = may_hold(span, laid->day) ? find_chunk(store, id, &read, &row, err) : RS_OK;
    store->expects_new = !row;
    if (rc == RS_OK) {
        rc = row ? merge_chunk(store, id, day, slots, read, tally, err)
                 : write_new(store, id, day, slots, tally, err);
    }
    tally->merged += laid->merged;
    if (wider->first_at < 0 || laid->first_at < wider->first_at) {
        wider->first_at = laid->first_at;
    }
    wider->last_at = laid->last_at > wider->last_at ? laid->last_at : wider->last_at;
    return rc;
}

static enum rs_status put_days(struct rs_store *store, struct rs_lay *lay, size_t slots,
                               struct rs_store_target *target, struct rs_put_tally *tally,
                               struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    struct rs_laid_day laid;
    while (rc == RS_OK && rs_lay_next(lay, store->given, &laid)) {
        const struct rs_store_target span = *target;
        rc = merge_day(store, &span, target, &(struct day){.laid = &laid}, slots, tally, err);
    }
    return rc;
}

static enum rs_status put_packed(struct rs_store *store, const struct rs_parcel *packed,
                                 size_t slots, struct rs_store_target *target,
                                 struct rs_put_tally *tally, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    const unsigned char *blob = packed->blobs;
    for (size_t i = 0; rc == RS_OK && i < packed->day_count; i++) {
        const struct rs_store_target span = *target;
        const struct day day = {&packed->days[i].laid, &packed->days[i], blob};
        rc = merge_day(store, &span, target, &day, slots, tally, err);
        blob += packed->days[i].length;
    }
    return rc;
}

static enum rs_status widen_series(struct rs_store *store, const struct rs_store_target *before,
                                   const struct rs_store_target *after, struct rs_error *err)
{
    if (before->first_at == after->first_at && before->last_at == after->last_at) {
        return RS_OK;
    }
    sqlite3_stmt *widen = NULL;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_WIDEN_SERIES,
        "UPDATE series SET first_at = ?2, last_at = ?3 WHERE id = ?1", &widen, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(widen, 1, after->id);
        (void)sqlite3_bind_int64(widen, 2, after->first_at);
        (void)sqlite3_bind_int64(widen, 3, after->last_at);
        rc = rs_store_run(store, widen, err);
    }
    return rc;
}

/* Of one of the two. */
static enum rs_status put_series(struct rs_store *store, const struct rs_batch *batch,
                                 struct rs_lay *lay, const struct rs_parcel *packed,
                                 struct rs_put_tally *tally, struct rs_error *err)
{
    int64_t resource_id = 0;
    struct rs_store_target before = {0, -1, -1};
    struct rs_put_tally sums = *tally;
    size_t slots = (size_t)(RS_DAY_SECONDS / batch->step);
    enum rs_status rc = batch->count > 0 ? reserve(store, slots, err) : RS_OK;
    if (rc == RS_OK) {
        rc = rs_store_resource_of(store, batch, &resource_id, err);
    }
    if (rc != RS_OK || batch->count == 0) {
        return rc;
    }
    rc = rs_store_series_of(store, batch, resource_id, &before, err);
    struct rs_store_target after = before;
    if (rc == RS_OK) {
        rc = packed != NULL ? put_packed(store, packed, slots, &after, &sums, err)
                            : put_days(store, lay, slots, &after, &sums, err);
    }
    if (rc == RS_OK) {
        rc = widen_series(store, &before, &after, err);
    }
    if (rc == RS_OK) {
        *tally = sums;
    }
    return rc;
}

enum rs_status rs_store_put(struct rs_store *store, const struct rs_batch *batch,
                            struct rs_put_tally *tally, struct rs_error *err)
{
    struct rs_lay lay;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = rs_lay_begin(&lay, batch, err);
    }
    if (rc == RS_OK) {
        rc = put_series(store, batch, &lay, NULL, tally, err);
        rs_lay_end(&lay);
    }
    return rc;
}

enum rs_status rs_store_put_parcel(struct rs_store *store, const struct rs_parcel *packed,
                                   struct rs_put_tally *tally, struct rs_error *err)
{
    enum rs_status rc = rs_store_need_transaction(store, err);
    return rc == RS_OK ? put_series(store, &packed->batch, NULL, packed, tally, err) : rc;
}

bool rs_store_expects_new(const struct rs_store *store)
{
    return store->expects_new;
}
