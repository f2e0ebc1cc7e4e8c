/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/surplus.h"

#include "advise/credits.h"
#include "advise/speed.h"

#include <math.h>
#include <string.h>

#define CREDITS 60.0 /* of a vCPU-hour */

static const struct {
    const char *family;
    double usd, usd_windows;
} rates[] = {{"t2", 0.05, 0.096}, {"t3", 0.05, 0.096}, {"t3a", 0.05, 0.096}, {"t4g", 0.04, NAN}};

double rs_surplus_rate(const struct rs_offer *offer, const char *platform)
{
    bool windows = platform != NULL && strstr(platform, "indows") != NULL;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        if (offer->family != NULL && strcmp(offer->family, rates[i].family) == 0) {
            return windows ? rates[i].usd_windows : rates[i].usd;
        }
    }
    return NAN;
}

bool rs_policy_unlimited(const struct rs_policy *policy, const struct rs_offer *offer)
{
    return (offer->flags & RS_OFFER_BURSTABLE) != 0 &&
           strcmp(policy->burst_mode, "unlimited") == 0 && !isnan(rs_surplus_rate(offer, NULL));
}

bool rs_surplus_is_paid(const struct rs_study *study, const struct rs_offer *offer)
{
    return rs_policy_unlimited(study->policy, offer) && strcmp(study->currency, "USD") == 0;
}

struct rs_surplus rs_surplus_simulate(const struct rs_series *use, const struct rs_offer *offer)
{
    struct rs_surplus out = {.lowest = NAN, .lowest_at = -1};
    double baseline = rs_credits_baseline(offer);
    double hourly = isnan(offer->credits_per_hour) ? baseline * 60.0 : offer->credits_per_hour;
    double day = hourly * 24.0, cap = isnan(offer->credits_max) ? day : offer->credits_max;
    if (isnan(hourly) || isnan(cap)) {
        return out;
    }
    double minutes = (double)use->step / 60.0, earned = hourly * minutes / 60.0;
    double balance = cap / 2.0;
    size_t samples = 0;
    out.known = true;
    out.lowest = INFINITY;
    for (size_t i = 0; i < use->slots; i++) {
        if (isnan(use->values[i])) {
            continue;
        }
        samples++;
        balance = fmin(balance + earned - fmin(use->values[i], offer->vcpus) * minutes, cap);
        if (balance < -day) {
            out.charged += -day - balance;
            balance = -day;
        }
        if (balance < out.lowest) {
            out.lowest = balance;
            out.lowest_at = rs_series_at(use, i);
        }
    }
    out.owed = fmax(-balance, 0.0);
    out.hours = (double)samples * minutes / 60.0;
    return out;
}

double rs_surplus_hourly(const struct rs_study *study, const struct rs_offer *offer)
{
    if (!rs_surplus_is_paid(study, offer)) {
        return 0.0;
    }
    if (offer == study->current) {
        return study->surplus;
    }
    double rate = rs_surplus_rate(offer, study->work->resource->platform);
    double speed = rs_policy_speed(study->policy, study->current, offer);
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    struct rs_surplus s = rs_surplus_simulate(&study->use, &scaled);
    if (!s.known || !(s.hours > 0.0) || isnan(rate)) {
        return 0.0;
    }
    return (s.charged + s.owed) / speed / CREDITS * rate / s.hours;
}

double rs_surplus_price(const struct rs_study *study, const struct rs_offer *offer)
{
    return offer->price + rs_surplus_hourly(study, offer);
}

void rs_surplus_current(struct rs_study *study)
{
    struct rs_offer own = *study->current; /* not the one whose answer is kept */
    study->surplus = rs_surplus_hourly(study, &own);
    if (study->surplus > 0.0) {
        double monthly = study->surplus * RS_HOURS_PER_MONTH;
        study->out->current_monthly += monthly;
        rs_study_note(study, "SurplusCredits",
                      "in unlimited mode its surplus CPU credits cost about %.2f USD a month, "
                      "which is counted here",
                      monthly);
    }
}
