/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"

#include "rightsize/text.h"
#include "source/gaps.h"

#include <stdlib.h>
#include <string.h>

struct rs_sample {
    int64_t at;
    double value;
    float weight;
    uint32_t arrival;
};

struct rs_held_series {
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;
    size_t holder; /* number of its resource */
    struct rs_sample *samples;
    size_t count, capacity;
    bool counted;                      /* in the tally's number of series */
    struct rs_held_series *next_dirty; /* while count > 0 */
    struct rs_held_series *next;       /* of the same resource */
};

struct rs_holder {
    enum rs_resource_kind kind;
    char *account, *region;
    struct rs_held_series *series;
};

void rs_accumulate_init(struct rs_accumulator *acc, const struct rs_sink *sink,
                        struct rs_tally *tally)
{
    memset(acc, 0, sizeof(*acc));
    acc->sink = sink;
    acc->tally = tally;
    acc->held_max = RS_HELD_MAX;
}

void rs_accumulate_release(struct rs_accumulator *acc)
{
    for (size_t i = 0; i < acc->resources.count; i++) {
        struct rs_held_series *series = acc->holders[i].series;
        while (series != NULL) {
            struct rs_held_series *next = series->next;
            free(series->samples);
            free(series);
            series = next;
        }
        free(acc->holders[i].account);
        free(acc->holders[i].region);
    }
    free(acc->holders);
    rs_names_release(&acc->resources);
    memset(acc, 0, sizeof(*acc));
}

static enum rs_status holder_of(struct rs_accumulator *acc, const struct rs_origin *origin,
                                size_t *number, struct rs_error *err)
{
    size_t known = 0;
    if (rs_names_find(&acc->resources, origin->resource, &known)) {
        *number = known;
        return RS_OK;
    }
    struct rs_holder fresh = {.kind = origin->kind};
    enum rs_status rc = rs_array_reserve(&acc->holders, &acc->holder_capacity,
                                         acc->resources.count + 1, sizeof(*acc->holders), err);
    if (rc == RS_OK) {
        rc = rs_text_copy(origin->account, &fresh.account, err);
    }
    if (rc == RS_OK) {
        rc = rs_text_copy(origin->region, &fresh.region, err);
    }
    if (rc == RS_OK) { /* last, so that every number has its holder */
        rc = rs_names_intern(&acc->resources, origin->resource, number, NULL, err);
    }
    if (rc != RS_OK) {
        free(fresh.account);
        free(fresh.region);
        return rc;
    }
    acc->holders[*number] = fresh;
    return RS_OK;
}

enum rs_status rs_accumulate_series(struct rs_accumulator *acc, const struct rs_origin *origin,
                                    enum rs_metric metric, enum rs_statistic statistic,
                                    int64_t step, struct rs_held_series **out, struct rs_error *err)
{
    size_t number = 0;
    enum rs_status rc = holder_of(acc, origin, &number, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_holder *holder = &acc->holders[number];
    for (struct rs_held_series *s = holder->series; s != NULL; s = s->next) {
        if (s->metric == metric && s->statistic == statistic && s->step == step) {
            *out = s;
            return RS_OK;
        }
    }
    if (acc->series_count == RS_SERIES_MAX) {
        return rs_fail(err, RS_EINPUT, "more than %zu series in one input: split it",
                       RS_SERIES_MAX);
    }
    struct rs_held_series *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a series");
    }
    fresh->metric = metric;
    fresh->statistic = statistic;
    fresh->step = step;
    fresh->holder = number;
    fresh->next = holder->series;
    holder->series = fresh;
    acc->series_count++;
    *out = fresh;
    return RS_OK;
}

