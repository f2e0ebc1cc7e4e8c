/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * surplus.h - burstable types in unlimited mode: never throttled, but surplus credits cost money.
 *
 * The rules, as AWS's EC2 user guide tells them ("Unlimited mode for burstable performance
 * instances"): a type that has spent its balance goes on with surplus credits. What it earns later
 * pays them back before the balance grows again. Surplus beyond what it earns in 24 hours is
 * charged at once, and what is still owed when it stops is charged then. A vCPU-hour of surplus (60
 * credits) costs, in all regions alike (AWS's page of on-demand prices, 2025): T2, T3 and T3a 0.05
 * USD, T4g 0.04 USD; under Windows 0.096 USD.
 *
 * Ours: the balance starts at half its cap and a slot without a sample earns and spends nothing, as
 * in credits.h; launch credits (T2 gets 30 a vCPU, later ones none) are for a machine that starts,
 * which none here does. What is still owed at the window's end counts as charged.
 */
#ifndef RIGHTSIZE_ADVISE_SURPLUS_H
#define RIGHTSIZE_ADVISE_SURPLUS_H

#include "advise/study.h"

struct rs_surplus {
    bool known;     /* false: the catalog lacks the baseline */
    double charged; /* credits, beyond 24 hours of earning */
    double owed;    /* credits, at the end */
    double hours;   /* that samples cover */
    double lowest;  /* balance, below 0 what is owed; NaN when not known */
    int64_t lowest_at;
};

/*
 * Does the study run it in unlimited mode: the policy says so, and the region's prices are in USD,
 * as the rate of surplus credits is. Free surplus would be no advice: it is run in standard mode
 * else.
 */
bool rs_surplus_is_paid(const struct rs_study *study, const struct rs_offer *offer);

/* use: mean vCPUs in use per slot. */
struct rs_surplus rs_surplus_simulate(const struct rs_series *use, const struct rs_offer *offer);
/* USD for a vCPU-hour of surplus; NaN: the type has no unlimited mode that we know of. */
double rs_surplus_rate(const struct rs_offer *offer, const char *platform);
/*
 * What the offer's surplus costs an hour under the policy: 0 unless it runs in unlimited mode
 * and its baseline is known.
 */
double rs_surplus_hourly(const struct rs_study *study, const struct rs_offer *offer);
/* The offer's price an hour with it. */
double rs_surplus_price(const struct rs_study *study, const struct rs_offer *offer);
/* Sets study->surplus and adds it to out->current_monthly; a note says so. */
void rs_surplus_current(struct rs_study *study);

#endif
