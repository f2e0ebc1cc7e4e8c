/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv.h - a reader of RFC 4180 tables over rs_input (level 0): quotes, CRLF, a byte-order mark, and
 * the delimiter recognised from the first line (',' ';' or TAB; the one that occurs most often
 * outside quotes; ',' when there is none). Lines longer than 1 MiB and NUL bytes are refused.
 */
#ifndef RIGHTSIZE_CSV_H
#define RIGHTSIZE_CSV_H

#include "rightsize/buffer.h"
#include "rightsize/input.h"
#include "rightsize/when.h"

#include <stdbool.h>

struct rs_csv {
    struct rs_input *input; /* borrowed */
    char delimiter;         /* 0 until the first row was read */
    char **fields;          /* of the last row; NUL-terminated; valid until the next call */
    size_t count;
    const char *end; /* of the last field; the others end one byte before the next begins */
    int64_t line;    /* where the last row begins, 1-based */
    /* private */
    struct rs_buffer row;
    size_t *offsets;
    size_t capacity;
};

void rs_csv_init(struct rs_csv *csv, struct rs_input *input);
void rs_csv_release(struct rs_csv *csv);
/* *more false: the end. Blank lines are passed over. RS_EINPUT names the line. */
RS_CHECKED enum rs_status rs_csv_next(struct rs_csv *csv, bool *more, struct rs_error *err);

/*
 * A short cut for long tables, which changes nothing but the time it takes: rows like the one
 * before, all of whose fields are the same but for a time stamp and the numbers at the end.
 */
struct rs_csv_shape {                 /* zeroed is ready, matches nothing */
    struct rs_buffer before, between; /* the bytes in front of the stamp, and behind it */
    size_t values;                    /* numbers at the end of each row */
    struct rs_when_cache dates;
};
void rs_csv_shape_init(struct rs_csv_shape *shape);
void rs_csv_shape_release(struct rs_csv_shape *shape);
/*
 * From the last row: the stamp is in column `stamp`, the numbers begin at `values`, both from 0.
 * False, and nothing matches: a row of that form cannot be told by comparing bytes.
 */
bool rs_csv_shape_set(struct rs_csv_shape *shape, const struct rs_csv *csv, size_t stamp,
                      size_t values);
/*
 * Take rows as long as they have that shape, lie in the window and are plain: instants as
 * rs_when_scan reads them or seconds of at most ten digits; numbers of JSON, NaN for an empty
 * field, with a decimal point only if `points`. The rows' fields are not set; the first of them has
 * the line csv->line, the next ones those behind it. The count may be 0 at any time.
 */
size_t rs_csv_take(struct rs_csv *csv, struct rs_csv_shape *shape, bool points, int64_t *at,
                   double *values, size_t room);

#endif
