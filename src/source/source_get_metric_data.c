/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"
#include "rightsize/queries.h"
#include "source/accumulate.h"
#include "source/door.h"
#include "source/gaps.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/points.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/walk.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_accumulator acc;
    struct rs_names ids;
    bool *partial; /* by number of the Id: its last element was not the whole */
    size_t partial_capacity;
    /* the element of MetricDataResults at hand */
    int64_t line;
    struct rs_buffer id, label, status, code, text;
    struct rs_points points;
};

/* What an element is about; the texts are borrowed from the queries or the label. */
struct about {
    struct rs_label label;
    struct rs_file_identity file;
    const char *resource, *name_space, *metric, *statistic;
    int64_t period;
};

static enum rs_status read_id(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Id", &r->id, err);
}

static enum rs_status read_label(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Label", &r->label, err);
}

static enum rs_status read_status(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "StatusCode", &r->status, err);
}

static enum rs_status read_stamps(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_points_read_stamps(&r->points, &r->pull, err);
}

static enum rs_status read_values(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_points_read_values(&r->points, &r->pull, err);
}

static enum rs_status read_code(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Code", &r->code, err);
}

static enum rs_status read_text(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Value", &r->text, err);
}

static enum rs_status read_message(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {
        {"Code", read_code}, {"Value", read_text}, {NULL, NULL}};
    struct reader *r = payload;
    if (event != RS_PULL_OBJECT) {
        return rs_walk_pass(&r->pull, event, err);
    }
    rs_buffer_clear(&r->code);
    rs_buffer_clear(&r->text);
    enum rs_status rc = rs_walk_object(&r->pull, members, r, err);
    if (rc == RS_OK) {
        rs_tally_note(r->tally, "the service says: %.60s %.150s", r->code.data, r->text.data);
    }
    return rc;
}

static enum rs_status read_messages(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_array(&r->pull, "Messages", read_message, r, err);
}

static enum rs_status read_token(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    enum rs_status rc = rs_walk_text(&r->pull, "NextToken", &r->text, err);
    if (rc == RS_OK && r->text.length > 0) {
        rs_tally_note(r->tally, "the answer has a NextToken: it is one page of several, ask for "
                                "the rest (without --no-paginate and --max-items)");
    }
    return rc;
}

static enum rs_status read_fault(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    char shown[RS_SHOWN];
    rs_buffer_clear(&r->text);
    enum rs_status rc = rs_pull_slice(&r->pull, RS_INPUT_TOKEN_LIMIT, &r->text, err);
    if (rc == RS_OK && r->text.length > 0 && strcmp(r->text.data, "null") != 0) {
        rs_tally_note(r->tally, "the service answered with an error: %s",
                      rs_shown(r->text.data, shown));
    }
    return rc;
}

static enum rs_status guess_from_file(const struct reader *r, struct about *about, bool *found,
                                      struct rs_error *err)
{
    enum rs_status rc = rs_file_identity_of(r->request, &about->file, err);
    if (rc != RS_OK || about->file.instance[0] == '\0' || r->label.length >= RS_LABEL_MAX) {
        return rc;
    }
    memcpy(about->label.text, r->label.data, r->label.length + 1);
    char *blank = strrchr(about->label.text, ' ');
    if (blank == NULL) {
        return RS_OK;
    }
    *blank = '\0';
    const struct rs_cw_mapping *mapping = rs_cw_find_unique(about->label.text);
    if (mapping == NULL) {
        return RS_OK;
    }
    about->resource = about->file.instance;
    about->name_space = mapping->name_space;
    about->metric = mapping->metric;
    about->statistic = blank + 1;
    about->period = about->file.period;
    *found = true;
    return RS_OK;
}

static enum rs_status nothing_known(const struct reader *r, struct rs_error *err)
{
    char id[RS_SHOWN], label[RS_SHOWN];
    return rs_fail(err, RS_EINPUT,
                   "line %" PRId64 ": what Id '%s' with Label '%s' is about is not said%s: give "
                   "the query file with --queries Q.json, or ask by `rightsize queries`",
                   r->line, rs_shown(r->id.data, id), rs_shown(r->label.data, label),
                   r->request->queries != NULL ? " in the query file" : "");
}

