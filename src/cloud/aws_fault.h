/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aws_fault.h - what AWS says when it refuses, and what to do about it (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_AWS_FAULT_H
#define RIGHTSIZE_CLOUD_AWS_FAULT_H

#include <stddef.h>

struct rs_aws_fault {
    char code[64];     /* "ThrottlingException"; empty: the answer says none */
    char message[256]; /* its first line */
};

/* Read the body of a refusal: JSON or either form of XML, told by its first byte. */
void rs_aws_fault_read(const char *body, size_t length, struct rs_aws_fault *out);

enum rs_aws_remedy {
    RS_AWS_RETRY,       /* throttled, or the service is ill: wait and ask again */
    RS_AWS_RENEW,       /* the session has expired: get new credentials, once */
    RS_AWS_DENIED,      /* the identity may not do this */
    RS_AWS_CREDENTIALS, /* the identity itself is not accepted */
    RS_AWS_FINAL        /* anything else */
};

enum rs_aws_remedy rs_aws_fault_remedy(long status, const struct rs_aws_fault *fault);

#endif
