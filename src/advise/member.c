/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/member.h"

#include "advise/fit.h"
#include "advise/option.h"
#include "advise/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NANO 1e9
#define GIB 1073741824.0

void rs_claim_release(struct rs_claim *claim)
{
    free(claim->score);
    *claim = (struct rs_claim){.score = NULL};
}

void rs_member_blank(struct rs_claim *claim, const struct rs_catalog *catalog,
                     const struct rs_offer *current)
{
    claim->catalog = catalog;
    claim->current = current;
    claim->judged = claim->under = false;
    claim->count = 0;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim->need[d] = NAN;
    }
}

static int64_t score_of(const struct rs_score_context *context, const struct rs_offer *offer)
{
    double score = rs_offer_score(context, offer);
    return isnan(score) ? RS_CLAIM_NO : (int64_t)llround(score * NANO);
}

static void take_scores(const struct rs_study *study, const struct rs_market *market,
                        const struct rs_lot *lot, int64_t *out)
{
    struct rs_score_context context = rs_score_context_of(study);
    struct rs_fit fit;
    rs_fit_prepare(study, false, &fit);
    for (size_t i = 0; i < market->count; i++) {
        bool today = market->offers[i] == market->current;
        out[i] = today && !study->under ? score_of(&context, market->current) : RS_CLAIM_NO;
    }
    for (size_t i = 0; i < lot->count; i++) {
        const struct rs_item *item = &lot->items[i];
        if (item->offer != market->current && rs_fit_verdict(&fit, item) == RS_FITS &&
            rs_fit_reject_burst(study, item->offer) == NULL) {
            out[item->place] = score_of(&context, item->offer);
        }
    }
}

enum rs_status rs_member_claim(struct rs_study *study, const struct rs_market *market,
                               struct rs_error *err)
{
    struct rs_claim *claim = market->claim;
    if (claim->capacity < market->count) {
        int64_t *score = realloc(claim->score, market->count * sizeof(*score));
        if (score == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", market->count);
        }
        claim->score = score;
        claim->capacity = market->count;
    }
    const struct rs_lot *lot = NULL;
    enum rs_status rc = rs_lot_get(study, &lot, err);
    if (rc != RS_OK) {
        return rc;
    }
    study->unit_price = study->shelf->unit_price;
    take_scores(study, market, lot, claim->score);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim->need[d] = study->out->demand[d].need;
    }
    claim->count = market->count;
    claim->under = study->under;
    claim->judged = true;
    return RS_OK;
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
