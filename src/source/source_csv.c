/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"
#include "source/cells.h"
#include "source/columns.h"
#include "source/door.h"
#include "source/identity.h"
#include "source/owners.h"
#include "source/shown.h"
#include "source/sources.h"
#include "source/subjects.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 4096 /* numbers taken at once */
#define WAIT_MAX 64

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct rs_accumulator acc;
    struct rs_columns columns;
    struct rs_file_identity file;   /* whose samples they are when no column says so */
    size_t width;                   /* cells of the first row */
    char current[256];              /* whose series are in `series` */
    struct rs_held_series **series; /* by place in columns.value */
    struct rs_owners owners;
    /* of a long table: what the row before was about */
    struct rs_subjects subjects;
    const struct rs_subject *subject;
    /* rows like the last one */
    struct rs_csv_shape shape;
    size_t numbers;               /* the first of the columns of which all are numbers */
    size_t place[RS_COLUMNS_MAX]; /* by column: 1 + its place in columns.value, or 0 */
    size_t useless, wait;         /* times that none was alike; rows until the next attempt */
    int64_t at[AT_ONCE];
    double values[AT_ONCE];
    int64_t column_at[AT_ONCE]; /* those of one column that has no number in some rows */
    double column[AT_ONCE];
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
    return rs_owners_find(&r->owners, id, &r->series, err);
}

static enum rs_status find_instance(struct reader *r, struct rs_error *err)
{
    bool column = r->columns.instance != SIZE_MAX;
    return set_instance(r, column ? rs_cell(&r->cells, r->columns.instance) : r->file.instance,
                        err);
}

static enum rs_status add_long(struct reader *r, int64_t at, double value, struct rs_error *err)
{
    const struct rs_subject *s = r->subject;
    return rs_door_admits(r->request, r->tally, r->cells.csv.line, s->metric, at, value)
               ? rs_accumulate_add(&r->acc, s->series, at, value, 0.0F, err)
               : RS_OK;
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
        struct rs_origin origin = {r->current, rs_subject_kind(r->current, metric), NULL,
                                   r->request->region};
        rc = rs_accumulate_series(&r->acc, &origin, metric, statistic, r->file.period,
                                  &r->series[place], err);
    }
    return rc == RS_OK ? rs_accumulate_add(&r->acc, r->series[place], at, value, 0.0F, err) : rc;
}

/* The value of a long table's row; *alike: rows like it may follow. */
static enum rs_status take_long_value(struct reader *r, int64_t at, bool *alike,
                                      struct rs_error *err)
{
    double value = 0.0;
    bool number = false;
    enum rs_status rc = rs_subjects_find(&r->subjects, &r->cells, &r->subject, err);
    *alike = rc == RS_OK && r->subject->series != NULL;
    if (rc == RS_OK && r->subject->refused != NULL) {
        rs_tally_reject(r->tally, 1, "line %" PRId64 ": %s", r->cells.csv.line,
                        r->subject->refused);
    } else if (rc == RS_OK && !*alike) {
        r->tally->ignored++;
    }
    if (!*alike) {
        return rc;
    }
    rc = rs_cells_value(&r->cells, rs_cell(&r->cells, r->columns.long_value), &value, &number, err);
    return rc == RS_OK && number ? add_long(r, at, value, err) : rc;
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

/* 1 + the place of a row's i-th number in columns.value, or 0. */
static size_t place_of(const struct reader *r, size_t i)
{
    return r->numbers + i < RS_COLUMNS_MAX ? r->place[r->numbers + i] : 0;
}

/* Values of the row that was taken as number `row`, whose line is at hand. */
static enum rs_status add_row(struct reader *r, size_t row, struct rs_error *err)
{
    size_t width = r->shape.values;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < width; i++) {
        double value = r->values[row * width + i];
        size_t place = place_of(r, i);
        if (isnan(value)) {
            continue;
        }
        if (rs_columns_is_long(&r->columns)) {
            rc = i == 0 ? add_long(r, r->at[row], value, err) : RS_OK;
        } else if (place > 0) {
            rc = add_value(r, place - 1, r->columns.value[place - 1].metric,
                           r->columns.value[place - 1].statistic, r->at[row], value, err);
        }
    }
    return rc;
}

