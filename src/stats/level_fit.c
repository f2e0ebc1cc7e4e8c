/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/level_fit.h"

#include <math.h>
#include <string.h>

#define ALIKE 1e-9 /* what is left of a regressor, once the others are out, must be above it */

/* x less the mean of its season, over the days with a level; 0 for the others. */
static void remove_seasons(const struct rs_days *days, size_t period, const double *x, double *out)
{
    for (size_t season = 0; season < period; season++) {
        double sum = 0.0, n = 0.0;
        for (size_t d = season; d < days->count; d += period) {
            if (!isnan(days->level[d])) {
                sum += x[d];
                n += 1.0;
            }
        }
        for (size_t d = season; d < days->count; d += period) {
            out[d] = isnan(days->level[d]) ? 0.0 : x[d] - sum / n;
        }
    }
}

static void make_step(const struct rs_days *days, size_t period, size_t day, double *out)
{
    double x[RS_MAX_DAYS] = {0};
    for (size_t d = 0; d < days->count; d++) {
        x[d] = d >= day ? 1.0 : 0.0;
    }
    remove_seasons(days, period, x, out);
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* The inverse in place by Gauss and Jordan; the matrix is symmetric and positive, so no pivoting.
 */
static bool invert(double m[RS_MAX_STEPS][RS_MAX_STEPS], size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double pivot = m[k][k];
        if (!(pivot > ALIKE)) {
            return false;
        }
        m[k][k] = 1.0;
        for (size_t j = 0; j < n; j++) {
            m[k][j] /= pivot;
        }
        for (size_t i = 0; i < n; i++) {
            double factor = m[i][k];
            if (i == k) {
                continue;
            }
            m[i][k] = 0.0;
            for (size_t j = 0; j < n; j++) {
                m[i][j] -= factor * m[k][j];
            }
        }
    }
    return true;
}

static bool solve(struct rs_level_fit *fit, double z[RS_MAX_STEPS][RS_MAX_DAYS], const double *y,
                  size_t days)
{
    double m[RS_MAX_STEPS][RS_MAX_STEPS], b[RS_MAX_STEPS];
    for (size_t i = 0; i < fit->count; i++) {
        b[i] = product(z[i], y, days);
        for (size_t j = 0; j < fit->count; j++) {
            m[i][j] = product(z[i], z[j], days);
        }
    }
    if (!invert(m, fit->count)) {
        return false;
    }
    for (size_t i = 0; i < fit->count; i++) {
        fit->delta[i] = product(m[i], b, fit->count);
        fit->weight[i] = 1.0 / m[i][i];
    }
    return true;
}

/* The seasons' means of what the steps leave, evened over the seasons. */
static double base_level(const struct rs_days *days, const struct rs_level_fit *fit)
{
    double level = 0.0, seasons = 0.0;
    for (size_t season = 0; season < fit->period; season++) {
        double sum = 0.0, n = 0.0;
        for (size_t d = season; d < days->count; d += fit->period) {
            if (!isnan(days->level[d])) {
                sum += days->level[d];
                n += 1.0;
            }
            for (size_t i = 0; i < fit->count && !isnan(days->level[d]); i++) {
                sum -= d >= fit->day[i] ? fit->delta[i] : 0.0;
            }
        }
        level += n > 0.0 ? sum / n : 0.0;
        seasons += n > 0.0 ? 1.0 : 0.0;
    }
    return level / seasons;
}

bool rs_level_fit(const struct rs_days *days, struct rs_level_fit *fit)
{
    double y[RS_MAX_DAYS], z[RS_MAX_STEPS][RS_MAX_DAYS];
    remove_seasons(days, fit->period, days->level, y);
    for (size_t i = 0; i < fit->count; i++) {
        make_step(days, fit->period, fit->day[i], z[i]);
    }
    bool solved = solve(fit, z, y, days->count);
    fit->count = solved ? fit->count : 0;
    fit->left = 0.0;
    for (size_t d = 0; d < days->count; d++) {
        for (size_t i = 0; i < fit->count; i++) {
            y[d] -= fit->delta[i] * z[i][d];
        }
        fit->left += y[d] * y[d];
        fit->residual[d] = isnan(days->level[d]) ? NAN : y[d];
    }
    fit->level = base_level(days, fit);
    return solved;
}

double rs_level_line(const struct rs_days *days, size_t period)
{
    double t[RS_MAX_DAYS] = {0}, y[RS_MAX_DAYS], x[RS_MAX_DAYS];
    for (size_t d = 0; d < days->count; d++) {
        t[d] = (double)d;
    }
    remove_seasons(days, period, t, x);
    remove_seasons(days, period, days->level, y);
    double xx = product(x, x, days->count), xy = product(x, y, days->count);
    return product(y, y, days->count) - (xx > ALIKE ? xy * xy / xx : 0.0);
}

double rs_level_gain(const struct rs_days *days, const struct rs_level_fit *fit, size_t day)
{
    double z[RS_MAX_DAYS], zr = 0.0;
    make_step(days, fit->period, day, z);
    for (size_t d = 0; d < days->count; d++) {
        zr += isnan(fit->residual[d]) ? 0.0 : z[d] * fit->residual[d];
    }
    double zz = product(z, z, days->count);
    return zz > ALIKE ? zr * zr / zz : 0.0;
}
