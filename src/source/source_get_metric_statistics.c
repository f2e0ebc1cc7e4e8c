/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"
#include "source/accumulate.h"
#include "source/door.h"
#include "source/gaps.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/stamp.h"
#include "source/unit.h"
#include "source/walk.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MAX ((size_t)1 << 20) /* the service answers 1440 a call */

enum { AVERAGE, SUM, MINIMUM, MAXIMUM, STATISTICS };

static const char *const statistic_names[STATISTICS] = {"Average", "Sum", "Minimum", "Maximum"};

struct point {
    int64_t at, line;
    double value[STATISTICS]; /* NaN: not in the answer */
    size_t unit;              /* number in reader.units */
};

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_pull pull;
    struct rs_accumulator acc;
    struct rs_stamps stamps;
    struct rs_names units;
    struct rs_buffer label, unit;
    struct point current;
    bool stamped;
    struct point *points;
    size_t count, capacity;
};

static enum rs_status read_stamp(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK) {
        rc = rs_stamp_event(&r->stamps, &r->pull, event, &r->current.at, err);
    }
    r->stamped = rc == RS_OK;
    return rc;
}

static enum rs_status read_average(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "Average", &r->current.value[AVERAGE], err);
}

static enum rs_status read_sum(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "Sum", &r->current.value[SUM], err);
}

static enum rs_status read_minimum(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "Minimum", &r->current.value[MINIMUM], err);
}

static enum rs_status read_maximum(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_number(&r->pull, "Maximum", &r->current.value[MAXIMUM], err);
}

static enum rs_status read_unit(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Unit", &r->unit, err);
}

static enum rs_status read_point(void *payload, enum rs_pull_event event, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {{"Timestamp", read_stamp},
                                                    {"Average", read_average},
                                                    {"Sum", read_sum},
                                                    {"Minimum", read_minimum},
                                                    {"Maximum", read_maximum},
                                                    {"Unit", read_unit},
                                                    {NULL, NULL}};
    struct reader *r = payload;
    if (event != RS_PULL_OBJECT) {
        return rs_walk_fault(&r->pull, "expected an object in Datapoints", err);
    }
    if (r->count == POINTS_MAX) {
        return rs_walk_fault(&r->pull, "more than 1048576 data points", err);
    }
    r->current.line = rs_input_line(r->pull.input);
    for (size_t i = 0; i < STATISTICS; i++) {
        r->current.value[i] = (double)NAN;
    }
    r->stamped = false;
    rs_buffer_clear(&r->unit);
    enum rs_status rc = rs_walk_object(&r->pull, members, r, err);
    if (rc == RS_OK && !r->stamped) {
        rc = rs_walk_fault(&r->pull, "a data point has no Timestamp", err);
    }
    if (rc == RS_OK) {
        rc = rs_names_intern(&r->units, r->unit.data, &r->current.unit, NULL, err);
    }
    if (rc == RS_OK) {
        rc = rs_array_reserve(&r->points, &r->capacity, r->count + 1, sizeof(*r->points), err);
    }
    if (rc == RS_OK) {
        r->points[r->count++] = r->current;
    }
    return rc;
}

static enum rs_status read_points(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_array(&r->pull, "Datapoints", read_point, r, err);
}

static enum rs_status read_label(void *payload, struct rs_error *err)
{
    struct reader *r = payload;
    return rs_walk_text(&r->pull, "Label", &r->label, err);
}

static enum rs_status tell_step(const struct reader *r, int64_t *step, struct rs_error *err)
{
    if (*step > 0) {
        return rs_step_is_valid(*step)
                   ? RS_OK
                   : rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", *step);
    }
    int64_t *at = calloc(r->count, sizeof(*at));
    if (at == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu time stamps", r->count);
    }
    for (size_t i = 0; i < r->count; i++) {
        at[i] = r->points[i].at;
    }
    enum rs_status rc = rs_gaps_smallest(at, r->count, step, err);
    free(at);
    return rc;
}

/* One statistic of all points; `unit` says how its values become the mapping's. */
static enum rs_status add_statistic(struct reader *r, const struct rs_cw_mapping *mapping,
                                    const struct rs_file_identity *file, size_t which,
                                    const struct rs_unit *units, struct rs_error *err)
{
    struct rs_origin origin = {file->instance, mapping->kind, NULL, r->request->region};
    struct rs_held_series *series = NULL;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < r->count; i++) {
        const struct point *point = &r->points[i];
        const struct rs_unit *unit = &units[point->unit];
        enum rs_statistic statistic = RS_STATISTIC_AVG;
        double value = point->value[which];
        if (isnan(value) || !unit->known ||
            !rs_unit_statistic(unit, mapping, statistic_names[which], &statistic)) {
            continue;
        }
        value = unit->is_rate
                    ? value * unit->factor
                    : rs_cw_convert(mapping, statistic, value * unit->factor, file->period);
        if (!rs_door_admits(r->request, r->tally, point->line, mapping->canonical, point->at,
                            value)) {
            continue;
        }
        rc = rs_accumulate_series(&r->acc, &origin, mapping->canonical, statistic, file->period,
                                  &series, err);
        if (rc == RS_OK) {
            rc = rs_accumulate_add(&r->acc, series, point->at, value, 0.0F, err);
        }
    }
    return rc;
}

