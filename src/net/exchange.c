/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/exchange.h"

#include "net/origin.h"
#include "rightsize/secret.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_SECONDS 15
#define STALL_SECONDS 60

struct transfer { /* one request on its way */
    const struct rs_curl *lib;
    CURL *curl;
    struct curl_slist *headers;
    struct rs_response *response;
    size_t limit;
    bool too_long, attached;
    char detail[CURL_ERROR_SIZE];
    struct transfer *next, **link;
};

struct rs_exchange {
    struct rs_curl lib;
    CURLM *multi;
    char *ca_bundle;
    long stall;
    struct transfer *transfers;
};

enum rs_status rs_exchange_open(const struct rs_exchange_settings *settings,
                                struct rs_exchange **out, struct rs_error *err)
{
    struct rs_exchange *x = calloc(1, sizeof(*x));
    if (x == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    enum rs_status rc = rs_curl_open(&x->lib, err);
    if (rc == RS_OK && x->lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        rs_curl_close(&x->lib);
        rc = rs_fail(err, RS_EIO, "libcurl cannot be set up");
    }
    if (rc != RS_OK) {
        free(x);
        return rc;
    }
    x->multi = x->lib.multi_init();
    x->stall = settings->stall > 0 ? (long)settings->stall : STALL_SECONDS;
    x->ca_bundle = settings->ca_bundle != NULL ? strdup(settings->ca_bundle) : NULL;
    if (x->multi == NULL || (settings->ca_bundle != NULL && x->ca_bundle == NULL)) {
        rs_exchange_close(x);
        return rs_fail(err, RS_EIO, "libcurl cannot be set up");
    }
    *out = x;
    return RS_OK;
}

void rs_response_free(struct rs_response *response)
{
    if (response != NULL) {
        rs_secret_release(&response->body);
        free(response);
    }
}

static void wipe_headers(const struct rs_curl *lib, struct curl_slist *headers)
{
    for (struct curl_slist *h = headers; h != NULL; h = h->next) {
        rs_secret_wipe(h->data, strlen(h->data));
    }
    lib->slist_free_all(headers);
}

static void drop(struct rs_exchange *x, struct transfer *t)
{
    if (t->attached) {
        x->lib.multi_remove_handle(x->multi, t->curl);
    }
    if (t->link != NULL) {
        *t->link = t->next;
        if (t->next != NULL) {
            t->next->link = t->link;
        }
    }
    t->lib->easy_cleanup(t->curl);
    wipe_headers(t->lib, t->headers);
    rs_response_free(t->response);
    free(t);
}

void rs_exchange_cancel(struct rs_exchange *x)
{
    while (x->transfers != NULL) {
        drop(x, x->transfers);
    }
}

void rs_exchange_close(struct rs_exchange *x)
{
    if (x != NULL) {
        rs_exchange_cancel(x);
        x->lib.multi_cleanup(x->multi);
        x->lib.global_cleanup();
        rs_curl_close(&x->lib);
        free(x->ca_bundle);
        free(x);
    }
}

static size_t on_body(char *bytes, size_t size, size_t count, void *payload)
{
    struct transfer *t = payload;
    size_t length = size * count; /* size is 1 always */
    t->too_long = length > t->limit - t->response->body.length;
    if (t->too_long) {
        return 0;
    }
    rs_buffer_append(&t->response->body, bytes, length);
    return t->response->body.failed ? 0 : length;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *payload)
{
    struct transfer *t = payload;
    size_t length = size * count;
    char date[64];
    if (length > 5 && length < sizeof(date) && strncmp(bytes, "HTTP/", 5) == 0) {
        t->response->date = -1; /* an answer 100 or of a proxy came before */
    }
    if (length > 6 && length < sizeof(date) + 6 &&
        (strncmp(bytes, "Date: ", 6) == 0 || strncmp(bytes, "date: ", 6) == 0)) {
        memcpy(date, bytes + 6, length - 6);
        date[length - 6] = '\0';
        t->response->date = (int64_t)t->lib->getdate(date, NULL);
    }
    return length;
}

static enum rs_status check(const struct rs_curl *lib, const char *url, bool link_local,
                            struct rs_url_origin *origin, struct rs_error *err)
{
    *origin = (struct rs_url_origin){NULL, NULL, NULL, NULL};
    if (strchr(url, '@') != NULL) { /* before anything is shown: a password may stand there */
        return rs_fail(err, RS_EUSAGE, "a URL that names a user is not asked");
    }
    if (!rs_url_origin_parse(lib, url, origin)) {
        return rs_fail(err, RS_EUSAGE, "'%.200s' is no URL", url);
    }
    bool near =
        rs_url_is_own_machine(origin->host) || (link_local && rs_url_is_link_local(origin->host));
    if (strcmp(origin->scheme, "https") != 0 && !(strcmp(origin->scheme, "http") == 0 && near)) {
        return rs_fail(err, RS_EUSAGE, "'%.200s' is not https", url);
    }
    return RS_OK;
}

enum rs_status rs_exchange_check_url(const char *url, bool link_local, struct rs_error *err)
{
    struct rs_curl lib;
    enum rs_status rc = rs_curl_open(&lib, err);
    if (rc == RS_OK) {
        struct rs_url_origin origin;
        rc = check(&lib, url, link_local, &origin, err);
        rs_url_origin_release(&lib, &origin);
        rs_curl_close(&lib);
    }
    return rc;
}

static bool set_headers(struct transfer *t, const struct rs_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        struct curl_slist *more = t->lib->slist_append(t->headers, request->headers[i]);
        if (more == NULL) {
            return false;
        }
        t->headers = more;
    }
    return t->lib->easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK;
}

