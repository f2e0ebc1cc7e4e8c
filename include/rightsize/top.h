/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * top.h - the highest samples of a series and where they stand; pure (level 2).
 *
 * What resamples a series needs only its tail: the highest k of n are found without sorting it.
 */
#ifndef RIGHTSIZE_TOP_H
#define RIGHTSIZE_TOP_H

#include "rightsize/quantile.h"
#include "rightsize/status.h"

#include <stddef.h>

struct rs_top {
    double value;
    size_t slot; /* its index in the values */
};

/*
 * The `most` highest values that are not NaN, highest first; of equal ones the earlier slot comes
 * first, and is kept. 0.0 and -0.0 are equal.
 * out    room for `most`; *found are written, fewer when there are not so many values.
 * RS_ENODATA  no value is left.
 * RS_EINPUT   a value is infinite.
 * RS_ENOMEM   no memory for the workspace.
 */
RS_CHECKED enum rs_status rs_top_of(struct rs_workspace *work, const double *values, size_t count,
                                    size_t most, struct rs_top *out, size_t *found,
                                    struct rs_error *err);

/* The highest value alone, in the widest vectors of the CPU; NaN: none above -INFINITY. */
double rs_highest_of(const double *values, size_t count);

#endif
