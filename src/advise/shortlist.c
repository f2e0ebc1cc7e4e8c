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

/* The comparisons are false for an unknown price. *out is set where the answer is NULL. */
static const char *reject_price(const struct pricing *pricing, const struct rs_offer *offer,
                                struct rs_candidate *out)
{
    if (!pricing->any && !(offer->price < pricing->now)) {
        return not_cheaper;
    }
    double surplus = rs_surplus_hourly(pricing->study, offer), price = offer->price + surplus;
    if (!pricing->any && !(price < pricing->now)) {
        return not_cheaper;
    }
    if (!pricing->any && !(price <= pricing->most)) {
        return "policy: min_saving";
    }
    double score = price + rs_offer_charge(&pricing->context, offer);
    *out = (struct rs_candidate){offer, score, surplus};
    return pricing->any || score < pricing->score ? NULL : "crowding costs more than it saves";
}

const char *rs_shortlist_reject_price(const struct rs_study *study, const struct rs_offer *offer)
{
    struct pricing pricing = pricing_of(study);
    struct rs_candidate candidate;
    return reject_price(&pricing, offer, &candidate);
}

bool rs_shortlist_is_current(const struct rs_study *study, const struct rs_offer *offer)
{
    return strcmp(offer->type, study->current->type) == 0;
}

/*
 * The price of the cheapest move if no memory were needed; today's price when there is none. By
 * price the first move is the cheapest.
 */
static enum rs_status price_without_memory(const struct pricing *pricing, struct rs_lot *lot,
                                           double *out, struct rs_error *err)
{
    const struct rs_study *study = pricing->study;
    struct rs_sieved sieved;
    struct rs_candidate candidate;
    *out = study->current->price;
    size_t end = rs_lot_from_price(lot, *out);
    enum rs_status rc = rs_sieve(study, lot, true, lot->count, &sieved, err);
    for (size_t i = 0; rc == RS_OK; i++) {
        i = rs_set_next(sieved.left, lot->count, i);
        if (i >= end) {
            break;
        }
        const struct rs_offer *offer = lot->items[i].offer;
        if (reject_price(pricing, offer, &candidate) == NULL &&
            rs_fit_reject_burst(study, offer) == NULL) {
            *out = offer->price;
            break;
        }
    }
    return rc;
}

static enum rs_status find_unlock(struct rs_study *study, const struct pricing *pricing,
                                  struct rs_lot *lot, struct rs_error *err)
{
    const struct rs_advice *out = study->out;
    if (out->demand[RS_DIM_MEMORY].known) {
        return RS_OK;
    }
    double now = study->current->price, cheapest = now;
    if (out->option_count > 0) {
        now = fmin(now, out->options[0].offer->price);
    }
    enum rs_status rc = price_without_memory(pricing, lot, &cheapest, err);
    if (rc == RS_OK && now - cheapest > 0.0) {
        study->unlock = now - cheapest;
    }
    return rc;
}

static int compare_gates(const struct rs_gate_count *a, const struct rs_gate_count *b)
{
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

/* Why the item is not taken, or NULL: then it is in the ranking, unless that is settled. */
static const char *judge_item(const struct pricing *pricing, const struct rs_lot *lot, size_t i,
                              bool settled, struct rs_ranking *ranking)
{
    const struct rs_offer *offer = lot->items[i].offer;
    struct rs_candidate candidate;
    const char *why = settled && pricing->any ? NULL : reject_price(pricing, offer, &candidate);
    if (why == NULL && rs_set_has(lot->limited, i)) {
        why = rs_fit_reject_burst(pricing->study, offer);
    }
    if (why == NULL && !settled) {
        rs_ranking_add(ranking, &candidate);
    }
    return why;
}

struct tally { /* of items refused for one reason; few differ, and their texts are the same ones */
    const char *why;
    size_t count;
};
enum { TALLIES = 8 };

/* Returns how many reasons there are now; those that find no room are counted at once. */
static size_t tally(struct rs_study *study, struct tally tallies[TALLIES], size_t count,
                    const char *why)
{
    size_t i = 0;
    while (i < count && tallies[i].why != why) {
        i++;
    }
    if (i == TALLIES) {
        rs_study_reject(study, why, 1);
        return count;
    }
    if (i == count) {
        tallies[count++] = (struct tally){why, 0};
    }
    tallies[i].count++;
    return count;
}

/* What fits, in order of price, into the ranking; all else is counted under why it is no move. */
static void rank(struct rs_study *study, const struct pricing *pricing, const struct rs_lot *lot,
                 struct rs_sieved *sieved, struct rs_ranking *ranking)
{
    size_t end = pricing->any ? lot->count : rs_lot_from_price(lot, pricing->now);
    size_t dearer = end < lot->count ? rs_set_cut(sieved->left, lot->count, end) : 0;
    struct tally tallies[TALLIES];
    size_t reasons = 0;
    bool settled = false;
    for (size_t i = 0; (i = rs_set_next(sieved->left, end, i)) < end; i++) {
        settled = settled || rs_ranking_settle(ranking, lot->prices[i]);
        const char *why = judge_item(pricing, lot, i, settled, ranking);
        if (why == not_cheaper) {
            dearer++;
        } else if (why != NULL) {
            reasons = tally(study, tallies, reasons, why);
        }
    }
    for (size_t i = 0; i < reasons; i++) {
        rs_study_reject(study, tallies[i].why, tallies[i].count);
    }
    (void)rs_ranking_settle(ranking, NAN);
    rs_study_reject(study, not_cheaper, dearer);
    for (int v = RS_FITS + 1; v < (int)RS_FIT_VERDICTS; v++) {
        rs_study_reject(study, rs_fit_name(v), sieved->verdicts[v]);
    }
}

/* A dozen, in any order: the fewest are put before their place. */
static void sort_gates(struct rs_gate_count *gates, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct rs_gate_count moved = gates[i];
        size_t k = i;
        for (; k > 0 && compare_gates(&moved, &gates[k - 1]) < 0; k--) {
            gates[k] = gates[k - 1];
        }
        gates[k] = moved;
    }
}

enum rs_status rs_shortlist(struct rs_study *study, const struct rs_market *market,
                            struct rs_error *err)
{
    struct rs_advice *out = study->out;
    struct rs_lot *lot = NULL;
    struct rs_sieved sieved;
    struct rs_ranking ranking;
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
    if ((rc = rs_sieve(study, lot, false, rs_lot_find(lot, today), &sieved, err)) != RS_OK) {
        return rc;
    }
    rs_ranking_start(&ranking, candidates, (size_t)study->policy->options);
    rank(study, &pricing, lot, &sieved, &ranking);
    out->option_count = ranking.kept_count;
    for (size_t i = 0; i < out->option_count; i++) {
        const struct rs_offer *offer = ranking.kept[i].offer;
        rs_option_fill(study, offer, &out->options[i]);
        out->options[i].monthly_charge =
            rs_offer_charge(&pricing.context, offer) * RS_HOURS_PER_MONTH;
    }
    sort_gates(out->gates, out->gate_count);
    return find_unlock(study, &pricing, lot, err);
}
