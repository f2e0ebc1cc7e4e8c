/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape_world.h - made-up hours and the vectors of numpy, for the tests of what has a shape. */
#ifndef SHAPE_WORLD_H
#define SHAPE_WORLD_H

#include "../support/check.h"
#include "rightsize/hours.h"

#include <stdbool.h>
#include <stdlib.h>

#define MONDAY INT64_C(1794787200) /* 2026-11-16T00:00:00Z */
#define MAX_HOURS (RS_MAX_DAYS * 24)

struct shape_hours {
    double mean[MAX_HOURS], max[MAX_HOURS];
    struct rs_hours hours;
};

/* `count` hours from MONDAY on, each 0. */
static inline void shape_begin(struct shape_hours *s, size_t count)
{
    *s = (struct shape_hours){.hours = {MONDAY, count, NULL, NULL}};
    s->hours.mean = s->mean;
    s->hours.max = s->max;
}

static inline double shape_uniform(uint64_t *seed)
{
    return ((double)(check_random(seed) >> 11) + 0.5) * 0x1p-53;
}

static inline double shape_normal(uint64_t *seed) /* Box-Muller */
{
    double radius = sqrt(-2.0 * log(shape_uniform(seed)));
    return radius * cos(6.283185307179586 * shape_uniform(seed));
}

/* Adds noise of variance 1 whose neighbours are correlated by `phi`, and takes max from mean. */
static inline void shape_noise(struct shape_hours *s, double phi, double size, uint64_t *seed)
{
    double x = shape_normal(seed);
    for (size_t i = 0; i < s->hours.count; i++) {
        x = phi * x + sqrt(1.0 - phi * phi) * shape_normal(seed);
        s->mean[i] += size * x;
        s->max[i] = s->mean[i];
    }
}

/* Hour of the week, 0 = Monday 00:00. */
static inline bool shape_is_work(size_t hour)
{
    return hour % 168 < 5 * 24 && hour % 24 >= 8 && hour % 24 < 18;
}

static inline size_t shape_numbers(char *text, double *out, size_t limit)
{
    size_t n = 0;
    for (char *end = text; n < limit; text = end) {
        double value = strtod(text, &end);
        if (end == text) {
            break;
        }
        out[n++] = value;
    }
    return n;
}

/* One row of the vectors for `kind`: `answers` of what is wanted and up to MAX_HOURS values. */
typedef void shape_row_fn(const double *answers, const double *values, size_t count);

static inline size_t shape_each_vector(const char *kind, size_t answers, shape_row_fn *fn)
{
    static char line[1 << 18];
    static double values[MAX_HOURS];
    double want[8];
    size_t rows = 0, length = strlen(kind);
    FILE *file = fopen("tests/vectors/shape.csv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        char *comma = strchr(line, ',');
        if (strncmp(line, kind, length) != 0 || line[length] != ' ' || comma == NULL) {
            continue;
        }
        assert_int_equal(shape_numbers(line + length, want, COUNT_OF(want)), answers);
        fn(want, values, shape_numbers(comma + 1, values, MAX_HOURS));
        rows++;
    }
    fclose(file);
    return rows;
}

/* As near as two programs that sum in another order come: relative, beside an absolute part. */
#define check_close(got, want, tolerance) check_near(got, want, (tolerance) * (1.0 + fabs(want)))

#endif
