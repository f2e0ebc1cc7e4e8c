/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/held.h"

#include "source/names.h"

#include <stdlib.h>
#include <string.h>

struct sample { /* to be sorted */
    int64_t at;
    double value;
    float weight;
    uint32_t arrival;
};

void rs_held_free(struct rs_held *held)
{
    if (held != NULL) {
        free(held->at);
        free(held->values);
        free(held->weights);
        free(held);
    }
}

void rs_held_clear(struct rs_held *held)
{
    free(held->weights);
    held->weights = NULL;
    held->weight_capacity = 0;
    held->count = 0;
}

static enum rs_status reserve(struct rs_held *held, size_t need, struct rs_error *err)
{
    enum rs_status rc =
        rs_array_reserve(&held->at, &held->at_capacity, need, sizeof(*held->at), err);
    if (rc == RS_OK) {
        rc = rs_array_reserve(&held->values, &held->value_capacity, need, sizeof(*held->values),
                              err);
    }
    return rc;
}

/* Weights for `need` samples; those that none was told for are 0. */
static enum rs_status reserve_weights(struct rs_held *held, size_t need, struct rs_error *err)
{
    size_t known = held->weights == NULL ? 0 : held->count;
    enum rs_status rc =
        rs_array_reserve(&held->weights, &held->weight_capacity, need, sizeof(*held->weights), err);
    if (rc == RS_OK) {
        memset(held->weights + known, 0, (need - known) * sizeof(*held->weights));
    }
    return rc;
}

enum rs_status rs_held_add(struct rs_held *held, int64_t at, double value, float weight,
                           struct rs_error *err)
{
    size_t n = held->count;
    enum rs_status rc = RS_OK;
    if (n >= held->at_capacity || n >= held->value_capacity) {
        rc = reserve(held, n + 1, err);
    }
    if (rc == RS_OK && (held->weights != NULL || weight != 0.0F)) {
        rc = reserve_weights(held, n + 1, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (held->weights != NULL) {
        held->weights[n] = weight;
    }
    held->at[n] = at;
    held->values[n] = value;
    held->count++;
    return RS_OK;
}

enum rs_status rs_held_add_many(struct rs_held *held, const int64_t *at, const double *values,
                                size_t count, struct rs_error *err)
{
    size_t n = held->count;
    enum rs_status rc = reserve(held, n + count, err);
    if (rc == RS_OK && held->weights != NULL) {
        rc = reserve_weights(held, n + count, err);
    }
    if (rc == RS_OK) {
        memcpy(held->at + n, at, count * sizeof(*at));
        memcpy(held->values + n, values, count * sizeof(*values));
        held->count += count;
    }
    return rc;
}

static int by_instant(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    if (a->weight != b->weight) {
        return a->weight < b->weight ? -1 : 1;
    }
    return a->arrival < b->arrival ? -1 : 1;
}

static enum rs_status sort(struct rs_held *held, struct rs_error *err)
{
    size_t kept = 0;
    struct sample *s = calloc(held->count, sizeof(*s));
    if (s == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", held->count);
    }
    for (size_t i = 0; i < held->count; i++) {
        float weight = held->weights != NULL ? held->weights[i] : 0.0F;
        s[i] = (struct sample){held->at[i], held->values[i], weight, (uint32_t)i};
    }
    qsort(s, held->count, sizeof(*s), by_instant);
    for (size_t i = 0; i < held->count; i++) {
        if (i + 1 == held->count || s[i + 1].at != s[i].at) {
            held->at[kept] = s[i].at;
            held->values[kept++] = s[i].value;
        }
    }
    held->count = kept;
    free(s);
    return RS_OK;
}

static void reverse(struct rs_held *held)
{
    for (size_t i = 0, j = held->count - 1; i < j; i++, j--) {
        int64_t at = held->at[i];
        double value = held->values[i];
        held->at[i] = held->at[j];
        held->at[j] = at;
        held->values[i] = held->values[j];
        held->values[j] = value;
    }
}

__extension__ typedef uint64_t words __attribute__((vector_size(16)));

/* +1: each later than the one before; -1: each earlier; 0: neither. Instants are far from the ends
 * of 64 bits, so that the sign of a difference is its order. */
static int direction(const int64_t *at, size_t count)
{
    const uint64_t sign = (uint64_t)1 << 63;
    words not_rising = {0, 0}, falling = {sign, sign};
    size_t i = 1;
    for (; i + 2 <= count; i += 2) {
        words here, before;
        memcpy(&here, at + i, sizeof(here));
        memcpy(&before, at + i - 1, sizeof(before));
        not_rising |= here - before - 1;
        falling &= here - before;
    }
    uint64_t up = not_rising[0] | not_rising[1];
    uint64_t down = falling[0] & falling[1];
    for (; i < count; i++) {
        uint64_t step = (uint64_t)at[i] - (uint64_t)at[i - 1];
        up |= step - 1;
        down &= step;
    }
    return (up & sign) == 0 ? 1 : (down & sign) != 0 ? -1 : 0;
}

enum rs_status rs_held_settle(struct rs_held *held, struct rs_error *err)
{
    int way = direction(held->at, held->count);
    if (held->count < 2 || way > 0) {
        return RS_OK;
    }
    if (way == 0) {
        return sort(held, err);
    }
    reverse(held); /* newest first, as CloudWatch answers */
    return RS_OK;
}
