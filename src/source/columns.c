/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/columns.h"

#include "rightsize/number.h"
#include "source/shown.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Levenshtein's distance, case aside; names longer than 40 bytes are far from everything. */
static size_t distance(const char *a, const char *b)
{
    size_t width = strlen(b), row[41];
    if (strlen(a) > 40 || width > 40) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t above = row[j], best = diagonal + (strncasecmp(a + i - 1, b + j - 1, 1) != 0);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[width];
}

const char *rs_columns_nearest(const char *name)
{
    size_t length = strlen(name), nearest = 4;
    const char *best = NULL;
    if (length < 2) {
        return NULL;
    }
    for (int m = 0; m < RS_METRIC_COUNT; m++) {
        const char *metric = rs_metric_info((enum rs_metric)m)->name;
        size_t apart = distance(name, metric);
        if (strncasecmp(metric, name, length) == 0) { /* "cpu", "net_in": the beginning of a name */
            return metric;
        }
        if (apart < nearest) {
            nearest = apart;
            best = metric;
        }
    }
    if (best == NULL && strncasecmp(name, "mem", 3) == 0) {
        return "mem_percent";
    }
    return best == NULL && strncasecmp(name, "cpu", 3) == 0 ? "cpu_percent" : best;
}

static bool is_rate(enum rs_metric metric)
{
    const char *unit = rs_metric_info(metric)->unit;
    size_t length = strlen(unit);
    return length > 2 && strcmp(unit + length - 2, "/s") == 0;
}

static void clear(struct rs_columns *out)
{
    memset(out, 0, sizeof(*out));
    out->stamp = out->instance = out->metric = out->series = out->long_value = SIZE_MAX;
}

bool rs_columns_is_long(const struct rs_columns *columns)
{
    return columns->metric != SIZE_MAX || columns->series != SIZE_MAX;
}

enum rs_status rs_columns_statistic(const struct rs_source_request *request, enum rs_metric metric,
                                    enum rs_statistic *out, struct rs_error *err)
{
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    if (request->statistic != NULL && !rs_statistic_by_name(request->statistic, &statistic)) {
        return rs_fail(err, RS_EUSAGE, "--statistic '%s' is not one of avg, max, min, sum_rate",
                       request->statistic);
    }
    if (is_rate(metric) && statistic == RS_STATISTIC_AVG) {
        statistic = RS_STATISTIC_SUM_RATE; /* the mean rate of a step is its total by its seconds */
    }
    if (!is_rate(metric) && statistic == RS_STATISTIC_SUM_RATE) {
        return rs_fail(err, RS_EUSAGE, "--statistic sum_rate does not fit %s, which is no rate",
                       rs_metric_info(metric)->name);
    }
    *out = statistic;
    return RS_OK;
}

static enum rs_status add_value(const struct rs_source_request *request, size_t at,
                                enum rs_metric metric, enum rs_status twice, struct rs_columns *out,
                                struct rs_error *err)
{
    enum rs_statistic statistic = RS_STATISTIC_AVG;
    for (size_t i = 0; i < out->value_count; i++) {
        if (out->value[i].metric == metric) {
            return rs_fail(err, twice, "two columns hold %s", rs_metric_info(metric)->name);
        }
    }
    enum rs_status rc = rs_columns_statistic(request, metric, &statistic, err);
    if (rc == RS_OK) {
        out->value[out->value_count].at = at;
        out->value[out->value_count].metric = metric;
        out->value[out->value_count].statistic = statistic;
        out->value_count++;
    }
    return rc;
}

static enum rs_status metric_option(const struct rs_source_request *request, enum rs_metric *metric,
                                    struct rs_error *err)
{
    char shown[RS_SHOWN];
    if (request->metric == NULL) {
        return rs_fail(err, RS_EUSAGE,
                       "what the column 'value' holds is not said: give --metric, for example "
                       "--metric cpu_percent");
    }
    if (rs_metric_by_name(request->metric, metric)) {
        return RS_OK;
    }
    const char *near_miss = rs_columns_nearest(request->metric);
    return rs_fail(err, RS_EUSAGE, "--metric '%s' is not a canonical metric%s%s",
                   rs_shown(request->metric, shown), near_miss != NULL ? ": did you mean " : "",
                   near_miss != NULL ? near_miss : "");
}

