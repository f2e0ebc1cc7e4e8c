/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"
#include "source/accumulate.h"
#include "source/cells.h"
#include "source/door.h"
#include "source/head.h"
#include "source/identity.h"
#include "source/shown.h"
#include "source/sources.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 1024 /* a console graph holds 500 metrics */
#define DIMENSIONS_MAX 30

struct column {
    const struct rs_cw_mapping *mapping; /* NULL: not read */
    enum rs_statistic statistic;
    int64_t period;
    struct rs_held_series *series;
};

struct reader {
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_cells cells;
    struct rs_accumulator acc;
    struct column *columns; /* by cell, the first unused */
    size_t column_count;
};

/* "us-east-1:AWS/EC2 InstanceId:i-0abc CPUUtilization Average 300"; texts cut in place. */
struct full_label {
    const char *region, *name_space, *metric, *statistic;
    struct rs_dimension dimensions[DIMENSIONS_MAX];
    size_t dimension_count;
    struct rs_label label; /* holds the texts */
};

static char *next_word(char **rest)
{
    char *word = *rest, *blank = strchr(word, ' ');
    if (blank == NULL) {
        return NULL;
    }
    *blank = '\0';
    *rest = blank + 1;
    return word;
}

/* The dimensions come first and have a colon; the first word without begins the metric. */
static void take_dimensions(struct full_label *out, char **rest)
{
    for (;;) {
        size_t width = strcspn(*rest, " ");
        char *colon = memchr(*rest, ':', width);
        if (colon == NULL || colon == *rest || (*rest)[width] == '\0' ||
            out->dimension_count == DIMENSIONS_MAX) {
            return;
        }
        char *word = next_word(rest);
        *colon = '\0';
        out->dimensions[out->dimension_count++] = (struct rs_dimension){word, colon + 1};
    }
}

static bool parse_full_label(const char *text, struct full_label *out, int64_t *period)
{
    struct rs_label *label = &out->label;
    size_t length = strlen(text);
    memset(out, 0, sizeof(*out));
    /* As a five-word label but for its first word, which is put before. */
    if (length + 3 >= sizeof(label->text)) {
        return false;
    }
    char work[RS_LABEL_MAX];
    memcpy(work, "- ", 2);
    memcpy(work + 2, text, length + 1);
    if (!rs_label_parse(work, label)) {
        return false;
    }
    char *space = label->name_space, *rest = label->metric;
    char *colon = strchr(space, ':');
    if (colon == NULL || colon == space) {
        return false;
    }
    *colon = '\0';
    out->region = space;
    out->name_space = colon + 1;
    take_dimensions(out, &rest);
    out->metric = rest;
    out->statistic = label->statistic;
    *period = label->period;
    return out->metric[0] != '\0';
}

static enum rs_status open_column(struct reader *r, struct column *column,
                                  const struct rs_origin *origin, const char *metric,
                                  const char *statistic, struct rs_error *err)
{
    char shown[RS_SHOWN];
    const struct rs_cw_mapping *mapping = column->mapping;
    column->mapping = NULL;
    if (!rs_cw_statistic(mapping, statistic, &column->statistic)) {
        rs_tally_note(r->tally, "%s of %s is not read: show %s in the console",
                      rs_shown(statistic, shown), metric,
                      mapping->per_period ? "Sum" : "Average, Maximum or Minimum");
        r->tally->ignored++;
        return RS_OK;
    }
    if (!rs_step_is_valid(column->period)) {
        rs_tally_note(r->tally, "%s: period %" PRId64 " s does not divide a day", metric,
                      column->period);
        r->tally->ignored++;
        return RS_OK;
    }
    enum rs_status rc = rs_door_check_id(origin->resource, r->cells.csv.line, err);
    if (rc == RS_OK) {
        rc = rs_accumulate_series(&r->acc, origin, mapping->canonical, column->statistic,
                                  column->period, &column->series, err);
    }
    column->mapping = mapping;
    return rc;
}

static enum rs_status take_full_label(struct reader *r, struct column *column, const char *text,
                                      size_t number, struct rs_error *err)
{
    struct full_label full;
    char shown[RS_SHOWN], card[RS_CARD_TEXT];
    if (!parse_full_label(text, &full, &column->period)) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": the full label '%s' of column %zu is not "
                       "REGION:NAMESPACE DIMENSION:VALUE METRIC STATISTIC PERIOD",
                       r->cells.csv.line, rs_shown(text, shown), number + 1);
    }
    column->mapping = rs_cw_find(full.name_space, full.metric, r->tally);
    const char *resource = rs_dimensions_resource(full.name_space, full.metric, full.dimensions,
                                                  full.dimension_count, card, NULL);
    if (column->mapping == NULL || resource == NULL) {
        column->mapping = NULL;
        r->tally->ignored++;
        return RS_OK;
    }
    struct rs_origin origin = {resource, column->mapping->kind, NULL, full.region};
    return open_column(r, column, &origin, full.metric, full.statistic, err);
}

