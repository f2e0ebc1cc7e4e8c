/* SPDX-License-Identifier: GPL-3.0-or-later */
/* origin.h - the parts of a URL that decide whether it may be asked (private to net). */
#ifndef RIGHTSIZE_NET_ORIGIN_H
#define RIGHTSIZE_NET_ORIGIN_H

#include "net/curl.h"

#include <stdbool.h>

struct rs_url_origin {
    char *scheme, *host, *port, *user; /* user NULL: none is named */
};

/* False: no URL with scheme, host and port; then nothing needs to be released. */
bool rs_url_origin_parse(const struct rs_curl *curl, const char *url, struct rs_url_origin *out);
void rs_url_origin_release(const struct rs_curl *curl, struct rs_url_origin *origin);

/* localhost, 127.0.0.1 or ::1 */
bool rs_url_is_own_machine(const char *host);

/* An address that only this machine or its hypervisor answers at: the above, 169.254.x.y and the
 * fd00:ec2:: addresses of EC2. */
bool rs_url_is_link_local(const char *host);

#endif
