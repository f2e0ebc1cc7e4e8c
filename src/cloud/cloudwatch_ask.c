/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_fetch.h"

#include "rightsize/queries.h"
#include "rightsize/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Data points a second that an account may ask of GetMetricData are 396,000, and 180,000 of what is
 * fresh; a twentieth is left for others. */
#define POINTS_PER_S 376000
#define FRESH_POINTS_PER_S 171000
#define FRESH_SECONDS (3 * 3600)
#define CALL_MS 20          /* fifty calls a second */
#define FAILURES_MAX 5      /* calls that fail for good before the rest of a region is left */
#define PAGES_MAX 1000      /* of one call */
#define EARLIEST 1136073600 /* 2006-01-01, before there was EC2 */
#define AHEAD 3600

struct flight { /* one batch on its way, page after page */
    struct rs_aws_call call;
    struct asking *asking;
    size_t first, count;
    struct rs_window window;
    int pages;
    bool seen[RS_QUERY_MAX];     /* a result came */
    bool complete[RS_QUERY_MAX]; /* and the last one was the whole */
    bool missing[RS_QUERY_MAX];  /* the service said it has failed */
    struct rs_cw_query queries[RS_QUERY_MAX];
};

struct asking {
    struct rs_cw_fetch *fetch;
    struct rs_aws_queue *queue;
    struct flight *flights;
    size_t next; /* query not yet on its way */
    int64_t failures;
    struct rs_cw_page page;
    double *values;
    int64_t *at;
    size_t capacity;
};

static struct rs_cw_planned *query_of(const struct flight *f, size_t number)
{
    return &f->asking->fetch->plan.queries[f->first + number];
}

static bool admits(struct rs_tally *tally, const struct rs_cw_planned *q, int64_t at, double value,
                   int64_t now)
{
    const struct rs_metric_info *info = rs_metric_info(q->query.mapping->canonical);
    if (!isfinite(value) || value < info->min || value > info->max) {
        rs_tally_reject(tally, 1, "%.60s: %s %.12g is outside %g..%.12g", q->query.resource,
                        info->name, value, info->min, info->max);
        return false;
    }
    if (at < EARLIEST || at > now + AHEAD) {
        rs_tally_reject(tally, 1, "%.60s: %s at %" PRId64 " is not of this time", q->query.resource,
                        info->name, at);
        return false;
    }
    return true;
}

static enum rs_status reserve(struct asking *a, size_t count, struct rs_error *err)
{
    if (count <= a->capacity) {
        return RS_OK;
    }
    free(a->values); /* nothing in them is needed any more */
    free(a->at);
    a->values = calloc(count, sizeof(*a->values));
    a->at = calloc(count, sizeof(*a->at));
    a->capacity = a->values != NULL && a->at != NULL ? count : 0;
    if (a->capacity == 0) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu points", count);
    }
    return RS_OK;
}

static enum rs_status hand_on(struct flight *f, const struct rs_cw_points *points,
                              struct rs_error *err)
{
    struct asking *a = f->asking;
    const struct rs_cw_planned *q = query_of(f, points->query);
    const struct rs_sink *sink = &a->fetch->keeper->sink;
    size_t count = 0;
    enum rs_status rc = reserve(a, points->count, err);
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < points->count; i++) {
        double value =
            rs_cw_convert(q->query.mapping, q->statistic, points->values[i], RS_CW_PERIOD);
        if (admits(&a->fetch->told->tally, q, points->at[i], value, a->fetch->what->now)) {
            a->at[count] = points->at[i];
            a->values[count++] = value;
        }
    }
    struct rs_batch batch = {.resource = q->query.resource,
                             .kind = q->query.mapping->kind,
                             .provider = "aws",
                             .region = a->fetch->told->region,
                             .metric = q->query.mapping->canonical,
                             .statistic = q->statistic,
                             .step = RS_CW_PERIOD,
                             .at = a->at,
                             .values = a->values,
                             .count = count};
    a->fetch->told->tally.samples += (int64_t)count;
    return count > 0 ? sink->samples(sink->payload, &batch, err) : RS_OK;
}

