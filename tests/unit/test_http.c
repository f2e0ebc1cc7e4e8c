/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs no server; tests/e2e/50-catalog.sh has one. */
#include "rightsize/http.h"

#include "../support/check.h"

static enum rs_status take(void *payload, const char *bytes, size_t length, struct rs_error *err)
{
    (void)payload;
    (void)bytes;
    (void)length;
    (void)err;
    return RS_OK;
}

static void refuses_urls_before_it_connects(void **state)
{
    static const struct {
        const char *url;
        enum rs_status status;
        const char *says;
    } cases[] = {
        {"http://192.0.2.1/x", RS_EUSAGE, "is not https"},
        {"http://localhost.example/x", RS_EUSAGE, "is not https"},
        {"http://127.0.0.1.example/x", RS_EUSAGE, "is not https"},
        {"ftp://127.0.0.1/x", RS_EUSAGE, "is not https"},
        {"file:///etc/hostname", RS_EUSAGE, "file"},
        {"https://me:secret@127.0.0.1/x", RS_EUSAGE, "user's name"},
        {"not a url", RS_EUSAGE, "is no URL"},
        {"", RS_EUSAGE, "is no URL"},
        {"http://127.0.0.1:1/x", RS_EIO, "127.0.0.1: "}, /* nobody listens there */
    };
    struct rs_error err = {RS_OK, ""};
    struct rs_http *http = NULL;
    (void)state;
    check_ok(rs_http_open(&http, &err));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rs_http_request request = {cases[i].url, 1000, 10, take, NULL};
        check_fails(rs_http_fetch(http, &request, &err), cases[i].status, cases[i].says);
    }
    rs_http_close(http);
    rs_http_close(NULL);
}

static void an_origin_is_scheme_host_and_port(void **state)
{
    (void)state;
    struct rs_http *http = NULL;
    struct rs_error err;
    assert_int_equal(rs_http_open(&http, &err), RS_OK);
    assert_true(rs_http_same_origin(http, "https://a.example/x", "https://a.example:443/y?z"));
    assert_false(rs_http_same_origin(http, "https://a.example/", "https://b.example/"));
    assert_false(rs_http_same_origin(http, "https://a.example/", "http://a.example/"));
    assert_false(rs_http_same_origin(http, "https://a.example/", "https://a.example:444/"));
    assert_false(rs_http_same_origin(http, "https://a.example/", "/relative"));
    rs_http_close(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_urls_before_it_connects),
        cmocka_unit_test(an_origin_is_scheme_host_and_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
