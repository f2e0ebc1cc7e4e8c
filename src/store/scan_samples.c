/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_samples.c - the packed samples of one resource out of the store; scan_unpack.c unpacks. */
#include "store/scan_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES_ID, SERIES_METRIC, SERIES_STATISTIC, SERIES_STEP, SERIES_FIRST, SERIES_LAST };
enum { CHUNK_ID, CHUNK_DATA };
enum { RECENT_SERIES, RECENT_FIRST, RECENT_DATA };

/* The series of all resources, or of the one that is wanted. */
static void range(const struct rs_cursor *cursor, int64_t *low, int64_t *high)
{
    *low = cursor->only << RS_STORE_SERIES_BITS;
    *high = cursor->only == 0 ? UINT32_MAX : *low + (1 << RS_STORE_SERIES_BITS) - 1;
}

static enum rs_status open_day(struct rs_cursor *cursor, int64_t day, size_t *capacity,
                               struct rs_error *err)
{
    void *list = cursor->days;
    enum rs_status rc =
        rs_scan_grow(&list, capacity, cursor->day_count, sizeof(*cursor->days), err);
    cursor->days = list;
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_day_cursor *walk = &cursor->days[cursor->day_count++];
    walk->day = day;
    rc = rs_walk_prepare(cursor->store, "SELECT id, data FROM chunk WHERE id >= ?1 ORDER BY id",
                         day << RS_STORE_DAY_BITS | cursor->only << RS_STORE_SERIES_BITS,
                         &walk->chunks, err);
    return rc == RS_OK ? rs_walk_next(cursor->store, &walk->chunks, err) : rc;
}

static enum rs_status open_days(struct rs_cursor *cursor, struct rs_error *err)
{
    struct rs_walk days;
    struct rs_window window = cursor->request.window;
    size_t capacity = 0;
    enum rs_status rc = rs_walk_prepare(
        cursor->store, "SELECT day FROM day WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
        window.from / RS_DAY_SECONDS, &days, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(days.rows, 2, (window.to - 1) / RS_DAY_SECONDS);
        rc = rs_walk_next(cursor->store, &days, err);
    }
    while (rc == RS_OK && days.row) {
        rc = open_day(cursor, days.at, &capacity, err);
        if (rc == RS_OK) {
            rc = rs_walk_next(cursor->store, &days, err);
        }
    }
    rs_walk_close(&days);
    return rc;
}

static enum rs_status open_recent(struct rs_cursor *cursor, struct rs_error *err)
{
    int64_t low = 0, high = 0;
    enum rs_status rc =
        rs_store_prepare(cursor->store,
                         "SELECT series_id, first, data FROM recent WHERE series_id BETWEEN ?1 AND "
                         "?2 AND first < ?3 ORDER BY series_id, first",
                         &cursor->recent, err);
    if (rc != RS_OK) {
        return rc;
    }
    range(cursor, &low, &high);
    (void)sqlite3_bind_int64(cursor->recent, 1, low);
    (void)sqlite3_bind_int64(cursor->recent, 2, high);
    (void)sqlite3_bind_int64(cursor->recent, 3, cursor->request.window.to);
    return rs_store_step(cursor->store, cursor->recent, &cursor->waiting, err);
}

static enum rs_status open_parts(struct rs_cursor *cursor, struct rs_error *err)
{
    const struct {
        sqlite3_stmt **out;
        const char *sql;
    } rows[] = {
        {&cursor->attached, "SELECT volume_id, since, until FROM attached WHERE instance_id = ?1 "
                            "ORDER BY volume_id, since"},
        {&cursor->part_series, "SELECT id, metric, statistic, step FROM series "
                               "WHERE id BETWEEN ?1 AND ?1 | 255 ORDER BY id"},
        {&cursor->part_chunk, "SELECT data FROM chunk WHERE id = ?1"},
        {&cursor->next_series, "SELECT id FROM series WHERE id >= ?1 ORDER BY id LIMIT 1"},
    };
    enum rs_status rc =
        rs_walk_prepare(cursor->store,
                        "SELECT instance_id, volume_id FROM attachment WHERE instance_id >= ?1 "
                        "ORDER BY instance_id, volume_id",
                        cursor->only, &cursor->parts, err);
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_store_prepare(cursor->store, rows[i].sql, rows[i].out, err);
    }
    return rc == RS_OK ? rs_walk_next(cursor->store, &cursor->parts, err) : rc;
}

