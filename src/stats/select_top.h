/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * select_top.h - select.h for ranks near the maximum, which high percentiles ask for (private).
 *
 * Why it is fast: the values are dealt in turn to 64 columns, whose maxima take one pass without a
 * branch. What at least k of these maxima reach is a bound that at least k values reach, and, since
 * neighbours in time lie in different columns, few more. A second pass notes where they stand; they
 * are put in order by comparing each with each. Why it is exact: all that reaches the bound is
 * noted, and nothing else is among the highest k.
 */
#ifndef RIGHTSIZE_STATS_SELECT_TOP_H
#define RIGHTSIZE_STATS_SELECT_TOP_H

#include "stats/select.h"

#include <stdbool.h>

/*
 * Among the values reached are all from `rank` on. Count 0: the rank is too far from the maximum,
 * or the values are too few or too much alike.
 */
struct rs_reached rs_top_reach(const struct rs_kernel *kernel, const struct rs_room *room,
                               const double *values, size_t slots, const struct rs_extent *extent,
                               size_t rank);

/* As rs_select, of what was reached. False, and nothing is selected: there are none or too many. */
bool rs_top_rank(const struct rs_kernel *kernel, const struct rs_room *room, const double *values,
                 const struct rs_extent *extent, const struct rs_reached *top, const size_t *ranks,
                 size_t rank_count);

#endif
