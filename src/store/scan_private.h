/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_private.h - what the modules of a scan share: the cursor's side reads, the load's unpacks.
 */
#ifndef STORE_SCAN_PRIVATE_H
#define STORE_SCAN_PRIVATE_H

#include "store/store_private.h"

struct rs_walk { /* rows in ascending order of column 0, of which ?1 is the lower bound */
    sqlite3_stmt *rows;
    int64_t at; /* column 0 of the row that it stands on */
    bool row;   /* false: before the first one or behind the last */
};

struct rs_day_cursor { /* the chunks of one day */
    struct rs_walk chunks;
    int64_t day;
};

struct rs_cursor {
    struct rs_store *store;
    struct rs_scan request;
    bool opened;                              /* a read transaction that ends with the cursor */
    struct rs_walk resources, series;         /* in lock step, as are the days */
    struct rs_walk tags, types, peaks, parts; /* parts: volumes and GPUs */
    sqlite3_stmt *recent;                     /* walks what waits in order of series */
    bool waiting;                             /* stands on a row */
    sqlite3_stmt *attached, *part_series, *part_chunk, *next_series;
    int64_t bare_from, bare_to; /* no series has an id from `bare_from` to below `bare_to` */
    int64_t only;               /* number of the named resource, or 0 */
    size_t number;              /* how many of the request's numbers have had their turn */
    struct rs_day_cursor *days;
    size_t day_count;
    int64_t ordinal; /* of the next resource */
};

struct rs_scan_column { /* one series of the resource at hand */
    int64_t id;         /* 0: a sum over volumes */
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;
    int64_t first, end; /* slots of the window, counted from 1970 */
    bool any;           /* a sample lies in the window */
    size_t filled;      /* values that are set; those behind them are still void */
    double *values;     /* kept from one resource to the next, as is its size */
    size_t capacity;
};

enum rs_piece_kind { RS_PIECE_DAY, RS_PIECE_WAITING, RS_PIECE_VOLUME };

struct rs_piece { /* some packed samples of a column */
    enum rs_piece_kind kind;
    size_t column;
    int64_t at;            /* day; WAITING: the first instant */
    size_t offset, length; /* in `packed` */
    bool checked;          /* its checksum is right */
    int64_t volume, since, until;
};

struct rs_load {
    const char *path; /* of the store, for messages */
    struct rs_window window;
    bool spans; /* no samples, but where they begin and end */
    int64_t ordinal;
    struct rs_resource resource;
    struct rs_stored stored;
    struct rs_buffer texts; /* of the inventory; what lies in it is an offset until all is read */
    struct rs_tag *tags;
    struct rs_type_change *changes;
    struct rs_peak_cause *peaks;
    size_t tag_capacity, change_capacity, peak_capacity;
    struct rs_buffer packed;
    struct rs_piece *pieces;
    size_t piece_count, piece_capacity;
    struct rs_scan_column *columns;
    size_t column_count, column_capacity;
    struct rs_series *shown; /* values belong to `columns` */
    size_t shown_capacity;
    double *scratch; /* RS_CHUNK_MAX_SLOTS, made when a day does not lie whole in the window */
};

/*
 * Before the first row; other parameters may be bound. Who walks looks at `at` anyway: an upper
 * bound would only have SQLite compare once more for each row.
 */
RS_CHECKED enum rs_status rs_walk_prepare(struct rs_store *store, const char *sql, int64_t low,
                                          struct rs_walk *out, struct rs_error *err);
/* Not once it stands behind the last row. */
RS_CHECKED enum rs_status rs_walk_next(struct rs_store *store, struct rs_walk *walk,
                                       struct rs_error *err);
/* Forward to the first row at or behind `low`. */
RS_CHECKED enum rs_status rs_walk_to(struct rs_cursor *cursor, struct rs_walk *walk, int64_t low,
                                     struct rs_error *err);
void rs_walk_close(struct rs_walk *walk);

RS_CHECKED enum rs_status rs_scan_open_inventory(struct rs_cursor *cursor, struct rs_error *err);
void rs_scan_close_inventory(struct rs_cursor *cursor);
/* Row, tags, types and peaks of the resource that the cursor stands on; moves to the next one. */
RS_CHECKED enum rs_status rs_scan_inventory(struct rs_cursor *cursor, struct rs_load *load,
                                            struct rs_error *err);
/* Without samples the series only, for when a resource was seen. */
RS_CHECKED enum rs_status rs_scan_open_samples(struct rs_cursor *cursor, struct rs_error *err);
void rs_scan_close_samples(struct rs_cursor *cursor);
RS_CHECKED enum rs_status rs_scan_series(struct rs_cursor *cursor, int64_t resource_id,
                                         struct rs_load *load, struct rs_error *err);
/* The samples of its own series, packed; moves every day's cursor past the resource. */
RS_CHECKED enum rs_status rs_scan_samples(struct rs_cursor *cursor, int64_t resource_id,
                                          struct rs_load *load, struct rs_error *err);
/* Those of the volumes and GPUs of the instance, for what the instance has no series of its own. */
RS_CHECKED enum rs_status rs_scan_volumes(struct rs_cursor *cursor, int64_t resource_id,
                                          struct rs_load *load, struct rs_error *err);
/* Room for one more element in a list; those behind the old capacity are zero. */
RS_CHECKED enum rs_status rs_scan_grow(void **list, size_t *capacity, size_t count, size_t size,
                                       struct rs_error *err);

#endif
