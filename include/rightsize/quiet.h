/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quiet.h - hours that recur each working day or each weekend and were idle every time (level 2,
 * pure).
 *
 * An hour of the day (UTC) is quiet on working days (Monday to Friday) if the highest sample of
 * that hour over all of them is at or below the threshold; the same on Saturdays and Sundays. One
 * busy hour in the whole window makes an hour busy. Hours without samples speak neither way, but
 * enough of each kind must have been seen.
 */
#ifndef RIGHTSIZE_QUIET_H
#define RIGHTSIZE_QUIET_H

#include "rightsize/hours.h"
#include "rightsize/status.h"

#include <stddef.h>

#define RS_QUIET_DAYS 7     /* of data, or nothing can be said to recur */
#define RS_QUIET_WORKDAYS 4 /* an hour must have been seen on so many working days ... */
#define RS_QUIET_WEEKENDS 2 /* ... and days of weekends, to be quiet */
#define RS_QUIET_TEXT 64

struct rs_quiet_run { /* the longest run of quiet hours of such days, around midnight if need be */
    int start;        /* 0..23 UTC */
    int hours;        /* 0: there is none; 24: all day */
    double highest;   /* sample within it; 0 if there is none */
};

struct rs_quiet {
    struct rs_quiet_run workday, weekend;
    int hours_per_week; /* 5 workday.hours + 2 weekend.hours */
};

/*
 * threshold  in the series' unit. Runs shorter than `min_hours` (1..24) count as none.
 * RS_ENODATA: the data spans less than 7 days; RS_EINPUT: min_hours out of range.
 */
RS_CHECKED enum rs_status rs_quiet_of(const struct rs_hours *hours, double threshold, int min_hours,
                                      struct rs_quiet *out, struct rs_error *err);

/* Is the hour that begins at `at` within a run? */
bool rs_quiet_holds(const struct rs_quiet *quiet, int64_t at);

/* "Mon-Fri 20:00-06:00, Sat-Sun all day UTC"; "" if there is no quiet hour. */
void rs_quiet_text(const struct rs_quiet *quiet, char out[static RS_QUIET_TEXT]);

#endif
