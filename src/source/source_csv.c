/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"
#include "source/cells.h"
#include "source/columns.h"
#include "source/door.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/shown.h"
#include "source/sources.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RS_SERIES_NAME 320
#define AT_ONCE 4096 /* numbers taken at once */
#define WAIT_MAX 64

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct rs_accumulator acc;
    struct rs_columns columns;
    struct rs_file_identity file; /* whose samples they are when no column says so */
    size_t width;                 /* cells of the first row */
    char current[256];            /* whose series are in `series` */
    struct rs_held_series *series[RS_METRIC_COUNT];
    /* of a long table: what the row before was about */
    char name[RS_SERIES_NAME]; /* as in its metric or series column, or empty */
    bool known;                /* its metric is one of ours */
    enum rs_metric metric;
    enum rs_statistic statistic;
    /* rows like the last one */
    struct rs_csv_shape shape;
    size_t numbers;               /* the first of the columns of which all are numbers */
    size_t place[RS_COLUMNS_MAX]; /* by column: 1 + its place in columns.value, or 0 */
    size_t useless, wait;         /* times that none was alike; rows until the next attempt */
    int64_t at[AT_ONCE];
    double values[AT_ONCE];
};

static int64_t cells_with_values(const struct reader *r)
{
    int64_t samples = 0;
    if (rs_columns_is_long(&r->columns)) {
        return rs_cell(&r->cells, r->columns.long_value)[0] != '\0';
    }
    for (size_t i = 0; i < r->columns.value_count; i++) {
        samples += rs_cell(&r->cells, r->columns.value[i].at)[0] != '\0';
    }
    return samples;
}

/* Whose row it is; consecutive rows of one instance keep their series. */
static enum rs_status set_instance(struct reader *r, const char *id, struct rs_error *err)
{
    if (r->current[0] != '\0' && strcmp(id, r->current) == 0) {
        return RS_OK;
    }
    enum rs_status rc = rs_door_check_id(id, r->cells.csv.line, err);
    if (rc != RS_OK) {
        return rc;
    }
    memcpy(r->current, id, strlen(id) + 1);
    memset(r->series, 0, sizeof(r->series));
    return RS_OK;
}

static enum rs_status find_instance(struct reader *r, struct rs_error *err)
{
    bool column = r->columns.instance != SIZE_MAX;
    return set_instance(r, column ? rs_cell(&r->cells, r->columns.instance) : r->file.instance,
                        err);
}

static enum rs_resource_kind kind_of(const char *id, enum rs_metric metric)
{
    if (strncmp(id, "vol-", 4) == 0) {
        return RS_KIND_VOLUME;
    }
    return rs_metric_is_of_gpu(metric) && rs_gpu_owner(id) > 0 ? RS_KIND_GPU : RS_KIND_INSTANCE;
}

static enum rs_status add_value(struct reader *r, size_t place, enum rs_metric metric,
                                enum rs_statistic statistic, int64_t at, double value,
                                struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    if (!rs_door_admits(r->request, r->tally, r->cells.csv.line, metric, at, value)) {
        return RS_OK;
    }
    if (r->series[place] == NULL) {
        struct rs_origin origin = {r->current, kind_of(r->current, metric), NULL,
                                   r->request->region};
        rc = rs_accumulate_series(&r->acc, &origin, metric, statistic, r->file.period,
                                  &r->series[place], err);
    }
    return rc == RS_OK ? rs_accumulate_add(&r->acc, r->series[place], at, value, 0.0F, err) : rc;
}

/* What a name of the metric or series column means, when it is not that of the row before. */
static enum rs_status set_series(struct reader *r, const char *name, struct rs_error *err)
{
    char shown[RS_SHOWN], own[RS_SERIES_NAME];
    enum rs_status rc = RS_OK;
    size_t length = strlen(name);
    if (length >= sizeof(own)) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": the name '%s' is longer than %d bytes",
                       r->cells.csv.line, rs_shown(name, shown), RS_SERIES_NAME - 1);
    }
    memcpy(own, name, length + 1);
    char *slash = r->columns.series != SIZE_MAX ? strrchr(own, '/') : NULL;
    const char *metric = slash != NULL ? slash + 1 : own;
    r->known = rs_metric_by_name(metric, &r->metric);
    if (r->known) {
        rc = rs_columns_statistic(r->request, r->metric, &r->statistic, err);
    } else {
        const char *near_miss = rs_columns_nearest(metric);
        rs_tally_note(r->tally, "metric '%s' is not read%s%s%s", rs_shown(metric, shown),
                      near_miss != NULL ? ": did you mean " : "",
                      near_miss != NULL ? near_miss : "", near_miss != NULL ? "?" : "");
    }
    if (rc == RS_OK && slash != NULL) {
        *slash = '\0';
        rc = set_instance(r, own, err);
    }
    memcpy(r->name, name, length + 1);
    return rc;
}

