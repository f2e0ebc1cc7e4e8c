/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_samples.c - chunks into whole series of the window. */
#include "store/scan_private.h"

#include "rightsize/chunk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_LIMIT ((int64_t)1 << 28) /* of one series: 2 GiB */

static bool same_key(const struct rs_series *a, const struct rs_series *b)
{
    return a->metric == b->metric && a->statistic == b->statistic && a->step == b->step;
}

static enum rs_status add_column(struct rs_scan_run *run, int64_t id, const struct rs_series *key,
                                 struct rs_scan_column **out, struct rs_error *err)
{
    void *list = run->columns;
    enum rs_status rc =
        rs_scan_grow(&list, &run->column_capacity, run->column_count, sizeof(*run->columns), err);
    run->columns = list;
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_scan_column *column = &run->columns[run->column_count++];
    column->id = id;
    column->any = false;
    rs_series_init(&column->series);
    column->series.metric = key->metric;
    column->series.statistic = key->statistic;
    column->series.step = key->step;
    column->first = (run->request->window.from + key->step - 1) / key->step;
    column->end = (run->request->window.to + key->step - 1) / key->step;
    *out = column;
    return RS_OK;
}

/* A series of a newer program's metric is none of ours. */
static bool read_key(sqlite3_stmt *row, struct rs_series *key)
{
    const char *metric = (const char *)sqlite3_column_text(row, 1);
    const char *statistic = (const char *)sqlite3_column_text(row, 2);
    rs_series_init(key);
    key->step = sqlite3_column_int64(row, 3);
    return metric != NULL && statistic != NULL && rs_metric_by_name(metric, &key->metric) &&
           rs_statistic_by_name(statistic, &key->statistic) && rs_step_is_valid(key->step);
}

static enum rs_status allocate(struct rs_scan_column *column, struct rs_error *err)
{
    struct rs_series *s = &column->series;
    if (s->values != NULL) {
        return RS_OK;
    }
    if (column->end - column->first > SLOTS_LIMIT) {
        return rs_fail(err, RS_EINPUT, "the window is too long for samples every %lld s",
                       (long long)s->step);
    }
    struct rs_window window = {column->first * s->step, column->end * s->step};
    return rs_series_allocate(s, s->metric, s->statistic, s->step, window, err);
}

/* The slots of a day that lie within [first, end); false: none. */
static bool cut(int64_t day, int64_t step, int64_t *first, int64_t *end)
{
    int64_t a_day = RS_DAY_SECONDS / step;
    *first = *first > day * a_day ? *first : day * a_day;
    *end = *end < (day + 1) * a_day ? *end : (day + 1) * a_day;
    return *first < *end;
}

static enum rs_status decode(struct rs_scan_run *run, sqlite3_stmt *chunk, int column,
                             double *values, int64_t step, struct rs_error *err)
{
    const void *blob = sqlite3_column_blob(chunk, column);
    size_t length = (size_t)sqlite3_column_bytes(chunk, column);
    enum rs_status rc = rs_chunk_decode(blob, length, values, (size_t)(RS_DAY_SECONDS / step), err);
    return rc == RS_OK ? RS_OK : rs_fail_where(err, "%s", run->store->path);
}

/* The chunk a cursor stands on, into its series. */
static enum rs_status place(struct rs_scan_run *run, struct rs_scan_column *column,
                            const struct rs_day_cursor *cursor, struct rs_error *err)
{
    int64_t step = column->series.step, a_day = RS_DAY_SECONDS / step;
    int64_t first = column->first, end = column->end;
    if (!cut(cursor->day, step, &first, &end)) {
        return RS_OK;
    }
    enum rs_status rc = allocate(column, err);
    if (rc != RS_OK) {
        return rc;
    }
    double *values = column->series.values + (first - column->first);
    if (end - first == a_day) {
        column->any = true; /* a chunk holds a sample at least */
        return decode(run, cursor->chunks, 1, values, step, err);
    }
    rc = decode(run, cursor->chunks, 1, run->scratch, step, err);
    if (rc == RS_OK) {
        memcpy(values, run->scratch + (first - cursor->day * a_day),
               (size_t)(end - first) * sizeof(*values));
        for (int64_t i = 0; !column->any && i < end - first; i++) {
            column->any = !isnan(values[i]);
        }
    }
    return rc;
}

