/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cloudwatch.h - CloudWatch's names for what we measure, and the one place where its units become
 * canonical (level 2, room source).
 */
#ifndef RIGHTSIZE_CLOUDWATCH_H
#define RIGHTSIZE_CLOUDWATCH_H

#include "rightsize/source.h"

/* One row of the mapping: namespace + metric + statistic -> canonical series. */
struct rs_cw_mapping {
    const char *name_space, *metric;
    enum rs_resource_kind
        kind; /* InstanceId or VolumeId says whose it is; of a GPU InstanceId with index */
    enum rs_metric canonical;
    const char *unit; /* CloudWatch's name of the unit the metric is published in: "Percent" */
    double factor;    /* canonical = offset + value * factor, then / period for sums */
    double offset;    /* 100 with factor -1 turns "available" into "used"; 0 otherwise */
    bool per_period;  /* a total of the period: only Sum is meaningful, stored as sum_rate */
};

/*
 * The row of a metric; names are case-sensitive. NULL: not a metric we use. When namespace or name
 * is a near miss (other case, a memory metric outside its namespace) a note with the remedy goes to
 * the tally, which may be NULL.
 */
const struct rs_cw_mapping *rs_cw_find(const char *name_space, const char *metric,
                                       struct rs_tally *tally);

/*
 * The row of a metric name alone, for answers that do not say their namespace. NULL: no row has
 * that name, or rows of that name mean different things.
 */
const struct rs_cw_mapping *rs_cw_find_unique(const char *metric);

/*
 * The statistic's series for a CloudWatch statistic ("Average", "Maximum", "Minimum", "Sum"). A row
 * with a negative factor swaps highest and lowest.
 * False: not one we keep ("p99", "SampleCount", Average of a per-period total).
 */
bool rs_cw_statistic(const struct rs_cw_mapping *mapping, const char *statistic,
                     enum rs_statistic *out);

/* By an EC2 type's name: "g5.xlarge", "p4d.24xlarge", whose cards the agent may measure. */
bool rs_cw_may_have_gpus(const char *type);

/* One value in canonical units. */
double rs_cw_convert(const struct rs_cw_mapping *mapping, enum rs_statistic statistic, double value,
                     int64_t period);
/* The same for many, in place. */
void rs_cw_convert_all(const struct rs_cw_mapping *mapping, enum rs_statistic statistic,
                       double *values, size_t count, int64_t period);

/* All rows, ended by name_space NULL. */
extern const struct rs_cw_mapping rs_cw_mappings[];

#endif
