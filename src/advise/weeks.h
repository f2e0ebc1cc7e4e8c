/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * weeks.h - a window as whole weeks, counted back from its end: week 0 is its last seven days.
 */
#ifndef RIGHTSIZE_ADVISE_WEEKS_H
#define RIGHTSIZE_ADVISE_WEEKS_H

#include "rightsize/summary.h"

#include <stddef.h>

#define RS_WEEK ((int64_t)7 * RS_DAY_SECONDS)
#define RS_MAX_WEEKS 58 /* the longest look-back */

/*
 * The quantile `q` of each of the last `weeks` weeks on its own: the highest of them and its first
 * instant. Over a month, a percentile of the whole may let pass hours that all fall into one week.
 * *found false: those weeks hold no sample, and the outputs are left alone.
 */
RS_CHECKED enum rs_status rs_weeks_quantile(struct rs_workspace *work,
                                            const struct rs_series *trace, int64_t to, int weeks,
                                            double q, bool *found, double *out, int64_t *at,
                                            struct rs_error *err);

/* Whether week 0 holds all of a trace. */
bool rs_weeks_is_one(const struct rs_series *trace, int64_t to);

/* The highest sample of each week, NaN for a week without one; returns how many weeks there are. */
size_t rs_weeks_peaks(const struct rs_series *trace, int64_t to, double peaks[RS_MAX_WEEKS]);

#endif
