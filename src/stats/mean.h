/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mean.h - a mean whose bytes depend neither on the order of the samples nor on the CPU.
 *
 * Each sample is cut into two or three multiples of fixed steps, coarse to fine, so coarse that
 * their sums are exact in a double; only adding the sums and dividing rounds.
 * Source: J. Demmel, H. D. Nguyen, "Fast Reproducible Floating-Point Summation" (2013); the cut
 * is from S. Rump, T. Ogita, S. Oishi, "Accurate Floating-Point Summation" (2008).
 *
 * Error: 1 ulp of the exact mean for samples of one sign, to 2^26 of them; otherwise 1 ulp plus
 * 2^-68 of the largest magnitude.
 */
#ifndef RIGHTSIZE_STATS_MEAN_H
#define RIGHTSIZE_STATS_MEAN_H

#include "stats/kernel.h"

/* extent: of values, count > 0, finite. scratch: room for `slots` doubles, its content is lost. */
double rs_mean_of(const struct rs_kernel *kernel, const double *values, size_t slots,
                  const struct rs_extent *extent, double *scratch);

#endif
