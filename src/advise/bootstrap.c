/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/bootstrap.h"

#include "advise/demand.h"
#include "advise/finding.h"
#include "advise/fit.h"
#include "advise/gates.h"
#include "advise/rank.h"
#include "advise/shortlist.h"
#include "advise/speed.h"
#include "advise/upper.h"
#include "rightsize/bootstrap.h"
#include "rightsize/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20061103UL /* any; fixed, so that an answer can be repeated */
#define KEPT 4.0        /* times as many of the highest samples as the percentile lies deep, ... */
#define KEPT_MORE 64.0  /* ... and some: what the days drawn rarely go below */
#define LOW 0.05
#define HIGH 0.95
#define ROUNDING 1e-9 /* relative: wider than that of fit.c, which has the last word */

struct candidate {
    const struct rs_offer *offer;
    double least[RS_DIM_COUNT]; /* capacities; a need above one of them does not fit */
    bool move;                  /* of interest also to a machine that lacks nothing */
    signed char bursts[2];      /* by study->under: -1 not asked, 0 no, 1 yes */
};

struct bootstrap {
    struct rs_study *study;
    struct candidate *candidates; /* best first */
    size_t count;
    struct rs_day_map days;
    struct rs_draws whole, weeks[58];
    size_t week_count;
    struct rs_upper upper[RS_DIM_COUNT];
    double *needs[RS_DIM_COUNT];   /* by resample; NULL: not known */
    const struct rs_offer *choice; /* the answer's; NULL: keep */
    size_t same, same_finding;
};

static bool by_weeks(const struct bootstrap *b, enum rs_dimension d)
{
    return b->study->policy->recent_weeks > 0 && b->days.recent > 0 && rs_demand_is_work(d);
}

static void describe(const struct bootstrap *b, const struct rs_offer *offer, struct candidate *out)
{
    struct rs_study *study = b->study;
    bool under = study->under;
    *out = (struct candidate){.offer = offer, .bursts = {-1, -1}};
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        double capacity = rs_speed_capacity(study, offer, (enum rs_dimension)i);
        out->least[i] = isnan(capacity) ? INFINITY : capacity * (1.0 + ROUNDING);
    }
    if ((offer->flags & RS_OFFER_BURSTABLE) != 0) {
        out->least[RS_DIM_CPU] = INFINITY; /* needs less headroom there: fit.c knows */
    }
    study->under = false;
    out->move = rs_shortlist_reject_price(study, offer) == NULL;
    study->under = under;
}

