/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * policy.h - what the user asks of a recommendation; every constant that decides is here, with its
 * reason in policy.c (level 3).
 */
#ifndef RIGHTSIZE_POLICY_H
#define RIGHTSIZE_POLICY_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_POLICY_LIST 512

struct rs_policy {
    char name[32];            /* preset it started from: "compute-optimizer" */
    double cpu_percentile;    /* 0..100: 99.5 */
    double cpu_headroom;      /* 0..0.95, share of the new capacity kept free: 0.20 */
    double memory_percentile; /* 100 = the maximum */
    double memory_headroom;
    double io_percentile; /* network, EBS, instance store */
    double io_headroom;
    int64_t lookback;          /* seconds of history: 14 days */
    int64_t min_data;          /* seconds of samples below which confidence is low: 30 h */
    double min_saving;         /* 0..1 of today's price; cheaper offers below it are no move: 0 */
    double idle_cpu_percent;   /* peak CPU below ... */
    double idle_net_bytes_day; /* ... and network bytes a day below: idle */
    char architecture[16];     /* "current", "any", "x86_64" or "arm64" */
    char burstable[8];         /* "yes", "no" or "same" (only if it is burstable today) */
    char generation[8];        /* "current" or "any": of offered types */
    char include[RS_POLICY_LIST]; /* comma-separated wildcards on types; "" = all */
    char exclude[RS_POLICY_LIST];
    bool down_only;
    int recent_weeks;    /* CPU and memory: the busiest of this many last weeks; 0: the window */
    double memory_pad;   /* bytes added to the need of memory */
    bool capped;         /* never ask for more than it has of what it does not run short of */
    bool burst_headroom; /* CPU headroom on burstable types too */
    double crowding;     /* scale of the crowding charge (rank.h); 0: price alone decides */
    int options;         /* how many to offer: 3 */
    char cpu_speed[8];   /* "off": a vCPU is a vCPU; "guard", "score": see policy.c */
    char burst_mode[12]; /* "standard" or "unlimited" */
    int resamples;       /* of the bootstrap; 0: none */
    bool groups;         /* one answer for the machines of an Auto Scaling group or a role */
    bool infer_workload; /* what it runs, from its name and tags */
    char group_tag[64];  /* instances with the same value of it are answered alike; "": none */
};

struct rs_policy_preset {
    const char *name, *summary;
};
extern const struct rs_policy_preset rs_policy_presets[]; /* ended by name NULL; [0] the default */

/* RS_EUSAGE: no such preset; the message lists them. name NULL: the default. */
RS_CHECKED enum rs_status rs_policy_preset(const char *name, struct rs_policy *out,
                                           struct rs_error *err);
/* key as in rs_policy_describe ("cpu.percentile"). RS_EUSAGE: no such key, or value out of range.
 */
RS_CHECKED enum rs_status rs_policy_set(struct rs_policy *policy, const char *key,
                                        const char *value, struct rs_error *err);
/* Every key with its effective value, in a fixed order. */
typedef void rs_policy_key_fn(void *payload, const char *key, const char *value, bool is_number,
                              const char *meaning);
void rs_policy_describe(const struct rs_policy *policy, rs_policy_key_fn *fn, void *payload);

#endif
