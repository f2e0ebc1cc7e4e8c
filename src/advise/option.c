/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/option.h"

#include "advise/burst.h"
#include "advise/desk.h"
#include "advise/risk.h"
#include "advise/speed.h"
#include "advise/surplus.h"
#include "advise/workload.h"

#include <math.h>
#include <string.h>

static bool texts_differ(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) != 0;
}

/* What the image was made for, when it is known; a type may take both. */
static bool virtualization_differs(const struct rs_resource *resource, const struct rs_offer *from,
                                   const struct rs_offer *to)
{
    unsigned all = (unsigned)RS_OFFER_HVM | (unsigned)RS_OFFER_PV;
    unsigned before = from->flags & all, after = to->flags & all;
    if (resource->virtualization != NULL && strcmp(resource->virtualization, "paravirtual") == 0) {
        before = RS_OFFER_PV;
    } else if (resource->virtualization != NULL && strcmp(resource->virtualization, "hvm") == 0) {
        before = RS_OFFER_HVM;
    }
    return before != 0 && after != 0 && (before & after) == 0; /* 0: no such notion */
}

unsigned rs_option_differences(const struct rs_resource *resource, const struct rs_offer *from,
                               const struct rs_offer *to)
{
    unsigned changed = from->flags ^ to->flags, bits = 0;
    if (texts_differ(from->architecture, to->architecture)) {
        bits |= RS_DIFFERS_ARCHITECTURE;
    }
    if (texts_differ(from->hypervisor, to->hypervisor)) {
        bits |= RS_DIFFERS_HYPERVISOR;
    }
    if (from->disk_bytes > 0.0 && !(to->disk_bytes > 0.0)) {
        bits |= RS_DIFFERS_INSTANCE_STORE;
    }
    if ((changed & RS_OFFER_ENA_REQUIRED) != 0) {
        bits |= RS_DIFFERS_NETWORK_INTERFACE;
    }
    if ((changed & RS_OFFER_NVME_EBS) != 0) {
        bits |= RS_DIFFERS_STORAGE_INTERFACE;
    }
    if (virtualization_differs(resource, from, to)) {
        bits |= RS_DIFFERS_VIRTUALIZATION;
    }
    return bits;
}

bool rs_option_binding(const struct rs_study *study, const struct rs_offer *offer,
                       enum rs_dimension *out)
{
    double highest = -1.0;
    for (int d = 0; d < RS_DIM_COUNT; d++) { /* a NaN on either side never exceeds */
        double full =
            study->out->demand[d].need / rs_speed_capacity(study, offer, (enum rs_dimension)d);
        if (full > highest) {
            highest = full;
            *out = (enum rs_dimension)d;
        }
    }
    return highest >= 0.0;
}

static void fill_load(const struct rs_study *study, const struct rs_offer *offer,
                      struct rs_option_offer *out)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        const struct rs_demand *demand = &study->out->demand[d];
        double capacity = rs_speed_capacity(study, offer, (enum rs_dimension)d);
        out->utilisation[d] = demand->used / capacity;
        out->peak_utilisation[d] = demand->peak / capacity;
    }
}

static void fill_credits(const struct rs_study *study, const struct rs_offer *offer,
                         struct rs_option_offer *out)
{
    if ((offer->flags & RS_OFFER_BURSTABLE) == 0) {
        return;
    }
    double speed = rs_policy_speed(study->policy, study->current, offer);
    struct rs_offer scaled = rs_speed_scaled(offer, speed);
    if (rs_surplus_is_paid(study, offer)) {
        struct rs_surplus surplus = rs_surplus_simulate(&study->use, &scaled);
        out->lowest_credits = surplus.lowest / speed;
        out->lowest_credits_at = surplus.lowest_at;
        out->monthly_surplus = rs_surplus_hourly(study, offer) * RS_HOURS_PER_MONTH;
        return;
    }
    struct rs_credits credits = rs_credits_remember(&study->desk->credits, &study->use, &scaled);
    out->lowest_credits = credits.lowest / speed;
    out->lowest_credits_at = credits.lowest_at;
    out->throttled_share = credits.known ? credits.short_share : NAN;
}

void rs_option_fill(const struct rs_study *study, const struct rs_offer *offer,
                    struct rs_option_offer *out)
{
    *out = (struct rs_option_offer){.offer = offer,
                                    .lowest_credits = NAN,
                                    .lowest_credits_at = -1,
                                    .throttled_share = NAN,
                                    .monthly_surplus = NAN,
                                    .speed = rs_speed_ratio(study->current, offer)};
    out->monthly_reserved_1y = offer->reserved_1y * RS_HOURS_PER_MONTH;
    out->monthly_reserved_3y = offer->reserved_3y * RS_HOURS_PER_MONTH;
    out->monthly_spot = offer->price * (1.0 - offer->spot_saving) * RS_HOURS_PER_MONTH;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        out->above_baseline[d] = rs_burst_share(study, offer, (enum rs_dimension)d);
    }
    out->monthly_price = rs_surplus_price(study, offer) * RS_HOURS_PER_MONTH;
    out->monthly_saving = study->out->current_monthly - out->monthly_price;
    out->saving_share = out->monthly_saving / study->out->current_monthly;
    fill_load(study, offer, out);
    (void)rs_option_binding(study, offer, &out->binding); /* the CPU is known when options are */
    out->differences = rs_option_differences(study->work->resource, study->current, offer);
    out->migration_effort = rs_workload_effort(&study->runs, out->differences, offer);
    fill_credits(study, offer, out);
    rs_risk_fill(study, out);
}
