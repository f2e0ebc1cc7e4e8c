/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"
#include "source/accumulate.h"
#include "source/door.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/unit.h"
#include "source/walk.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define DIMENSIONS_MAX 30 /* CloudWatch's own limit */
#define STREAM_STEP 60
#define CREDIT_STEP                                                                                \
    300 /* CPU credits are published every five minutes, whatever monitoring is on */
#define LACKING_MAX 8

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_accumulator acc;
    /* the object at hand */
    int64_t line;
    struct rs_buffer account, region, name_space, metric, unit;
    struct rs_buffer words; /* names and values of the dimensions, each ended by NUL */
    size_t name_at[DIMENSIONS_MAX], value_at[DIMENSIONS_MAX], dimensions;
    bool too_many;
    char card[RS_CARD_TEXT];
    double timestamp, count, sum, max, min;
    /* memory metrics seen without an InstanceId, and whether they were seen with one too */
    const struct rs_cw_mapping *lacking[LACKING_MAX];
    bool found[LACKING_MAX];
    size_t lacking_count;
};

static enum rs_status read_account(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "account_id", &r->account, err);
}

static enum rs_status read_region(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "region", &r->region, err);
}

static enum rs_status read_name_space(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "namespace", &r->name_space, err);
}

static enum rs_status read_metric(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "metric_name", &r->metric, err);
}

static enum rs_status read_unit(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "unit", &r->unit, err);
}

static enum rs_status read_timestamp(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "timestamp", &r->timestamp, err);
}

static enum rs_status read_count(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "count", &r->count, err);
}

static enum rs_status read_sum(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "sum", &r->sum, err);
}

static enum rs_status read_max(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "max", &r->max, err);
}

static enum rs_status read_min(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "min", &r->min, err);
}

static enum rs_status read_value(void *payload, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"count", read_count},
                                                    {"sum", read_sum},
                                                    {"max", read_max},
                                                    {"min", read_min},
                                                    {NULL, NULL}};
    struct reader *r = payload;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "value is no object with count, sum, max and min", err);
    }
    return rc == RS_OK ? rs_walk_object(&r->pull, members, r, err) : rc;
}

static void keep_word(struct reader *r, size_t *at)
{
    *at = r->words.length;
    rs_buffer_append(&r->words, r->pull.text, strlen(r->pull.text));
    rs_buffer_append(&r->words, "", 1);
}

static enum rs_status read_dimension(struct reader *r, struct rs_error *err)
{
    if (r->dimensions == DIMENSIONS_MAX) {
        r->too_many = true;
        return rs_pull_skip(&r->pull, err);
    }
    enum rs_pull_event event = RS_PULL_END;
    keep_word(r, &r->name_at[r->dimensions]);
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_TEXT) {
        return rs_walk_fault(&r->pull, "the value of a dimension is no text", err);
    }
    if (rc == RS_OK) {
        keep_word(r, &r->value_at[r->dimensions++]);
        rc = rs_buffer_status(&r->words, err);
    }
    return rc;
}

static enum rs_status read_dimensions(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "dimensions is no object", err);
    }
    rs_buffer_clear(&r->words);
    r->dimensions = 0;
    r->too_many = false;
    while (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        rc = read_dimension(r, err);
    }
    return rc;
}

/* An agent may publish totals of the fleet beside; only what never names an instance is a mistake
 */
static void remember_lacking(struct reader *r, const struct rs_cw_mapping *mapping, bool found)
{
    if (strncmp(mapping->name_space, "AWS/", 4) == 0) {
        return;
    }
    size_t i = 0;
    while (i < r->lacking_count && r->lacking[i] != mapping) {
        i++;
    }
    if (i == LACKING_MAX) {
        return;
    }
    if (i == r->lacking_count) {
        r->lacking[r->lacking_count++] = mapping;
        r->found[i] = false;
    }
    r->found[i] = r->found[i] || found;
}

static void note_lacking(const struct reader *r)
{
    for (size_t i = 0; i < r->lacking_count; i++) {
        if (!r->found[i]) {
            rs_tally_note(r->tally,
                          "%s %s lacks the dimension InstanceId: add \"append_dimensions\": "
                          "{\"InstanceId\": \"${aws:InstanceId}\"} to the agent's configuration",
                          r->lacking[i]->name_space, r->lacking[i]->metric);
        }
    }
}

static const char *resource_of(struct reader *r, const struct rs_cw_mapping *mapping)
{
    struct rs_dimension dimensions[DIMENSIONS_MAX];
    bool has_instance = false;
    for (size_t i = 0; i < r->dimensions; i++) {
        dimensions[i].name = r->words.data + r->name_at[i];
        dimensions[i].value = r->words.data + r->value_at[i];
        has_instance = has_instance || strcmp(dimensions[i].name, "InstanceId") == 0;
    }
    remember_lacking(r, mapping, has_instance);
    return r->too_many ? NULL
                       : rs_dimensions_resource(mapping->name_space, mapping->metric, dimensions,
                                                r->dimensions, r->card, NULL);
}

static enum rs_status add_value(struct reader *r, const struct rs_origin *origin,
                                const struct rs_cw_mapping *mapping, const char *statistic,
                                double value, struct rs_error *err)
{
    enum rs_statistic which = RS_STATISTIC_AVG;
    struct rs_held_series *series = NULL;
    bool credits = strncmp(mapping->metric, "CPUCredit", 9) == 0 ||
                   strncmp(mapping->metric, "CPUSurplus", 10) == 0;
    int64_t step = credits ? CREDIT_STEP : STREAM_STEP, at = (int64_t)floor(r->timestamp / 1000.0);
    step = r->request->step > 0 ? r->request->step : step;
    if (!rs_cw_statistic(mapping, statistic, &which)) {
        return RS_OK;
    }
    value = rs_cw_convert(mapping, which, value, step);
    if (!rs_door_admits(r->request, r->tally, r->line, mapping->canonical, at, value)) {
        return RS_OK;
    }
    enum rs_status rc =
        rs_accumulate_series(&r->acc, origin, mapping->canonical, which, step, &series, err);
    return rc == RS_OK ? rs_accumulate_add(&r->acc, series, at, value, (float)r->count, err) : rc;
}

