/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * leak.h - memory that only climbs until something drops it, over and over (level 2, pure).
 *
 * The hourly means are split at restarts: a fall within two hours of at least a tenth of the level
 * and at least half of what was climbed since the last one. Every stretch of at least
 * RS_LEAK_HOURS must climb: Mann-Kendall at p <= 0.01 on means of three hours, paired by the hour
 * of the day so that a daily pattern is no climb (coarser for long stretches: trend.h); by at least
 * the caller's material amount; and not slow down, as a cache does that fills: the second half of
 * it at no less than a third of the pace of the whole. Stretches that are judged must cover at
 * least 3/5 of the hours; without any restart, a stretch must last RS_LEAK_ALONE_HOURS.
 */
#ifndef RIGHTSIZE_LEAK_H
#define RIGHTSIZE_LEAK_H

#include "rightsize/hours.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

#define RS_LEAK_HOURS 72        /* a climb within three days may be the days' own rhythm */
#define RS_LEAK_ALONE_HOURS 144 /* six days: shorter, a week's rhythm climbs as well */

struct rs_leak {
    bool suspected;
    size_t restarts; /* in the hours read */
    size_t climbs;   /* stretches long enough to be judged */
    /* Only where a leak is suspected; else NaN, 1 and -1. */
    double per_day;   /* pace: mean over the climbs, weighted by their length */
    double climbed;   /* by the highest climb, from its first to its last hour */
    double p;         /* the highest over the climbs */
    double last;      /* level at the end: mean of the last three hours that have one */
    int64_t from, to; /* of the climbs; 0 where none is suspected */
    int64_t full_at;  /* when `limit` is reached from `last` at this pace; -1: not, or unknown */
};

/*
 * material  least climb of a stretch, in the series' unit, > 0.
 * limit     what there is; NaN: unknown.
 * Judging ends with the first stretch that does not climb. RS_ENODATA: no stretch is long enough;
 * RS_EINPUT: material is not above 0; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_leak_of(const struct rs_hours *hours, double material, double limit,
                                     struct rs_leak *out, struct rs_error *err);

#endif
