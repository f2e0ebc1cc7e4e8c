/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cloudwatch_fetch.h - one region of one account in the fetching: what its steps share (private to
 * cloud).
 */
#ifndef RIGHTSIZE_CLOUD_CLOUDWATCH_FETCH_H
#define RIGHTSIZE_CLOUD_CLOUDWATCH_FETCH_H

#include "cloud/aws_call.h"
#include "cloud/cloudwatch_plan.h"
#include "rightsize/aws_collect.h"

struct rs_cw_fetch {
    struct rs_aws *aws;
    const struct rs_aws_collect *what;
    const struct rs_aws_keeper *keeper;
    struct rs_aws_told *told;
    struct rs_cw_plan plan;
};

/* cloudwatch_discover.c: instances into keeper and plan, then what agents publish. Statuses as
 * for rs_cw_region; told->rc not RS_OK: there are no instances to go on with. */
RS_CHECKED enum rs_status rs_cw_discover(struct rs_cw_fetch *fetch, struct rs_error *err);

/* cloudwatch_ask.c: every query of the plan. */
RS_CHECKED enum rs_status rs_cw_ask(struct rs_cw_fetch *fetch, struct rs_error *err);

/* Note a fault of a part; the first one's text is kept. */
void rs_cw_fetch_miss(struct rs_cw_fetch *fetch, const struct rs_error *fault);

#endif
