/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recommend.h - from a workload to a finding with its proof and up to RS_MAX_OPTIONS offers, a pure
 * function of samples, catalog and policy (level 3).
 */
#ifndef RIGHTSIZE_RECOMMEND_H
#define RIGHTSIZE_RECOMMEND_H

#include "rightsize/catalog.h"
#include "rightsize/policy.h"
#include "rightsize/resource.h"
#include "rightsize/series.h"
#include "rightsize/status.h"
#include "rightsize/summary.h"

#include <stdbool.h>

enum rs_dimension {
    RS_DIM_CPU,         /* vCPUs */
    RS_DIM_MEMORY,      /* bytes */
    RS_DIM_NET_IN,      /* bytes per second */
    RS_DIM_NET_OUT,     /* bytes per second */
    RS_DIM_NET_PACKETS, /* packets per second, in plus out */
    RS_DIM_EBS_BYTES,   /* bytes per second, read plus write */
    RS_DIM_EBS_OPS,     /* operations per second, read plus write */
    RS_DIM_DISK_BYTES,  /* instance store */
    RS_DIM_DISK_OPS,
    RS_DIM_GPU,        /* cards of the machine's model */
    RS_DIM_GPU_MEMORY, /* bytes of one card, for no card lends another its memory */
    RS_DIM_COUNT
};

struct rs_dimension_info {
    const char *name;         /* "cpu", "memory", "network_in", ... as in the JSON */
    const char *title;        /* "CPU", "memory", "network in", ... */
    const char *unit;         /* "vcpus", "bytes", "bytes/s", "packets/s", "ops/s", "gpus" */
    const char *under, *over; /* Compute Optimizer's reason codes */
    bool kills;               /* who lacks it dies; of anything else there is less a second */
};
const struct rs_dimension_info *rs_dimension_info(enum rs_dimension d);
/* What an offer has: baseline figures; NaN = unknown. */
double rs_offer_capacity(const struct rs_offer *offer, enum rs_dimension d);
/*
 * What a vCPU of `to` counts in vCPUs of `from`, as the policy's cpu.speed wants it: the ratio of
 * their scores, no more than 1 under "guard", 1 under "off" or where a score is unknown.
 */
double rs_policy_speed(const struct rs_policy *policy, const struct rs_offer *from,
                       const struct rs_offer *to);
/* Does the policy run it in unlimited mode: burst.mode says so, and it is a T2, T3, T3a or T4g. */
bool rs_policy_unlimited(const struct rs_policy *policy, const struct rs_offer *offer);

struct rs_demand {      /* of one dimension; all numbers in the dimension's unit, NaN = unknown */
    bool known;         /* measured */
    const char *metric; /* "cpu_percent" or "ebs_read_bytes_per_s + ebs_write_bytes_per_s" */
    const char *statistic; /* "max" or "avg" or "sum_rate": which series was used */
    int64_t step;          /* of the grid it was read on: 300 */
    double percentile;     /* 0..100, the policy's */
    double headroom;       /* the policy's */
    double used;           /* the percentile of use */
    double need;           /* used / (1 - headroom) */
    double mean, peak;     /* over the window */
    int64_t used_at;       /* first sample at or above `used`, the proof */
    int64_t peak_at;
    size_t samples;
    double coverage;            /* samples / slots of the window */
    double capacity;            /* of the current type; NaN: unknown */
    double need_low, need_high; /* 90 % of the bootstrap's needs lie between; NaN: not asked for */
};

enum rs_finding {
    RS_FINDING_UNDER_PROVISIONED,
    RS_FINDING_OVER_PROVISIONED,
    RS_FINDING_OPTIMIZED,
    RS_FINDING_IDLE,
    RS_FINDING_UNKNOWN,
    RS_FINDING_COUNT
};
const char *rs_finding_name(enum rs_finding f); /* "UNDER_PROVISIONED", ... */
bool rs_finding_by_name(const char *name, enum rs_finding *out);

enum rs_confidence { RS_CONFIDENCE_LOW, RS_CONFIDENCE_MEDIUM, RS_CONFIDENCE_HIGH };
const char *rs_confidence_name(enum rs_confidence c); /* "low", "medium", "high" */

struct rs_reason {
    const char *code; /* "CPUOverprovisioned" */
    enum rs_dimension dimension;
    double value; /* what is needed */
    double limit; /* what the current type has (under), what the best option has (over) */
    double used;  /* the percentile behind `value` */
    int64_t at;   /* the instant that proves it */
};

