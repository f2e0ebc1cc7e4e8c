/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/history.h"

#include "source/door.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOSTS_MAX 4096 /* of one input */

struct rs_history_host {
    struct rs_gaps gaps;
    int64_t last; /* end of the last record, or -1 */
    int64_t step; /* 0 until it was told */
};

struct rs_history_point {
    int64_t end, slot, weight;
    double value;
    uint32_t host, arrival;
    int rank;
    enum rs_metric metric;
};

enum rs_status rs_history_open(struct rs_history *history, const struct rs_source_request *request,
                               const struct rs_sink *sink, struct rs_tally *tally,
                               struct rs_error *err)
{
    memset(history, 0, sizeof(*history));
    history->request = request;
    history->tally = tally;
    history->held_max = RS_HELD_MAX;
    rs_accumulate_init(&history->acc, sink, tally);
    history->acc.provider = "local";
    history->acc.rule = RS_STEP_GIVEN;
    if (request->step > 0 && !rs_step_is_valid(request->step)) {
        return rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", request->step);
    }
    return RS_OK;
}

void rs_history_close(struct rs_history *history)
{
    rs_accumulate_release(&history->acc);
    rs_names_release(&history->names);
    free(history->hosts);
    free(history->points);
    memset(history, 0, sizeof(*history));
}

int64_t rs_history_divisor(int64_t gap)
{
    int64_t slack = gap / 20;
    if (gap <= 0 || gap > RS_DAY_SECONDS + RS_DAY_SECONDS / 20) {
        return 0;
    }
    for (int64_t off = 0; off <= slack; off++) {
        if (rs_step_is_valid(gap - off)) {
            return gap - off;
        }
        if (rs_step_is_valid(gap + off)) {
            return gap + off;
        }
    }
    return 0;
}

enum rs_status rs_history_step(const struct rs_gaps *gaps, int64_t *step, struct rs_error *err)
{
    int64_t divisor[RS_GAPS_MAX], best = 0, times = 0, stray = 0, stray_times = 0;
    for (size_t i = 0; i < gaps->count; i++) {
        divisor[i] = rs_history_divisor(gaps->gap[i]);
        if (divisor[i] == 0 && gaps->times[i] > stray_times) {
            stray = gaps->gap[i];
            stray_times = gaps->times[i];
        }
    }
    for (size_t i = 0; i < gaps->count; i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < gaps->count; k++) {
            sum += divisor[k] == divisor[i] ? gaps->times[k] : 0;
        }
        if (divisor[i] > 0 && (sum > times || (sum == times && divisor[i] < best))) {
            best = divisor[i];
            times = sum;
        }
    }
    if (stray_times > times) {
        return rs_fail(err, RS_EINPUT,
                       "the commonest interval, %" PRId64
                       " s, is near no step that divides a day: give --step SECONDS",
                       stray);
    }
    if (best == 0) {
        return rs_fail(err, RS_EINPUT, "one record does not tell its step: give --step SECONDS");
    }
    *step = best;
    return RS_OK;
}

static enum rs_status host_of(struct rs_history *h, const char *name, int64_t line,
                              struct rs_error *err)
{
    bool added = false;
    if (rs_names_find(&h->names, name, &h->host)) {
        return RS_OK;
    }
    enum rs_status rc = rs_door_check_id(name, line, err);
    if (rc == RS_OK && h->names.count == HOSTS_MAX) {
        rc = rs_fail(err, RS_EINPUT, "line %" PRId64 ": more than %d hosts in one input: split it",
                     line, HOSTS_MAX);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&h->hosts, &h->host_capacity, h->names.count + 1, sizeof(*h->hosts),
                              err);
    }
    if (rc == RS_OK) {
        rc = rs_names_intern(&h->names, name, &h->host, &added, err);
    }
    if (rc == RS_OK) {
        memset(&h->hosts[h->host], 0, sizeof(h->hosts[h->host]));
        h->hosts[h->host].last = -1;
        h->hosts[h->host].step = h->request->step;
    }
    return rc;
}