static bool set_method(const struct rs_curl *lib, CURL *c, const struct rs_request *request)
{
    if (strcmp(request->method, "GET") == 0) {
        return lib->easy_setopt(c, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    }
    /* PUT too: the tokens of IMDSv2 are asked for with an empty body. */
    return lib->easy_setopt(c, CURLOPT_POSTFIELDS, request->body != NULL ? request->body : "") ==
               CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length) ==
               CURLE_OK &&
           (strcmp(request->method, "POST") == 0 ||
            lib->easy_setopt(c, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK);
}

static bool set_signature(const struct rs_curl *lib, CURL *c, const struct rs_signature *signature)
{
    if (signature == NULL) {
        return true;
    }
    struct rs_buffer scope;
    rs_buffer_init(&scope);
    rs_buffer_printf(&scope, "aws:amz:%s:%s", signature->region, signature->service);
    bool good = !scope.failed && lib->easy_setopt(c, CURLOPT_AWS_SIGV4, scope.data) == CURLE_OK &&
                lib->easy_setopt(c, CURLOPT_USERNAME, signature->key) == CURLE_OK &&
                lib->easy_setopt(c, CURLOPT_PASSWORD, signature->secret) == CURLE_OK;
    rs_buffer_release(&scope);
    return good;
}

static bool set_limits(const struct rs_exchange *x, struct transfer *t,
                       const struct rs_request *request)
{
    const struct rs_curl *lib = t->lib;
    CURL *c = t->curl;
    return lib->easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (x->ca_bundle == NULL ||
            lib->easy_setopt(c, CURLOPT_CAINFO, x->ca_bundle) == CURLE_OK) &&
           lib->easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                            request->timeout_ms > 0 ? (long)request->timeout_ms
                                                    : CONNECT_SECONDS * 1000L) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_LOW_SPEED_TIME, x->stall) == CURLE_OK;
}

static bool set_up(const struct rs_exchange *x, struct transfer *t,
                   const struct rs_request *request, const struct rs_url_origin *origin)
{
    const struct rs_curl *lib = t->lib;
    CURL *c = t->curl;
    bool direct = request->link_local || rs_url_is_own_machine(origin->host);
    return lib->easy_setopt(c, CURLOPT_URL, request->url) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_PROTOCOLS_STR, origin->scheme) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_USERAGENT, "rightsize/" RS_VERSION) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_ERRORBUFFER, t->detail) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_HEADERDATA, t) == CURLE_OK &&
           lib->easy_setopt(c, CURLOPT_PRIVATE, t) == CURLE_OK &&
           (!direct || lib->easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK) &&
           set_limits(x, t, request) && set_method(lib, c, request) && set_headers(t, request) &&
           set_signature(lib, c, request->signature);
}

