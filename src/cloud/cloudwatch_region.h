/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloudwatch_region.h - one region of one account, from discovery to samples (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_CLOUDWATCH_REGION_H
#define RIGHTSIZE_CLOUD_CLOUDWATCH_REGION_H

#include "cloud/aws_call.h"
#include "rightsize/aws_collect.h"

/*
 * What AWS refuses is told->rc and told->err (rc RS_OK with err.code set: parts are missing). The
 * status is of the keeper or of memory, and ends everything.
 */
RS_CHECKED enum rs_status rs_cw_region(struct rs_aws *aws, const struct rs_aws_collect *what,
                                       const struct rs_aws_keeper *keeper, struct rs_aws_told *told,
                                       struct rs_error *err);

#endif
