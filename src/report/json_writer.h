/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_writer.h - writes a JSON document of known shape, two blanks a level. `key` is NULL inside
 * an array and at the top, else a name that needs no escape. Numbers are shortest round-trip
 * decimals; one that is not finite is null.
 */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include "rightsize/buffer.h"

#include <stdbool.h>
#include <stdint.h>

#define RS_WRITER_DEPTH 16

struct rs_writer {
    struct rs_buffer *out; /* borrowed */
    int depth;
    bool filled[RS_WRITER_DEPTH]; /* the level has a member already */
    char closers[RS_WRITER_DEPTH];
};

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out);
/* As if `closers` were open, outermost first; filled: the innermost has a member. */
void rs_writer_resume(struct rs_writer *w, struct rs_buffer *out, const char *closers, bool filled);
void rs_writer_object(struct rs_writer *w, const char *key);
void rs_writer_array(struct rs_writer *w, const char *key);
void rs_writer_end(struct rs_writer *w); /* of the innermost object or array */

void rs_writer_text(struct rs_writer *w, const char *key, const char *value); /* NULL: null */
/* In an object; a key from outside, which may need escaping, and a text. */
void rs_writer_outside(struct rs_writer *w, const char *key, const char *value);
void rs_writer_number(struct rs_writer *w, const char *key, double value);
void rs_writer_count(struct rs_writer *w, const char *key, int64_t value);
void rs_writer_bool(struct rs_writer *w, const char *key, bool value);
void rs_writer_null(struct rs_writer *w, const char *key);
/* "2026-11-22T09:10:00Z"; negative: null. */
void rs_writer_when(struct rs_writer *w, const char *key, int64_t at);
/* Rounded to four decimals, for money and percentages; the shortest form of what is left. */
void rs_writer_rounded(struct rs_writer *w, const char *key, double value);

/* The rounding of rs_writer_rounded. */
double rs_round4(double value);

#endif
