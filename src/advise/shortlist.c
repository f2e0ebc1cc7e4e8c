/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shortlist.h"

#include "advise/desk.h"
#include "advise/fit.h"
#include "advise/option.h"
#include "advise/rank.h"
#include "advise/surplus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDING 1e-12

static const char not_cheaper[] = "not cheaper";

struct pricing { /* what a price is held against */
    const struct rs_study *study;
    struct rs_score_context context;
    bool any;                /* a dearer type is a move as well */
    double now, most, score; /* of today's type; the most that an offer may cost */
};

static struct pricing pricing_of(const struct rs_study *study)
{
    struct pricing out = {.study = study, .context = rs_score_context_of(study)};
    out.any = study->foreign || (study->under && !study->policy->down_only);
    if (!out.any) {
        out.now = rs_surplus_price(study, study->current);
        out.most = (1.0 - study->policy->min_saving) * out.now * (1.0 + ROUNDING);
        out.score = rs_offer_score(&out.context, study->current) - ROUNDING;
    }
    return out;
}

/* The comparisons are false for an unknown price. */
static const char *reject_price(const struct pricing *pricing, const struct rs_offer *offer)
{
    if (pricing->any) {
        return NULL;
    }
    if (!(offer->price < pricing->now)) {
        return not_cheaper;
    }
    double price = rs_surplus_price(pricing->study, offer);
    if (!(price < pricing->now)) {
        return not_cheaper;
    }
    if (!(price <= pricing->most)) {
        return "policy: min_saving";
    }
    bool worth = price + rs_offer_charge(&pricing->context, offer) < pricing->score;
    return worth ? NULL : "crowding costs more than it saves";
}

const char *rs_shortlist_reject_price(const struct rs_study *study, const struct rs_offer *offer)
{
    struct pricing pricing = pricing_of(study);
    return reject_price(&pricing, offer);
}

bool rs_shortlist_is_current(const struct rs_study *study, const struct rs_offer *offer)
{
    return strcmp(offer->type, study->current->type) == 0;
}

/*
 * The price of the cheapest move if no memory were needed; today's price when there is none. By
 * price the first move is the cheapest.
 */
static double price_without_memory(const struct pricing *pricing, const struct rs_lot *lot)
{
    const struct rs_study *study = pricing->study;
    double now = study->current->price;
    struct rs_fit fit;
    rs_fit_prepare(study, true, &fit);
    for (size_t i = 0; i < lot->count && lot->items[i].price < now; i++) {
        const struct rs_item *item = &lot->items[i];
        if (rs_fit_verdict(&fit, item) == RS_FITS && reject_price(pricing, item->offer) == NULL &&
            rs_fit_reject_burst(study, item->offer) == NULL) {
            return item->price;
        }
    }
    return now;
}

static void find_unlock(struct rs_study *study, const struct pricing *pricing,
                        const struct rs_lot *lot)
{
    const struct rs_advice *out = study->out;
    if (out->demand[RS_DIM_MEMORY].known) {
        return;
    }
    double now = study->current->price;
    if (out->option_count > 0) {
        now = fmin(now, out->options[0].offer->price);
    }
    double more = now - price_without_memory(pricing, lot);
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

/* Today's type is no move; NULL: the market has no such offer. */
static const struct rs_offer *find_today(const struct rs_study *study,
                                         const struct rs_market *market)
{
    const struct rs_shelf *shelf = study->shelf;
    if (study->foreign || shelf->catalog != NULL) {
        return study->foreign ? NULL : market->current;
    }
    for (size_t i = 0; i < shelf->count; i++) {
        if (rs_shortlist_is_current(study, shelf->offers[i])) {
            return shelf->offers[i];
        }
    }
    return NULL;
}

static void count_gates(struct rs_study *study, const struct rs_lot *lot,
                        const struct rs_offer *today)
{
    size_t own = today != NULL ? rs_gates_first(study, today) : RS_GATES;
    for (size_t gate = 0; gate < RS_GATES; gate++) {
        rs_study_reject(study, rs_gates_name(gate), lot->refused[gate] - (gate == own ? 1 : 0));
    }
}

/* Returns how many there are; all others are counted under why they are none. */
static size_t take_candidates(struct rs_study *study, const struct pricing *pricing,
                              const struct rs_lot *lot, const struct rs_offer *today,
                              struct rs_candidate *out)
{
    struct rs_fit fit;
    size_t verdicts[RS_FIT_VERDICTS] = {0}, dearer = 0, count = 0;
    rs_fit_prepare(study, false, &fit);
    for (size_t i = 0; i < lot->count; i++) {
        const struct rs_item *item = &lot->items[i];
        const struct rs_offer *offer = item->offer;
        int verdict = offer == today ? RS_FITS : rs_fit_verdict(&fit, item);
        if (offer == today || verdict != RS_FITS) {
            verdicts[verdict]++;
            continue;
        }
        const char *why = reject_price(pricing, offer);
        why = why != NULL ? why : rs_fit_reject_burst(study, offer);
        if (why == not_cheaper) {
            dearer++;
        } else if (why != NULL) {
            rs_study_reject(study, why, 1);
        } else {
            out[count++] = (struct rs_candidate){offer, rs_offer_score(&pricing->context, offer),
                                                 rs_surplus_hourly(study, offer)};
        }
    }
    rs_study_reject(study, not_cheaper, dearer);
    for (int v = RS_FITS + 1; v < (int)RS_FIT_VERDICTS; v++) {
        rs_study_reject(study, rs_fit_name(v), verdicts[v]);
    }
    return count;
}

enum rs_status rs_shortlist(struct rs_study *study, const struct rs_market *market,
                            struct rs_error *err)
{
    struct rs_advice *out = study->out;
    const struct rs_lot *lot = NULL;
    study->unit_price = study->shelf->unit_price;
    enum rs_status rc = rs_lot_get(study, &lot, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_candidate *candidates =
        rs_arena_take(&study->desk->arena, lot->count + 1, sizeof(*candidates));
    if (candidates == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", lot->count);
    }
    struct pricing pricing = pricing_of(study);
    const struct rs_offer *today = find_today(study, market);
    count_gates(study, lot, today);
    size_t count = take_candidates(study, &pricing, lot, today, candidates);
    out->option_count = rs_rank_choose(candidates, count, (size_t)study->policy->options);
    for (size_t i = 0; i < out->option_count; i++) {
        rs_option_fill(study, candidates[i].offer, &out->options[i]);
        out->options[i].monthly_charge =
            rs_offer_charge(&pricing.context, candidates[i].offer) * RS_HOURS_PER_MONTH;
    }
    qsort(out->gates, out->gate_count, sizeof(out->gates[0]), compare_gates);
    find_unlock(study, &pricing, lot);
    return RS_OK;
}
