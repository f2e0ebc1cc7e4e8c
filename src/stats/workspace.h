/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workspace.h - the parts of struct rs_workspace, and what is asked of every sample (private). */
#ifndef RIGHTSIZE_STATS_WORKSPACE_H
#define RIGHTSIZE_STATS_WORKSPACE_H

#include "rightsize/quantile.h"
#include "stats/kernel.h"
#include "stats/select.h"

/* The loops this workspace uses. */
const struct rs_kernel *rs_workspace_kernel(const struct rs_workspace *work);

/* Room for `slots` values, borrowed from `work` until the next call. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_workspace_room(struct rs_workspace *work, size_t slots,
                                            struct rs_room *out, struct rs_error *err);

/* Count, minimum and maximum. RS_ENODATA: no value; RS_EINPUT: one is infinite. */
RS_CHECKED enum rs_status rs_extent_of(const struct rs_kernel *kernel, const double *values,
                                       size_t count, struct rs_extent *out, struct rs_error *err);

/*
 * As rs_quantiles_of, of values whose extent is known, and what was seen on the way (select.h).
 * RS_EINPUT: a fraction outside 0..1.
 */
RS_CHECKED enum rs_status rs_quantiles_within(const struct rs_kernel *kernel,
                                              const struct rs_room *room, const double *values,
                                              size_t count, const struct rs_extent *extent,
                                              const double *fractions, size_t fraction_count,
                                              double *out, struct rs_reached *reached,
                                              struct rs_error *err);

#endif
