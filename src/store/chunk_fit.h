/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_fit.h - whether the values of a chunk are integers over one divisor. */
#ifndef STORE_CHUNK_FIT_H
#define STORE_CHUNK_FIT_H

#include <stddef.h>
#include <stdint.h>

#define RS_FIT_WHOLE 2251799813685248.0 /* 2^51: halves are exact below it */

struct rs_fit { /* all values at one divisor */
    int64_t low, high;
    uint64_t factor; /* divides every difference; 0: there is none */
    int64_t rest_low, rest_high;
};

/* The nearest integer, without a call. */
static inline int64_t rs_fit_nearest(double scaled)
{
    return (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5));
}

/* How many values, from the first, are k / divisor but for a rest (chunk_model.h), |k| below
 * RS_FIT_WHOLE; all: *out says how. */
size_t rs_fit(const double *values, size_t count, double divisor, struct rs_fit *out);
/* The same on a processor without wide vectors; for tests. */
size_t rs_fit_plain(const double *values, size_t count, double divisor, struct rs_fit *out);

uint64_t rs_fit_common_divisor(uint64_t a, uint64_t b);

#endif
