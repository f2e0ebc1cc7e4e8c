/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source_sink.h - reads a text with a source into arrays, for the tests of the source room. */
#ifndef TEST_SOURCE_SINK_H
#define TEST_SOURCE_SINK_H

#include "rightsize/queries.h"
#include "rightsize/source.h"

#include "../support/check.h"

#include <stdlib.h>

#define NOW INT64_C(1795400000) /* 2026-11-23T02:13:20Z */
#define KEPT 48

/* 2026-11-22T09:10:00Z, and five minutes on. */
static const int64_t pair_at[] = {1795338600, 1795338900};

struct kept_batch {
    char resource[64], provider[16], account[32], region[32];
    enum rs_resource_kind kind;
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step, at[KEPT];
    double values[KEPT];
    size_t count;
};

struct kept_resource {
    char id[64], text[512]; /* "account|region|zone|name|type|state|..." with - for NULL */
    int64_t launch_time, observed_at, network_interfaces, volumes;
    size_t tag_count;
    bool ena;
};

struct kept_attachment {
    char volume[64], instance[64], device[32];
    int64_t since;
};

struct run {
    struct rs_source_request request; /* set before */
    enum rs_status rc;
    struct rs_error err;
    struct rs_tally tally;
    struct kept_batch batches[KEPT];
    struct kept_resource resources[8];
    struct kept_attachment attachments[8];
    size_t batch_count, resource_count, attachment_count;
    const struct rs_source *source; /* the one that was recognised */
};

static inline void keep_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "-");
}

static inline enum rs_status keep_samples(void *payload, const struct rs_batch *b,
                                          struct rs_error *err)
{
    struct run *run = payload;
    (void)err;
    assert_true(run->batch_count < KEPT);
    struct kept_batch *k = &run->batches[run->batch_count++];
    keep_text(k->resource, sizeof(k->resource), b->resource);
    keep_text(k->provider, sizeof(k->provider), b->provider);
    keep_text(k->account, sizeof(k->account), b->account);
    keep_text(k->region, sizeof(k->region), b->region);
    k->kind = b->kind;
    k->metric = b->metric;
    k->statistic = b->statistic;
    k->step = b->step;
    k->count = b->count;
    for (size_t i = 0; i < b->count && i < KEPT; i++) {
        k->at[i] = b->at[i];
        k->values[i] = b->values[i];
    }
    return RS_OK;
}

static inline enum rs_status keep_resource(void *payload, const struct rs_resource *r,
                                           struct rs_error *err)
{
    struct run *run = payload;
    (void)err;
    const char *const texts[] = {r->account, r->region,     r->zone,           r->name,
                                 r->type,    r->state,      r->architecture,   r->platform,
                                 r->tenancy, r->hypervisor, r->virtualization, r->lifecycle,
                                 r->group,   r->image};
    assert_true(run->resource_count < 8);
    struct kept_resource *k = &run->resources[run->resource_count++];
    keep_text(k->id, sizeof(k->id), r->id);
    for (size_t i = 0, used = 0; i < COUNT_OF(texts); i++) {
        used += (size_t)snprintf(k->text + used, sizeof(k->text) - used, "%s%s", i > 0 ? "|" : "",
                                 texts[i] != NULL ? texts[i] : "-");
    }
    k->launch_time = r->launch_time;
    k->observed_at = r->observed_at;
    k->network_interfaces = r->network_interfaces;
    k->volumes = r->volumes;
    k->tag_count = r->tag_count;
    k->ena = r->ena;
    return RS_OK;
}

static inline enum rs_status keep_attachment(void *payload, const struct rs_attachment *a,
                                             struct rs_error *err)
{
    struct run *run = payload;
    (void)err;
    assert_true(run->attachment_count < 8);
    struct kept_attachment *k = &run->attachments[run->attachment_count++];
    keep_text(k->volume, sizeof(k->volume), a->volume);
    keep_text(k->instance, sizeof(k->instance), a->instance);
    keep_text(k->device, sizeof(k->device), a->device);
    k->since = a->since;
    return RS_OK;
}

