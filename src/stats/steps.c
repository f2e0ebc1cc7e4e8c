/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/steps.h"

#include "rightsize/trend.h"
#include "stats/level_fit.h"
#include "stats/step_hour.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define ROUNDING 1e-9 /* of the values' size: a step below it is none */
#define ABRUPT 0.6    /* of the change lies between the day before and the day after */
#define OF_A_LINE                                                                                  \
    0.5 /* of the variance that a line leaves; over two weeks with their weekdays a                \
         * line and a step are one and the same */

enum { DAY = 24, NOON = 12, HOURS_A_WEEK = 168, DAYS_A_STEP = 10 };

struct search {
    const struct rs_hours *hours;
    struct rs_days days;
    struct rs_level_fit fit;
    size_t splits; /* how many places were weighed for a step */
    double p[RS_MAX_STEPS];
};

static size_t days_between(const struct search *s, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t d = from; d < to; d++) {
        n += isnan(s->days.level[d]) ? 0 : 1;
    }
    return n;
}

static bool may_split(const struct search *s, size_t day)
{
    bool may = !isnan(s->days.level[day]) && days_between(s, 0, day) >= RS_STEP_SIDE_DAYS &&
               days_between(s, day, s->days.count) >= RS_STEP_SIDE_DAYS;
    for (size_t i = 0; i < s->fit.count && may; i++) {
        size_t other = s->fit.day[i], low = day < other ? day : other;
        may = days_between(s, low, day < other ? other : day) >= RS_STEP_SIDE_DAYS;
    }
    return may;
}

/* Adds the step that takes most off what is left. False: there is none to add. */
static bool add_step(struct search *s)
{
    struct rs_level_fit *fit = &s->fit;
    double most = 0.0;
    size_t best = 0, splits = 0;
    for (size_t day = 1; day < s->days.count; day++) {
        if (!may_split(s, day)) {
            continue;
        }
        double gain = rs_level_gain(&s->days, fit, day);
        splits += gain > 0.0 ? 1 : 0;
        best = gain > most ? day : best;
        most = gain > most ? gain : most;
    }
    if (splits == 0) {
        return false;
    }
    s->splits = splits > s->splits ? splits : s->splits;
    size_t i = fit->count++;
    for (; i > 0 && fit->day[i - 1] > best; i--) {
        fit->day[i] = fit->day[i - 1];
    }
    fit->day[i] = best;
    return rs_level_fit(&s->days, fit);
}

static void drop_step(struct search *s, size_t i)
{
    s->fit.count--;
    for (; i < s->fit.count; i++) {
        s->fit.day[i] = s->fit.day[i + 1];
    }
    if (!rs_level_fit(&s->days, &s->fit)) {
        s->fit.count = 0; /* cannot be: fewer columns are no more alike */
    }
}

static double freedom_of(const struct search *s)
{
    return (double)s->fit.present - (double)s->fit.period - (double)s->fit.count;
}

static double chance(const struct search *s, size_t i, double wider)
{
    const struct rs_level_fit *fit = &s->fit;
    double freedom = freedom_of(s), nothing = ROUNDING * fit->size;
    if (freedom < 1.0 || !(fabs(fit->delta[i]) > nothing)) {
        return 1.0;
    }
    if (fit->left <= nothing * nothing * freedom) {
        return 0.0;
    }
    double t = fabs(fit->delta[i]) / sqrt(fit->left / freedom / fit->weight[i] * wider);
    return fmin((double)s->splits * 2.0 * gsl_cdf_tdist_Q(t, freedom), 1.0);
}

/* A step that chance explains goes, and the others are judged again without it. */
static void keep_certain(struct search *s, double alpha)
{
    while (s->fit.count > 0) {
        size_t worst = 0;
        double wider = rs_trend_inflation(s->fit.residual, s->days.count);
        for (size_t i = 0; i < s->fit.count; i++) {
            s->p[i] = chance(s, i, wider);
            worst = s->p[i] > s->p[worst] ? i : worst;
        }
        if (s->p[worst] <= alpha) {
            return;
        }
        drop_step(s, worst);
    }
}

