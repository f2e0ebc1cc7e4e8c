/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/trace.h"

#include "advise/lanes.h"

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

static int64_t end_of(const struct rs_series *s)
{
    return s->from + (int64_t)s->slots * s->step;
}

void rs_reader_init(struct rs_reader *reader, const struct rs_workload *work,
                    struct rs_arena *arena)
{
    *reader = (struct rs_reader){.work = work, .arena = arena};
    reader->glances = rs_arena_take(arena, work->series_count, sizeof(*reader->glances));
    for (size_t i = 0; i < work->series_count; i++) {
        reader->metrics |= (uint64_t)1 << work->series[i].metric;
        if (reader->glances != NULL) {
            reader->glances[i].known = false;
        }
    }
}

static bool is_read(const struct rs_series *s, enum rs_metric metric, enum rs_statistic statistic)
{
    return s->metric == metric && s->statistic == statistic && s->slots > 0;
}

/* Slots [*first, *end) of a series start within the window. */
static void slots_within(const struct rs_series *s, struct rs_window w, size_t *first, size_t *end)
{
    int64_t slots = (int64_t)s->slots, a = 0, b = slots;
    if (w.from > s->from) {
        a = (w.from - s->from + s->step - 1) / s->step;
    }
    if (w.to < end_of(s)) {
        b = w.to > s->from ? (w.to - s->from + s->step - 1) / s->step : 0;
    }
    *end = (size_t)b;
    *first = (size_t)earlier(a, b);
}

/* An extent has no -0.0, so only a minimum of 0 asks for a look at each sign. */
static void look(const struct rs_series *s, size_t first, size_t end, struct rs_glance *out)
{
    struct rs_extent extent;
    int64_t signs = 0;
    rs_extent_measure(s->values + first, end - first, &extent);
    for (size_t i = first; i < end && extent.min == 0.0; i++) {
        int64_t bits = 0;
        memcpy(&bits, &s->values[i], sizeof(bits));
        signs |= bits;
    }
    bool plain = extent.min >= 0.0 && extent.max < INFINITY && signs >= 0;
    *out = (struct rs_glance){first, end, extent, true, plain};
}

static struct rs_glance glance(const struct rs_reader *reader, size_t index,
                               struct rs_window window)
{
    const struct rs_series *s = &reader->work->series[index];
    struct rs_glance *kept = reader->glances != NULL ? &reader->glances[index] : NULL, fresh;
    size_t first = 0, end = 0;
    slots_within(s, window, &first, &end);
    if (kept != NULL && kept->known && kept->first == first && kept->end == end) {
        return *kept;
    }
    look(s, first, end, &fresh);
    if (kept != NULL && first < end) { /* of the two windows of a resized machine the one in use */
        *kept = fresh;
    }
    return fresh;
}

static struct rs_choice measure(const struct rs_reader *reader, const struct rs_reading *reading,
                                enum rs_statistic statistic)
{
    const struct rs_workload *work = reader->work;
    struct rs_choice choice = {statistic, 0, 0};
    for (size_t i = 0; i < work->series_count; i++) {
        const struct rs_series *s = &work->series[i];
        if (!is_read(s, reading->metric, statistic)) {
            continue;
        }
        int64_t seconds = (int64_t)glance(reader, i, reading->window).extent.count * s->step;
        if (seconds > 0) {
            int64_t grid = later(s->step, RS_GRID);
            choice.step = choice.step == 0 ? grid : earlier(choice.step, grid);
            choice.measured = later(choice.measured, seconds);
        }
    }
    return choice;
}

struct rs_choice rs_trace_choose(const struct rs_reader *reader, const struct rs_reading *reading)
{
    struct rs_choice found[3];
    int64_t best = 0;
    if ((reader->metrics >> reading->metric & 1) == 0) {
        return (struct rs_choice){reading->order[0], 0, 0};
    }
    for (size_t i = 0; i < 3; i++) {
        found[i] = measure(reader, reading, reading->order[i]);
        best = later(best, found[i].measured);
    }
    size_t i = 0;
    while (found[i].measured * 2 < best) {
        i++;
    }
    return found[i];
}

