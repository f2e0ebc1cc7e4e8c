/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog_table.h - one catalog file read row by row into a struct, columns found by name.
 *
 * The files are pulled, not parsed into a tree: a hostile file of 64 MiB would make a tree of
 * gigabytes, and the pull parser needs its window only. Hence 'format', 'version', 'kind' and
 * 'columns' must stand before 'rows'.
 */
#ifndef RIGHTSIZE_CATALOG_TABLE_H
#define RIGHTSIZE_CATALOG_TABLE_H

#include "catalog/catalog_pool.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_CATALOG_FILE_LIMIT ((int64_t)64 << 20) /* inflated bytes of one file */
#define RS_CATALOG_ROW_LIMIT ((size_t)100000)
#define RS_CATALOG_COLUMN_LIMIT ((size_t)256)

#define RS_CATALOG_FORMAT "rightsize-catalog"
#define RS_CATALOG_VERSION 1

enum rs_catalog_cell {
    RS_CELL_TEXT,   /* const char * at offset */
    RS_CELL_NUMBER, /* double at offset, times unit */
    RS_CELL_INT,    /* int at offset */
    RS_CELL_FLAG    /* 0 or 1; 1 sets `flag` in the unsigned at offset */
};

struct rs_catalog_column {
    const char *name;
    enum rs_catalog_cell cell;
    size_t offset;
    double unit, min, max; /* the range is that of the file, before the unit */
    unsigned flag;
    bool needed;   /* null is refused */
    bool optional; /* the file may lack the column */
};

struct rs_catalog_table {
    const char *kind; /* "types", "prices" */
    const struct rs_catalog_column *columns;
    size_t column_count, row_size;
    void (*blank)(void *row); /* every member unknown */
    /* Called for each row; its message gets file and row in front. */
    enum rs_status (*take)(void *context, const void *row, struct rs_error *err);
};

struct rs_catalog_head { /* texts of the pool; NULL where the file is silent */
    const char *provider, *region, *currency, *date, *source;
};

/*
 * Read the file at path: texts go to the pool, each row to table->take(context, ...).
 * RS_EIO: cannot be read; RS_EINPUT: not such a file, with path, row and column; RS_ENOMEM; and
 * whatever `take` answers.
 */
RS_CHECKED enum rs_status rs_catalog_table_read(const char *path,
                                                const struct rs_catalog_table *table,
                                                struct rs_catalog_pool *pool, void *context,
                                                struct rs_catalog_head *head, struct rs_error *err);

#endif
