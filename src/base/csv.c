/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/csv.h"

#include "base/csv_plain.h"
#include "base/window.h"

#include <stdlib.h>
#include <string.h>

#define ROW_LIMIT ((size_t)1 << 20)
#define ENDED (-1)

void rs_csv_init(struct rs_csv *csv, struct rs_input *input)
{
    *csv = (struct rs_csv){.input = input};
    rs_buffer_init(&csv->row);
}

void rs_csv_release(struct rs_csv *csv)
{
    rs_buffer_release(&csv->row);
    free(csv->offsets);
    free(csv->fields);
    *csv = (struct rs_csv){.row = csv->row};
}

static enum rs_status fault(const struct rs_csv *csv, const char *what, struct rs_error *err)
{
    return rs_fail(err, RS_EINPUT, "line %lld: %s", (long long)csv->line, what);
}

/* The byte under the cursor, or ENDED. */
static enum rs_status peek(struct rs_csv *csv, int *next, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    if (in->start == in->end) {
        enum rs_status rc = rs_input_need(in, 1, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    *next = in->start < in->end ? (int)(unsigned char)in->window[in->start] : ENDED;
    return RS_OK;
}

/* The delimiter of the line at the cursor; `line` need not be whole. */
static char busiest_delimiter(const char *line, const char *end)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof(candidates)] = {0}, best = 0;
    bool quoted = false;
    for (const char *p = line; p < end && (quoted || *p != '\n'); p++) {
        quoted = quoted != (*p == '"');
        for (size_t i = 0; i < sizeof(candidates); i++) {
            counts[i] += !quoted && *p == candidates[i] ? 1 : 0;
        }
    }
    for (size_t i = 1; i < sizeof(candidates); i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    return candidates[best];
}

/* Byte-order mark, blank lines, then the delimiter from the first line that says something. */
static enum rs_status begin(struct rs_csv *csv, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    enum rs_status rc = rs_input_need(in, 3, err);
    if (rc == RS_OK && in->end - in->start >= 3 &&
        memcmp(in->window + in->start, "\xEF\xBB\xBF", 3) == 0) {
        in->start += 3;
    }
    int next = '\n';
    while (rc == RS_OK && (next == '\n' || next == '\r')) {
        rc = peek(csv, &next, err);
        in->start += rc == RS_OK && (next == '\n' || next == '\r') ? 1 : 0;
    }
    for (size_t want = 4096; rc == RS_OK; want *= 2) {
        rc = rs_input_need(in, want, err);
        const char *line = in->window + in->start, *end = in->window + in->end;
        if (memchr(line, '\n', (size_t)(end - line)) != NULL || in->ended || want > ROW_LIMIT) {
            csv->delimiter = busiest_delimiter(line, end);
            break;
        }
    }
    return rc;
}

/* Append to the row what stands for itself: up to the quote, or to what may end a plain field. */
static void copy_run(struct rs_csv *csv, char delimiter, bool quoted)
{
    struct rs_input *in = csv->input;
    const char *from = in->window + in->start, *end = in->window + in->end, *p = from;
    if (quoted) {
        while (p < end && *p != '"' && *p != '\0') {
            p++;
        }
    } else {
        while (p < end && *p != delimiter && *p != '\n' && *p != '\r' && *p != '\0') {
            p++;
        }
    }
    rs_buffer_append(&csv->row, from, (size_t)(p - from));
    in->start += (size_t)(p - from);
}

static enum rs_status check(const struct rs_csv *csv, int next, struct rs_error *err)
{
    if (csv->row.length > ROW_LIMIT) {
        return fault(csv, "a row longer than 1 MiB, is a quote left open?", err);
    }
    if (next == '\0') {
        return fault(csv, "a NUL byte; the table must be UTF-8 text", err);
    }
    return rs_buffer_status(&csv->row, err);
}

/* Behind the opening quote, to behind the closing one. */
static enum rs_status read_quoted(struct rs_csv *csv, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    long long opened = (long long)rs_input_line(in);
    for (;;) {
        int next = ENDED;
        copy_run(csv, '\0', true);
        enum rs_status rc = peek(csv, &next, err);
        if (rc == RS_OK) {
            rc = check(csv, next, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        if (next == ENDED) {
            return rs_fail(err, RS_EINPUT, "line %lld: a quote is opened and never closed", opened);
        }
        if (next != '"') {
            continue;
        }
        in->start++;
        rc = peek(csv, &next, err);
        if (rc != RS_OK || next != '"') {
            return rc;
        }
        in->start++;
        rs_buffer_char(&csv->row, '"');
    }
}

/* To the delimiter, the line's end or the end; a CR counts only in front of LF. */
static enum rs_status read_plain(struct rs_csv *csv, int *next, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    for (;;) {
        copy_run(csv, csv->delimiter, false);
        enum rs_status rc = peek(csv, next, err);
        if (rc == RS_OK) {
            rc = check(csv, *next, err);
        }
        if (rc == RS_OK && *next == '\r') {
            in->start++;
            rc = peek(csv, next, err);
            if (rc == RS_OK && *next != '\n' && *next != ENDED) {
                rs_buffer_char(&csv->row, '\r');
                continue;
            }
        }
        if (rc != RS_OK || *next == ENDED || *next == '\n' || *next == csv->delimiter) {
            return rc;
        }
    }
}

enum rs_status rs_csv_grow(struct rs_csv *csv, struct rs_error *err)
{
    size_t capacity = csv->capacity == 0 ? 32 : csv->capacity * 2;
    size_t *offsets = realloc(csv->offsets, capacity * sizeof(*offsets));
    if (offsets == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu fields", capacity);
    }
    csv->offsets = offsets;
    char **fields = realloc(csv->fields, capacity * sizeof(*fields));
    if (fields == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu fields", capacity);
    }
    csv->fields = fields;
    csv->capacity = capacity;
    return RS_OK;
}

static enum rs_status add_field(struct rs_csv *csv, struct rs_error *err)
{
    enum rs_status rc = csv->count == csv->capacity ? rs_csv_grow(csv, err) : RS_OK;
    if (rc == RS_OK) {
        csv->offsets[csv->count++] = csv->row.length;
    }
    return rc;
}

/* One field and the byte that ends it. */
static enum rs_status read_field(struct rs_csv *csv, bool *quoted, int *next, struct rs_error *err)
{
    struct rs_input *in = csv->input;
    enum rs_status rc = add_field(csv, err);
    if (rc == RS_OK) {
        rc = peek(csv, next, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    *quoted = *next == '"';
    if (*quoted) {
        in->start++;
        rc = read_quoted(csv, err);
    }
    size_t length = csv->row.length;
    if (rc == RS_OK) {
        rc = read_plain(csv, next, err);
    }
    if (rc == RS_OK && *quoted && csv->row.length != length) {
        return rs_fail(err, RS_EINPUT, "line %lld: text behind a closing quote",
                       (long long)rs_input_line(in));
    }
    if (rc == RS_OK && *next != ENDED) {
        in->start++;
    }
    rs_buffer_append(&csv->row, "", 1);
    return rc;
}

bool rs_csv_is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

static enum rs_status read_row(struct rs_csv *csv, bool *blank, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int next = csv->delimiter;
    bool quoted = false;
    rs_buffer_clear(&csv->row);
    csv->count = 0;
    csv->line = rs_input_line(csv->input);
    while (rc == RS_OK && next == csv->delimiter) {
        rc = read_field(csv, &quoted, &next, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&csv->row, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < csv->count; i++) {
        csv->fields[i] = csv->row.data + csv->offsets[i];
    }
    csv->end = csv->row.data + csv->row.length - 1;
    *blank = csv->count == 1 && !quoted && rs_csv_is_blank(csv->fields[0]);
    return RS_OK;
}

enum rs_status rs_csv_next(struct rs_csv *csv, bool *more, struct rs_error *err)
{
    enum rs_status rc = csv->delimiter == '\0' ? begin(csv, err) : RS_OK;
    bool blank = true;
    int next = ENDED;
    while (rc == RS_OK && blank) {
        bool done = false;
        rc = peek(csv, &next, err);
        if (rc == RS_OK && next == ENDED) {
            csv->count = 0;
            *more = false;
            return RS_OK;
        }
        if (rc == RS_OK) {
            rc = rs_csv_plain_row(csv, &done, &blank, err);
        }
        if (rc == RS_OK && !done) {
            rc = read_row(csv, &blank, err);
        }
    }
    *more = rc == RS_OK;
    return rc;
}
