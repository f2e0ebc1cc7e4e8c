/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_credentials.h - a key pair and the places it may come from, in botocore's order (private to
 * cloud).
 */
#ifndef RIGHTSIZE_CLOUD_AWS_CREDENTIALS_H
#define RIGHTSIZE_CLOUD_AWS_CREDENTIALS_H

#include "rightsize/aws.h"

#include <stdbool.h>
#include <stdint.h>

struct rs_aws_credentials {     /* zeroed: none */
    char *key, *secret, *token; /* owned; token may be NULL */
    int64_t expires;            /* Unix seconds; -1: never, as far as is known */
    char origin[160];           /* "the environment", for messages */
};

void rs_aws_credentials_release(struct rs_aws_credentials *credentials);
/*
 * Copies. RS_ECREDENTIALS: key or secret is missing or has characters a header cannot hold; the
 * text says which and where from.
 */
RS_CHECKED enum rs_status rs_aws_credentials_set(struct rs_aws_credentials *out, const char *key,
                                                 const char *secret, const char *token,
                                                 int64_t expires, const char *origin,
                                                 struct rs_error *err);
/*
 * {"AccessKeyId", "SecretAccessKey", TOKEN, "Expiration"} as credential_process ("SessionToken"),
 * containers and instances ("Token") give it. RS_ECREDENTIALS otherwise; nothing of the text is in
 * the message.
 */
RS_CHECKED enum rs_status rs_aws_credentials_parse(struct rs_aws_credentials *out, const char *text,
                                                   size_t length, const char *token_key,
                                                   const char *origin, struct rs_error *err);

/*
 * Look in all places, in order: the environment (not when a profile was named by option), a role of
 * the profile, web identity, SSO, the credentials file, credential_process, the config file, a
 * container, the instance. RS_ECREDENTIALS: nowhere (the text lists what was tried), or the place
 * that should have them does not give them.
 */
RS_CHECKED enum rs_status
rs_aws_credentials_find(struct rs_aws *aws, struct rs_aws_credentials *out, struct rs_error *err);

/* aws_process.c: run a command line, split as a shell does but without one. Ends after 60 s. */
RS_CHECKED enum rs_status rs_aws_credentials_process(const char *command, const char *origin,
                                                     struct rs_aws_credentials *out,
                                                     struct rs_error *err);
/* The words of a command line; the caller frees with rs_aws_words_free. RS_ECREDENTIALS: a quote
 * stays open, or there is no word. */
RS_CHECKED enum rs_status rs_aws_words_split(const char *line, char ***out, struct rs_error *err);
void rs_aws_words_free(char **words);

struct rs_aws_role { /* borrowed; NULL: not given */
    const char *arn, *session, *external_id, *duration;
    const char *token_file; /* web identity: not signed by `with` then */
};
/* aws_sts.c: AssumeRole or AssumeRoleWithWebIdentity. */
RS_CHECKED enum rs_status rs_aws_credentials_role(struct rs_aws *aws,
                                                  const struct rs_aws_role *role,
                                                  const struct rs_aws_credentials *with,
                                                  struct rs_aws_credentials *out,
                                                  struct rs_error *err);
/* aws_container.c. *found false: the environment names no such place. */
RS_CHECKED enum rs_status rs_aws_credentials_container(struct rs_aws *aws, bool *found,
                                                       struct rs_aws_credentials *out,
                                                       struct rs_error *err);
/* aws_imds.c. *found false: this is no instance, it has no role, or it was switched off. */
RS_CHECKED enum rs_status rs_aws_credentials_instance(struct rs_aws *aws, bool *found,
                                                      struct rs_aws_credentials *out,
                                                      struct rs_error *err);
/* The region of the instance we run on; false: none. */
bool rs_aws_instance_region(struct rs_aws *aws, char *out, size_t size);

#endif
