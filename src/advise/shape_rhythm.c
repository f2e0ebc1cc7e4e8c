/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shape.h"

#include "rightsize/season.h"

#include <math.h>
#include <stdio.h>

#define DAILY_ALPHA 0.001
/* Two weeks can hardly say more: their test has three degrees of freedom against three. */
#define WEEKLY_ALPHA 0.01
#define STRENGTH 0.3     /* of the variance: weaker rhythms do not help to plan */
#define BEYOND_DAILY 0.1 /* what the weekday must explain that the hour does not */
#define AMPLITUDE 0.05   /* of the vCPUs: between the busiest and the quietest */

enum { HOURS_A_WEEK = 168 };

static const char *const weekdays[] = {"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                       "Fridays", "Saturdays", "Sundays"};

static struct rs_season_least least_of(const struct rs_shape *shape)
{
    return (struct rs_season_least){AMPLITUDE * shape->study->current->vcpus, STRENGTH};
}

static bool is_rhythm(const struct rs_shape *shape, double p, double alpha, double strength,
                      double amplitude)
{
    struct rs_season_least least = least_of(shape);
    return p <= alpha && strength >= least.strength && amplitude >= least.amplitude;
}

static void tell_daily(struct rs_shape *shape, const struct rs_daily *daily, bool workdays)
{
    char high[RS_SHAPE_TEXT], low[RS_SHAPE_TEXT], chance[RS_SHAPE_TEXT];
    struct rs_observation *o = rs_shape_add(shape, "DailyPattern", RS_DIM_CPU, &shape->cpu);
    if (o == NULL) {
        return;
    }
    o->value = daily->high;
    o->reference = daily->low;
    o->strength = rs_shape_strength(daily->strength);
    rs_shape_amount(shape, RS_DIM_CPU, daily->high, high);
    rs_shape_amount(shape, RS_DIM_CPU, daily->low, low);
    rs_shape_chance(o, daily->p, chance);
    rs_shape_tell(
        o,
        "the CPU follows the hour of the day%s, which explains %.0f %% of its variation (%zu "
        "days, %s): on average %s from %02d:00 UTC on, the busiest hour, and %s from %02d:00",
        workdays ? " from Monday to Friday" : "", 100.0 * o->strength, daily->days, chance, high,
        daily->peak_hour, low, daily->trough_hour);
}

static enum rs_status see_daily(struct rs_shape *shape, struct rs_error *err)
{
    struct rs_daily daily;
    for (int workdays = 0; workdays < 2; workdays++) {
        enum rs_status rc = rs_daily_of(&shape->cpu, workdays == 1, least_of(shape), &daily, err);
        if (rc != RS_OK) {
            return rc == RS_ENODATA ? RS_OK : rc;
        }
        if (is_rhythm(shape, daily.p, DAILY_ALPHA, daily.strength, daily.high - daily.low)) {
            tell_daily(shape, &daily, workdays == 1);
            break;
        }
    }
    return RS_OK;
}

static void tell_weekly(struct rs_shape *shape, const struct rs_weekly *weekly)
{
    char high[RS_SHAPE_TEXT], low[RS_SHAPE_TEXT], chance[RS_SHAPE_TEXT];
    struct rs_observation *o = rs_shape_add(shape, "WeeklyPattern", RS_DIM_CPU, &shape->cpu);
    if (o == NULL) {
        return;
    }
    o->value = weekly->high;
    o->reference = weekly->low;
    o->strength = rs_shape_strength(weekly->strength);
    rs_shape_amount(shape, RS_DIM_CPU, weekly->high, high);
    rs_shape_amount(shape, RS_DIM_CPU, weekly->low, low);
    rs_shape_chance(o, weekly->p, chance);
    rs_shape_tell(
        o,
        "the CPU follows the day of the week (%zu weeks, %s): on average %s on %s, the "
        "busiest, and %s on %s; the hour of the week explains %.0f %% of its variation, the "
        "hour of the day %.0f %%",
        weekly->weeks, chance, high, weekdays[weekly->peak_day], low, weekdays[weekly->trough_day],
        100.0 * o->strength, 100.0 * rs_shape_strength(weekly->strength_daily));
}

enum rs_status rs_shape_see_patterns(struct rs_shape *shape, struct rs_error *err)
{
    struct rs_weekly weekly;
    enum rs_status rc = see_daily(shape, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_weekly_of(&shape->cpu, least_of(shape), &weekly, err);
    if (rc == RS_OK &&
        is_rhythm(shape, weekly.p, WEEKLY_ALPHA, weekly.strength, weekly.high - weekly.low) &&
        weekly.strength - weekly.strength_daily >= BEYOND_DAILY) {
        tell_weekly(shape, &weekly);
    }
    return rc == RS_ENODATA ? RS_OK : rc;
}

static bool has_sample(const struct rs_hours *hours, int64_t day)
{
    int64_t first = (day - hours->from) / RS_HOUR_SECONDS;
    for (int64_t i = first < 0 ? 0 : first; i < first + 24 && i < (int64_t)hours->count; i++) {
        if (!isnan(hours->max[i])) {
            return true;
        }
    }
    return false;
}

/*
 * What runs once a month mostly runs on its last or first day. Less than a week lacks more than
 * that, and is told by a note.
 */
void rs_shape_see_month_end(struct rs_shape *shape)
{
    const struct rs_hours *hours = &shape->peak;
    if (hours->count < HOURS_A_WEEK) {
        return;
    }
    int64_t end = hours->from + (int64_t)hours->count * RS_HOUR_SECONDS;
    int64_t day = hours->from - (int64_t)rs_hour_of_day(hours->from) * RS_HOUR_SECONDS;
    struct rs_civil today, tomorrow;
    rs_civil_from_utc(day, &today);
    for (; day < end; day += RS_DAY_SECONDS, today = tomorrow) {
        rs_civil_from_utc(day + RS_DAY_SECONDS, &tomorrow);
        if ((today.day == 1 || tomorrow.day == 1) && has_sample(hours, day)) {
            return;
        }
    }
    struct rs_observation *o = rs_shape_add(shape, "NoMonthEnd", RS_DIM_CPU, hours);
    if (o != NULL) {
        char from[RS_SHAPE_WHEN], to[RS_SHAPE_WHEN];
        rs_shape_when(o->from, from);
        rs_shape_when(o->to - 1, to);
        rs_shape_tell(
            o,
            "the samples from %.10s to %.10s hold no first or last day of a month: what runs "
            "at its turn was not seen",
            from, to);
    }
}
