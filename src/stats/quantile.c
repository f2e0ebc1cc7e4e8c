/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/quantile.h"

#include "stats/order.h"
#include "stats/workspace.h"

#include <assert.h>
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* GSL's rule on values of which only those of the two ranks it reads need be sorted. */
static double interpolate(const double *sorted, size_t count, double q, double min, double max)
{
    double answer = gsl_stats_quantile_from_sorted_data(sorted, 1, count, q);
    answer = answer < min ? min : answer; /* rounding may leave the range */
    return answer > max ? max : answer;
}

static enum rs_status check_fraction(double q, struct rs_error *err)
{
    if (!(q >= 0.0 && q <= 1.0)) { /* this way round, so that NaN is refused too */
        return rs_fail(err, RS_EINPUT, "quantile %g is outside 0..1", q);
    }
    return RS_OK;
}

static void insert_rank(size_t *ranks, size_t *count, size_t rank)
{
    size_t i = *count;
    while (i > 0 && ranks[i - 1] > rank) {
        i--;
    }
    if (i > 0 && ranks[i - 1] == rank) {
        return;
    }
    for (size_t j = *count; j > i; j--) {
        ranks[j] = ranks[j - 1];
    }
    ranks[i] = rank;
    (*count)++;
}

enum rs_status rs_quantiles_within(const struct rs_kernel *kernel, const struct rs_room *room,
                                   const double *values, size_t count,
                                   const struct rs_extent *extent, const double *fractions,
                                   size_t fraction_count, double *out, struct rs_reached *reached,
                                   struct rs_error *err)
{
    static_assert((int)RS_RANKS_MOST >= 2 * (int)RS_QUANTILES_MOST, "two ranks for each quantile");
    assert(fraction_count > 0 && fraction_count <= RS_QUANTILES_MOST);
    size_t ranks[RS_RANKS_MOST] = {0}, rank_count = 0, last = extent->count - 1;
    for (size_t i = 0; i < fraction_count; i++) {
        enum rs_status rc = check_fraction(fractions[i], err);
        if (rc != RS_OK) {
            return rc;
        }
        size_t rank = (size_t)(fractions[i] * (double)last);
        insert_rank(ranks, &rank_count, rank);
        insert_rank(ranks, &rank_count, rank < last ? rank + 1 : last);
    }
    *reached = (struct rs_reached){INFINITY, 0};
    if (ranks[0] == last) { /* the maximum alone is known already */
        room->sorted[last] = extent->max;
    } else {
        *reached = rs_select(kernel, room, values, count, extent, ranks, rank_count);
    }
    for (size_t i = 0; i < fraction_count; i++) {
        out[i] = interpolate(room->sorted, extent->count, fractions[i], extent->min, extent->max);
    }
    return RS_OK;
}

void rs_extent_measure(const double *values, size_t count, struct rs_extent *out)
{
    rs_kernel_of(RS_VARIANT_BEST)->extent(values, count, out);
}

void rs_values_scale(const double *values, size_t count, double factor, double *out)
{
    rs_kernel_of(RS_VARIANT_BEST)->scaled(values, count, factor, out);
}

void rs_values_add(const double *a, const double *b, size_t count, double *out)
{
    rs_kernel_of(RS_VARIANT_BEST)->sums(a, b, count, out);
}

size_t rs_values_reach(const double *values, size_t count, double least)
{
    return rs_kernel_of(RS_VARIANT_BEST)->find(values, count, least);
}

enum rs_status rs_quantiles_of(struct rs_workspace *work, const double *values, size_t count,
                               const double *fractions, size_t fraction_count, double *out,
                               struct rs_error *err)
{
    struct rs_extent extent;
    struct rs_room room;
    struct rs_reached reached;
    const struct rs_kernel *kernel = rs_workspace_kernel(work);
    enum rs_status rc = rs_extent_of(kernel, values, count, &extent, err);
    if (rc == RS_OK) {
        rc = rs_workspace_room(work, count, &room, err);
    }
    if (rc == RS_OK) {
        rc = rs_quantiles_within(kernel, &room, values, count, &extent, fractions, fraction_count,
                                 out, &reached, err);
    }
    return rc;
}

enum rs_status rs_sorted_of(const double *values, size_t count, struct rs_sorted *out,
                            struct rs_error *err)
{
    assert(out != NULL && (values != NULL || count == 0));
    struct rs_extent extent;
    enum rs_status rc = rs_extent_of(rs_kernel_of(RS_VARIANT_BEST), values, count, &extent, err);
    if (rc != RS_OK) {
        return rc;
    }
    size_t n = extent.count;
    double *sorted = n <= INT_MAX ? calloc(n, sizeof(*sorted)) : NULL; /* GSL ranks in an int */
    double *scratch = sorted != NULL ? calloc(n, sizeof(*scratch)) : NULL;
    if (scratch == NULL) {
        free(sorted);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", n);
    }
    for (size_t i = 0, j = 0; i < count; i++) {
        if (!isnan(values[i])) {
            sorted[j++] = values[i];
        }
    }
    rs_order_ascending(sorted, scratch, n);
    free(scratch);
    out->values = sorted;
    out->count = n;
    return RS_OK;
}

void rs_sorted_release(struct rs_sorted *sorted)
{
    free(sorted->values);
    sorted->values = NULL;
    sorted->count = 0;
}

enum rs_status rs_quantile(const struct rs_sorted *sorted, double q, double *out,
                           struct rs_error *err)
{
    assert(sorted->values != NULL && sorted->count > 0 && out != NULL);
    enum rs_status rc = check_fraction(q, err);
    if (rc == RS_OK) {
        *out = interpolate(sorted->values, sorted->count, q, sorted->values[0],
                           sorted->values[sorted->count - 1]);
    }
    return rc;
}
