/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/column.h"

#include <math.h>
#include <stdlib.h>

enum { MARKS = 64, LEAST_STRIDE = 32 };

struct pair {
    double value;
    uint32_t offer;
};

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->value != b->value) {
        return a->value < b->value ? -1 : 1;
    }
    return a->offer < b->offer ? -1 : 1;
}

/* Widest first, so that each part is aligned by those before it. False: no memory. */
static bool column_alloc(struct rs_column *column)
{
    size_t count = column->count, words = rs_set_words(count);
    if (count > UINT32_MAX / MARKS) { /* no size below can overflow */
        return false;
    }
    size_t stride = count / MARKS + 1, each = sizeof(double) + sizeof(uint32_t);
    column->stride = stride > LEAST_STRIDE ? stride : LEAST_STRIDE;
    size_t sets = (1 + count / column->stride) * words;
    column->memory = calloc(1, sets * sizeof(uint64_t) + (count + 1) * each);
    if (column->memory == NULL) {
        return false;
    }
    void *part = column->memory;
    column->unknown = part;
    column->marks = column->unknown + words;
    part = column->unknown + sets;
    column->values = part;
    part = column->values + count;
    column->order = part;
    return true;
}

static void column_fill(struct rs_column *column, const struct pair *pairs)
{
    size_t words = rs_set_words(column->count), stride = column->stride;
    for (size_t i = 0; i < column->known; i++) {
        column->values[i] = pairs[i].value;
        column->order[i] = pairs[i].offer;
        for (size_t m = i / stride; m < column->known / stride; m++) {
            rs_set_add(column->marks + m * words, pairs[i].offer);
        }
    }
}

enum rs_status rs_column_make(const double *values, size_t count, struct rs_column *out,
                              struct rs_error *err)
{
    struct rs_column column = {.count = count};
    struct pair *pairs = calloc(count + 1, sizeof(*pairs));
    if (pairs == NULL || !column_alloc(&column)) {
        free(pairs);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i])) {
            rs_set_add(column.unknown, i);
        } else {
            pairs[column.known++] = (struct pair){values[i], (uint32_t)i};
        }
    }
    qsort(pairs, column.known, sizeof(*pairs), compare_pairs);
    column_fill(&column, pairs);
    free(pairs);
    *out = column;
    return RS_OK;
}

void rs_column_below(const struct rs_column *column, double least, uint64_t *out)
{
    size_t low = 0, high = column->known, words = rs_set_words(column->count);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool below = column->values[middle] < least;
        low = below ? middle + 1 : low;
        high = below ? high : middle;
    }
    size_t marked = low / column->stride;
    if (marked > 0) {
        memcpy(out, column->marks + (marked - 1) * words, words * sizeof(*out));
    } else {
        rs_set_clear(out, column->count);
    }
    for (size_t i = marked * column->stride; i < low; i++) {
        rs_set_add(out, column->order[i]);
    }
}

void rs_column_release(struct rs_column *column)
{
    free(column->memory);
    *column = (struct rs_column){.memory = NULL};
}