/* One value and its metric's name. */
static enum rs_status take_long_value(struct reader *r, int64_t at, struct rs_error *err)
{
    const struct rs_columns *c = &r->columns;
    bool by_series = c->series != SIZE_MAX, number = false;
    const char *name = rs_cell(&r->cells, by_series ? c->series : c->metric);
    double value = 0.0;
    enum rs_status rc = RS_OK;
    if (r->name[0] == '\0' || strcmp(name, r->name) != 0) {
        rc = set_series(r, name, err);
    }
    if (rc == RS_OK && (!by_series || strchr(name, '/') == NULL)) {
        rc = find_instance(r, err);
    }
    if (rc == RS_OK && !r->known) {
        r->tally->ignored++;
        return RS_OK;
    }
    if (rc == RS_OK) {
        rc = rs_cells_value(&r->cells, rs_cell(&r->cells, c->long_value), &value, &number, err);
    }
    return rc == RS_OK && number
               ? add_value(r, (size_t)r->metric, r->metric, r->statistic, at, value, err)
               : rc;
}

static enum rs_status take_values(struct reader *r, int64_t at, struct rs_error *err)
{
    enum rs_status rc = find_instance(r, err);
    for (size_t i = 0; rc == RS_OK && i < r->columns.value_count; i++) {
        char *text = rs_cell(&r->cells, r->columns.value[i].at);
        double value = 0.0;
        bool number = false;
        if (text[0] == '\0') {
            continue;
        }
        rc = rs_cells_value(&r->cells, text, &value, &number, err);
        if (rc == RS_OK && number) {
            rc = add_value(r, i, r->columns.value[i].metric, r->columns.value[i].statistic, at,
                           value, err);
        }
    }
    return rc;
}

/* Values of the row that was taken as number `row`, whose line is at hand. */
static enum rs_status add_row(struct reader *r, size_t row, struct rs_error *err)
{
    size_t width = r->shape.values;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < width; i++) {
        double value = r->values[row * width + i];
        size_t place = r->numbers + i < RS_COLUMNS_MAX ? r->place[r->numbers + i] : 0;
        if (isnan(value)) {
            continue;
        }
        if (rs_columns_is_long(&r->columns)) {
            rc = add_value(r, (size_t)r->metric, r->metric, r->statistic, r->at[row], value, err);
        } else if (place > 0) {
            rc = add_value(r, place - 1, r->columns.value[place - 1].metric,
                           r->columns.value[place - 1].statistic, r->at[row], value, err);
        }
    }
    return rc;
}

static enum rs_status add_rows(struct reader *r, size_t count, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int64_t first = r->cells.csv.line;
    struct rs_held_series *series =
        rs_columns_is_long(&r->columns) ? r->series[(size_t)r->metric] : NULL;
    if (series != NULL && r->shape.values == 1 &&
        rs_door_admits_all(r->request, r->metric, r->at, r->values, count)) {
        return rs_accumulate_add_many(&r->acc, series, r->at, r->values, count, err);
    }
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        r->cells.csv.line = first + (int64_t)i;
        rc = add_row(r, i, err);
    }
    return rc;
}

/* The rows that come as far as they differ from the last one in stamp and numbers only. */
static enum rs_status take_similar(struct reader *r, struct rs_error *err)
{
    struct rs_csv *csv = &r->cells.csv;
    enum rs_status rc = RS_OK;
    size_t taken = 0;
    if (r->wait > 0) {
        r->wait--;
        return RS_OK;
    }
    if (rs_csv_shape_set(&r->shape, csv, r->columns.stamp, r->numbers) &&
        r->shape.values <= AT_ONCE) {
        for (size_t n = 1; rc == RS_OK && n > 0; taken += n) {
            n = rs_csv_take(csv, &r->shape, r->cells.decimal == '.', r->at, r->values,
                            AT_ONCE / r->shape.values);
            r->cells.good += (int64_t)n;
            rc = add_rows(r, n, err);
        }
    }
    r->useless = taken > 0 ? 0 : r->useless + 1;
    r->wait = r->useless < WAIT_MAX ? r->useless : WAIT_MAX;
    return rc;
}

static enum rs_status take_row(struct reader *r, struct rs_error *err)
{
    int64_t at = 0, samples = cells_with_values(r);
    bool usable = false;
    if (r->cells.csv.count > r->width) { /* a decimal comma between commas looks like this */
        rs_tally_reject(r->tally, samples,
                        "line %" PRId64 ": %zu cells where the first row has %zu",
                        r->cells.csv.line, r->cells.csv.count, r->width);
        return RS_OK;
    }
    enum rs_status rc =
        rs_cells_stamp(&r->cells, rs_cell(&r->cells, r->columns.stamp), samples, &at, &usable, err);
    if (rc != RS_OK || !usable || samples == 0) {
        return rc;
    }
    bool is_long = rs_columns_is_long(&r->columns);
    rc = is_long ? take_long_value(r, at, err) : take_values(r, at, err);
    return rc == RS_OK && (r->known || !is_long) ? take_similar(r, err) : rc;
}