static enum rs_status advance(struct rs_scan_run *run, struct rs_day_cursor *cursor,
                              int64_t resource_id, struct rs_error *err)
{
    const int64_t low = resource_id << RS_STORE_SERIES_BITS;
    const int64_t high = low + (1 << RS_STORE_SERIES_BITS) - 1;
    enum rs_status rc = RS_OK;
    size_t next = 0;
    while (rc == RS_OK && cursor->row) {
        int64_t id = sqlite3_column_int64(cursor->chunks, 0) & UINT32_MAX;
        if (id > high) {
            break;
        }
        while (next < run->column_count && run->columns[next].id < id) {
            next++; /* both ascend */
        }
        if (id >= low && next < run->column_count && run->columns[next].id == id) {
            rc = place(run, &run->columns[next], cursor, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, cursor->chunks, &cursor->row, err);
        }
    }
    return rc;
}

/* One row of what waits over what its series holds: it will replace that when it moves. */
static enum rs_status overlay(struct rs_scan_run *run, struct rs_scan_column *column,
                              struct rs_error *err)
{
    const char *p = (const char *)sqlite3_column_text(run->recent, 2);
    int64_t slot = sqlite3_column_int64(run->recent, 1) / column->series.step;
    if (p == NULL) {
        return rs_fail(err, RS_ENOMEM, "%s: out of memory", run->store->path);
    }
    enum rs_status rc = allocate(column, err);
    for (; rc == RS_OK && p != NULL; slot++) {
        double value = 0;
        if (!rs_recent_next(&p, &value)) {
            rc = rs_recent_damaged(run->store, err);
        } else if (!isnan(value) && slot >= column->first && slot < column->end) {
            column->series.values[slot - column->first] = value;
            column->any = true;
        }
    }
    return rc;
}

static enum rs_status overlay_all(struct rs_scan_run *run, int64_t resource_id,
                                  struct rs_error *err)
{
    const int64_t low = resource_id << RS_STORE_SERIES_BITS;
    const int64_t high = low + (1 << RS_STORE_SERIES_BITS) - 1;
    enum rs_status rc = RS_OK;
    size_t next = 0;
    while (rc == RS_OK && run->waiting) {
        int64_t id = sqlite3_column_int64(run->recent, 0);
        if (id > high) {
            break;
        }
        while (next < run->column_count && run->columns[next].id < id) {
            next++; /* both ascend */
        }
        if (id >= low && next < run->column_count && run->columns[next].id == id) {
            rc = overlay(run, &run->columns[next], err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, run->recent, &run->waiting, err);
        }
    }
    return rc;
}

enum rs_status rs_scan_samples(struct rs_scan_run *run, int64_t resource_id, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(run->series, 1, resource_id << RS_STORE_SERIES_BITS);
    enum rs_status rc = rs_store_step(run->store, run->series, &row, err);
    while (rc == RS_OK && row) {
        struct rs_series key;
        struct rs_scan_column *column = NULL;
        if (read_key(run->series, &key)) {
            rc = add_column(run, sqlite3_column_int64(run->series, 0), &key, &column, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, run->series, &row, err);
        }
    }
    (void)sqlite3_reset(run->series);
    for (size_t i = 0; rc == RS_OK && i < run->day_count; i++) {
        rc = advance(run, &run->days[i], resource_id, err);
    }
    return rc == RS_OK ? overlay_all(run, resource_id, err) : rc;
}

