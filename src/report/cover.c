/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rs_committed_use use_of(const struct rs_gist *gist, const struct rs_offer *offer)
{
    const struct rs_catalog_info *info = gist->catalog;
    return (struct rs_committed_use){.id = gist->id,
                                     .type = offer->type,
                                     .family = offer->family,
                                     .size = offer->size,
                                     .region = gist->region,
                                     .zone = gist->zone,
                                     .platform = gist->platform,
                                     .currency = info != NULL ? info->currency : NULL,
                                     .price = offer->price,
                                     .plan_price = offer->reserved_1y};
}

static enum rs_status hand_out(struct rs_commitments *commitments, int64_t at,
                               struct rs_committed_use *uses, size_t count, double **used,
                               struct rs_error *err)
{
    *used = calloc(commitments->count + 1, sizeof(**used));
    if (*used == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu commitments", commitments->count);
    }
    enum rs_status rc = rs_commitments_cover(commitments, at, uses, count, err);
    for (size_t i = 0; i < commitments->count && rc == RS_OK; i++) {
        (*used)[i] = commitments->items[i].used;
    }
    return rc;
}

static bool same_currency(const struct rs_committed_use *use, const char *currency)
{
    return currency != NULL && use->currency != NULL && strcmp(use->currency, currency) == 0;
}

static void add(struct rs_cover *cover, const struct rs_committed_use *now,
                const struct rs_committed_use *then)
{
    double before = now->price * (1.0 - now->covered) * RS_HOURS_PER_MONTH;
    double after = then->price * (1.0 - then->covered) * RS_HOURS_PER_MONTH;
    if (same_currency(now, cover->currency) && !isnan(before) && !isnan(after)) {
        cover->uncovered_now += before;
        cover->uncovered_then += after;
    }
    if (now->covered > 0.0 || then->covered > 0.0) {
        cover->machines[cover->count++] =
            (struct rs_covered){now->id, now->covered, then->covered, before - after};
    }
}

enum rs_status rs_cover_of(struct rs_commitments *commitments, int64_t at, const char *currency,
                           const struct rs_gist *const *gists, size_t count, struct rs_cover *out,
                           struct rs_error *err)
{
    struct rs_cover cover = {.commitments = commitments, .currency = currency};
    struct rs_committed_use *now = calloc(2 * count + 1, sizeof(*now)), *then = NULL;
    size_t n = 0;
    enum rs_status rc = RS_OK;
    cover.machines = calloc(count + 1, sizeof(*cover.machines));
    if (now == NULL || cover.machines == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", count);
        goto out;
    }
    then = now + count;
    for (size_t i = 0; i < count; i++) {
        if (gists[i]->runs && gists[i]->offer_now != NULL) {
            now[n] = use_of(gists[i], gists[i]->offer_now);
            then[n++] = use_of(gists[i], gists[i]->offer_then);
        }
    }
    rc = hand_out(commitments, at, now, n, &cover.used_now, err);
    if (rc == RS_OK) {
        rc = hand_out(commitments, at, then, n, &cover.used_then, err);
    }
    for (size_t i = 0; i < n && rc == RS_OK; i++) {
        add(&cover, &now[i], &then[i]);
    }
    cover.saving = cover.uncovered_now - cover.uncovered_then;
out:
    free(now);
    if (rc != RS_OK) {
        rs_cover_release(&cover);
        return rc;
    }
    *out = cover;
    return RS_OK;
}

void rs_cover_release(struct rs_cover *cover)
{
    free(cover->used_now);
    free(cover->used_then);
    free(cover->machines);
    *cover = (struct rs_cover){.commitments = NULL};
}
