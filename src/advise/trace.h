/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trace.h - the samples of one metric, whatever their statistics and steps, on one grid.
 *
 * Steps up to 300 s are read on a 300 s grid, as Compute Optimizer reads them; only when there is
 * nothing so fine, the finest there is.
 *
 * A series that already lies on the grid in the unit asked for is borrowed, one in another unit is
 * converted two samples at a time, and only what differs in step or has several series goes slot by
 * slot. One glance at each series says which, and counts its samples for all who ask.
 */
#ifndef RIGHTSIZE_ADVISE_TRACE_H
#define RIGHTSIZE_ADVISE_TRACE_H

#include "advise/arena.h"
#include "rightsize/recommend.h"

#define RS_GRID 300

struct rs_glance { /* at the slots [first, end) of a series; known false: none yet */
    size_t first, end;
    struct rs_extent extent; /* of them */
    bool known;
    bool plain; /* no sample is infinite or has a sign */
};

/* The series of a workload as they are read; all borrowed. */
struct rs_reader {
    const struct rs_workload *work;
    struct rs_arena *arena;    /* that traces are made in */
    struct rs_glance *glances; /* one a series; NULL: without memory for them */
    uint64_t metrics;          /* bit per enum rs_metric of which there is a series */
};
void rs_reader_init(struct rs_reader *reader, const struct rs_workload *work,
                    struct rs_arena *arena);

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
struct rs_choice rs_trace_choose(const struct rs_reader *reader, const struct rs_reading *reading);
/*
 * The series of choice.statistic on the grid choice.step, or of a coarser one; those with longer
 * steps are left out, and several are combined slot by slot by maximum. choice.measured > 0.
 * The values of *out are borrowed from the workload or from the arena: never release it. *extent
 * is theirs where that is known without another look, else its count is 0; it may be NULL.
 * RS_EINPUT: an infinite sample; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_trace_build(const struct rs_reader *reader,
                                         const struct rs_reading *reading,
                                         const struct rs_choice *choice, struct rs_series *out,
                                         struct rs_extent *extent, struct rs_error *err);
/*
 * a + b, slot by slot; where only one has a value, it stands. Same step. Borrowed from the arena;
 * *out may be a or b. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_trace_sum(const struct rs_reader *reader, const struct rs_series *a,
                                       const struct rs_series *b, struct rs_series *out,
                                       struct rs_error *err);
/* A copy that outlives the arena; the caller releases it. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_trace_keep(const struct rs_series *trace, struct rs_series *out,
                                        struct rs_error *err);

#endif
