/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/summary.h"

#include "stats/mean.h"
#include "stats/workspace.h"

#include <math.h>

enum { USUAL = 5 }; /* p50 to p995 */

/* The one asked for comes first, so that it can come alone. */
static enum rs_status take_quantiles(const struct rs_kernel *kernel, const struct rs_room *room,
                                     const struct rs_series *series, const struct rs_extent *extent,
                                     const double *q, size_t usual, struct rs_summary *out,
                                     struct rs_reached *reached, struct rs_error *err)
{
    const double fractions[] = {q != NULL ? *q : 1.0, 0.50, 0.90, 0.95, 0.99, 0.995};
    double *const to[] = {&out->quantile, &out->p50, &out->p90, &out->p95, &out->p99, &out->p995};
    double answers[1 + USUAL];
    enum rs_status rc = rs_quantiles_within(kernel, room, series->values, series->slots, extent,
                                            fractions, 1 + usual, answers, reached, err);
    for (size_t i = 0; i <= usual && rc == RS_OK; i++) {
        *to[i] = answers[i];
    }
    if (q == NULL) {
        out->quantile = NAN;
    }
    return rc;
}

/* The first value at or above `least`, which one is; mostly among those that selecting met. */
static int64_t first_at(const struct rs_kernel *kernel, const struct rs_room *room,
                        const struct rs_series *series, const struct rs_reached *reached,
                        double least)
{
    size_t i = 0;
    if (!(least >= reached->bound)) {
        return rs_series_at(series, kernel->find(series->values, series->slots, least));
    }
    while (!(series->values[room->where[i]] >= least)) {
        i++;
    }
    return rs_series_at(series, room->where[i]);
}

static void take_instants(const struct rs_kernel *kernel, const struct rs_room *room,
                          const struct rs_series *series, const struct rs_reached *reached,
                          struct rs_summary *out)
{
    size_t first = kernel->find(series->values, series->slots, -INFINITY);
    out->first_at = rs_series_at(series, first);
    out->last_at = rs_series_at(series, kernel->end(series->values, series->slots) - 1);
    out->max_at = first_at(kernel, room, series, reached, out->max);
    out->quantile_at = -1;
    if (!isnan(out->quantile)) {
        out->quantile_at = first_at(kernel, room, series, reached, out->quantile);
    }
}

static enum rs_status sum_up(struct rs_workspace *work, const struct rs_series *series,
                             const struct rs_extent *known, const double *q, size_t usual,
                             struct rs_summary *out, struct rs_error *err)
{
    struct rs_extent extent = known != NULL ? *known : (struct rs_extent){NAN, NAN, 0};
    struct rs_room room;
    struct rs_reached reached;
    struct rs_summary s = {.p50 = NAN, .p90 = NAN, .p95 = NAN, .p99 = NAN, .p995 = NAN};
    const struct rs_kernel *kernel = rs_workspace_kernel(work);
    enum rs_status rc = RS_OK;
    if (known == NULL) {
        rc = rs_extent_of(kernel, series->values, series->slots, &extent, err);
    }
    if (rc == RS_OK) {
        rc = rs_workspace_room(work, series->slots, &room, err);
    }
    if (rc == RS_OK) {
        rc = take_quantiles(kernel, &room, series, &extent, q, usual, &s, &reached, err);
    }
    if (rc == RS_OK) {
        s.count = extent.count;
        s.coverage = (double)extent.count / (double)series->slots;
        s.min = extent.min;
        s.max = extent.max;
        s.mean = rs_mean_of(kernel, series->values, series->slots, &extent, room.left);
        take_instants(kernel, &room, series, &reached, &s);
        *out = s;
    }
    return rc;
}

enum rs_status rs_summary_with(struct rs_workspace *work, const struct rs_series *series, double q,
                               struct rs_summary *out, struct rs_error *err)
{
    return sum_up(work, series, NULL, &q, USUAL, out, err);
}

enum rs_status rs_summary_brief(struct rs_workspace *work, const struct rs_series *series,
                                const struct rs_extent *known, const double *q,
                                struct rs_summary *out, struct rs_error *err)
{
    return sum_up(work, series, known, q, 0, out, err);
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
