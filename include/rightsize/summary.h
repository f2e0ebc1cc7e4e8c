/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.h - the figures kept of a series; pure (level 2). */
#ifndef RIGHTSIZE_SUMMARY_H
#define RIGHTSIZE_SUMMARY_H

#include "rightsize/quantile.h"
#include "rightsize/series.h"
#include "rightsize/status.h"

struct rs_summary {
    size_t count;    /* samples present */
    double coverage; /* count / slots of the series, 0..1 */
    double min, mean, max;
    double p50, p90, p95, p99, p995;
    double quantile;           /* the one asked for */
    int64_t max_at;            /* instant of the (first) maximum */
    int64_t quantile_at;       /* instant of the first sample at or above `quantile` */
    int64_t first_at, last_at; /* first and last sample */
};

/*
 * RS_ENODATA: no sample; RS_EINPUT: q outside 0..1, or a sample is infinite; RS_ENOMEM.
 * The mean is within 1 ulp of the exact one for samples of one sign (to 2^26 of them), else within
 * 1 ulp and 2^-68 of the largest magnitude; no order of the samples changes it. Zeros of min, max
 * and mean have no sign. `work` saves the allocation where many series are summed up.
 */
RS_CHECKED enum rs_status rs_summary_with(struct rs_workspace *work, const struct rs_series *series,
                                          double q, struct rs_summary *out, struct rs_error *err);
/*
 * As rs_summary_with, but of the quantiles only *q, or none where q is NULL. What is not asked for
 * is NaN, its instant -1. `known` is the extent of the series, finite and of a sample at least, or
 * NULL: then it is measured.
 */
RS_CHECKED enum rs_status rs_summary_brief(struct rs_workspace *work,
                                           const struct rs_series *series,
                                           const struct rs_extent *known, const double *q,
                                           struct rs_summary *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_summary_of(const struct rs_series *series, double q,
                                        struct rs_summary *out, struct rs_error *err);
/* Share of the present samples that are above `limit`, 0..1; 0 for an empty series. */
double rs_series_share_above(const struct rs_series *series, double limit);

#endif
