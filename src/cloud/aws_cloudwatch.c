/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_cloudwatch.h"

#include "rightsize/number.h"
#include "rightsize/pull.h"
#include "rightsize/queries.h"
#include "rightsize/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STAMP_MAX 253402300799.0

static void put_member(struct rs_buffer *out, const char *name, const char *value)
{
    rs_buffer_printf(out, "%s\"%s\":", out->data[out->length - 1] == '{' ? "" : ",", name);
    rs_text_json(out, value);
}

enum rs_status rs_cw_list_body(const char *name_space, const char *metric, const char *token,
                               struct rs_buffer *out, struct rs_error *err)
{
    rs_buffer_char(out, '{');
    put_member(out, "Namespace", name_space);
    put_member(out, "MetricName", metric);
    if (token != NULL) {
        put_member(out, "NextToken", token);
    }
    rs_buffer_char(out, '}');
    return rs_buffer_status(out, err);
}

enum rs_status rs_cw_data_body(const struct rs_cw_query *queries, size_t count,
                               struct rs_window window, const char *token, struct rs_buffer *out,
                               struct rs_error *err)
{
    rs_buffer_text(out, "{\"MetricDataQueries\":[");
    for (size_t i = 0; i < count; i++) {
        const struct rs_cw_query *q = &queries[i];
        rs_buffer_printf(out, "%s{\"Id\":\"q%zu\",\"MetricStat\":{\"Metric\":{", i > 0 ? "," : "",
                         i);
        put_member(out, "Namespace", q->mapping->name_space);
        put_member(out, "MetricName", q->mapping->metric);
        rs_buffer_text(out, ",\"Dimensions\":");
        if (q->dimensions != NULL) {
            rs_buffer_text(out, q->dimensions);
        } else {
            rs_buffer_printf(out, "[{\"Name\":\"%s\",\"Value\":",
                             q->mapping->kind == RS_KIND_VOLUME ? "VolumeId" : "InstanceId");
            rs_text_json(out, q->resource);
            rs_buffer_text(out, "}]");
        }
        rs_buffer_printf(out, "},\"Period\":%d,\"Stat\":\"%s\"}}", RS_CW_PERIOD, q->stat);
    }
    rs_buffer_printf(out,
                     "],\"StartTime\":%" PRId64 ",\"EndTime\":%" PRId64
                     ",\"ScanBy\":\"TimestampAscending\",\"MaxDatapoints\":%d",
                     window.from, window.to, RS_POINTS_MAX);
    if (token != NULL) {
        put_member(out, "NextToken", token);
    }
    rs_buffer_char(out, '}');
    return rs_buffer_status(out, err);
}

struct reader {
    struct rs_pull pull;
    size_t queries;
    rs_cw_points_fn *points_fn;
    rs_cw_listed_fn *listed_fn;
    void *payload;
    struct rs_buffer *token, *message;
    /* of the result or metric at hand */
    struct rs_buffer id, status, text, instance, index, dimensions;
    int64_t *at;
    double *values;
    size_t at_count, at_capacity, value_count, value_capacity;
};

typedef enum rs_status member_fn(struct reader *r, struct rs_error *err);
struct member {
    const char *key; /* NULL ends the table */
    member_fn *read;
};

static enum rs_status fault(const struct reader *r, const char *what, struct rs_error *err)
{
    return rs_fail(err, RS_EINPUT, "line %" PRId64 ": %s", rs_input_line(r->pull.input), what);
}

