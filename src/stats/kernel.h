/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel.h - the loops that see every sample, once for each vector width (private to stats).
 *
 * All variants give the same bytes: minimum, maximum, counts and labels do not depend on the order
 * of the operations, and each sum of `fold` is exact. NaN is a gap and passes through every loop.
 */
#ifndef RIGHTSIZE_STATS_KERNEL_H
#define RIGHTSIZE_STATS_KERNEL_H

#include "rightsize/quantile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Label of a value: 0 for a gap and all up to offset + base, then buckets of 2^shift images. */
struct rs_scale {
    double offset, base; /* base >= 0, of the distance to `offset` */
    uint64_t origin;     /* bits of base - (2^shift - 1) */
    int shift;
};

/*
 * Labels lie four to a word, 16 bits each: label t of word w stands for value
 * w / lanes * 4 * lanes + t * lanes + w % lanes. Past the last value they are 0.
 */
enum { RS_LABELS = 4, RS_LANES_MOST = 8 };

/* Maxima of so many columns, to which the values are dealt in turn. */
enum { RS_COLUMNS = 64 };

/* How many roundings take a sample apart before it is summed; see mean.h. */
enum { RS_FOLDS = 3 };

struct rs_kernel {
    const char *name;
    size_t lanes;
    void (*extent)(const double *values, size_t count, struct rs_extent *out);
    double (*highest)(const double *values, size_t count); /* -INFINITY: none; never -0.0 */
    size_t (*label)(const double *values, size_t count, const struct rs_scale *scale,
                    uint64_t *words); /* the words written */
    /* totals[b] += the sum of 4 counters, `stride` apart; it must fit into 16 bits. */
    void (*merge)(const uint16_t *counts, size_t stride, size_t buckets, uint32_t *totals);
    /*
     * Adds to sums[f] the bits of what steps[f] rounds from each value, which are those of
     * steps[f] and an integer more. Returns how many values were taken, with the padding's zeros.
     */
    size_t (*fold)(const double *values, size_t count, const double steps[RS_FOLDS], int folds,
                   uint64_t sums[RS_FOLDS]);
    void (*columns)(const double *values, size_t count, double maxima[RS_COLUMNS]);
    /* A value that at least `wanted` of the maxima reach, and few more; -INFINITY: none is found */
    double (*bound)(const double maxima[RS_COLUMNS], size_t wanted);
    /* Where the values at or above `least` stand, ascending. Returns how many there are. */
    size_t (*reach)(const double *values, size_t count, double least, uint32_t *where);
    /*
     * out[n] = the value that n others are lower than; of equal ones only the first n is written.
     * Both have room up to a multiple of `lanes`; what lies between is overwritten.
     */
    void (*order)(double *values, size_t count, double *out);
    /*
     * The mean, summed from first to last, and the highest of each of `count` runs of `length`;
     * NaN: nothing is present. False: a sum is infinite.
     */
    bool (*runs)(const double *values, size_t count, size_t length, double *mean, double *max);
    size_t (*find)(const double *values, size_t count, double least); /* count: none reaches it */
    size_t (*end)(const double *values, size_t count); /* one past the last value; 0: none */
    size_t (*above)(const double *values, size_t count, double limit);
    void (*scaled)(const double *values, size_t count, double factor, double *out);
    void (*sums)(const double *a, const double *b, size_t count, double *out); /* quantile.h */
};

/* The widest that this CPU has for 0; else variant 1.. as named below, NULL if it has not. */
enum rs_variant {
    RS_VARIANT_BEST,
    RS_VARIANT_PLAIN,
    RS_VARIANT_SSE2,
    RS_VARIANT_AVX2,
    RS_VARIANT_AVX512,
    RS_VARIANT_COUNT
};
const struct rs_kernel *rs_kernel_of(enum rs_variant variant);

#endif
