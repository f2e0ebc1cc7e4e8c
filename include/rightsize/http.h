/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * http.h - one way out to the network: fetching a document over HTTPS (level 1, libcurl).
 *
 * Certificates are checked. Plain HTTP goes to the own machine only (localhost, 127.0.0.1, ::1).
 * Redirects are followed on the same scheme, host and port, up to RS_HTTP_REDIRECTS times.
 */
#ifndef RIGHTSIZE_HTTP_H
#define RIGHTSIZE_HTTP_H

#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_HTTP_REDIRECTS 5
#define RS_HTTP_CONNECT_SECONDS 15
#define RS_HTTP_STALL_SECONDS 60 /* under 1 kB/s for so long is a failure */

struct rs_http; /* keeps its connection from one fetch to the next */

struct rs_http_request {
    const char *url;
    int64_t size_limit; /* bytes of the body as sent */
    int64_t timeout;    /* seconds for the whole of it */
    /* Called with each piece of the body of an answer 200; gzip stays gzip. */
    enum rs_status (*take)(void *payload, const char *bytes, size_t length, struct rs_error *err);
    void *payload;
};

/* RS_EIO: libcurl cannot be loaded or set up. Close before the program ends. */
RS_CHECKED enum rs_status rs_http_open(struct rs_http **out, struct rs_error *err);
void rs_http_close(struct rs_http *http); /* NULL is fine */

/*
 * RS_EUSAGE: the URL is malformed, names a user, or is neither https nor on the own machine.
 * RS_EIO: no connection, a certificate that does not hold, another answer than 200, a redirect
 * elsewhere, too long, too slow; and what `take` answers. Messages name the host.
 */
RS_CHECKED enum rs_status rs_http_fetch(struct rs_http *http, const struct rs_http_request *request,
                                        struct rs_error *err);

/* Whether two URLs agree in scheme, host and port. */
int rs_http_same_origin(const struct rs_http *http, const char *a, const char *b);

#endif