/* After the event OBJECT. */
static enum rs_status read_object(struct reader *r, const struct member *members,
                                  struct rs_error *err)
{
    for (;;) {
        enum rs_pull_event event = RS_PULL_END;
        enum rs_status rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            return rc;
        }
        const struct member *m = members;
        while (m->key != NULL && strcmp(m->key, r->pull.text) != 0) {
            m++;
        }
        rc = m->key != NULL ? m->read(r, err) : rs_pull_skip(&r->pull, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

/* A whole array of objects, or null. `after` is called when each has been read; NULL: never. */
static enum rs_status read_objects(struct reader *r, const char *what, const struct member *members,
                                   member_fn *before, member_fn *after, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc != RS_OK || event == RS_PULL_NULL) {
        return rc;
    }
    if (event != RS_PULL_ARRAY) {
        return fault(r, what, err);
    }
    for (;;) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        if (event != RS_PULL_OBJECT) {
            return fault(r, what, err);
        }
        rc = before != NULL ? before(r, err) : RS_OK;
        if (rc == RS_OK) {
            rc = read_object(r, members, err);
        }
        if (rc == RS_OK && after != NULL) {
            rc = after(r, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
    }
}

/* Text or null, appended. */
static enum rs_status read_text(struct reader *r, struct rs_buffer *out, const char *what,
                                struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_TEXT && event != RS_PULL_NULL) {
        return fault(r, what, err);
    }
    if (rc == RS_OK && event == RS_PULL_TEXT) {
        rs_buffer_append(out, r->pull.text, r->pull.length);
        rc = rs_buffer_status(out, err);
    }
    return rc;
}

static enum rs_status read_token(struct reader *r, struct rs_error *err)
{
    return read_text(r, r->token, "NextToken is no text", err);
}

static enum rs_status read_id(struct reader *r, struct rs_error *err)
{
    return read_text(r, &r->id, "Id is no text", err);
}

static enum rs_status read_status(struct reader *r, struct rs_error *err)
{
    return read_text(r, &r->status, "StatusCode is no text", err);
}

/* Seconds as a number, or ISO text, which some clients' stubs send. */
static enum rs_status stamp_of(const struct reader *r, enum rs_pull_event event, int64_t *at,
                               struct rs_error *err)
{
    struct rs_civil civil;
    bool zoned = false;
    if (event == RS_PULL_NUMBER && r->pull.number >= 0.0 && r->pull.number <= STAMP_MAX) {
        *at = (int64_t)r->pull.number;
        return RS_OK;
    }
    if (event == RS_PULL_TEXT &&
        rs_when_parse_parts(r->pull.text, r->pull.length, &civil, at, &zoned, err) == RS_OK &&
        zoned) {
        return RS_OK;
    }
    return fault(r, "expected a time in Timestamps", err);
}

static enum rs_status reserve(void *array, size_t *capacity, size_t need, struct rs_error *err)
{
    void *items;
    memcpy(&items, array, sizeof(items));
    if (need <= *capacity) {
        return RS_OK;
    }
    if (need > RS_POINTS_MAX) {
        return rs_fail(err, RS_EINPUT, "more than %d points in one result", RS_POINTS_MAX);
    }
    size_t more = *capacity > 0 ? 2 * *capacity : 512;
    items = realloc(items, more * sizeof(int64_t)); /* a double is as long */
    if (items == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu points", more);
    }
    memcpy(array, &items, sizeof(items));
    *capacity = more;
    return RS_OK;
}

static enum rs_status read_stamps(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc != RS_OK || event != RS_PULL_ARRAY) {
        return rc != RS_OK || event == RS_PULL_NULL ? rc : fault(r, "Timestamps is no array", err);
    }
    while ((rc = rs_pull_next(&r->pull, &event, err)) == RS_OK && event != RS_PULL_ARRAY_END) {
        int64_t at = 0;
        if ((rc = stamp_of(r, event, &at, err)) != RS_OK ||
            (rc = reserve(&r->at, &r->at_capacity, r->at_count + 1, err)) != RS_OK) {
            return rc;
        }
        r->at[r->at_count++] = at;
    }
    return rc;
}

static enum rs_status read_values(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc != RS_OK || event != RS_PULL_ARRAY) {
        return rc != RS_OK || event == RS_PULL_NULL ? rc : fault(r, "Values is no array", err);
    }
    while ((rc = rs_pull_next(&r->pull, &event, err)) == RS_OK && event != RS_PULL_ARRAY_END) {
        if (event != RS_PULL_NUMBER) {
            return fault(r, "expected a number in Values", err);
        }
        if ((rc = reserve(&r->values, &r->value_capacity, r->value_count + 1, err)) != RS_OK) {
            return rc;
        }
        r->values[r->value_count++] = r->pull.number;
    }
    return rc;
}

