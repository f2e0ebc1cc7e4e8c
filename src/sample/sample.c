/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample.c - the loop: when to read, what is a gap, when to flush. */
#include "rightsize/sample.h"

#include "rightsize/proc.h"
#include "sample/moments.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define KEPT_FLUSHES 4 /* so many flushes may fail before the oldest samples are let go */
#define SCAN_APART (60 * SECOND)

struct row {
    int64_t at;
    bool slow;
    double values[RS_METRIC_COUNT];
};

struct instant {
    int64_t wall, boot;
};

struct sampler {
    const struct rs_sample_run *run;
    struct rs_sample_tally *tally;
    struct rs_proc *proc;
    struct rs_peak_scan *scan;
    struct rs_moments moments;
    struct row *rows; /* waiting to be flushed */
    size_t count, capacity;
    int64_t *at; /* one batch's instants and values, RS_METRIC_COUNT batches share the instants */
    double *values;
    struct rs_batch batches[2 * RS_METRIC_COUNT];
    struct instant last, slow, flushed, scanned;
    int64_t last_at, slow_step;
    bool scanning;
};

static bool is_slow(enum rs_metric metric)
{
    return metric == RS_METRIC_OOM_KILLS || metric == RS_METRIC_LOAD_1M ||
           metric == RS_METRIC_PROCESSES || metric == RS_METRIC_FILESYSTEM_USED_PERCENT;
}

static struct instant now(const struct sampler *s)
{
    struct instant i;
    s->run->clock.now(s->run->clock.payload, &i.wall, &i.boot);
    return i;
}

/* The waiting rows turned into one batch a metric; `values` has capacity for each metric. */
static size_t make_batches(struct sampler *s)
{
    size_t made = 0;
    for (size_t m = 0; m < RS_METRIC_COUNT; m++) {
        int64_t *at = s->at + m * s->capacity;
        double *values = s->values + m * s->capacity;
        size_t n = 0;
        bool slow = is_slow((enum rs_metric)m);
        for (size_t i = 0; i < s->count; i++) {
            if (!isnan(s->rows[i].values[m])) {
                at[n] = slow ? s->rows[i].at / s->slow_step * s->slow_step : s->rows[i].at;
                values[n++] = s->rows[i].values[m];
            }
        }
        if (n > 0) {
            s->batches[made++] = (struct rs_batch){
                .resource = s->run->resource,
                .kind = RS_KIND_INSTANCE,
                .provider = s->run->provider,
                .metric = (enum rs_metric)m,
                .statistic = RS_STATISTIC_AVG,
                .step = slow ? s->slow_step : s->run->step,
                .at = at,
                .values = values,
                .count = n,
            };
        }
    }
    return made;
}

static enum rs_status flush(struct sampler *s, struct rs_error *err)
{
    const struct rs_sample_sink *sink = &s->run->sink;
    const struct rs_peak *peaks = s->moments.dirty ? s->moments.held : NULL;
    size_t batches = make_batches(s), peak_count = peaks != NULL ? s->moments.count : 0;
    s->flushed = s->last;
    if (batches == 0 && peak_count == 0) {
        s->count = 0;
        return RS_OK;
    }
    enum rs_status rc = sink->flush(sink->payload, s->batches, batches, peaks, peak_count, err);
    if (rc == RS_OK) {
        s->count = 0;
        s->moments.dirty = false;
    }
    return rc;
}

/* While the store cannot be written, sampling goes on and the newest samples are kept. */
static void flush_or_keep(struct sampler *s)
{
    struct rs_error err = {RS_OK, ""};
    if (flush(s, &err) == RS_OK) {
        return;
    }
    size_t quarter = s->capacity / KEPT_FLUSHES;
    size_t room = s->capacity - s->count, drop = room >= quarter ? 0 : quarter - room;
    memmove(s->rows, s->rows + drop, (s->count - drop) * sizeof(*s->rows));
    s->count -= drop;
    s->tally->dropped += (int64_t)drop;
    s->run->sink.failed(s->run->sink.payload, &err, (int64_t)drop);
}

/* A reading that only begins anew: after a gap nothing before it may count. */
static void begin_anew(struct sampler *s, struct instant t)
{
    double values[RS_METRIC_COUNT];
    rs_proc_read(s->proc, 0, true, values);
    s->last = s->slow = t;
    s->scanning = false;
}

static bool is_gap(const struct sampler *s, struct instant t)
{
    int64_t elapsed = t.boot - s->last.boot, moved = t.wall - s->last.wall;
    int64_t step = s->run->step * SECOND, off = moved - elapsed;
    return elapsed <= 0 || elapsed > 3 * step || off > step / 2 || off < -step / 2;
}

static bool is_slow_time(const struct sampler *s, struct instant t)
{
    return s->run->once ||
           t.wall / (s->slow_step * SECOND) != s->slow.wall / (s->slow_step * SECOND);
}

static int64_t slot_of(const struct sampler *s, struct instant t)
{
    int64_t step = s->run->step, at = t.wall - step * SECOND;
    return (at + step * SECOND / 2) / (step * SECOND) * step;
}

static void take_row(struct sampler *s, struct instant t)
{
    struct row *row = &s->rows[s->count];
    row->at = slot_of(s, t);
    row->slow = is_slow_time(s, t);
    double elapsed = (double)(t.boot - s->last.boot) / (double)SECOND;
    rs_proc_read(s->proc, elapsed, row->slow, row->values);
    s->last = t;
    if (row->slow) {
        s->slow = t;
    }
    if (row->at <= s->last_at || row->at < 0) { /* the clock was set back a little */
        s->tally->gaps++;
        return;
    }
    s->last_at = row->at;
    s->count++;
    s->tally->rows++;
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        s->tally->values += isnan(row->values[i]) ? 0 : 1;
    }
    double cpu = row->values[RS_METRIC_CPU_PERCENT];
    if (!s->scanning && t.boot - s->scanned.boot >= SCAN_APART &&
        rs_moments_wants(&s->moments, row->at, cpu)) {
        rs_peak_begin(s->scan);
        s->scanning = true;
        s->scanned = t;
        s->moments.candidate.at = row->at;
        s->moments.candidate.cpu_percent = cpu;
    }
}

