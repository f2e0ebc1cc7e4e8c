/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * season.h - does the load follow the hour of the day, or the day of the week (level 2, pure).
 *
 * Strength: 1 - (SSW / (N - k)) / (SST / (N - 1)), SSW about the k means of the hours of the day
 * (24) or of the week (168), SST about the mean of all: the adjusted R^2, near 0 for noise. p,
 * daily: two-way analysis of variance of hours x days, days as replicates; F has 23 e and 23 e
 * (days - 1) degrees of freedom, where e corrects for the likeness of neighbouring hours
 * (Greenhouse & Geisser, "On methods in the analysis of profile data", Psychometrika 24 (1959);
 * Box, Ann. Math. Stat. 25 (1954)). It is careful: with few days e is estimated too low. p, weekly:
 * the same of weekdays x weeks on means of days; there e is not estimated but 1/2.
 */
#ifndef RIGHTSIZE_SEASON_H
#define RIGHTSIZE_SEASON_H

#include "rightsize/hours.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_DAILY_DAYS 3   /* fewer cannot tell a pattern from an event */
#define RS_WEEKLY_WEEKS 2 /* whole ones, 14 days */

/*
 * What a pattern must be to be of use; 0: anything. Where high - low is less, strength is told as
 * 0, and where either is less, p as 1: they take more than all else.
 */
struct rs_season_least {
    double amplitude, strength;
};

struct rs_daily {
    size_t days;     /* used: those with at least 22 hours */
    double strength; /* 0..1 */
    double p;        /* of chance alone */
    int peak_hour;   /* 0..23 UTC, of the profile */
    int trough_hour;
    double high, low;   /* of the profile; amplitude = high - low */
    double profile[24]; /* mean of each UTC hour, days weighing alike */
};

/*
 * workdays  only days whose middle falls on Monday to Friday: an office's quiet weekends would hide
 *           the rhythm of a single week.
 * RS_ENODATA: fewer than 3 such days, counted back from the last hour: it cannot be told.
 */
RS_CHECKED enum rs_status rs_daily_of(const struct rs_hours *hours, bool workdays,
                                      struct rs_season_least least, struct rs_daily *out,
                                      struct rs_error *err);

struct rs_weekly {
    size_t weeks;          /* used: those with at least 18 hours of each weekday */
    double strength;       /* of the hour of the week, 0..1 */
    double strength_daily; /* of the hour of the day over the same hours */
    double p;
    int peak_day; /* 0 = Monday .. 6 = Sunday, UTC */
    int trough_day;
    double high, low;  /* of `profile` */
    double profile[7]; /* mean of each weekday */
};

/* RS_ENODATA: fewer than 2 whole weeks, counted back from the last hour: it cannot be told. */
RS_CHECKED enum rs_status rs_weekly_of(const struct rs_hours *hours, struct rs_season_least least,
                                       struct rs_weekly *out, struct rs_error *err);

#endif
