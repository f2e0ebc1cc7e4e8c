/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bootstrap.h - would the answer be the same for other weeks like those seen?
 *
 * A resample draws, with replacement, as many days as there are (days of 24 hours counted back from
 * the window's end that have samples of CPU), and takes each need again:
 *   - of CPU and memory under a policy that looks at the last weeks: each of those weeks is made of
 *     as many days as it has, drawn from all days of those weeks; the busiest says the need;
 *   - of all else, the percentile of days drawn from the whole window.
 * Then the cheapest type that holds these needs is chosen as for the real answer; that of a group
 * stays as long as it holds them. What is not drawn
 * again: the charge for crowding, which is of all history; the course of CPU credits and the
 * judgement of a saturated CPU, which need days in their order; and idleness.
 */
#ifndef RIGHTSIZE_ADVISE_BOOTSTRAP_H
#define RIGHTSIZE_ADVISE_BOOTSTRAP_H

#include "advise/study.h"

/*
 * Fills out->bootstrap and need_low and need_high of each demand if the policy asks for resamples;
 * after the finding is made, with study->traces kept. With fewer than two days there is nothing to
 * draw: the shares stay NaN. RS_ENOMEM, RS_EINPUT.
 */
RS_CHECKED enum rs_status rs_bootstrap_run(struct rs_study *study, const struct rs_market *market,
                                           struct rs_error *err);

#endif
