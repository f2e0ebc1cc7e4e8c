/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/season.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#define DAY_HOURS_MIN 22 /* of a day that counts as a replicate */
#define ROUNDING 1e-9    /* of the values' size: variation below it is none */
#define WEEK_EPSILON 0.5 /* two weeks are too few to estimate it from */

enum { DAY = 24, WEEK = 168, FRIDAY = 4 };

struct folded { /* sums over the columns of a fold: hour of the day, or of the week */
    double sum[WEEK], n[WEEK];
    double total, count, size;
};

static void fold_up(const double *const *rows, size_t count, size_t period, size_t fold,
                    struct folded *out)
{
    *out = (struct folded){.total = 0.0};
    double size = 0.0;
    for (size_t row = 0; row < count; row++) {
        for (size_t from = 0; from < period; from += fold) {
            for (size_t h = 0; h < fold; h++) {
                double x = rows[row][from + h]; /* without a branch a gap would mislead */
                out->sum[h] += x == x ? x : 0.0;
                out->n[h] += x == x ? 1.0 : 0.0;
                size = fabs(x) > size ? fabs(x) : size;
            }
        }
    }
    out->size = size;
    for (size_t h = 0; h < fold; h++) {
        out->total += out->sum[h];
        out->count += out->n[h];
    }
}

/* Adjusted R^2 of the columns' means; rows[i] begins a row of `period` hours. */
static double strength_of(const double *const *rows, size_t count, size_t period, size_t fold)
{
    struct folded f;
    fold_up(rows, count, period, fold, &f);
    double mean = f.total / f.count, within = 0.0, about = 0.0, groups = 0.0;
    for (size_t h = 0; h < fold; h++) {
        groups += f.n[h] > 0.0 ? 1.0 : 0.0;
        f.sum[h] /= f.n[h];
    }
    for (size_t row = 0; row < count; row++) {
        for (size_t from = 0; from < period; from += fold) {
            for (size_t h = 0; h < fold; h++) {
                double x = rows[row][from + h], in = x - f.sum[h], off = x - mean;
                within += x == x ? in * in : 0.0;
                about += x == x ? off * off : 0.0;
            }
        }
    }
    if (!(about > f.count * (ROUNDING * f.size) * (ROUNDING * f.size)) || f.count <= groups) {
        return 0.0;
    }
    return fmax(1.0 - within / (f.count - groups) / (about / (f.count - 1.0)), 0.0);
}

struct table { /* replicates x hours */
    size_t rows;
    const double *hours[RS_MAX_DAYS]; /* of each row, borrowed */
    double left[RS_MAX_DAYS][DAY];    /* what row and column do not explain; 0 for a gap */
    double mean;
    double effect[DAY]; /* of the column */
    double size;        /* of the largest value */
};

static void choose_days(const struct rs_hours *hours, bool workdays, struct table *t)
{
    size_t days = hours->count / DAY, base = hours->count - DAY * days;
    t->rows = 0;
    for (size_t day = days > RS_MAX_DAYS ? days - RS_MAX_DAYS : 0; day < days; day++) {
        const double *row = hours->mean + base + DAY * day;
        int64_t noon = hours->from + (int64_t)(base + DAY * day + DAY / 2) * RS_HOUR_SECONDS;
        if (workdays && rs_weekday(noon) > FRIDAY) {
            continue;
        }
        int present = 0;
        for (size_t h = 0; h < DAY; h++) {
            present += !isnan(row[h]);
        }
        if (present >= DAY_HOURS_MIN) {
            t->hours[t->rows++] = row;
        }
    }
}

static double row_mean(const double *row, double *size)
{
    double sum = 0.0, n = 0.0, most = *size;
    for (size_t h = 0; h < DAY; h++) {
        double x = row[h];
        sum += x == x ? x : 0.0;
        n += x == x ? 1.0 : 0.0;
        most = fabs(x) > most ? fabs(x) : most;
    }
    *size = most;
    return sum / n;
}

