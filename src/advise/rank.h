/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank.h - the order of what fits. */
#ifndef RIGHTSIZE_ADVISE_RANK_H
#define RIGHTSIZE_ADVISE_RANK_H

#include "advise/study.h"

struct rs_score_context { /* what a score may depend on */
    const struct rs_offer *current;
    const struct rs_demand *demand; /* RS_DIM_COUNT of them */
    const struct rs_policy *policy;
};

/*
 * What an offer costs an hour in the ranking: the least wins, and an offer is a move only when its
 * score is below the current type's. Today the price.
 */
double rs_offer_score(const struct rs_score_context *context, const struct rs_offer *offer);

struct rs_candidate {
    const struct rs_offer *offer;
    double score;
};

/* Sort by score, then by more memory, then by name. */
void rs_rank_sort(struct rs_candidate *candidates, size_t count);
/*
 * Of sorted candidates the first `wanted` that are worth showing, moved to the front: one that is
 * dearer than a kept one and in nothing better (vCPUs, memory, network, EBS, generation, freedom of
 * CPU credits) is passed over. Returns how many were kept.
 */
size_t rs_rank_choose(struct rs_candidate *candidates, size_t count, size_t wanted);

#endif
