/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_collect.h - instances and CloudWatch metrics from the live API into whatever keeps them
 * (level 3, room cloud).
 *
 * Every answered page is one transaction of the keeper: a kill loses what is on its way and no
 * more, and the next run asks for the rest. What is asked begins RS_AWS_OVERLAP before the newest
 * sample of each series, for points that came late.
 */
#ifndef RIGHTSIZE_AWS_COLLECT_H
#define RIGHTSIZE_AWS_COLLECT_H

#include "rightsize/aws.h"
#include "rightsize/source.h"

#include <stdbool.h>

#define RS_AWS_OVERLAP INT64_C(7200)
#define RS_AWS_BACKFILL (INT64_C(63) * RS_DAY_SECONDS) /* CloudWatch keeps 5 minutes that long */
#define RS_AWS_PRICE_PER_METRIC 0.00001 /* dollars a metric asked of GetMetricData, us-east-1 */

struct rs_aws_keeper { /* the CLI binds it to the store; payload as in the sink */
    struct rs_sink sink;
    enum rs_status (*begin)(void *payload, struct rs_error *err);
    enum rs_status (*commit)(void *payload, struct rs_error *err);
    void (*rollback)(void *payload);
    /* the instant after a series' newest sample, -1: none */
    enum rs_status (*series_end)(void *payload, const char *resource, enum rs_metric metric,
                                 enum rs_statistic statistic, int64_t step, int64_t *out,
                                 struct rs_error *err);
    /* the window asked for of an instance, empty: none */
    enum rs_status (*asked)(void *payload, const char *resource, struct rs_window *out,
                            struct rs_error *err);
    enum rs_status (*set_asked)(void *payload, const char *resource, struct rs_window window,
                                struct rs_error *err);
};

struct rs_aws_told {           /* what one region of one account brought */
    const char *role, *region; /* role NULL: one's own account */
    int64_t machines, volumes;
    int64_t queries;           /* metrics asked for, or to be asked for */
    int64_t batches;           /* calls that takes: the fewest by the API's limits */
    int64_t calls;             /* sent to GetMetricData, those asked again included */
    int64_t throttled, failed; /* refused for their rate; failed for good */
    int64_t bytes;             /* of answers */
    struct rs_tally tally;
    enum rs_status rc;
    struct rs_error err; /* the first fault */
};

struct rs_aws_collect {         /* borrowed */
    const char *const *regions; /* at least one */
    const char *const *roles;   /* ARNs; one's own account is asked when there are none */
    const char *const *tags;    /* "KEY=VALUE", all of them */
    const char *const *states;  /* "running" ..., any of them; none: all */
    size_t region_count, role_count, tag_count, state_count;
    int64_t since; /* seconds to look back at most */
    int64_t now;   /* the end of what is asked for */
    bool dry;      /* only say what would be asked; nothing reaches the keeper's sink */
    void (*told)(void *payload, const struct rs_aws_told *told); /* after each region */
    void *payload;
};

/*
 * RS_EPARTIAL: some regions or accounts, or parts of one, could not be had. RS_ECREDENTIALS: no
 * credentials, or they are refused everywhere. RS_EIO: nothing could be had; or the keeper's own
 * statuses, which end it at once.
 */
RS_CHECKED enum rs_status rs_aws_collect(struct rs_aws *aws, const struct rs_aws_collect *what,
                                         const struct rs_aws_keeper *keeper, struct rs_error *err);

#endif
