/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trace.h - the samples of one metric, whatever their statistics and steps, on one grid.
 *
 * Steps up to 300 s are read on a 300 s grid, as Compute Optimizer reads them; only when there is
 * nothing so fine, the finest there is.
 */
#ifndef RIGHTSIZE_ADVISE_TRACE_H
#define RIGHTSIZE_ADVISE_TRACE_H

#include "rightsize/recommend.h"

#define RS_GRID 300

struct rs_reading {
    enum rs_metric metric;
    enum rs_statistic order[3]; /* most wanted first */
    double offset, scale, cap;  /* use = offset + scale * sample, held within 0..cap */
    bool mean;                  /* of the samples of a slot; else their maximum */
    struct rs_window window;    /* a sample counts when its start is within */
};

struct rs_choice {
    enum rs_statistic statistic;
    int64_t step;
    int64_t measured; /* seconds that the longest series of it covers; 0: there is none */
};

/*
 * The statistic to read: the first of the order that covers at least half of what the best of them
 * covers, so that a few maxima do not hide two weeks of averages.
 */
struct rs_choice rs_trace_choose(const struct rs_workload *work, const struct rs_reading *reading);
/*
 * The series of choice.statistic on the grid choice.step, or of a coarser one; those with longer
 * steps are left out, and several are combined slot by slot by maximum. choice.measured > 0.
 * RS_EINPUT: an infinite sample; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_trace_build(const struct rs_workload *work,
                                         const struct rs_reading *reading,
                                         const struct rs_choice *choice, struct rs_series *out,
                                         struct rs_error *err);
/* into += from, slot by slot; where only one has a value, it stands. Same step. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_trace_add(struct rs_series *into, const struct rs_series *from,
                                       struct rs_error *err);

#endif