/* *known false: the element is not about an instance. */
static enum rs_status identify(struct reader *r, struct about *about, bool *known,
                               struct rs_error *err)
{
    const struct rs_query *query =
        r->request->queries != NULL ? rs_queries_find(r->request->queries, r->id.data) : NULL;
    if (query != NULL && query->metric != NULL) { /* a search tells its series apart by Label */
        *known = query->resource != NULL;
        about->resource = query->resource;
        about->name_space = query->name_space;
        about->metric = query->metric;
        about->statistic = query->statistic;
        about->period = query->period;
        return RS_OK;
    }
    if (rs_label_parse(r->label.data, &about->label)) {
        *known = true;
        about->resource = about->label.resource;
        about->name_space = about->label.name_space;
        about->metric = about->label.metric;
        about->statistic = about->label.statistic;
        about->period = about->label.period;
        return RS_OK;
    }
    if (query != NULL) {
        *known = false;
        return RS_OK;
    }
    enum rs_status rc = guess_from_file(r, about, known, err);
    return rc == RS_OK && !*known ? nothing_known(r, err) : rc;
}

static const struct rs_cw_mapping *mapping_of(struct reader *r, const struct about *about,
                                              enum rs_statistic *statistic)
{
    const struct rs_cw_mapping *mapping = rs_cw_find(about->name_space, about->metric, r->tally);
    char shown[RS_SHOWN];
    if (mapping != NULL && !rs_cw_statistic(mapping, about->statistic, statistic)) {
        rs_tally_note(r->tally, "%s of %s is not read: ask for %s",
                      rs_shown(about->statistic, shown), mapping->metric,
                      mapping->per_period ? "Sum" : "Average, Maximum or Minimum");
        return NULL;
    }
    if (mapping != NULL && !rs_identity_fits(mapping, about->resource, r->tally)) {
        return NULL;
    }
    return mapping;
}

static enum rs_status add_points(struct reader *r, const struct about *about,
                                 const struct rs_cw_mapping *mapping, enum rs_statistic statistic,
                                 struct rs_error *err)
{
    struct rs_origin origin = {about->resource, mapping->kind, NULL, r->request->region};
    struct rs_held_series *series = NULL;
    enum rs_status rc = rs_door_check_id(about->resource, r->line, err);
    if (rc == RS_OK) {
        rc = rs_accumulate_series(&r->acc, &origin, mapping->canonical, statistic, about->period,
                                  &series, err);
    }
    const int64_t *at = r->points.at;
    double *values = r->points.values;
    size_t count = r->points.at_count;
    rs_cw_convert_all(mapping, statistic, values, count, about->period);
    if (rc == RS_OK && rs_door_admits_all(r->request, mapping->canonical, at, values, count)) {
        return rs_accumulate_add_many(&r->acc, series, at, values, count, err);
    }
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        if (rs_door_admits(r->request, r->tally, r->line, mapping->canonical, at[i], values[i])) {
            rc = rs_accumulate_add(&r->acc, series, at[i], values[i], 0.0F, err);
        }
    }
    return rc;
}

static enum rs_status tell_period(const struct reader *r, struct about *about, struct rs_error *err)
{
    if (about->period > 0) {
        return RS_OK;
    }
    int64_t *sorted = calloc(r->points.at_count, sizeof(*sorted));
    if (sorted == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu time stamps", r->points.at_count);
    }
    memcpy(sorted, r->points.at, r->points.at_count * sizeof(*sorted));
    enum rs_status rc = rs_gaps_smallest(sorted, r->points.at_count, &about->period, err);
    free(sorted);
    return rc == RS_OK ? rc : rs_fail_where(err, "line %" PRId64, r->line);
}