static enum rs_status take_points(void *payload, const struct rs_cw_points *points,
                                  struct rs_error *err)
{
    struct flight *f = payload;
    char status[32];
    if (points->query >= f->count) {
        return rs_fail(err, RS_EINPUT, "a result's Id was not asked for");
    }
    f->seen[points->query] = true;
    f->complete[points->query] = points->complete;
    if (strcmp(points->status, "InternalError") == 0 || strcmp(points->status, "Forbidden") == 0) {
        f->missing[points->query] = true;
        memcpy(status, points->status, strlen(points->status) + 1);
        struct rs_error fault;
        rs_fail(&fault, RS_EPARTIAL, "monitoring %s: %s of %.60s: the service says %s",
                f->call.region, query_of(f, points->query)->query.mapping->metric,
                query_of(f, points->query)->query.resource, status);
        rs_cw_fetch_miss(f->asking->fetch, &fault);
    }
    return points->count > 0 ? hand_on(f, points, err) : RS_OK;
}

/* The batch is answered: instances whose last series this was have been asked for as a whole. */
static enum rs_status settle(struct flight *f, struct rs_error *err)
{
    const struct rs_aws_keeper *k = f->asking->fetch->keeper;
    const struct rs_cw_plan *plan = &f->asking->fetch->plan;
    for (size_t i = 0; i < f->count; i++) {
        struct rs_cw_target *t = &plan->targets[query_of(f, i)->target];
        if (!f->seen[i] || !f->complete[i] || f->missing[i]) {
            if (!f->missing[i]) {
                struct rs_error fault;
                rs_fail(&fault, RS_EPARTIAL, "monitoring %s: the answer for %.60s was not whole",
                        f->call.region, t->id);
                rs_cw_fetch_miss(f->asking->fetch, &fault);
            }
            t->failed = true;
        }
        if (--t->pending == 0 && !t->failed) {
            struct rs_window window = {t->from, plan->end};
            enum rs_status rc = k->set_asked(k->sink.payload, t->id, window, err);
            if (rc != RS_OK) {
                return rc;
            }
        }
    }
    f->asking->fetch->told->tally.series += (int64_t)f->count;
    return RS_OK;
}

static enum rs_status write_body(struct flight *f, const char *token, struct rs_error *err)
{
    rs_buffer_clear(&f->call.body);
    return rs_cw_data_body(f->queries, f->count, f->window, token, &f->call.body, err);
}

/* The next batch on its way with this flight; count 0: there is none. */
static enum rs_status launch(struct flight *f, struct rs_error *err)
{
    struct asking *a = f->asking;
    const struct rs_cw_fetch *fetch = a->fetch;
    f->count = a->failures < FAILURES_MAX && fetch->told->rc == RS_OK
                   ? rs_cw_plan_batch(&fetch->plan, a->next, &f->window)
                   : 0;
    if (f->count == 0) {
        return RS_OK;
    }
    f->first = a->next;
    a->next += f->count;
    f->pages = 0;
    for (size_t i = 0; i < f->count; i++) {
        f->queries[i] = query_of(f, i)->query;
        f->seen[i] = f->complete[i] = f->missing[i] = false;
    }
    int64_t points = (int64_t)f->count * ((f->window.to - f->window.from) / RS_CW_PERIOD);
    int64_t rate =
        f->window.from > fetch->what->now - FRESH_SECONDS ? FRESH_POINTS_PER_S : POINTS_PER_S;
    f->call.cost_ms = points * 1000 / rate > CALL_MS ? points * 1000 / rate : CALL_MS;
    enum rs_status rc = write_body(f, NULL, err);
    if (rc == RS_OK) {
        rs_aws_queue_add(a->queue, &f->call);
    }
    return rc;
}

