/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/rank.h"

#include "advise/surplus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LEAST_FREE 0.02 /* of a capacity: what is fuller has as good as nothing to give up */

static bool is_plain(const struct rs_offer *offer)
{
    static const char *const kinds[] = {"general", "compute", "memory"};
    unsigned odd = (unsigned)RS_OFFER_BURSTABLE | (unsigned)RS_OFFER_FLEX |
                   (unsigned)RS_OFFER_BARE_METAL | (unsigned)RS_OFFER_DELISTED;
    bool kind = offer->category == NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !kind; i++) {
        kind = strncasecmp(offer->category, kinds[i], strlen(kinds[i])) == 0;
    }
    return kind && (offer->flags & odd) == 0 &&
           (offer->flags & (unsigned)RS_OFFER_CURRENT_GENERATION) != 0 && !(offer->gpu_count > 0.0);
}

double rs_unit_price(const struct rs_offer *const *offers, size_t count)
{
    double lowest = NAN;
    for (size_t i = 0; i < count; i++) {
        if (is_plain(offers[i]) && offers[i]->vcpus > 0.0) {
            lowest = fmin(lowest, offers[i]->price / offers[i]->vcpus); /* NaN gives way */
        }
    }
    return lowest;
}

/* At its highest use, what a move must leave free included. */
static double memory_of(const struct rs_study *study)
{
    return study->out->demand[RS_DIM_MEMORY].peak + study->policy->memory_pad;
}

struct rs_score_context rs_score_context_of(const struct rs_study *study)
{
    const struct rs_advice *out = study->out;
    double days = (double)(out->data_to - out->data_from) / RS_DAY_SECONDS;
    double unit = isnan(study->unit_price) ? 0.0 : study->unit_price;
    double whole = 1.4 * unit + 0.015 * study->current->price;
    double full = fmin(memory_of(study) / study->current->memory_bytes, 1.0);
    return (struct rs_score_context){study, study->policy->crowding * whole * 14.0 / (7.0 + days),
                                     full, fmax(1.0 - full, LEAST_FREE)};
}

double rs_offer_charge(const struct rs_score_context *context, const struct rs_offer *offer)
{
    const struct rs_study *study = context->study;
    double now = study->current->memory_bytes, has = offer->memory_bytes;
    if (!(context->premium > 0.0) || !study->out->demand[RS_DIM_MEMORY].known || has >= now) {
        return 0.0; /* unknown memory keeps what there is, so nothing is given up */
    }
    double then = fmin(memory_of(study) / has, 1.0), overrun = 0.0;
    double crowding = then > context->full ? (then - context->full) / context->free : 0.0;
    double pad = study->policy->memory_pad;
    for (size_t w = (size_t)study->policy->recent_weeks; w < study->weeks && has < now; w++) {
        overrun += study->week_peaks[w] + pad > has ? 1.0 : 0.0;
    }
    return context->premium * fmax(crowding, overrun);
}

double rs_offer_score(const struct rs_score_context *context, const struct rs_offer *offer)
{
    return rs_surplus_price(context->study, offer) + rs_offer_charge(context, offer);
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
    if (a->offer->vcpus != b->offer->vcpus) {
        return a->offer->vcpus > b->offer->vcpus ? -1 : 1;
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
           exceeds(a->ebs_baseline_ops, b->ebs_baseline_ops) || a->gpu_count > b->gpu_count ||
           a->gpu_memory_bytes > b->gpu_memory_bytes || a->generation > b->generation ||
           (b_bursts && !a_bursts);
}

static double price_of(const struct rs_candidate *candidate)
{
    return candidate->offer->price + candidate->surplus;
}

/* Restores the heap, best on top, below place `i`. */
static void sift(struct rs_candidate *heap, size_t count, size_t i)
{
    struct rs_candidate moved = heap[i];
    for (size_t child = 2 * i + 1; child < count; child = 2 * i + 1) {
        child += child + 1 < count && compare(&heap[child + 1], &heap[child]) < 0 ? 1 : 0;
        if (compare(&moved, &heap[child]) <= 0) {
            break;
        }
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

void rs_ranking_start(struct rs_ranking *ranking, struct rs_candidate *heap, size_t wanted)
{
    ranking->heap = heap;
    ranking->count = ranking->kept_count = 0;
    ranking->wanted = wanted < RS_MAX_OPTIONS ? wanted : RS_MAX_OPTIONS;
}

void rs_ranking_add(struct rs_ranking *ranking, const struct rs_candidate *candidate)
{
    struct rs_candidate *heap = ranking->heap;
    size_t i = ranking->count++;
    for (; i > 0 && compare(candidate, &heap[(i - 1) / 2]) < 0; i = (i - 1) / 2) {
        heap[i] = heap[(i - 1) / 2];
    }
    heap[i] = *candidate;
}

static bool is_worth_showing(const struct rs_ranking *ranking, const struct rs_candidate *candidate)
{
    bool useful = true;
    for (size_t k = 0; k < ranking->kept_count && useful; k++) {
        useful = price_of(candidate) <= price_of(&ranking->kept[k]) ||
                 is_better_somewhere(candidate->offer, ranking->kept[k].offer);
    }
    return useful;
}

bool rs_ranking_settle(struct rs_ranking *ranking, double limit)
{
    struct rs_candidate *heap = ranking->heap;
    while (ranking->count > 0 && ranking->kept_count < ranking->wanted &&
           !(heap[0].score >= limit)) {
        if (is_worth_showing(ranking, &heap[0])) {
            ranking->kept[ranking->kept_count++] = heap[0];
        }
        heap[0] = heap[--ranking->count];
        sift(heap, ranking->count, 0);
    }
    return ranking->kept_count == ranking->wanted;
}