static bool holds_statistic(const struct reader *r, const struct rs_cw_mapping *mapping,
                            const struct rs_unit *units)
{
    for (size_t i = 0; i < r->count; i++) {
        for (size_t which = 0; which < STATISTICS; which++) {
            enum rs_statistic unused;
            if (!isnan(r->points[i].value[which]) &&
                rs_unit_statistic(&units[r->points[i].unit], mapping, statistic_names[which],
                                  &unused)) {
                return true;
            }
        }
    }
    return false;
}

static enum rs_status add_points(struct reader *r, const struct rs_cw_mapping *mapping,
                                 const struct rs_file_identity *file, struct rs_error *err)
{
    struct rs_unit *units = calloc(r->units.count, sizeof(*units));
    enum rs_status rc = RS_OK;
    if (units == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu units", r->units.count);
    }
    for (size_t i = 0; i < r->units.count; i++) {
        units[i] = rs_unit_of(mapping, r->units.text[i]);
    }
    for (size_t i = 0; i < r->count; i++) {
        char shown[RS_SHOWN];
        if (!units[r->points[i].unit].known) {
            rs_tally_reject(r->tally, 1, "line %" PRId64 ": %s is in '%s', not in %s",
                            r->points[i].line, mapping->metric,
                            rs_shown(r->units.text[r->points[i].unit], shown), mapping->unit);
        }
    }
    if (!holds_statistic(r, mapping, units)) {
        rs_tally_note(r->tally, "%s: ask for --statistics %s", mapping->metric,
                      mapping->per_period ? "Sum" : "Average Maximum");
    }
    for (size_t which = 0; rc == RS_OK && which < STATISTICS; which++) {
        rc = add_statistic(r, mapping, file, which, units, err);
    }
    free(units);
    return rc;
}

static const struct rs_cw_mapping *mapping_of(const struct reader *r,
                                              const struct rs_file_identity *file)
{
    const struct rs_cw_mapping *mapping = rs_cw_find_unique(r->label.data);
    return mapping == NULL && file->metric[0] != '\0' ? rs_cw_find_unique(file->metric) : mapping;
}

static enum rs_status take_points(struct reader *r, struct rs_error *err)
{
    struct rs_file_identity file;
    char shown[RS_SHOWN];
    enum rs_status rc = rs_file_identity_of(r->request, &file, err);
    if (rc != RS_OK) {
        return rc;
    }
    const struct rs_cw_mapping *mapping = mapping_of(r, &file);
    if (mapping == NULL) {
        r->tally->ignored++;
        rs_tally_note(r->tally, "'%s' is no metric that is read", rs_shown(r->label.data, shown));
        return RS_OK;
    }
    if (file.instance[0] == '\0') {
        return rs_fail(err, RS_EINPUT,
                       "get-metric-statistics does not say whose %s this is: give --instance ID "
                       "or --name-template '{instance}_{metric}.json'",
                       mapping->metric);
    }
    if (!rs_identity_fits(mapping, file.instance, r->tally)) {
        r->tally->ignored++;
        return RS_OK;
    }
    if (r->count == 0) {
        return RS_OK;
    }
    rc = tell_step(r, &file.period, err);
    if (rc == RS_OK) {
        rc = rs_door_check_id(file.instance, 1, err);
    }
    return rc == RS_OK ? add_points(r, mapping, &file, err) : rc;
}

static enum rs_status read_documents(struct reader *r, struct rs_error *err)
{
    static const struct rs_walk_member members[] = {
        {"Label", read_label}, {"Datapoints", read_points}, {NULL, NULL}};
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    while (rc == RS_OK && event != RS_PULL_END) {
        if (event != RS_PULL_OBJECT) {
            return rs_walk_fault(&r->pull, "expected an answer of get-metric-statistics", err);
        }
        r->count = 0;
        rs_buffer_clear(&r->label);
        rc = rs_walk_object(&r->pull, members, r, err);
        if (rc == RS_OK) {
            rc = take_points(r, err);
        }
        if (rc == RS_OK) {
            rc = rs_pull_next(&r->pull, &event, err);
        }
    }
    return rc;
}

static enum rs_status read_answer(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    struct reader r = {.request = request, .tally = tally};
    rs_pull_init_many(&r.pull, input);
    rs_accumulate_init(&r.acc, sink, tally);
    r.acc.provider = "aws";
    rs_buffer_init(&r.label);
    rs_buffer_init(&r.unit);
    enum rs_status rc = read_documents(&r, err);
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r.acc, err);
    }
    rs_pull_release(&r.pull);
    rs_accumulate_release(&r.acc);
    rs_names_release(&r.units);
    rs_buffer_release(&r.label);
    rs_buffer_release(&r.unit);
    free(r.points);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "Datapoints") ? 95 : 0;
}

const struct rs_source rs_source_get_metric_statistics = {
    "get-metric-statistics", "answers of aws cloudwatch get-metric-statistics", recognise,
    read_answer, false};