static enum rs_status take_failure(struct flight *f, struct rs_error *err)
{
    struct asking *a = f->asking;
    a->failures++;
    a->fetch->told->failed++;
    for (size_t i = 0; i < f->count; i++) {
        struct rs_cw_target *t = &a->fetch->plan.targets[query_of(f, i)->target];
        t->failed = true;
        t->pending--;
    }
    rs_cw_fetch_miss(a->fetch, &f->call.err);
    if (f->call.rc == RS_ECREDENTIALS) { /* what is denied once is denied again */
        a->failures = FAILURES_MAX;
    }
    return launch(f, err);
}

static void note_message(struct asking *a)
{
    if (a->page.message.length > 0) {
        rs_tally_note(&a->fetch->told->tally, "CloudWatch says: %.200s", a->page.message.data);
    }
}

/* One page into the keeper, in a transaction of its own. */
static enum rs_status take_page(struct flight *f, struct rs_error *err)
{
    struct asking *a = f->asking;
    const struct rs_aws_keeper *k = a->fetch->keeper;
    const struct rs_tally before = a->fetch->told->tally;
    enum rs_status rc = k->begin(k->sink.payload, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_cw_data_read(f->call.answer.data, f->call.answer.length, f->count, take_points, f,
                         &a->page, err);
    bool useless = rc == RS_EINPUT;
    bool last = rc == RS_OK && (a->page.token.length == 0 || ++f->pages == PAGES_MAX);
    if (rc == RS_OK && last) {
        rc = settle(f, err);
    }
    if (rc == RS_OK) {
        rc = k->commit(k->sink.payload, err);
    }
    if (rc != RS_OK) {
        k->rollback(k->sink.payload);
    }
    if (useless) {
        a->fetch->told->tally = before;
        rs_aws_queue_again(a->queue, &f->call, err->text);
        return RS_OK;
    }
    if (rc != RS_OK) {
        return rc;
    }
    a->fetch->told->bytes += (int64_t)f->call.answer.length;
    note_message(a);
    if (last) {
        return launch(f, err);
    }
    rc = write_body(f, a->page.token.data, err);
    if (rc == RS_OK) {
        rs_aws_queue_add(a->queue, &f->call);
    }
    return rc;
}

enum rs_status rs_cw_ask(struct rs_cw_fetch *fetch, struct rs_error *err)
{
    struct asking a = {.fetch = fetch};
    struct rs_aws_call *done = NULL;
    rs_buffer_init(&a.page.token);
    rs_buffer_init(&a.page.message);
    a.flights = calloc(RS_AWS_CALLS_AT_ONCE, sizeof(*a.flights));
    enum rs_status rc = a.flights != NULL ? rs_aws_queue_open(fetch->aws, &a.queue, err)
                                          : rs_fail(err, RS_ENOMEM, "out of memory");
    for (size_t i = 0; rc == RS_OK && i < RS_AWS_CALLS_AT_ONCE; i++) {
        struct flight *f = &a.flights[i];
        rs_aws_call_init(&f->call);
        f->asking = &a;
        f->call.service = "monitoring";
        f->call.region = fetch->told->region;
        f->call.target = RS_CW_DATA_TARGET;
        f->call.owner = f;
        rc = launch(f, err);
    }
    while (rc == RS_OK && (rc = rs_aws_queue_next(a.queue, &done, err)) == RS_OK && done != NULL) {
        struct flight *f = done->owner;
        rc = done->rc == RS_OK ? take_page(f, err) : take_failure(f, err);
    }
    if (a.queue != NULL) {
        rs_aws_queue_counts(a.queue, &fetch->told->calls, &fetch->told->throttled);
    }
    rs_aws_queue_close(a.queue);
    for (size_t i = 0; a.flights != NULL && i < RS_AWS_CALLS_AT_ONCE; i++) {
        if (a.flights[i].asking != NULL) {
            rs_aws_call_release(&a.flights[i].call);
        }
    }
    free(a.flights);
    free(a.values);
    free(a.at);
    rs_buffer_release(&a.page.token);
    rs_buffer_release(&a.page.message);
    return rc;
}
