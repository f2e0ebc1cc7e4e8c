/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_cloudwatch.h - CloudWatch's JSON protocol: what is sent and what comes back (private to
 * cloud).
 */
#ifndef RIGHTSIZE_CLOUD_AWS_CLOUDWATCH_H
#define RIGHTSIZE_CLOUD_AWS_CLOUDWATCH_H

#include "rightsize/buffer.h"
#include "rightsize/cloudwatch.h"
#include "rightsize/when.h"

#define RS_CW_LIST_TARGET "GraniteServiceVersion20100801.ListMetrics"
#define RS_CW_DATA_TARGET "GraniteServiceVersion20100801.GetMetricData"
#define RS_CW_PERIOD 300

struct rs_cw_listed {       /* one metric of ListMetrics; valid during the call */
    const char *instance;   /* value of the dimension InstanceId */
    const char *index;      /* and of index, which numbers GPUs; empty: it has none */
    const char *dimensions; /* all of them, as the JSON array GetMetricData wants */
};
typedef enum rs_status rs_cw_listed_fn(void *payload, const struct rs_cw_listed *listed,
                                       struct rs_error *err);

RS_CHECKED enum rs_status rs_cw_list_body(const char *name_space, const char *metric,
                                          const char *token, struct rs_buffer *out,
                                          struct rs_error *err);
/* Those with a dimension InstanceId go to fn. *token empty: the last page. RS_EINPUT. */
RS_CHECKED enum rs_status rs_cw_list_read(const char *text, size_t length, rs_cw_listed_fn *fn,
                                          void *payload, struct rs_buffer *token,
                                          struct rs_error *err);

struct rs_cw_query { /* one series to ask for; borrowed */
    const struct rs_cw_mapping *mapping;
    const char *stat;       /* "Average" */
    const char *resource;   /* id of the instance, volume or GPU */
    const char *dimensions; /* JSON array, or NULL: the resource alone */
};

/* Ids are q0, q1 ...: the number of the query in the batch. Oldest points first. */
RS_CHECKED enum rs_status rs_cw_data_body(const struct rs_cw_query *queries, size_t count,
                                          struct rs_window window, const char *token,
                                          struct rs_buffer *out, struct rs_error *err);

struct rs_cw_points { /* of one result on a page; valid during the call */
    size_t query;     /* its number in the batch */
    const int64_t *at;
    const double *values; /* as CloudWatch has them */
    size_t count;
    bool complete;      /* no later page has more of it */
    const char *status; /* "Complete", "PartialData", "InternalError", "Forbidden" */
};
typedef enum rs_status rs_cw_points_fn(void *payload, const struct rs_cw_points *points,
                                       struct rs_error *err);
struct rs_cw_page {
    struct rs_buffer token;   /* empty: the last page */
    struct rs_buffer message; /* what the service says of the whole, or empty */
};
/*
 * RS_EINPUT: not such an answer (another type, cut off, another Id than was asked for, times and
 * values of different number); the text names the line.
 */
RS_CHECKED enum rs_status rs_cw_data_read(const char *text, size_t length, size_t queries,
                                          rs_cw_points_fn *fn, void *payload,
                                          struct rs_cw_page *page, struct rs_error *err);

#endif
