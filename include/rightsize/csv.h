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

#include <stdbool.h>

struct rs_csv {
    struct rs_input *input; /* borrowed */
    char delimiter;         /* 0 until the first row was read */
    char **fields;          /* of the last row; NUL-terminated; valid until the next call */
    size_t count;
    int64_t line; /* where the last row begins, 1-based */
    /* private */
    struct rs_buffer row;
    size_t *offsets;
    size_t capacity;
};

void rs_csv_init(struct rs_csv *csv, struct rs_input *input);
void rs_csv_release(struct rs_csv *csv);
/* *more false: the end. Blank lines are passed over. RS_EINPUT names the line. */
RS_CHECKED enum rs_status rs_csv_next(struct rs_csv *csv, bool *more, struct rs_error *err);

#endif
