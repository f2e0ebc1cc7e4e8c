/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns_names.c - the names of metrics and statistics in a table. */
#include "source/columns.h"

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

bool rs_columns_has_total(enum rs_metric metric)
{
    const char *unit = rs_metric_info(metric)->unit;
    return is_rate(metric) || strcmp(unit, "credits") == 0 || strcmp(unit, "count") == 0;
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

bool rs_columns_metric(const char *name, enum rs_metric *metric, bool *said,
                       enum rs_statistic *statistic)
{
    char stem[64];
    size_t length = strlen(name);
    *said = false;
    if (rs_metric_by_name(name, metric)) {
        return true;
    }
    for (int i = 0; i < RS_STATISTIC_COUNT; i++) {
        const char *end = rs_statistic_name((enum rs_statistic)i);
        size_t width = strlen(end) + 1;
        if (length <= width || length - width >= sizeof(stem) || name[length - width] != '_' ||
            strcmp(name + length - width + 1, end) != 0) {
            continue;
        }
        memcpy(stem, name, length - width);
        stem[length - width] = '\0';
        if (rs_metric_by_name(stem, metric)) {
            *said = true;
            *statistic = (enum rs_statistic)i;
            return i != RS_STATISTIC_SUM_RATE || rs_columns_has_total(*metric);
        }
    }
    return false;
}