struct matches { /* the series that a choice is made of */
    size_t count, last;
    struct rs_window span; /* the part of the window that they reach into, on the grid */
};

static struct matches match(const struct rs_workload *work, const struct rs_reading *reading,
                            const struct rs_choice *choice)
{
    struct matches out = {0, 0, {reading->window.to, reading->window.from}};
    for (size_t i = 0; i < work->series_count; i++) {
        const struct rs_series *s = &work->series[i];
        if (is_read(s, reading->metric, choice->statistic) && s->step <= choice->step) {
            out.span.from = earlier(out.span.from, s->from);
            out.span.to = later(out.span.to, end_of(s));
            out.count++;
            out.last = i;
        }
    }
    out.span.from = floor_to(later(out.span.from, reading->window.from), choice->step);
    out.span.to =
        floor_to(earlier(out.span.to, reading->window.to) - 1, choice->step) + choice->step;
    return out;
}

static enum rs_status take(const struct rs_reader *reader, size_t slots, double **out,
                           struct rs_error *err)
{
    *out = rs_arena_take(reader->arena, slots, sizeof(**out));
    return *out != NULL ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory for %zu steps", slots);
}

/* A gap stays one: it compares with nothing. */
static double use_of(const struct rs_reading *reading, double sample)
{
    double use = reading->offset + reading->scale * sample;
    use = use < 0.0 ? 0.0 : use;
    return use > reading->cap ? reading->cap : use;
}

static void convert(const double *from, size_t count, const struct rs_reading *reading, double *to)
{
    rs_pair offset = rs_pair_of(reading->offset), scale = rs_pair_of(reading->scale);
    rs_pair cap = rs_pair_of(reading->cap), none = rs_pair_of(0.0);
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        rs_pair use = offset + scale * rs_pair_load(from + i);
        use = rs_pair_pick(use < none, none, use);
        rs_pair_store(to + i, rs_pair_pick(use > cap, cap, use));
    }
    for (; i < count; i++) {
        to[i] = use_of(reading, from[i]);
    }
}

