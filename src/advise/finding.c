/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/finding.h"

#include "advise/credits.h"
#include "advise/demand.h"
#include "advise/desk.h"
#include "advise/gpu.h"
#include "advise/surplus.h"
#include "advise/trace.h"

#include <math.h>
#include <string.h>

#define WEEK ((int64_t)7 * RS_DAY_SECONDS)

#define SATURATED 0.99 /* of the vCPUs: what lies beyond cannot be seen */

static double use_at(const struct rs_series *use, int64_t at)
{
    int64_t end = rs_series_at(use, use->slots);
    return at >= use->from && at < end ? use->values[(at - use->from) / use->step] : NAN;
}

/* A machine that is throttled uses just its baseline: a twentieth is left for rounding. A new one
 * starts with no credits as well, but uses less. */
static void find_empty(struct rs_study *study, const struct rs_series *balance)
{
    double throttled = 0.95 * rs_credits_baseline(study->current);
    study->credits_measured = true;
    for (size_t i = 0; i < balance->slots; i++) {
        int64_t at = rs_series_at(balance, i);
        double credits = balance->values[i];
        if (!study->credits_gone && credits < 1.0 && use_at(&study->use, at) >= throttled) {
            study->credits_gone = true;
            study->credits_gone_at = at;
        }
    }
}

/* Of the present type, in the metric's own unit, by the first of the statistics that there is. */
static struct rs_reading as_measured(const struct rs_study *study, enum rs_metric metric,
                                     enum rs_statistic first, enum rs_statistic second,
                                     enum rs_statistic third)
{
    return (struct rs_reading){.metric = metric,
                               .order = {first, second, third},
                               .scale = 1.0,
                               .cap = INFINITY,
                               .mean = true,
                               .window = rs_demand_own_window(study->work)};
}

/* What is charged says that it runs in unlimited mode, and what that costs. */
static enum rs_status read_charged(struct rs_study *study, struct rs_error *err)
{
    const struct rs_reading reading =
        as_measured(study, RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED, RS_STATISTIC_SUM_RATE,
                    RS_STATISTIC_SUM_RATE, RS_STATISTIC_SUM_RATE);
    struct rs_choice choice = rs_trace_choose(&study->reader, &reading);
    struct rs_series charged;
    struct rs_summary summary = {.mean = 0.0};
    if (!study->credits_gone || choice.measured == 0) {
        return RS_OK;
    }
    enum rs_status rc = rs_trace_build(&study->reader, &reading, &choice, &charged, NULL, err);
    if (rc == RS_OK) {
        rc = rs_summary_brief(&study->desk->stats, &charged, NULL, NULL, &summary, err);
    }
    study->charged = rc == RS_OK && summary.mean > 0.0 ? summary.mean : 0.0;
    return rc;
}

static enum rs_status find_credits(struct rs_study *study, struct rs_error *err)
{
    if ((study->current->flags & RS_OFFER_BURSTABLE) == 0 ||
        rs_surplus_is_paid(study, study->current)) {
        return RS_OK; /* without credits it is not throttled */
    }
    const struct rs_reading reading = as_measured(
        study, RS_METRIC_CPU_CREDIT_BALANCE, RS_STATISTIC_MIN, RS_STATISTIC_AVG, RS_STATISTIC_MAX);
    struct rs_choice choice = rs_trace_choose(&study->reader, &reading);
    if (choice.measured == 0 && !(study->use_peak > rs_credits_baseline(study->current))) {
        return RS_OK; /* what never takes more than it earns cannot run out */
    }
    if (choice.measured == 0) {
        struct rs_credits credits =
            rs_credits_remember(&study->desk->credits, &study->use, study->current);
        study->credits_gone = credits.run_out;
        study->credits_gone_at = credits.lowest_at;
        return RS_OK;
    }
    struct rs_series balance;
    enum rs_status rc = rs_trace_build(&study->reader, &reading, &choice, &balance, NULL, err);
    if (rc == RS_OK) {
        find_empty(study, &balance);
    }
    return rc;
}

enum rs_status rs_finding_credits(struct rs_study *study, struct rs_error *err)
{
    enum rs_status rc = find_credits(study, err);
    return rc == RS_OK ? read_charged(study, err) : rc;
}

double rs_finding_saturated(const struct rs_study *study)
{
    double limit = SATURATED * study->current->vcpus;
    return study->use_peak > limit ? rs_series_share_above(&study->use, limit) : 0.0;
}

bool rs_finding_is_under(const struct rs_study *study)
{
    bool under = study->credits_gone;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        under = under || study->out->demand[d].need > study->out->demand[d].capacity;
    }
    return under;
}

