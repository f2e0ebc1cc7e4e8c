/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand.h - what a workload needs of each dimension, from whichever series tell it best. */
#ifndef RIGHTSIZE_ADVISE_DEMAND_H
#define RIGHTSIZE_ADVISE_DEMAND_H

#include "advise/study.h"

/*
 * Fills out->demand, the span of the data and study->use. RS_EINPUT: an infinite sample;
 * RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_demand_read(struct rs_study *study, struct rs_error *err);
/*
 * Only whether there are samples of CPU to be read. Of series without values the first and the
 * last one are known; *unsure: neither of them is of the current type and window, but others may.
 */
bool rs_demand_probe(const struct rs_study *study, bool *unsure);
/* Of what a program computes with: percentile, headroom and weeks are those of CPU and memory. */
bool rs_demand_is_work(enum rs_dimension d);
/* The window in which samples are of the current type: after the last change within it. */
struct rs_window rs_demand_own_window(const struct rs_workload *work);
/*
 * What must be free for the use. A capped policy asks for no more than the machine has of what it
 * does not run short of: to be near full is no proof of a need, and no move should hang on it.
 */
double rs_demand_need(const struct rs_study *study, enum rs_dimension d, double used);

#endif
