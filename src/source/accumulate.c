/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"

#include "rightsize/text.h"
#include "source/gaps.h"

#include <stdlib.h>
#include <string.h>

struct rs_sample { /* to be sorted */
    int64_t at;
    double value;
    float weight;
    uint32_t arrival;
};

/* Room for samples; passed on from series to series, so that its pages are used again. */
struct rs_room {
    int64_t *at;
    double *values;
    float *weights; /* NULL: all 0 */
    size_t at_capacity, value_capacity, weight_capacity;
    struct rs_room *next; /* among those free */
};

struct rs_held_series {
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;
    size_t holder;        /* number of its resource */
    struct rs_room *room; /* NULL while count is 0 */
    size_t count;
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

static void free_room(struct rs_room *room)
{
    if (room != NULL) {
        free(room->at);
        free(room->values);
        free(room->weights);
        free(room);
    }
}

void rs_accumulate_release(struct rs_accumulator *acc)
{
    for (size_t i = 0; i < acc->resources.count; i++) {
        struct rs_held_series *series = acc->holders[i].series;
        while (series != NULL) {
            struct rs_held_series *next = series->next;
            free_room(series->room);
            free(series);
            series = next;
        }
        free(acc->holders[i].account);
        free(acc->holders[i].region);
    }
    while (acc->spare != NULL) {
        struct rs_room *next = acc->spare->next;
        free_room(acc->spare);
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

static enum rs_status take_room(struct rs_accumulator *acc, struct rs_held_series *series,
                                struct rs_error *err)
{
    struct rs_room *room = acc->spare;
    if (room != NULL) {
        acc->spare = room->next;
        acc->spare_samples -= room->at_capacity;
    } else if ((room = calloc(1, sizeof(*room))) == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a series");
    }
    series->room = room;
    series->next_dirty = acc->dirty;
    acc->dirty = series;
    return RS_OK;
}

/* What lies free is never more than what is held at most. */
static void leave_room(struct rs_accumulator *acc, struct rs_room *room)
{
    free(room->weights);
    room->weights = NULL;
    room->weight_capacity = 0;
    if (acc->spare_samples + room->at_capacity > acc->held_max) {
        free_room(room);
        return;
    }
    room->next = acc->spare;
    acc->spare = room;
    acc->spare_samples += room->at_capacity;
}

/* Room for `more` samples, of which none counts yet; all that is held may be handed on first. */
static enum rs_status make_room(struct rs_accumulator *acc, struct rs_held_series *series,
                                size_t more, struct rs_error *err)
{
    enum rs_status rc = acc->held >= acc->held_max ? rs_accumulate_flush(acc, err) : RS_OK;
    if (rc == RS_OK && series->room == NULL) {
        rc = take_room(acc, series, err);
    }
    struct rs_room *room = series->room;
    size_t need = series->count + more;
    if (rc == RS_OK) {
        rc = rs_array_reserve(&room->at, &room->at_capacity, need, sizeof(*room->at), err);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&room->values, &room->value_capacity, need, sizeof(*room->values),
                              err);
    }
    return rc;
}

/* The weight of the sample that comes next; those before it had none. */
static enum rs_status put_weight(struct rs_held_series *series, float weight, struct rs_error *err)
{
    struct rs_room *room = series->room;
    if (room->weights == NULL && weight == 0.0F) {
        return RS_OK;
    }
    size_t known = room->weights == NULL ? 0 : series->count;
    enum rs_status rc = rs_array_reserve(&room->weights, &room->weight_capacity, series->count + 1,
                                         sizeof(*room->weights), err);
    if (rc == RS_OK) {
        memset(room->weights + known, 0, (series->count - known) * sizeof(*room->weights));
        room->weights[series->count] = weight;
    }
    return rc;
}

enum rs_status rs_accumulate_add(struct rs_accumulator *acc, struct rs_held_series *series,
                                 int64_t at, double value, float weight, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    struct rs_room *room = series->room;
    if (acc->held >= acc->held_max || room == NULL || series->count >= room->at_capacity ||
        series->count >= room->value_capacity) {
        rc = make_room(acc, series, 1, err);
    }
    if (rc == RS_OK) {
        rc = put_weight(series, weight, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    series->room->at[series->count] = at;
    series->room->values[series->count] = value;
    series->count++;
    acc->held++;
    return RS_OK;
}

enum rs_status rs_accumulate_add_many(struct rs_accumulator *acc, struct rs_held_series *series,
                                      const int64_t *at, const double *values, size_t count,
                                      struct rs_error *err)
{
    while (count > 0) {
        size_t left = acc->held >= acc->held_max ? acc->held_max : acc->held_max - acc->held;
        size_t part = count < left ? count : left;
        enum rs_status rc = make_room(acc, series, part, err);
        if (rc == RS_OK && series->room->weights != NULL) {
            rc = rs_array_reserve(&series->room->weights, &series->room->weight_capacity,
                                  series->count + part, sizeof(*series->room->weights), err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        struct rs_room *room = series->room;
        memcpy(room->at + series->count, at, part * sizeof(*at));
        memcpy(room->values + series->count, values, part * sizeof(*values));
        if (room->weights != NULL) {
            memset(room->weights + series->count, 0, part * sizeof(*room->weights));
        }
        series->count += part;
        acc->held += part;
        at += part;
        values += part;
        count -= part;
    }
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
static enum rs_status sort_samples(struct rs_held_series *series, struct rs_error *err)
{
    struct rs_room *room = series->room;
    struct rs_sample *s = calloc(series->count, sizeof(*s));
    size_t kept = 0;
    if (s == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", series->count);
    }
    for (size_t i = 0; i < series->count; i++) {
        s[i] = (struct rs_sample){room->at[i], room->values[i],
                                  room->weights != NULL ? room->weights[i] : 0.0F, (uint32_t)i};
    }
    qsort(s, series->count, sizeof(*s), by_instant);
    for (size_t i = 0; i < series->count; i++) {
        if (i + 1 == series->count || s[i + 1].at != s[i].at) {
            room->at[kept] = s[i].at;
            room->values[kept++] = s[i].value;
        }
    }
    series->count = kept;
    free(s);
    return RS_OK;
}

static void reverse(struct rs_room *room, size_t count)
{
    for (size_t i = 0, j = count - 1; i < j; i++, j--) {
        int64_t at = room->at[i];
        double value = room->values[i];
        room->at[i] = room->at[j];
        room->at[j] = at;
        room->values[i] = room->values[j];
        room->values[j] = value;
    }
}

static enum rs_status settle(struct rs_held_series *series, struct rs_error *err)
{
    size_t rising = 1, falling = 1;
    const int64_t *at = series->room->at;
    for (size_t i = 1; i < series->count; i++) {
        rising += at[i] > at[i - 1];
        falling += at[i] < at[i - 1];
    }
    if (rising == series->count) {
        return RS_OK;
    }
    if (falling != series->count) {
        return sort_samples(series, err);
    }
    reverse(series->room, series->count); /* newest first, as CloudWatch answers */
    return RS_OK;
}

static enum rs_status common_step(struct rs_accumulator *acc, struct rs_error *err)
{
    struct rs_gaps gaps = {0};
    for (const struct rs_held_series *s = acc->dirty; s != NULL; s = s->next_dirty) {
        for (size_t i = 1; i < s->count; i++) {
            rs_gaps_add(&gaps, s->room->at[i] - s->room->at[i - 1]);
        }
    }
    return rs_gaps_step(&gaps, &acc->step, err);
}

/* Basic monitoring streams one total every 300 s: divided by 60 it would read five times high. */
static int64_t native_step(struct rs_accumulator *acc, struct rs_held_series *series)
{
    const int64_t *at = series->room->at;
    double *values = series->room->values;
    bool total = series->statistic == RS_STATISTIC_SUM_RATE, coarse = series->step < 300;
    for (size_t i = 1; i < series->count; i++) {
        coarse = coarse && (at[i] - at[i - 1]) % 300 == 0;
    }
    if (!coarse || series->count < 2) {
        acc->lone = acc->lone || (coarse && total);
        return series->step;
    }
    for (size_t i = 0; total && i < series->count; i++) {
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
                             .at = series->room->at,
                             .values = series->room->values,
                             .count = series->count};
    enum rs_status rc = acc->sink->samples(acc->sink->payload, &batch, err);
    if (rc == RS_OK) {
        acc->tally->samples += (int64_t)series->count;
        acc->tally->series += !series->counted;
        series->counted = true;
    }
    return rc;
}

static void forget(struct rs_accumulator *acc, struct rs_held_series *series)
{
    acc->dirty = series->next_dirty;
    leave_room(acc, series->room);
    series->room = NULL;
    series->count = 0;
}

enum rs_status rs_accumulate_flush(struct rs_accumulator *acc, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (struct rs_held_series *s = acc->dirty; rc == RS_OK && s != NULL; s = s->next_dirty) {
        rc = settle(s, err);
    }
    if (rc == RS_OK && acc->rule == RS_STEP_COMMON && acc->step == 0 && acc->dirty != NULL) {
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
