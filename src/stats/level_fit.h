/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * level_fit.h - levels of days as a mean of each weekday plus steps, by least squares.
 */
#ifndef RIGHTSIZE_STATS_LEVEL_FIT_H
#define RIGHTSIZE_STATS_LEVEL_FIT_H

#include "rightsize/steps.h"

#include <stdbool.h>

enum { RS_LEVEL_PERIOD = 7 };

struct rs_level_fit {
    size_t period;            /* RS_LEVEL_PERIOD, or 1: weekdays are not told apart */
    size_t present;           /* days with a level */
    double size;              /* of the largest level */
    size_t count;             /* steps in the model */
    size_t day[RS_MAX_STEPS]; /* ascending; first of the new level */
    double delta[RS_MAX_STEPS];
    double weight[RS_MAX_STEPS];  /* variance of delta = that of the noise / weight */
    double left;                  /* sum of squares that the model leaves */
    double residual[RS_MAX_DAYS]; /* NaN where there is no level */
    double level;                 /* before the first step, weekdays weighing alike */
};

/*
 * Fits the steps at day[0..count-1] to the levels of `days`. False: they cannot be told apart from
 * the weekdays or each other; then only residual and left are of use, as of no step.
 */
bool rs_level_fit(const struct rs_days *days, struct rs_level_fit *fit);
/* Sum of squares that a straight line leaves, with the fit's weekdays or without (period 1). */
double rs_level_line(const struct rs_days *days, size_t period);
/* How much a step at `day` would take off fit->left, about; 0: it is none. */
double rs_level_gain(const struct rs_days *days, const struct rs_level_fit *fit, size_t day);

#endif
