/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws.h - who asks AWS, and where: profile, credentials, endpoints (level 3, room cloud).
 *
 * The rules are those of the AWS command line and its library botocore: the same files and
 * variables in the same order. Secrets live in memory only, are wiped when done with, and are in no
 * message.
 */
#ifndef RIGHTSIZE_AWS_H
#define RIGHTSIZE_AWS_H

#include "rightsize/status.h"
#include "rightsize/when.h"

#include <stddef.h>

struct rs_aws_world { /* all that is asked of the process and the user; tests bring their own */
    const char *(*variable)(void *payload, const char *name); /* of the environment, or NULL */
    void (*say)(void *payload, const char *text);             /* a warning, or NULL */
    void *payload;
    struct rs_clock clock; /* the true time, whatever --now says: signatures and expiry need it */
};

struct rs_aws_settings {  /* borrowed for the call */
    const char *profile;  /* --profile, or NULL */
    const char *endpoint; /* --endpoint-url, or NULL */
    const char *region;   /* the first --region, or NULL */
};

struct rs_aws; /* one identity; several may be opened one after another */

/*
 * Read the profile and look up the settings; nothing is asked of the network yet.
 * RS_EUSAGE: the profile is in no file, an endpoint is not https (nor of this machine) or names a
 * user. RS_EINPUT: a file cannot be read as the AWS CLI would. RS_EIO: libcurl cannot be set up.
 */
RS_CHECKED enum rs_status rs_aws_open(const struct rs_aws_settings *settings,
                                      const struct rs_aws_world *world, struct rs_aws **out,
                                      struct rs_error *err);
void rs_aws_close(struct rs_aws *aws); /* NULL is fine */

/*
 * From here on act as the role of this ARN, assumed with the credentials found first; NULL: as
 * oneself again. The text is borrowed until the next call.
 */
void rs_aws_act_as(struct rs_aws *aws, const char *role);

/*
 * The region where none is given: AWS_REGION, AWS_DEFAULT_REGION, the profile's, or that of the
 * machine we run on. RS_EUSAGE: none of them.
 */
RS_CHECKED enum rs_status rs_aws_region(struct rs_aws *aws, const char **out, struct rs_error *err);

/*
 * RS_EUSAGE: not a region's name ("us-east-1"), which is part of a host's name.
 */
RS_CHECKED enum rs_status rs_aws_check_region(const char *region, struct rs_error *err);

#endif
