/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * select_top.h - select.h for ranks near the maximum, which high percentiles ask for (private).
 *
 * Why it is fast: the values are dealt in turn to 128 columns, whose maxima take one pass without a
 * branch. The k-th highest of these maxima is a bound that at least k values reach, and, since
 * neighbours in time lie in different columns, few more; they are gathered from the few columns
 * that reach it, and sorted. Why it is exact: all that reaches the bound is gathered, and nothing
 * else is among the highest k.
 */
#ifndef RIGHTSIZE_STATS_SELECT_TOP_H
#define RIGHTSIZE_STATS_SELECT_TOP_H

#include "stats/select.h"

#include <stdbool.h>

/*
 * As rs_select. False, and nothing is selected: a rank is too far from the maximum, the values are
 * too few, or too many of them are alike.
 */
bool rs_select_top(const struct rs_room *room, const double *values, size_t slots,
                   const struct rs_extent *extent, const size_t *ranks, size_t rank_count);

#endif
