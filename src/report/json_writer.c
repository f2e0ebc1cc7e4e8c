/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_writer.h"

#include "rightsize/number.h"
#include "rightsize/text.h"
#include "rightsize/when.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

void rs_writer_init(struct rs_writer *w, struct rs_buffer *out)
{
    *w = (struct rs_writer){.out = out};
}

static void new_line(struct rs_writer *w)
{
    rs_buffer_printf(w->out, "\n%*s", 2 * w->depth, "");
}

static void begin_member(struct rs_writer *w, const char *key)
{
    if (w->depth > 0) {
        if (w->filled[w->depth - 1]) {
            rs_buffer_char(w->out, ',');
        }
        w->filled[w->depth - 1] = true;
        new_line(w);
    }
    if (key != NULL) {
        rs_text_json(w->out, key);
        rs_buffer_text(w->out, ": ");
    }
}

static void open_level(struct rs_writer *w, const char *key, char opener, char closer)
{
    assert(w->depth < RS_WRITER_DEPTH);
    begin_member(w, key);
    rs_buffer_char(w->out, opener);
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

void rs_writer_end(struct rs_writer *w)
{
    assert(w->depth > 0);
    w->depth--;
    if (w->filled[w->depth]) {
        new_line(w);
    }
    rs_buffer_char(w->out, w->closers[w->depth]);
    if (w->depth == 0) {
        rs_buffer_char(w->out, '\n');
    }
}

void rs_writer_null(struct rs_writer *w, const char *key)
{
    begin_member(w, key);
    rs_buffer_text(w->out, "null");
}

void rs_writer_text(struct rs_writer *w, const char *key, const char *value)
{
    if (value == NULL) {
        rs_writer_null(w, key);
        return;
    }
    begin_member(w, key);
    rs_text_json(w->out, value);
}

void rs_writer_number(struct rs_writer *w, const char *key, double value)
{
    if (!isfinite(value)) {
        rs_writer_null(w, key);
        return;
    }
    char text[RS_NUMBER_TEXT];
    rs_number_format(value == 0.0 ? 0.0 : value, text); /* "-0" reads as a puzzle */
    begin_member(w, key);
    rs_buffer_text(w->out, text);
}

void rs_writer_count(struct rs_writer *w, const char *key, int64_t value)
{
    begin_member(w, key);
    rs_buffer_printf(w->out, "%" PRId64, value);
}

void rs_writer_bool(struct rs_writer *w, const char *key, bool value)
{
    begin_member(w, key);
    rs_buffer_text(w->out, value ? "true" : "false");
}

void rs_writer_when(struct rs_writer *w, const char *key, int64_t at)
{
    if (at < 0) {
        rs_writer_null(w, key);
        return;
    }
    char text[RS_WHEN_TEXT];
    rs_when_format(at, text);
    rs_writer_text(w, key, text);
}

double rs_round4(double value)
{
    return fabs(value) < 1e11 ? round(value * 1e4) / 1e4 : value;
}

void rs_writer_rounded(struct rs_writer *w, const char *key, double value)
{
    rs_writer_number(w, key, rs_round4(value));
}