static enum rs_status take_full_labels(struct reader *r, struct rs_error *err)
{
    size_t count = r->cells.csv.count;
    if (r->columns != NULL) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": a second row 'Full label'",
                       r->cells.csv.line);
    }
    if (count > COLUMNS_MAX) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": more than %d columns", r->cells.csv.line,
                       COLUMNS_MAX);
    }
    r->columns = calloc(count, sizeof(*r->columns));
    if (r->columns == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu columns", count);
    }
    r->column_count = count;
    enum rs_status rc = RS_OK;
    for (size_t i = 1; rc == RS_OK && i < count; i++) {
        rc = take_full_label(r, &r->columns[i], rs_cell(&r->cells, i), i, err);
    }
    return rc;
}

static enum rs_status take_header(struct reader *r, const char *name, struct rs_error *err)
{
    char shown[RS_SHOWN];
    if (strcmp(name, "Full label") == 0) {
        return take_full_labels(r, err);
    }
    bool status = strcmp(name, "StatusCode") == 0, messages = strcmp(name, "Messages") == 0;
    for (size_t i = 1; i < r->cells.csv.count && (status || messages); i++) {
        const char *text = rs_cell(&r->cells, i);
        if (text[0] != '\0' && !(status && strcmp(text, "Complete") == 0)) {
            rs_tally_note(r->tally, "column %zu: the console says %s", i + 1,
                          rs_shown(text, shown));
        }
    }
    return RS_OK;
}

static enum rs_status add_cell(struct reader *r, size_t cell, int64_t at, struct rs_error *err)
{
    struct column *column = &r->columns[cell];
    char *text = rs_cell(&r->cells, cell);
    double value = 0.0;
    bool number = false;
    if (column->mapping == NULL || text[0] == '\0') {
        return RS_OK;
    }
    enum rs_status rc = rs_cells_value(&r->cells, text, &value, &number, err);
    if (rc != RS_OK || !number) {
        return rc;
    }
    value = rs_cw_convert(column->mapping, column->statistic, value, column->period);
    if (!rs_door_admits(r->request, r->tally, r->cells.csv.line, column->mapping->canonical, at,
                        value)) {
        return RS_OK;
    }
    return rs_accumulate_add(&r->acc, column->series, at, value, 0.0F, err);
}

static int64_t samples_of(const struct reader *r)
{
    int64_t samples = 0;
    for (size_t i = 1; i < r->cells.csv.count && i < r->column_count; i++) {
        samples += r->columns[i].mapping != NULL && rs_cell(&r->cells, i)[0] != '\0';
    }
    return samples;
}

static enum rs_status take_row(struct reader *r, const char *stamp, struct rs_error *err)
{
    int64_t at = 0;
    bool usable = false;
    if (r->columns == NULL) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": values before the row 'Full label', which says what "
                       "they are",
                       r->cells.csv.line);
    }
    int64_t samples = samples_of(r);
    if (r->cells.csv.count > r->column_count) {
        rs_tally_reject(r->tally, samples, "line %" PRId64 ": more cells than labels",
                        r->cells.csv.line);
        return RS_OK;
    }
    enum rs_status rc = rs_cells_stamp(&r->cells, stamp, samples, &at, &usable, err);
    for (size_t i = 1; rc == RS_OK && usable && i < r->cells.csv.count; i++) {
        rc = add_cell(r, i, at, err);
    }
    return rc;
}

static enum rs_status read_rows(struct reader *r, struct rs_error *err)
{
    for (;;) {
        bool more = false;
        enum rs_status rc = rs_csv_next(&r->cells.csv, &more, err);
        if (rc != RS_OK || !more) {
            return rc == RS_OK ? rs_cells_check(&r->cells, err) : rc;
        }
        const char *first = rs_cell(&r->cells, 0);
        bool stamp = first[0] >= '0' && first[0] <= '9';
        rc = stamp ? take_row(r, first, err) : take_header(r, first, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static enum rs_status read_download(const struct rs_source_request *request, struct rs_input *input,
                                    const struct rs_sink *sink, struct rs_tally *tally,
                                    struct rs_error *err)
{
    struct reader r = {.request = request, .tally = tally};
    rs_accumulate_init(&r.acc, sink, tally);
    r.acc.provider = "aws";
    enum rs_status rc = rs_cells_open(&r.cells, request, input, tally,
                                      request->zone != NULL ? request->zone : "UTC", err);
    if (rc == RS_OK) {
        rc = read_rows(&r, err);
    }
    if (rc == RS_OK && r.columns == NULL) {
        rc = rs_fail(err, RS_EINPUT, "cut off: the row 'Full label' is missing");
    }
    if (rc == RS_OK) {
        rc = rs_accumulate_flush(&r.acc, err);
    }
    if (rc == RS_OK && request->zone == NULL) {
        rs_tally_note(tally, "a console download does not say its time zone: UTC was assumed, "
                             "--tz says otherwise");
    }
    rs_cells_close(&r.cells);
    rs_accumulate_release(&r.acc);
    free(r.columns);
    return rc;
}

static int recognise(const char *head, size_t length)
{
    if (!rs_head_is_table(head, length)) {
        return 0;
    }
    bool rows = rs_head_holds(head, length, "\nFull label") ||
                rs_head_holds(head, length, "\n\"Full label\"") ||
                rs_head_holds(head, length, "\nStatusCode");
    return rows && rs_head_has_field(head, length, "Id") ? 90 : 0;
}

const struct rs_source rs_source_console_csv = {"console-csv",
                                                "downloads as .csv from the CloudWatch console",
                                                recognise, read_download, false};