/* With an empty request: what `collect FILE` does. The caller frees. */
static inline struct run *new_run(void)
{
    struct run *run = calloc(1, sizeof(*run));
    assert_non_null(run);
    run->request.name = "input";
    run->request.now = NOW;
    run->request.observed_at = NOW - 60;
    return run;
}

static inline void read_input(struct run *run, struct rs_input *input)
{
    struct rs_sink sink = {keep_samples, keep_resource, keep_attachment, run};
    struct rs_tally none = {.series = 0};
    run->tally = none;
    run->err = (struct rs_error){RS_OK, ""};
    run->batch_count = run->resource_count = run->attachment_count = 0;
    run->source = NULL;
    run->rc = rs_source_recognise(input, &run->source, &run->err);
    if (run->rc == RS_OK) {
        run->rc = run->source->read(&run->request, input, &sink, &run->tally, &run->err);
    }
    assert_int_equal(run->rc, run->err.code);
    rs_input_close(input);
}

static inline void read_bytes(struct run *run, const char *bytes, size_t length)
{
    struct rs_input *input = NULL;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_input_open_memory(bytes, length, &input, &err), RS_OK);
    read_input(run, input);
}

static inline void read_text(struct run *run, const char *text)
{
    read_bytes(run, text, strlen(text));
}

static inline void read_fixture(struct run *run, const char *path)
{
    struct rs_input *input = NULL;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_input_open(path, &input, &err), RS_OK);
    read_input(run, input);
}

/* Every seventh length of the text ends in an answer or a complaint, never worse. */
static inline void survives_truncation(struct run *run, const char *text)
{
    size_t length = strlen(text);
    for (size_t cut = 0; cut < length; cut += 7) {
        char *copy = malloc(cut + 1); /* so that a read past the end is seen */
        assert_non_null(copy);
        memcpy(copy, text, cut);
        read_bytes(run, copy, cut);
        assert_true(run->rc == RS_OK || run->rc == RS_EINPUT);
        free(copy);
    }
}

static inline const struct kept_batch *find_batch(const struct run *run, const char *resource,
                                                  enum rs_metric metric,
                                                  enum rs_statistic statistic)
{
    for (size_t i = 0; i < run->batch_count; i++) {
        const struct kept_batch *k = &run->batches[i];
        if (strcmp(k->resource, resource) == 0 && k->metric == metric &&
            k->statistic == statistic) {
            return k;
        }
    }
    return NULL;
}

/* Exactly these samples, and no others, in order of time. */
static inline void assert_samples(const struct run *run, const char *resource,
                                  enum rs_metric metric, enum rs_statistic statistic, int64_t step,
                                  size_t count, const int64_t *at, const double *values)
{
    const struct kept_batch *k = find_batch(run, resource, metric, statistic);
    assert_non_null(k);
    assert_int_equal(k->step, step);
    assert_int_equal(k->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(k->at[i], at[i]);
        assert_true(fabs(k->values[i] - values[i]) <= 1e-12 * fabs(values[i]));
    }
}

/* Exactly two samples, the first at pair_at[0] and the other a step on. */
static inline void assert_pair(const struct run *run, const char *resource, enum rs_metric metric,
                               enum rs_statistic statistic, int64_t step, double first,
                               double second)
{
    const int64_t at[] = {pair_at[0], pair_at[0] + step};
    const double values[] = {first, second};
    assert_samples(run, resource, metric, statistic, step, 2, at, values);
}

static inline bool has_note(const struct run *run, const char *part)
{
    for (size_t i = 0; i < run->tally.note_count; i++) {
        if (strstr(run->tally.note[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

static inline void assert_refused(const struct run *run, enum rs_status rc, const char *part)
{
    assert_int_equal(run->rc, rc);
    if (strstr(run->err.text, part) == NULL) {
        fail_msg("'%s' does not say '%s'", run->err.text, part);
    }
}

#endif
