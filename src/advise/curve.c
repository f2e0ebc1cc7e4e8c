/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a move would mean: to one type, and to all of them. */
#include "advise/replay.h"

#include "advise/finding.h"
#include "advise/fit.h"
#include "advise/gates.h"
#include "advise/gpu.h"
#include "advise/option.h"
#include "advise/workload.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A study that is ready for gates and fit, and its samples. */
static enum rs_status prepare(struct rs_desk *desk, struct rs_study *study,
                              const struct rs_offer *own, struct rs_traces *traces,
                              struct rs_error *err)
{
    rs_study_take_current(study, own);
    if (!(study->current->vcpus > 0.0) || !(study->current->memory_bytes > 0.0)) {
        return rs_fail(err, RS_ENODATA, "the size of type %.64s is not known",
                       study->current->type);
    }
    enum rs_status rc = rs_replay_read(desk, study, traces, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (!rs_traces_has(traces, RS_DIM_CPU)) {
        rs_traces_release(traces);
        return rs_fail(err, RS_ENODATA, "'%.100s' has no samples of cpu_percent in the window",
                       study->work->resource->id);
    }
    if ((rc = rs_finding_credits(study, err)) != RS_OK) {
        rs_traces_release(traces);
        return rc;
    }
    study->saturated = rs_finding_saturated(study);
    return RS_OK;
}

static const char *refusal_of(const struct rs_study *study, const struct rs_offer *offer)
{
    const char *why = rs_gates_reject(study, offer);
    if (why == NULL) {
        why = rs_fit_reject(study, offer, false);
    }
    return why != NULL ? why : rs_fit_reject_burst(study, offer);
}

/* How many cards of another model do the same work is not known. */
static void forget_gpus(const struct rs_offer *own, struct rs_replay *then)
{
    struct rs_shortfall *gpu = &then->dimension[RS_DIM_GPU];
    if (gpu->known && !rs_gpu_alike(own, then->offer)) {
        *gpu = (struct rs_shortfall){.capacity = NAN,
                                     .share = NAN,
                                     .depth = NAN,
                                     .first_at = -1,
                                     .worst_at = -1,
                                     .longest_from = -1};
    }
}

enum rs_status rs_simulate(const struct rs_workload *workload, const struct rs_offer *own,
                           const struct rs_offer *offer, const struct rs_policy *policy,
                           struct rs_simulation *out, struct rs_error *err)
{
    assert(own != NULL && offer != NULL && policy != NULL);
    struct rs_advice advice = {.data_from = -1, .data_to = -1};
    struct rs_study study = {.work = workload,
                             .policy = policy,
                             .use_mean = NAN,
                             .use_ahead = NAN,
                             .credits_gone_at = -1,
                             .out = &advice};
    struct rs_desk *desk = NULL;
    *out = (struct rs_simulation){.window = workload->window};
    enum rs_status rc = rs_desk_open(&desk, err);
    if (rc != RS_OK || (rc = prepare(desk, &study, own, &out->traces, err)) != RS_OK) {
        rs_desk_close(desk);
        return rc;
    }
    out->monthly_now = own->price * RS_HOURS_PER_MONTH;
    out->monthly_then = offer->price * RS_HOURS_PER_MONTH;
    out->differences = rs_option_differences(workload->resource, own, offer);
    study.runs = rs_workload_of(workload->resource, policy);
    out->migration_effort = rs_workload_effort(&study.runs, out->differences, offer);
    out->speed = rs_policy_speed(policy, study.current, offer);
    out->refusal = offer != own ? refusal_of(&study, offer) : NULL;
    rs_desk_close(desk);
    rc = rs_replay_offer(&out->traces, own, 1.0, rs_policy_unlimited(policy, own), &out->now, err);
    if (rc == RS_OK) {
        rc = rs_replay_offer(&out->traces, offer, out->speed, rs_policy_unlimited(policy, offer),
                             &out->then, err);
    }
    if (rc != RS_OK) {
        rs_simulation_release(out);
        return rc;
    }
    forget_gpus(own, &out->then);
    return RS_OK;
}

void rs_simulation_release(struct rs_simulation *simulation)
{
    rs_traces_release(&simulation->traces);
}

double rs_simulation_capacity(const struct rs_simulation *simulation, enum rs_dimension d)
{
    double capacity = rs_offer_capacity(simulation->then.offer, d);
    if (d == RS_DIM_GPU && !rs_gpu_alike(simulation->now.offer, simulation->then.offer)) {
        return NAN;
    }
    return d == RS_DIM_CPU ? capacity * simulation->speed : capacity;
}

/* Is enough known of the type to say how short it would be? */
static bool can_judge(const struct rs_study *study, const struct rs_traces *traces,
                      const struct rs_replay *now, const struct rs_replay *then)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (now->dimension[d].known && !then->dimension[d].known) {
            return false;
        }
    }
    return rs_traces_has(traces, RS_DIM_MEMORY) ||
           then->offer->memory_bytes >= study->current->memory_bytes;
}

