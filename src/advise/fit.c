/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/fit.h"

#include "advise/credits.h"
#include "advise/speed.h"
#include "advise/surplus.h"

#include <assert.h>
#include <math.h>
#include <string.h>

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
    [RS_DIM_GPU] = {"too small: GPU", "unknown: speed of another GPU"},
    [RS_DIM_GPU_MEMORY] = {"too small: GPU memory", "unknown: GPU memory"},
};

/* 0: nothing is asked of this dimension. What limits a burstable type is its credits. */
static double needed(const struct rs_study *study, enum rs_dimension d, bool bursts,
                     bool memory_free)
{
    const struct rs_demand *demand = &study->out->demand[d];
    if (d == RS_DIM_CPU && demand->known && bursts && !study->policy->burst_headroom &&
        !(demand->need > demand->capacity)) {
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

static double least_for(double need)
{
    return need > 0.0 ? need * (1.0 - ROUNDING) : -INFINITY;
}

void rs_fit_prepare(const struct rs_study *study, bool memory_free, struct rs_fit *out)
{
    out->study = study;
    out->by_speed = strcmp(study->policy->cpu_speed, "off") != 0;
    out->count = 0;
    out->least_bursting = least_for(needed(study, RS_DIM_CPU, true, memory_free));
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double least = least_for(needed(study, d, false, memory_free));
        if (least > 0.0 || (d == RS_DIM_CPU && out->least_bursting > 0.0)) {
            out->asked[out->count] = d;
            out->least[out->count] = least;
            out->unknown_is_no[out->count] =
                !isnan(study->out->demand[d].capacity) && !study->foreign;
            out->count++;
        }
    }
}

int rs_fit_verdict(const struct rs_fit *fit, const struct rs_item *item)
{
    for (size_t i = 0; i < fit->count; i++) {
        enum rs_dimension d = fit->asked[i];
        double least = fit->least[i], capacity = item->capacity[d];
        if (d == RS_DIM_CPU) {
            least = item->bursts ? fit->least_bursting : least;
            capacity = fit->by_speed ? rs_speed_capacity(fit->study, item->offer, d) : capacity;
        } else if (d == RS_DIM_GPU) {
            capacity = rs_speed_capacity(fit->study, item->offer, d);
        }
        if (capacity >= least || least < 0.0) {
            continue;
        }
        if (!isnan(capacity)) {
            return 1 + (int)d;
        }
        if (fit->unknown_is_no[i]) {
            return 1 + RS_DIM_COUNT + (int)d;
        }
    }
    return RS_FITS;
}

const char *rs_fit_name(int verdict)
{
    assert(verdict > RS_FITS && verdict < (int)RS_FIT_VERDICTS);
    int small = verdict - 1;
    return small < RS_DIM_COUNT ? verdicts[small].small : verdicts[small - RS_DIM_COUNT].unknown;
}

const char *rs_fit_reject(const struct rs_study *study, const struct rs_offer *offer,
                          bool memory_free)
{
    struct rs_fit fit;
    struct rs_item item = rs_item_of(offer, 0);
    rs_fit_prepare(study, memory_free, &fit);
    int verdict = rs_fit_verdict(&fit, &item);
    return verdict == RS_FITS ? NULL : rs_fit_name(verdict);
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
    if ((offer->flags & RS_OFFER_FLEX) != 0 && !(study->use_ahead <= baseline)) {
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
    if (!rs_credits_are_known(offer)) {
        return "unknown: CPU credits";
    }
    if (rs_surplus_is_paid(study, offer)) {
        return NULL; /* the price tells what it costs */
    }
    if (study->use_ahead > baseline) {
        return "credits run out"; /* if not in this window, then in the next */
    }
    struct rs_credits credits = rs_credits_simulate(&study->use, offer);
    return credits.short_share > SHORT_SHARE ? "credits run out" : NULL;
}

const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer)
{
    if ((offer->flags & ((unsigned)RS_OFFER_FLEX | (unsigned)RS_OFFER_BURSTABLE)) == 0) {
        return NULL;
    }
    double speed = rs_policy_speed(study->policy, study->current, offer);
    if (speed == 1.0) {
        return reject_burst(study, offer);
    }
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    return reject_burst(study, &scaled);
}
