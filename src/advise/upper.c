/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/upper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 512, DROPPED_BITS = 45 }; /* a level is 1/128 of a power of two; the last is open */
#define WEEK 7

/* The slots of day block `block`: [*first, *end). */
static void block_slots(const struct rs_series *s, int64_t to, size_t block, size_t *first,
                        size_t *end)
{
    int64_t high = to - (int64_t)block * RS_DAY_SECONDS - s->from, low = high - RS_DAY_SECONDS;
    int64_t slots = (int64_t)s->slots;
    int64_t a = low > 0 ? (low + s->step - 1) / s->step : 0;
    int64_t b = high > 0 ? (high + s->step - 1) / s->step : 0;
    *end = (size_t)(b < slots ? b : slots);
    *first = (size_t)a < *end ? (size_t)a : *end;
}

static size_t count_present(const double *values, size_t first, size_t end)
{
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        n += isnan(values[i]) ? 0 : 1;
    }
    return n;
}

void rs_day_map_of(const struct rs_series *trace, int64_t to, int weeks, struct rs_day_map *out)
{
    *out = (struct rs_day_map){.count = 0};
    for (size_t b = 0; b < RS_BLOCKS; b++) {
        size_t first = 0, end = 0;
        out->index[b] = -1;
        block_slots(trace, to, b, &first, &end);
        if (count_present(trace->values, first, end) == 0) {
            continue;
        }
        out->index[b] = (int16_t)out->count++;
        out->blocks = b + 1;
        if (b / WEEK < (size_t)weeks) {
            out->in_week[b / WEEK]++;
            out->recent++;
        }
    }
}

/* The images of positive numbers are in their order. */
static uint64_t image_of(double value)
{
    uint64_t bits = 0;
    value += 0.0; /* -0.0 has another one */
    memcpy(&bits, &value, sizeof(bits));
    return bits >> DROPPED_BITS;
}

/* 0 for what is as high as the highest. */
static size_t level_of(double value, uint64_t top)
{
    uint64_t below = top - image_of(value);
    return below < LEVELS ? (size_t)below : LEVELS - 1;
}

struct scan {
    const struct rs_series *trace;
    int64_t to;
    const struct rs_day_map *map;
    size_t days;
};

static bool takes(const struct scan *scan, size_t block)
{
    return scan->map->index[block] >= 0 && (size_t)scan->map->index[block] < scan->days;
}

/* Counts the samples, and returns the highest. */
static double count_days(const struct scan *scan, struct rs_upper *out, double *highs)
{
    double highest = 0.0;
    for (size_t b = 0; b < scan->map->blocks; b++) {
        size_t first = 0, end = 0, n = 0;
        double high = 0.0;
        if (!takes(scan, b)) {
            continue;
        }
        block_slots(scan->trace, scan->to, b, &first, &end);
        for (size_t i = first; i < end; i++) {
            double value = scan->trace->values[i];
            n += isnan(value) ? 0 : 1;
            high = value > high ? value : high;
        }
        out->per_day[scan->map->index[b]] = (uint32_t)n;
        highs[scan->map->index[b]] = high;
        highest = high > highest ? high : highest;
    }
    return highest;
}

/* The last level that must be kept for `keep` samples; *count: of the samples up to it. */
static size_t choose_level(const struct scan *scan, uint64_t top, size_t keep, size_t *count)
{
    size_t counts[LEVELS] = {0}, level = 0;
    for (size_t b = 0; b < scan->map->blocks; b++) {
        size_t first = 0, end = 0;
        if (!takes(scan, b)) {
            continue;
        }
        block_slots(scan->trace, scan->to, b, &first, &end);
        for (size_t i = first; i < end; i++) {
            if (!isnan(scan->trace->values[i])) {
                counts[level_of(scan->trace->values[i], top)]++;
            }
        }
    }
    *count = counts[0];
    while (*count < keep && level + 1 < LEVELS) {
        *count += counts[++level];
    }
    return level;
}

static void collect(const struct scan *scan, uint64_t top, size_t level, struct rs_upper *out)
{
    for (size_t b = 0; b < scan->map->blocks; b++) {
        size_t first = 0, end = 0;
        if (!takes(scan, b)) {
            continue;
        }
        block_slots(scan->trace, scan->to, b, &first, &end);
        uint16_t day = (uint16_t)scan->map->index[b];
        for (size_t i = first; i < end; i++) {
            double value = scan->trace->values[i];
            if (!isnan(value) && level_of(value, top) <= level) {
                out->values[out->count++] = (struct rs_upper_value){value, day};
            }
        }
    }
}

static int descending(const void *left, const void *right)
{
    const struct rs_upper_value *a = left, *b = right;
    return a->value > b->value ? -1 : a->value < b->value ? 1 : 0;
}

enum rs_status rs_upper_of(const struct rs_series *trace, int64_t to, const struct rs_day_map *map,
                           size_t days, double q, size_t keep, struct rs_upper *out,
                           struct rs_error *err)
{
    struct scan scan = {trace, to, map, days};
    double highs[RS_BLOCKS];
    size_t count = 0, total = 0, level = 0;
    *out = (struct rs_upper){.values = NULL};
    uint64_t top = image_of(count_days(&scan, out, highs));
    for (size_t d = 0; d < days; d++) {
        total += out->per_day[d];
    }
    if (q < 1.0) {
        level = choose_level(&scan, top, keep, &count);
    } else {
        count = days;
    }
    out->values = calloc(count + 1, sizeof(*out->values));
    if (out->values == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", count);
    }
    if (q < 1.0) {
        collect(&scan, top, level, out);
        out->whole = count == total;
    }
    for (size_t d = 0; d < days && q >= 1.0; d++) {
        if (out->per_day[d] > 0) {
            out->values[out->count++] = (struct rs_upper_value){highs[d], (uint16_t)d};
        }
        out->whole = true;
    }
    qsort(out->values, out->count, sizeof(*out->values), descending);
    return RS_OK;
}

bool rs_upper_quantile(const struct rs_upper *upper, const uint16_t *weights, size_t days, double q,
                       double *out)
{
    uint64_t n = 0, seen = 0;
    for (size_t d = 0; d < days; d++) {
        n += (uint64_t)weights[d] * upper->per_day[d];
    }
    *out = NAN;
    if (n == 0) {
        return true;
    }
    double h = (double)(n - 1) * q, rank = floor(h), part = h - rank;
    uint64_t above = n - 1 - (uint64_t)rank; /* samples that rank higher than the lower one */
    double higher = NAN;
    for (size_t i = 0; i < upper->count; i++) {
        seen += weights[upper->values[i].day];
        if (above > 0 && isnan(higher) && seen >= above) {
            higher = upper->values[i].value;
        }
        if (seen > above) {
            double lower = upper->values[i].value;
            double mixed = above > 0 ? (1.0 - part) * lower + part * higher : lower;
            *out = above > 0 ? fmin(fmax(mixed, lower), higher) : lower;
            return true;
        }
    }
    return false;
}

void rs_upper_release(struct rs_upper *upper)
{
    free(upper->values);
    *upper = (struct rs_upper){.values = NULL};
}