enum rs_status rs_accumulate_add(struct rs_accumulator *acc, struct rs_held_series *series,
                                 int64_t at, double value, float weight, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (acc->held >= acc->held_max) {
        rc = rs_accumulate_flush(acc, err);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&series->samples, &series->capacity, series->count + 1,
                              sizeof(*series->samples), err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (series->count == 0) {
        series->next_dirty = acc->dirty;
        acc->dirty = series;
    }
    series->samples[series->count] = (struct rs_sample){
        .at = at, .value = value, .weight = weight, .arrival = (uint32_t)series->count};
    series->count++;
    acc->held++;
    return RS_OK;
}

static int by_instant(const void *left, const void *right)
{
    const struct rs_sample *a = left, *b = right;
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    if (a->weight != b->weight) {
        return a->weight < b->weight ? -1 : 1;
    }
    return a->arrival < b->arrival ? -1 : 1;
}

/* Ascending stamps, each once: the last of equals is the one that counts. */
static void settle(struct rs_held_series *series)
{
    size_t rising = 1, falling = 1, kept = 0;
    struct rs_sample *s = series->samples;
    for (size_t i = 1; i < series->count; i++) {
        rising += s[i].at > s[i - 1].at;
        falling += s[i].at < s[i - 1].at;
    }
    if (rising == series->count) {
        return;
    }
    if (falling == series->count) { /* newest first, as CloudWatch answers */
        for (size_t i = 0, j = series->count - 1; i < j; i++, j--) {
            struct rs_sample swap = s[i];
            s[i] = s[j];
            s[j] = swap;
        }
        return;
    }
    qsort(s, series->count, sizeof(*s), by_instant);
    for (size_t i = 0; i < series->count; i++) {
        if (i + 1 == series->count || s[i + 1].at != s[i].at) {
            s[kept++] = s[i];
        }
    }
    series->count = kept;
}

static enum rs_status common_step(struct rs_accumulator *acc, struct rs_error *err)
{
    struct rs_gaps gaps = {0};
    for (const struct rs_held_series *s = acc->dirty; s != NULL; s = s->next_dirty) {
        for (size_t i = 1; i < s->count; i++) {
            rs_gaps_add(&gaps, s->samples[i].at - s->samples[i - 1].at);
        }
    }
    return rs_gaps_step(&gaps, &acc->step, err);
}

/* Basic monitoring streams one total every 300 s: divided by 60 it would read five times high. */
static int64_t native_step(struct rs_accumulator *acc, struct rs_held_series *series)
{
    struct rs_sample *s = series->samples;
    bool total = series->statistic == RS_STATISTIC_SUM_RATE, coarse = series->step < 300;
    for (size_t i = 1; i < series->count; i++) {
        coarse = coarse && (s[i].at - s[i - 1].at) % 300 == 0;
    }
    if (!coarse || series->count < 2) {
        acc->lone = acc->lone || (coarse && total);
        return series->step;
    }
    for (size_t i = 0; total && i < series->count; i++) {
        s[i].value = s[i].value * (double)series->step / 300.0;
    }
    rs_tally_note(acc->tally, "data points that come every 300 s (basic monitoring) were read as "
                              "totals of 300 s: give --step to say otherwise");
    return 300;
}

static int64_t step_of(struct rs_accumulator *acc, struct rs_held_series *series)
{
    switch (acc->rule) {
    case RS_STEP_COMMON:
        return acc->step;
    case RS_STEP_NATIVE:
        return native_step(acc, series);
    case RS_STEP_GIVEN:
        break;
    }
    return series->step;
}

static enum rs_status hand_on(struct rs_accumulator *acc, struct rs_held_series *series,
                              int64_t step, struct rs_error *err)
{
    const struct rs_holder *holder = &acc->holders[series->holder];
    int64_t *at = calloc(series->count, sizeof(*at));
    double *values = calloc(series->count, sizeof(*values));
    enum rs_status rc = RS_OK;
    if (at == NULL || values == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", series->count);
        goto out;
    }
    for (size_t i = 0; i < series->count; i++) {
        at[i] = series->samples[i].at;
        values[i] = series->samples[i].value;
    }
    struct rs_batch batch = {.resource = acc->resources.text[series->holder],
                             .kind = holder->kind,
                             .provider = acc->provider,
                             .account = holder->account,
                             .region = holder->region,
                             .metric = series->metric,
                             .statistic = series->statistic,
                             .step = step,
                             .at = at,
                             .values = values,
                             .count = series->count};
    rc = acc->sink->samples(acc->sink->payload, &batch, err);
    if (rc == RS_OK) {
        acc->tally->samples += (int64_t)series->count;
        acc->tally->series += !series->counted;
        series->counted = true;
    }
out:
    free(at);
    free(values);
    return rc;
}

static void forget(struct rs_accumulator *acc, struct rs_held_series *series)
{
    acc->dirty = series->next_dirty;
    free(series->samples);
    series->samples = NULL;
    series->count = series->capacity = 0;
}

enum rs_status rs_accumulate_flush(struct rs_accumulator *acc, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (struct rs_held_series *s = acc->dirty; s != NULL; s = s->next_dirty) {
        settle(s);
    }
    if (acc->rule == RS_STEP_COMMON && acc->step == 0 && acc->dirty != NULL) {
        rc = common_step(acc, err);
    }
    while (rc == RS_OK && acc->dirty != NULL) {
        struct rs_held_series *series = acc->dirty;
        rc = hand_on(acc, series, step_of(acc, series), err);
        forget(acc, series);
    }
    acc->held = 0;
    return rc;
}
