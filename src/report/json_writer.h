/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_writer.h - writes a JSON document of known shape. What holds no other object or array stands
 * on one line, and is opened as a row or a list; in others each member has a line, two blanks a
 * level. `key` is NULL inside an array and at the top, else a name that needs no escape. Numbers
 * are shortest round-trip decimals; one that is not finite is null.
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
    bool flat;                    /* the innermost level stands on one line */
    char closers[RS_WRITER_DEPTH];
};

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out);
/* As if `closers` were open, outermost first; filled: the innermost has a member. */
void rs_writer_resume(struct rs_writer *w, struct rs_buffer *out, const char *closers, bool filled);
void rs_writer_object(struct rs_writer *w, const char *key); /* of which one at least nests */
void rs_writer_array(struct rs_writer *w, const char *key);  /* of objects or arrays */
void rs_writer_row(struct rs_writer *w, const char *key);    /* an object of plain values */
void rs_writer_list(struct rs_writer *w, const char *key);   /* an array of plain values */
void rs_writer_end(struct rs_writer *w);                     /* of the innermost of them */

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
