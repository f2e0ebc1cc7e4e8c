/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_call.h"

#include "cloud/aws_fault.h"
#include "rightsize/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BACKOFF_CAP_MS 20000
#define BURST_MS 1000    /* what was not used of the pace in the last second may be caught up */
#define SKEW_SECONDS 240 /* AWS refuses from 300 on */

struct rs_aws_queue {
    struct rs_aws *aws;
    struct rs_exchange *exchange;
    struct rs_aws_call *waiting, **tail; /* in order of arrival */
    struct rs_aws_call *done;
    size_t on_their_way, at_once;
    int64_t free_at; /* when the pace lets the next call with a cost go */
    uint64_t dice;
    int64_t sent, throttled;
};

void rs_aws_call_init(struct rs_aws_call *call)
{
    memset(call, 0, sizeof(*call));
    rs_buffer_init(&call->body);
    rs_buffer_init(&call->answer);
}

void rs_aws_call_release(struct rs_aws_call *call)
{
    rs_buffer_release(&call->body);
    rs_secret_release(&call->answer);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum rs_status open_queue(struct rs_aws *aws, struct rs_exchange *exchange,
                                 struct rs_aws_queue **out, struct rs_error *err)
{
    struct rs_aws_queue *q = calloc(1, sizeof(*q));
    struct timespec now;
    if (q == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    clock_gettime(CLOCK_REALTIME, &now);
    q->aws = aws;
    q->exchange = exchange;
    q->tail = &q->waiting;
    q->at_once = RS_AWS_CALLS_AT_ONCE;
    q->dice = ((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) | 1;
    *out = q;
    return RS_OK;
}

enum rs_status rs_aws_queue_open(struct rs_aws *aws, struct rs_aws_queue **out,
                                 struct rs_error *err)
{
    return open_queue(aws, aws->exchange, out, err);
}

void rs_aws_queue_close(struct rs_aws_queue *queue)
{
    if (queue != NULL) {
        rs_exchange_cancel(queue->exchange);
        free(queue);
    }
}

void rs_aws_queue_counts(const struct rs_aws_queue *queue, int64_t *sent, int64_t *throttled)
{
    *sent = queue->sent;
    *throttled = queue->throttled;
}

static void enqueue(struct rs_aws_queue *q, struct rs_aws_call *call)
{
    call->next = NULL;
    *q->tail = call;
    q->tail = &call->next;
}

void rs_aws_queue_add(struct rs_aws_queue *q, struct rs_aws_call *call)
{
    call->attempt = 0;
    call->not_before = 0;
    call->renewed = false;
    call->rc = RS_OK;
    rs_buffer_clear(&call->answer);
    enqueue(q, call);
}

static void finish(struct rs_aws_queue *q, struct rs_aws_call *call)
{
    call->next = q->done;
    q->done = call;
}

/* xorshift: only to keep many clients from coming back at the same instant. */
static int64_t dice(struct rs_aws_queue *q, int64_t most)
{
    q->dice ^= q->dice << 13;
    q->dice ^= q->dice >> 7;
    q->dice ^= q->dice << 17;
    return (int64_t)((double)(q->dice >> 11) / 9007199254740992.0 * (double)most);
}

static void fail_call(struct rs_aws_queue *q, struct rs_aws_call *call, enum rs_status rc,
                      const char *why)
{
    call->rc = rs_fail(&call->err, rc, "%s %s: %s", call->service, call->region, why);
    finish(q, call);
}

static void try_again(struct rs_aws_queue *q, struct rs_aws_call *call, const char *why)
{
    char text[400];
    if (++call->attempt >= q->aws->attempts) {
        snprintf(text, sizeof(text), "%s (tried %d times)", why, call->attempt);
        fail_call(q, call, RS_EIO, text);
        return;
    }
    int64_t most = BACKOFF_CAP_MS;
    if (call->attempt < 6 && q->aws->backoff_ms << (call->attempt - 1) < most) {
        most = q->aws->backoff_ms << (call->attempt - 1);
    }
    call->not_before = now_ms() + dice(q, most);
    enqueue(q, call);
}

void rs_aws_queue_again(struct rs_aws_queue *queue, struct rs_aws_call *call, const char *why)
{
    rs_buffer_clear(&call->answer);
    try_again(queue, call, why);
}

void rs_aws_form(struct rs_buffer *out, const char *name, const char *value)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    rs_buffer_printf(out, "%s%s=", out->length > 0 ? "&" : "", name);
    for (const char *p = value; *p != '\0'; p++) {
        if (strchr(plain, *p) != NULL) {
            rs_buffer_char(out, *p);
        } else {
            rs_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
}

/* A call without a target is a form. */
static enum rs_status send_with(struct rs_aws_queue *q, struct rs_aws_call *call,
                                const struct rs_aws_credentials *c, struct rs_error *err)
{
    struct rs_buffer url, token, target;
    const char *headers[4];
    size_t count = 0;
    rs_buffer_init(&url);
    rs_buffer_init(&token);
    rs_buffer_init(&target);
    enum rs_status rc = rs_aws_endpoint(q->aws, call->service, call->region, &url, err);
    headers[count++] = call->target != NULL
                           ? "Content-Type: application/x-amz-json-1.0"
                           : "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
    if (call->target != NULL) {
        rs_buffer_printf(&target, "X-Amz-Target: %s", call->target);
        headers[count++] = target.data;
    }
    if (c != NULL && c->token != NULL) {
        rs_buffer_printf(&token, "X-Amz-Security-Token: %s", c->token);
        headers[count++] = token.data;
    }
    struct rs_signature signature = {call->region, call->service, c != NULL ? c->key : NULL,
                                     c != NULL ? c->secret : NULL};
    struct rs_request request = {.method = "POST",
                                 .url = url.data,
                                 .headers = headers,
                                 .header_count = count,
                                 .body = call->body.data,
                                 .length = call->body.length,
                                 .signature = c != NULL ? &signature : NULL,
                                 .limit = RS_AWS_ANSWER_LIMIT};
    if (rc == RS_OK && (rc = rs_buffer_status(&token, err)) == RS_OK &&
        (rc = rs_buffer_status(&target, err)) == RS_OK &&
        (rc = rs_buffer_status(&call->body, err)) == RS_OK) {
        rc = rs_exchange_start(q->exchange, &request, call, err);
    }
    rs_buffer_release(&url);
    rs_buffer_release(&target);
    rs_secret_release(&token);
    return rc;
}

static void start_call(struct rs_aws_queue *q, struct rs_aws_call *call)
{
    const struct rs_aws_credentials *c = call->with;
    struct rs_error err = {RS_OK, ""};
    enum rs_status rc = RS_OK;
    if (c == NULL && !call->anonymous) {
        rc = rs_aws_credentials_now(q->aws, false, &c, &err);
        call->generation = q->aws->generation;
    }
    if (rc == RS_OK) {
        rc = send_with(q, call, c, &err);
    }
    if (rc != RS_OK) { /* what is wrong with credentials says itself where */
        call->err = err;
        call->rc = rc;
        finish(q, call);
        return;
    }
    q->sent++;
    q->on_their_way++;
}

/* Send what may go now; the milliseconds until the next may, or -1. */
static int64_t start_some(struct rs_aws_queue *q)
{
    int64_t wait = -1, now = now_ms();
    for (struct rs_aws_call **link = &q->waiting; *link != NULL && q->on_their_way < q->at_once;) {
        struct rs_aws_call *call = *link;
        int64_t from =
            call->cost_ms > 0 && q->free_at > call->not_before ? q->free_at : call->not_before;
        if (from > now) {
            wait = wait < 0 || from - now < wait ? from - now : wait;
            link = &call->next;
            continue;
        }
        *link = call->next;
        if (q->tail == &call->next) {
            q->tail = link;
        }
        if (call->cost_ms > 0) {
            int64_t base = q->free_at > now - BURST_MS ? q->free_at : now - BURST_MS;
            q->free_at = base + call->cost_ms;
        }
        start_call(q, call);
    }
    return wait;
}

/* AWS tells about a wrong clock in a dozen ways; the answer's date does so in one. */
static bool is_skewed(const struct rs_aws_queue *q, const struct rs_response *r, char *text,
                      size_t size)
{
    int64_t now = q->aws->world.clock.now(q->aws->world.clock.payload);
    int64_t off = r->date >= 0 ? now - r->date : 0;
    if (off >= -SKEW_SECONDS && off <= SKEW_SECONDS) {
        return false;
    }
    snprintf(text, size,
             "refused: this machine's clock is %" PRId64 " s %s AWS's, and more than 300 s are not "
             "accepted; set the clock",
             off < 0 ? -off : off, off < 0 ? "behind" : "ahead of");
    return true;
}

/* The service repeats what was signed in some messages, a session token with it. */
static bool has_secret(const struct rs_aws_queue *q, const char *text)
{
    const struct rs_aws_credentials *all[] = {&q->aws->own, &q->aws->acting};
    for (size_t i = 0; i < 2; i++) {
        if ((all[i]->secret != NULL && strstr(text, all[i]->secret) != NULL) ||
            (all[i]->token != NULL && strstr(text, all[i]->token) != NULL)) {
            return true;
        }
    }
    return strstr(text, "ecurity-") != NULL && strstr(text, "oken:") != NULL;
}

static void renew(struct rs_aws_queue *q, struct rs_aws_call *call, const char *why)
{
    const struct rs_aws_credentials *c = NULL;
    struct rs_error err = {RS_OK, ""};
    if (call->renewed || call->with != NULL || call->anonymous) {
        fail_call(q, call, RS_ECREDENTIALS, why);
        return;
    }
    call->renewed = true;
    /* Of several calls refused together the first gets new credentials for all. */
    enum rs_status rc = call->generation == q->aws->generation
                            ? rs_aws_credentials_now(q->aws, true, &c, &err)
                            : RS_OK;
    if (rc != RS_OK) {
        call->rc = rc;
        call->err = err;
        finish(q, call);
        return;
    }
    enqueue(q, call);
}

static void take_refusal(struct rs_aws_queue *q, struct rs_aws_call *call,
                         const struct rs_response *r)
{
    struct rs_aws_fault fault;
    char why[400];
    rs_aws_fault_read(r->body.data, r->body.length, &fault);
    enum rs_aws_remedy remedy = rs_aws_fault_remedy(r->status, &fault);
    const char *message = has_secret(q, fault.message) ? "" : fault.message;
    snprintf(why, sizeof(why), "%s%s%s%s", remedy == RS_AWS_DENIED ? "access denied: " : "",
             fault.code[0] != '\0' ? fault.code : "", message[0] != '\0' ? ": " : "", message);
    if (fault.code[0] == '\0') {
        snprintf(why, sizeof(why), "%sHTTP status %ld",
                 remedy == RS_AWS_DENIED ? "access denied: " : "", r->status);
    }
    if (remedy == RS_AWS_RETRY) {
        if (r->status < 500 || fault.code[0] != '\0') {
            q->throttled++;
            q->at_once = q->at_once > 1 ? q->at_once / 2 : 1;
        }
        try_again(q, call, why);
    } else if ((remedy == RS_AWS_RENEW || remedy == RS_AWS_CREDENTIALS) &&
               is_skewed(q, r, why, sizeof(why))) {
        fail_call(q, call, RS_ECREDENTIALS, why);
    } else if (remedy == RS_AWS_RENEW) {
        renew(q, call, why);
    } else {
        fail_call(q, call, remedy == RS_AWS_FINAL ? RS_EIO : RS_ECREDENTIALS, why);
    }
}

static void take_response(struct rs_aws_queue *q, struct rs_response *r)
{
    struct rs_aws_call *call = r->tag;
    q->on_their_way--;
    if (r->status == 200) {
        q->at_once += q->at_once < RS_AWS_CALLS_AT_ONCE ? 1 : 0;
        rs_buffer_release(&call->answer);
        call->answer = r->body;
        rs_buffer_init(&r->body);
        finish(q, call);
    } else if (r->status == 0 && r->untrusted) {
        fail_call(q, call, RS_EIO, r->fault);
    } else if (r->status == 0) {
        try_again(q, call, r->fault);
    } else {
        take_refusal(q, call, r);
    }
    rs_response_free(r);
}

enum rs_status rs_aws_queue_next(struct rs_aws_queue *q, struct rs_aws_call **out,
                                 struct rs_error *err)
{
    for (;;) {
        int64_t wait = start_some(q);
        if (q->done != NULL) {
            *out = q->done;
            q->done = q->done->next;
            return RS_OK;
        }
        if (q->on_their_way == 0 && q->waiting == NULL) {
            *out = NULL;
            return RS_OK;
        }
        struct rs_response *response = NULL;
        enum rs_status rc =
            rs_exchange_wait(q->exchange, wait > 0 && wait < 1000 ? wait : 1000, &response, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (response != NULL) {
            take_response(q, response);
        }
    }
}

enum rs_status rs_aws_call_wait(struct rs_aws *aws, struct rs_aws_call *call, struct rs_error *err)
{
    struct rs_aws_queue *queue = NULL;
    struct rs_aws_call *done = NULL;
    /* Aside: a role may have to be assumed while a queue waits for its answers. */
    enum rs_status rc = open_queue(aws, aws->aside, &queue, err);
    if (rc == RS_OK) {
        rs_aws_queue_add(queue, call);
        rc = rs_aws_queue_next(queue, &done, err);
    }
    if (rc == RS_OK && call->rc != RS_OK) {
        *err = call->err;
        rc = call->rc;
    }
    rs_aws_queue_close(queue);
    return rc;
}
