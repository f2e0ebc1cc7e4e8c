/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/trend.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#define Z_95 1.959963984540054 /* 97.5 % of the normal distribution */
#define MOST_ALIKE 0.9         /* a lag-1 correlation beyond it is not told from a walk */
#define ROUNDING 1e-12         /* of the values' size: residuals below it are none */

struct row { /* the values without their gaps */
    double x[RS_TREND_MAX];
    double t[RS_TREND_MAX]; /* slot */
    size_t season[RS_TREND_MAX];
    size_t count;
};

struct pairs {
    double *slopes;
    size_t count;
    double s, variance; /* of Mann-Kendall, without the inflation */
};

static enum rs_status take(const double *values, size_t count, size_t period, struct row *row,
                           struct rs_error *err)
{
    row->count = 0;
    if (count > RS_TREND_MAX || period < 1 || period > RS_TREND_PERIOD) {
        return rs_fail(err, RS_EINPUT, "%zu values in seasons of %zu are too many for a trend",
                       count, period);
    }
    for (size_t i = 0; i < count; i++) {
        if (isinf(values[i])) {
            return rs_fail(err, RS_EINPUT, "value %zu is infinite", i);
        }
        if (!isnan(values[i])) {
            row->x[row->count] = values[i];
            row->t[row->count] = (double)i;
            row->season[row->count++] = i % period;
        }
    }
    return row->count >= 4 ? RS_OK : rs_fail(err, RS_ENODATA, "too few values for a trend");
}

/* n (n - 1)(2 n + 5) / 18 of the values of a season, less the same of each group of equal ones */
static double variance_part(double n)
{
    return n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
}

static void pair_up(const struct row *row, struct pairs *out)
{
    double in_season[RS_TREND_PERIOD] = {0};
    out->count = 0;
    out->s = out->variance = 0.0;
    for (size_t j = 0; j < row->count; j++) {
        double equal = 0.0, *n = &in_season[row->season[j]];
        for (size_t i = 0; i < j; i++) {
            if (row->season[i] != row->season[j]) {
                continue;
            }
            double rise = row->x[j] - row->x[i];
            out->s += (double)(rise > 0.0) - (double)(rise < 0.0);
            equal += (double)(rise == 0.0);
            out->slopes[out->count++] = rise / (row->t[j] - row->t[i]);
        }
        out->variance += variance_part(*n + 1.0) - variance_part(*n);
        out->variance -= variance_part(equal + 1.0) - variance_part(equal);
        *n += 1.0;
    }
}

bool rs_trend_may_rise(const double *values, size_t count, size_t period, double alpha)
{
    double variance = 0.0;
    long s = 0;
    for (size_t season = 0; season < period; season++) {
        double n = 0.0;
        for (size_t j = season; j < count; j += period) {
            long equal = 0;
            for (size_t i = season; i < j; i += period) { /* a gap compares with nothing */
                s += (values[j] > values[i]) - (values[j] < values[i]);
                equal += values[j] == values[i];
            }
            variance -= variance_part((double)equal + 1.0) - variance_part((double)equal);
            n += isnan(values[j]) ? 0.0 : 1.0;
        }
        variance += variance_part(n);
    }
    double z = ((double)s - 1.0) / sqrt(variance);
    return s > 0 && 2.0 * gsl_cdf_ugaussian_Q(z) <= alpha * (1.0 + ROUNDING);
}

double rs_trend_inflation(const double *residuals, size_t count)
{
    double products = 0.0, squares = 0.0, n = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(residuals[i])) {
            continue;
        }
        squares += residuals[i] * residuals[i];
        n += 1.0;
        if (i > 0 && !isnan(residuals[i - 1])) {
            products += residuals[i] * residuals[i - 1];
        }
    }
    if (n < 6.0 || !(squares > 0.0)) {
        return 1.0;
    }
    double r = fmin((1.0 + n * products / squares) / (n - 4.0), MOST_ALIKE), power = r, sum = 0.0;
    for (double k = 1.0; k < n && r > 0.0; k += 1.0) {
        sum += (1.0 - k / n) * power;
        power *= r;
    }
    return 1.0 + 2.0 * sum;
}

/* Of what the line and the means of the seasons leave. */
static double inflation_of(const struct row *row, double slope, size_t slots)
{
    double residuals[RS_TREND_MAX], sum[RS_TREND_PERIOD] = {0}, n[RS_TREND_PERIOD] = {0};
    double size = 0.0, left = 0.0;
    for (size_t i = 0; i < row->count; i++) {
        sum[row->season[i]] += row->x[i] - slope * row->t[i];
        n[row->season[i]] += 1.0;
        size = fmax(size, fabs(row->x[i]));
    }
    for (size_t i = 0; i < slots; i++) {
        residuals[i] = NAN;
    }
    for (size_t i = 0; i < row->count; i++) {
        size_t season = row->season[i];
        double rest = row->x[i] - slope * row->t[i] - sum[season] / n[season];
        residuals[(size_t)row->t[i]] = rest;
        left = fmax(left, fabs(rest));
    }
    return left > ROUNDING * size ? rs_trend_inflation(residuals, slots) : 1.0;
}

/* The slope and its interval: order statistics of the pairs' slopes. */
static void take_slopes(struct pairs *pairs, double spread, struct rs_trend *out)
{
    double n = (double)pairs->count;
    double lowest = fmax(floor((n - spread) / 2.0) - 1.0, 0.0);
    double highest = fmin(ceil((n + spread) / 2.0), n - 1.0);
    out->low = gsl_stats_select(pairs->slopes, 1, pairs->count, (size_t)lowest);
    out->high = gsl_stats_select(pairs->slopes, 1, pairs->count, (size_t)highest);
}

static double level_at_end(const struct row *row, double slope, size_t slots)
{
    double levels[RS_TREND_MAX];
    for (size_t i = 0; i < row->count; i++) {
        levels[i] = row->x[i] + slope * ((double)slots - 1.0 - row->t[i]);
    }
    return gsl_stats_median(levels, 1, row->count);
}

static void judge(const struct row *row, struct pairs *pairs, size_t slots, struct rs_trend *out)
{
    out->count = row->count;
    out->slope = gsl_stats_median(pairs->slopes, 1, pairs->count);
    out->inflation = inflation_of(row, out->slope, slots);
    out->level = level_at_end(row, out->slope, slots);
    double sd = sqrt(pairs->variance * out->inflation);
    double z = sd > 0.0 ? fmax(fabs(pairs->s) - 1.0, 0.0) / sd : 0.0;
    out->p = fmin(2.0 * gsl_cdf_ugaussian_Q(z), 1.0);
    take_slopes(pairs, Z_95 * sd, out);
}

enum rs_status rs_trend_of(const double *values, size_t count, size_t period, struct rs_trend *out,
                           struct rs_error *err)
{
    struct row row;
    struct pairs pairs = {.slopes = NULL};
    enum rs_status rc = take(values, count, period, &row, err);
    if (rc != RS_OK) {
        return rc;
    }
    pairs.slopes = malloc(row.count * (row.count - 1) / 2 * sizeof(*pairs.slopes));
    if (pairs.slopes == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the slopes of %zu values", row.count);
    }
    pair_up(&row, &pairs);
    if (pairs.count > 0) {
        judge(&row, &pairs, count, out);
    } else {
        rc = rs_fail(err, RS_ENODATA, "no two values of the same season");
    }
    free(pairs.slopes);
    return rc;
}