static bool beats_a_line(const struct search *s)
{
    double line = rs_level_line(&s->days, s->fit.period), plain = rs_level_line(&s->days, 1);
    double nothing = ROUNDING * s->fit.size * ROUNDING * s->fit.size;
    return s->fit.left <= line + nothing &&
           s->fit.left / freedom_of(s) <= OF_A_LINE * plain / ((double)s->fit.present - 2.0);
}

/* Between Friday and Saturday, or Sunday and Monday, wherever on earth. */
static bool is_weekend_edge(int64_t at)
{
    int hour = rs_weekday(at) * DAY + rs_hour_of_day(at);
    return (hour >= 4 * DAY + NOON && hour < 5 * DAY + NOON) ||
           (hour >= 6 * DAY + NOON && hour < HOURS_A_WEEK) || hour < NOON;
}

/* A day that holds the step has neither level; the levels are told without it. */
static void tell_levels(const struct search *s, const size_t hours[static RS_MAX_STEPS],
                        struct rs_level_fit *fit)
{
    struct rs_days days = s->days;
    size_t base = s->hours->count - DAY * days.count;
    for (size_t i = 0; i < fit->count; i++) {
        size_t d = (hours[i] - base) / DAY;
        bool within = (hours[i] - base) % DAY != 0;
        fit->day[i] = within ? d + 1 : d;
        days.level[d] = within ? NAN : days.level[d];
    }
    if (!rs_level_fit(&days, fit)) {
        *fit = s->fit;
    }
}

static size_t report(const struct search *s, struct rs_step *out)
{
    double abrupt[RS_MAX_STEPS] = {0.0};
    size_t hours[RS_MAX_STEPS] = {0}, n = 0;
    for (size_t i = 0; i < s->fit.count; i++) {
        hours[i] = rs_step_hour(s->hours, &s->days, &s->fit, i, &abrupt[i]);
    }
    struct rs_level_fit fit = s->fit;
    tell_levels(s, hours, &fit);
    double level = fit.level;
    for (size_t i = 0; i < fit.count; i++) {
        int64_t at = s->hours->from + (int64_t)hours[i] * RS_HOUR_SECONDS;
        struct rs_step step = {at, level, level + fit.delta[i], s->p[i]};
        if (abrupt[i] >= ABRUPT && (fit.period > 1 || !is_weekend_edge(at))) {
            out[n++] = step;
        }
        level = step.after;
    }
    return n;
}

/* Returns how far apart the levels of days are at most. */
static double start(struct search *s)
{
    double low = INFINITY, high = -INFINITY;
    rs_days_of(s->hours, &s->days);
    for (size_t d = 0; d < s->days.count; d++) {
        double level = s->days.level[d];
        s->fit.present += isnan(level) ? 0 : 1;
        low = level < low ? level : low;
        high = level > high ? level : high;
    }
    s->fit.size = fmax(fabs(low), fabs(high));
    s->fit.period = s->fit.present >= RS_STEP_WEEK_DAYS ? RS_LEVEL_PERIOD : 1;
    return high - low;
}

enum rs_status rs_steps_of(const struct rs_hours *hours, double alpha, double least,
                           struct rs_step out[static RS_MAX_STEPS], size_t *count,
                           struct rs_error *err)
{
    struct search s = {.hours = hours};
    if (!(alpha >= 0.0 && alpha <= 1.0)) {
        return rs_fail(err, RS_EINPUT, "alpha %g is outside 0..1", alpha);
    }
    double apart = start(&s);
    if (s.fit.present < RS_STEP_DAYS_MIN) {
        return rs_fail(err, RS_ENODATA, "%zu days are too few to see a step", s.fit.present);
    }
    *count = 0;
    if (apart + ROUNDING * s.fit.size < least) {
        return RS_OK;
    }
    size_t most = s.fit.present / DAYS_A_STEP;
    most = most < 1 ? 1 : most < RS_MAX_STEPS ? most : RS_MAX_STEPS;
    bool more = rs_level_fit(&s.days, &s.fit);
    while (more && s.fit.count < most) {
        more = add_step(&s);
    }
    keep_certain(&s, alpha);
    if (s.fit.count > 0 && beats_a_line(&s)) {
        *count = report(&s, out);
    }
    return RS_OK;
}
