/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trend.h - does a short row of values rise or fall, and how fast (level 2, pure).
 *
 * Test: Mann-Kendall, S = sum over pairs i < j of sign(x[j] - x[i]), variance corrected for ties,
 * z = (S - sign S) / sd. With a period of 7, only values of the same weekday are paired, so that a
 * weekly pattern is no trend: S and its variance are summed over the weekdays.
 * Slope: the median of (x[j] - x[i]) / (j - i) over the same pairs, with Sen's interval.
 * Neighbouring values are alike, which makes chance look like a trend: the variance is multiplied
 * by n / n* = 1 + 2 sum (1 - k / n) r^k, r the lag-1 correlation of what the line (and the season's
 * means) leave, corrected for its bias as (1 + n r) / (n - 4) and held within 0..0.9.
 *
 * Sources: Kendall, "Rank Correlation Methods" (1975); Sen, J. Am. Stat. Assoc. 63 (1968); Hirsch,
 * Slack & Smith, Water Resources Res. 18 (1982); Yue & Wang, Water Resour. Manag. 18 (2004);
 * Gilbert, "Statistical Methods for Environmental Pollution Monitoring" (1987), ch. 16.
 */
#ifndef RIGHTSIZE_TREND_H
#define RIGHTSIZE_TREND_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_TREND_MAX 128  /* values: every pair is looked at */
#define RS_TREND_PERIOD 8 /* the longest period */

struct rs_trend {
    size_t count;     /* values that are not gaps */
    double slope;     /* per value, in the values' unit */
    double low, high; /* 95 % interval of the slope */
    double p;         /* of chance alone, two-sided: 0..1; 1 for a constant */
    double inflation; /* n / n*, 1 for independent values */
    double level;     /* of the line at the last slot: median of x[i] + slope (count - 1 - i) */
};

/*
 * values  one a time unit, NaN = gap; at most RS_TREND_MAX.
 * period  1, or the length of a season to compare like with like in; at most RS_TREND_PERIOD.
 * RS_ENODATA: fewer than 4 values, or no pair; RS_EINPUT: too many values, an infinite one, or a
 * period out of range; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_trend_of(const double *values, size_t count, size_t period,
                                      struct rs_trend *out, struct rs_error *err);

/*
 * Whether rs_trend_of may find a rise with p <= alpha < 1. False is certain: neighbours that are
 * alike only make it less sure. Told in a small part of the time.
 */
bool rs_trend_may_rise(const double *values, size_t count, size_t period, double alpha);

/* n / n* of n residuals in a row (NaN = gap), as above. At least 1; 1 for fewer than 6. */
double rs_trend_inflation(const double *residuals, size_t count);

#endif
