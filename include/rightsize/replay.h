/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay.h - what would have been: the stored samples of a workload against the limits of a type,
 * and of all types; pure (level 3).
 */
#ifndef RIGHTSIZE_REPLAY_H
#define RIGHTSIZE_REPLAY_H

#include "rightsize/recommend.h"

/* What a workload asked for, sample by sample; read once, held against any number of types. */
struct rs_traces {
    struct rs_series demand[RS_DIM_COUNT];   /* in the dimension's unit; no slot: not measured */
    struct rs_summary summary[RS_DIM_COUNT]; /* of those measured */
    struct rs_series use;                    /* mean vCPUs in use, for CPU credits */
    double use_mean;                         /* NaN: not measured */
};

/*
 * The samples of workload->window, read as rs_recommend reads them. `own` is the type that they
 * were measured on, which with the resource's tags tells what a percentage is of. The caller
 * releases *out. RS_EINPUT: an infinite sample; RS_ENOMEM; *out needs no release then.
 */
RS_CHECKED enum rs_status rs_traces_read(const struct rs_workload *workload,
                                         const struct rs_offer *own, struct rs_traces *out,
                                         struct rs_error *err);
void rs_traces_release(struct rs_traces *traces);
bool rs_traces_has(const struct rs_traces *traces, enum rs_dimension d);

/*
 * One dimension on one type. A sample is short when its demand exceeds the capacity. A burstable
 * type is short of CPU also while it is held to its baseline without credits (credits.h); a flex
 * type while it exceeds its baseline, if it does so on average; `throttled` says that this is the
 * larger part, and the figures are then of the mean use against the baseline.
 */
struct rs_shortfall {
    bool known; /* measured, and the type's capacity is known; else all below but demand is none */
    bool throttled;
    double capacity; /* in the dimension's unit */
    size_t samples, short_samples;
    double share;                  /* short_samples / samples; NaN: not known */
    double depth;                  /* highest demand / capacity, whether above 1 or not */
    int64_t first_at, worst_at;    /* first short, deepest short; -1: never short */
    int64_t longest, longest_from; /* the longest run short, seconds; a gap ends a run */
};

struct rs_replay {
    const struct rs_offer *offer;
    struct rs_shortfall dimension[RS_DIM_COUNT];
    bool credits_known;    /* burstable, and the catalog knows its baseline */
    double lowest_credits; /* NaN: not known */
    int64_t lowest_credits_at;
};

/*
 * speed: what a vCPU of the offer counts in vCPUs of the type measured (rs_policy_speed); the
 * capacity of CPU is told in the latter. unlimited: without credits it is not held to its baseline
 * (rs_policy_unlimited). RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_replay_offer(const struct rs_traces *traces,
                                          const struct rs_offer *offer, double speed,
                                          bool unlimited, struct rs_replay *out,
                                          struct rs_error *err);

#define RS_SHORT_SHARE 0.01 /* of the time: what CPU, network and disks may be short */
/*
 * Is it short in earnest? Memory at all, for a process that lacks it dies; anything else in more
 * than RS_SHORT_SHARE of its samples.
 */
bool rs_shortfall_counts(const struct rs_shortfall *shortfall, enum rs_dimension d);
bool rs_replay_is_short(const struct rs_replay *replay); /* in any dimension */

struct rs_simulation { /* a workload moved to another type */
    struct rs_window window;
    struct rs_traces traces;
    struct rs_replay now, then;
    double monthly_now, monthly_then; /* NaN: no price */
    unsigned differences;             /* enum rs_difference */
    const char *migration_effort;
    double speed;        /* a vCPU of the new type counts as so many of today's */
    const char *refusal; /* the gate or limit for which the policy would not offer it, or NULL */
};

/*
 * `own` is the workload's type and `offer` the other one. The caller releases *out.
 * RS_ENODATA: no samples of CPU in the window; RS_EINPUT, RS_ENOMEM as above.
 */
RS_CHECKED enum rs_status rs_simulate(const struct rs_workload *workload,
                                      const struct rs_offer *own, const struct rs_offer *offer,
                                      const struct rs_policy *policy, struct rs_simulation *out,
                                      struct rs_error *err);
void rs_simulation_release(struct rs_simulation *simulation);
/* Of the new type; of CPU in vCPUs of today's. */
double rs_simulation_capacity(const struct rs_simulation *simulation, enum rs_dimension d);

/*
 * What came of the last change of type within the window. A sample is short where its demand
 * exceeds the limit of the type that it ran on; CPU and memory where they exceed 95 % of it, for a
 * machine cannot be seen to use more than it has. In earnest is as for rs_shortfall_counts. `from`
 * is NULL where there was no change, or the earlier type is not in the catalog. RS_EINPUT,
 * RS_ENOMEM as above.
 */
RS_CHECKED enum rs_status rs_resize_judge(const struct rs_workload *workload,
                                          const struct rs_catalog *catalog, struct rs_resize *out,
                                          struct rs_error *err);

struct rs_curve_point {
    const struct rs_offer *offer;
    double monthly_price;
    double share[RS_DIM_COUNT]; /* of the time short; NaN: not measured, or no limit is known */
    double worst;               /* the highest of them */
    bool current;               /* today's type, which is listed on the frontier or not */
};

/*
 * The types that pass the gates of machine and policy, as price against time short: those to which
 * no cheaper or equally cheap type is less short, by price, and today's type.
 */
struct rs_curve {
    struct rs_curve_point *points; /* owned; by price, then by name */
    size_t count;
    size_t judged; /* types that were held against the samples */
};

/*
 * Memory that was not measured must not shrink; a type of which a limit is unknown that is known of
 * today's, or a burstable one without figures of its credits, cannot be judged and is left out.
 * RS_ENODATA, RS_EINPUT, RS_ENOMEM as above. The caller releases *out.
 */
RS_CHECKED enum rs_status rs_curve_draw(const struct rs_workload *workload,
                                        const struct rs_catalog *catalog,
                                        const struct rs_policy *policy, struct rs_curve *out,
                                        struct rs_error *err);
void rs_curve_release(struct rs_curve *curve);

#endif
