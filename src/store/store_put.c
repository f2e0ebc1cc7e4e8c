/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_put.c - merging batches of samples into day chunks. */
#include "store/store_private.h"

#include "rightsize/chunk.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum rs_status check_batch(const struct rs_batch *batch, struct rs_error *err)
{
    if (!rs_step_is_valid(batch->step)) {
        return rs_fail(err, RS_EINPUT, "'%s': a step of %" PRId64 " s does not divide a day",
                       batch->resource, batch->step);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->at[i] < 0 || batch->at[i] >= RS_STORE_END - RS_DAY_SECONDS) {
            return rs_fail(err, RS_EINPUT, "'%s': instant %" PRId64 " is outside 1970..9999",
                           batch->resource, batch->at[i]);
        }
        if (!isfinite(batch->values[i])) {
            return rs_fail(err, RS_EINPUT, "'%s': sample %zu is not a finite number",
                           batch->resource, i);
        }
    }
    return RS_OK;
}

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

static void clear(double *values, size_t slots)
{
    for (size_t i = 0; i < slots; i++) {
        values[i] = NAN;
    }
}

static enum rs_status read_chunk(struct rs_store *store, int64_t id, size_t slots,
                                 struct rs_error *err)
{
    sqlite3_stmt *read = NULL;
    bool row = false;
    enum rs_status rc = rs_store_statement(store, RS_STATEMENT_READ_CHUNK,
                                           "SELECT data FROM chunk WHERE id = ?1", &read, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)sqlite3_bind_int64(read, 1, id);
    rc = rs_store_step(store, read, &row, err);
    if (rc == RS_OK && row) {
        const void *blob = sqlite3_column_blob(read, 0);
        size_t length = (size_t)sqlite3_column_bytes(read, 0);
        rc = rs_chunk_decode(blob, length, store->held, slots, err);
        if (rc != RS_OK) {
            rc = rs_fail_where(err, "%s", store->path);
        }
        (void)sqlite3_reset(read);
        return rc;
    }
    clear(store->held, slots);
    return rc;
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

void rs_chunk_sums_of(const double *values, size_t slots, struct rs_chunk_sums *out)
{
    *out = (struct rs_chunk_sums){0, INFINITY, -INFINITY, 0};
    for (size_t i = 0; i < slots; i++) {
        if (!isnan(values[i])) {
            out->n++;
            out->low = values[i] < out->low ? values[i] : out->low;
            out->high = values[i] > out->high ? values[i] : out->high;
            out->sum += values[i];
        }
    }
}

static enum rs_status write_chunk(struct rs_store *store, int64_t day, int64_t series_id,
                                  const double *values, size_t slots, struct rs_error *err)
{
    sqlite3_stmt *write = NULL;
    enum rs_status rc = add_day(store, day, err);
    if (rc == RS_OK) {
        rc = rs_chunk_encode(values, slots, &store->blob, err);
    }
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
    struct rs_chunk_sums sums;
    rs_chunk_sums_of(values, slots, &sums);
    (void)sqlite3_bind_int64(write, 1, day << RS_STORE_DAY_BITS | series_id);
    (void)sqlite3_bind_int64(write, 2, sums.n);
    (void)sqlite3_bind_double(write, 3, sums.low);
    (void)sqlite3_bind_double(write, 4, sums.high);
    (void)sqlite3_bind_double(write, 5, sums.sum);
    (void)sqlite3_bind_blob64(write, 6, store->blob.data, store->blob.length, SQLITE_STATIC);
    return rs_store_run(store, write, err);
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

/*
 * The nearest multiple of the step lies on this day. As the step divides the day, the instant moved
 * by half a step falls on the same day as its slot: one division, and none to compare days.
 */
static int64_t day_of(int64_t at, int64_t step)
{
    return (at + step / 2) / RS_DAY_SECONDS;
}

/* The samples order[first..first+count-1] (order NULL: those of the batch), all of one day. */
static void lay_out(struct rs_store *store, const struct rs_batch *batch, const size_t *order,
                    size_t first, size_t count, int64_t day, struct rs_store_target *target,
                    struct rs_put_tally *tally)
{
    const uint32_t step = (uint32_t)batch->step;
    const int64_t start = day * RS_DAY_SECONDS;
    uint32_t low = UINT32_MAX, high = 0;
    clear(store->given, RS_DAY_SECONDS / step);
    for (size_t k = first; k < first + count; k++) {
        size_t i = order == NULL ? k : order[k];
        uint32_t slot = (uint32_t)(batch->at[i] + step / 2 - start) / step;
        tally->merged += isnan(store->given[slot]) ? 0 : 1;
        store->given[slot] = batch->values[i];
        low = slot < low ? slot : low;
        high = slot > high ? slot : high;
    }
    int64_t from = start + (int64_t)low * step, to = start + (int64_t)high * step;
    target->first_at = target->first_at < 0 || from < target->first_at ? from : target->first_at;
    target->last_at = to > target->last_at ? to : target->last_at;
}

/* The span of a series, before this batch, spares the search for chunks that cannot be there. */
static bool may_hold(const struct rs_store_target *span, int64_t day)
{
    return span->first_at >= 0 && day >= span->first_at / RS_DAY_SECONDS &&
           day <= span->last_at / RS_DAY_SECONDS;
}

/* `given` holds `count` samples of the day. */
static enum rs_status merge_day(struct rs_store *store, int64_t day,
                                const struct rs_store_target *span, size_t slots, int64_t count,
                                struct rs_put_tally *tally, struct rs_error *err)
{
    if (!may_hold(span, day)) {
        tally->fresh += count;
        return write_chunk(store, day, span->id, store->given, slots, err);
    }
    enum rs_status rc = read_chunk(store, day << RS_STORE_DAY_BITS | span->id, slots, err);
    if (rc == RS_OK && overlay(store, slots, tally)) {
        rc = write_chunk(store, day, span->id, store->held, slots, err);
    }
    return rc;
}

struct place { /* of one sample; sorted by day, then by order in the batch */
    int64_t day;
    size_t index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

/*
 * An order in which each day's samples are together: NULL where they are already, as in every
 * batch sorted by time, either way round.
 */
static enum rs_status order_by_day(const struct rs_batch *batch, size_t **out, struct rs_error *err)
{
    bool rising = true, falling = true;
    for (size_t i = 1; i < batch->count; i++) {
        rising = rising && batch->at[i - 1] <= batch->at[i];
        falling = falling && batch->at[i - 1] >= batch->at[i];
    }
    *out = NULL;
    if (rising || falling) {
        return RS_OK;
    }
    struct place *places = calloc(batch->count, sizeof(*places));
    size_t *order = calloc(batch->count, sizeof(*order));
    if (places == NULL || order == NULL) {
        free(places);
        free(order);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", batch->count);
    }
    for (size_t i = 0; i < batch->count; i++) {
        places[i] = (struct place){day_of(batch->at[i], batch->step), i};
    }
    qsort(places, batch->count, sizeof(*places), compare_places);
    for (size_t i = 0; i < batch->count; i++) {
        order[i] = places[i].index;
    }
    free(places);
    *out = order;
    return RS_OK;
}

static enum rs_status put_days(struct rs_store *store, const struct rs_batch *batch,
                               struct rs_store_target *target, struct rs_put_tally *tally,
                               struct rs_error *err)
{
    size_t *order = NULL, slots = (size_t)(RS_DAY_SECONDS / batch->step);
    enum rs_status rc = order_by_day(batch, &order, err);
    for (size_t first = 0, end; rc == RS_OK && first < batch->count; first = end) {
        int64_t day = day_of(batch->at[order == NULL ? first : order[first]], batch->step);
        int64_t low = day * RS_DAY_SECONDS - batch->step / 2, high = low + RS_DAY_SECONDS;
        for (end = first + 1; end < batch->count; end++) {
            int64_t at = batch->at[order == NULL ? end : order[end]];
            if (at < low || at >= high) {
                break;
            }
        }
        const struct rs_store_target span = *target;
        int64_t merged = tally->merged;
        lay_out(store, batch, order, first, end - first, day, target, tally);
        int64_t count = (int64_t)(end - first) - (tally->merged - merged);
        rc = merge_day(store, day, &span, slots, count, tally, err);
    }
    free(order);
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

enum rs_status rs_store_put(struct rs_store *store, const struct rs_batch *batch,
                            struct rs_put_tally *tally, struct rs_error *err)
{
    int64_t resource_id = 0;
    struct rs_store_target before = {0, -1, -1};
    struct rs_put_tally sums = *tally;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = check_batch(batch, err);
    }
    if (rc == RS_OK && batch->count > 0) {
        rc = reserve(store, (size_t)(RS_DAY_SECONDS / batch->step), err);
    }
    if (rc == RS_OK) {
        rc = rs_store_resource_of(store, batch, &resource_id, err);
    }
    if (rc != RS_OK || batch->count == 0) {
        return rc;
    }
    rc = rs_store_series_of(store, batch, resource_id, &before, err);
    struct rs_store_target after = before;
    if (rc == RS_OK) {
        rc = put_days(store, batch, &after, &sums, err);
    }
    if (rc == RS_OK) {
        rc = widen_series(store, &before, &after, err);
    }
    if (rc == RS_OK) {
        *tally = sums;
    }
    return rc;
}
