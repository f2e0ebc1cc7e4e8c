/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.h - reading the stamps and numbers of a table (private to source). */
#ifndef RIGHTSIZE_SOURCE_CELLS_H
#define RIGHTSIZE_SOURCE_CELLS_H

#include "rightsize/csv.h"
#include "rightsize/source.h"
#include "source/stamp.h"

#define RS_CELLS_STAMP 32

struct rs_cells {
    const struct rs_source_request *request; /* borrowed */
    struct rs_tally *tally;                  /* borrowed */
    struct rs_csv csv;
    struct rs_stamps stamps;
    struct rs_zone zone;
    bool has_zone;
    char decimal; /* ',' or '.', 0 until a cell showed one */
    int64_t decimal_line;
    char last[RS_CELLS_STAMP]; /* the stamp read last, or empty; many rows have the same */
    int64_t last_at;
    int64_t good, bad; /* rows whose stamp could be read, and could not */
};

/* `zone`: --tz or what stands for it, or NULL. RS_EUSAGE: no such zone. */
RS_CHECKED enum rs_status rs_cells_open(struct rs_cells *cells,
                                        const struct rs_source_request *request,
                                        struct rs_input *input, struct rs_tally *tally,
                                        const char *zone, struct rs_error *err);
void rs_cells_close(struct rs_cells *cells);

/* `text` without the blanks around it, cut in place. */
char *rs_cell_trim(char *text);
/* The trimmed cell of the row at hand; "" when the row is shorter. */
char *rs_cell(const struct rs_cells *cells, size_t column);

/*
 * The instant of a stamp. *usable false: it cannot be read, or not told apart (a repeated hour);
 * the row's `samples` are rejected. RS_EINPUT: a stamp without zone when there is no --tz, or
 * milliseconds.
 */
RS_CHECKED enum rs_status rs_cells_stamp(struct rs_cells *cells, const char *text, int64_t samples,
                                         int64_t *at, bool *usable, struct rs_error *err);
/*
 * A number; a decimal comma only where ',' does not part the cells. *usable false: not a number,
 * rejected. RS_EINPUT: decimal comma and decimal point in one table.
 */
RS_CHECKED enum rs_status rs_cells_value(struct rs_cells *cells, char *text, double *value,
                                         bool *usable, struct rs_error *err);

/* RS_EINPUT when rows were read and not one stamp among them made sense. */
RS_CHECKED enum rs_status rs_cells_check(const struct rs_cells *cells, struct rs_error *err);

#endif