enum rs_status rs_scan_open_samples(struct rs_cursor *cursor, struct rs_error *err)
{
    enum rs_status rc =
        rs_walk_prepare(cursor->store,
                        "SELECT id, metric, statistic, step, first_at, last_at FROM series "
                        "WHERE id >= ?1 ORDER BY id",
                        cursor->only << RS_STORE_SERIES_BITS, &cursor->series, err);
    if (rc == RS_OK) {
        rc = rs_walk_next(cursor->store, &cursor->series, err);
    }
    if (rc == RS_OK && cursor->request.samples) {
        rc = open_days(cursor, err);
        if (rc == RS_OK) {
            rc = open_recent(cursor, err);
        }
        if (rc == RS_OK) {
            rc = open_parts(cursor, err);
        }
    }
    return rc;
}

void rs_scan_close_samples(struct rs_cursor *cursor)
{
    sqlite3_stmt *const statements[] = {cursor->recent, cursor->attached, cursor->part_series,
                                        cursor->part_chunk, cursor->next_series};
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        sqlite3_finalize(statements[i]);
    }
    for (size_t i = 0; i < cursor->day_count; i++) {
        rs_walk_close(&cursor->days[i].chunks);
    }
    rs_walk_close(&cursor->series);
    rs_walk_close(&cursor->parts);
    free(cursor->days);
}

/* A series of a newer program's metric is none of ours. */
static bool read_key(sqlite3_stmt *row, struct rs_scan_column *key)
{
    const char *metric = (const char *)sqlite3_column_text(row, SERIES_METRIC);
    const char *statistic = (const char *)sqlite3_column_text(row, SERIES_STATISTIC);
    key->step = sqlite3_column_int64(row, SERIES_STEP);
    return metric != NULL && statistic != NULL && rs_metric_by_name(metric, &key->metric) &&
           rs_statistic_by_name(statistic, &key->statistic) && rs_step_is_valid(key->step);
}

static bool is_wanted(const struct rs_cursor *cursor, enum rs_metric metric)
{
    static_assert(RS_METRIC_COUNT <= 64, "a bit for each metric");
    return cursor->request.metrics == 0 || (cursor->request.metrics >> metric & 1) != 0;
}

static enum rs_status add_column(struct rs_load *load, int64_t id, const struct rs_scan_column *key,
                                 struct rs_error *err)
{
    void *list = load->columns;
    enum rs_status rc = rs_scan_grow(&list, &load->column_capacity, load->column_count,
                                     sizeof(*load->columns), err);
    load->columns = list;
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_scan_column *column = &load->columns[load->column_count++];
    column->id = id;
    column->metric = key->metric;
    column->statistic = key->statistic;
    column->step = key->step;
    column->first = (load->window.from + key->step - 1) / key->step;
    column->end = (load->window.to + key->step - 1) / key->step;
    return RS_OK;
}

static enum rs_status add_piece(struct rs_load *load, const struct rs_piece *piece,
                                const void *bytes, size_t length, struct rs_error *err)
{
    void *list = load->pieces;
    enum rs_status rc =
        rs_scan_grow(&list, &load->piece_capacity, load->piece_count, sizeof(*load->pieces), err);
    load->pieces = list;
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_piece *added = &load->pieces[load->piece_count++];
    *added = *piece;
    added->offset = load->packed.length;
    added->length = length;
    rs_buffer_append(&load->packed, bytes, length);
    return RS_OK;
}

/* The column of a series; `next` moves up with the ids, as both ascend. */
static bool find_column(const struct rs_load *load, int64_t id, size_t *next)
{
    while (*next < load->column_count && load->columns[*next].id < id) {
        ++*next;
    }
    return *next < load->column_count && load->columns[*next].id == id;
}

