/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank.h - the order of what fits. */
#ifndef RIGHTSIZE_ADVISE_RANK_H
#define RIGHTSIZE_ADVISE_RANK_H

#include "advise/study.h"

struct rs_score_context { /* what a score depends on */
    const struct rs_study *study;
    double premium;    /* dollars an hour for giving up all free memory; 0: price alone */
    double full, free; /* of today's memory at its highest use: the share in use, what is left */
};

/*
 * The premium: k x (1.4 u + 0.015 p) x 14 / (7 + days), with k = policy->crowding, u the price of
 * the cheapest vCPU of the region, p today's price, and the days of history. The next week beats
 * the peak of T days with probability 7 / (7 + T), so longer history makes crowding cheaper.
 */
struct rs_score_context rs_score_context_of(const struct rs_study *study);

/* The cheapest vCPU of general, compute and memory types that do not burst; NaN: none. */
double rs_unit_price(const struct rs_offer *const *offers, size_t count);

/*
 * What an offer costs an hour in the ranking: the least wins, and an offer is a move only when its
 * score is below the current type's, whose crowding is 0.
 *
 *   score = price (with surplus credits, surplus.h) + premium x crowding
 *   crowding = 1 - free there / free now, of memory at its highest in all history plus the pad,
 *   0 when there is no less free; and at least the number of earlier weeks (beyond the recent ones)
 *   whose peak the type would not have held, so that a peak that comes back every month is paid for
 *   each time.
 */
double rs_offer_score(const struct rs_score_context *context, const struct rs_offer *offer);
/* The charge in it, an hour. */
double rs_offer_charge(const struct rs_score_context *context, const struct rs_offer *offer);

struct rs_candidate {
    const struct rs_offer *offer;
    double score;
    double surplus; /* beyond its price, an hour */
};

/* Sort by score, then by more memory, more vCPUs, name. */
void rs_rank_sort(struct rs_candidate *candidates, size_t count);

/* The choice of what to show, from candidates that come in order of price. */
struct rs_ranking {
    struct rs_candidate *heap; /* best on top; the caller's, with room for all that are added */
    size_t count;
    struct rs_candidate kept[RS_MAX_OPTIONS];
    size_t kept_count, wanted;
};
/* At most RS_MAX_OPTIONS are kept. */
void rs_ranking_start(struct rs_ranking *ranking, struct rs_candidate *heap, size_t wanted);
void rs_ranking_add(struct rs_ranking *ranking, const struct rs_candidate *candidate);
/*
 * Decides on those that score below `limit`, or on all where it is NaN: best first, kept unless
 * one is dearer than a kept one and in nothing better (vCPUs, memory, network, EBS, generation,
 * freedom of CPU credits). As no score is below its price, nothing that is added later at a price
 * of `limit` or more can come before them. True: `wanted` are kept, and what is still to come
 * makes no difference.
 */
bool rs_ranking_settle(struct rs_ranking *ranking, double limit);

#endif
