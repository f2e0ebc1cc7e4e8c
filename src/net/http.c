/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/http.h"

#include "net/origin.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct rs_http {
    struct rs_curl lib;
    CURL *curl;
    struct curl_slist *headers;
};

enum rs_status rs_http_open(struct rs_http **out, struct rs_error *err)
{
    struct rs_http *http = calloc(1, sizeof(*http));
    if (http == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    enum rs_status rc = rs_curl_open(&http->lib, err);
    if (rc == RS_OK && http->lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        rs_curl_close(&http->lib);
        rc = rs_fail(err, RS_EIO, "libcurl cannot be set up");
    }
    if (rc != RS_OK) {
        free(http);
        return rc;
    }
    http->curl = http->lib.easy_init();
    /* Asked for by hand and not undone by libcurl: what comes compressed is kept so on its way. */
    http->headers = http->lib.slist_append(NULL, "Accept-Encoding: gzip");
    if (http->curl == NULL || http->headers == NULL) {
        rs_http_close(http);
        return rs_fail(err, RS_EIO, "libcurl cannot be set up");
    }
    *out = http;
    return RS_OK;
}

void rs_http_close(struct rs_http *http)
{
    if (http != NULL) {
        http->lib.slist_free_all(http->headers);
        http->lib.easy_cleanup(http->curl);
        http->lib.global_cleanup();
        rs_curl_close(&http->lib);
        free(http);
    }
}

int rs_http_same_origin(const struct rs_http *http, const char *a, const char *b)
{
    struct rs_url_origin x, y = {NULL, NULL, NULL, NULL};
    bool same = rs_url_origin_parse(&http->lib, a, &x) && rs_url_origin_parse(&http->lib, b, &y) &&
                strcmp(x.scheme, y.scheme) == 0 && strcmp(x.host, y.host) == 0 &&
                strcmp(x.port, y.port) == 0;
    rs_url_origin_release(&http->lib, &x);
    rs_url_origin_release(&http->lib, &y);
    return same ? 1 : 0;
}

static enum rs_status check_url(const struct rs_http *http, const char *url,
                                struct rs_url_origin *out, struct rs_error *err)
{
    if (!rs_url_origin_parse(&http->lib, url, out)) {
        return rs_fail(err, RS_EUSAGE, "'%.200s' is no URL", url);
    }
    if (out->user != NULL) {
        return rs_fail(err, RS_EUSAGE, "a URL with a user's name is not fetched");
    }
    if (strcmp(out->scheme, "https") != 0 &&
        !(strcmp(out->scheme, "http") == 0 && rs_url_is_own_machine(out->host))) {
        return rs_fail(err, RS_EUSAGE, "'%.200s' is not https", url);
    }
    return RS_OK;
}

struct transfer { /* one answer on its way */
    const struct rs_http_request *request;
    const struct rs_http *http;
    int64_t received;
    bool too_long;
    enum rs_status rc; /* of `take` */
    struct rs_error *err;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *payload)
{
    struct transfer *t = payload;
    size_t length = size * count; /* size is 1 always */
    long code = 0;
    t->http->lib.easy_getinfo(t->http->curl, CURLINFO_RESPONSE_CODE, &code);
    t->too_long = (int64_t)length > t->request->size_limit - t->received;
    if (t->too_long) {
        return 0;
    }
    t->received += (int64_t)length;
    if (code == 200) {
        t->rc = t->request->take(t->request->payload, bytes, length, t->err);
    }
    return t->rc == RS_OK ? length : 0;
}

static bool set_up(const struct rs_http *http, struct transfer *t, const char *url,
                   const struct rs_url_origin *origin, char *detail)
{
    CURL *c = http->curl;
    http->lib.easy_reset(c); /* the connection stays */
    detail[0] = '\0';
    return http->lib.easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_PROTOCOLS_STR, origin->scheme) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_HTTPHEADER, http->headers) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_USERAGENT, "rightsize/" RS_VERSION) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)RS_HTTP_CONNECT_SECONDS) ==
               CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_TIMEOUT, (long)t->request->timeout) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1000L) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)RS_HTTP_STALL_SECONDS) ==
               CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_ERRORBUFFER, detail) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           http->lib.easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
           (!rs_url_is_own_machine(origin->host) ||
            http->lib.easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK);
}

/* One request; *redirect is where the answer sends us, owned by curl, or NULL. */
static enum rs_status fetch_once(struct rs_http *http, const struct rs_http_request *request,
                                 const char *url, const struct rs_url_origin *origin,
                                 char **redirect, struct rs_error *err)
{
    char detail[CURL_ERROR_SIZE];
    struct transfer t = {request, http, 0, false, RS_OK, err};
    long code = 0;
    *redirect = NULL;
    if (!set_up(http, &t, url, origin, detail)) {
        return rs_fail(err, RS_EIO, "%s: libcurl refuses a setting", origin->host);
    }
    CURLcode result = http->lib.easy_perform(http->curl);
    http->lib.easy_setopt(http->curl, CURLOPT_ERRORBUFFER, NULL);
    if (t.rc != RS_OK) {
        return t.rc;
    }
    if (t.too_long) {
        return rs_fail(err, RS_EIO, "%s: the answer is longer than %lld bytes", origin->host,
                       (long long)request->size_limit);
    }
    if (result != CURLE_OK) {
        return rs_fail(err, RS_EIO, "%s: %s", origin->host,
                       detail[0] != '\0' ? detail : http->lib.easy_strerror(result));
    }
    http->lib.easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &code);
    http->lib.easy_getinfo(http->curl, CURLINFO_REDIRECT_URL, redirect);
    if (code == 200 || *redirect != NULL) {
        *redirect = code == 200 ? NULL : *redirect;
        return RS_OK;
    }
    return rs_fail(err, RS_EIO, "%s: answers %ld", origin->host, code);
}

enum rs_status rs_http_fetch(struct rs_http *http, const struct rs_http_request *request,
                             struct rs_error *err)
{
    char *url = NULL, *redirect = NULL;
    struct rs_url_origin origin = {NULL, NULL, NULL, NULL};
    enum rs_status rc = check_url(http, request->url, &origin, err);
    for (int hop = 0; rc == RS_OK; hop++) {
        rc = fetch_once(http, request, url != NULL ? url : request->url, &origin, &redirect, err);
        if (rc != RS_OK || redirect == NULL) {
            break;
        }
        if (hop == RS_HTTP_REDIRECTS || !rs_http_same_origin(http, request->url, redirect)) {
            rc = rs_fail(err, RS_EIO, "%s: redirects %s'%.200s', which is not followed",
                         origin.host, hop == RS_HTTP_REDIRECTS ? "once more to " : "to ", redirect);
            break;
        }
        char *next = malloc(strlen(redirect) + 1); /* the next request would free it */
        if (next == NULL) {
            rc = rs_fail(err, RS_ENOMEM, "out of memory for a URL");
            break;
        }
        memcpy(next, redirect, strlen(redirect) + 1);
        free(url);
        url = next;
    }
    free(url);
    rs_url_origin_release(&http->lib, &origin);
    return rc;
}