static enum rs_status read_day(struct rs_cursor *cursor, struct rs_day_cursor *day,
                               struct rs_load *load, struct rs_error *err)
{
    struct rs_walk *walk = &day->chunks;
    const int64_t base = day->day << RS_STORE_DAY_BITS;
    const int64_t low = base | load->columns[0].id;
    const int64_t high = base | load->columns[load->column_count - 1].id;
    struct rs_piece piece = {.kind = RS_PIECE_DAY, .at = day->day};
    enum rs_status rc = rs_walk_to(cursor, walk, low, err);
    while (rc == RS_OK && walk->row && walk->at <= high) {
        if (find_column(load, walk->at - base, &piece.column)) {
            const void *bytes = sqlite3_column_blob(walk->rows, CHUNK_DATA);
            rc = add_piece(load, &piece, bytes,
                           (size_t)sqlite3_column_bytes(walk->rows, CHUNK_DATA), err);
        }
        if (rc == RS_OK) {
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    return rc;
}

static enum rs_status read_waiting(struct rs_cursor *cursor, int64_t resource_id,
                                   struct rs_load *load, struct rs_error *err)
{
    const int64_t high = (resource_id << RS_STORE_SERIES_BITS) + (1 << RS_STORE_SERIES_BITS) - 1;
    struct rs_piece piece = {.kind = RS_PIECE_WAITING};
    enum rs_status rc = RS_OK;
    while (rc == RS_OK && cursor->waiting) {
        int64_t id = sqlite3_column_int64(cursor->recent, RECENT_SERIES);
        if (id > high) {
            break;
        }
        if (find_column(load, id, &piece.column)) {
            const char *text = (const char *)sqlite3_column_text(cursor->recent, RECENT_DATA);
            piece.at = sqlite3_column_int64(cursor->recent, RECENT_FIRST);
            rc = text == NULL ? rs_fail(err, RS_ENOMEM, "%s: out of memory", load->path)
                              : add_piece(load, &piece, text, strlen(text) + 1, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->recent, &cursor->waiting, err);
        }
    }
    return rc;
}

/* -1: not known. */
static int64_t instant_at(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, column);
}

static void widen(sqlite3_stmt *row, struct rs_resource *resource)
{
    const int64_t none = -1;
    int64_t first = instant_at(row, SERIES_FIRST), last = instant_at(row, SERIES_LAST);
    if (first != none && (resource->first_seen == none || first < resource->first_seen)) {
        resource->first_seen = first;
    }
    resource->last_seen = last > resource->last_seen ? last : resource->last_seen;
}

/* From the first sample to the last, in the place of the window. */
static void take_span(sqlite3_stmt *row, struct rs_load *load)
{
    struct rs_scan_column *column = &load->columns[load->column_count - 1];
    int64_t first = instant_at(row, SERIES_FIRST), last = instant_at(row, SERIES_LAST);
    bool known = first >= 0 && last >= first;
    column->first = known ? first / column->step : 0;
    column->end = known ? last / column->step + 1 : 0;
}

enum rs_status rs_scan_series(struct rs_cursor *cursor, int64_t resource_id, struct rs_load *load,
                              struct rs_error *err)
{
    struct rs_walk *walk = &cursor->series;
    const int64_t low = resource_id << RS_STORE_SERIES_BITS;
    const int64_t high = low + (1 << RS_STORE_SERIES_BITS) - 1;
    enum rs_status rc = rs_walk_to(cursor, walk, low, err);
    while (rc == RS_OK && walk->row && walk->at <= high) {
        struct rs_scan_column key;
        widen(walk->rows, &load->resource);
        if ((cursor->request.samples || load->spans) && read_key(walk->rows, &key) &&
            is_wanted(cursor, key.metric)) {
            rc = add_column(load, walk->at, &key, err);
            if (rc == RS_OK && load->spans) {
                take_span(walk->rows, load);
            }
        }
        if (rc == RS_OK) {
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    return rc;
}

enum rs_status rs_scan_samples(struct rs_cursor *cursor, int64_t resource_id, struct rs_load *load,
                               struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < cursor->day_count && load->column_count > 0; i++) {
        rc = read_day(cursor, &cursor->days[i], load, err);
    }
    return rc == RS_OK ? read_waiting(cursor, resource_id, load, err) : rc;
}

/* The sum that a volume's series goes into; *measured: the instance measures this itself. */
static enum rs_status sum_column(struct rs_load *load, const struct rs_scan_column *key,
                                 size_t *out, bool *measured, struct rs_error *err)
{
    *measured = false;
    for (size_t i = 0; i < load->column_count; i++) {
        const struct rs_scan_column *c = &load->columns[i];
        if (c->metric == key->metric && c->statistic == key->statistic && c->step == key->step) {
            *measured = c->id != 0;
            *out = i;
            return RS_OK;
        }
    }
    *out = load->column_count;
    return add_column(load, 0, key, err);
}

static enum rs_status read_series(struct rs_cursor *cursor, int64_t series_id,
                                  struct rs_piece *piece, struct rs_load *load,
                                  struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < cursor->day_count; i++) {
        bool row = false;
        piece->at = cursor->days[i].day;
        if ((piece->at + 1) * RS_DAY_SECONDS <= piece->since ||
            piece->at * RS_DAY_SECONDS >= piece->until) {
            continue;
        }
        (void)sqlite3_bind_int64(cursor->part_chunk, 1, piece->at << RS_STORE_DAY_BITS | series_id);
        rc = rs_store_step(cursor->store, cursor->part_chunk, &row, err);
        if (rc == RS_OK && row) {
            const void *bytes = sqlite3_column_blob(cursor->part_chunk, 0);
            rc = add_piece(load, piece, bytes, (size_t)sqlite3_column_bytes(cursor->part_chunk, 0),
                           err);
        }
        (void)sqlite3_reset(cursor->part_chunk);
    }
    return rc;
}

static enum rs_status read_volume(struct rs_cursor *cursor, struct rs_piece *piece,
                                  struct rs_load *load, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->part_series, 1, piece->volume << RS_STORE_SERIES_BITS);
    enum rs_status rc = rs_store_step(cursor->store, cursor->part_series, &row, err);
    while (rc == RS_OK && row) {
        struct rs_scan_column key;
        bool measured = true;
        if (read_key(cursor->part_series, &key) && is_wanted(cursor, key.metric)) {
            rc = sum_column(load, &key, &piece->column, &measured, err);
        }
        if (rc == RS_OK && !measured) {
            rc =
                read_series(cursor, sqlite3_column_int64(cursor->part_series, 0), piece, load, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->part_series, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->part_series);
    return rc;
}

/* Many volumes have no series; what one search finds answers for all up to the next series. */
static enum rs_status has_series(struct rs_cursor *cursor, int64_t resource_id, bool *out,
                                 struct rs_error *err)
{
    const int64_t low = resource_id << RS_STORE_SERIES_BITS;
    const int64_t high = low + (1 << RS_STORE_SERIES_BITS) - 1;
    enum rs_status rc = RS_OK;
    *out = false;
    if (low < cursor->bare_from || high >= cursor->bare_to) {
        bool row = false;
        (void)sqlite3_bind_int64(cursor->next_series, 1, low);
        rc = rs_store_step(cursor->store, cursor->next_series, &row, err);
        cursor->bare_from = low;
        cursor->bare_to = row ? sqlite3_column_int64(cursor->next_series, 0) : INT64_MAX;
        *out = row && cursor->bare_to <= high;
        (void)sqlite3_reset(cursor->next_series);
    }
    return rc;
}

/* Whether a part of the resource has samples; past the resource. */
static enum rs_status find_parts(struct rs_cursor *cursor, int64_t resource_id, bool *found,
                                 struct rs_error *err)
{
    struct rs_walk *walk = &cursor->parts;
    *found = false;
    enum rs_status rc = rs_walk_to(cursor, walk, resource_id, err);
    while (rc == RS_OK && walk->row && walk->at == resource_id) {
        if (!*found) {
            rc = has_series(cursor, sqlite3_column_int64(walk->rows, 1), found, err);
        }
        if (rc == RS_OK) {
            rc = rs_walk_next(cursor->store, walk, err);
        }
    }
    return rc;
}

enum rs_status rs_scan_volumes(struct rs_cursor *cursor, int64_t resource_id, struct rs_load *load,
                               struct rs_error *err)
{
    bool row = false, found = false;
    enum rs_status rc = find_parts(cursor, resource_id, &found, err);
    if (rc != RS_OK || !found) {
        return rc;
    }
    (void)sqlite3_bind_int64(cursor->attached, 1, resource_id);
    rc = rs_store_step(cursor->store, cursor->attached, &row, err);
    while (rc == RS_OK && row) {
        struct rs_piece piece = {.kind = RS_PIECE_VOLUME,
                                 .volume = sqlite3_column_int64(cursor->attached, 0),
                                 .since = sqlite3_column_int64(cursor->attached, 1),
                                 .until = sqlite3_column_int64(cursor->attached, 2)};
        rc = read_volume(cursor, &piece, load, err);
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->attached, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->attached);
    return rc;
}
