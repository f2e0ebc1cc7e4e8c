/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.h - the parts of rightsize/replay.h that its two modules share, and that tests need. */
#ifndef RIGHTSIZE_ADVISE_REPLAY_H
#define RIGHTSIZE_ADVISE_REPLAY_H

#include "advise/study.h"
#include "rightsize/replay.h"

/*
 * rs_demand_read at a desk, with copies of the samples in *out. On failure there is nothing to
 * release.
 */
RS_CHECKED enum rs_status rs_replay_read(struct rs_desk *desk, struct rs_study *study,
                                         struct rs_traces *out, struct rs_error *err);

/* rs_curve_draw on a plain array of offers in any order. */
RS_CHECKED enum rs_status rs_curve_of(const struct rs_workload *work,
                                      const struct rs_market *market,
                                      const struct rs_policy *policy, struct rs_curve *out,
                                      struct rs_error *err);

#endif
