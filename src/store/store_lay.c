/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/lay.h"

#include "store/store_private.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LATEST (RS_STORE_END - RS_DAY_SECONDS) /* no sample at or after it */
#define SCALE 40 /* offsets and steps have 17 bits each: the product with the inverse is exact */

struct look { /* what a batch is like: in the sign bits, that it is so somewhere */
    uint64_t unsound, falls, rises;
};

static enum rs_status name_fault(const struct rs_batch *batch, struct rs_error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->at[i] < 0 || batch->at[i] >= LATEST) {
            return rs_fail(err, RS_EINPUT, "'%s': instant %" PRId64 " is outside 1970..9999",
                           batch->resource, batch->at[i]);
        }
        if (!isfinite(batch->values[i])) {
            return rs_fail(err, RS_EINPUT, "'%s': sample %zu is not a finite number",
                           batch->resource, i);
        }
    }
    return RS_OK;
}

/* What the sign bits say of samples so far, in one lane or in two. */
#define LOOK(here, before, value)                                                                  \
    do {                                                                                           \
        unsound |= (here) | ((uint64_t)LATEST - 1 - (here));                                       \
        unsound |= ((value)&INT64_MAX) + ((uint64_t)1 << 52); /* not finite: carries over */       \
        falls |= (here) - (before);                                                                \
        rises |= (before) - (here);                                                                \
    } while (0)

__extension__ typedef uint64_t words __attribute__((vector_size(16)));

static uint64_t any_of(words w)
{
    return w[0] | w[1];
}

/* From the sample `*i` on, which has one before it; moves *i on. */
static struct look look_at_pairs(const struct rs_batch *batch, size_t *i)
{
    words unsound = {0, 0}, falls = unsound, rises = unsound;
    for (; *i + 2 <= batch->count; *i += 2) {
        words here, before, value;
        memcpy(&here, batch->at + *i, sizeof(here));
        memcpy(&before, batch->at + *i - 1, sizeof(before));
        memcpy(&value, batch->values + *i, sizeof(value));
        LOOK(here, before, value);
    }
    return (struct look){any_of(unsound), any_of(falls), any_of(rises)};
}

static struct look look_at(const struct rs_batch *batch)
{
    size_t i = 1;
    const struct look most = look_at_pairs(batch, &i);
    uint64_t unsound = most.unsound, falls = most.falls, rises = most.rises;
    for (size_t k = 0; k < batch->count; k = k == 0 ? i : k + 1) { /* the first, and the rest */
        uint64_t value, here = (uint64_t)batch->at[k];
        memcpy(&value, &batch->values[k], sizeof(value));
        LOOK(here, k == 0 ? here : (uint64_t)batch->at[k - 1], value);
    }
    return (struct look){unsound, falls, rises};
}

/*
 * The nearest multiple of the step lies on this day. As the step divides the day, the instant moved
 * by half a step falls on the same day as its slot: one division, and none to compare days.
 */
static int64_t day_of(int64_t at, int64_t step)
{
    return (at + step / 2) / RS_DAY_SECONDS;
}

struct place { /* of one sample; sorted by day, then by order in the batch */
    int64_t day;
    size_t index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

/* An order in which each day's samples are together. */
static enum rs_status order_by_day(const struct rs_batch *batch, size_t **out, struct rs_error *err)
{
    struct place *places = calloc(batch->count, sizeof(*places));
    size_t *order = calloc(batch->count, sizeof(*order));
    if (places == NULL || order == NULL) {
        free(places);
        free(order);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", batch->count);
    }
    for (size_t i = 0; i < batch->count; i++) {
        places[i] = (struct place){day_of(batch->at[i], batch->step), i};
    }
    qsort(places, batch->count, sizeof(*places), compare_places);
    for (size_t i = 0; i < batch->count; i++) {
        order[i] = places[i].index;
    }
    free(places);
    *out = order;
    return RS_OK;
}

enum rs_status rs_lay_begin(struct rs_lay *lay, const struct rs_batch *batch, struct rs_error *err)
{
    if (!rs_step_is_valid(batch->step)) {
        return rs_fail(err, RS_EINPUT, "'%s': a step of %" PRId64 " s does not divide a day",
                       batch->resource, batch->step);
    }
    *lay = (struct rs_lay){.batch = batch,
                           .inverse = ((uint64_t)1 << SCALE) / (uint64_t)batch->step + 1};
    const struct look look = look_at(batch);
    if (look.unsound >> 63 != 0) {
        return name_fault(batch, err);
    }
    /* One way round, the samples of a day are together. */
    return (look.falls & look.rises) >> 63 == 0 ? RS_OK : order_by_day(batch, &lay->order, err);
}

void rs_lay_end(struct rs_lay *lay)
{
    free(lay->order);
    lay->order = NULL;
}

bool rs_lay_next(struct rs_lay *lay, double *given, struct rs_laid_day *out)
{
    const struct rs_batch *batch = lay->batch;
    const size_t *order = lay->order, first = lay->next;
    if (first >= batch->count) {
        return false;
    }
    int64_t day = day_of(batch->at[order == NULL ? first : order[first]], batch->step);
    int64_t start = day * RS_DAY_SECONDS, low = start - batch->step / 2, merged = 0;
    size_t slots = (size_t)(RS_DAY_SECONDS / batch->step), k = first;
    uint64_t lowest = slots, highest = 0;
    for (size_t i = 0; i < slots; i++) {
        given[i] = NAN;
    }
    for (; k < batch->count; k++) {
        size_t i = order == NULL ? k : order[k];
        uint64_t offset = (uint64_t)(batch->at[i] - low);
        if (offset >= RS_DAY_SECONDS) {
            break;
        }
        uint64_t slot = offset * lay->inverse >> SCALE;
        merged += isnan(given[slot]) ? 0 : 1;
        given[slot] = batch->values[i];
        lowest = slot < lowest ? slot : lowest;
        highest = slot > highest ? slot : highest;
    }
    *out = (struct rs_laid_day){.day = day,
                                .first_at = start + (int64_t)lowest * batch->step,
                                .last_at = start + (int64_t)highest * batch->step,
                                .count = (int64_t)(k - first) - merged,
                                .merged = merged};
    lay->next = k;
    return true;
}
