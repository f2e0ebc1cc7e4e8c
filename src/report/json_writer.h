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
#include "rightsize/when.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RS_WRITER_DEPTH 15

struct rs_writer {
    struct rs_buffer *out; /* borrowed */
    int depth;
    bool flat;                     /* the innermost level stands on one line */
    const char *part;              /* what parts its members: ", " or ",\n" and blanks */
    size_t part_skipped, part_end; /* of it; before the first member its comma is skipped */
    struct rs_when_cache dates[8]; /* by the day, so that those of a week stay */
    char closers[RS_WRITER_DEPTH];
};

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out);
/* As if `closers` were open, outermost first, none flat; filled: the innermost has a member. */
void rs_writer_resume(struct rs_writer *w, struct rs_buffer *out, const char *closers, bool filled);

/*
 * These take the key's length too. By those below it is counted where they are called, where most
 * keys are literals.
 */
void rs_writer_put_open(struct rs_writer *w, const char *key, size_t n, char opener, bool flat);
void rs_writer_put_text(struct rs_writer *w, const char *key, size_t n, const char *value);
void rs_writer_put_number(struct rs_writer *w, const char *key, size_t n, double value);
void rs_writer_put_rounded(struct rs_writer *w, const char *key, size_t n, double value);
void rs_writer_put_count(struct rs_writer *w, const char *key, size_t n, int64_t value);
void rs_writer_put_bool(struct rs_writer *w, const char *key, size_t n, bool value);
void rs_writer_put_null(struct rs_writer *w, const char *key, size_t n);
void rs_writer_put_when(struct rs_writer *w, const char *key, size_t n, int64_t at);

static inline size_t rs_writer_length(const char *key)
{
    return key != NULL ? strlen(key) : 0;
}

/* An object of which a member nests at least. */
static inline void rs_writer_object(struct rs_writer *w, const char *key)
{
    rs_writer_put_open(w, key, rs_writer_length(key), '{', false);
}

/* An array of objects or arrays. */
static inline void rs_writer_array(struct rs_writer *w, const char *key)
{
    rs_writer_put_open(w, key, rs_writer_length(key), '[', false);
}

/* An object of plain values. */
static inline void rs_writer_row(struct rs_writer *w, const char *key)
{
    rs_writer_put_open(w, key, rs_writer_length(key), '{', true);
}

/* An array of plain values. */
static inline void rs_writer_list(struct rs_writer *w, const char *key)
{
    rs_writer_put_open(w, key, rs_writer_length(key), '[', true);
}

void rs_writer_end(struct rs_writer *w); /* of the innermost of them */

/* NULL: null. */
static inline void rs_writer_text(struct rs_writer *w, const char *key, const char *value)
{
    rs_writer_put_text(w, key, rs_writer_length(key), value);
}

/* In an object; a key from outside, which may need escaping, and a text. */
void rs_writer_outside(struct rs_writer *w, const char *key, const char *value);

static inline void rs_writer_number(struct rs_writer *w, const char *key, double value)
{
    rs_writer_put_number(w, key, rs_writer_length(key), value);
}

/* Rounded to four decimals, for money and percentages; the shortest form of what is left. */
static inline void rs_writer_rounded(struct rs_writer *w, const char *key, double value)
{
    rs_writer_put_rounded(w, key, rs_writer_length(key), value);
}

static inline void rs_writer_count(struct rs_writer *w, const char *key, int64_t value)
{
    rs_writer_put_count(w, key, rs_writer_length(key), value);
}

static inline void rs_writer_bool(struct rs_writer *w, const char *key, bool value)
{
    rs_writer_put_bool(w, key, rs_writer_length(key), value);
}

static inline void rs_writer_null(struct rs_writer *w, const char *key)
{
    rs_writer_put_null(w, key, rs_writer_length(key));
}

/* "2026-11-22T09:10:00Z"; negative: null. */
static inline void rs_writer_when(struct rs_writer *w, const char *key, int64_t at)
{
    rs_writer_put_when(w, key, rs_writer_length(key), at);
}

/* The rounding of rs_writer_rounded. */
double rs_round4(double value);

#endif