/* What passes the gates, in the order of the ranking. */
static enum rs_status list_candidates(struct bootstrap *b, const struct rs_market *market,
                                      struct rs_error *err)
{
    struct rs_score_context context = rs_score_context_of(b->study);
    struct rs_candidate *ranked = calloc(market->count + 1, sizeof(*ranked));
    size_t count = 0;
    for (size_t i = 0; i < market->count && ranked != NULL; i++) {
        const struct rs_offer *offer = market->offers[i];
        if (!rs_shortlist_is_current(b->study, offer) && rs_gates_reject(b->study, offer) == NULL) {
            ranked[count++] = (struct rs_candidate){offer, rs_offer_score(&context, offer), 0.0};
        }
    }
    b->candidates = ranked != NULL ? calloc(count + 1, sizeof(*b->candidates)) : NULL;
    if (b->candidates == NULL) {
        free(ranked);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    rs_rank_sort(ranked, count);
    for (size_t i = 0; i < count; i++) {
        describe(b, ranked[i].offer, &b->candidates[b->count++]);
    }
    free(ranked);
    return RS_OK;
}

/* So many of the highest samples as will nearly always do. */
static size_t depth_of(const struct bootstrap *b, enum rs_dimension d)
{
    const struct rs_demand *demand = &b->study->out->demand[d];
    double samples = (double)demand->samples;
    if (by_weeks(b, d)) {
        samples *= (double)b->days.recent / (double)b->days.count;
    }
    return (size_t)(KEPT * (1.0 - demand->percentile / 100.0) * samples + KEPT_MORE);
}

static enum rs_status take_upper(struct bootstrap *b, enum rs_dimension d, size_t keep,
                                 struct rs_error *err)
{
    const struct rs_study *study = b->study;
    size_t days = by_weeks(b, d) ? b->days.recent : b->days.count;
    rs_upper_release(&b->upper[d]);
    return rs_upper_of(&study->traces[d], study->work->window.to, &b->days, days,
                       study->out->demand[d].percentile / 100.0, keep, &b->upper[d], err);
}

static enum rs_status draw(struct bootstrap *b, struct rs_error *err)
{
    size_t resamples = (size_t)b->study->policy->resamples;
    const struct rs_day_map *days = &b->days;
    enum rs_status rc = rs_draws_make(days->count, days->count, resamples, SEED, &b->whole, err);
    for (int w = 0; w < b->study->policy->recent_weeks && rc == RS_OK; w++) {
        if (days->in_week[w] > 0) {
            rc = rs_draws_make(days->recent, days->in_week[w], resamples,
                               SEED + 1UL + (unsigned long)w, &b->weeks[b->week_count], err);
            b->week_count += rc == RS_OK ? 1 : 0;
        }
    }
    return rc;
}

static enum rs_status prepare(struct bootstrap *b, const struct rs_market *market,
                              struct rs_error *err)
{
    struct rs_advice *out = b->study->out;
    enum rs_status rc = draw(b, err);
    for (int i = 0; i < RS_DIM_COUNT && rc == RS_OK; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        if (!out->demand[d].known) {
            continue;
        }
        rc = take_upper(b, d, depth_of(b, d), err);
        b->needs[d] = calloc(b->whole.resamples, sizeof(double));
        if (rc == RS_OK && b->needs[d] == NULL) {
            rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu resamples", b->whole.resamples);
        }
    }
    return rc == RS_OK ? list_candidates(b, market, err) : rc;
}

/* The quantile of one draw; the samples kept may have to be all of them. */
static enum rs_status quantile_of(struct bootstrap *b, enum rs_dimension d,
                                  const struct rs_draws *draws, size_t resample, double *out,
                                  struct rs_error *err)
{
    const uint16_t *weights = rs_draws_at(draws, resample);
    double q = b->study->out->demand[d].percentile / 100.0;
    if (rs_upper_quantile(&b->upper[d], weights, draws->days, q, out)) {
        return RS_OK;
    }
    enum rs_status rc = take_upper(b, d, SIZE_MAX, err);
    if (rc == RS_OK && !rs_upper_quantile(&b->upper[d], weights, draws->days, q, out)) {
        *out = NAN;
    }
    return rc;
}

static enum rs_status used_in(struct bootstrap *b, enum rs_dimension d, size_t resample,
                              double *out, struct rs_error *err)
{
    if (!by_weeks(b, d)) {
        return quantile_of(b, d, &b->whole, resample, out, err);
    }
    double most = NAN, used = NAN;
    enum rs_status rc = RS_OK;
    for (size_t w = 0; w < b->week_count && rc == RS_OK; w++) {
        rc = quantile_of(b, d, &b->weeks[w], resample, &used, err);
        most = fmax(most, used); /* NaN gives way */
    }
    *out = most;
    return rc;
}

static bool bursts(const struct bootstrap *b, struct candidate *c)
{
    signed char *known = &c->bursts[b->study->under ? 1 : 0];
    if (*known < 0) {
        *known = rs_fit_reject_burst(b->study, c->offer) == NULL ? 1 : 0;
    }
    return *known == 1;
}

/* The first that would be taken under the needs that now stand in the advice; NULL: none. */
static const struct rs_offer *choose(const struct bootstrap *b)
{
    const struct rs_study *study = b->study;
    const struct rs_demand *demand = study->out->demand;
    bool any = study->under && !study->policy->down_only;
    for (size_t i = 0; i < b->count; i++) {
        struct candidate *c = &b->candidates[i];
        bool small = !any && !c->move;
        for (int d = 0; d < RS_DIM_COUNT && !small; d++) {
            small = demand[d].need > c->least[d]; /* an unknown need never is */
        }
        if (!small && rs_fit_reject(study, c->offer, false) == NULL && bursts(b, c)) {
            return c->offer;
        }
    }
    return NULL;
}

static enum rs_finding finding_of(const struct rs_study *study, const struct rs_offer *choice)
{
    const struct rs_advice *out = study->out;
    if (out->finding == RS_FINDING_IDLE) {
        return RS_FINDING_IDLE;
    }
    if (study->under) {
        return RS_FINDING_UNDER_PROVISIONED;
    }
    for (int i = 0; i < RS_DIM_COUNT && choice != NULL; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        if (out->demand[d].known && rs_offer_capacity(choice, d) < out->demand[d].capacity) {
            return RS_FINDING_OVER_PROVISIONED;
        }
    }
    return isnan(out->current_monthly) ? RS_FINDING_UNKNOWN : RS_FINDING_OPTIMIZED;
}

/* A group's answer stays while it holds this machine, whatever would be best for it alone. */
static bool follows(const struct bootstrap *b)
{
    const struct rs_study *study = b->study;
    if (study->out->group_keeps) {
        return !study->under;
    }
    return study->out->group_moves && rs_fit_reject(study, b->choice, false) == NULL &&
           rs_fit_reject_burst(study, b->choice) == NULL;
}

static enum rs_status resample(struct bootstrap *b, size_t r, struct rs_error *err)
{
    struct rs_study *study = b->study;
    struct rs_advice *out = study->out;
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        double used = NAN;
        if (b->needs[d] == NULL) {
            continue;
        }
        enum rs_status rc = used_in(b, d, r, &used, err);
        if (rc != RS_OK) {
            return rc;
        }
        used = isnan(used) ? 0.0 : used; /* not one sample of it on those days */
        out->demand[d].used = used;
        out->demand[d].need = b->needs[d][r] = rs_demand_need(study, d, used);
    }
    study->under = rs_finding_is_under(study);
    const struct rs_offer *choice = follows(b) ? b->choice : choose(b);
    b->same += choice == b->choice ? 1 : 0;
    b->same_finding += finding_of(study, choice) == out->finding ? 1 : 0;
    return RS_OK;
}

