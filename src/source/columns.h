/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h - what the columns of a generic CSV hold (private to source). */
#ifndef RIGHTSIZE_SOURCE_COLUMNS_H
#define RIGHTSIZE_SOURCE_COLUMNS_H

#include "rightsize/source.h"

#define RS_COLUMNS_MAX 256 /* columns looked at */
#define RS_COLUMNS_VALUES (RS_METRIC_COUNT * RS_STATISTIC_COUNT)

struct rs_columns { /* each a column from 0, or SIZE_MAX */
    size_t stamp;
    size_t instance;
    /* A long table has one value a row: `metric` names it, or `series` does, "INSTANCE/METRIC". */
    size_t metric, series;
    size_t statistic, step; /* of a long table; with neither they are told otherwise */
    size_t long_value;      /* of a long table's values */
    struct {
        size_t at;
        enum rs_metric metric;
        enum rs_statistic statistic;
    } value[RS_COLUMNS_VALUES];
    size_t value_count; /* 0 for a long table */
};

bool rs_columns_is_long(const struct rs_columns *columns);
/* How samples of a metric are filed: --statistic, or its usual one. RS_EUSAGE: it does not fit. */
RS_CHECKED enum rs_status rs_columns_statistic(const struct rs_source_request *request,
                                               enum rs_metric metric, enum rs_statistic *out,
                                               struct rs_error *err);
/* Totals by the second make sense of rates, and of what is counted or spent. */
bool rs_columns_has_total(enum rs_metric metric);
/*
 * A canonical metric, or one and "_avg", "_max", "_min" or "_sum_rate": then *said and *statistic
 * are set. False: it is neither, or the statistic does not fit.
 */
bool rs_columns_metric(const char *name, enum rs_metric *metric, bool *said,
                       enum rs_statistic *statistic);

/* From --columns. RS_EUSAGE: it cannot be understood, or --metric or --statistic cannot. */
RS_CHECKED enum rs_status rs_columns_from_option(const struct rs_source_request *request,
                                                 struct rs_columns *out, struct rs_error *err);
/*
 * From the header row. Columns of other names are noted with the name that may be meant.
 * RS_EINPUT: no time stamp or no known metric among them, or one twice; RS_EUSAGE as above.
 */
RS_CHECKED enum rs_status rs_columns_from_header(const struct rs_source_request *request,
                                                 char *const *names, size_t count,
                                                 struct rs_tally *tally, struct rs_columns *out,
                                                 struct rs_error *err);
/* How sure a table's first line is one of ours, as rs_source.recognise says it. */
int rs_columns_recognise(const char *head, size_t length);

/* The canonical metric whose name is nearest to `name`, or NULL when none is near. */
const char *rs_columns_nearest(const char *name);

#endif