static enum rs_status read_message_text(struct reader *r, struct rs_error *err)
{
    if (r->message->length > 0 && r->message->length < 400) {
        rs_buffer_char(r->message, ' ');
    }
    rs_buffer_clear(&r->text);
    enum rs_status rc = read_text(r, &r->text, "a message is no text", err);
    if (rc == RS_OK && r->message->length < 400) {
        rs_buffer_append(r->message, r->text.data, r->text.length < 200 ? r->text.length : 200);
    }
    return rc;
}

static enum rs_status read_messages(struct reader *r, struct rs_error *err)
{
    static const struct member members[] = {
        {"Code", read_message_text}, {"Value", read_message_text}, {NULL, NULL}};
    return read_objects(r, "expected objects in Messages", members, NULL, NULL, err);
}

static enum rs_status begin_result(struct reader *r, struct rs_error *err)
{
    (void)err;
    rs_buffer_clear(&r->id);
    rs_buffer_clear(&r->status);
    r->at_count = r->value_count = 0;
    return RS_OK;
}

static enum rs_status end_result(struct reader *r, struct rs_error *err)
{
    int64_t number = -1;
    if (r->id.data[0] != 'q' || rs_parse_int(r->id.data + 1, 0, INT32_MAX, &number, err) != RS_OK ||
        (size_t)number >= r->queries) {
        return fault(r, "a result's Id was not asked for", err);
    }
    if (r->at_count != r->value_count) {
        return fault(r, "a result has not as many time stamps as values", err);
    }
    struct rs_cw_points points = {.query = (size_t)number,
                                  .at = r->at,
                                  .values = r->values,
                                  .count = r->at_count,
                                  .complete = strcmp(r->status.data, "PartialData") != 0,
                                  .status = r->status.data};
    return r->points_fn(r->payload, &points, err);
}

static enum rs_status read_results(struct reader *r, struct rs_error *err)
{
    static const struct member members[] = {{"Id", read_id},
                                            {"Timestamps", read_stamps},
                                            {"Values", read_values},
                                            {"StatusCode", read_status},
                                            {"Messages", read_messages},
                                            {NULL, NULL}};
    return read_objects(r, "expected objects in MetricDataResults", members, begin_result,
                        end_result, err);
}

static enum rs_status read_name(struct reader *r, struct rs_error *err)
{
    rs_buffer_clear(&r->id);
    return read_text(r, &r->id, "a dimension's Name is no text", err);
}

static enum rs_status read_value_text(struct reader *r, struct rs_error *err)
{
    rs_buffer_clear(&r->text);
    return read_text(r, &r->text, "a dimension's Value is no text", err);
}

static enum rs_status end_dimension(struct reader *r, struct rs_error *err)
{
    struct rs_buffer *known = strcmp(r->id.data, "InstanceId") == 0 ? &r->instance
                              : strcmp(r->id.data, "index") == 0    ? &r->index
                                                                    : NULL;
    if (known != NULL) {
        rs_buffer_clear(known);
        rs_buffer_append(known, r->text.data, r->text.length);
    }
    rs_buffer_text(&r->dimensions, r->dimensions.length > 1 ? ",{" : "{");
    put_member(&r->dimensions, "Name", r->id.data);
    put_member(&r->dimensions, "Value", r->text.data);
    rs_buffer_char(&r->dimensions, '}');
    return r->dimensions.length < 16384
               ? rs_buffer_status(&r->dimensions, err)
               : rs_fail(err, RS_EINPUT, "the dimensions of a metric are too long");
}

static enum rs_status read_dimensions(struct reader *r, struct rs_error *err)
{
    static const struct member members[] = {
        {"Name", read_name}, {"Value", read_value_text}, {NULL, NULL}};
    return read_objects(r, "expected objects in Dimensions", members, NULL, end_dimension, err);
}