enum rs_difference { /* Compute Optimizer's platform differences, bits */
                     RS_DIFFERS_ARCHITECTURE = 1 << 0,
                     RS_DIFFERS_HYPERVISOR = 1 << 1,
                     RS_DIFFERS_INSTANCE_STORE = 1 << 2,
                     RS_DIFFERS_NETWORK_INTERFACE = 1 << 3,
                     RS_DIFFERS_STORAGE_INTERFACE = 1 << 4,
                     RS_DIFFERS_VIRTUALIZATION = 1 << 5
};
const char *rs_difference_name(unsigned one_bit); /* "Architecture", ... */

#define RS_MAX_OPTIONS 10

struct rs_option_offer { /* one ranked option */
    const struct rs_offer *offer;
    double monthly_price;                /* with monthly_surplus */
    double monthly_saving, saving_share; /* negative when dearer */
    double monthly_charge; /* for crowding, in the ranking only; 0: the policy has none */
    double utilisation[RS_DIM_COUNT]; /* projected: used / capacity, 0..; NaN: unknown */
    double peak_utilisation[RS_DIM_COUNT];
    /*
     * 0 (always enough) .. 4 (very likely short), Compute Optimizer's scale; it does not publish
     * its formula. Ours is made of `chance` and of `short_share` times depth: a chance of 5, 20,
     * 50, 100 % counts 1, 2, 3, 4 (half of that where a lack only delays, as of CPU), and 0.1, 0.5,
     * 1, 5 % of the time short count 1, 2, 3, 4; any lack of memory at least 3. Exactly as in
     * src/advise/risk.h. NaN: not measured, or the capacity is unknown.
     */
    double risk[RS_DIM_COUNT];
    double performance_risk;   /* the highest of the known ones */
    enum rs_dimension binding; /* the resource nearest to its limit */
    unsigned differences;
    const char *migration_effort; /* "VeryLow", "Low", "Medium", "High" */
    double lowest_credits;        /* burstable: lowest simulated balance; NaN otherwise */
    int64_t lowest_credits_at;
    double short_share[RS_DIM_COUNT]; /* of the samples above the capacity, 0..1; NaN: unknown */
    double chance[RS_DIM_COUNT];      /* that next week exceeds the capacity, 0..1; NaN: unknown */
    double above_baseline[RS_DIM_COUNT]; /* of the samples that live on bursting; NaN: no bursts */
    double throttled_share;              /* standard mode: of the time without credits; NaN */
    double monthly_surplus;              /* unlimited mode: what surplus credits cost; NaN */
    double speed;                        /* of a vCPU, relative to the current type's; NaN */
    double monthly_reserved_1y, monthly_reserved_3y, monthly_spot; /* NaN: not in the catalog */
};

/* "very low" below 0.5, "low" below 1.5, "medium", "high", "very high" from 3.5; NaN "unknown". */
const char *rs_risk_word(double risk);

#define RS_MAX_NOTES 20

struct rs_note {
    const char *code; /* "MemoryUnknown", "TypeNotInCatalog", ... static text */
    char text[256];
};

#define RS_MAX_OBSERVATIONS 16

struct rs_observation { /* something in the shape of the load, with its evidence */
    const char *code;   /* static text: "DailyPattern", "MemoryLeakSuspected", ... (shape.h) */
    enum rs_dimension dimension;
    int64_t from, to;      /* what it was seen in; from is the instant of a step */
    double value;          /* in the dimension's unit unless `text` says otherwise; NaN: none */
    double reference;      /* what `value` is held against; NaN: none */
    double strength;       /* share of the variance explained, 0..1; NaN: not that kind */
    double p;              /* of chance alone; NaN: no test */
    double monthly_saving; /* NaN: none */
    char text[256];
};

struct rs_bootstrap { /* the answer, given again for weeks made of the days at hand */
    int resamples;    /* 0: not asked for */
    int days;         /* how many there were to draw from */
    double same;      /* share of the resamples with the same first choice, 0..1; NaN: 1 day */
    double same_finding;
};

struct rs_resize {         /* the last change of type within the window, judged by what followed */
    const char *from, *to; /* NULL: there was none; borrowed from the workload */
    int64_t at;
    double monthly_before, monthly_after; /* NaN: no price */
    double days_before, days_after;       /* with samples of CPU */
    double short_before[RS_DIM_COUNT];    /* share of the samples short; NaN: not known */
    double short_after[RS_DIM_COUNT];
    unsigned regressed; /* bit per enum rs_dimension: short after in earnest, and not before */
};

struct rs_gate_count { /* why types of the region were not offered */
    const char *gate;  /* "architecture", "virtualization", "gpu", "too small: memory", ... */
    size_t rejected;
};
#define RS_MAX_GATES 48

