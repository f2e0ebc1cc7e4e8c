/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/summary.h"

#include "rightsize/quantile.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>

static enum rs_status take_quantiles(const struct rs_sorted *sorted, double q,
                                     struct rs_summary *out, struct rs_error *err)
{
    const struct {
        double q, *to;
    } wanted[] = {{0.50, &out->p50}, {0.90, &out->p90},   {0.95, &out->p95},
                  {0.99, &out->p99}, {0.995, &out->p995}, {q, &out->quantile}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        enum rs_status rc = rs_quantile(sorted, wanted[i].q, wanted[i].to, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    return RS_OK;
}

static void take_instants(const struct rs_series *series, struct rs_summary *out)
{
    bool any = false, peak = false, reached = false;
    for (size_t i = 0; i < series->slots; i++) {
        double value = series->values[i];
        if (isnan(value)) {
            continue;
        }
        out->last_at = rs_series_at(series, i);
        if (!any) {
            out->first_at = out->last_at;
            any = true;
        }
        if (!peak && value >= out->max) {
            out->max_at = out->last_at;
            peak = true;
        }
        if (!reached && value >= out->quantile) {
            out->quantile_at = out->last_at;
            reached = true;
        }
    }
}

enum rs_status rs_summary_of(const struct rs_series *series, double q, struct rs_summary *out,
                             struct rs_error *err)
{
    struct rs_sorted sorted = {0};
    struct rs_summary s = {0};
    enum rs_status rc = rs_sorted_of(series->values, series->slots, &sorted, err);
    if (rc == RS_OK) {
        rc = take_quantiles(&sorted, q, &s, err);
    }
    if (rc == RS_OK) {
        s.count = sorted.count;
        s.coverage = (double)sorted.count / (double)series->slots;
        s.min = sorted.values[0];
        s.max = sorted.values[sorted.count - 1];
        /* of the sorted copy, so that the order of samples cannot change the last bit */
        s.mean = fmin(fmax(gsl_stats_mean(sorted.values, 1, sorted.count), s.min), s.max);
        take_instants(series, &s);
        *out = s;
    }
    rs_sorted_release(&sorted);
    return rc;
}

double rs_series_share_above(const struct rs_series *series, double limit)
{
    size_t present = 0, above = 0;
    for (size_t i = 0; i < series->slots; i++) {
        present += isnan(series->values[i]) ? 0 : 1;
        above += series->values[i] > limit ? 1 : 0;
    }
    return present > 0 ? (double)above / (double)present : 0.0;
}
