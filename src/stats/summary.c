/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/summary.h"

#include "stats/mean.h"
#include "stats/workspace.h"

#include <math.h>

static enum rs_status take_quantiles(const struct rs_kernel *kernel, const struct rs_room *room,
                                     const struct rs_series *series, const struct rs_extent *extent,
                                     double q, struct rs_summary *out, struct rs_error *err)
{
    const double fractions[] = {0.50, 0.90, 0.95, 0.99, 0.995, q};
    double answers[sizeof(fractions) / sizeof(fractions[0])];
    enum rs_status rc =
        rs_quantiles_within(kernel, room, series->values, series->slots, extent, fractions,
                            sizeof(fractions) / sizeof(fractions[0]), answers, err);
    if (rc == RS_OK) {
        out->p50 = answers[0];
        out->p90 = answers[1];
        out->p95 = answers[2];
        out->p99 = answers[3];
        out->p995 = answers[4];
        out->quantile = answers[5];
    }
    return rc;
}

static void take_instants(const struct rs_kernel *kernel, const struct rs_series *series,
                          struct rs_summary *out)
{
    size_t first = 0, last = series->slots - 1;
    while (isnan(series->values[first])) {
        first++;
    }
    while (isnan(series->values[last])) {
        last--;
    }
    out->first_at = rs_series_at(series, first);
    out->last_at = rs_series_at(series, last);
    size_t peak = kernel->find(series->values, series->slots, out->max);
    size_t reached = kernel->find(series->values, series->slots, out->quantile);
    out->max_at = rs_series_at(series, peak);
    out->quantile_at = rs_series_at(series, reached);
}

enum rs_status rs_summary_with(struct rs_workspace *work, const struct rs_series *series, double q,
                               struct rs_summary *out, struct rs_error *err)
{
    struct rs_extent extent;
    struct rs_room room;
    struct rs_summary s = {0};
    const struct rs_kernel *kernel = rs_workspace_kernel(work);
    enum rs_status rc = rs_extent_of(kernel, series->values, series->slots, &extent, err);
    if (rc == RS_OK) {
        rc = rs_workspace_room(work, series->slots, &room, err);
    }
    if (rc == RS_OK) {
        rc = take_quantiles(kernel, &room, series, &extent, q, &s, err);
    }
    if (rc == RS_OK) {
        s.count = extent.count;
        s.coverage = (double)extent.count / (double)series->slots;
        s.min = extent.min;
        s.max = extent.max;
        s.mean = rs_mean_of(kernel, series->values, series->slots, &extent, room.left);
        take_instants(kernel, series, &s);
        *out = s;
    }
    return rc;
}

enum rs_status rs_summary_of(const struct rs_series *series, double q, struct rs_summary *out,
                             struct rs_error *err)
{
    struct rs_workspace work;
    rs_workspace_init(&work);
    enum rs_status rc = rs_summary_with(&work, series, q, out, err);
    rs_workspace_release(&work);
    return rc;
}

double rs_series_share_above(const struct rs_series *series, double limit)
{
    const struct rs_kernel *kernel = rs_kernel_of(RS_VARIANT_BEST);
    struct rs_extent extent;
    kernel->extent(series->values, series->slots, &extent);
    size_t above = kernel->above(series->values, series->slots, limit);
    return extent.count > 0 ? (double)above / (double)extent.count : 0.0;
}
