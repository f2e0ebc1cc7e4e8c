/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/step_hour.h"

#include <math.h>

enum { DAY = 24 };

struct place {
    const struct rs_hours *hours;
    const struct rs_level_fit *fit;
    size_t step, base, days;    /* base: hour of day 0 */
    double raised[RS_MAX_DAYS]; /* by all steps that the day has behind it */
    double usual[RS_LEVEL_PERIOD][DAY];
};

/* Of the other steps, that day `d` has behind it. */
static double raised_by_others(const struct place *p, size_t d)
{
    double sum = 0.0;
    for (size_t i = 0; i < p->fit->count; i++) {
        sum += i != p->step && d >= p->fit->day[i] ? p->fit->delta[i] : 0.0;
    }
    return sum;
}

static void take_steps(struct place *p)
{
    for (size_t d = 0; d < p->days; d++) {
        p->raised[d] = 0.0;
        for (size_t i = 0; i < p->fit->count; i++) {
            p->raised[d] += d >= p->fit->day[i] ? p->fit->delta[i] : 0.0;
        }
    }
}

/*
 * The same hour of the days of the same season, steps taken out. The two days around the step are
 * left out: on which side their hours lie is the question.
 */
static void take_usual(struct place *p)
{
    size_t day = p->fit->day[p->step], period = p->fit->period;
    for (size_t season = 0; season < period; season++) {
        double sum[DAY] = {0}, n[DAY] = {0};
        for (size_t d = season; d < p->days; d += period) {
            const double *row = p->hours->mean + p->base + DAY * d;
            for (size_t h = 0; h < DAY && d != day && d + 1 != day; h++) {
                sum[h] += row[h] == row[h] ? row[h] - p->raised[d] : 0.0;
                n[h] += row[h] == row[h] ? 1.0 : 0.0;
            }
        }
        for (size_t h = 0; h < DAY; h++) {
            p->usual[season][h] = sum[h] / n[h]; /* NaN: there is none */
        }
    }
}

/* About 0 before the step, and about its delta after. */
static double height(const struct place *p, size_t hour)
{
    size_t d = (hour - p->base) / DAY, h = (hour - p->base) % DAY;
    return p->hours->mean[hour] - p->usual[d % p->fit->period][h] - raised_by_others(p, d);
}

static double mean_height(const struct place *p, size_t from, size_t to)
{
    double sum = 0.0, n = 0.0;
    for (size_t hour = from; hour < to; hour++) {
        double x = height(p, hour);
        if (!isnan(x)) {
            sum += x;
            n += 1.0;
        }
    }
    return sum / n;
}

size_t rs_step_hour(const struct rs_hours *hours, const struct rs_days *days,
                    const struct rs_level_fit *fit, size_t i, double *abrupt)
{
    struct place p = {hours, fit, i, hours->count - DAY * days->count, days->count, {0}, {{0}}};
    take_steps(&p);
    take_usual(&p);
    double delta = fit->delta[i], gain = 0.0, most = 0.0;
    size_t first = p.base + DAY * (fit->day[i] - 1), end = first + (size_t)(2 * DAY), best = first;
    for (size_t hour = first; hour < end; hour++) {
        if (gain > most || hour == first) {
            most = gain;
            best = hour;
        }
        double x = height(&p, hour);
        if (!isnan(x)) {
            gain += fabs(x - delta) - fabs(x); /* of this hour being one of the old level */
        }
    }
    size_t from = best >= p.base + DAY ? best - DAY : p.base;
    size_t to = best + DAY < hours->count ? best + DAY : hours->count;
    *abrupt = (mean_height(&p, best, to) - mean_height(&p, from, best)) / delta;
    return best;
}