static enum rs_status add_values(struct reader *r, const struct rs_cw_mapping *mapping,
                                 const char *resource, struct rs_error *err)
{
    struct rs_origin origin = {resource, mapping->kind,
                               r->account.length > 0 ? r->account.data : NULL,
                               r->region.length > 0 ? r->region.data : r->request->region};
    enum rs_status rc = rs_door_check_id(resource, r->line, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (mapping->per_period) {
        return add_value(r, &origin, mapping, "Sum", r->sum, err);
    }
    rc = add_value(r, &origin, mapping, "Average", r->sum / r->count, err);
    if (rc == RS_OK) {
        rc = add_value(r, &origin, mapping, "Maximum", r->max, err);
    }
    return rc == RS_OK ? add_value(r, &origin, mapping, "Minimum", r->min, err) : rc;
}

/* AWS's own metrics have one unit; what an agent publishes may have been given another. */
static bool unit_is_known(struct reader *r, const struct rs_cw_mapping *mapping)
{
    char shown[RS_SHOWN];
    bool own = strncmp(mapping->name_space, "AWS/", 4) == 0;
    struct rs_unit unit = rs_unit_of(mapping, r->unit.data);
    if (own || (unit.known && unit.factor == 1.0)) {
        return true;
    }
    rs_tally_reject(r->tally, 1, "line %" PRId64 ": %s is in '%s', not in %s", r->line,
                    mapping->metric, rs_shown(r->unit.data, shown), mapping->unit);
    return false;
}

static enum rs_status take_object(struct reader *r, struct rs_error *err)
{
    if (r->name_space.length == 0 || r->metric.length == 0) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": no record of a Metric Stream: namespace or metric_name "
                       "is missing",
                       r->line);
    }
    const struct rs_cw_mapping *mapping = rs_cw_find(r->name_space.data, r->metric.data, r->tally);
    const char *resource = mapping != NULL ? resource_of(r, mapping) : NULL;
    if (resource == NULL) {
        r->tally->ignored++;
        return RS_OK;
    }
    if (isnan(r->timestamp)) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": timestamp is missing", r->line);
    }
    if (!(r->timestamp >= 1e11 && r->timestamp < 1e14)) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": timestamp %.17g is not in milliseconds",
                        r->line, r->timestamp);
        return RS_OK;
    }
    if (!(r->count > 0.0)) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": count is not above 0", r->line);
        return RS_OK;
    }
    return unit_is_known(r, mapping) ? add_values(r, mapping, resource, err) : RS_OK;
}

static enum rs_status read_object(struct reader *r, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"account_id", read_account},
                                                    {"region", read_region},
                                                    {"namespace", read_name_space},
                                                    {"metric_name", read_metric},
                                                    {"unit", read_unit},
                                                    {"dimensions", read_dimensions},
                                                    {"value", read_value},
                                                    {"timestamp", read_timestamp},
                                                    {NULL, NULL}};
    r->line = rs_input_line(r->pull.input);
    rs_buffer_clear(&r->account);
    rs_buffer_clear(&r->region);
    rs_buffer_clear(&r->name_space);
    rs_buffer_clear(&r->metric);
    rs_buffer_clear(&r->unit);
    r->dimensions = 0;
    r->too_many = false;
    r->timestamp = r->count = r->sum = r->max = r->min = (double)NAN;
    enum rs_status rc = rs_walk_object(&r->pull, members, r, err);
    return rc == RS_OK ? take_object(r, err) : rc;
}

static enum rs_status read_objects(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    while (rc == RS_OK && event != RS_PULL_END) {
        if (event != RS_PULL_OBJECT) {
            return rs_walk_fault(&r->pull, "expected a record of a Metric Stream", err);
        }
        rc = read_object(r, err);
        if (rc == RS_OK) {
            rc = rs_pull_next(&r->pull, &event, err);
        }
    }
    return rc;
}

static enum rs_status read_stream(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    if (request->step > 0 && !rs_step_is_valid(request->step)) {
        return rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", request->step);
    }
    struct reader r = {.request = request, .tally = tally};
    struct rs_buffer *const texts[] = {&r.account, &r.region, &r.name_space,
                                       &r.metric,  &r.unit,   &r.words};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        rs_buffer_init(texts[i]);
    }
    rs_pull_init_many(&r.pull, input);
    rs_accumulate_init(&r.acc, sink, tally);
    r.acc.provider = "aws";
    r.acc.rule = request->step > 0 ? RS_STEP_GIVEN : RS_STEP_NATIVE;
    enum rs_status rc = read_objects(&r, err);
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r.acc, err);
    }
    if (rc == RS_OK) {
        note_lacking(&r);
    }
    if (rc == RS_OK && r.acc.lone) {
        rs_tally_note(tally, "totals that stand alone were read as those of 60 s: give --step 300s "
                             "for instances with basic monitoring");
    }
    rs_pull_release(&r.pull);
    rs_accumulate_release(&r.acc);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        rs_buffer_release(texts[i]);
    }
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "metric_name") &&
                   rs_head_has_member(head, length, "{", "namespace") &&
                   rs_head_has_member(head, length, "{", "dimensions")
               ? 95
               : 0;
}

const struct rs_source rs_source_metric_stream = {
    "metric-stream", "records of CloudWatch Metric Streams in JSON", recognise, read_stream, false};
