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
#include <stdint.h>
#include <string.h>

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
};

static int64_t cells_with_values(const struct reader *r)
{
    int64_t samples = 0;
    for (size_t i = 0; i < r->columns.value_count; i++) {
        samples += rs_cell(&r->cells, r->columns.value[i].at)[0] != '\0';
    }
    return samples;
}

/* Whose row it is; consecutive rows of one instance keep their series. */
static enum rs_status find_instance(struct reader *r, struct rs_error *err)
{
    const char *id = r->columns.instance != SIZE_MAX ? rs_cell(&r->cells, r->columns.instance)
                                                     : r->file.instance;
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

static enum rs_status add_value(struct reader *r, size_t column, int64_t at, double value,
                                struct rs_error *err)
{
    enum rs_metric metric = r->columns.value[column].metric;
    enum rs_status rc = RS_OK;
    if (!rs_door_admits(r->request, r->tally, r->cells.csv.line, metric, at, value)) {
        return RS_OK;
    }
    if (r->series[column] == NULL) {
        struct rs_origin origin = {
            r->current, strncmp(r->current, "vol-", 4) == 0 ? RS_KIND_VOLUME : RS_KIND_INSTANCE,
            NULL, r->request->region};
        rc = rs_accumulate_series(&r->acc, &origin, metric, r->columns.value[column].statistic,
                                  r->file.period, &r->series[column], err);
    }
    return rc == RS_OK ? rs_accumulate_add(&r->acc, r->series[column], at, value, 0.0F, err) : rc;
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
    if (rc == RS_OK && usable && samples > 0) {
        rc = find_instance(r, err);
    }
    for (size_t i = 0; rc == RS_OK && usable && i < r->columns.value_count; i++) {
        char *text = rs_cell(&r->cells, r->columns.value[i].at);
        double value = 0.0;
        bool number = false;
        if (text[0] == '\0') {
            continue;
        }
        rc = rs_cells_value(&r->cells, text, &value, &number, err);
        if (rc == RS_OK && number) {
            rc = add_value(r, i, at, value, err);
        }
    }
    return rc;
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
    if (rc == RS_OK && r->columns.instance == SIZE_MAX && r->file.instance[0] == '\0') {
        return rs_fail(err, RS_EINPUT,
                       "whose samples these are is not said: give --instance ID, or an 'instance' "
                       "column");
    }
    if (rc == RS_OK && r->file.period > 0 && !rs_step_is_valid(r->file.period)) {
        return rs_fail(err, RS_EUSAGE, "--step %" PRId64 " does not divide a day", r->file.period);
    }
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
    struct reader r = {.request = request, .tally = tally};
    rs_accumulate_init(&r.acc, sink, tally);
    enum rs_status rc = rs_cells_open(&r.cells, request, input, tally, request->zone, err);
    if (rc == RS_OK) {
        rc = read_rows(&r, err);
    }
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r.acc, err);
    }
    rs_cells_close(&r.cells);
    rs_accumulate_release(&r.acc);
    return rc;
}

/* Any table may be meant, with --columns; certain only of the header we define. */
static int recognise(const char *head, size_t length)
{
    if (!rs_head_is_table(head, length)) {
        return 0;
    }
    return rs_head_has_field(head, length, "timestamp") ? 80 : 5;
}

const struct rs_source rs_source_csv = {
    "csv", "tables with a time stamp column and canonical metric names", recognise, read_table,
    false};
