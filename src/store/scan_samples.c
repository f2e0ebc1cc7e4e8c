/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_samples.c - the packed samples of one resource out of the store; scan_unpack.c unpacks. */
#include "store/scan_private.h"

#include <string.h>

enum { CHUNK_ID, CHUNK_DATA };
enum { RECENT_SERIES, RECENT_FIRST, RECENT_DATA };

static void bind_range(sqlite3_stmt *statement, int64_t base, int64_t only)
{
    int64_t first = only << RS_STORE_SERIES_BITS;
    int64_t last = only == 0 ? UINT32_MAX : first + (1 << RS_STORE_SERIES_BITS) - 1;
    (void)sqlite3_bind_int64(statement, 1, base | first);
    (void)sqlite3_bind_int64(statement, 2, base | last);
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
    *walk = (struct rs_day_cursor){NULL, day, false};
    rc = rs_store_prepare(cursor->store,
                          "SELECT id, data FROM chunk WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
                          &walk->chunks, err);
    if (rc != RS_OK) {
        return rc;
    }
    bind_range(walk->chunks, day << RS_STORE_DAY_BITS, cursor->only);
    return rs_store_step(cursor->store, walk->chunks, &walk->row, err);
}

static enum rs_status open_days(struct rs_cursor *cursor, struct rs_error *err)
{
    sqlite3_stmt *days = NULL;
    struct rs_window window = cursor->request.window;
    bool row = false;
    size_t capacity = 0;
    enum rs_status rc = rs_store_prepare(
        cursor->store, "SELECT day FROM day WHERE day BETWEEN ?1 AND ?2 ORDER BY day", &days, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(days, 1, window.from / RS_DAY_SECONDS);
        (void)sqlite3_bind_int64(days, 2, (window.to - 1) / RS_DAY_SECONDS);
        rc = rs_store_step(cursor->store, days, &row, err);
    }
    while (rc == RS_OK && row) {
        rc = open_day(cursor, sqlite3_column_int64(days, 0), &capacity, err);
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, days, &row, err);
        }
    }
    sqlite3_finalize(days);
    return rc;
}

enum rs_status rs_scan_open_samples(struct rs_cursor *cursor, struct rs_error *err)
{
    enum rs_status rc = open_days(cursor, err);
    if (rc != RS_OK) {
        return rc;
    }
    bind_range(cursor->recent, 0, cursor->only);
    (void)sqlite3_bind_int64(cursor->recent, 3, cursor->request.window.to);
    return rs_store_step(cursor->store, cursor->recent, &cursor->waiting, err);
}

/* A series of a newer program's metric is none of ours. */
static bool read_key(sqlite3_stmt *row, struct rs_scan_column *key)
{
    const char *metric = (const char *)sqlite3_column_text(row, 1);
    const char *statistic = (const char *)sqlite3_column_text(row, 2);
    key->step = sqlite3_column_int64(row, 3);
    return metric != NULL && statistic != NULL && rs_metric_by_name(metric, &key->metric) &&
           rs_statistic_by_name(statistic, &key->statistic) && rs_step_is_valid(key->step);
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

/* Past resources that were not asked for, and volumes. */
static enum rs_status skip_to(struct rs_cursor *cursor, struct rs_day_cursor *walk, int64_t low,
                              struct rs_error *err)
{
    int64_t base = walk->day << RS_STORE_DAY_BITS;
    if (!walk->row || sqlite3_column_int64(walk->chunks, CHUNK_ID) >= (base | low)) {
        return RS_OK;
    }
    (void)sqlite3_reset(walk->chunks);
    (void)sqlite3_bind_int64(walk->chunks, 1, base | low);
    return rs_store_step(cursor->store, walk->chunks, &walk->row, err);
}

static enum rs_status read_day(struct rs_cursor *cursor, struct rs_day_cursor *walk,
                               int64_t resource_id, struct rs_load *load, struct rs_error *err)
{
    const int64_t low = resource_id << RS_STORE_SERIES_BITS;
    const int64_t high = low + (1 << RS_STORE_SERIES_BITS) - 1;
    struct rs_piece piece = {.kind = RS_PIECE_DAY, .at = walk->day};
    enum rs_status rc = skip_to(cursor, walk, low, err);
    while (rc == RS_OK && walk->row) {
        int64_t id = sqlite3_column_int64(walk->chunks, CHUNK_ID) & UINT32_MAX;
        if (id > high) {
            break;
        }
        if (find_column(load, id, &piece.column)) {
            const void *bytes = sqlite3_column_blob(walk->chunks, CHUNK_DATA);
            rc = add_piece(load, &piece, bytes,
                           (size_t)sqlite3_column_bytes(walk->chunks, CHUNK_DATA), err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, walk->chunks, &walk->row, err);
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

enum rs_status rs_scan_samples(struct rs_cursor *cursor, int64_t resource_id, struct rs_load *load,
                               struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->series, 1, resource_id << RS_STORE_SERIES_BITS);
    enum rs_status rc = rs_store_step(cursor->store, cursor->series, &row, err);
    while (rc == RS_OK && row) {
        struct rs_scan_column key;
        if (read_key(cursor->series, &key)) {
            rc = add_column(load, sqlite3_column_int64(cursor->series, 0), &key, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->series, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->series);
    for (size_t i = 0; rc == RS_OK && i < cursor->day_count; i++) {
        rc = read_day(cursor, &cursor->days[i], resource_id, load, err);
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
        (void)sqlite3_bind_int64(cursor->chunk, 1, piece->at << RS_STORE_DAY_BITS | series_id);
        rc = rs_store_step(cursor->store, cursor->chunk, &row, err);
        if (rc == RS_OK && row) {
            const void *bytes = sqlite3_column_blob(cursor->chunk, 0);
            rc = add_piece(load, piece, bytes, (size_t)sqlite3_column_bytes(cursor->chunk, 0), err);
        }
        (void)sqlite3_reset(cursor->chunk);
    }
    return rc;
}

static enum rs_status read_volume(struct rs_cursor *cursor, struct rs_piece *piece,
                                  struct rs_load *load, struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->series, 1, piece->volume << RS_STORE_SERIES_BITS);
    enum rs_status rc = rs_store_step(cursor->store, cursor->series, &row, err);
    while (rc == RS_OK && row) {
        struct rs_scan_column key;
        bool measured = true;
        if (read_key(cursor->series, &key)) {
            rc = sum_column(load, &key, &piece->column, &measured, err);
        }
        if (rc == RS_OK && !measured) {
            rc = read_series(cursor, sqlite3_column_int64(cursor->series, 0), piece, load, err);
        }
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->series, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->series);
    return rc;
}

enum rs_status rs_scan_volumes(struct rs_cursor *cursor, int64_t resource_id, struct rs_load *load,
                               struct rs_error *err)
{
    bool row = false;
    (void)sqlite3_bind_int64(cursor->volumes, 1, resource_id);
    enum rs_status rc = rs_store_step(cursor->store, cursor->volumes, &row, err);
    while (rc == RS_OK && row) {
        struct rs_piece piece = {.kind = RS_PIECE_VOLUME,
                                 .volume = sqlite3_column_int64(cursor->volumes, 0),
                                 .since = sqlite3_column_int64(cursor->volumes, 1),
                                 .until = sqlite3_column_int64(cursor->volumes, 2)};
        rc = read_volume(cursor, &piece, load, err);
        if (rc == RS_OK) {
            rc = rs_store_step(cursor->store, cursor->volumes, &row, err);
        }
    }
    (void)sqlite3_reset(cursor->volumes);
    return rc;
}
