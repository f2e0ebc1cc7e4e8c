/* SPDX-License-Identifier: GPL-3.0-or-later */
/* member.h - a machine as one of a group: what it brings to the choice, and following it. */
#ifndef RIGHTSIZE_ADVISE_MEMBER_H
#define RIGHTSIZE_ADVISE_MEMBER_H

#include "advise/study.h"

/* Nothing known yet. */
void rs_member_blank(struct rs_claim *claim, const struct rs_offer *current);
/*
 * Into market->claim: of each type that it asks about whether it would hold this machine, whatever
 * it saves, and its score; today's type holds it unless it is under-provisioned. The market is the
 * whole catalog in its order. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_member_claim(struct rs_study *study, const struct rs_market *market,
                                          struct rs_error *err);
/* Put the type that its group moves to first among the options, or note that it is kept. */
void rs_member_follow(struct rs_study *study);

#endif
