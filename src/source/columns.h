/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h - what the columns of a generic CSV hold (private to source). */
#ifndef RIGHTSIZE_SOURCE_COLUMNS_H
#define RIGHTSIZE_SOURCE_COLUMNS_H

#include "rightsize/source.h"

#define RS_COLUMNS_MAX 256 /* columns looked at */

struct rs_columns {
    size_t stamp;    /* column, from 0 */
    size_t instance; /* column, or SIZE_MAX */
    /* A long table has one value a row: `metric` names it, or `series` does, "INSTANCE/METRIC". */
    size_t metric, series; /* column, or SIZE_MAX */
    size_t long_value;     /* column of a long table's values */
    struct {
        size_t at;
        enum rs_metric metric;
        enum rs_statistic statistic;
    } value[RS_METRIC_COUNT];
    size_t value_count; /* 0 for a long table */
};

bool rs_columns_is_long(const struct rs_columns *columns);
/* How samples of a metric are filed: --statistic, or its usual one. RS_EUSAGE: it does not fit. */
RS_CHECKED enum rs_status rs_columns_statistic(const struct rs_source_request *request,
                                               enum rs_metric metric, enum rs_statistic *out,
                                               struct rs_error *err);

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

/* The canonical metric whose name is nearest to `name`, or NULL when none is near. */
const char *rs_columns_nearest(const char *name);

#endif
