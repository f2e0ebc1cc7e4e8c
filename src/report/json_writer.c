/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_writer.h"

#include "rightsize/number.h"
#include "rightsize/text.h"

#include <assert.h>
#include <math.h>

#define PART_MAX 32 /* copied whole, for that is two moves where a length would be a call */
#define FRAME 4     /* of a key: quotes, colon, blank */
/* As long as the longest part and what is copied from where its comma is skipped. */
static const char new_line[] = ",\n                                  ";
static const char same_line[] = ",                                   ";

static void set_part(struct rs_writer *w, bool filled)
{
    w->part = w->flat ? same_line : new_line;
    w->part_end = w->flat || w->depth == 0 ? 2 : 2 + 2 * (size_t)w->depth;
    w->part_skipped = filled ? 0 : w->flat || w->depth == 0 ? 2 : 1;
}

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out)
{
    *w = (struct rs_writer){.out = out};
    set_part(w, false);
}

void rs_writer_resume(struct rs_writer *w, struct rs_buffer *out, const char *closers, bool filled)
{
    rs_writer_init(w, out);
    for (; *closers != '\0'; closers++) {
        assert(w->depth < RS_WRITER_DEPTH);
        w->closers[w->depth++] = *closers;
    }
    set_part(w, filled);
}

/* memcpy for names of a few bytes, of which it is not known how many. */
static char *copy_name(char *to, const char *from, size_t n)
{
    if (n > 16) {
        memcpy(to, from, n);
    } else if (n >= 8) {
        memcpy(to, from, 8);
        memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, from, 4);
        memcpy(to + n - 4, from + n - 4, 4);
    } else {
        for (size_t i = 0; i < n; i++) {
            to[i] = from[i];
        }
    }
    return to + n;
}

/* What stands before a value. Where it may be written in up to `more` bytes, or NULL. */
static inline char *begin_value(struct rs_writer *w, const char *key, size_t n, size_t more)
{
    char *at = rs_buffer_room(w->out, PART_MAX + n + FRAME + more);
    if (at == NULL) {
        return NULL;
    }
    memcpy(at, w->part + w->part_skipped, PART_MAX);
    at += w->part_end - w->part_skipped;
    w->part_skipped = 0;
    if (key != NULL) {
        *at++ = '"';
        at = copy_name(at, key, n);
        memcpy(at, "\": ", 3);
        at += 3;
    }
    return at;
}

static inline void end_value(struct rs_writer *w, const char *end)
{
    rs_buffer_wrote(w->out, (size_t)(end - (w->out->data + w->out->length)));
}

void rs_writer_put_open(struct rs_writer *w, const char *key, size_t n, char opener, bool flat)
{
    assert(w->depth < RS_WRITER_DEPTH && !w->flat);
    char *at = begin_value(w, key, n, 1);
    if (at != NULL) {
        *at = opener;
        end_value(w, at + 1);
    }
    w->closers[w->depth++] = opener == '{' ? '}' : ']';
    w->flat = flat;
    set_part(w, false);
}

void rs_writer_end(struct rs_writer *w)
{
    assert(w->depth > 0);
    bool lines = !w->flat && w->part_skipped == 0;
    char *at = rs_buffer_room(w->out, PART_MAX + 2);
    w->depth--;
    if (at != NULL) {
        if (lines) {
            memcpy(at, new_line + 1, PART_MAX);
            at += 1 + 2 * w->depth;
        }
        *at++ = w->closers[w->depth];
        if (w->depth == 0) {
            *at++ = '\n';
        }
        end_value(w, at);
    }
    w->flat = false; /* nothing nests in what is flat */
    set_part(w, true);
}

void rs_writer_put_null(struct rs_writer *w, const char *key, size_t n)
{
    char *at = begin_value(w, key, n, 4);
    if (at != NULL) {
        memcpy(at, "null", 4);
        end_value(w, at + 4);
    }
}

void rs_writer_put_text(struct rs_writer *w, const char *key, size_t n, const char *value)
{
    char *at = NULL;
    if (value == NULL) {
        rs_writer_put_null(w, key, n);
    } else if ((at = begin_value(w, key, n, 0)) != NULL) {
        end_value(w, at);
        rs_text_json(w->out, value);
    }
}

void rs_writer_outside(struct rs_writer *w, const char *key, const char *value)
{
    char *at = begin_value(w, NULL, 0, 0);
    if (at != NULL) {
        end_value(w, at);
        rs_text_json(w->out, key);
        rs_buffer_append(w->out, ": ", 2);
        rs_text_json(w->out, value);
    }
}

void rs_writer_put_number(struct rs_writer *w, const char *key, size_t n, double value)
{
    char *at = begin_value(w, key, n, RS_NUMBER_TEXT);
    if (at != NULL) { /* "-0" reads as a puzzle */
        end_value(w, at + rs_number_format(value == 0.0 ? 0.0 : value, at));
    }
}

void rs_writer_put_rounded(struct rs_writer *w, const char *key, size_t n, double value)
{
    char *at = begin_value(w, key, n, RS_NUMBER_TEXT);
    if (at != NULL) {
        end_value(w, at + rs_rounded_format(value, at));
    }
}

void rs_writer_put_count(struct rs_writer *w, const char *key, size_t n, int64_t value)
{
    char *at = begin_value(w, key, n, RS_NUMBER_TEXT);
    if (at != NULL) {
        end_value(w, at + rs_integer_format(value, at));
    }
}

void rs_writer_put_bool(struct rs_writer *w, const char *key, size_t n, bool value)
{
    char *at = begin_value(w, key, n, 5);
    if (at != NULL) {
        memcpy(at, value ? "true" : "false", 5);
        end_value(w, at + (value ? 4 : 5));
    }
}

void rs_writer_put_when(struct rs_writer *w, const char *key, size_t n, int64_t when)
{
    char *at = NULL;
    if (when < 0) {
        rs_writer_put_null(w, key, n);
    } else if ((at = begin_value(w, key, n, RS_WHEN_TEXT + 1)) != NULL) {
        *at++ = '"';
        rs_when_write(&w->dates[when / RS_DAY_SECONDS % 8], when, at);
        at[RS_WHEN_TEXT - 1] = '"';
        end_value(w, at + RS_WHEN_TEXT);
    }
}

double rs_round4(double value)
{
    return fabs(value) < 1e11 ? round(value * 1e4) / 1e4 : value;
}
