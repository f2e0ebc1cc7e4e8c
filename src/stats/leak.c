/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/leak.h"

#include "rightsize/trend.h"

#include <math.h>

#define ALPHA 0.01        /* of each stretch; that all must climb makes it far smaller in sum */
#define FALL 0.1          /* of the level: a restart frees more, garbage collection seldom does */
#define FALL_OF_CLIMB 0.5 /* of what was climbed since the last restart */
#define STEADY (1.0 / 3.0)
#define COVERED 0.6
#define FAR_DAYS 3650.0 /* a limit reached later is not worth a date */

enum { DAY = 24 };

struct walk {
    const struct rs_hours *hours;
    double material;
    double weight; /* hours judged */
    bool all_climb;
    struct rs_leak leak;
};

/* Means of `wide` hours each; *period is how many make a day. */
static size_t take_bins(const double *mean, size_t count, double bins[static RS_TREND_MAX],
                        size_t *wide, size_t *period)
{
    static const size_t widths[] = {3, 12, 24};
    size_t i = 0;
    while (count / widths[i] > RS_TREND_MAX) {
        i++;
    }
    *wide = widths[i];
    *period = DAY / *wide;
    for (size_t bin = 0; bin < count / *wide; bin++) {
        double sum = 0.0, n = 0.0;
        for (size_t h = bin * *wide; h < (bin + 1) * *wide; h++) {
            if (!isnan(mean[h])) {
                sum += mean[h];
                n += 1.0;
            }
        }
        bins[bin] = n > 0.0 ? sum / n : NAN;
    }
    return count / *wide;
}

/* The trend of a stretch, slopes an hour. RS_ENODATA counts as no trend. */
static enum rs_status trend_of(const double *mean, size_t count, struct rs_trend *out,
                               struct rs_error *err)
{
    double bins[RS_TREND_MAX];
    size_t wide = 0, period = 0, n = take_bins(mean, count, bins, &wide, &period);
    enum rs_status rc = rs_trend_of(bins, n, period, out, err);
    if (rc == RS_ENODATA) {
        *out = (struct rs_trend){.p = 1.0};
        return RS_OK;
    }
    out->slope /= (double)wide;
    return rc;
}

static enum rs_status judge(struct walk *walk, size_t from, size_t to, struct rs_error *err)
{
    struct rs_leak *leak = &walk->leak;
    const double *mean = walk->hours->mean + from;
    size_t count = to - from;
    struct rs_trend whole, half;
    enum rs_status rc = trend_of(mean, count, &whole, err);
    if (rc == RS_OK) {
        rc = trend_of(mean + count / 2, count - count / 2, &half, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    double climbed = whole.slope * (double)count;
    walk->all_climb = walk->all_climb && whole.p <= ALPHA && climbed >= walk->material &&
                      half.slope >= STEADY * whole.slope;
    if (leak->climbs++ == 0) {
        leak->from = walk->hours->from + (int64_t)from * RS_HOUR_SECONDS;
        leak->climbed = climbed;
        leak->per_day = 0.0;
        leak->p = 0.0;
    }
    leak->to = walk->hours->from + (int64_t)to * RS_HOUR_SECONDS;
    leak->climbed = fmax(leak->climbed, climbed);
    leak->per_day += DAY * climbed; /* divided by the hours in the end */
    leak->p = fmax(leak->p, whole.p);
    walk->weight += (double)count;
    return RS_OK;
}

/* The greater part of a fall lies right after hour i; a gap of one hour is looked over. */
static bool falls(const double *mean, size_t i, size_t count, double lowest)
{
    double high = mean[i], low = INFINITY;
    for (size_t j = i + 1; j <= i + 2 && j < count; j++) {
        low = mean[j] < low ? mean[j] : low; /* a gap is not below */
    }
    double fall = high - low;
    bool now = i + 1 < count && !(high - mean[i + 1] < fall / 2.0);
    return now && fall > 0.0 && fall >= FALL * high && fall >= FALL_OF_CLIMB * (high - lowest) &&
           !isinf(low);
}

/* First hour of the new level after a fall from hour i. */
static size_t landing(const double *mean, size_t i, size_t count)
{
    size_t next = i + 1;
    bool second = i + 2 < count && (isnan(mean[next]) || mean[i + 2] < mean[next]);
    return second ? i + 2 : next;
}

static enum rs_status end_stretch(struct walk *walk, size_t from, size_t to, struct rs_error *err)
{
    return to - from >= RS_LEAK_HOURS ? judge(walk, from, to, err) : RS_OK;
}

static enum rs_status walk_hours(struct walk *walk, struct rs_error *err)
{
    const double *mean = walk->hours->mean;
    size_t count = walk->hours->count, from = 0;
    double lowest = INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (isnan(mean[i])) {
            continue;
        }
        lowest = mean[i] < lowest ? mean[i] : lowest;
        if (falls(mean, i, count, lowest)) {
            enum rs_status rc = end_stretch(walk, from, i + 1, err);
            if (rc != RS_OK) {
                return rc;
            }
            from = landing(mean, i, count);
            i = from - 1;
            lowest = INFINITY;
            walk->leak.restarts++;
        }
    }
    return end_stretch(walk, from, count, err);
}

static double level_at_end(const struct rs_hours *hours)
{
    double sum = 0.0;
    int n = 0;
    for (size_t i = hours->count; i > 0 && n < 3; i--) {
        if (!isnan(hours->mean[i - 1])) {
            sum += hours->mean[i - 1];
            n++;
        }
    }
    return sum / n;
}

static void conclude(struct walk *walk, double limit)
{
    struct rs_leak *leak = &walk->leak;
    const struct rs_hours *hours = walk->hours;
    bool long_enough = leak->restarts > 0 || walk->weight >= RS_LEAK_ALONE_HOURS;
    leak->per_day /= walk->weight;
    leak->last = level_at_end(hours);
    leak->suspected =
        walk->all_climb && long_enough && walk->weight >= COVERED * (double)hours->count;
    double days = (limit - leak->last) / leak->per_day;
    if (leak->per_day > 0.0 && days >= 0.0 && days <= FAR_DAYS) {
        leak->full_at = hours->from + (int64_t)hours->count * RS_HOUR_SECONDS +
                        (int64_t)(days * RS_DAY_SECONDS);
    }
}

enum rs_status rs_leak_of(const struct rs_hours *hours, double material, double limit,
                          struct rs_leak *out, struct rs_error *err)
{
    if (!(material > 0.0)) {
        return rs_fail(err, RS_EINPUT, "a climb of %g is not material", material);
    }
    struct walk walk = {.hours = hours, .material = material, .all_climb = true};
    walk.leak = (struct rs_leak){.per_day = NAN, .climbed = NAN, .p = 1.0, .full_at = -1};
    enum rs_status rc = walk_hours(&walk, err);
    if (rc == RS_OK && walk.leak.climbs == 0) {
        rc = rs_fail(err, RS_ENODATA, "no stretch of %d hours between restarts", RS_LEAK_HOURS);
    }
    if (rc == RS_OK) {
        conclude(&walk, limit);
        *out = walk.leak;
    }
    return rc;
}
