/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * credits.h - would the CPU credits of a burstable type last?
 *
 * One credit is one vCPU at 100 % for one minute. A type earns baseline x vCPUs x 60 an hour, keeps
 * at most credits_max (24 h of earning when unknown), and spends what it uses. Standard mode: at
 * zero it is held to its baseline. Source: AWS, "Key concepts for burstable performance instances".
 *
 * Ours: the balance starts at half its cap, for a machine met in mid-life holds anything between
 * nothing and all, and the cap is a day of earning, so that the start is forgotten soon; a slot
 * without a sample earns and spends nothing, for the machine was idle or stopped.
 *
 * Each slot waits for the one before it. A balance that is full stays so until a sample exceeds
 * what is earned, and that sample is looked for in the widest vectors of the CPU.
 */
#ifndef RIGHTSIZE_ADVISE_CREDITS_H
#define RIGHTSIZE_ADVISE_CREDITS_H

#include "rightsize/catalog.h"
#include "rightsize/series.h"

struct rs_credits {
    bool known;         /* false: the catalog lacks the baseline */
    bool run_out;       /* at zero while more than the baseline was wanted, at some time */
    double short_share; /* of the samples at which that was so, 0..1 */
    double lowest;      /* balance; NaN when not known */
    int64_t lowest_at;  /* the first instant of it; -1 when not known */
};

/* use: mean vCPUs in use per slot; at least one sample. */
struct rs_credits rs_credits_simulate(const struct rs_series *use, const struct rs_offer *offer);
/* The same; gone[slot] is set where it is held to its baseline and wants more, else cleared. */
struct rs_credits rs_credits_follow(const struct rs_series *use, const struct rs_offer *offer,
                                    bool *gone);
/*
 * rs_credits_simulate of one trace and many offers: the families share their sizes, so that four
 * of five offers earn and keep what another one does.
 */
enum { RS_CREDITS_KEPT = 16 };
struct rs_credits_memo { /* zeroed: of no trace yet */
    size_t count, next;
    struct {
        double terms[4]; /* all that the answer depends on */
        struct rs_credits answer;
    } kept[RS_CREDITS_KEPT];
};
struct rs_credits rs_credits_remember(struct rs_credits_memo *memo, const struct rs_series *use,
                                      const struct rs_offer *offer);
/* Whether the catalog knows enough to simulate. */
bool rs_credits_are_known(const struct rs_offer *offer);
/* vCPUs a burstable or flex type may use for ever; NaN: unknown. */
double rs_credits_baseline(const struct rs_offer *offer);

#endif
