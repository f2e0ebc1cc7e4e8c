/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quantile.h - quantiles of a finite sample (level 2, pure: no files, no globals).
 *
 * Rule: x sorted ascending, h = (count - 1) * q, i = floor(h): (1 - d) x[i] + d x[i+1], d = h - i,
 * held within [min, max] of the sample, so that a flat series gives exactly its value.
 * Source: GSL reference manual, "Median and Percentiles"; the same rule is type 7 of
 * Hyndman & Fan, "Sample Quantiles in Statistical Packages", Am. Statistician 50 (1996).
 */
#ifndef RIGHTSIZE_QUANTILE_H
#define RIGHTSIZE_QUANTILE_H

#include "rightsize/status.h"

#include <stddef.h>

/* One sorted copy serves every quantile of a sample. */
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
