/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exchange.h - requests with a body and answers held in memory, several on their way at once, and
 * signed where AWS wants it (level 1, libcurl).
 *
 * Certificates are always checked; redirects are never followed; plain HTTP goes to the own machine
 * and its link-local neighbours only. HTTPS_PROXY and NO_PROXY are honoured for the rest.
 */
#ifndef RIGHTSIZE_EXCHANGE_H
#define RIGHTSIZE_EXCHANGE_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rs_exchange; /* keeps connections from one request to the next */

struct rs_exchange_settings {
    const char *ca_bundle; /* file of certificates to trust, or NULL = the system's; borrowed */
    int64_t stall;         /* seconds in which nothing arrives and one gives up; 0 = 60 */
};

/* AWS Signature Version 4, made by libcurl: for POST to the path "/" only, and the header Date is
 * the library's. Region and service must be named. */
struct rs_signature {
    const char *region, *service, *key, *secret;
};

struct rs_request {     /* all borrowed until the response is there */
    const char *method; /* "GET", "POST" or "PUT" */
    const char *url;
    const char *const *headers; /* "Name: value" */
    size_t header_count;
    const char *body; /* NULL: none */
    size_t length;
    const struct rs_signature *signature; /* or NULL */
    bool link_local;    /* may go by plain HTTP to a link-local address; no proxy */
    int64_t timeout_ms; /* for the whole of it; 0: only the stall counts */
    size_t limit;       /* bytes of the answer */
};

struct rs_response {
    long status;           /* of HTTP; 0: no answer, or not the whole of it */
    struct rs_buffer body; /* of any status */
    int64_t date;          /* of the header Date, or -1 */
    char fault[256];       /* status 0: why, without anything secret */
    bool untrusted;        /* the certificate does not hold: to try again is useless */
    void *tag;             /* as given to rs_exchange_start */
};

/* RS_EIO: libcurl cannot be loaded or set up. Close before the program ends. */
RS_CHECKED enum rs_status rs_exchange_open(const struct rs_exchange_settings *settings,
                                           struct rs_exchange **out, struct rs_error *err);
void rs_exchange_close(struct rs_exchange *exchange); /* drops what is on its way; NULL is fine */

void rs_exchange_cancel(struct rs_exchange *exchange); /* drop what is on its way */

/*
 * Send it, without waiting. RS_EUSAGE: the URL is malformed, names a user, or goes by plain HTTP
 * where it may not.
 */
RS_CHECKED enum rs_status rs_exchange_start(struct rs_exchange *exchange,
                                            const struct rs_request *request, void *tag,
                                            struct rs_error *err);
/*
 * The next request that has come to an end, well or not; *out NULL: none within the time. The
 * caller frees it.
 */
RS_CHECKED enum rs_status rs_exchange_wait(struct rs_exchange *exchange, int64_t milliseconds,
                                           struct rs_response **out, struct rs_error *err);
/* Send one and wait for it, whatever else is on its way. Statuses of rs_exchange_start. */
RS_CHECKED enum rs_status rs_exchange_ask(struct rs_exchange *exchange,
                                          const struct rs_request *request,
                                          struct rs_response **out, struct rs_error *err);
void rs_response_free(struct rs_response *response); /* wipes the body; NULL is fine */

/* RS_EUSAGE as for rs_exchange_start: to refuse an endpoint before anything is asked of it. RS_EIO:
 * libcurl cannot be loaded. */
RS_CHECKED enum rs_status rs_exchange_check_url(const char *url, bool link_local,
                                                struct rs_error *err);

#endif
