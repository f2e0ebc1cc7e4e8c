/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/credits.h"

#include <math.h>

double rs_credits_baseline(const struct rs_offer *offer)
{
    return offer->burst_baseline * offer->vcpus;
}

struct rs_credits rs_credits_follow(const struct rs_series *use, const struct rs_offer *offer,
                                    bool *gone)
{
    struct rs_credits out = {.lowest = NAN, .lowest_at = -1};
    size_t samples = 0, shorts = 0;
    double baseline = rs_credits_baseline(offer);
    double hourly = isnan(offer->credits_per_hour) ? baseline * 60.0 : offer->credits_per_hour;
    double cap = isnan(offer->credits_max) ? hourly * 24.0 : offer->credits_max;
    if (isnan(baseline) || isnan(cap)) {
        return out;
    }
    out.known = true;
    out.lowest = INFINITY;
    double minutes = (double)use->step / 60.0, earned = hourly * minutes / 60.0;
    double balance = cap / 2.0;
    for (size_t i = 0; i < use->slots; i++) {
        samples += isnan(use->values[i]) ? 0 : 1;
        double used = isnan(use->values[i]) ? 0.0 : fmin(use->values[i], offer->vcpus);
        balance = fmin(balance + earned - used * minutes, cap);
        if (balance <= 0.0) {
            balance = 0.0;
            shorts += used > baseline ? 1 : 0;
        }
        if (balance < out.lowest) {
            out.lowest = balance;
            out.lowest_at = rs_series_at(use, i);
        }
        if (gone != NULL) {
            gone[i] = balance <= 0.0 && used > baseline;
        }
    }
    out.run_out = shorts > 0;
    out.short_share = samples > 0 ? (double)shorts / (double)samples : 0.0;
    return out;
}

struct rs_credits rs_credits_simulate(const struct rs_series *use, const struct rs_offer *offer)
{
    return rs_credits_follow(use, offer, NULL);
}