static enum rs_status prepare(struct rs_exchange *x, const struct rs_request *request, void *tag,
                              struct transfer **out, struct rs_error *err)
{
    struct rs_url_origin origin;
    enum rs_status rc = check(&x->lib, request->url, request->link_local, &origin, err);
    struct transfer *t = rc == RS_OK ? calloc(1, sizeof(*t)) : NULL;
    if (rc == RS_OK && t != NULL) {
        t->lib = &x->lib;
        t->curl = x->lib.easy_init();
        t->response = calloc(1, sizeof(*t->response));
        t->limit = request->limit;
    }
    if (rc == RS_OK && (t == NULL || t->curl == NULL || t->response == NULL)) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a request");
    }
    if (rc == RS_OK) {
        rs_buffer_init(&t->response->body);
        t->response->tag = tag;
        t->response->date = -1;
        if (!set_up(x, t, request, &origin)) {
            rc = rs_fail(err, RS_EIO, "%s: libcurl refuses a setting", origin.host);
        }
    }
    rs_url_origin_release(&x->lib, &origin);
    if (rc != RS_OK && t != NULL) {
        t->lib->easy_cleanup(t->curl);
        wipe_headers(t->lib, t->headers);
        free(t->response);
        free(t);
        t = NULL;
    }
    *out = t;
    return rc;
}

static void conclude(struct transfer *t, CURLcode result)
{
    struct rs_response *r = t->response;
    t->lib->easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &r->status);
    if (result == CURLE_OK) {
        return;
    }
    r->status = 0;
    r->untrusted = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
                   result == CURLE_SSL_ISSUER_ERROR;
    const char *why = t->detail[0] != '\0' ? t->detail : t->lib->easy_strerror(result);
    size_t length = strlen(why);
    if (t->too_long) {
        why = "the answer is too long";
        length = strlen(why);
    }
    length = length < sizeof(r->fault) - 1 ? length : sizeof(r->fault) - 1;
    memcpy(r->fault, why, length);
    r->fault[length] = '\0';
}

static struct rs_response *take_response(struct transfer *t)
{
    struct rs_response *r = t->response;
    t->response = NULL;
    return r;
}

enum rs_status rs_exchange_start(struct rs_exchange *x, const struct rs_request *request, void *tag,
                                 struct rs_error *err)
{
    struct transfer *t = NULL;
    enum rs_status rc = prepare(x, request, tag, &t, err);
    if (rc != RS_OK) {
        return rc;
    }
    t->next = x->transfers;
    t->link = &x->transfers;
    if (t->next != NULL) {
        t->next->link = &t->next;
    }
    x->transfers = t;
    if (x->lib.multi_add_handle(x->multi, t->curl) != CURLM_OK) {
        drop(x, t);
        return rs_fail(err, RS_EIO, "libcurl takes no further request");
    }
    t->attached = true;
    return RS_OK;
}

static struct rs_response *next_done(struct rs_exchange *x)
{
    int left = 0;
    CURLMsg *message = x->lib.multi_info_read(x->multi, &left);
    while (message != NULL && message->msg != CURLMSG_DONE) {
        message = x->lib.multi_info_read(x->multi, &left);
    }
    if (message == NULL) {
        return NULL;
    }
    struct transfer *t = NULL;
    CURLcode result = message->data.result; /* gone once the handle is removed */
    x->lib.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
    conclude(t, result);
    struct rs_response *response = take_response(t);
    drop(x, t);
    return response;
}

enum rs_status rs_exchange_wait(struct rs_exchange *x, int64_t milliseconds,
                                struct rs_response **out, struct rs_error *err)
{
    for (;;) {
        int running = 0;
        if (x->lib.multi_perform(x->multi, &running) != CURLM_OK) {
            return rs_fail(err, RS_EIO, "libcurl has lost its requests");
        }
        *out = next_done(x);
        if (*out != NULL || milliseconds <= 0) {
            return RS_OK;
        }
        int slice = milliseconds < 100 ? (int)milliseconds : 100;
        milliseconds -= slice;
        if (x->lib.multi_poll(x->multi, NULL, 0, slice, NULL) != CURLM_OK) {
            return rs_fail(err, RS_EIO, "libcurl cannot wait for its requests");
        }
    }
}

enum rs_status rs_exchange_ask(struct rs_exchange *x, const struct rs_request *request,
                               struct rs_response **out, struct rs_error *err)
{
    struct transfer *t = NULL;
    enum rs_status rc = prepare(x, request, NULL, &t, err);
    if (rc == RS_OK) {
        conclude(t, x->lib.easy_perform(t->curl));
        *out = take_response(t);
        drop(x, t);
    }
    return rc;
}