/* The numbers of a column and their instants; their count. */
static size_t gather(struct reader *r, size_t column, size_t rows)
{
    size_t width = r->shape.values, n = 0;
    for (size_t row = 0; row < rows; row++) {
        double value = r->values[row * width + column];
        r->column[n] = value;
        r->column_at[n] = r->at[row];
        n += isnan(value) ? 0 : 1;
    }
    return n;
}

/* Whether it makes no difference if all of one column come before those of the next. */
static bool any_order(struct reader *r, size_t rows)
{
    size_t width = r->shape.values;
    for (size_t i = 0; i < width; i++) {
        size_t place = place_of(r, i), n = place > 0 ? gather(r, i, rows) : 0;
        if (n == 0) {
            continue;
        }
        const struct rs_held_series *series = r->series[place - 1];
        if (series == NULL || !rs_accumulate_is_calm(&r->acc, series, rows * width) ||
            !rs_door_admits_all(r->request, r->columns.value[place - 1].metric, r->column_at,
                                r->column, n)) {
            return false;
        }
    }
    return true;
}

static enum rs_status add_columns(struct reader *r, size_t rows, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < r->shape.values; i++) {
        size_t place = place_of(r, i), n = place > 0 ? gather(r, i, rows) : 0;
        if (n > 0) {
            rc = rs_accumulate_add_many(&r->acc, r->series[place - 1], r->column_at, r->column, n,
                                        err);
        }
    }
    return rc;
}

static enum rs_status add_rows(struct reader *r, size_t count, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int64_t first = r->cells.csv.line;
    if (rs_columns_is_long(&r->columns) && r->shape.values == 1 &&
        rs_door_admits_all(r->request, r->subject->metric, r->at, r->values, count)) {
        return rs_accumulate_add_many(&r->acc, r->subject->series, r->at, r->values, count, err);
    }
    if (!rs_columns_is_long(&r->columns) && any_order(r, count)) {
        return add_columns(r, count, err);
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
    bool alike = true;
    rc = rs_columns_is_long(&r->columns) ? take_long_value(r, at, &alike, err)
                                         : take_values(r, at, err);
    return rc == RS_OK && alike ? take_similar(r, err) : rc;
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
    const size_t others[] = {c->stamp, c->instance, c->metric, c->series, c->statistic, c->step};
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
    r->acc.rule = r->file.period > 0                ? RS_STEP_GIVEN
                  : rs_columns_is_long(&r->columns) ? RS_STEP_EACH
                                                    : RS_STEP_COMMON;
    r->owners.width = r->columns.value_count;
    r->subjects.instance = r->file.instance;
    r->subjects.step = r->file.period;
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
    r->acc.wide_max = RS_HELD_WIDE;
    rs_subjects_init(&r->subjects);
    r->subjects.request = request;
    r->subjects.tally = tally;
    r->subjects.acc = &r->acc;
    r->subjects.columns = &r->columns;
    enum rs_status rc = rs_cells_open(&r->cells, request, input, tally, request->zone, err);
    if (rc == RS_OK) {
        rc = read_rows(r, err);
    }
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r->acc, err);
    }
    rs_cells_close(&r->cells);
    rs_subjects_release(&r->subjects);
    rs_owners_release(&r->owners);
    rs_accumulate_release(&r->acc);
    rs_csv_shape_release(&r->shape);
    free(r);
    return rc;
}

const struct rs_source rs_source_csv = {
    "csv", "tables with a time stamp column and canonical metric names", rs_columns_recognise,
    read_table, false};
