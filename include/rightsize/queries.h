/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queries.h - the query file of `aws cloudwatch get-metric-data`: read to know what an Id means,
 * and written with the aws command lines that fetch a window within the API's limits (level 2, room
 * source).
 */
#ifndef RIGHTSIZE_QUERIES_H
#define RIGHTSIZE_QUERIES_H

#include "rightsize/buffer.h"
#include "rightsize/resource.h"
#include "rightsize/status.h"
#include "rightsize/when.h"

#include <stddef.h>
#include <stdint.h>

struct rs_query { /* all owned by the rs_queries */
    const char *id, *name_space, *metric, *statistic;
    const char *resource;  /* of the dimension InstanceId or VolumeId, or a GPU; NULL: neither */
    const char *dimension; /* "InstanceId" or "VolumeId" */
    int64_t period;        /* a math expression has name_space, metric and statistic NULL */
};

struct rs_queries;

/*
 * The JSON given to --metric-data-queries: an array, or an object with MetricDataQueries.
 * RS_EINPUT: not such JSON, a query without an Id, or an Id with two meanings.
 */
RS_CHECKED enum rs_status rs_queries_parse(const char *json, size_t length, struct rs_queries **out,
                                           struct rs_error *err);
/* Add the queries of another file; an Id that means something else there is RS_EINPUT. */
RS_CHECKED enum rs_status rs_queries_merge(struct rs_queries *into, const char *json, size_t length,
                                           struct rs_error *err);
const struct rs_query *rs_queries_find(const struct rs_queries *queries, const char *id);
void rs_queries_free(struct rs_queries *queries); /* NULL is fine */

struct rs_query_target { /* borrowed; but for id, NULL means not known */
    const char *id, *region, *type, *image, *group;
    const char *platform; /* "Windows..." asks for the Windows agent's memory counters */
    const char *const *volumes;
    size_t volume_count;
};

struct rs_query_plan {
    const struct rs_query_target *targets;
    size_t target_count;
    struct rs_window window; /* rounded out to the period */
    int64_t period;          /* 300 */
    const char *profile;     /* or NULL */
};

#define RS_QUERY_MAX 500     /* queries a GetMetricData call */
#define RS_POINTS_MAX 100800 /* data points a GetMetricData call */

/*
 * A POSIX shell script on *out that writes the query files (here-documents) into the current folder
 * and runs one `aws cloudwatch get-metric-data` a batch, a region at a time; its answers carry the
 * five-word Label, so `rightsize collect` needs nothing else. Names that reach the shell are
 * quoted. RS_ENODATA: no target. RS_EUSAGE: more than RS_POINTS_MAX points a metric, or a period
 * CloudWatch has not. RS_EINPUT: an id, region, type or image that has more than
 * [A-Za-z0-9._:/-].
 */
RS_CHECKED enum rs_status rs_queries_script(const struct rs_query_plan *plan, struct rs_buffer *out,
                                            struct rs_error *err);

#endif