static enum rs_status take_pair(const struct rs_source_request *request, const char *pair,
                                struct rs_columns *out, struct rs_error *err)
{
    char key[64];
    const char *text = NULL;
    int64_t column = 0;
    enum rs_metric metric = RS_METRIC_CPU_PERCENT;
    enum rs_status rc = rs_parse_key_value(pair, key, sizeof(key), &text, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (rs_parse_int(text, 1, RS_COLUMNS_MAX, &column, err) != RS_OK) {
        return rs_fail(err, RS_EUSAGE, "--columns: '%s' is no column from 1 to %d", text,
                       RS_COLUMNS_MAX);
    }
    size_t at = (size_t)column - 1;
    if (strcmp(key, "ts") == 0 || strcmp(key, "timestamp") == 0) {
        out->stamp = at;
    } else if (strcmp(key, "instance") == 0) {
        out->instance = at;
    } else if (strcmp(key, "value") == 0) {
        rc = metric_option(request, &metric, err);
        return rc == RS_OK ? add_value(request, at, metric, RS_EUSAGE, out, err) : rc;
    } else if (rs_metric_by_name(key, &metric)) {
        return add_value(request, at, metric, RS_EUSAGE, out, err);
    } else {
        return rs_fail(err, RS_EUSAGE,
                       "--columns: '%s' is not ts, value, instance or a canonical metric", key);
    }
    return RS_OK;
}

enum rs_status rs_columns_from_option(const struct rs_source_request *request,
                                      struct rs_columns *out, struct rs_error *err)
{
    const char *at = request->columns;
    clear(out);
    for (bool more = true; more;) {
        char pair[128];
        size_t length = strcspn(at, ",");
        if (length >= sizeof(pair)) {
            return rs_fail(err, RS_EUSAGE, "--columns is not like ts=1,value=2");
        }
        memcpy(pair, at, length);
        pair[length] = '\0';
        enum rs_status rc = take_pair(request, pair, out, err);
        if (rc != RS_OK) {
            return rc;
        }
        more = at[length] == ',';
        at += length + 1;
    }
    if (out->stamp == SIZE_MAX || out->value_count == 0) {
        return rs_fail(err, RS_EUSAGE, "--columns needs ts=N and a value, like ts=1,value=2");
    }
    return RS_OK;
}

static void note_unknown(const char *name, struct rs_tally *tally)
{
    char shown[RS_SHOWN];
    const char *near_miss = rs_columns_nearest(name);
    rs_tally_note(tally, "column '%s' is not read%s%s%s", rs_shown(name, shown),
                  near_miss != NULL ? ": did you mean " : "", near_miss != NULL ? near_miss : "",
                  near_miss != NULL ? "?" : "");
}

static enum rs_status take_name(const struct rs_source_request *request, const char *name,
                                size_t at, struct rs_tally *tally, struct rs_columns *out,
                                struct rs_error *err)
{
    enum rs_metric metric = RS_METRIC_CPU_PERCENT;
    enum rs_status rc = RS_OK;
    bool long_table = rs_columns_is_long(out);
    bool single = request->metric != NULL; /* "timestamp,value,label,notes": the rest is comment */
    if (strcasecmp(name, "timestamp") == 0 || (long_table && strcmp(name, "epoch") == 0)) {
        if (out->stamp != SIZE_MAX) {
            return rs_fail(err, RS_EINPUT, "two columns are named timestamp");
        }
        out->stamp = at;
    } else if (strcmp(name, "instance") == 0) {
        out->instance = at;
    } else if (long_table && strcmp(name, "value") == 0) {
        out->long_value = at;
    } else if (long_table) {
        return RS_OK;
    } else if (rs_metric_by_name(name, &metric)) {
        rc = add_value(request, at, metric, RS_EINPUT, out, err);
    } else if (strcmp(name, "value") == 0) {
        rc = metric_option(request, &metric, err);
        rc = rc == RS_OK ? add_value(request, at, metric, RS_EINPUT, out, err) : rc;
    } else if (!single && name[0] != '\0') {
        note_unknown(name, tally);
    }
    return rc;
}

/* Columns named metric or series, and value, make a long table, unless --metric says what it is. */
static void find_long(const struct rs_source_request *request, char *const *names, size_t count,
                      struct rs_columns *out)
{
    size_t metric = SIZE_MAX, series = SIZE_MAX, value = SIZE_MAX;
    for (size_t i = 0; i < count && i < RS_COLUMNS_MAX; i++) {
        metric = strcmp(names[i], "metric") == 0 ? i : metric;
        series = strcmp(names[i], "series") == 0 ? i : series;
        value = strcmp(names[i], "value") == 0 ? i : value;
    }
    if (request->metric == NULL && value != SIZE_MAX) {
        out->metric = metric;
        out->series = metric == SIZE_MAX ? series : SIZE_MAX;
    }
}

enum rs_status rs_columns_from_header(const struct rs_source_request *request, char *const *names,
                                      size_t count, struct rs_tally *tally, struct rs_columns *out,
                                      struct rs_error *err)
{
    clear(out);
    find_long(request, names, count, out);
    for (size_t i = 0; i < count && i < RS_COLUMNS_MAX; i++) {
        enum rs_status rc = take_name(request, names[i], i, tally, out, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    if (out->stamp == SIZE_MAX) {
        return rs_fail(err, RS_EINPUT,
                       "no column is named timestamp: name it so, or say --columns ts=1,value=2 "
                       "--metric cpu_percent");
    }
    if (out->value_count == 0 && !rs_columns_is_long(out)) {
        return rs_fail(err, RS_EINPUT,
                       "no column bears the name of a metric, like cpu_percent or "
                       "mem_used_bytes%s%s",
                       tally->note_count > 0 ? ": " : "",
                       tally->note_count > 0 ? tally->note[0] : "");
    }
    return RS_OK;
}
