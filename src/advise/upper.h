/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * upper.h - the upper end of a trace, sorted once, for the quantiles of many mixtures of its days.
 */
#ifndef RIGHTSIZE_ADVISE_UPPER_H
#define RIGHTSIZE_ADVISE_UPPER_H

#include "rightsize/series.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_BLOCKS                                                                                  \
    408 /* days of 24 hours, counted back from the window's end: the longest window                \
         */

struct rs_day_map {           /* those that have samples, the newest is 0 */
    size_t count, recent;     /* all, and those of the weeks asked for */
    size_t in_week[58];       /* of each of those weeks */
    int16_t index[RS_BLOCKS]; /* by block: the day, or -1 */
    size_t blocks;
};
/* `weeks` last weeks are the recent ones, at most 57. */
void rs_day_map_of(const struct rs_series *trace, int64_t to, int weeks, struct rs_day_map *out);

struct rs_upper_value {
    double value;
    uint16_t day;
};

struct rs_upper {
    struct rs_upper_value *values; /* the highest of the trace, descending; owned */
    size_t count;
    bool whole;                  /* all of them */
    uint32_t per_day[RS_BLOCKS]; /* samples */
};

/*
 * The trace's samples on the days 0 .. days - 1: at least `keep` of them (all, when there are no
 * more), and where q is 1, which needs no more, the highest of each day. No sample may be negative.
 * RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_upper_of(const struct rs_series *trace, int64_t to,
                                      const struct rs_day_map *map, size_t days, double q,
                                      size_t keep, struct rs_upper *out, struct rs_error *err);
/*
 * rs_quantile of the samples with each day repeated weights[day] times. False: the values kept do
 * not reach so far down, which does not happen when they are the whole. *out is NaN when no sample
 * was drawn.
 */
bool rs_upper_quantile(const struct rs_upper *upper, const uint16_t *weights, size_t days, double q,
                       double *out);
void rs_upper_release(struct rs_upper *upper); /* a zeroed one is fine */

#endif
