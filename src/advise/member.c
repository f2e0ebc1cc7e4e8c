/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/member.h"

#include "advise/fit.h"
#include "advise/option.h"
#include "advise/rank.h"
#include "advise/shelf.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NANO 1e9
#define GIB 1073741824.0

void rs_member_blank(struct rs_claim *claim, const struct rs_offer *current)
{
    claim->current = current;
    claim->judged = claim->under = claim->unsure = false;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim->need[d] = NAN;
    }
}

static void hold(struct rs_claim *claim, const struct rs_score_context *context, size_t place,
                 const struct rs_offer *offer)
{
    double score = rs_set_has(claim->open, place) ? rs_offer_score(context, offer) : NAN;
    if (!isnan(score)) {
        rs_set_add(claim->held, place);
        claim->score[place] = (int64_t)llround(score * NANO);
    }
}

/* Today's type holds what is not short, whatever the gates say of it. */
static void hold_today(struct rs_claim *claim, const struct rs_score_context *context,
                       const struct rs_market *market)
{
    size_t place = 0;
    while (place < market->count && market->offers[place] != market->current) {
        place++;
    }
    if (place < market->count) {
        hold(claim, context, place, market->current);
    }
}

static enum rs_status take_scores(const struct rs_study *study, const struct rs_market *market,
                                  struct rs_claim *claim, struct rs_error *err)
{
    struct rs_lot *lot = NULL;
    struct rs_sieved sieved;
    enum rs_status rc = rs_lot_get(study, &lot, err);
    if (rc == RS_OK) {
        rc = rs_sieve(study, lot, false, rs_lot_find(lot, market->current), &sieved, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_score_context context = rs_score_context_of(study);
    if (!study->under) {
        hold_today(claim, &context, market);
    }
    for (size_t i = 0; (i = rs_set_next(sieved.left, lot->count, i)) < lot->count; i++) {
        size_t place = lot->places[i];
        if (rs_set_has(claim->open, place) &&
            (!rs_set_has(lot->limited, i) ||
             rs_fit_reject_burst(study, lot->items[i].offer) == NULL)) {
            hold(claim, &context, place, lot->items[i].offer);
        }
    }
    return RS_OK;
}

enum rs_status rs_member_claim(struct rs_study *study, const struct rs_market *market,
                               struct rs_error *err)
{
    struct rs_claim *claim = market->claim;
    assert(claim->count == market->count);
    study->unit_price = study->shelf->unit_price;
    rs_set_clear(claim->held, claim->count);
    enum rs_status rc = RS_OK;
    if (rs_set_next(claim->open, claim->count, 0) < claim->count) {
        rc = take_scores(study, market, claim, err);
    }
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim->need[d] = study->out->demand[d].need;
    }
    claim->under = study->under;
    claim->judged = rc == RS_OK;
    return rc;
}

static void put_first(struct rs_study *study, const struct rs_offer *offer)
{
    struct rs_advice *out = study->out;
    struct rs_option_offer first;
    size_t at = 0;
    while (at < out->option_count && out->options[at].offer != offer) {
        at++;
    }
    if (at == out->option_count) {
        struct rs_score_context context = rs_score_context_of(study);
        rs_option_fill(study, offer, &first);
        first.monthly_charge = rs_offer_charge(&context, offer) * RS_HOURS_PER_MONTH;
        size_t wanted = study->policy->options > 0 ? (size_t)study->policy->options : 1;
        if (out->option_count < wanted) {
            out->option_count++;
        }
        at = out->option_count - 1; /* the last one gives way */
    } else {
        first = out->options[at];
    }
    memmove(&out->options[1], &out->options[0], at * sizeof(out->options[0]));
    out->options[0] = first;
}

static void name_group(const struct rs_group_answer *group, char *out, size_t size)
{
    snprintf(out, size, "%s %.80s", group->kind == RS_GROUP_SCALING ? "Auto Scaling group" : "role",
             group->name);
}

static void format_need(double need, enum rs_dimension d, char *out, size_t size)
{
    const struct rs_dimension_info *info = rs_dimension_info(d);
    if (d == RS_DIM_CPU) {
        snprintf(out, size, "%.3g vCPU", need);
    } else if (d == RS_DIM_MEMORY || d == RS_DIM_GPU_MEMORY) {
        snprintf(out, size, "%.3g GiB of %s", need / GIB, info->title);
    } else {
        snprintf(out, size, "%.3g %s of %s", need, info->unit, info->title);
    }
}

static void note_outlier(struct rs_study *study, const struct rs_group_answer *group)
{
    char need[64], others[64];
    format_need(group->outlier_need, group->outlier_by, need, sizeof(need));
    format_need(group->others_need, group->outlier_by, others, sizeof(others));
    rs_study_note(study, "GroupOutlier",
                  "%.64s alone needs %s, the others at most %s; without it all could be %.32s",
                  group->outlier, need, others, group->without->type);
}

static bool moves_elsewhere(const struct rs_study *study, const struct rs_group_answer *group)
{
    return group->verdict == RS_GROUP_MOVE && strcmp(group->offer->type, study->current->type) != 0;
}

void rs_member_follow(struct rs_study *study)
{
    struct rs_advice *out = study->out;
    const struct rs_group_answer *group = study->work->group;
    char name[120];
    out->group = group;
    if (group == NULL || (group->verdict != RS_GROUP_MOVE && group->verdict != RS_GROUP_KEEP)) {
        return;
    }
    name_group(group, name, sizeof(name));
    if (moves_elsewhere(study, group)) {
        put_first(study, group->offer);
        out->group_moves = true;
        rs_study_note(study, "GroupMoves",
                      "%.32s is the best type that holds all %zu machines of %s",
                      group->offer->type, group->judged, name);
    } else if (out->option_count > 0) {
        out->group_keeps = true;
        rs_study_note(study, "GroupKeeps",
                      "it could be %.32s, but no other type that holds all %zu machines of %s is "
                      "worth a move",
                      out->options[0].offer->type, group->judged, name);
    }
    if (group->outlier != NULL) {
        note_outlier(study, group);
    }
}
