/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/recommend.h"

#include "advise/bootstrap.h"
#include "advise/demand.h"
#include "advise/desk.h"
#include "advise/finding.h"
#include "advise/gpu.h"
#include "advise/member.h"
#include "advise/notes.h"
#include "advise/option.h"
#include "advise/risk.h"
#include "advise/shape.h"
#include "advise/shortlist.h"
#include "advise/surplus.h"
#include "advise/workload.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define GIB 1073741824.0
#define HEAD offsetof(struct rs_advice, reasons) /* all that is no list */

static void start(struct rs_study *study, const struct rs_market *market)
{
    struct rs_advice *out = study->out;
    /* without its size, nothing can be compared with it */
    if (market->current != NULL && market->current->vcpus > 0.0 &&
        market->current->memory_bytes > 0.0) {
        rs_study_take_current(study, market->current);
    }
    memset(out, 0, HEAD);
    out->current = study->current != NULL ? market->current : NULL;
    out->finding = RS_FINDING_UNKNOWN;
    out->confidence = RS_CONFIDENCE_LOW;
    out->data_from = out->data_to = -1;
    out->current_monthly = out->memory_unlock_monthly = out->current_speed = NAN;
    out->bootstrap.same = out->bootstrap.same_finding = NAN;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        out->current_short[d] = NAN;
    }
    if (study->current != NULL) {
        out->current_monthly = study->current->price * RS_HOURS_PER_MONTH;
        out->current_speed = study->current->cpu_score > 0.0 ? study->current->cpu_score : NAN;
    }
}

static void bind(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    const struct rs_offer *on = out->option_count > 0 ? out->options[0].offer : out->current;
    out->binding_known = rs_option_binding(study, on, &out->binding);
}

static enum rs_status judge(struct rs_study *study, const struct rs_market *market,
                            struct rs_error *err)
{
    enum rs_status rc = rs_finding_credits(study, err);
    if (rc == RS_OK) {
        rs_surplus_current(study);
        study->saturated = rs_finding_saturated(study);
        study->under = rs_finding_is_under(study);
        if (market->claim != NULL) {
            return rs_member_claim(study, market, err);
        }
        rs_risk_prepare(study);
        rs_risk_current(study);
        rc = rs_shortlist(study, market, err);
    }
    if (rc == RS_OK) {
        rs_member_follow(study);
        rs_finding_decide(study);
        bind(study);
        rs_notes_add(study);
        rc = rs_bootstrap_run(study, market, err);
    }
    if (rc == RS_OK) {
        rs_finding_confidence(study);
        rc = study->foreign ? RS_OK : rs_shape_observe(study, err);
    }
    return rc;
}

static enum rs_status advise_at(struct rs_desk *desk, const struct rs_workload *work,
                                const struct rs_market *market, const struct rs_policy *policy,
                                struct rs_error *err)
{
    struct rs_study study = {.work = work,
                             .policy = policy,
                             .use_mean = NAN,
                             .use_ahead = NAN,
                             .credits_gone_at = -1,
                             .unlock = NAN,
                             .tails = desk->tails,
                             .currency = market->currency != NULL ? market->currency : "USD",
                             .foreign = market->foreign,
                             .earlier = market->earlier,
                             .out = &desk->advice};
    rs_desk_clear(desk, &study);
    if (strcmp(policy->architecture, "current") != 0) {
        study.runs = rs_workload_of(work->resource, policy);
    }
    start(&study, market);
    struct rs_market laid_out = *market;
    if (market->claim != NULL && market->claim->settled) {
        desk->advice.demand[RS_DIM_CPU].known = true; /* for all that is asked beside it */
        if (!rs_notes_no_answer(&study, market)) {
            market->claim->judged = rs_demand_probe(&study, &market->claim->unsure);
        }
        return RS_OK;
    }
    enum rs_status rc = rs_demand_read(&study, err);
    if (rc != RS_OK || rs_notes_no_answer(&study, market)) {
        return rc;
    }
    rc = rs_shelf_get(&study, market, &study.shelf, err);
    if (rc == RS_OK) {
        laid_out.offers = study.shelf->offers;
        laid_out.count = study.shelf->count;
        rc = judge(&study, &laid_out, err);
    }
    return rc;
}

static void copy(struct rs_advice *to, const struct rs_advice *from)
{
    memcpy(to, from, HEAD);
    memcpy(to->reasons, from->reasons, from->reason_count * sizeof(to->reasons[0]));
    memcpy(to->options, from->options, from->option_count * sizeof(to->options[0]));
    memcpy(to->notes, from->notes, from->note_count * sizeof(to->notes[0]));
    memcpy(to->gates, from->gates, from->gate_count * sizeof(to->gates[0]));
    memcpy(to->observations, from->observations,
           from->observation_count * sizeof(to->observations[0]));
}

