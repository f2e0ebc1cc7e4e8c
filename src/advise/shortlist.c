/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shortlist.h"

#include "advise/fit.h"
#include "advise/gates.h"
#include "advise/option.h"
#include "advise/rank.h"
#include "advise/surplus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDING 1e-12

/* The comparisons are false for an unknown price. */
const char *rs_shortlist_reject_price(const struct rs_study *study, const struct rs_offer *offer)
{
    if (study->foreign || (study->under && !study->policy->down_only)) {
        return NULL;
    }
    struct rs_score_context context = rs_score_context_of(study);
    const struct rs_offer *current = study->current;
    double now = rs_surplus_price(study, current);
    if (!(offer->price < now) || !(rs_surplus_price(study, offer) < now)) {
        return "not cheaper";
    }
    double most = (1.0 - study->policy->min_saving) * now;
    if (!(rs_surplus_price(study, offer) <= most * (1.0 + ROUNDING))) {
        return "policy: min_saving";
    }
    bool worth = rs_offer_score(&context, offer) < rs_offer_score(&context, current) - ROUNDING;
    return worth ? NULL : "crowding costs more than it saves";
}

static const char *reject(const struct rs_study *study, const struct rs_offer *offer)
{
    const char *why = rs_gates_reject(study, offer);
    if (why == NULL) {
        why = rs_fit_reject(study, offer, false);
    }
    if (why == NULL) {
        why = rs_shortlist_reject_price(study, offer);
    }
    return why != NULL ? why : rs_fit_reject_burst(study, offer);
}

bool rs_shortlist_is_current(const struct rs_study *study, const struct rs_offer *offer)
{
    return strcmp(offer->type, study->current->type) == 0;
}

/* The price of the cheapest move if no memory were needed; today's price when there is none. */
static double price_without_memory(const struct rs_study *study, const struct rs_market *market)
{
    double lowest = study->current->price;
    for (size_t i = 0; i < market->count; i++) {
        const struct rs_offer *offer = market->offers[i];
        if (offer->price < lowest && rs_gates_reject(study, offer) == NULL &&
            rs_fit_reject(study, offer, true) == NULL &&
            rs_shortlist_reject_price(study, offer) == NULL &&
            rs_fit_reject_burst(study, offer) == NULL) {
            lowest = offer->price;
        }
    }
    return lowest;
}

static void find_unlock(struct rs_study *study, const struct rs_market *market)
{
    const struct rs_advice *out = study->out;
    if (out->demand[RS_DIM_MEMORY].known) {
        return;
    }
    double now = study->current->price;
    if (out->option_count > 0) {
        now = fmin(now, out->options[0].offer->price);
    }
    double more = now - price_without_memory(study, market);
    if (more > 0.0) {
        study->unlock = more;
    }
}

static int compare_gates(const void *left, const void *right)
{
    const struct rs_gate_count *a = left, *b = right;
    if (a->rejected != b->rejected) {
        return a->rejected > b->rejected ? -1 : 1;
    }
    return strcmp(a->gate, b->gate);
}

enum rs_status rs_shortlist(struct rs_study *study, const struct rs_market *market,
                            struct rs_error *err)
{
    struct rs_advice *out = study->out;
    study->unit_price = rs_unit_price(market);
    struct rs_score_context context = rs_score_context_of(study);
    struct rs_candidate *candidates = calloc(market->count + 1, sizeof(*candidates));
    size_t count = 0;
    if (candidates == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", market->count);
    }
    for (size_t i = 0; i < market->count; i++) {
        const struct rs_offer *offer = market->offers[i];
        if (!study->foreign && rs_shortlist_is_current(study, offer)) {
            continue;
        }
        const char *why = reject(study, offer);
        if (why != NULL) {
            rs_study_reject(study, why);
        } else {
            candidates[count].surplus = rs_surplus_hourly(study, offer);
            candidates[count].score = rs_offer_score(&context, offer);
            candidates[count++].offer = offer;
        }
    }
    rs_rank_sort(candidates, count);
    out->option_count = rs_rank_choose(candidates, count, (size_t)study->policy->options);
    for (size_t i = 0; i < out->option_count; i++) {
        rs_option_fill(study, candidates[i].offer, &out->options[i]);
        out->options[i].monthly_charge =
            rs_offer_charge(&context, candidates[i].offer) * RS_HOURS_PER_MONTH;
    }
    qsort(out->gates, out->gate_count, sizeof(out->gates[0]), compare_gates);
    free(candidates);
    find_unlock(study, market);
    return RS_OK;
}
