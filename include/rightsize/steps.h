/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steps.h - changes of level that stay, such as after a deployment (level 2, pure).
 *
 * The levels of days (hours.h) are fitted by least squares as one level and up to a step for each
 * ten days; with 14 days or more together with a mean of each weekday, so that a weekly pattern is
 * no step. Steps are added where they take most off what is left, then all are judged together:
 * each by Student's t with what the fit leaves as noise, made wider for the likeness of
 * neighbouring days (trend.h) and p multiplied by the number of places that were weighed
 * (Bonferroni); the least certain goes until all have p <= alpha. The steps must explain the days
 * better than a line. Each side holds at least two days, so a spike is none. The instant is the
 * hour at which the absolute deviations from both levels are least in sum, daily or weekly profile
 * removed. At least 3/5 of the change must lie between the 24 hours before and after it, which
 * tells a step from a drift. With less than 14 days a weekend cannot be told from a step: what
 * falls from Friday noon to Saturday noon, or from Sunday noon to Monday noon (UTC), is then no
 * step.
 *
 * Source: the likelihood-ratio test of a shift in the mean, Hawkins, "Testing a sequence of
 * observations for a shift in location", J. Am. Stat. Assoc. 72 (1977); the partial regression of
 * Frisch & Waugh, Econometrica 1 (1933).
 */
#ifndef RIGHTSIZE_STEPS_H
#define RIGHTSIZE_STEPS_H

#include "rightsize/hours.h"
#include "rightsize/status.h"

#include <stddef.h>

#define RS_MAX_STEPS 3
#define RS_STEP_DAYS_MIN 6   /* whole days with data, or no step can be told */
#define RS_STEP_SIDE_DAYS 2  /* with data, on either side */
#define RS_STEP_WEEK_DAYS 14 /* from here on weekdays are compared with themselves */

struct rs_step {
    int64_t at; /* first hour of the new level */
    double before, after;
    double p; /* of chance alone */
};

/*
 * The steps with p <= alpha, by instant; *count may be 0. None is looked for where the levels of
 * all days lie within less than `least`, in the series' unit: a step between less than two weeks of
 * them is no higher. RS_ENODATA: fewer than 6 whole days with
 * data; RS_EINPUT: alpha outside 0..1.
 */
RS_CHECKED enum rs_status rs_steps_of(const struct rs_hours *hours, double alpha, double least,
                                      struct rs_step out[static RS_MAX_STEPS], size_t *count,
                                      struct rs_error *err);

#endif