static enum rs_status begin_metric(struct reader *r, struct rs_error *err)
{
    rs_buffer_clear(&r->instance);
    rs_buffer_clear(&r->index);
    rs_buffer_clear(&r->dimensions);
    rs_buffer_char(&r->dimensions, '[');
    return rs_buffer_status(&r->dimensions, err);
}

static enum rs_status end_metric(struct reader *r, struct rs_error *err)
{
    if (r->instance.length == 0) {
        return RS_OK;
    }
    rs_buffer_char(&r->dimensions, ']');
    enum rs_status rc = rs_buffer_status(&r->index, err);
    if (rc == RS_OK) {
        rc = rs_buffer_status(&r->dimensions, err);
    }
    struct rs_cw_listed listed = {r->instance.data, r->index.data, r->dimensions.data};
    return rc == RS_OK ? r->listed_fn(r->payload, &listed, err) : rc;
}

static enum rs_status read_metrics(struct reader *r, struct rs_error *err)
{
    static const struct member members[] = {{"Dimensions", read_dimensions}, {NULL, NULL}};
    return read_objects(r, "expected objects in Metrics", members, begin_metric, end_metric, err);
}

/* The document: one object; `must` is a member that has to be there. */
static enum rs_status read_document(struct reader *r, const char *text, size_t length,
                                    const struct member *members, const char *must,
                                    struct rs_error *err)
{
    struct rs_input *input = NULL;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_input_open_memory(text, length, &input, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_pull_init(&r->pull, input);
    rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_OBJECT) {
        rc = fault(r, "expected an object", err);
    }
    bool there = false;
    while (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        const struct member *m = members;
        there = there || strcmp(r->pull.text, must) == 0;
        while (m->key != NULL && strcmp(m->key, r->pull.text) != 0) {
            m++;
        }
        rc = m->key != NULL ? m->read(r, err) : rs_pull_skip(&r->pull, err);
    }
    if (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
    }
    if (rc == RS_OK && !there) {
        rc = rs_fail(err, RS_EINPUT, "the answer has no %s", must);
    }
    rs_pull_release(&r->pull);
    rs_input_close(input);
    return rc;
}

static void init(struct reader *r)
{
    struct rs_buffer *all[] = {&r->id,       &r->status, &r->text,
                               &r->instance, &r->index,  &r->dimensions};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        rs_buffer_init(all[i]);
    }
}

static void release(struct reader *r)
{
    struct rs_buffer *all[] = {&r->id,       &r->status, &r->text,
                               &r->instance, &r->index,  &r->dimensions};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        rs_buffer_release(all[i]);
    }
    free(r->at);
    free(r->values);
}

enum rs_status rs_cw_list_read(const char *text, size_t length, rs_cw_listed_fn *fn, void *payload,
                               struct rs_buffer *token, struct rs_error *err)
{
    static const struct member members[] = {
        {"Metrics", read_metrics}, {"NextToken", read_token}, {NULL, NULL}};
    struct reader r = {.listed_fn = fn, .payload = payload, .token = token};
    init(&r);
    rs_buffer_clear(token);
    enum rs_status rc = read_document(&r, text, length, members, "Metrics", err);
    release(&r);
    return rc;
}

enum rs_status rs_cw_data_read(const char *text, size_t length, size_t queries, rs_cw_points_fn *fn,
                               void *payload, struct rs_cw_page *page, struct rs_error *err)
{
    static const struct member members[] = {{"MetricDataResults", read_results},
                                            {"Messages", read_messages},
                                            {"NextToken", read_token},
                                            {NULL, NULL}};
    struct reader r = {.queries = queries,
                       .points_fn = fn,
                       .payload = payload,
                       .token = &page->token,
                       .message = &page->message};
    init(&r);
    rs_buffer_clear(&page->token);
    rs_buffer_clear(&page->message);
    enum rs_status rc = read_document(&r, text, length, members, "MetricDataResults", err);
    release(&r);
    return rc;
}
