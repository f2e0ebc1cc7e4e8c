/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step_hour.h - the hour of a step that is known to the day. */
#ifndef RIGHTSIZE_STATS_STEP_HOUR_H
#define RIGHTSIZE_STATS_STEP_HOUR_H

#include "stats/level_fit.h"

/*
 * Index of the first hour of the new level of step `i`, and in *abrupt which part of the step lies
 * between the 24 hours before it and the 24 hours after; NaN if that cannot be told.
 */
size_t rs_step_hour(const struct rs_hours *hours, const struct rs_days *days,
                    const struct rs_level_fit *fit, size_t i, double *abrupt);

#endif