enum rs_status rs_history_record(struct rs_history *history, const char *host, int64_t end,
                                 int64_t interval, int64_t line, struct rs_error *err)
{
    const char *name = history->request->instance != NULL ? history->request->instance : host;
    enum rs_status rc = host_of(history, name, line, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_history_host *h = &history->hosts[history->host];
    int64_t since = h->last >= 0 ? end - h->last : 0;
    int64_t covered = interval > 0 ? interval : since;
    if (h->step == 0) {
        rs_gaps_add(&h->gaps, covered);
    }
    h->last = end;
    history->end = end;
    history->weight = covered > 0 && covered < RS_DAY_SECONDS ? covered : RS_DAY_SECONDS;
    history->line = line;
    return RS_OK;
}

static bool is_rate(enum rs_metric metric)
{
    const char *unit = rs_metric_info(metric)->unit;
    size_t length = strlen(unit);
    return length > 2 && strcmp(unit + length - 2, "/s") == 0;
}

static int by_instant(const void *left, const void *right)
{
    const struct rs_history_point *a = left, *b = right;
    if (a->host != b->host) {
        return a->host < b->host ? -1 : 1;
    }
    if (a->metric != b->metric) {
        return a->metric < b->metric ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end < b->end ? -1 : 1;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return a->arrival < b->arrival ? -1 : 1;
}

static bool same_series(const struct rs_history_point *a, const struct rs_history_point *b)
{
    return a->host == b->host && a->metric == b->metric;
}

int64_t rs_history_slot(int64_t end, int64_t covered, int64_t step, int64_t end_before,
                        int64_t slot_before)
{
    int64_t length = covered < step ? covered : step;
    int64_t slot = (2 * end - length) / (2 * step) * step;
    if (end == end_before) {
        return slot_before;
    }
    /* stamps that lie between two slots would fall on one of them, then on the other */
    bool apart = 4 * length > 3 * step && end - end_before > step / 2;
    return slot <= slot_before && apart ? slot_before + step : slot;
}

/* Slots in order of time, so that none is taken twice by an uneven clock. */
static void give_slots(struct rs_history *h)
{
    struct rs_history_point *points = h->points;
    for (size_t i = 0; i < h->count; i++) {
        int64_t before = -1, slot = -1;
        if (i > 0 && same_series(&points[i], &points[i - 1])) {
            before = points[i - 1].end;
            slot = points[i - 1].slot;
        }
        points[i].slot = rs_history_slot(points[i].end, points[i].weight,
                                         h->hosts[points[i].host].step, before, slot);
    }
}

/*
 * The mean over points[0..count-1], all of one slot, those of the highest rank only; a record that
 * is there twice counts once. Equal values give that value to the bit.
 */
static double mean_of(const struct rs_history_point *points, size_t count, int64_t step)
{
    double sum = 0.0, weight = 0.0, low = INFINITY, high = -INFINITY;
    int rank = points[0].rank;
    for (size_t i = 1; i < count; i++) {
        rank = points[i].rank > rank ? points[i].rank : rank;
    }
    for (size_t i = 0; i < count; i++) {
        bool again = i + 1 < count && points[i + 1].rank == points[i].rank &&
                     points[i + 1].end == points[i].end;
        if (!again && points[i].rank == rank) {
            double length = (double)(points[i].weight < step ? points[i].weight : step);
            sum += points[i].value * length;
            weight += length;
            low = fmin(low, points[i].value);
            high = fmax(high, points[i].value);
        }
    }
    return fmin(fmax(sum / weight, low), high);
}

static enum rs_status hand_on(struct rs_history *h, const struct rs_history_point *points,
                              size_t count, struct rs_error *err)
{
    struct rs_held_series *series = NULL;
    struct rs_origin origin = {h->names.text[points->host], RS_KIND_INSTANCE, NULL,
                               h->request->region};
    enum rs_status rc =
        rs_accumulate_series(&h->acc, &origin, points->metric,
                             is_rate(points->metric) ? RS_STATISTIC_SUM_RATE : RS_STATISTIC_AVG,
                             h->hosts[points->host].step, &series, err);
    return rc == RS_OK
               ? rs_accumulate_add(&h->acc, series, points->slot,
                                   mean_of(points, count, h->hosts[points->host].step), 0.0F, err)
               : rc;
}

static enum rs_status tell_steps(struct rs_history *h, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < h->count; i++) {
        struct rs_history_host *host = &h->hosts[h->points[i].host];
        if (host->step == 0) {
            rc = rs_history_step(&host->gaps, &host->step, err);
        }
    }
    return rc;
}

enum rs_status rs_history_finish(struct rs_history *history, struct rs_error *err)
{
    enum rs_status rc = tell_steps(history, err);
    struct rs_history_point *points = history->points;
    if (rc == RS_OK && history->count > 1) {
        qsort(points, history->count, sizeof(*points), by_instant);
    }
    if (rc == RS_OK) {
        give_slots(history);
    }
    for (size_t i = 0, next; rc == RS_OK && i < history->count; i = next) {
        for (next = i + 1; next < history->count; next++) {
            if (!same_series(&points[next], &points[i]) || points[next].slot != points[i].slot) {
                break;
            }
        }
        rc = hand_on(history, &points[i], next - i, err);
    }
    history->count = 0;
    return rc == RS_OK ? rs_accumulate_flush(&history->acc, err) : rc;
}

enum rs_status rs_history_add(struct rs_history *history, enum rs_metric metric, double value,
                              int rank, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (isnan(value) || !rs_door_admits(history->request, history->tally, history->line, metric,
                                        history->end, value)) {
        return RS_OK;
    }
    if (history->count >= history->held_max) {
        rc = rs_history_finish(history, err);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&history->points, &history->capacity, history->count + 1,
                              sizeof(*history->points), err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    history->points[history->count] = (struct rs_history_point){.end = history->end,
                                                                .weight = history->weight,
                                                                .value = value,
                                                                .host = (uint32_t)history->host,
                                                                .arrival = (uint32_t)history->count,
                                                                .rank = rank,
                                                                .metric = metric};
    history->count++;
    return RS_OK;
}
