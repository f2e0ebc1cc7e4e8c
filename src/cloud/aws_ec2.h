/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aws_ec2.h - the instances of a region with their tags and volumes (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_AWS_EC2_H
#define RIGHTSIZE_CLOUD_AWS_EC2_H

#include "cloud/aws_session.h"
#include "rightsize/source.h"

struct rs_aws_filter {       /* borrowed; which instances */
    const char *const *tags; /* "KEY=VALUE", '*' and '?' in VALUE as EC2 reads them */
    size_t tag_count;
    const char *const *states; /* "running"; none: all */
    size_t state_count;
};

/* The body of a DescribeInstances call; token NULL: the first page. RS_EUSAGE: a tag without '='.
 */
RS_CHECKED enum rs_status rs_aws_instances_body(const struct rs_aws_filter *filter,
                                                const char *token, struct rs_buffer *out,
                                                struct rs_error *err);
/*
 * One page: records to the sink, and what comes after it to *token (empty: the last page).
 * RS_EINPUT: not such an answer; nothing is known of how much of it went to the sink.
 */
RS_CHECKED enum rs_status rs_aws_instances_read(const char *text, size_t length, const char *region,
                                                int64_t observed_at, const struct rs_sink *sink,
                                                struct rs_buffer *token, struct rs_error *err);

#endif
