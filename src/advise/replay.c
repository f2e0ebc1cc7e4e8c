/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/replay.h"

#include "advise/credits.h"
#include "advise/demand.h"
#include "advise/desk.h"
#include "advise/speed.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define ROUNDING 1e-12 /* relative: of a percentage to vCPUs and back */

void rs_traces_release(struct rs_traces *traces)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        rs_series_release(&traces->demand[d]);
    }
    rs_series_release(&traces->use);
}

bool rs_traces_has(const struct rs_traces *traces, enum rs_dimension d)
{
    return traces->demand[d].slots > 0;
}

/* What is read lies on the desk or in the workload; a replay outlives both. */
static enum rs_status keep(const struct rs_study *study, struct rs_traces *out,
                           struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (int d = 0; d < RS_DIM_COUNT && rc == RS_OK; d++) {
        if (study->traces[d].slots > 0) {
            rc = rs_trace_keep(&study->traces[d], &out->demand[d], err);
        }
        if (rc == RS_OK && out->demand[d].slots > 0) {
            rc = rs_summary_with(&study->desk->stats, &out->demand[d], 1.0, &out->summary[d], err);
        }
    }
    if (rc == RS_OK && study->use.slots > 0) {
        rc = rs_trace_keep(&study->use, &out->use, err);
    }
    return rc;
}

enum rs_status rs_replay_read(struct rs_desk *desk, struct rs_study *study, struct rs_traces *out,
                              struct rs_error *err)
{
    struct rs_traces traces = {.use_mean = NAN};
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        rs_series_init(&traces.demand[d]);
    }
    rs_series_init(&traces.use);
    rs_desk_clear(desk, study);
    enum rs_status rc = rs_demand_read(study, err);
    if (rc == RS_OK) {
        rc = keep(study, &traces, err);
    }
    if (rc == RS_OK) {
        traces.use_mean = study->use_mean;
        *out = traces;
    } else {
        rs_traces_release(&traces);
    }
    return rc;
}

enum rs_status rs_traces_read(const struct rs_workload *workload, const struct rs_offer *own,
                              struct rs_traces *out, struct rs_error *err)
{
    struct rs_policy policy; /* decides percentiles and needs, which are not asked for here */
    struct rs_advice advice = {.data_from = -1, .data_to = -1};
    struct rs_study study = {
        .work = workload, .policy = &policy, .use_mean = NAN, .use_ahead = NAN, .out = &advice};
    struct rs_desk *desk = NULL;
    rs_study_take_current(&study, own);
    enum rs_status rc = rs_policy_preset(NULL, &policy, err);
    if (rc == RS_OK) {
        rc = rs_desk_open(&desk, err);
    }
    if (rc == RS_OK) {
        rc = rs_replay_read(desk, &study, out, err);
    }
    rs_desk_close(desk);
    return rc;
}

/* Slots count as short where they exceed the limit, and where `only` is given it says so too. */
static struct rs_shortfall measure(const struct rs_series *demand, double limit, const bool *only)
{
    struct rs_shortfall out = {
        .known = true, .capacity = limit, .first_at = -1, .worst_at = -1, .longest_from = -1};
    double worst = 0.0;
    int64_t run = 0;
    for (size_t i = 0; i < demand->slots; i++) {
        double value = demand->values[i];
        bool lacks = value > limit * (1.0 + ROUNDING) && (only == NULL || only[i]);
        out.samples += isnan(value) ? 0 : 1;
        if (only == NULL || only[i]) {
            out.depth = fmax(out.depth, value / limit); /* NaN gives way */
        }
        run = lacks ? run + demand->step : 0;
        if (!lacks) {
            continue;
        }
        int64_t at = rs_series_at(demand, i);
        out.first_at = out.short_samples == 0 ? at : out.first_at;
        out.short_samples++;
        if (value > worst) {
            worst = value;
            out.worst_at = at;
        }
        if (run > out.longest) {
            out.longest = run;
            out.longest_from = at + demand->step - run;
        }
    }
    out.share = (double)out.short_samples / (double)out.samples;
    return out;
}

