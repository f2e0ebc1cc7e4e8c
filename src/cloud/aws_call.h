/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * aws_call.h - calls of the API: signed, paced, asked again where that helps, several on their way
 * (private to cloud).
 *
 * What is asked again: throttling, 429, 500, 502 to 504, 509, connections that fail, answers cut
 * off; after a random wait of up to 1, 2, 4 ... 20 s, AWS_MAX_ATTEMPTS (5) times in all. An expired
 * session is renewed once. Half as many calls go out at once after each throttling.
 */
#ifndef RIGHTSIZE_CLOUD_AWS_CALL_H
#define RIGHTSIZE_CLOUD_AWS_CALL_H

#include "cloud/aws_session.h"

#define RS_AWS_CALLS_AT_ONCE 8
#define RS_AWS_ANSWER_LIMIT ((size_t)64 << 20)

struct rs_aws_call {              /* zeroed but for what the caller sets; buffers are initialised by
                                     rs_aws_call_init */
    const char *service, *region; /* "monitoring"; borrowed */
    const char *target;           /* X-Amz-Target of a JSON call; NULL: a form in XML's protocol */
    struct rs_buffer body;
    int64_t cost_ms; /* of the pace: this long no further call with a cost goes out */
    const struct rs_aws_credentials *with; /* sign with these and renew nothing; NULL: aws's own */
    bool anonymous;                        /* not signed at all */
    void *owner;
    /* when it is done */
    enum rs_status rc;
    struct rs_error err; /* "ec2 us-east-1: ..." */
    struct rs_buffer answer;
    /* private */
    int attempt;
    int64_t not_before;
    unsigned generation;
    bool renewed;
    struct rs_aws_call *next;
};

void rs_aws_call_init(struct rs_aws_call *call);
void rs_aws_call_release(struct rs_aws_call *call);

struct rs_aws_queue;
RS_CHECKED enum rs_status rs_aws_queue_open(struct rs_aws *aws, struct rs_aws_queue **out,
                                            struct rs_error *err);
void rs_aws_queue_close(struct rs_aws_queue *queue); /* drops what is on its way; NULL is fine */
/* The call is borrowed until it comes back from rs_aws_queue_next. */
void rs_aws_queue_add(struct rs_aws_queue *queue, struct rs_aws_call *call);
/*
 * Wait for the next call that is done; *out NULL: none is left. RS_EIO, RS_ENOMEM: the queue itself
 * fails, and so will all its calls.
 */
RS_CHECKED enum rs_status rs_aws_queue_next(struct rs_aws_queue *queue, struct rs_aws_call **out,
                                            struct rs_error *err);
/*
 * Put back a call whose answer was no use (`why`), as if the service had failed: it is asked again,
 * or comes back failed when its attempts are used up.
 */
void rs_aws_queue_again(struct rs_aws_queue *queue, struct rs_aws_call *call, const char *why);
/* Calls sent so far, attempts that failed included; how often of them throttled. */
void rs_aws_queue_counts(const struct rs_aws_queue *queue, int64_t *sent, int64_t *throttled);

/* One call, waited for. */
RS_CHECKED enum rs_status rs_aws_call_wait(struct rs_aws *aws, struct rs_aws_call *call,
                                           struct rs_error *err);

/* Append "&Name=value" (no '&' in front of the first) of a form, percent-encoded. */
void rs_aws_form(struct rs_buffer *out, const char *name, const char *value);

#endif
