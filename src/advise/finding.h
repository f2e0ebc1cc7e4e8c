/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding.h - the verdict, and the evidence it rests on. */
#ifndef RIGHTSIZE_ADVISE_FINDING_H
#define RIGHTSIZE_ADVISE_FINDING_H

#include "advise/study.h"

/* Sets study->credits_*: does the current type, if burstable, run out? RS_EINPUT, RS_ENOMEM. */
RS_CHECKED enum rs_status rs_finding_credits(struct rs_study *study, struct rs_error *err);
/* Is anything needed that the current type has not? */
/* The share of the samples whose mean CPU is at its limit, so that more may have been wanted. */
double rs_finding_saturated(const struct rs_study *study);
bool rs_finding_is_under(const struct rs_study *study);
/*
 * Sets out->finding and its reasons from the options. Idle goes before all else, for to stop a
 * machine beats any size. Over-provisioned is judged by the first option, the one that would be
 * taken: at least one measured dimension is smaller there.
 */
void rs_finding_decide(struct rs_study *study);
#define RS_SAME_HIGH 0.8
#define RS_SAME_MEDIUM 0.5
/*
 * Sets out->confidence; a note says each reason that lowers it. With a bootstrap it is at most
 * medium below RS_SAME_HIGH of the resamples with the same answer, and low below RS_SAME_MEDIUM.
 */
void rs_finding_confidence(struct rs_study *study);

#endif
