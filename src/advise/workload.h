/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * workload.h - what a machine runs, as far as it tells, and whether that runs on another
 * architecture: Compute Optimizer's nine inferred workload types and its migration efforts.
 */
#ifndef RIGHTSIZE_ADVISE_WORKLOAD_H
#define RIGHTSIZE_ADVISE_WORKLOAD_H

#include "advise/study.h"

/*
 * The tag "rightsize:workload" says it, and nothing outbids it; else, where the policy's
 * workload.infer allows, the first whole word that names a workload: in the platform, the name, the
 * Auto Scaling group, then the tags. Windows is no workload, but needs x86_64 as well. Texts are
 * borrowed from the resource or static; type NULL: nothing is known.
 */
struct rs_runs rs_workload_of(const struct rs_resource *resource, const struct rs_policy *policy);

/*
 * "VeryLow": no other architecture; "Low": builds for the offer's are known; "High": there are
 * none; "Medium": the workload is not known.
 */
const char *rs_workload_effort(const struct rs_runs *runs, unsigned differences,
                               const struct rs_offer *offer);
/* Says what was inferred and from what, where an option has another architecture. */
void rs_workload_note(struct rs_study *study);

#endif
