/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/trace.h"

#include <math.h>

static int64_t floor_to(int64_t at, int64_t step)
{
    int64_t rest = at % step;
    return at - (rest < 0 ? rest + step : rest);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool is_read(const struct rs_series *s, enum rs_metric metric, enum rs_statistic statistic)
{
    return s->metric == metric && s->statistic == statistic && s->slots > 0;
}

/* Slots [*first, *end) of a series start within the window. */
static void slots_within(const struct rs_series *s, struct rs_window w, size_t *first, size_t *end)
{
    int64_t slots = (int64_t)s->slots;
    int64_t a = w.from > s->from ? (w.from - s->from + s->step - 1) / s->step : 0;
    int64_t b = w.to > s->from ? (w.to - s->from + s->step - 1) / s->step : 0;
    *end = (size_t)earlier(b, slots);
    *first = (size_t)earlier(a, (int64_t)*end);
}

static int64_t measured_seconds(const struct rs_series *s, struct rs_window window)
{
    size_t first = 0, end = 0;
    int64_t n = 0;
    slots_within(s, window, &first, &end);
    for (size_t i = first; i < end; i++) {
        n += isnan(s->values[i]) ? 0 : 1;
    }
    return n * s->step;
}

static struct rs_choice measure(const struct rs_workload *work, const struct rs_reading *reading,
                                enum rs_statistic statistic)
{
    struct rs_choice choice = {statistic, 0, 0};
    for (size_t i = 0; i < work->series_count; i++) {
        const struct rs_series *s = &work->series[i];
        if (!is_read(s, reading->metric, statistic)) {
            continue;
        }
        int64_t seconds = measured_seconds(s, reading->window);
        if (seconds > 0) {
            int64_t grid = later(s->step, RS_GRID);
            choice.step = choice.step == 0 ? grid : earlier(choice.step, grid);
            choice.measured = later(choice.measured, seconds);
        }
    }
    return choice;
}

struct rs_choice rs_trace_choose(const struct rs_workload *work, const struct rs_reading *reading)
{
    struct rs_choice found[3];
    int64_t best = 0;
    for (size_t i = 0; i < 3; i++) {
        found[i] = measure(work, reading, reading->order[i]);
        best = later(best, found[i].measured);
    }
    size_t i = 0;
    while (found[i].measured * 2 < best) {
        i++;
    }
    return found[i];
}

/* The part of the window that series of this choice reach into, on the grid. */
static struct rs_window extent(const struct rs_workload *work, const struct rs_reading *reading,
                               const struct rs_choice *choice)
{
    struct rs_window span = {reading->window.to, reading->window.from};
    for (size_t i = 0; i < work->series_count; i++) {
        const struct rs_series *s = &work->series[i];
        if (is_read(s, reading->metric, choice->statistic) && s->step <= choice->step) {
            span.from = earlier(span.from, s->from);
            span.to = later(span.to, s->from + (int64_t)s->slots * s->step);
        }
    }
    span.from = floor_to(later(span.from, reading->window.from), choice->step);
    span.to = floor_to(earlier(span.to, reading->window.to) - 1, choice->step) + choice->step;
    return span;
}

static double use_of(const struct rs_reading *reading, double sample)
{
    return fmin(fmax(reading->offset + reading->scale * sample, 0.0), reading->cap);
}

static enum rs_status merge(const struct rs_series *s, const struct rs_reading *reading,
                            struct rs_series *into, struct rs_error *err)
{
    size_t first = 0, end = 0;
    slots_within(s, reading->window, &first, &end);
    for (size_t i = first; i < end;) {
        size_t slot = (size_t)((rs_series_at(s, i) - into->from) / into->step);
        int64_t slot_end = rs_series_at(into, slot) + into->step;
        double sum = 0.0, peak = 0.0;
        size_t n = 0;
        for (; i < end && rs_series_at(s, i) < slot_end; i++) {
            if (isinf(s->values[i])) {
                return rs_fail(err, RS_EINPUT, "an infinite sample of %s",
                               rs_metric_info(s->metric)->name);
            }
            if (!isnan(s->values[i])) {
                double use = use_of(reading, s->values[i]);
                sum += use;
                peak = fmax(peak, use);
                n++;
            }
        }
        if (n > 0) { /* fmax takes the number when the other is a gap */
            into->values[slot] = fmax(into->values[slot], reading->mean ? sum / (double)n : peak);
        }
    }
    return RS_OK;
}

enum rs_status rs_trace_build(const struct rs_workload *work, const struct rs_reading *reading,
                              const struct rs_choice *choice, struct rs_series *out,
                              struct rs_error *err)
{
    struct rs_series trace;
    rs_series_init(&trace);
    enum rs_status rc = rs_series_allocate(&trace, reading->metric, choice->statistic, choice->step,
                                           extent(work, reading, choice), err);
    for (size_t i = 0; i < work->series_count && rc == RS_OK; i++) {
        const struct rs_series *s = &work->series[i];
        if (is_read(s, reading->metric, choice->statistic) && s->step <= choice->step) {
            rc = merge(s, reading, &trace, err);
        }
    }
    if (rc == RS_OK) {
        *out = trace;
    } else {
        rs_series_release(&trace);
    }
    return rc;
}

static void add_values(struct rs_series *into, const struct rs_series *from)
{
    for (size_t i = 0; i < from->slots; i++) {
        size_t slot = (size_t)((rs_series_at(from, i) - into->from) / into->step);
        double have = into->values[slot], more = from->values[i];
        if (!isnan(more)) {
            into->values[slot] = isnan(have) ? more : have + more;
        }
    }
}

enum rs_status rs_trace_add(struct rs_series *into, const struct rs_series *from,
                            struct rs_error *err)
{
    struct rs_series sum;
    rs_series_init(&sum);
    struct rs_window span = {earlier(into->from, from->from),
                             later(into->from + (int64_t)into->slots * into->step,
                                   from->from + (int64_t)from->slots * from->step)};
    enum rs_status rc =
        rs_series_allocate(&sum, into->metric, into->statistic, into->step, span, err);
    if (rc == RS_OK) {
        add_values(&sum, into);
        add_values(&sum, from);
        rs_series_release(into);
        *into = sum;
    }
    return rc;
}