static void end_scan(struct sampler *s)
{
    struct rs_proc_shape shape;
    struct instant t = now(s);
    s->scanning = false;
    if (t.boot <= s->scanned.boot) {
        return;
    }
    rs_proc_shape(s->proc, &shape);
    rs_peak_end(s->scan, (double)(t.boot - s->scanned.boot) / (double)SECOND, shape.vcpus,
                shape.memory, &s->moments.candidate);
    rs_moments_enter(&s->moments);
}

/* The next multiple of the step at least half a step away, so that no mean is over a splinter. */
static int64_t next_target(const struct sampler *s, struct instant t)
{
    int64_t step = s->run->step * SECOND;
    return s->run->once ? t.wall + step : (t.wall + step + step / 2 - 1) / step * step;
}

static bool wait_for(struct sampler *s, int64_t target)
{
    const struct rs_sample_clock *clock = &s->run->clock;
    int64_t longest = 2 * s->run->step * SECOND, left = target - now(s).wall;
    if (s->scanning) {
        int64_t first = left < SECOND ? left : SECOND;
        if (first > 0 && !clock->sleep(clock->payload, first)) {
            return false;
        }
        end_scan(s);
        left = target - now(s).wall;
    }
    left = left > longest ? longest : left; /* the clock was set back: what follows is a gap */
    return left <= 0 || clock->sleep(clock->payload, left);
}

static void step_once(struct sampler *s)
{
    struct instant t = now(s);
    if (is_gap(s, t)) {
        s->tally->gaps++;
        flush_or_keep(s);
        s->last_at = t.wall < s->last.wall ? -1 : s->last_at;
        begin_anew(s, t);
        return;
    }
    int64_t day = slot_of(s, t) / RS_DAY_SECONDS;
    if (s->moments.day != day) {
        flush_or_keep(s);
        rs_moments_begin(&s->moments, day);
    }
    take_row(s, t);
    if (s->count == s->capacity || t.boot - s->flushed.boot >= s->run->flush * SECOND) {
        flush_or_keep(s);
    }
}

static enum rs_status loop(struct sampler *s, struct rs_error *err)
{
    struct instant start = now(s);
    int64_t duration = s->run->duration * SECOND;
    begin_anew(s, start);
    s->flushed = start;
    s->scanned.boot = start.boot - SCAN_APART;
    rs_moments_begin(&s->moments, slot_of(s, start) / RS_DAY_SECONDS);
    while (!s->tally->stopped) {
        struct instant t = now(s);
        int64_t target = next_target(s, s->last);
        if (duration > 0 && t.boot - start.boot + (target - t.wall) > duration &&
            (s->tally->rows > 0 || s->tally->gaps > 0)) {
            break;
        }
        if (!wait_for(s, target)) {
            s->tally->stopped = true;
            break;
        }
        step_once(s);
        if (s->run->once && (s->tally->rows > 0 || s->tally->gaps > 0)) {
            break;
        }
    }
    if (s->scanning && s->run->once) {
        (void)s->run->clock.sleep(s->run->clock.payload, SECOND);
        end_scan(s);
    }
    return flush(s, err);
}

static enum rs_status allocate(struct sampler *s, struct rs_error *err)
{
    int64_t a_flush = s->run->once ? 1 : s->run->flush / s->run->step + 1;
    s->capacity = KEPT_FLUSHES * (size_t)a_flush;
    s->rows = calloc(s->capacity, sizeof(*s->rows));
    s->at = calloc(s->capacity * RS_METRIC_COUNT, sizeof(*s->at));
    s->values = calloc(s->capacity * RS_METRIC_COUNT, sizeof(*s->values));
    return s->rows != NULL && s->at != NULL && s->values != NULL
               ? RS_OK
               : rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", s->capacity);
}

enum rs_status rs_sample_run(const struct rs_sample_run *run, struct rs_sample_tally *tally,
                             struct rs_error *err)
{
    *tally = (struct rs_sample_tally){.rows = 0};
    if (!rs_step_is_valid(run->step) || run->step > 3600) {
        return rs_fail(err, RS_EUSAGE,
                       "a step of %" PRId64 " s is not 1 s to 1 h and a divisor of a day",
                       run->step);
    }
    if (run->flush < 1 || run->flush > RS_SAMPLE_FLUSH_MAX) {
        return rs_fail(err, RS_EUSAGE, "a flush every %" PRId64 " s is not 1 s to 1 h", run->flush);
    }
    struct sampler *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    s->run = run;
    s->tally = tally;
    s->last_at = -1;
    s->slow_step = run->step > RS_SAMPLE_SLOW ? run->step : RS_SAMPLE_SLOW;
    enum rs_status rc = rs_proc_open(run->root, &s->proc, err);
    if (rc == RS_OK) {
        rc = rs_peak_open(run->root, &s->scan, err);
    }
    if (rc == RS_OK) {
        rc = allocate(s, err);
    }
    if (rc == RS_OK) {
        rc = loop(s, err);
    }
    rs_proc_close(s->proc);
    rs_peak_close(s->scan);
    free(s->rows);
    free(s->at);
    free(s->values);
    free(s);
    return rc;
}