static enum rs_status set_intervals(struct bootstrap *b, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (int d = 0; d < RS_DIM_COUNT && rc == RS_OK; d++) {
        struct rs_demand *demand = &b->study->out->demand[d];
        struct rs_sorted sorted = {0};
        if (b->needs[d] == NULL) {
            continue;
        }
        rc = rs_sorted_of(b->needs[d], b->whole.resamples, &sorted, err);
        if (rc == RS_OK && (rc = rs_quantile(&sorted, LOW, &demand->need_low, err)) == RS_OK) {
            rc = rs_quantile(&sorted, HIGH, &demand->need_high, err);
        }
        rs_sorted_release(&sorted);
    }
    return rc;
}

static void release(struct bootstrap *b)
{
    for (size_t w = 0; w < b->week_count; w++) {
        rs_draws_release(&b->weeks[w]);
    }
    rs_draws_release(&b->whole);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        rs_upper_release(&b->upper[d]);
        free(b->needs[d]);
    }
    free(b->candidates);
}

static enum rs_status run(struct bootstrap *b, const struct rs_market *market, struct rs_error *err)
{
    struct rs_study *study = b->study;
    struct rs_advice *out = study->out;
    struct rs_demand demand[RS_DIM_COUNT];
    bool under = study->under;
    memcpy(demand, out->demand, sizeof(demand));
    enum rs_status rc = prepare(b, market, err);
    for (size_t r = 0; r < b->whole.resamples && rc == RS_OK; r++) {
        rc = resample(b, r, err);
    }
    memcpy(out->demand, demand, sizeof(demand));
    study->under = under;
    if (rc == RS_OK) {
        out->bootstrap.same = (double)b->same / (double)b->whole.resamples;
        out->bootstrap.same_finding = (double)b->same_finding / (double)b->whole.resamples;
        rc = set_intervals(b, err);
    }
    return rc;
}

enum rs_status rs_bootstrap_run(struct rs_study *study, const struct rs_market *market,
                                struct rs_error *err)
{
    struct rs_advice *out = study->out;
    if (study->policy->resamples <= 0 || study->foreign) {
        return RS_OK;
    }
    struct bootstrap b = {.study = study};
    rs_day_map_of(&study->traces[RS_DIM_CPU], study->work->window.to, study->policy->recent_weeks,
                  &b.days);
    out->bootstrap.resamples = study->policy->resamples;
    out->bootstrap.days = (int)b.days.count;
    if (b.days.count < 2) {
        return RS_OK;
    }
    b.choice = out->option_count > 0 ? out->options[0].offer : NULL;
    enum rs_status rc = run(&b, market, err);
    release(&b);
    return rc;
}
