/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quantile.h - quantiles of a finite sample (level 2, pure: no files, no globals).
 *
 * Rule: x sorted ascending, h = (count - 1) * q, i = floor(h): (1 - d) x[i] + d x[i+1], d = h - i,
 * held within [min, max] of the sample, so that a flat series gives exactly its value.
 * Source: GSL reference manual, "Median and Percentiles"; the same rule is type 7 of
 * Hyndman & Fan, "Sample Quantiles in Statistical Packages", Am. Statistician 50 (1996).
 *
 * A quantile reads two of the sorted values, so rs_quantiles_of finds only those (stats/select.h
 * says how, and why the bits are those of a full sort) and lets GSL interpolate. One pass counts,
 * one collects; both run in the widest vectors of the CPU, and every width gives the same bytes.
 */
#ifndef RIGHTSIZE_QUANTILE_H
#define RIGHTSIZE_QUANTILE_H

#include "rightsize/status.h"

#include <stddef.h>

/*
 * Memory that one series after the other is worked on in; it only grows. One thread at a time.
 * Zeroed is initialised. 30 bytes a sample and 15 KiB.
 */
struct rs_workspace {
    void *memory; /* owned */
    size_t slots; /* the largest series there is room for */
    int variant;  /* for tests: which vectors to use, see stats/kernel.h */
};

void rs_workspace_init(struct rs_workspace *work);
void rs_workspace_release(struct rs_workspace *work);

struct rs_extent {
    double min, max; /* INFINITY, -INFINITY when nothing is present; never -0.0 */
    size_t count;    /* values present */
};

/* Gaps are passed over, infinite values taken like any other. In the widest vectors of the CPU. */
void rs_extent_measure(const double *values, size_t count, struct rs_extent *out);
/* out[i] = factor values[i]. */
void rs_values_scale(const double *values, size_t count, double factor, double *out);
/* out[i] = a[i] + b[i]; where only one of them is there, it stands. No value is infinite. */
void rs_values_add(const double *a, const double *b, size_t count, double *out);
/* The first value at or above `least`; count: there is none. */
size_t rs_values_reach(const double *values, size_t count, double least);

enum { RS_QUANTILES_MOST = 16 };

/*
 * Quantiles of the values that are not NaN (gaps), without allocating once `work` is large enough.
 * values     any order; borrowed and not changed.
 * fractions  1..RS_QUANTILES_MOST of 0 <= q <= 1, any order; out[i] answers fractions[i].
 * RS_ENODATA  no value is left.
 * RS_EINPUT   a value is infinite, or a fraction outside 0..1.
 * RS_ENOMEM   no memory for the workspace.
 */
RS_CHECKED enum rs_status rs_quantiles_of(struct rs_workspace *work, const double *values,
                                          size_t count, const double *fractions,
                                          size_t fraction_count, double *out, struct rs_error *err);

/* One sorted copy for any number of quantiles; slower than rs_quantiles_of up to some hundred. */
struct rs_sorted {
    double *values; /* ascending; owned */
    size_t count;   /* > 0 after success */
};

/*
 * Take the values that are not NaN (gaps) in ascending order.
 * RS_ENODATA  none is left.
 * RS_EINPUT   a value is infinite.
 * RS_ENOMEM   no memory for two copies (count * 16 bytes).
 */
RS_CHECKED enum rs_status rs_sorted_of(const double *values, size_t count, struct rs_sorted *out,
                                       struct rs_error *err);
void rs_sorted_release(struct rs_sorted *sorted);

/*
 * q  fraction, 0 <= q <= 1 (0.95 is the 95th percentile; 95 is refused with RS_EINPUT).
 */
RS_CHECKED enum rs_status rs_quantile(const struct rs_sorted *sorted, double q, double *out,
                                      struct rs_error *err);

#endif
