/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accumulate.h - samples that arrive in any order, put together a series at a time (private to
 * source). Memory is flat: all that is held goes to the sink when RS_HELD_MAX samples are. Series
 * that seem to be over go before, where their step is known.
 */
#ifndef RIGHTSIZE_SOURCE_ACCUMULATE_H
#define RIGHTSIZE_SOURCE_ACCUMULATE_H

#include "rightsize/source.h"
#include "source/gaps.h"
#include "source/names.h"

#define RS_HELD_MAX ((size_t)1 << 19)
/* The same where many series come by turns, so that what goes to the store of each is worth it. */
#define RS_HELD_WIDE ((size_t)1 << 21)
#define RS_HELD_TURNS 8 /* a series that has no sample in an eighth of them seems to be over */
#define RS_SERIES_MAX                                                                              \
    ((size_t)1 << 22) /* of one input: a hundred thousand hosts have half that                     \
                       */

enum rs_step_rule {
    RS_STEP_GIVEN,  /* each series has the step it was opened with */
    RS_STEP_COMMON, /* one step for the input, told by the commonest gap between its stamps */
    RS_STEP_EACH,  /* as given; of those opened with 0 the gap that is clearly the usual one of that
                      series, or else the commonest of the input */
    RS_STEP_NATIVE /* as given, but a series whose stamps all lie 300 s apart has that step */
};

struct rs_origin { /* of the samples that follow; borrowed for the call */
    const char *resource;
    enum rs_resource_kind kind;
    const char *account, *region; /* or NULL */
};

struct rs_held_series;
struct rs_held;
struct rs_holder;

struct rs_accumulator {
    /* set by the caller after init */
    const struct rs_sink *sink;
    struct rs_tally *tally;
    const char *provider; /* or NULL; borrowed */
    enum rs_step_rule rule;
    int64_t step;    /* RS_STEP_COMMON, RS_STEP_EACH: 0 until it was told */
    size_t held_max; /* RS_HELD_MAX; tests take less */
    size_t wide_max; /* 0, or up to where held_max may double while series are many */
    /* private */
    struct rs_names resources;
    struct rs_holder *holders;
    size_t holder_capacity, series_count;
    struct rs_held_series *dirty; /* series that hold samples, newest first */
    size_t dirty_count;
    size_t held, fresh;    /* samples; fresh: of this turn */
    uint32_t turn;         /* between two sweeps */
    bool scattered;        /* series come back: no more sweeps */
    struct rs_gaps gaps;   /* RS_STEP_EACH: of the first part of each series */
    struct rs_held *spare; /* free for use again, so many samples in all */
    size_t spare_samples;
    bool lone; /* RS_STEP_NATIVE: some total stood alone, so that its step is a guess */
};

void rs_accumulate_init(struct rs_accumulator *acc, const struct rs_sink *sink,
                        struct rs_tally *tally);
void rs_accumulate_release(struct rs_accumulator *acc);

/*
 * The series of a resource, made when new; valid until release. RS_EINPUT: too many of them.
 */
RS_CHECKED enum rs_status rs_accumulate_series(struct rs_accumulator *acc,
                                               const struct rs_origin *origin,
                                               enum rs_metric metric, enum rs_statistic statistic,
                                               int64_t step, struct rs_held_series **out,
                                               struct rs_error *err);
/*
 * One more sample. Of samples of one instant the greatest weight counts, among equals the last.
 * May hand on what is held; RS_EINPUT: RS_STEP_COMMON finds no step.
 */
RS_CHECKED enum rs_status rs_accumulate_add(struct rs_accumulator *acc,
                                            struct rs_held_series *series, int64_t at, double value,
                                            float weight, struct rs_error *err);
/* As so many calls with weight 0. */
RS_CHECKED enum rs_status rs_accumulate_add_many(struct rs_accumulator *acc,
                                                 struct rs_held_series *series, const int64_t *at,
                                                 const double *values, size_t count,
                                                 struct rs_error *err);
/*
 * Whether the series holds samples and `count` more of any that do can be added without anything
 * being handed on: then the order of series is of no account.
 */
bool rs_accumulate_is_calm(const struct rs_accumulator *acc, const struct rs_held_series *series,
                           size_t count);
/* Hand on all that is held. */
RS_CHECKED enum rs_status rs_accumulate_flush(struct rs_accumulator *acc, struct rs_error *err);

#endif
