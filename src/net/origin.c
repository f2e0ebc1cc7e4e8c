/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/origin.h"

#include <string.h>

void rs_url_origin_release(const struct rs_curl *curl, struct rs_url_origin *o)
{
    curl->free(o->scheme);
    curl->free(o->host);
    curl->free(o->port);
    curl->free(o->user);
    *o = (struct rs_url_origin){NULL, NULL, NULL, NULL};
}

bool rs_url_origin_parse(const struct rs_curl *curl, const char *url, struct rs_url_origin *out)
{
    *out = (struct rs_url_origin){NULL, NULL, NULL, NULL};
    CURLU *parts = curl->url();
    bool good = parts != NULL && curl->url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl->url_get(parts, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
                curl->url_get(parts, CURLUPART_HOST, &out->host, 0) == CURLUE_OK &&
                curl->url_get(parts, CURLUPART_PORT, &out->port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    if (good && curl->url_get(parts, CURLUPART_USER, &out->user, 0) != CURLUE_OK) {
        out->user = NULL;
    }
    curl->url_cleanup(parts);
    if (!good) {
        rs_url_origin_release(curl, out);
    }
    return good;
}

bool rs_url_is_own_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

/* Digits and dots only: "169.254.evil.example" is a name. */
static bool is_numeric(const char *host)
{
    return host[strspn(host, "0123456789.")] == '\0';
}

bool rs_url_is_link_local(const char *host)
{
    return rs_url_is_own_machine(host) || (strncmp(host, "169.254.", 8) == 0 && is_numeric(host)) ||
           strcmp(host, "[fd00:ec2::254]") == 0 || strcmp(host, "[fd00:ec2::23]") == 0;
}
