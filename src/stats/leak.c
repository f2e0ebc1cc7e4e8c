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

enum { DAY = 24, MOST = RS_MAX_DAYS * DAY / RS_LEAK_HOURS + 1 };

struct stretch {
    const double *mean; /* of its hours, borrowed */
    size_t from, count;
};

struct walk {
    const struct rs_hours *hours;
    double material;
    struct stretch stretches[MOST]; /* those long enough to be judged */
    size_t count, restarts;
    size_t covered; /* hours of them */
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

/* Most stretches do not rise at all, which is told sooner than how they do. */
static bool may_climb(const struct stretch *s)
{
    double bins[RS_TREND_MAX];
    size_t wide = 0, period = 0, n = take_bins(s->mean, s->count, bins, &wide, &period);
    return rs_trend_may_rise(bins, n, period, ALPHA);
}

/* *climbs: materially, and no slower in the end. */
static enum rs_status judge(const struct walk *walk, const struct stretch *s, struct rs_leak *leak,
                            bool *climbs, struct rs_error *err)
{
    struct rs_trend whole, half;
    size_t middle = s->count / 2;
    enum rs_status rc = trend_of(s->mean, s->count, &whole, err);
    if (rc == RS_OK) {
        rc = trend_of(s->mean + middle, s->count - middle, &half, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    double climbed = whole.slope * (double)s->count;
    *climbs = whole.p <= ALPHA && climbed >= walk->material && half.slope >= STEADY * whole.slope;
    leak->climbed = fmax(leak->climbed, climbed);
    leak->per_day += DAY * climbed; /* divided by the hours in the end */
    leak->p = fmax(leak->p, whole.p);
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
    if (!(fall >= FALL * high) || !(fall > 0.0)) { /* in this order: noise falls half the time */
        return false;
    }
    bool now = !(high - mean[i + 1] < fall / 2.0);
    return now && fall >= FALL_OF_CLIMB * (high - lowest);
}

/* First hour of the new level after a fall from hour i. */
static size_t landing(const double *mean, size_t i, size_t count)
{
    size_t next = i + 1;
    bool second = i + 2 < count && (isnan(mean[next]) || mean[i + 2] < mean[next]);
    return second ? i + 2 : next;
}

static void end_stretch(struct walk *walk, size_t from, size_t to)
{
    if (to - from >= RS_LEAK_HOURS && walk->count < MOST) {
        walk->stretches[walk->count++] =
            (struct stretch){walk->hours->mean + from, from, to - from};
        walk->covered += to - from;
    }
}

static void walk_hours(struct walk *walk)
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
            end_stretch(walk, from, i + 1);
            from = landing(mean, i, count);
            i = from - 1;
            lowest = INFINITY;
            walk->restarts++;
        }
    }
    end_stretch(walk, from, count);
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

/* What costs little is asked first, since hardly any machine leaks. */
static bool may_leak(const struct walk *walk)
{
    bool may = (walk->restarts > 0 || walk->covered >= RS_LEAK_ALONE_HOURS) &&
               (double)walk->covered >= COVERED * (double)walk->hours->count;
    for (size_t i = 0; i < walk->count && may; i++) {
        may = may_climb(&walk->stretches[i]);
    }
    return may;
}

static enum rs_status judge_all(const struct walk *walk, struct rs_leak *leak, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    bool climb = true;
    leak->per_day = leak->p = 0.0;
    leak->climbed = -INFINITY;
    for (size_t i = 0; i < walk->count && climb && rc == RS_OK; i++) {
        rc = judge(walk, &walk->stretches[i], leak, &climb, err);
    }
    leak->suspected = climb;
    return rc;
}

static void tell(const struct walk *walk, double limit, struct rs_leak *leak)
{
    const struct rs_hours *hours = walk->hours;
    const struct stretch *first = walk->stretches, *last = first + walk->count - 1;
    leak->from = hours->from + (int64_t)first->from * RS_HOUR_SECONDS;
    leak->to = hours->from + (int64_t)(last->from + last->count) * RS_HOUR_SECONDS;
    leak->per_day /= (double)walk->covered;
    leak->last = level_at_end(hours);
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
    struct walk walk = {.hours = hours, .material = material};
    walk_hours(&walk);
    if (walk.count == 0) {
        return rs_fail(err, RS_ENODATA, "no stretch of %d hours between restarts", RS_LEAK_HOURS);
    }
    struct rs_leak nothing = {.restarts = walk.restarts,
                              .climbs = walk.count,
                              .per_day = NAN,
                              .climbed = NAN,
                              .p = 1.0,
                              .last = NAN,
                              .full_at = -1};
    struct rs_leak leak = nothing;
    enum rs_status rc = may_leak(&walk) ? judge_all(&walk, &leak, err) : RS_OK;
    if (rc == RS_OK && leak.suspected) {
        tell(&walk, limit, &leak);
    }
    if (rc == RS_OK) {
        *out = leak.suspected ? leak : nothing;
    }
    return rc;
}
