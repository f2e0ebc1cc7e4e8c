/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv_take.c - rows that differ from the one before but in a stamp and numbers. */
#include "rightsize/csv.h"

#include "base/decimal.h"
#include "base/decimal_quick.h"
#include "base/window.h"

#include <math.h>
#include <string.h>

void rs_csv_shape_init(struct rs_csv_shape *shape)
{
    *shape = (struct rs_csv_shape){.values = 0};
    rs_buffer_init(&shape->before);
    rs_buffer_init(&shape->between);
}

void rs_csv_shape_release(struct rs_csv_shape *shape)
{
    rs_buffer_release(&shape->before);
    rs_buffer_release(&shape->between);
}

/* Whether the field is read as these bytes where it stands without quotes. */
static bool is_plain(const char *field, char delimiter)
{
    return field[0] != '"' && strchr(field, delimiter) == NULL && strpbrk(field, "\r\n") == NULL;
}

bool rs_csv_shape_set(struct rs_csv_shape *shape, const struct rs_csv *csv, size_t stamp,
                      size_t values)
{
    shape->values = 0;
    rs_buffer_clear(&shape->before);
    rs_buffer_clear(&shape->between);
    if (stamp >= values || values >= csv->count) {
        return false;
    }
    for (size_t i = 0; i < values; i++) {
        if (i == stamp) {
            rs_buffer_char(&shape->between, csv->delimiter);
            continue;
        }
        struct rs_buffer *part = i < stamp ? &shape->before : &shape->between;
        if (!is_plain(csv->fields[i], csv->delimiter)) {
            return false;
        }
        rs_buffer_text(part, csv->fields[i]);
        rs_buffer_char(part, csv->delimiter);
    }
    struct rs_error unused;
    if (rs_buffer_status(&shape->before, &unused) != RS_OK ||
        rs_buffer_status(&shape->between, &unused) != RS_OK) {
        return false; /* the long way needs no memory */
    }
    shape->values = csv->count - values;
    return true;
}

/* Behind an instant or whole seconds, or NULL. */
static const char *read_stamp(struct rs_when_cache *dates, const char *text, const char *end,
                              int64_t *out)
{
    enum { DIGITS_MAX = 10 };
    if (end - text <= DIGITS_MAX) {
        return NULL;
    }
    if (text[4] == '-') {
        return rs_when_scan(dates, text, end, out);
    }
    uint64_t seconds = 0;
    const char *stop = rs_decimal_digits(text, end, &seconds);
    *out = (int64_t)seconds;
    return stop > text && stop - text <= DIGITS_MAX && *text != '0' ? stop : NULL;
}

/* Behind `bytes`, if they stand here; NULL otherwise, also for text NULL. */
static const char *skip(const char *text, const char *end, const struct rs_buffer *bytes)
{
    return text != NULL && (size_t)(end - text) > bytes->length &&
                   memcmp(text, bytes->data, bytes->length) == 0
               ? text + bytes->length
               : NULL;
}

/* The numbers of a row, apart by the delimiter; at its line's end, or NULL. */
static const char *read_values(const char *begin, const char *p, const char *end, char delimiter,
                               bool points, double *out, size_t count)
{
    for (size_t i = 0; p != NULL && p < end; i++) {
        if (*p == delimiter || *p == '\n' || *p == '\r') {
            out[i] = (double)NAN;
        } else {
            const char *from = p;
            p = rs_decimal_near(begin, p, end, &out[i]);
            if (p == NULL || p == end || !isfinite(out[i]) ||
                (!points && memchr(from, '.', (size_t)(p - from)) != NULL)) {
                return NULL;
            }
        }
        if (i + 1 == count) {
            return p;
        }
        p = *p == delimiter ? p + 1 : NULL;
    }
    return NULL;
}

size_t rs_csv_take(struct rs_csv *csv, struct rs_csv_shape *shape, bool points, int64_t *at,
                   double *values, size_t room)
{
    struct rs_input *in = csv->input;
    const char *p = in->window + in->start, *end = in->window + in->end;
    size_t n = 0;
    for (; n < room && shape->values > 0; n++) {
        const char *next = skip(p, end, &shape->before);
        next = next != NULL ? read_stamp(&shape->dates, next, end, &at[n]) : NULL;
        next = skip(next, end, &shape->between);
        next = read_values(in->window, next, end, csv->delimiter, points,
                           values + n * shape->values, shape->values);
        if (next != NULL && *next == '\r' && next + 1 < end) {
            next++;
        }
        if (next == NULL || *next != '\n') {
            break;
        }
        p = next + 1;
    }
    if (n > 0) {
        csv->line = rs_input_line(in);
        csv->count = 0;
        in->start = (size_t)(p - in->window);
        in->lines.line += (int64_t)n;
        in->lines.counted = in->start;
    }
    return n;
}