static enum rs_status take_points(struct reader *r, struct rs_error *err)
{
    struct about about = {.resource = NULL};
    bool known = false;
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    enum rs_status rc = identify(r, &about, &known, err);
    const struct rs_cw_mapping *mapping =
        rc == RS_OK && known ? mapping_of(r, &about, &statistic) : NULL;
    if (mapping == NULL) {
        r->tally->ignored += rc == RS_OK;
        return rc;
    }
    rc = tell_period(r, &about, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (!rs_step_is_valid(about.period)) {
        rs_tally_reject(r->tally, (int64_t)r->points.at_count,
                        "line %" PRId64 ": period %" PRId64 " s does not divide a day", r->line,
                        about.period);
        return RS_OK;
    }
    return add_points(r, &about, mapping, statistic, err);
}

/* Pages are merged by concatenation, so that only the last element of an Id says if all is there */
static enum rs_status take_status(struct reader *r, struct rs_error *err)
{
    size_t number = 0;
    char id[RS_SHOWN], status[RS_SHOWN];
    if (r->status.length > 0 && strcmp(r->status.data, "Complete") != 0 &&
        strcmp(r->status.data, "PartialData") != 0) {
        rs_tally_note(r->tally, "Id '%s': the service says %s, ask again", rs_shown(r->id.data, id),
                      rs_shown(r->status.data, status));
    }
    enum rs_status rc = rs_names_intern(&r->ids, r->id.data, &number, NULL, err);
    if (rc == RS_OK) {
        rc = rs_array_reserve(&r->partial, &r->partial_capacity, number + 1, sizeof(*r->partial),
                              err);
    }
    if (rc == RS_OK) {
        r->partial[number] = strcmp(r->status.data, "PartialData") == 0;
    }
    return rc;
}

static enum rs_status read_result(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"Id", read_id},
                                                    {"Label", read_label},
                                                    {"Timestamps", read_stamps},
                                                    {"Values", read_values},
                                                    {"StatusCode", read_status},
                                                    {"Messages", read_messages},
                                                    {NULL, NULL}};
    struct reader *r = payload;
    char shown[RS_SHOWN];
    if (event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "expected an object in MetricDataResults", err);
    }
    r->line = rs_input_line(r->pull.input);
    rs_points_clear(&r->points);
    rs_buffer_clear(&r->id);
    rs_buffer_clear(&r->label);
    rs_buffer_clear(&r->status);
    enum rs_status rc = rs_walk_object(&r->pull, members, r, err);
    if (rc == RS_OK && r->points.at_count != r->points.value_count) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": Id '%s' has %zu time stamps but %zu values", r->line,
                       rs_shown(r->id.data, shown), r->points.at_count, r->points.value_count);
    }
    if (rc == RS_OK) {
        rc = take_status(r, err);
    }
    return rc == RS_OK && r->points.at_count > 0 ? take_points(r, err) : rc;
}

static enum rs_status read_results(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_array(&r->pull, "MetricDataResults", read_result, r, err);
}

static enum rs_status read_documents(struct reader *r, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"MetricDataResults", read_results},
                                                    {"Messages", read_messages},
                                                    {"NextToken", read_token},
                                                    {"Error", read_fault},
                                                    {"message", read_fault},
                                                    {"__type", read_fault},
                                                    {NULL, NULL}};
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    while (rc == RS_OK && event != RS_PULL_END) {
        if (event != RS_PULL_OBJECT) {
            return rs_walk_fault(&r->pull, "expected an answer of get-metric-data", err);
        }
        rc = rs_walk_object(&r->pull, members, r, err);
        if (rc == RS_OK) {
            rc = rs_pull_next(&r->pull, &event, err);
        }
    }
    return rc;
}

static void note_partial(const struct reader *r)
{
    char shown[RS_SHOWN];
    for (size_t i = 0; i < r->ids.count; i++) {
        if (r->partial[i]) {
            rs_tally_note(r->tally, "Id '%s' is partial; ask for the rest",
                          rs_shown(r->ids.text[i], shown));
        }
    }
}

static void release(struct reader *r)
{
    rs_pull_release(&r->pull);
    rs_accumulate_release(&r->acc);
    rs_names_release(&r->ids);
    free(r->partial);
    rs_points_release(&r->points);
    rs_buffer_release(&r->id);
    rs_buffer_release(&r->label);
    rs_buffer_release(&r->status);
    rs_buffer_release(&r->code);
    rs_buffer_release(&r->text);
}

static enum rs_status read_answer(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    struct reader r = {.request = request, .tally = tally};
    rs_pull_init_many(&r.pull, input);
    rs_accumulate_init(&r.acc, sink, tally);
    r.acc.provider = "aws";
    rs_buffer_init(&r.id);
    rs_buffer_init(&r.label);
    rs_buffer_init(&r.status);
    rs_buffer_init(&r.code);
    rs_buffer_init(&r.text);
    rs_points_init(&r.points);
    enum rs_status rc = read_documents(&r, err);
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r.acc, err);
    }
    if (rc == RS_OK) {
        note_partial(&r);
    }
    release(&r);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "MetricDataResults") ? 95 : 0;
}

const struct rs_source rs_source_get_metric_data = {
    "get-metric-data", "answers of aws cloudwatch get-metric-data", recognise, read_answer, false};
