/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk.h - how likely a capacity is to be too small next week, and how much that would matter.
 *
 * Let x(1) >= x(2) >= .. >= x(T) be the highest samples of the T days that have any (days are
 * counted back from the window's end), M = x(1).
 *
 * chance(c), that the highest sample of the next seven days exceeds c:
 *   at x(j):      p(j) = 1 - product of (T - i) / (T + 7 - i), i = 0 .. j - 1, which holds exactly
 *                 when any order of the T + 7 days is as likely as another; p(1) = 7 / (7 + T)
 *   between:      linear from x(j + 1) to x(j), and from x(T) to p = 1 at 0
 *   above M:      p(1) exp(-(c - M) / s), an exponential tail over the upper half of the days
 *                 (peaks over a threshold): with m = max(1, ceil(T / 2)), but less than T, and
 *                 u = x(m + 1), s = (sum of x(j) - u, j <= m, + 0.3 M) / (m + 1); 0.3 M stands for
 *                 one more excess, so that few or equal days do not pass for certainty
 * It never rises with c, and is continuous where no two days are alike.
 *
 * risk, 0 (always enough) .. 4 (very likely short), the scale of Compute Optimizer, which does not
 * publish its formula. With lack = share of the samples short x peak / capacity:
 *   L(chance)     piecewise linear: 0 at 0, 1 at 0.05, 2 at 0.2, 3 at 0.5, 4 at 1
 *   S(lack)       piecewise linear: 0 at 0, 1 at 0.001, 2 at 0.005, 3 at 0.01, 4 from 0.05 on
 *   memory        max(L(chance), S(lack), 3 if any sample was short): lack of it kills
 *   all others    max(L(chance) / 2, S(lack)): lack of them delays
 * CPU counts as short also while a burstable type is held to its baseline, and, where there is no
 * more of it than today, while today's is used up, for then more may have been wanted.
 */
#ifndef RIGHTSIZE_ADVISE_RISK_H
#define RIGHTSIZE_ADVISE_RISK_H

#include "advise/study.h"

#define RS_TAIL_DAYS 408 /* the longest look-back, and a part of a day */

struct rs_tail {                /* of one dimension */
    bool made;                  /* rs_tail_of was asked for it */
    size_t days;                /* T; 0: no sample */
    double scale;               /* s */
    double highs[RS_TAIL_DAYS]; /* x(1) .. x(T) */
};

/* `to` is the end of the window; samples at or after it do not count. */
void rs_tail_of(const struct rs_series *trace, int64_t to, struct rs_tail *out);
/* NaN: capacity is NaN, or there is no sample. */
double rs_tail_chance(const struct rs_tail *tail, double capacity);
/* All arguments may be NaN: not known; the risk is NaN when the chance is. */
double rs_risk_of(enum rs_dimension d, double chance, double lack);
/* Share of the samples above `capacity`; NaN: not known. Quick when the peak is not. */
double rs_risk_short_share(const struct rs_study *study, enum rs_dimension d, double capacity);

/*
 * Forgets study->tails, which are made when a risk asks for them, of study->traces, which must be
 * kept; without traces all risks are unknown.
 */
void rs_risk_prepare(struct rs_study *study);
/* Sets out->current_short. */
void rs_risk_current(const struct rs_study *study);
/*
 * Sets short_share, chance (to six decimals), risk and performance_risk (to four). The option's
 * credits must be known.
 */
void rs_risk_fill(const struct rs_study *study, struct rs_option_offer *option);

#endif