struct rs_group_answer; /* group.h */

#define RS_MAX_EARLIER 8

struct rs_workload { /* everything borrowed */
    const struct rs_resource *resource;
    const struct rs_series *series;
    size_t series_count;
    size_t volume_count;
    struct rs_window window;
    const char *const *earlier_types; /* types within the window before the current one */
    const int64_t *earlier_since;     /* when each was first seen; NULL: not known */
    size_t earlier_count;
    int64_t last_type_change;          /* instant within the window, or -1 */
    const struct rs_peak_cause *peaks; /* highest first; those outside the window do not count */
    size_t peak_count;
    const struct rs_group_answer *group; /* of the group that it belongs to, or NULL */
};

struct rs_advice {
    const struct rs_offer *current; /* borrowed from the catalog; NULL: not in it */
    double current_monthly;         /* with surplus credits in unlimited mode; NaN: unknown */
    enum rs_finding finding;
    enum rs_confidence confidence;
    int64_t data_from, data_to; /* first and one past the last sample; -1: none */
    size_t samples;             /* of CPU, else of the longest series */
    double coverage;            /* of the window, 0..1 */
    double running_share;       /* of the span with data that has samples */
    struct rs_demand demand[RS_DIM_COUNT];
    enum rs_dimension binding; /* of demand on the best option, or on the current type */
    bool binding_known;
    double memory_unlock_monthly; /* what known memory could save at most beyond; NaN: none */
    struct rs_bootstrap bootstrap;
    struct rs_resize resize;
    const struct rs_group_answer *group; /* the workload's */
    bool group_keeps;                    /* it could move, but not with the others of its group */
    bool group_moves;                    /* options[0] is the type that all of its group move to */
    double current_speed;                /* cpu_score of the current type's vCPU; NaN: unknown */
    double current_short[RS_DIM_COUNT];  /* as short_share, of the current type */
    size_t reason_count, option_count, note_count, gate_count, observation_count;
    /* The lists come last: what lies beyond a count is neither cleared nor copied. */
    struct rs_reason reasons[2 * RS_DIM_COUNT];
    struct rs_option_offer options[RS_MAX_OPTIONS];
    struct rs_note notes[RS_MAX_NOTES];
    struct rs_gate_count gates[RS_MAX_GATES];
    struct rs_observation observations[RS_MAX_OBSERVATIONS];
};

/* The same workload in another cloud or region: the cheapest type there that holds it. */
struct rs_elsewhere {
    const struct rs_catalog_info *catalog; /* borrowed from that catalog */
    bool region_is_default;                /* nobody chose the region */
    bool found;                            /* false: no type there holds it */
    struct rs_option_offer option;         /* savings and differences against the current type */
    unsigned unjudged; /* bit per enum rs_dimension: needed, but that catalog knows no limit */
};
#define RS_MAX_ELSEWHERE 4

#define RS_HOURS_PER_MONTH 730.0 /* 365 * 24 / 12, AWS's own convention */

/*
 * What one thread works at: memory that is used again from call to call, and catalogs laid out for
 * those who ask next. It keeps pointers into the catalogs it has seen, which stay as they are until
 * it is closed. Any number of threads may share catalogs and policies, each at its own desk.
 */
struct rs_desk;
/* RS_ENOMEM. */
RS_CHECKED enum rs_status rs_desk_open(struct rs_desk **out, struct rs_error *err);
void rs_desk_close(struct rs_desk *desk); /* NULL is fine */

/*
 * desk NULL: one that is made for this call.
 * catalog NULL: the resource's region or provider has none; the answer is UNKNOWN and says so.
 * Only RS_ENOMEM and RS_EINPUT (a NaN-infested or infinite series) can fail; "unknown" is an
 * answer.
 */
RS_CHECKED enum rs_status rs_recommend(struct rs_desk *desk, const struct rs_workload *workload,
                                       const struct rs_catalog *catalog,
                                       const struct rs_policy *policy, struct rs_advice *out,
                                       struct rs_error *err);

/*
 * home NULL or without the type: a host that says its own shape ("local:8x32", 8 vCPUs and 32 GiB)
 * is still answered. *out is zeroed and `found` false where there is nothing to go by. Same
 * statuses.
 */
RS_CHECKED enum rs_status rs_recommend_elsewhere(struct rs_desk *desk,
                                                 const struct rs_workload *workload,
                                                 const struct rs_catalog *home,
                                                 const struct rs_catalog *other,
                                                 const struct rs_policy *policy,
                                                 struct rs_elsewhere *out, struct rs_error *err);

#endif
