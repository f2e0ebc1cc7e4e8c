/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_writer.h"

#include "rightsize/number.h"
#include "rightsize/text.h"
#include "rightsize/when.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define LINE_MAX_BYTES (2 * RS_WRITER_DEPTH + 8) /* comma, line, indent, quotes, colon, end */

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out)
{
    *w = (struct rs_writer){.out = out};
}

void rs_writer_resume(struct rs_writer *w, struct rs_buffer *out, const char *closers, bool filled)
{
    rs_writer_init(w, out);
    for (; *closers != '\0'; closers++) {
        w->closers[w->depth] = *closers;
        w->filled[w->depth++] = closers[1] != '\0' || filled;
    }
}

static char *put_line(char *at, int depth)
{
    size_t indent = 2 * (size_t)depth;
    *at++ = '\n';
    memset(at, ' ', indent);
    return at + indent;
}

/* What stands before a value. Where it may be written in up to `more` bytes, or NULL. */
static char *begin_value(struct rs_writer *w, const char *key, size_t more)
{
    size_t length = key != NULL ? strlen(key) : 0;
    char *first = rs_buffer_room(w->out, more + length + LINE_MAX_BYTES), *at = first;
    if (first == NULL) {
        return NULL;
    }
    if (w->depth > 0) {
        if (w->filled[w->depth - 1]) {
            *at++ = ',';
        }
        if (!w->flat) {
            at = put_line(at, w->depth);
        } else if (w->filled[w->depth - 1]) {
            *at++ = ' ';
        }
        w->filled[w->depth - 1] = true;
    }
    if (key != NULL) {
        *at++ = '"';
        memcpy(at, key, length);
        at += length;
        memcpy(at, "\": ", 3);
        at += 3;
    }
    rs_buffer_wrote(w->out, (size_t)(at - first));
    return at;
}

static void put_value(struct rs_writer *w, const char *key, const char *value, size_t length)
{
    char *at = begin_value(w, key, length);
    if (at != NULL) {
        memcpy(at, value, length);
        rs_buffer_wrote(w->out, length);
    }
}

static void open_level(struct rs_writer *w, const char *key, char opener, char closer)
{
    assert(w->depth < RS_WRITER_DEPTH && !w->flat);
    put_value(w, key, &opener, 1);
    w->closers[w->depth] = closer;
    w->filled[w->depth++] = false;
}

void rs_writer_object(struct rs_writer *w, const char *key)
{
    open_level(w, key, '{', '}');
}

void rs_writer_array(struct rs_writer *w, const char *key)
{
    open_level(w, key, '[', ']');
}

void rs_writer_row(struct rs_writer *w, const char *key)
{
    open_level(w, key, '{', '}');
    w->flat = true;
}

void rs_writer_list(struct rs_writer *w, const char *key)
{
    open_level(w, key, '[', ']');
    w->flat = true;
}

void rs_writer_end(struct rs_writer *w)
{
    assert(w->depth > 0);
    char *first = rs_buffer_room(w->out, LINE_MAX_BYTES), *at = first;
    bool lines = !w->flat && w->filled[w->depth - 1];
    w->flat = false; /* nothing nests in what is flat */
    w->depth--;
    if (first == NULL) {
        return;
    }
    if (lines) {
        at = put_line(at, w->depth);
    }
    *at++ = w->closers[w->depth];
    if (w->depth == 0) {
        *at++ = '\n';
    }
    rs_buffer_wrote(w->out, (size_t)(at - first));
}

void rs_writer_null(struct rs_writer *w, const char *key)
{
    put_value(w, key, "null", 4);
}

void rs_writer_text(struct rs_writer *w, const char *key, const char *value)
{
    if (value == NULL) {
        rs_writer_null(w, key);
    } else if (begin_value(w, key, 0) != NULL) {
        rs_text_json(w->out, value);
    }
}

void rs_writer_outside(struct rs_writer *w, const char *key, const char *value)
{
    if (begin_value(w, NULL, 0) != NULL) {
        rs_text_json(w->out, key);
        rs_buffer_text(w->out, ": ");
        rs_text_json(w->out, value);
    }
}

void rs_writer_number(struct rs_writer *w, const char *key, double value)
{
    char text[RS_NUMBER_TEXT];
    value = value == 0.0 ? 0.0 : value; /* "-0" reads as a puzzle */
    put_value(w, key, text, rs_number_format(value, text));
}

void rs_writer_count(struct rs_writer *w, const char *key, int64_t value)
{
    char text[24], *at = text + sizeof(text);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        *--at = '-';
    }
    put_value(w, key, at, (size_t)(text + sizeof(text) - at));
}

void rs_writer_bool(struct rs_writer *w, const char *key, bool value)
{
    put_value(w, key, value ? "true" : "false", value ? 4 : 5);
}

void rs_writer_when(struct rs_writer *w, const char *key, int64_t at)
{
    char text[RS_WHEN_TEXT + 2] = "\"";
    if (at < 0) {
        rs_writer_null(w, key);
        return;
    }
    rs_when_format(at, text + 1);
    size_t length = strlen(text);
    text[length++] = '"';
    put_value(w, key, text, length);
}

double rs_round4(double value)
{
    return fabs(value) < 1e11 ? round(value * 1e4) / 1e4 : value;
}

void rs_writer_rounded(struct rs_writer *w, const char *key, double value)
{
    rs_writer_number(w, key, rs_round4(value));
}