enum rs_status rs_advise(struct rs_desk *desk, const struct rs_workload *work,
                         const struct rs_market *market, const struct rs_policy *policy,
                         struct rs_advice *out, struct rs_error *err)
{
    struct rs_desk *own = NULL;
    if (desk == NULL) {
        enum rs_status rc = rs_desk_open(&own, err);
        if (rc != RS_OK) {
            return rc;
        }
        desk = own;
    }
    enum rs_status rc = advise_at(desk, work, market, policy, err);
    if (rc == RS_OK) {
        copy(out, &desk->advice);
    }
    rs_desk_close(own);
    return rc;
}

static const struct rs_offer *own_offer(const struct rs_workload *workload,
                                        const struct rs_catalog *catalog)
{
    const char *type = workload->resource->type;
    return type != NULL && catalog != NULL ? rs_catalog_find(catalog, type) : NULL;
}

/* The types a machine had, in the catalog of its home. */
static void take_home(const struct rs_workload *workload, const struct rs_catalog *home,
                      struct rs_market *market)
{
    if (market->catalog != NULL) {
        market->currency = rs_catalog_info(market->catalog)->currency;
    }
    market->current = own_offer(workload, home);
    for (size_t i = 0; i < workload->earlier_count && i < RS_MAX_EARLIER && home != NULL; i++) {
        market->earlier[i] = rs_catalog_find(home, workload->earlier_types[i]);
    }
}

enum rs_status rs_recommend(struct rs_desk *desk, const struct rs_workload *workload,
                            const struct rs_catalog *catalog, const struct rs_policy *policy,
                            struct rs_advice *out, struct rs_error *err)
{
    assert(workload->resource != NULL && policy != NULL && out != NULL);
    struct rs_market market = {.known = catalog != NULL, .catalog = catalog};
    take_home(workload, catalog, &market);
    return rs_advise(desk, workload, &market, policy, out, err);
}

enum rs_status rs_claim_read(struct rs_desk *desk, const struct rs_workload *workload,
                             const struct rs_catalog *catalog, const struct rs_policy *policy,
                             struct rs_claim *claim, struct rs_error *err)
{
    assert(workload->resource != NULL && policy != NULL && claim->catalog == catalog);
    struct rs_advice advice;
    struct rs_market market = {.known = true, .catalog = catalog, .claim = claim};
    take_home(workload, catalog, &market);
    rs_member_blank(claim, market.current);
    return rs_advise(desk, workload, &market, policy, &advice, err);
}

/* "local:8x32" as a type of its own; false: the text is no such shape. */
static bool own_shape(const struct rs_resource *resource, struct rs_offer *out)
{
    unsigned vcpus = 0, gib = 0;
    int read = 0;
    if (resource->type == NULL ||
        sscanf(resource->type, "local:%5ux%6u%n", &vcpus, &gib, &read) != 2 ||
        resource->type[read] != '\0' || vcpus == 0 || gib == 0) {
        return false;
    }
    *out = (struct rs_offer){.type = resource->type,
                             .architecture = resource->architecture,
                             .vcpus = vcpus,
                             .memory_bytes = gib * GIB,
                             .burst_baseline = NAN,
                             .credits_per_hour = NAN,
                             .credits_max = NAN,
                             .net_baseline = NAN,
                             .max_enis = NAN,
                             .ebs_baseline = NAN,
                             .ebs_baseline_ops = NAN,
                             .max_attachments = NAN,
                             .price = NAN};
    return true;
}

static unsigned unjudged(const struct rs_advice *advice, const struct rs_offer *from,
                         const struct rs_offer *offer)
{
    unsigned bits = 0;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        bool needed = advice->demand[d].known && advice->demand[d].need > 0.0;
        bool other = d == RS_DIM_GPU && !rs_gpu_alike(from, offer);
        if (needed && (other || isnan(rs_offer_capacity(offer, (enum rs_dimension)d)))) {
            bits |= 1U << d;
        }
    }
    return bits;
}

enum rs_status rs_recommend_elsewhere(struct rs_desk *desk, const struct rs_workload *workload,
                                      const struct rs_catalog *home, const struct rs_catalog *other,
                                      const struct rs_policy *policy, struct rs_elsewhere *out,
                                      struct rs_error *err)
{
    assert(workload->resource != NULL && other != NULL && policy != NULL && out != NULL);
    struct rs_offer shape;
    struct rs_advice advice;
    struct rs_market market = {.known = true, .foreign = true, .catalog = other};
    take_home(workload, home, &market);
    *out = (struct rs_elsewhere){.catalog = rs_catalog_info(other)};
    if (market.current == NULL && own_shape(workload->resource, &shape)) {
        market.current = &shape;
    }
    if (market.current == NULL) {
        return RS_OK;
    }
    enum rs_status rc = rs_advise(desk, workload, &market, policy, &advice, err);
    if (rc == RS_OK && advice.option_count > 0) {
        out->found = true;
        out->option = advice.options[0];
        out->unjudged = unjudged(&advice, market.current, out->option.offer);
    }
    return rc;
}
