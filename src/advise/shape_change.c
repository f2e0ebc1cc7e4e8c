/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shape.h"

#include "rightsize/leak.h"
#include "rightsize/steps.h"
#include "rightsize/trend.h"

#include <math.h>
#include <stdio.h>

/* A fleet is many machines, and each is asked for several shapes: 0.01 would cry every day. */
#define ALPHA 0.001
/* Of the capacity: what changes less does not change which type fits. */
#define MATERIAL 0.05
/* Of the greater level: a step of a loaded machine must stand out from its load, too. */
#define STEP_OF_LEVEL 0.2
/* A change of type takes effect with a stop and a start, some hours around what is on record. */
#define NEAR_CHANGE RS_DAY_SECONDS

enum { TREND_DAYS = 14, SEASON_DAYS = 28, WEEK_DAYS = 7, AHEAD_DAYS = 28 };

static double capacity_of(const struct rs_shape *shape, enum rs_dimension d)
{
    return rs_offer_capacity(shape->study->current, d);
}

static enum rs_status no_data_is_fine(enum rs_status rc)
{
    return rc == RS_ENODATA ? RS_OK : rc;
}

static void tell_leak(struct rs_shape *shape, const struct rs_leak *leak)
{
    char pace[RS_SHAPE_TEXT], last[RS_SHAPE_TEXT], chance[RS_SHAPE_TEXT], restarts[48] = "";
    char full[96] = "";
    struct rs_observation *o =
        rs_shape_add(shape, "MemoryLeakSuspected", RS_DIM_MEMORY, &shape->memory);
    if (o == NULL) {
        return;
    }
    o->value = leak->per_day;
    o->reference = leak->last;
    rs_shape_amount(shape, RS_DIM_MEMORY, o->value, pace);
    rs_shape_amount(shape, RS_DIM_MEMORY, o->reference, last);
    rs_shape_chance(o, leak->p, chance);
    if (leak->restarts > 0) {
        snprintf(restarts, sizeof(restarts), ", dropped %zu time%s", leak->restarts,
                 leak->restarts == 1 ? "" : "s");
    }
    if (leak->full_at >= 0) {
        char when[RS_SHAPE_WHEN];
        rs_shape_when(leak->full_at, when);
        snprintf(full, sizeof(full), "; from %s now it is full on %.10s", last, when);
    }
    rs_shape_tell(
        o,
        "memory only climbs: %s a day in %zu of %zu stretches of three days or more (%s)%s%s; "
        "a larger type would only delay that: look for a leak",
        pace, leak->climbs, leak->climbs, chance, restarts, full);
}

enum rs_status rs_shape_see_leak(struct rs_shape *shape, bool *found, struct rs_error *err)
{
    struct rs_leak leak;
    double capacity = capacity_of(shape, RS_DIM_MEMORY);
    if (!(capacity > 0.0)) {
        return RS_OK;
    }
    enum rs_status rc = rs_leak_of(&shape->memory, MATERIAL * capacity, capacity, &leak, err);
    *found = rc == RS_OK && leak.suspected;
    if (*found) {
        tell_leak(shape, &leak);
    }
    return no_data_is_fine(rc);
}

static void tell_step(struct rs_shape *shape, enum rs_dimension d, const struct rs_step *step)
{
    const struct rs_workload *work = shape->study->work;
    char before[RS_SHAPE_TEXT], after[RS_SHAPE_TEXT], chance[RS_SHAPE_TEXT], when[RS_SHAPE_WHEN];
    struct rs_observation *o = rs_shape_add(shape, "LevelShift", d, rs_shape_hours(shape, d));
    if (o == NULL) {
        return;
    }
    o->from = step->at;
    o->value = step->after;
    o->reference = step->before;
    rs_shape_amount(shape, d, step->before, before);
    rs_shape_amount(shape, d, step->after, after);
    rs_shape_chance(o, step->p, chance);
    rs_shape_when(step->at, when);
    int64_t apart = work->last_type_change - step->at;
    bool changed =
        work->last_type_change >= 0 && apart <= NEAR_CHANGE && apart >= -(int64_t)NEAR_CHANGE;
    rs_shape_tell(o, "%s went from %s to %s on average about %s UTC (%s): %s",
                  d == RS_DIM_MEMORY ? "memory" : "the CPU", before, after, when, chance,
                  changed ? "the type changed then" : "a deployment?");
}

