/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double rs_offer_score(const struct rs_score_context *context, const struct rs_offer *offer)
{
    (void)context;
    return offer->price;
}

static bool exceeds(double a, double b)
{
    return a > b || (isnan(b) && !isnan(a)); /* to know is better than not to */
}

static int compare(const void *left, const void *right)
{
    const struct rs_candidate *a = left, *b = right;
    if (a->score != b->score) {
        return a->score < b->score ? -1 : 1;
    }
    if (exceeds(a->offer->memory_bytes, b->offer->memory_bytes)) {
        return -1;
    }
    if (exceeds(b->offer->memory_bytes, a->offer->memory_bytes)) {
        return 1;
    }
    return strcmp(a->offer->type, b->offer->type);
}

void rs_rank_sort(struct rs_candidate *candidates, size_t count)
{
    qsort(candidates, count, sizeof(*candidates), compare);
}

static bool is_better_somewhere(const struct rs_offer *a, const struct rs_offer *b)
{
    bool a_bursts = (a->flags & ((unsigned)RS_OFFER_BURSTABLE | (unsigned)RS_OFFER_FLEX)) != 0;
    bool b_bursts = (b->flags & ((unsigned)RS_OFFER_BURSTABLE | (unsigned)RS_OFFER_FLEX)) != 0;
    return exceeds(a->vcpus, b->vcpus) || exceeds(a->memory_bytes, b->memory_bytes) ||
           exceeds(a->net_baseline, b->net_baseline) || exceeds(a->ebs_baseline, b->ebs_baseline) ||
           exceeds(a->ebs_baseline_ops, b->ebs_baseline_ops) || a->generation > b->generation ||
           (b_bursts && !a_bursts);
}

size_t rs_rank_choose(struct rs_candidate *candidates, size_t count, size_t wanted)
{
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < wanted; i++) {
        bool useful = true;
        for (size_t k = 0; k < kept && useful; k++) {
            useful = candidates[i].offer->price <= candidates[k].offer->price ||
                     is_better_somewhere(candidates[i].offer, candidates[k].offer);
        }
        if (useful) {
            candidates[kept++] = candidates[i];
        }
    }
    return kept;
}
