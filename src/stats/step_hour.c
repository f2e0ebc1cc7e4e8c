/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/step_hour.h"

#include <math.h>

enum { DAY = 24 };

struct place {
    const struct rs_hours *hours;
    const struct rs_days *days;
    const struct rs_level_fit *fit;
    size_t step, base; /* hour of day 0 */
};

/* Of the steps other than the one in question (or all of them) that day `d` has behind it. */
static double raised(const struct place *p, size_t d, bool all)
{
    double sum = 0.0;
    for (size_t i = 0; i < p->fit->count; i++) {
        sum += (all || i != p->step) && d >= p->fit->day[i] ? p->fit->delta[i] : 0.0;
    }
    return sum;
}

/*
 * The same hour of the days of the same season, steps taken out. The two days around the step are
 * left out: on which side their hours lie is the question.
 */
static double usual(const struct place *p, size_t d, size_t h)
{
    size_t day = p->fit->day[p->step], period = p->fit->period;
    double sum = 0.0, n = 0.0;
    for (size_t other = d % period; other < p->days->count; other += period) {
        double x = p->hours->mean[p->base + DAY * other + h];
        if (other != day && other + 1 != day && !isnan(x)) {
            sum += x - raised(p, other, true);
            n += 1.0;
        }
    }
    return sum / n; /* NaN: there is none */
}

/* About 0 before the step, and about its delta after. */
static double height(const struct place *p, size_t hour)
{
    size_t d = (hour - p->base) / DAY, h = (hour - p->base) % DAY;
    return p->hours->mean[hour] - usual(p, d, h) - raised(p, d, false);
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
    struct place p = {hours, days, fit, i, hours->count - DAY * days->count};
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