static void explain(struct table *t)
{
    double n[DAY] = {0}, effect[DAY] = {0}, size = 0.0, sum = 0.0;
    for (size_t row = 0; row < t->rows; row++) {
        double mean = row_mean(t->hours[row], &size);
        sum += mean / (double)t->rows;
        for (size_t h = 0; h < DAY; h++) {
            double x = t->hours[row][h] - mean;
            t->left[row][h] = x;
            effect[h] += x == x ? x : 0.0;
            n[h] += x == x ? 1.0 : 0.0;
        }
    }
    for (size_t h = 0; h < DAY; h++) {
        effect[h] = n[h] > 0.0 ? effect[h] / n[h] : 0.0;
    }
    for (size_t row = 0; row < t->rows; row++) {
        for (size_t h = 0; h < DAY; h++) {
            double rest = t->left[row][h] - effect[h];
            t->left[row][h] = rest == rest ? rest : 0.0;
        }
    }
    memcpy(t->effect, effect, sizeof(effect));
    t->mean = sum;
    t->size = size;
}

/*
 * (tr C)^2 / (23 tr C^2) of the hours' covariance C = L'L: both traces are those of the days'
 * products LL', which is the smaller matrix.
 */
static double epsilon_of(const struct table *t)
{
    double trace = 0.0, squares = 0.0;
    for (size_t a = 0; a < t->rows; a++) {
        for (size_t b = 0; b <= a; b++) {
            double product = 0.0;
            for (size_t h = 0; h < DAY; h++) {
                product += t->left[a][h] * t->left[b][h];
            }
            trace += a == b ? product : 0.0;
            squares += (a == b ? 1.0 : 2.0) * product * product;
        }
    }
    double epsilon = trace * trace / ((DAY - 1) * squares);
    return fmin(fmax(epsilon, 1.0 / (DAY - 1)), 1.0);
}

static double chance(double effect, double rest, double columns, double rows, double epsilon)
{
    double numerator = (columns - 1.0) * epsilon, f = effect / (rest / (rows - 1.0));
    return gsl_cdf_fdist_Q(f, numerator, numerator * (rows - 1.0));
}

static double daily_chance(const struct table *t)
{
    double effect = 0.0, rest = 0.0, rows = (double)t->rows;
    double nothing = (ROUNDING * t->size) * (ROUNDING * t->size) * rows * DAY;
    for (size_t h = 0; h < DAY; h++) {
        effect += rows * t->effect[h] * t->effect[h];
        for (size_t row = 0; row < t->rows; row++) {
            rest += t->left[row][h] * t->left[row][h];
        }
    }
    if (!(effect > nothing)) {
        return 1.0;
    }
    return rest > nothing ? chance(effect, rest, DAY, rows, epsilon_of(t)) : 0.0;
}

static void fill_daily(const struct table *t, int first_hour, struct rs_season_least least,
                       struct rs_daily *out)
{
    out->days = t->rows;
    for (int h = 0; h < DAY; h++) {
        out->profile[(first_hour + h) % DAY] = t->mean + t->effect[h];
    }
    out->peak_hour = out->trough_hour = 0;
    for (int h = 1; h < DAY; h++) {
        out->peak_hour = out->profile[h] > out->profile[out->peak_hour] ? h : out->peak_hour;
        out->trough_hour = out->profile[h] < out->profile[out->trough_hour] ? h : out->trough_hour;
    }
    out->high = out->profile[out->peak_hour];
    out->low = out->profile[out->trough_hour];
    bool wide = out->high - out->low >= least.amplitude;
    out->strength = wide ? strength_of(t->hours, t->rows, DAY, DAY) : 0.0;
    out->p = wide && out->strength >= least.strength ? daily_chance(t) : 1.0;
}

enum rs_status rs_daily_of(const struct rs_hours *hours, bool workdays,
                           struct rs_season_least least, struct rs_daily *out, struct rs_error *err)
{
    struct table t;
    choose_days(hours, workdays, &t);
    if (t.rows < RS_DAILY_DAYS) {
        return rs_fail(err, RS_ENODATA, "%zu whole days are too few for a daily pattern", t.rows);
    }
    explain(&t);
    int64_t first = hours->from + (int64_t)(hours->count % DAY) * RS_HOUR_SECONDS;
    fill_daily(&t, rs_hour_of_day(first), least, out);
    return RS_OK;
}

