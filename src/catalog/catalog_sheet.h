/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog_sheet.h - a catalog file as rows of cells that can be changed and written again.
 *
 * The loader (catalog_table.h) turns rows into offers and passes over columns it does not know;
 * import and diff need every column as it stands in the file. Rows are kept sorted by their key,
 * the column "type" or the first one; a key is there once.
 */
#ifndef RIGHTSIZE_CATALOG_SHEET_H
#define RIGHTSIZE_CATALOG_SHEET_H

#include "catalog/catalog_pool.h"
#include "rightsize/buffer.h"

#include <stdbool.h>

#define RS_SHEET_NONE SIZE_MAX /* no such column */

enum rs_cell_kind {
    RS_CELL_IS_NULL,
    RS_CELL_IS_NUMBER,
    RS_CELL_IS_TEXT,
    RS_CELL_IS_OTHER /* of a column that no version of the format has yet; text: as JSON */
};

struct rs_sheet_cell { /* all zero is null */
    enum rs_cell_kind kind;
    double number;
    const char *text; /* of the pool */
};

struct rs_sheet {
    struct rs_catalog_pool pool;
    const char *kind, *provider, *region, *currency, *date, *source; /* NULL: not said */
    const char **columns;
    size_t stride;               /* cells of a row, set by the first one; 0: there is none */
    size_t width, key;           /* key: the index of the key's column */
    struct rs_sheet_cell **rows; /* each has room for every column that can be added */
    size_t count, capacity;
};

/* An empty sheet of that kind with `count` columns, the first one its key. The caller releases. */
RS_CHECKED enum rs_status rs_sheet_init(struct rs_sheet *sheet, const char *kind,
                                        const char *const *columns, size_t count,
                                        struct rs_error *err);
void rs_sheet_release(struct rs_sheet *sheet); /* one of all zeros is fine */
/*
 * Read a file of kind "types", "prices" or "catalog"; the caller releases *out after a success.
 * RS_EIO; RS_EINPUT: not such a file (limits as in catalog_table.h), with the path; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_sheet_read(const char *path, struct rs_sheet *out,
                                        struct rs_error *err);
/* As JSON, one row a line. */
void rs_sheet_write(const struct rs_sheet *sheet, struct rs_buffer *out);

/* Index of the column, or RS_SHEET_NONE. */
size_t rs_sheet_column(const struct rs_sheet *sheet, const char *name);
/* The same, added behind the others where it is not there. RS_EINPUT: too many columns. */
RS_CHECKED enum rs_status rs_sheet_add_column(struct rs_sheet *sheet, const char *name, size_t *out,
                                              struct rs_error *err);
/* The row of that key, or NULL. */
struct rs_sheet_cell *rs_sheet_find(const struct rs_sheet *sheet, const char *key);
/* The same, a new row of nulls where it is not there; *fresh says so. RS_EINPUT: too many rows. */
RS_CHECKED enum rs_status rs_sheet_row(struct rs_sheet *sheet, const char *key,
                                       struct rs_sheet_cell **out, bool *fresh,
                                       struct rs_error *err);

/* Set a cell by its column's name, adding the column. NaN and NULL are null; equal text is not
 * stored anew. RS_EINPUT: the text is no text for a catalog (catalog_pool.h). */
RS_CHECKED enum rs_status rs_sheet_set_number(struct rs_sheet *sheet, struct rs_sheet_cell *row,
                                              const char *column, double value,
                                              struct rs_error *err);
RS_CHECKED enum rs_status rs_sheet_set_text(struct rs_sheet *sheet, struct rs_sheet_cell *row,
                                            const char *column, const char *text,
                                            struct rs_error *err);
/* The number of a cell, NaN where it is none or the column is not there; its text or NULL. */
double rs_sheet_number(const struct rs_sheet *sheet, const struct rs_sheet_cell *row,
                       const char *column);
const char *rs_sheet_text(const struct rs_sheet *sheet, const struct rs_sheet_cell *row,
                          const char *column);
const char *rs_sheet_key(const struct rs_sheet *sheet, size_t row);

bool rs_sheet_same(const struct rs_sheet_cell *a, const struct rs_sheet_cell *b);
/* As JSON. */
void rs_sheet_cell_write(const struct rs_sheet_cell *cell, struct rs_buffer *out);
/* A text of the sheet's own pool, for its head. */
RS_CHECKED enum rs_status rs_sheet_keep(struct rs_sheet *sheet, const char *text, const char **out,
                                        struct rs_error *err);

#endif
