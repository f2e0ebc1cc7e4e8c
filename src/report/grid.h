/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * grid.h - aligned columns that fit a page, by libsmartcols. Where the page is too narrow, columns
 * marked RS_GRID_NAME are cut off and the ones marked RS_GRID_WRAP go over several lines, by turns,
 * names first; where that is not enough the table stays wider than the page.
 */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "rightsize/buffer.h"
#include "rightsize/format.h"

#include <stddef.h>

enum rs_grid_flags {
    RS_GRID_RIGHT = 1 << 0,
    RS_GRID_NAME = 1 << 1, /* may be cut off, down to 6 columns */
    RS_GRID_WRAP = 1 << 2  /* may be broken at blanks, down to 12 columns */
};

struct rs_grid_column {
    char *title;
    unsigned flags;
    size_t width;
};

struct rs_grid {
    const struct rs_page *page; /* borrowed */
    struct rs_grid_column *columns;
    size_t column_count;
    char **cells;        /* row by row; owned */
    const char **colors; /* as cells: "red", ... or NULL; borrowed */
    size_t count, capacity;
    bool failed;
};

/* Appending is sticky as with rs_buffer; rs_grid_print tells. */
void rs_grid_init(struct rs_grid *grid, const struct rs_page *page);
void rs_grid_release(struct rs_grid *grid);
/* All columns come before the first cell. The title is copied. */
void rs_grid_column(struct rs_grid *grid, const char *title, unsigned flags);
/* The next cell, row by row. Text went through rs_page_text; color is used where the page has it.
 */
void rs_grid_cell(struct rs_grid *grid, const char *text, const char *color);
/* Every line begins with `indent` blanks. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_grid_print(struct rs_grid *grid, size_t indent, struct rs_buffer *out,
                                        struct rs_error *err);

#endif