/* One series on the grid, without an infinite sample or a sign: no slot needs a second look. */
static enum rs_status build_plain(const struct rs_reader *reader, const struct rs_reading *reading,
                                  const double *values, const struct rs_extent *extent,
                                  struct rs_series *out, struct rs_error *err)
{
    if (reading->offset == 0.0 && reading->scale == 1.0 && isinf(reading->cap)) {
        out->values = (double *)values; /* borrowed, and only read */
        return RS_OK;
    }
    enum rs_status rc = take(reader, out->slots, &out->values, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (reading->offset == 0.0 && reading->scale > 0.0 &&
        reading->scale * extent->max <= reading->cap) {
        rs_values_scale(values, out->slots, reading->scale, out->values); /* no bound is reached */
    } else {
        convert(values, out->slots, reading, out->values);
    }
    return RS_OK;
}

/* Use never falls where samples rise, or never rises, so the ends stay the ends. */
static struct rs_extent use_within(const struct rs_reading *reading,
                                   const struct rs_extent *samples)
{
    double a = use_of(reading, samples->min), b = use_of(reading, samples->max);
    bool falls = reading->scale < 0.0;
    return (struct rs_extent){falls ? b : a, falls ? a : b, samples->count};
}

static enum rs_status merge(const struct rs_series *s, const struct rs_reading *reading,
                            struct rs_series *into, struct rs_error *err)
{
    size_t first = 0, end = 0;
    slots_within(s, reading->window, &first, &end);
    for (size_t i = first; i < end;) {
        int64_t at = s->from + (int64_t)i * s->step;
        size_t slot = (size_t)((at - into->from) / into->step);
        int64_t slot_end = into->from + (int64_t)(slot + 1) * into->step;
        double sum = 0.0, peak = 0.0;
        size_t n = 0;
        for (; i < end && at < slot_end; i++, at += s->step) {
            double sample = s->values[i];
            if (isinf(sample)) {
                return rs_fail(err, RS_EINPUT, "an infinite sample of %s",
                               rs_metric_info(s->metric)->name);
            }
            if (!isnan(sample)) {
                double use = use_of(reading, sample);
                sum += use;
                peak = use > peak ? use : peak;
                n++;
            }
        }
        double use = reading->mean ? sum / (double)n : peak, *to = &into->values[slot];
        if (n > 0 && !(*to > use)) { /* a gap is not above anything */
            *to = use;
        }
    }
    return RS_OK;
}

static enum rs_status build_merged(const struct rs_reader *reader, const struct rs_reading *reading,
                                   const struct rs_choice *choice, struct rs_series *out,
                                   struct rs_error *err)
{
    const struct rs_workload *work = reader->work;
    enum rs_status rc = take(reader, out->slots, &out->values, err);
    for (size_t i = 0; i < out->slots && rc == RS_OK; i++) {
        out->values[i] = NAN;
    }
    for (size_t i = 0; i < work->series_count && rc == RS_OK; i++) {
        const struct rs_series *s = &work->series[i];
        if (is_read(s, reading->metric, choice->statistic) && s->step <= choice->step) {
            rc = merge(s, reading, out, err);
        }
    }
    return rc;
}

enum rs_status rs_trace_build(const struct rs_reader *reader, const struct rs_reading *reading,
                              const struct rs_choice *choice, struct rs_series *out,
                              struct rs_extent *extent, struct rs_error *err)
{
    struct rs_extent within = {INFINITY, -INFINITY, 0};
    struct matches found = match(reader->work, reading, choice);
    const struct rs_series *s = &reader->work->series[found.last];
    size_t slots = (size_t)((found.span.to - found.span.from) / choice->step);
    struct rs_series trace = {
        reading->metric, choice->statistic, choice->step, found.span.from, NULL, slots};
    enum rs_status rc = RS_OK;
    struct rs_glance seen = {.plain = false};
    if (found.count == 1 && s->step == choice->step) {
        seen = glance(reader, found.last, reading->window);
    }
    if (seen.plain && seen.end - seen.first == slots &&
        s->from + (int64_t)seen.first * s->step == trace.from) {
        rc = build_plain(reader, reading, s->values + seen.first, &seen.extent, &trace, err);
        within = use_within(reading, &seen.extent);
    } else {
        rc = build_merged(reader, reading, choice, &trace, err);
    }
    if (rc == RS_OK) {
        *out = trace;
    }
    if (rc == RS_OK && extent != NULL) {
        *extent = within;
    }
    return rc;
}

/* Either may be a gap: then the other stands. */
static double sum_of(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : a + b;
}

static void add_values(struct rs_series *into, const struct rs_series *from)
{
    size_t shift = (size_t)((from->from - into->from) / into->step);
    for (size_t i = 0; i < from->slots; i++) {
        into->values[i + shift] = sum_of(into->values[i + shift], from->values[i]);
    }
}

enum rs_status rs_trace_sum(const struct rs_reader *reader, const struct rs_series *a,
                            const struct rs_series *b, struct rs_series *out, struct rs_error *err)
{
    int64_t from = earlier(a->from, b->from), to = later(end_of(a), end_of(b));
    struct rs_series sum = {a->metric, a->statistic, a->step,
                            from,      NULL,         (size_t)((to - from) / a->step)};
    enum rs_status rc = take(reader, sum.slots, &sum.values, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (a->from == b->from && a->slots == b->slots) {
        rs_values_add(a->values, b->values, sum.slots, sum.values);
    } else {
        for (size_t i = 0; i < sum.slots; i++) {
            sum.values[i] = NAN;
        }
        add_values(&sum, a);
        add_values(&sum, b);
    }
    *out = sum;
    return RS_OK;
}

enum rs_status rs_trace_keep(const struct rs_series *trace, struct rs_series *out,
                             struct rs_error *err)
{
    struct rs_series copy;
    rs_series_init(&copy);
    struct rs_window window = {trace->from, end_of(trace)};
    enum rs_status rc =
        rs_series_allocate(&copy, trace->metric, trace->statistic, trace->step, window, err);
    if (rc == RS_OK) {
        memcpy(copy.values, trace->values, trace->slots * sizeof(*copy.values));
        *out = copy;
    }
    return rc;
}
