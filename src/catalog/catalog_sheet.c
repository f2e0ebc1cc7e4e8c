/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_sheet.h"

#include "catalog/catalog_table.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WIDTH ((size_t)96) /* columns; the formats have half of it */
#define SPARE ((size_t)12)     /* columns that can be added to a sheet with rows */

void rs_sheet_release(struct rs_sheet *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->rows[i]);
    }
    free(s->rows);
    free(s->columns);
    rs_catalog_pool_release(&s->pool);
    *s = (struct rs_sheet){.count = 0};
}

enum rs_status rs_sheet_keep(struct rs_sheet *s, const char *text, const char **out,
                             struct rs_error *err)
{
    *out = NULL;
    return text != NULL ? rs_catalog_pool_text(&s->pool, text, strlen(text), NULL, out, err)
                        : RS_OK;
}

enum rs_status rs_sheet_init(struct rs_sheet *s, const char *kind, const char *const *columns,
                             size_t count, struct rs_error *err)
{
    size_t index = 0;
    *s = (struct rs_sheet){.count = 0};
    s->columns = calloc(MAX_WIDTH, sizeof(*s->columns));
    enum rs_status rc = s->columns != NULL ? rs_sheet_keep(s, kind, &s->kind, err)
                                           : rs_fail(err, RS_ENOMEM, "out of memory for a catalog");
    for (size_t i = 0; i < count && rc == RS_OK; i++) {
        rc = rs_sheet_add_column(s, columns[i], &index, err);
    }
    if (rc != RS_OK) {
        rs_sheet_release(s);
    }
    return rc;
}

size_t rs_sheet_column(const struct rs_sheet *s, const char *name)
{
    for (size_t i = 0; i < s->width; i++) {
        if (strcmp(s->columns[i], name) == 0) {
            return i;
        }
    }
    return RS_SHEET_NONE;
}

enum rs_status rs_sheet_add_column(struct rs_sheet *s, const char *name, size_t *out,
                                   struct rs_error *err)
{
    *out = rs_sheet_column(s, name);
    if (*out != RS_SHEET_NONE) {
        return RS_OK;
    }
    if (s->width == MAX_WIDTH || (s->stride > 0 && s->width == s->stride)) {
        return rs_fail(err, RS_EINPUT, "too many columns for '%.64s'", name);
    }
    enum rs_status rc = rs_sheet_keep(s, name, &s->columns[s->width], err);
    if (rc == RS_OK) {
        *out = s->width++;
    }
    return rc;
}