static void replace_if_worse(struct rs_shortfall *cpu, const struct rs_shortfall *throttled)
{
    if (throttled->share > cpu->share) {
        *cpu = *throttled;
        cpu->throttled = true;
    }
}

static enum rs_status replay_credits(const struct rs_traces *traces, const struct rs_offer *offer,
                                     struct rs_replay *out, struct rs_error *err)
{
    struct rs_shortfall *cpu = &out->dimension[RS_DIM_CPU];
    bool *gone = calloc(traces->use.slots, sizeof(*gone));
    if (gone == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for CPU credits");
    }
    struct rs_credits credits = rs_credits_follow(&traces->use, offer, gone);
    out->credits_known = credits.known;
    out->lowest_credits = credits.lowest;
    out->lowest_credits_at = credits.lowest_at;
    if (credits.known) {
        struct rs_shortfall held = measure(&traces->use, rs_credits_baseline(offer), gone);
        replace_if_worse(cpu, &held);
    } else {
        *cpu = (struct rs_shortfall){.capacity = offer->vcpus,
                                     .share = NAN,
                                     .depth = NAN,
                                     .first_at = -1,
                                     .worst_at = -1,
                                     .longest_from = -1};
    }
    free(gone);
    return RS_OK;
}

static void replay_flex(const struct rs_traces *traces, const struct rs_offer *offer,
                        struct rs_replay *out)
{
    double baseline = rs_credits_baseline(offer);
    if (traces->use_mean > baseline) {
        struct rs_shortfall above = measure(&traces->use, baseline, NULL);
        replace_if_worse(&out->dimension[RS_DIM_CPU], &above);
    }
}

static enum rs_status replay_scaled(const struct rs_traces *traces, const struct rs_offer *offer,
                                    struct rs_replay *out, struct rs_error *err)
{
    *out = (struct rs_replay){.offer = offer, .lowest_credits = NAN, .lowest_credits_at = -1};
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double capacity = rs_offer_capacity(offer, d);
        if (rs_traces_has(traces, d) && capacity > 0.0) {
            out->dimension[d] = measure(&traces->demand[d], capacity, NULL);
        } else {
            out->dimension[d] = (struct rs_shortfall){.capacity = capacity,
                                                      .share = NAN,
                                                      .depth = NAN,
                                                      .first_at = -1,
                                                      .worst_at = -1,
                                                      .longest_from = -1};
        }
    }
    if (!out->dimension[RS_DIM_CPU].known || traces->use.slots == 0) {
        return RS_OK;
    }
    if ((offer->flags & RS_OFFER_FLEX) != 0) {
        replay_flex(traces, offer, out);
    }
    return (offer->flags & RS_OFFER_BURSTABLE) != 0 ? replay_credits(traces, offer, out, err)
                                                    : RS_OK;
}

enum rs_status rs_replay_offer(const struct rs_traces *traces, const struct rs_offer *offer,
                               double speed, bool unlimited, struct rs_replay *out,
                               struct rs_error *err)
{
    assert(traces != NULL && offer != NULL && speed > 0.0 && out != NULL);
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    scaled.flags &= unlimited ? ~(unsigned)RS_OFFER_BURSTABLE : ~0U;
    enum rs_status rc = replay_scaled(traces, &scaled, out, err);
    out->offer = offer;
    out->lowest_credits /= speed;
    return rc;
}

bool rs_shortfall_counts(const struct rs_shortfall *shortfall, enum rs_dimension d)
{
    double allowed = rs_dimension_info(d)->kills ? 0.0 : RS_SHORT_SHARE;
    return shortfall->known && shortfall->share > allowed;
}

bool rs_replay_is_short(const struct rs_replay *replay)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_shortfall_counts(&replay->dimension[d], (enum rs_dimension)d)) {
            return true;
        }
    }
    return false;
}
