/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aws_session.h - what an opened identity knows (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_AWS_SESSION_H
#define RIGHTSIZE_CLOUD_AWS_SESSION_H

#include "cloud/aws_credentials.h"
#include "cloud/aws_ini.h"
#include "rightsize/aws.h"
#include "rightsize/buffer.h"
#include "rightsize/exchange.h"

#define RS_AWS_REGION_SIZE 64

struct rs_aws {
    struct rs_aws_world world;
    struct rs_exchange *exchange; /* of the queue of calls */
    struct rs_exchange *aside;    /* of calls waited for one at a time */
    struct rs_aws_ini *config, *shared;
    char *profile;                         /* name of the profile in use */
    bool named;                            /* by option, not by AWS_PROFILE or default */
    char *endpoint;                        /* --endpoint-url, or NULL */
    char region[RS_AWS_REGION_SIZE];       /* where none is given, and of STS; empty until known */
    struct rs_aws_credentials own, acting; /* found; of the role acted as */
    bool has_own, has_acting;
    int64_t own_at, acting_at; /* when they were got */
    unsigned generation;       /* counts the times credentials were got */
    const char *role;          /* to act as, or NULL; borrowed */
    int attempts;              /* of each call */
    int64_t backoff_ms;        /* the first wait is up to this long */
};

const char *rs_aws_variable(const struct rs_aws *aws, const char *name); /* NULL: unset or empty */
/* A key of the profile: in credentials or config, whichever has it. Borrowed, or NULL. */
const char *rs_aws_profile_get(const struct rs_aws *aws, const char *profile, const char *key);
bool rs_aws_profile_exists(const struct rs_aws *aws, const char *profile);
/* The name of the profile's section in config: "default", "profile NAME". */
enum rs_status rs_aws_profile_section(const char *profile, struct rs_buffer *out,
                                      struct rs_error *err);

/* A warning to the user. */
RS_PRINTF(2, 3) void rs_aws_say(const struct rs_aws *aws, const char *format, ...);

/*
 * The credentials to sign with now: looked up at the first call, again when they have expired or
 * will within 5 minutes, and when `again` (a refusal said so). Borrowed until the next call.
 */
RS_CHECKED enum rs_status rs_aws_credentials_now(struct rs_aws *aws, bool again,
                                                 const struct rs_aws_credentials **out,
                                                 struct rs_error *err);

/* Append the URL of a service ("ec2", "monitoring", "sts") in a region, ending in "/". */
RS_CHECKED enum rs_status rs_aws_endpoint(const struct rs_aws *aws, const char *service,
                                          const char *region, struct rs_buffer *out,
                                          struct rs_error *err);

#endif