static bool is_idle(const struct rs_study *study)
{
    const struct rs_demand *demand = study->out->demand, *cpu = &demand[RS_DIM_CPU];
    double bytes = (demand[RS_DIM_NET_IN].mean + demand[RS_DIM_NET_OUT].mean) * RS_DAY_SECONDS;
    return cpu->peak / cpu->capacity * 100.0 < study->policy->idle_cpu_percent &&
           bytes < study->policy->idle_net_bytes_day /* false when the network is unknown */ &&
           rs_gpu_is_idle(study);
}

/* Two dimensions share the code of the network: the nearer to its limit speaks. */
static void add_reason(struct rs_advice *out, const char *code, enum rs_dimension d, double limit)
{
    const struct rs_demand *demand = &out->demand[d];
    struct rs_reason reason = {code, d, demand->need, limit, demand->used, demand->used_at};
    struct rs_reason *last = out->reason_count > 0 ? &out->reasons[out->reason_count - 1] : &reason;
    if (out->reason_count > 0 && strcmp(last->code, code) == 0) {
        *last = reason.value > last->value ? reason : *last;
        return;
    }
    out->reasons[out->reason_count++] = reason;
}

static void add_under_reasons(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        const char *code = rs_dimension_info(d)->under;
        if (out->demand[d].need > out->demand[d].capacity) {
            add_reason(out, code, d, out->demand[d].capacity);
        } else if (d == RS_DIM_CPU && study->credits_gone) {
            add_reason(out, code, d, rs_credits_baseline(study->current));
            out->reasons[out->reason_count - 1].at = study->credits_gone_at;
        }
    }
}

/* A dimension that no sample speaks of is no reason to shrink it. */
static void add_over_reasons(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    for (int i = 0; i < RS_DIM_COUNT && out->option_count > 0; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double limit = rs_offer_capacity(out->options[0].offer, d);
        if (out->demand[d].known && limit < out->demand[d].capacity) {
            add_reason(out, rs_dimension_info(d)->over, d, limit);
        }
    }
}

void rs_finding_decide(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    add_under_reasons(study);
    add_over_reasons(study);
    if (is_idle(study)) {
        out->finding = RS_FINDING_IDLE;
    } else if (study->under) {
        out->finding = RS_FINDING_UNDER_PROVISIONED;
    } else if (out->reason_count > 0) {
        out->finding = RS_FINDING_OVER_PROVISIONED;
    } else {
        /* without a price to compare with, "optimized" would be a claim */
        out->finding = isnan(out->current_monthly) ? RS_FINDING_UNKNOWN : RS_FINDING_OPTIMIZED;
    }
}

static bool is_estimated(const struct rs_study *study)
{
    unsigned flags = study->current->flags;
    if (study->out->option_count > 0) {
        flags |= study->out->options[0].offer->flags;
    }
    return (flags & RS_OFFER_PRICE_ESTIMATED) != 0;
}

/* An answer that other weeks of the same days would not give is none to build upon. */
static enum rs_confidence limit_by_bootstrap(struct rs_study *study, enum rs_confidence limit)
{
    const struct rs_bootstrap *b = &study->out->bootstrap;
    if (isnan(b->same) || b->same >= RS_SAME_HIGH) {
        return limit;
    }
    rs_study_note(study, "AnswerUnstable",
                  "its %d days, drawn anew %d times, give the same answer in %.0f %% of them",
                  b->days, b->resamples, 100.0 * b->same);
    enum rs_confidence most = b->same < RS_SAME_MEDIUM ? RS_CONFIDENCE_LOW : RS_CONFIDENCE_MEDIUM;
    return limit < most ? limit : most;
}

void rs_finding_confidence(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    double measured = (double)out->samples * (double)study->step;
    enum rs_confidence confidence = RS_CONFIDENCE_HIGH;
    bool brief = out->data_to - out->data_from < WEEK;
    if (is_estimated(study) || !out->demand[RS_DIM_MEMORY].known || brief ||
        out->running_share < 0.8) {
        confidence = RS_CONFIDENCE_MEDIUM;
    }
    if (measured < (double)study->policy->min_data || out->running_share < 0.5) {
        confidence = RS_CONFIDENCE_LOW;
    }
    if (measured < (double)study->policy->min_data) {
        rs_study_note(study, "LowData",
                      "samples for %.3g hours are less than the %.3g hours that a recommendation "
                      "needs",
                      measured / 3600.0, (double)study->policy->min_data / 3600.0);
    } else if (brief) {
        rs_study_note(study, "ShortHistory",
                      "%.2g days of history show no whole week; the next one may be busier",
                      (double)(out->data_to - out->data_from) / RS_DAY_SECONDS);
    }
    if (out->running_share < 0.8) {
        rs_study_note(study, "SparseData",
                      "samples cover %.0f %% of the time between the first and the last",
                      100.0 * out->running_share);
    }
    if (is_estimated(study)) {
        rs_study_note(study, "PriceEstimated",
                      "a price of this comparison is an estimate, not a published one");
    }
    out->confidence = limit_by_bootstrap(study, confidence);
}