enum rs_status rs_shape_see_steps(struct rs_shape *shape, enum rs_dimension d, bool *found,
                                  struct rs_error *err)
{
    struct rs_step steps[RS_MAX_STEPS];
    size_t count = 0;
    const struct rs_hours *hours = rs_shape_hours(shape, d);
    /* What is too small to be told matters only where it would pass for a trend. */
    double least = hours->count / 24 < TREND_DAYS ? MATERIAL * capacity_of(shape, d) : 0.0;
    enum rs_status rc = rs_steps_of(hours, ALPHA, least, steps, &count, err);
    *found = rc == RS_OK && count > 0;
    for (size_t i = 0; i < count && rc == RS_OK; i++) {
        double change = fabs(steps[i].after - steps[i].before);
        double level = fmax(steps[i].after, steps[i].before);
        if (change >= MATERIAL * capacity_of(shape, d) && change >= STEP_OF_LEVEL * level) {
            tell_step(shape, d, &steps[i]);
        }
    }
    return no_data_is_fine(rc);
}

/* "0.6 % a day" could be of the use as well as of the machine. */
static void change_amount(const struct rs_shape *shape, enum rs_dimension d, double value,
                          const char *unit, char out[static RS_SHAPE_TEXT])
{
    if (d == RS_DIM_CPU) {
        snprintf(out, RS_SHAPE_TEXT, "%.3g%s", 100.0 * value / capacity_of(shape, d), unit);
    } else {
        rs_shape_amount(shape, d, value, out);
    }
}

static void tell_trend(struct rs_shape *shape, enum rs_dimension d, const struct rs_trend *trend)
{
    char slope[RS_SHAPE_TEXT], low[RS_SHAPE_TEXT], high[RS_SHAPE_TEXT], chance[RS_SHAPE_TEXT];
    char ahead[RS_SHAPE_TEXT], all[RS_SHAPE_TEXT];
    struct rs_observation *o = rs_shape_add(shape, "Trend", d, rs_shape_hours(shape, d));
    if (o == NULL) {
        return;
    }
    bool falls = trend->slope < 0.0;
    o->value = trend->slope;
    o->reference = fmax(trend->level + AHEAD_DAYS * trend->slope, 0.0);
    change_amount(shape, d, fabs(trend->slope), " percentage points", slope);
    change_amount(shape, d, fabs(falls ? trend->high : trend->low), "", low);
    change_amount(shape, d, fabs(falls ? trend->low : trend->high), "", high);
    rs_shape_amount(shape, d, o->reference, ahead);
    rs_shape_amount(shape, d, capacity_of(shape, d), all);
    rs_shape_chance(o, trend->p, chance);
    rs_shape_tell(
        o,
        "%s %s by %s a day (95 %% interval %s to %s, %zu days, %s): going on like that, the "
        "mean of a day is %s in four weeks%s%s%s",
        d == RS_DIM_MEMORY ? "memory in use" : "CPU use", falls ? "falls" : "rises", slope, low,
        high, trend->count, chance, ahead, d == RS_DIM_MEMORY ? ", of " : "",
        d == RS_DIM_MEMORY ? all : "", d == RS_DIM_MEMORY ? " there are" : "");
}

/* A weekly pattern can pass for a trend where it is seen only once, and for little else later. */
enum rs_status rs_shape_see_trend(struct rs_shape *shape, enum rs_dimension d, struct rs_error *err)
{
    struct rs_days days;
    struct rs_trend trend;
    const struct rs_hours *hours = rs_shape_hours(shape, d);
    if (hours->count / 24 < TREND_DAYS) {
        return RS_OK;
    }
    rs_days_of(hours, &days);
    size_t period = days.count >= SEASON_DAYS ? WEEK_DAYS : 1;
    enum rs_status rc = rs_trend_of(days.level, days.count, period, &trend, err);
    if (rc == RS_OK && trend.p <= ALPHA &&
        fabs(trend.slope) * (double)days.count >= MATERIAL * capacity_of(shape, d)) {
        tell_trend(shape, d, &trend);
    }
    return no_data_is_fine(rc);
}
