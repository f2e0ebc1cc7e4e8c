/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_private.h - one run of rs_store_scan, shared by the modules that do it. */
#ifndef STORE_SCAN_PRIVATE_H
#define STORE_SCAN_PRIVATE_H

#include "store/store_private.h"

struct rs_day_cursor { /* walks the chunks of one day in order of series */
    sqlite3_stmt *chunks;
    int64_t day;
    bool row; /* stands on a chunk */
};

struct rs_scan_column {      /* one series of the resource at hand */
    int64_t id;              /* 0: a sum over volumes */
    struct rs_series series; /* values NULL until a chunk reaches into the window */
    bool any;                /* a sample lies in the window */
    int64_t first, end;      /* slots of the window, counted from 1970 */
};

struct rs_scan_run {
    struct rs_store *store;
    const struct rs_scan *request;
    rs_stored_fn *fn;
    void *payload;
    sqlite3_stmt *resources, *series, *tags, *types, *volumes, *chunk, *peaks;
    sqlite3_stmt *recent; /* walks what waits in order of series, as the days do */
    bool waiting;         /* stands on a row */
    int64_t only;         /* id of the named resource, or 0 */
    struct rs_day_cursor *days;
    size_t day_count;
    struct rs_scan_column *columns;
    size_t column_count, column_capacity;
    struct rs_series *shown; /* what the callback sees; values belong to `columns` */
    double *scratch;         /* RS_CHUNK_MAX_SLOTS */
    struct rs_buffer texts;  /* of tags and types */
    struct rs_tag *tag_list;
    struct rs_type_change *change_list;
    struct rs_peak_cause *peak_list;
    size_t tag_capacity, change_capacity, peak_capacity;
    size_t volume_count;
};

/* Tags, types, peaks of the window and the row itself; *stored points into the run and its
 * statements. */
RS_CHECKED enum rs_status rs_scan_inventory(struct rs_scan_run *run, struct rs_resource *resource,
                                            struct rs_stored *stored, struct rs_error *err);
/* The resource's own samples; moves every day's cursor past the resource. */
RS_CHECKED enum rs_status rs_scan_samples(struct rs_scan_run *run, int64_t resource_id,
                                          struct rs_error *err);
/* Sums over the volumes on the instance, for what the instance has no series of its own. */
RS_CHECKED enum rs_status rs_scan_volumes(struct rs_scan_run *run, int64_t resource_id,
                                          struct rs_error *err);
/* Room for one more element in a list of the run. */
RS_CHECKED enum rs_status rs_scan_grow(void **list, size_t *capacity, size_t count, size_t size,
                                       struct rs_error *err);

#endif
