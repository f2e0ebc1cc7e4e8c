/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"

#include "rightsize/text.h"
#include "source/held.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define UNTOLD (-1)   /* its own gaps do not tell its step */
#define WORTHWHILE 64 /* samples of a series that go to the store at once */

struct rs_held_series {
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;
    int64_t told;                      /* RS_STEP_EACH: in place of step 0, or 0, or UNTOLD */
    size_t holder;                     /* number of its resource */
    struct rs_held *held;              /* NULL: no samples */
    bool counted;                      /* in the tally's number of series */
    bool swept;                        /* was handed on before all was read */
    uint32_t touched;                  /* the turn in which the last sample came */
    struct rs_held_series *next_dirty; /* while it holds samples */
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
            rs_held_free(series->held);
            free(series);
            series = next;
        }
        free(acc->holders[i].account);
        free(acc->holders[i].region);
    }
    while (acc->spare != NULL) {
        struct rs_held *next = acc->spare->next;
        rs_held_free(acc->spare);
        acc->spare = next;
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

static enum rs_status sweep(struct rs_accumulator *acc, struct rs_error *err);

/* Hand on what has to go, or may, before samples of `series` come; then it has where to put them.
 */
static enum rs_status make_room(struct rs_accumulator *acc, struct rs_held_series *series,
                                struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (acc->held >= acc->held_max && acc->held_max < acc->wide_max &&
        acc->held / WORTHWHILE < acc->dirty_count) {
        acc->held_max *= 2;
    } else if (acc->held >= acc->held_max) {
        rc = rs_accumulate_flush(acc, err);
    } else if (series->held == NULL && acc->fresh >= acc->held_max / RS_HELD_TURNS) {
        rc = sweep(acc, err);
    }
    if (rc != RS_OK || series->held != NULL) {
        return rc;
    }
    struct rs_held *held = acc->spare;
    if (held != NULL) {
        acc->spare = held->next;
        acc->spare_samples -= held->at_capacity;
    } else if ((held = calloc(1, sizeof(*held))) == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a series");
    }
    series->held = held;
    series->next_dirty = acc->dirty;
    acc->dirty = series;
    acc->dirty_count++;
    acc->scattered = acc->scattered || series->swept;
    return RS_OK;
}

static void count_in(struct rs_accumulator *acc, struct rs_held_series *series, size_t more)
{
    series->touched = acc->turn;
    acc->held += more;
    acc->fresh += more;
}

enum rs_status rs_accumulate_add(struct rs_accumulator *acc, struct rs_held_series *series,
                                 int64_t at, double value, float weight, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (acc->held >= acc->held_max || series->held == NULL) {
        rc = make_room(acc, series, err);
    }
    if (rc == RS_OK) {
        rc = rs_held_add(series->held, at, value, weight, err);
    }
    if (rc == RS_OK) {
        count_in(acc, series, 1);
    }
    return rc;
}

enum rs_status rs_accumulate_add_many(struct rs_accumulator *acc, struct rs_held_series *series,
                                      const int64_t *at, const double *values, size_t count,
                                      struct rs_error *err)
{
    while (count > 0) {
        enum rs_status rc = make_room(acc, series, err);
        size_t left = acc->held_max - acc->held, part = count < left ? count : left;
        if (rc == RS_OK) {
            rc = rs_held_add_many(series->held, at, values, part, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        count_in(acc, series, part);
        at += part;
        values += part;
        count -= part;
    }
    return RS_OK;
}

bool rs_accumulate_is_calm(const struct rs_accumulator *acc, const struct rs_held_series *series,
                           size_t count)
{
    return series->held != NULL && acc->held < acc->held_max && count < acc->held_max - acc->held;
}

static enum rs_status common_step(struct rs_accumulator *acc, struct rs_error *err)
{
    struct rs_gaps gaps = {.count = 0};
    for (const struct rs_held_series *s = acc->dirty; s != NULL; s = s->next_dirty) {
        rs_gaps_add_all(&gaps, s->held->at, s->held->count);
    }
    return rs_gaps_step(&gaps, &acc->step, err);
}

/* The step of a settled series by its own gaps alone; with `last` they count either way. */
static bool tell_own(struct rs_accumulator *acc, struct rs_held_series *series, bool last)
{
    struct rs_gaps gaps;
    if (series->step > 0 || series->told != 0) {
        return series->told != UNTOLD;
    }
    gaps.count = 0; /* the rest needs no zeros, and is 8 KiB */
    rs_gaps_add_all(&gaps, series->held->at, series->held->count);
    int64_t clear = rs_gaps_clear(&gaps);
    bool own = clear > 0 && rs_step_is_valid(clear);
    if (own || last) {
        series->told = own ? clear : UNTOLD;
        rs_gaps_merge(&acc->gaps, &gaps);
    }
    return own;
}

static void note_odd(struct rs_accumulator *acc, const struct rs_held_series *series)
{
    struct rs_gaps gaps = {.count = 0};
    rs_gaps_add_all(&gaps, series->held->at, series->held->count);
    int64_t clear = rs_gaps_clear(&gaps);
    if (clear > 0) {
        rs_tally_note(acc->tally,
                      "%s of %.100s comes every %" PRId64
                      " s, which is no step that divides a day: "
                      "it was read as samples of %" PRId64 " s",
                      rs_metric_info(series->metric)->name, acc->resources.text[series->holder],
                      clear, acc->step);
    }
}

/* The steps of all that is held and settled. */
static enum rs_status each_step(struct rs_accumulator *acc, struct rs_error *err)
{
    bool all = true;
    for (struct rs_held_series *s = acc->dirty; s != NULL; s = s->next_dirty) {
        all = tell_own(acc, s, true) && all;
    }
    if (all) {
        return RS_OK;
    }
    enum rs_status rc = acc->step == 0 ? rs_gaps_step(&acc->gaps, &acc->step, err) : RS_OK;
    for (struct rs_held_series *s = acc->dirty; rc == RS_OK && s != NULL; s = s->next_dirty) {
        if (s->told == UNTOLD) {
            s->told = acc->step;
            note_odd(acc, s);
        }
    }
    return rc;
}

/* Basic monitoring streams one total every 300 s: divided by 60 it would read five times high. */
static int64_t native_step(struct rs_accumulator *acc, struct rs_held_series *series)
{
    const int64_t *at = series->held->at;
    double *values = series->held->values;
    size_t count = series->held->count;
    bool total = series->statistic == RS_STATISTIC_SUM_RATE, coarse = series->step < 300;
    for (size_t i = 1; i < count; i++) {
        coarse = coarse && (at[i] - at[i - 1]) % 300 == 0;
    }
    if (!coarse || count < 2) {
        acc->lone = acc->lone || (coarse && total);
        return series->step;
    }
    for (size_t i = 0; total && i < count; i++) {
        values[i] = values[i] * (double)series->step / 300.0;
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
    case RS_STEP_EACH:
        return series->step > 0 ? series->step : series->told;
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
    struct rs_batch batch = {.resource = acc->resources.text[series->holder],
                             .kind = holder->kind,
                             .provider = acc->provider,
                             .account = holder->account,
                             .region = holder->region,
                             .metric = series->metric,
                             .statistic = series->statistic,
                             .step = step,
                             .at = series->held->at,
                             .values = series->held->values,
                             .count = series->held->count};
    enum rs_status rc = acc->sink->samples(acc->sink->payload, &batch, err);
    if (rc == RS_OK) {
        acc->tally->samples += (int64_t)series->held->count;
        acc->tally->series += !series->counted;
        series->counted = true;
    }
    return rc;
}

/* What lies free is never more than what is held at most. */
static void put_by(struct rs_accumulator *acc, struct rs_held *held)
{
    if (acc->spare_samples + held->at_capacity > acc->held_max) {
        rs_held_free(held);
        return;
    }
    rs_held_clear(held);
    held->next = acc->spare;
    acc->spare = held;
    acc->spare_samples += held->at_capacity;
}

/* To the sink, and off the list at `place`. */
static enum rs_status send(struct rs_accumulator *acc, struct rs_held_series **place,
                           struct rs_error *err)
{
    struct rs_held_series *series = *place;
    enum rs_status rc = hand_on(acc, series, step_of(acc, series), err);
    *place = series->next_dirty;
    acc->dirty_count--;
    put_by(acc, series->held);
    series->held = NULL;
    return rc;
}

enum rs_status rs_accumulate_flush(struct rs_accumulator *acc, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (struct rs_held_series *s = acc->dirty; rc == RS_OK && s != NULL; s = s->next_dirty) {
        rc = rs_held_settle(s->held, err);
    }
    if (rc == RS_OK && acc->rule == RS_STEP_COMMON && acc->step == 0 && acc->dirty != NULL) {
        rc = common_step(acc, err);
    }
    if (rc == RS_OK && acc->rule == RS_STEP_EACH) {
        rc = each_step(acc, err);
    }
    while (rc == RS_OK && acc->dirty != NULL) {
        rc = send(acc, &acc->dirty, err);
    }
    acc->held = acc->fresh = 0;
    return rc;
}

/*
 * Where an input tells one series after the other, those that had no sample for a while are over:
 * they are handed on, so that storing begins early and less is held. One of them that comes back
 * shows that it is not so, and from then on all is held as long as it may be.
 */
static enum rs_status sweep(struct rs_accumulator *acc, struct rs_error *err)
{
    bool each = acc->rule == RS_STEP_EACH;
    bool known =
        each || acc->rule == RS_STEP_GIVEN || (acc->rule == RS_STEP_COMMON && acc->step > 0);
    enum rs_status rc = RS_OK;
    acc->fresh = 0;
    if (!known || acc->scattered) {
        return RS_OK;
    }
    for (struct rs_held_series **place = &acc->dirty; rc == RS_OK && *place != NULL;) {
        struct rs_held_series *series = *place;
        if (series->touched == acc->turn) {
            place = &series->next_dirty;
            continue;
        }
        size_t held = series->held->count;
        rc = rs_held_settle(series->held, err);
        if (rc == RS_OK && each && !tell_own(acc, series, false)) {
            acc->held -= held - series->held->count;
            place = &series->next_dirty;
            continue;
        }
        acc->held -= held;
        series->swept = true;
        if (rc == RS_OK) {
            rc = send(acc, place, err);
        }
    }
    acc->turn++;
    return rc;
}
