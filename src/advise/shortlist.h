/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shortlist.h - from all offers of a market to the few that are worth a move. */
#ifndef RIGHTSIZE_ADVISE_SHORTLIST_H
#define RIGHTSIZE_ADVISE_SHORTLIST_H

#include "advise/study.h"

/*
 * Fills out->options and out->gates and study->unlock. A machine that lacks something may be
 * offered dearer types; any other only what scores below its own type and saves the policy's
 * minimum. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_shortlist(struct rs_study *study, const struct rs_market *market,
                                       struct rs_error *err);
/* Why a type that fits is no move (static text), or NULL. */
const char *rs_shortlist_reject_price(const struct rs_study *study, const struct rs_offer *offer);
/* Of the same name as today's type. */
bool rs_shortlist_is_current(const struct rs_study *study, const struct rs_offer *offer);

#endif