static struct rs_curve_point point_of(const struct rs_replay *replay, bool current)
{
    struct rs_curve_point point = {.offer = replay->offer,
                                   .monthly_price = replay->offer->price * RS_HOURS_PER_MONTH,
                                   .current = current};
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        point.share[d] = replay->dimension[d].share;
        point.worst = fmax(point.worst, point.share[d]); /* NaN gives way */
    }
    return point;
}

static int compare(const void *left, const void *right)
{
    const struct rs_curve_point *a = left, *b = right;
    double x = a->monthly_price, y = b->monthly_price;
    if (x != y && !(isnan(x) && isnan(y))) {
        return isnan(y) || x < y ? -1 : 1; /* what has no price comes last */
    }
    if (a->worst != b->worst) {
        return a->worst < b->worst ? -1 : 1;
    }
    return strcmp(a->offer->type, b->offer->type);
}

/* Of sorted points only those less short than all before them, and today's type. */
static void keep_frontier(struct rs_curve *curve)
{
    double least = INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < curve->count; i++) {
        struct rs_curve_point point = curve->points[i];
        bool less = point.worst < least && !isnan(point.monthly_price);
        if (less || point.current) {
            curve->points[kept++] = point;
        }
        least = less ? point.worst : least;
    }
    curve->count = kept;
}

static enum rs_status judge_all(const struct rs_study *study, const struct rs_traces *traces,
                                const struct rs_market *market, struct rs_curve *curve,
                                struct rs_error *err)
{
    struct rs_replay now, then;
    enum rs_status rc =
        rs_replay_offer(traces, market->current, 1.0,
                        rs_policy_unlimited(study->policy, market->current), &now, err);
    if (rc == RS_OK) {
        curve->points[curve->count++] = point_of(&now, true);
    }
    for (size_t i = 0; i < market->count && rc == RS_OK; i++) {
        const struct rs_offer *offer = market->offers[i];
        if (strcmp(offer->type, study->current->type) == 0 ||
            rs_gates_reject(study, offer) != NULL) {
            continue;
        }
        double speed = rs_policy_speed(study->policy, study->current, offer);
        rc = rs_replay_offer(traces, offer, speed, rs_policy_unlimited(study->policy, offer), &then,
                             err);
        if (rc == RS_OK) {
            forget_gpus(market->current, &then);
        }
        if (rc == RS_OK && can_judge(study, traces, &now, &then)) {
            curve->points[curve->count++] = point_of(&then, false);
        }
    }
    return rc;
}

enum rs_status rs_curve_of(const struct rs_workload *work, const struct rs_market *market,
                           const struct rs_policy *policy, struct rs_curve *out,
                           struct rs_error *err)
{
    struct rs_advice advice = {.data_from = -1, .data_to = -1};
    struct rs_study study = {.work = work,
                             .policy = policy,
                             .use_mean = NAN,
                             .use_ahead = NAN,
                             .credits_gone_at = -1,
                             .out = &advice};
    struct rs_traces traces;
    struct rs_curve curve = {.points = NULL};
    struct rs_desk *desk = NULL;
    enum rs_status rc = rs_desk_open(&desk, err);
    if (rc != RS_OK || (rc = prepare(desk, &study, market->current, &traces, err)) != RS_OK) {
        rs_desk_close(desk);
        return rc;
    }
    curve.points = calloc(market->count + 1, sizeof(*curve.points));
    rc = curve.points != NULL
             ? judge_all(&study, &traces, market, &curve, err)
             : rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", market->count);
    rs_traces_release(&traces);
    rs_desk_close(desk);
    if (rc != RS_OK) {
        rs_curve_release(&curve);
        return rc;
    }
    curve.judged = curve.count;
    qsort(curve.points, curve.count, sizeof(*curve.points), compare);
    keep_frontier(&curve);
    *out = curve;
    return RS_OK;
}

enum rs_status rs_curve_draw(const struct rs_workload *workload, const struct rs_catalog *catalog,
                             const struct rs_policy *policy, struct rs_curve *out,
                             struct rs_error *err)
{
    const struct rs_resource *resource = workload->resource;
    size_t count = catalog != NULL ? rs_catalog_count(catalog) : 0;
    struct rs_market market = {.known = true};
    if (catalog != NULL && resource->type != NULL) {
        market.current = rs_catalog_find(catalog, resource->type);
    }
    if (market.current == NULL) {
        return rs_fail(err, RS_ENODATA, "the type of '%.100s' is not in a catalog", resource->id);
    }
    const struct rs_offer **offers = calloc(count + 1, sizeof(const struct rs_offer *));
    if (offers == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    for (size_t i = 0; i < count; i++) {
        offers[i] = rs_catalog_at(catalog, i);
    }
    market.offers = offers;
    market.count = count;
    enum rs_status rc = rs_curve_of(workload, &market, policy, out, err);
    free(offers);
    return rc;
}

void rs_curve_release(struct rs_curve *curve)
{
    free(curve->points);
    *curve = (struct rs_curve){.points = NULL};
}