struct weeks {
    size_t rows;
    const double *hours[RS_MAX_DAYS / 7];
    double mean[RS_MAX_DAYS / 7][7]; /* of the hours of each weekday */
    double size;
};

/* False: some weekday has too few hours. */
static bool take_week(const double *row, int64_t from, double mean[static 7], double *size)
{
    double n[7] = {0};
    int hour = rs_hour_of_day(from), day = rs_weekday(from);
    memset(mean, 0, 7 * sizeof(*mean));
    for (int h = 0; h < WEEK; h++, hour++) {
        if (hour == DAY) {
            hour = 0;
            day = (day + 1) % 7;
        }
        if (!isnan(row[h])) {
            mean[day] += row[h];
            n[day] += 1.0;
            *size = fabs(row[h]) > *size ? fabs(row[h]) : *size;
        }
    }
    bool enough = true;
    for (int d = 0; d < 7; d++) {
        enough = enough && n[d] >= RS_DAY_HOURS_MIN;
        mean[d] /= n[d];
    }
    return enough;
}

static void choose_weeks(const struct rs_hours *hours, struct weeks *w)
{
    size_t weeks = hours->count / WEEK, base = hours->count - WEEK * weeks;
    w->rows = 0;
    w->size = 0.0;
    for (size_t week = 0; week < weeks; week++) {
        size_t hour = base + WEEK * week;
        int64_t from = hours->from + (int64_t)hour * RS_HOUR_SECONDS;
        if (take_week(hours->mean + hour, from, w->mean[w->rows], &w->size)) {
            w->hours[w->rows++] = hours->mean + hour;
        }
    }
}

static void fill_week_profile(const struct weeks *w, struct rs_weekly *out)
{
    out->peak_day = out->trough_day = 0;
    for (int day = 0; day < 7; day++) {
        out->profile[day] = 0.0;
        for (size_t week = 0; week < w->rows; week++) {
            out->profile[day] += w->mean[week][day] / (double)w->rows;
        }
        out->peak_day = out->profile[day] > out->profile[out->peak_day] ? day : out->peak_day;
        out->trough_day = out->profile[day] < out->profile[out->trough_day] ? day : out->trough_day;
    }
    out->high = out->profile[out->peak_day];
    out->low = out->profile[out->trough_day];
}

static double weekly_chance(const struct weeks *w, const double profile[static 7])
{
    double mean = 0.0, effect = 0.0, rest = 0.0, rows = (double)w->rows;
    double nothing = (ROUNDING * w->size) * (ROUNDING * w->size) * rows * 7.0;
    for (int day = 0; day < 7; day++) {
        mean += profile[day] / 7.0;
    }
    for (size_t week = 0; week < w->rows; week++) {
        double level = 0.0;
        for (int day = 0; day < 7; day++) {
            level += w->mean[week][day] / 7.0;
        }
        for (int day = 0; day < 7; day++) {
            double left = w->mean[week][day] - level - (profile[day] - mean);
            rest += left * left;
            effect += (profile[day] - mean) * (profile[day] - mean);
        }
    }
    if (!(effect > nothing)) {
        return 1.0;
    }
    return rest > nothing ? chance(effect, rest, 7.0, rows, WEEK_EPSILON) : 0.0;
}

enum rs_status rs_weekly_of(const struct rs_hours *hours, struct rs_season_least least,
                            struct rs_weekly *out, struct rs_error *err)
{
    struct weeks w = {.rows = hours->count / WEEK};
    if (w.rows >= RS_WEEKLY_WEEKS) {
        choose_weeks(hours, &w);
    }
    if (w.rows < RS_WEEKLY_WEEKS) {
        return rs_fail(err, RS_ENODATA, "%zu whole weeks are too few for a weekly pattern", w.rows);
    }
    out->weeks = w.rows;
    fill_week_profile(&w, out);
    bool wide = out->high - out->low >= least.amplitude;
    out->strength = wide ? strength_of(w.hours, w.rows, WEEK, WEEK) : 0.0;
    out->strength_daily = wide ? strength_of(w.hours, w.rows, WEEK, DAY) : 0.0;
    out->p = wide && out->strength >= least.strength ? weekly_chance(&w, out->profile) : 1.0;
    return RS_OK;
}