/* Where the key is, or where it belongs. */
static size_t position(const struct rs_sheet *s, const char *key)
{
    size_t low = 0, high = s->count;
    if (high > 0 && strcmp(s->rows[high - 1][s->key].text, key) < 0) {
        return high; /* sorted input comes in at the end */
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(s->rows[middle][s->key].text, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct rs_sheet_cell *rs_sheet_find(const struct rs_sheet *s, const char *key)
{
    size_t at = position(s, key);
    return at < s->count && strcmp(s->rows[at][s->key].text, key) == 0 ? s->rows[at] : NULL;
}

static enum rs_status grow(struct rs_sheet *s, struct rs_error *err)
{
    size_t capacity = s->capacity == 0 ? 256 : 2 * s->capacity;
    if (s->count < s->capacity) {
        return RS_OK;
    }
    if (s->count >= RS_CATALOG_ROW_LIMIT) {
        return rs_fail(err, RS_EINPUT, "more than %zu rows", RS_CATALOG_ROW_LIMIT);
    }
    struct rs_sheet_cell **grown = realloc(s->rows, capacity * sizeof(struct rs_sheet_cell *));
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu rows", capacity);
    }
    s->rows = grown;
    s->capacity = capacity;
    return RS_OK;
}

enum rs_status rs_sheet_row(struct rs_sheet *s, const char *key, struct rs_sheet_cell **out,
                            bool *fresh, struct rs_error *err)
{
    size_t at = position(s, key);
    *fresh = at == s->count || strcmp(s->rows[at][s->key].text, key) != 0;
    if (!*fresh) {
        *out = s->rows[at];
        return RS_OK;
    }
    enum rs_status rc = grow(s, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (s->stride == 0) { /* rows do not move: room for the columns of a newer format */
        s->stride = s->width + SPARE < MAX_WIDTH ? s->width + SPARE : MAX_WIDTH;
    }
    struct rs_sheet_cell *row = calloc(s->stride, sizeof(*row));
    if (row == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a row");
    }
    row[s->key].kind = RS_CELL_IS_TEXT;
    rc = rs_sheet_keep(s, key, &row[s->key].text, err);
    if (rc != RS_OK) {
        free(row);
        return rc;
    }
    memmove(&s->rows[at + 1], &s->rows[at], (s->count - at) * sizeof(struct rs_sheet_cell *));
    s->rows[at] = row;
    s->count++;
    *out = row;
    return RS_OK;
}

enum rs_status rs_sheet_set_number(struct rs_sheet *s, struct rs_sheet_cell *row,
                                   const char *column, double value, struct rs_error *err)
{
    size_t at = 0;
    enum rs_status rc = rs_sheet_add_column(s, column, &at, err);
    if (rc == RS_OK) {
        row[at] = isnan(value) ? (struct rs_sheet_cell){RS_CELL_IS_NULL, 0, NULL}
                               : (struct rs_sheet_cell){RS_CELL_IS_NUMBER, value, NULL};
    }
    return rc;
}

enum rs_status rs_sheet_set_text(struct rs_sheet *s, struct rs_sheet_cell *row, const char *column,
                                 const char *text, struct rs_error *err)
{
    size_t at = 0;
    const char *kept = NULL;
    enum rs_status rc = rs_sheet_add_column(s, column, &at, err);
    if (rc == RS_OK && text != NULL) {
        rc = rs_catalog_pool_text(&s->pool, text, strlen(text), row[at].text, &kept, err);
    }
    if (rc == RS_OK) {
        row[at] = (struct rs_sheet_cell){kept != NULL ? RS_CELL_IS_TEXT : RS_CELL_IS_NULL, 0, kept};
    }
    return rc;
}

double rs_sheet_number(const struct rs_sheet *s, const struct rs_sheet_cell *row,
                       const char *column)
{
    size_t at = rs_sheet_column(s, column);
    return at != RS_SHEET_NONE && row[at].kind == RS_CELL_IS_NUMBER ? row[at].number : NAN;
}

const char *rs_sheet_text(const struct rs_sheet *s, const struct rs_sheet_cell *row,
                          const char *column)
{
    size_t at = rs_sheet_column(s, column);
    return at != RS_SHEET_NONE && row[at].kind == RS_CELL_IS_TEXT ? row[at].text : NULL;
}

const char *rs_sheet_key(const struct rs_sheet *s, size_t row)
{
    return s->rows[row][s->key].text;
}

bool rs_sheet_same(const struct rs_sheet_cell *a, const struct rs_sheet_cell *b)
{
    return a->kind == b->kind && (a->text == NULL || strcmp(a->text, b->text) == 0) &&
           (a->kind != RS_CELL_IS_NUMBER || !(a->number < b->number || a->number > b->number));
}

void rs_sheet_cell_write(const struct rs_sheet_cell *cell, struct rs_buffer *out)
{
    char number[RS_NUMBER_TEXT];
    if (cell->kind == RS_CELL_IS_TEXT) {
        rs_text_json(out, cell->text);
    } else if (cell->kind == RS_CELL_IS_NUMBER) {
        rs_number_format(cell->number, number);
        rs_buffer_text(out, number);
    } else {
        rs_buffer_text(out, cell->kind == RS_CELL_IS_OTHER ? cell->text : "null");
    }
}

static void write_head(const struct rs_sheet *s, struct rs_buffer *out)
{
    const struct {
        const char *key, *value;
    } members[] = {
        {"kind", s->kind},         {"provider", s->provider}, {"region", s->region},
        {"currency", s->currency}, {"date", s->date},         {"source", s->source},
    };
    rs_buffer_printf(out, "{\"format\": \"%s\",\n\"version\": %d", RS_CATALOG_FORMAT,
                     RS_CATALOG_VERSION);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (members[i].value != NULL) {
            rs_buffer_printf(out, ",\n\"%s\": ", members[i].key);
            rs_text_json(out, members[i].value);
        }
    }
}

void rs_sheet_write(const struct rs_sheet *s, struct rs_buffer *out)
{
    write_head(s, out);
    rs_buffer_text(out, ",\n\"columns\": [");
    for (size_t c = 0; c < s->width; c++) {
        rs_buffer_text(out, c > 0 ? ", " : "");
        rs_text_json(out, s->columns[c]);
    }
    rs_buffer_text(out, "],\n\"rows\": [");
    for (size_t i = 0; i < s->count; i++) {
        rs_buffer_text(out, i > 0 ? ",\n" : "\n");
        for (size_t c = 0; c < s->width; c++) {
            rs_buffer_char(out, c > 0 ? ',' : '[');
            rs_sheet_cell_write(&s->rows[i][c], out);
        }
        rs_buffer_char(out, ']');
    }
    rs_buffer_text(out, "\n]}\n");
}
