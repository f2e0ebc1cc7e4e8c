/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/fit.h"

#include "advise/credits.h"
#include "advise/speed.h"

#include <math.h>

#define SHORT_SHARE 0.01 /* of the time without credits: what the user may not notice */
#define ROUNDING 1e-12   /* relative: of headroom to need and back */

static const struct {
    const char *small, *unknown;
} verdicts[RS_DIM_COUNT] = {
    [RS_DIM_CPU] = {"too small: CPU", "unknown: CPU"},
    [RS_DIM_MEMORY] = {"too small: memory", "unknown: memory"},
    [RS_DIM_NET_IN] = {"too small: network in", "unknown: network"},
    [RS_DIM_NET_OUT] = {"too small: network out", "unknown: network"},
    [RS_DIM_NET_PACKETS] = {"too small: network packets", "unknown: network packets"},
    [RS_DIM_EBS_BYTES] = {"too small: EBS throughput", "unknown: EBS throughput"},
    [RS_DIM_EBS_OPS] = {"too small: EBS operations", "unknown: EBS operations"},
    [RS_DIM_DISK_BYTES] = {"too small: local disk", "unknown: local disk"},
    [RS_DIM_DISK_OPS] = {"too small: local disk", "unknown: local disk"},
};

/* 0: nothing is asked of this dimension. What limits a burstable type is its credits. */
static double needed(const struct rs_study *study, const struct rs_offer *offer,
                     enum rs_dimension d, bool memory_free)
{
    const struct rs_demand *demand = &study->out->demand[d];
    if (d == RS_DIM_CPU && demand->known && (offer->flags & RS_OFFER_BURSTABLE) != 0 &&
        !study->policy->burst_headroom && !(demand->need > demand->capacity)) {
        return fmin(demand->used, demand->need);
    }
    if (d == RS_DIM_MEMORY && memory_free) {
        return 0.0;
    }
    if (demand->known) {
        return demand->need;
    }
    return d == RS_DIM_MEMORY ? study->current->memory_bytes : 0.0;
}

const char *rs_fit_reject(const struct rs_study *study, const struct rs_offer *offer,
                          bool memory_free)
{
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double need = needed(study, offer, d, memory_free),
               capacity = rs_speed_capacity(study, offer, d);
        if (!(need > 0.0) || capacity >= need * (1.0 - ROUNDING)) {
            continue;
        }
        if (!isnan(capacity)) {
            return verdicts[d].small;
        }
        if (!isnan(study->out->demand[d].capacity) && !study->foreign) {
            return verdicts[d].unknown;
        }
    }
    return NULL;
}

static const char *reject_burst(const struct rs_study *study, const struct rs_offer *offer)
{
    double baseline = rs_credits_baseline(offer);
    unsigned bursts = offer->flags & ((unsigned)RS_OFFER_FLEX | (unsigned)RS_OFFER_BURSTABLE);
    /* a machine at its limit would take more: how long credits last cannot be told from it */
    double passed = 1.0 - study->policy->cpu_percentile / 100.0;
    if (bursts != 0 && study->under && study->saturated > passed && !study->credits_gone) {
        return "CPU at its limit: bursting cannot be judged";
    }
    if ((offer->flags & RS_OFFER_FLEX) != 0 && !(study->use_mean <= baseline)) {
        return "flex baseline too small";
    }
    if ((offer->flags & RS_OFFER_BURSTABLE) == 0) {
        return NULL;
    }
    /* what a throttled machine wants cannot be seen; a baseline like today's would throttle again
     */
    if (study->credits_gone && !(baseline > rs_credits_baseline(study->current))) {
        return "credits run out";
    }
    struct rs_credits credits = rs_credits_simulate(&study->use, offer);
    if (!credits.known) {
        return "unknown: CPU credits";
    }
    if (rs_policy_unlimited(study->policy, offer)) {
        return NULL; /* the price tells what it costs */
    }
    if (study->use_mean > baseline) {
        return "credits run out"; /* if not in this window, then in the next */
    }
    return credits.short_share > SHORT_SHARE ? "credits run out" : NULL;
}

const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer)
{
    if ((offer->flags & ((unsigned)RS_OFFER_FLEX | (unsigned)RS_OFFER_BURSTABLE)) == 0) {
        return NULL;
    }
    double speed = rs_policy_speed(study->policy, study->current, offer);
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    return reject_burst(study, &scaled);
}
