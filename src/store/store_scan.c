/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store_scan.c - a cursor over every instance with its series. One statement a table and a day runs
 * in lock step with the instances, so each row is passed once, in the order in which it lies on
 * disk.
 */
#include "store/chunk_private.h"
#include "store/scan_private.h"

#include <stdlib.h>
#include <string.h>

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
static enum rs_status find_named(struct rs_cursor *cursor, struct rs_error *err)
{
    const char *name = cursor->request.resource;
    sqlite3_stmt *find = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        cursor->store,
        "SELECT id, provider_id, count(*) OVER () FROM resource WHERE kind = 0 AND "
        "(provider_id = ?1 OR name = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM resource WHERE provider_id = ?1 AND kind = 0)) ORDER BY id",
        &find, err);
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, name);
        rc = rs_store_step(cursor->store, find, &row, err);
    }
    if (rc == RS_OK && !row) {
        rc = rs_fail(err, RS_ENODATA, "%s: holds no instance '%s'", cursor->store->path, name);
    } else if (rc == RS_OK && sqlite3_column_int64(find, 2) > 1) {
        rc = list_namesakes(name, find, cursor->store, err);
    } else if (rc == RS_OK) {
        cursor->only = sqlite3_column_int64(find, 0);
    }
    sqlite3_finalize(find);
    return rc;
}

static enum rs_status check_window(const struct rs_scan *scan, struct rs_error *err)
{
    bool right = !scan->samples || (scan->window.from >= 0 && scan->window.to > scan->window.from &&
                                    scan->window.to <= RS_STORE_END);
    return right ? RS_OK : rs_fail(err, RS_EINPUT, "the window is empty or outside 1970..9999");
}

enum rs_status rs_store_cursor_open(struct rs_store *store, const struct rs_scan *scan,
                                    struct rs_cursor **out, struct rs_error *err)
{
    enum rs_status rc = check_window(scan, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_cursor *cursor = calloc(1, sizeof(*cursor));
    if (cursor == NULL) {
        return rs_fail(err, RS_ENOMEM, "%s: out of memory", store->path);
    }
    cursor->store = store;
    cursor->request = *scan;
    rc = rs_store_read_begin(store, &cursor->opened, err);
    if (rc == RS_OK && scan->resource != NULL) {
        rc = find_named(cursor, err);
    }
    if (rc == RS_OK) {
        rc = rs_scan_open_inventory(cursor, err);
    }
    if (rc == RS_OK) {
        rc = rs_scan_open_samples(cursor, err);
    }
    if (rc != RS_OK) {
        rs_cursor_close(cursor);
        return rc;
    }
    *out = cursor;
    return RS_OK;
}

void rs_cursor_close(struct rs_cursor *cursor)
{
    if (cursor == NULL) {
        return;
    }
    rs_scan_close_inventory(cursor);
    rs_scan_close_samples(cursor);
    rs_store_read_end(cursor->store, cursor->opened);
    free(cursor);
}

static void begin_load(const struct rs_cursor *cursor, struct rs_load *load)
{
    load->path = cursor->store->path;
    load->window = cursor->request.window;
    load->spans = !cursor->request.samples && cursor->request.metrics != 0;
    load->piece_count = load->column_count = 0;
    load->stored = (struct rs_stored){0};
    rs_buffer_clear(&load->packed);
}

/* To the next resource that was asked for, if there is one. */
static enum rs_status find_next(struct rs_cursor *cursor, struct rs_error *err)
{
    const struct rs_scan *request = &cursor->request;
    struct rs_walk *walk = &cursor->resources;
    enum rs_status rc = RS_OK;
    bool found = request->numbers == NULL;
    while (rc == RS_OK && walk->row && !found) {
        if (cursor->number == request->number_count) {
            walk->row = false;
            break;
        }
        int64_t number = request->numbers[cursor->number++];
        rc = rs_walk_to(cursor, walk, number, err);
        found = walk->row && walk->at == number;
    }
    return rc;
}

enum rs_status rs_cursor_next(struct rs_cursor *cursor, struct rs_load *load, bool *more,
                              struct rs_error *err)
{
    *more = false;
    begin_load(cursor, load);
    enum rs_status rc = find_next(cursor, err);
    if (rc != RS_OK || !cursor->resources.row) {
        return rc;
    }
    int64_t id = load->stored.number = cursor->resources.at;
    rc = rs_scan_inventory(cursor, load, err);
    if (rc == RS_OK) {
        rc = rs_scan_series(cursor, id, load, err);
    }
    if (rc == RS_OK && cursor->request.samples) {
        rc = rs_scan_samples(cursor, id, load, err);
        if (rc == RS_OK) {
            rc = rs_scan_volumes(cursor, id, load, err);
        }
        if (rc == RS_OK) {
            static const char room[RS_CHUNK_ROOM];
            rs_buffer_append(&load->packed, room, sizeof(room));
            rc = rs_buffer_status(&load->packed, err);
        }
    }
    load->ordinal = cursor->ordinal++;
    *more = rc == RS_OK;
    return rc;
}

enum rs_status rs_store_scan(struct rs_store *store, const struct rs_scan *scan, rs_stored_fn *fn,
                             void *payload, struct rs_error *err)
{
    struct rs_cursor *cursor = NULL;
    struct rs_load *load = NULL;
    bool more = true;
    enum rs_status rc = rs_store_cursor_open(store, scan, &cursor, err);
    if (rc == RS_OK) {
        rc = rs_load_create(&load, err);
    }
    while (rc == RS_OK && (rc = rs_cursor_next(cursor, load, &more, err)) == RS_OK && more) {
        const struct rs_stored *stored = NULL;
        rc = rs_load_unpack(load, &stored, err);
        if (rc == RS_OK) {
            rc = fn(payload, stored, err);
        }
    }
    rs_load_release(load);
    rs_cursor_close(cursor);
    return rc;
}