/* NULL: the instance measures this itself. */
static enum rs_status sum_column(struct rs_scan_run *run, const struct rs_series *key,
                                 struct rs_scan_column **out, struct rs_error *err)
{
    for (size_t i = 0; i < run->column_count; i++) {
        if (same_key(&run->columns[i].series, key)) {
            *out = run->columns[i].id == 0 ? &run->columns[i] : NULL;
            return RS_OK;
        }
    }
    return add_column(run, 0, key, out, err);
}

/* One day of one volume on top of the sum, from `since` until `until`. */
static enum rs_status add_day(struct rs_scan_run *run, struct rs_scan_column *column, int64_t day,
                              int64_t since, int64_t until, bool *used, struct rs_error *err)
{
    int64_t step = column->series.step, a_day = RS_DAY_SECONDS / step;
    int64_t first = since < 0 ? 0 : since / step + (since % step > 0);
    int64_t end = until / step + (until % step > 0);
    first = first > column->first ? first : column->first;
    end = end < column->end ? end : column->end;
    enum rs_status rc = allocate(column, err);
    if (rc == RS_OK) {
        rc = decode(run, run->chunk, 0, run->scratch, step, err);
    }
    if (rc != RS_OK || !cut(day, step, &first, &end)) {
        return rc;
    }
    for (int64_t slot = first; slot < end; slot++) {
        double value = run->scratch[slot - day * a_day];
        double *sum = &column->series.values[slot - column->first];
        if (!isnan(value)) {
            *sum = isnan(*sum) ? value : *sum + value;
            column->any = *used = true;
        }
    }
    return RS_OK;
}

static enum rs_status add_series(struct rs_scan_run *run, int64_t series_id,
                                 struct rs_scan_column *column, int64_t since, int64_t until,
                                 bool *used, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < run->day_count; i++) {
        int64_t day = run->days[i].day;
        bool row = false;
        if ((day + 1) * RS_DAY_SECONDS <= since || day * RS_DAY_SECONDS >= until) {
            continue;
        }
        (void)sqlite3_bind_int64(run->chunk, 1, day << RS_STORE_DAY_BITS | series_id);
        rc = rs_store_step(run->store, run->chunk, &row, err);
        if (rc == RS_OK && row) {
            rc = add_day(run, column, day, since, until, used, err);
        }
        (void)sqlite3_reset(run->chunk);
    }
    return rc;
}

static enum rs_status add_volume(struct rs_scan_run *run, int64_t volume_id, int64_t since,
                                 int64_t until, bool *used, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(run->series, 1, volume_id << RS_STORE_SERIES_BITS);
    enum rs_status rc = rs_store_step(run->store, run->series, &row, err);
    while (rc == RS_OK && row) {
        struct rs_series key;
        struct rs_scan_column *column = NULL;
        if (read_key(run->series, &key)) {
            rc = sum_column(run, &key, &column, err);
        }
        if (rc == RS_OK && column != NULL) {
            int64_t id = sqlite3_column_int64(run->series, 0);
            rc = add_series(run, id, column, since, until, used, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, run->series, &row, err);
        }
    }
    (void)sqlite3_reset(run->series);
    return rc;
}

enum rs_status rs_scan_volumes(struct rs_scan_run *run, int64_t resource_id, struct rs_error *err)
{
    bool row = false, used = false;
    int64_t before = -1;
    run->volume_count = 0;
    (void)sqlite3_bind_int64(run->volumes, 1, resource_id);
    enum rs_status rc = rs_store_step(run->store, run->volumes, &row, err);
    while (rc == RS_OK && row) { /* in order of volume, which may have come back */
        int64_t volume = sqlite3_column_int64(run->volumes, 0);
        used = volume == before && used;
        bool counted = used;
        rc = add_volume(run, volume, sqlite3_column_int64(run->volumes, 1),
                        sqlite3_column_int64(run->volumes, 2), &used, err);
        run->volume_count += used && !counted ? 1 : 0;
        before = volume;
        if (rc == RS_OK) {
            rc = rs_store_step(run->store, run->volumes, &row, err);
        }
    }
    (void)sqlite3_reset(run->volumes);
    return rc;
}
