/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloudwatch_plan.h - which series to ask for, from when, and in which calls (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_CLOUDWATCH_PLAN_H
#define RIGHTSIZE_CLOUD_CLOUDWATCH_PLAN_H

#include "cloud/aws_cloudwatch.h"
#include "rightsize/aws_collect.h"

struct rs_cw_target { /* an instance; texts owned */
    char *id, *type;
    bool gone;       /* terminated: nothing is asked of it */
    bool failed;     /* some series of it could not be had */
    int64_t pending; /* series not answered yet */
    int64_t from;    /* what will have been asked for when all are */
    char **volumes;
    size_t volume_count;
};

struct rs_cw_planned {        /* a query and from when on */
    struct rs_cw_query query; /* texts owned by the plan */
    size_t target;
    enum rs_statistic statistic;
    int64_t from;
};

struct rs_cw_listing { /* a metric of the agent; texts owned */
    size_t target;
    const struct rs_cw_mapping *mapping;
    char *dimensions;
    char *card; /* the id of the GPU; NULL: of the whole instance */
};

struct rs_cw_plan {
    struct rs_cw_target *targets; /* in order of id once sorted */
    size_t target_count, target_capacity;
    struct rs_cw_listing *listings;
    size_t listing_count, listing_capacity;
    struct rs_cw_planned *queries; /* in order of from, then target */
    size_t query_count, query_capacity;
    int64_t end;
    bool sorted;
};

void rs_cw_plan_init(struct rs_cw_plan *plan);
void rs_cw_plan_release(struct rs_cw_plan *plan);

RS_CHECKED enum rs_status rs_cw_plan_add_instance(struct rs_cw_plan *plan,
                                                  const struct rs_resource *resource,
                                                  struct rs_error *err);
/* A volume of the instance added last. */
RS_CHECKED enum rs_status rs_cw_plan_add_volume(struct rs_cw_plan *plan, const char *volume,
                                                struct rs_error *err);
/* Forget the instances from number `count` on: their page is read again. */
void rs_cw_plan_cut(struct rs_cw_plan *plan, size_t count);

/*
 * Whether rows of this mapping are looked for by ListMetrics: memory, as agents publish it, and
 * GPUs where an instance may have some.
 */
bool rs_cw_plan_is_listed(const struct rs_cw_plan *plan, const struct rs_cw_mapping *mapping);
/* Of an instance that is not in the plan, or the same again: passed over. */
RS_CHECKED enum rs_status rs_cw_plan_add_listing(struct rs_cw_plan *plan,
                                                 const struct rs_cw_mapping *mapping,
                                                 const struct rs_cw_listed *listed,
                                                 struct rs_error *err);

/* Make the queries for `since` seconds before `now`, less what the keeper has. */
RS_CHECKED enum rs_status rs_cw_plan_finish(struct rs_cw_plan *plan, int64_t since, int64_t now,
                                            const struct rs_aws_keeper *keeper,
                                            struct rs_error *err);
/*
 * The call that begins with query number `first`: how many queries, and their window. 0: none is
 * left. By the limits of the API: 500 queries, 100,800 points.
 */
size_t rs_cw_plan_batch(const struct rs_cw_plan *plan, size_t first, struct rs_window *window);

#endif
