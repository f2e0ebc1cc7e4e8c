/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/credits.h"

#include "rightsize/quantile.h"

#include <math.h>
#include <string.h>

#define ROUNDING 1e-12 /* relative; of a few additions */
#define FULL_FOR 8     /* slots, before it is worth looking how long it stays so */

double rs_credits_baseline(const struct rs_offer *offer)
{
    return offer->burst_baseline * offer->vcpus;
}

struct account {                  /* what a type earns and keeps */
    double baseline, earned, cap; /* vCPUs; credits a slot; credits */
    double minutes;               /* of a slot */
    double quiet;                 /* vCPUs below which a full balance stays full, to the last bit */
};

/* False: the catalog knows too little. */
static bool open_account(const struct rs_offer *offer, int64_t step, struct account *out)
{
    double baseline = rs_credits_baseline(offer);
    double hourly = isnan(offer->credits_per_hour) ? baseline * 60.0 : offer->credits_per_hour;
    double cap = isnan(offer->credits_max) ? hourly * 24.0 : offer->credits_max;
    double minutes = (double)step / 60.0, earned = hourly * minutes / 60.0;
    double quiet = (earned - ROUNDING * (cap + earned)) / minutes * (1.0 - ROUNDING);
    *out = (struct account){baseline, earned, cap, minutes, cap > 0.0 ? quiet : 0.0};
    return !isnan(baseline) && !isnan(cap);
}

bool rs_credits_are_known(const struct rs_offer *offer)
{
    struct account account;
    return open_account(offer, 1, &account);
}

struct rs_credits rs_credits_follow(const struct rs_series *use, const struct rs_offer *offer,
                                    bool *gone)
{
    struct rs_credits out = {.lowest = NAN, .lowest_at = -1};
    struct rs_extent extent;
    struct account account;
    if (!open_account(offer, use->step, &account)) {
        return out;
    }
    double balance = account.cap / 2.0, lowest = INFINITY;
    size_t shorts = 0, lowest_slot = 0, full = 0;
    for (size_t i = 0; i < use->slots; i++) {
        double value = use->values[i], used = value < offer->vcpus ? value : offer->vcpus;
        used = isnan(value) ? 0.0 : used;
        balance = balance + account.earned - used * account.minutes;
        balance = balance < account.cap ? balance : account.cap;
        bool held = balance <= 0.0 && used > account.baseline;
        shorts += held ? 1 : 0;
        balance = balance <= 0.0 ? 0.0 : balance;
        if (balance < lowest) {
            lowest = balance;
            lowest_slot = i;
        }
        if (gone != NULL) {
            gone[i] = held;
            continue;
        }
        full = balance == account.cap ? full + 1 : 0;
        if (full >= FULL_FOR && account.quiet > 0.0) {
            i += rs_values_reach(use->values + i + 1, use->slots - i - 1, account.quiet);
            full = 0;
        }
    }
    rs_extent_measure(use->values, use->slots, &extent);
    out.known = true;
    out.lowest = lowest;
    out.lowest_at = use->slots > 0 ? rs_series_at(use, lowest_slot) : -1;
    out.run_out = shorts > 0;
    out.short_share = extent.count > 0 ? (double)shorts / (double)extent.count : 0.0;
    return out;
}

struct rs_credits rs_credits_simulate(const struct rs_series *use, const struct rs_offer *offer)
{
    return rs_credits_follow(use, offer, NULL);
}

struct rs_credits rs_credits_remember(struct rs_credits_memo *memo, const struct rs_series *use,
                                      const struct rs_offer *offer)
{
    const double terms[4] = {offer->vcpus, offer->burst_baseline, offer->credits_per_hour,
                             offer->credits_max};
    for (size_t i = 0; i < memo->count; i++) { /* as bytes: what is unknown is alike too */
        if (memcmp(memo->kept[i].terms, terms, sizeof(terms)) == 0) {
            return memo->kept[i].answer;
        }
    }
    size_t i = memo->next++ % RS_CREDITS_KEPT;
    memo->count = memo->next < RS_CREDITS_KEPT ? memo->next : RS_CREDITS_KEPT;
    memcpy(memo->kept[i].terms, terms, sizeof(terms));
    memo->kept[i].answer = rs_credits_simulate(use, offer);
    return memo->kept[i].answer;
}
