/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaps.h - the step of a series, told by the gaps between its stamps (private to source). */
#ifndef RIGHTSIZE_SOURCE_GAPS_H
#define RIGHTSIZE_SOURCE_GAPS_H

#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_GAPS_MAX 512

struct rs_gaps { /* zeroed is empty */
    int64_t gap[RS_GAPS_MAX];
    int64_t times[RS_GAPS_MAX];
    size_t count;
};

/* One gap in seconds; those beyond RS_GAPS_MAX different ones are not counted. 0 is passed over. */
void rs_gaps_add(struct rs_gaps *gaps, int64_t gap);
/* All between `length` stamps in ascending order. */
void rs_gaps_add_all(struct rs_gaps *gaps, const int64_t *at, size_t length);

/*
 * The commonest gap, of equals the smaller. RS_EINPUT: no gap at all, or one that is no valid step;
 * with the remedy --step.
 */
RS_CHECKED enum rs_status rs_gaps_step(const struct rs_gaps *gaps, int64_t *step,
                                       struct rs_error *err);

/* All that `from` counted, as well. */
void rs_gaps_merge(struct rs_gaps *gaps, const struct rs_gaps *from);

/* The gap that was met three times at least and more often than all others together, or 0. */
int64_t rs_gaps_clear(const struct rs_gaps *gaps);

/*
 * The smallest gap between `count` stamps in any order, which are sorted in place. RS_EINPUT as
 * above.
 */
RS_CHECKED enum rs_status rs_gaps_smallest(int64_t *at, size_t count, int64_t *step,
                                           struct rs_error *err);

#endif
