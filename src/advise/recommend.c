/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/recommend.h"

#include "advise/demand.h"
#include "advise/finding.h"
#include "advise/notes.h"
#include "advise/option.h"
#include "advise/shortlist.h"
#include "advise/study.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static void start(struct rs_study *study, const struct rs_market *market)
{
    struct rs_advice *out = study->out;
    rs_series_init(&study->use);
    /* without its size, nothing can be compared with it */
    if (market->current != NULL && market->current->vcpus > 0.0 &&
        market->current->memory_bytes > 0.0) {
        study->current = market->current;
    }
    *out = (struct rs_advice){.current = study->current,
                              .current_monthly = NAN,
                              .finding = RS_FINDING_UNKNOWN,
                              .confidence = RS_CONFIDENCE_LOW,
                              .data_from = -1,
                              .data_to = -1,
                              .memory_unlock_monthly = NAN};
    if (study->current != NULL) {
        out->current_monthly = study->current->price * RS_HOURS_PER_MONTH;
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
        study->saturated = rs_finding_saturated(study);
        study->under = rs_finding_is_under(study);
        rc = rs_shortlist(study, market, err);
    }
    if (rc == RS_OK) {
        rs_finding_decide(study);
        bind(study);
        rs_notes_add(study);
        rs_finding_confidence(study);
    }
    return rc;
}

enum rs_status rs_advise(const struct rs_workload *work, const struct rs_market *market,
                         const struct rs_policy *policy, struct rs_advice *out,
                         struct rs_error *err)
{
    struct rs_advice advice = {0};
    struct rs_study study = {.work = work,
                             .policy = policy,
                             .use_mean = NAN,
                             .credits_gone_at = -1,
                             .unlock = NAN,
                             .out = &advice};
    start(&study, market);
    enum rs_status rc = rs_demand_read(&study, err);
    if (rc == RS_OK && !rs_notes_no_answer(&study, market)) {
        rc = judge(&study, market, err);
    }
    if (rc == RS_OK) {
        *out = advice;
    }
    rs_series_release(&study.use);
    return rc;
}

enum rs_status rs_recommend(const struct rs_workload *workload, const struct rs_catalog *catalog,
                            const struct rs_policy *policy, struct rs_advice *out,
                            struct rs_error *err)
{
    assert(workload->resource != NULL && policy != NULL && out != NULL);
    struct rs_market market = {.known = catalog != NULL};
    if (catalog == NULL) {
        return rs_advise(workload, &market, policy, out, err);
    }
    const char *type = workload->resource->type;
    size_t count = rs_catalog_count(catalog);
    const struct rs_offer **offers = calloc(count + 1, sizeof(const struct rs_offer *));
    if (offers == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    for (size_t i = 0; i < count; i++) {
        offers[i] = rs_catalog_at(catalog, i);
    }
    market.offers = offers;
    market.count = count;
    market.current = type != NULL ? rs_catalog_find(catalog, type) : NULL;
    enum rs_status rc = rs_advise(workload, &market, policy, out, err);
    free(offers);
    return rc;
}
