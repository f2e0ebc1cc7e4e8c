/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hours.h - a series read by the hour and by the day, which is what its shape is judged on:
 * trend.h, season.h, steps.h, leak.h and quiet.h (level 2, pure).
 *
 * Only the last RS_MAX_DAYS days are read: what was before says little of what is to come.
 */
#ifndef RIGHTSIZE_HOURS_H
#define RIGHTSIZE_HOURS_H

#include "rightsize/series.h"
#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_HOUR_SECONDS 3600
#define RS_MAX_DAYS 98      /* 14 weeks */
#define RS_DAY_HOURS_MIN 18 /* of the hours of a day: with fewer it has no level */

struct rs_hours {
    int64_t from; /* start of hour 0, a multiple of 3600 */
    size_t count; /* the first and the last hour hold a sample */
    double *mean; /* of the samples in each hour; NaN: none; owned */
    double *max;  /* the highest of them; within the block of `mean` */
};

void rs_hours_init(struct rs_hours *hours);
/*
 * RS_ENODATA  no sample, or a step above an hour: then there is nothing to see within a day.
 * RS_EINPUT   an infinite sample.
 * RS_ENOMEM
 */
RS_CHECKED enum rs_status rs_hours_of(const struct rs_series *series, struct rs_hours *out,
                                      struct rs_error *err);
void rs_hours_release(struct rs_hours *hours); /* a zeroed struct is fine */

struct rs_days {
    int64_t from; /* start of day 0: any hour, since days are counted back from the last hour */
    size_t count; /* whole days, up to RS_MAX_DAYS; may be 0 */
    double level[RS_MAX_DAYS]; /* mean of the day's hourly means; NaN: too few hours */
};

/* Counted back from the end, so that no day is cut short because the window ends at noon. */
void rs_days_of(const struct rs_hours *hours, struct rs_days *out);

int rs_hour_of_day(int64_t at); /* 0..23 UTC */
int rs_weekday(int64_t at);     /* 0 = Monday .. 6 = Sunday, UTC */

#endif
