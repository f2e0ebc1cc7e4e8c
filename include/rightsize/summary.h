/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.h - the figures kept of a series; pure (level 2). */
#ifndef RIGHTSIZE_SUMMARY_H
#define RIGHTSIZE_SUMMARY_H

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

/* RS_ENODATA: no sample; RS_EINPUT: q outside 0..1. The mean is GSL's gsl_stats_mean. */
RS_CHECKED enum rs_status rs_summary_of(const struct rs_series *series, double q,
                                        struct rs_summary *out, struct rs_error *err);
/* Share of the present samples that are above `limit`, 0..1; 0 for an empty series. */
double rs_series_share_above(const struct rs_series *series, double limit);

#endif
