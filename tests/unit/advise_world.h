/* SPDX-License-Identifier: GPL-3.0-or-later */
/* advise_world.h - a small market, a machine in it and its samples, for the tests of advise. */
#ifndef ADVISE_WORLD_H
#define ADVISE_WORLD_H

#include "../support/check.h"
#include "advise/study.h"

#include <stdlib.h>

#define GIB 1073741824.0
#define DAYS 14
#define WORLD_FROM ((int64_t)13888 * 86400)
#define WORLD_TO (WORLD_FROM + (int64_t)DAYS * 86400)
#define WORLD_OFFERS 24
#define WORLD_SERIES 24

struct world {
    struct rs_offer offers[WORLD_OFFERS];
    const struct rs_offer *pointers[WORLD_OFFERS];
    size_t offer_count;
    struct rs_series series[WORLD_SERIES];
    size_t series_count;
    struct rs_resource resource;
    struct rs_policy policy;
    struct rs_workload work;
    struct rs_market market;
    struct rs_advice advice;
    struct rs_error err;
};

static inline struct rs_offer *world_offer(struct world *w, const char *type, double vcpus,
                                           double gib, double price)
{
    struct rs_offer *offer = &w->offers[w->offer_count];
    *offer = (struct rs_offer){
        .type = type,
        .architecture = "x86_64",
        .hypervisor = "nitro",
        .flags = (unsigned)RS_OFFER_HVM | (unsigned)RS_OFFER_CURRENT_GENERATION |
                 (unsigned)RS_OFFER_ENA_REQUIRED | (unsigned)RS_OFFER_NVME_EBS,
        .generation = 5,
        .vcpus = vcpus,
        .memory_bytes = gib * GIB,
        .burst_baseline = NAN,
        .credits_per_hour = NAN,
        .credits_max = NAN,
        .net_baseline = 5e7 * vcpus,
        .max_enis = 3,
        .ebs_baseline = 4e7 * vcpus,
        .ebs_baseline_ops = 2000 * vcpus,
        .max_attachments = 27,
        .gpu_memory_bytes = NAN,
        .accelerator_count = NAN,
        .price = price,
    };
    w->pointers[w->offer_count++] = offer;
    return offer;
}

static inline struct rs_offer *world_find(struct world *w, const char *type)
{
    for (size_t i = 0; i < w->offer_count; i++) {
        if (strcmp(w->offers[i].type, type) == 0) {
            return &w->offers[i];
        }
    }
    return NULL;
}

static inline void take_policy(struct world *w, const char *preset)
{
    if (rs_policy_preset(preset, &w->policy, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
}

/* The machine is of `type`; without samples; policy compute-optimizer. */
static inline void world_init(struct world *w, const char *type)
{
    *w = (struct world){0};
    world_offer(w, "m.small", 1, 4, 0.05);
    world_offer(w, "m.large", 2, 8, 0.10);
    world_offer(w, "m.xlarge", 4, 16, 0.20);
    world_offer(w, "m.2xlarge", 8, 32, 0.40);
    world_offer(w, "c.large", 2, 4, 0.085);
    world_offer(w, "c.xlarge", 4, 8, 0.17);
    world_offer(w, "r.large", 2, 16, 0.126);
    w->resource = (struct rs_resource){.id = "i-1",
                                       .provider = "aws",
                                       .region = "xx-north-1",
                                       .type = type,
                                       .state = "running",
                                       .launch_time = -1,
                                       .observed_at = -1,
                                       .network_interfaces = -1,
                                       .volumes = -1};
    take_policy(w, "compute-optimizer");
    w->work.window = (struct rs_window){WORLD_FROM, WORLD_TO};
    w->work.last_type_change = -1;
    w->market.known = true;
}

/* A series over the whole window, every slot `value`. */
static inline struct rs_series *world_series(struct world *w, enum rs_metric metric,
                                             enum rs_statistic statistic, int64_t step,
                                             double value)
{
    struct rs_series *s = &w->series[w->series_count++];
    if (rs_series_allocate(s, metric, statistic, step, w->work.window, &w->err) != RS_OK) {
        fail();
    }
    for (size_t i = 0; i < s->slots; i++) {
        s->values[i] = value;
    }
    return s;
}

static inline struct rs_series *world_cpu(struct world *w, double percent)
{
    return world_series(w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, percent);
}

static inline struct rs_series *world_memory(struct world *w, double gib)
{
    return world_series(w, RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_MAX, 300, gib * GIB);
}

static inline void world_network(struct world *w, double bytes_per_s)
{
    world_series(w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, bytes_per_s);
    world_series(w, RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, 300, bytes_per_s);
}

/* The workload and the market, of what the world holds now. */
static inline void world_ready(struct world *w)
{
    w->work.resource = &w->resource;
    w->work.series = w->series;
    w->work.series_count = w->series_count;
    w->market.offers = w->pointers;
    w->market.count = w->offer_count;
    w->market.current = w->resource.type != NULL ? world_find(w, w->resource.type) : NULL;
}

static inline enum rs_status world_try(struct world *w)
{
    world_ready(w);
    return rs_advise(NULL, &w->work, &w->market, &w->policy, &w->advice, &w->err);
}

static inline const struct rs_advice *world_advise(struct world *w)
{
    if (world_try(w) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
    return &w->advice;
}

static inline void world_release(struct world *w)
{
    for (size_t i = 0; i < w->series_count; i++) {
        rs_series_release(&w->series[i]);
    }
    w->series_count = 0;
}

/* The first option's type, or "keep". */
static inline const char *world_first(const struct rs_advice *advice)
{
    return advice->option_count > 0 ? advice->options[0].offer->type : "keep";
}

static inline const char *world_note(const struct rs_advice *advice, const char *code)
{
    for (size_t i = 0; i < advice->note_count; i++) {
        if (strcmp(advice->notes[i].code, code) == 0) {
            return advice->notes[i].text;
        }
    }
    return NULL;
}

static inline size_t world_rejected(const struct rs_advice *advice, const char *gate)
{
    for (size_t i = 0; i < advice->gate_count; i++) {
        if (strcmp(advice->gates[i].gate, gate) == 0) {
            return advice->gates[i].rejected;
        }
    }
    return 0;
}

static inline const struct rs_reason *world_reason(const struct rs_advice *advice, const char *code)
{
    for (size_t i = 0; i < advice->reason_count; i++) {
        if (strcmp(advice->reasons[i].code, code) == 0) {
            return &advice->reasons[i];
        }
    }
    return NULL;
}

#endif