/* With --columns the first row is a header when its stamp is none. */
static bool is_data(const struct reader *r)
{
    struct rs_stamps stamps = {0};
    struct rs_civil civil;
    struct rs_error unused = {RS_OK, ""};
    int64_t at = 0;
    bool zoned = false;
    const char *text = rs_cell(&r->cells, r->columns.stamp);
    return rs_stamp_text(&stamps, text, strlen(text), &civil, &at, &zoned, &unused) == RS_OK ||
           (text[0] >= '0' && text[0] <= '9');
}

/* Where a row's numbers begin when all else stands in front of them. */
static void plan_numbers(struct reader *r)
{
    const struct rs_columns *c = &r->columns;
    const size_t others[] = {c->stamp, c->instance, c->metric, c->series};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (others[i] != SIZE_MAX && others[i] >= r->numbers) {
            r->numbers = others[i] + 1;
        }
    }
    for (size_t i = 0; i < c->value_count; i++) {
        if (c->value[i].at < r->numbers) { /* it does not: --columns value=1,ts=2 */
            r->numbers = SIZE_MAX;
            return;
        }
        r->place[c->value[i].at] = i + 1;
    }
    if (rs_columns_is_long(c) && c->long_value != r->numbers) {
        r->numbers = SIZE_MAX;
    }
}

static enum rs_status plan(struct reader *r, struct rs_error *err)
{
    struct rs_csv *csv = &r->cells.csv;
    enum rs_status rc = RS_OK;
    r->width = csv->count;
    if (r->request->columns != NULL) {
        rc = rs_columns_from_option(r->request, &r->columns, err);
    } else {
        for (size_t i = 0; i < csv->count; i++) {
            csv->fields[i] = rs_cell_trim(csv->fields[i]);
        }
        rc =
            rs_columns_from_header(r->request, csv->fields, csv->count, r->tally, &r->columns, err);
        rc = rc == RS_EINPUT ? rs_fail_where(err, "line %" PRId64, csv->line) : rc;
    }
    if (rc == RS_OK) {
        rc = rs_file_identity_of(r->request, &r->file, err);
    }
    if (rc == RS_OK && r->columns.instance == SIZE_MAX && r->columns.series == SIZE_MAX &&
        r->file.instance[0] == '\0') {
        return rs_fail(err, RS_EINPUT,
                       "whose samples these are is not said: give --instance ID, or an 'instance' "
                       "column");
    }
    if (rc == RS_OK && r->file.period > 0 && !rs_step_is_valid(r->file.period)) {
        return rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", r->file.period);
    }
    plan_numbers(r);
    r->acc.rule = r->file.period > 0 ? RS_STEP_GIVEN : RS_STEP_COMMON;
    return rc;
}

static enum rs_status read_rows(struct reader *r, struct rs_error *err)
{
    bool more = false;
    enum rs_status rc = rs_csv_next(&r->cells.csv, &more, err);
    if (rc == RS_OK && !more) {
        return rs_fail(err, RS_EINPUT, "the table is empty");
    }
    if (rc == RS_OK) {
        rc = plan(r, err);
    }
    if (rc == RS_OK && r->request->columns != NULL && is_data(r)) {
        rc = take_row(r, err);
    }
    while (rc == RS_OK) {
        rc = rs_csv_next(&r->cells.csv, &more, err);
        if (rc != RS_OK || !more) {
            break;
        }
        rc = take_row(r, err);
    }
    return rc == RS_OK ? rs_cells_check(&r->cells, err) : rc;
}

static enum rs_status read_table(const struct rs_source_request *request, struct rs_input *input,
                                 const struct rs_sink *sink, struct rs_tally *tally,
                                 struct rs_error *err)
{
    struct reader *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for reading a table");
    }
    r->request = request;
    r->tally = tally;
    rs_csv_shape_init(&r->shape);
    rs_accumulate_init(&r->acc, sink, tally);
    enum rs_status rc = rs_cells_open(&r->cells, request, input, tally, request->zone, err);
    if (rc == RS_OK) {
        rc = read_rows(r, err);
    }
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r->acc, err);
    }
    rs_cells_close(&r->cells);
    rs_accumulate_release(&r->acc);
    rs_csv_shape_release(&r->shape);
    free(r);
    return rc;
}

/* Any table may be meant, with --columns; certain only of the header we define. */
static int recognise(const char *head, size_t length)
{
    if (!rs_head_is_table(head, length)) {
        return 0;
    }
    return rs_head_has_field(head, length, "timestamp") ||
                   (rs_head_has_field(head, length, "series") &&
                    rs_head_has_field(head, length, "epoch"))
               ? 80
               : 5;
}

const struct rs_source rs_source_csv = {
    "csv", "tables with a time stamp column and canonical metric names", recognise, read_table,
    false};
