/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs no server: which URLs are asked at all, and who does not answer. */
#include "rightsize/exchange.h"

#include "../support/check.h"
#include "rightsize/secret.h"

#include <stdlib.h>

static void only_what_may_be_asked_is_asked(void **state)
{
    static const struct {
        const char *url;
        enum rs_status wide, near; /* without and with leave for link-local addresses */
    } rows[] = {{"https://ec2.us-east-1.amazonaws.com/", RS_OK, RS_OK},
                {"http://127.0.0.1:5000", RS_OK, RS_OK},
                {"http://localhost", RS_OK, RS_OK},
                {"http://[::1]:80/", RS_OK, RS_OK},
                {"http://169.254.169.254/latest", RS_EUSAGE, RS_OK},
                {"http://169.254.170.2/v2", RS_EUSAGE, RS_OK},
                {"http://[fd00:ec2::254]/", RS_EUSAGE, RS_OK},
                {"http://169.254.evil.example/", RS_EUSAGE, RS_EUSAGE},
                {"http://127.0.0.1.evil.example/", RS_EUSAGE, RS_EUSAGE},
                {"http://example.com", RS_EUSAGE, RS_EUSAGE},
                {"ftp://127.0.0.1/", RS_EUSAGE, RS_EUSAGE},
                {"file:///etc/passwd", RS_EUSAGE, RS_EUSAGE},
                {"https://user:hidden@host/", RS_EUSAGE, RS_EUSAGE},
                {"https://user:hid den@host/", RS_EUSAGE, RS_EUSAGE},
                {"", RS_EUSAGE, RS_EUSAGE}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        assert_int_equal(rs_exchange_check_url(rows[i].url, false, &err), rows[i].wide);
        assert_int_equal(rs_exchange_check_url(rows[i].url, true, &err), rows[i].near);
        assert_null(strstr(err.text, "hidden"));
        assert_null(strstr(err.text, "hid den"));
    }
}

static void nobody_there_is_a_response_with_a_fault(void **state)
{
    struct rs_exchange *x = NULL;
    struct rs_response *r = NULL;
    struct rs_error err = {RS_OK, ""};
    const struct rs_exchange_settings settings = {.stall = 1};
    const struct rs_request request = {.method = "POST",
                                       .url = "http://127.0.0.1:1/",
                                       .body = "x",
                                       .length = 1,
                                       .timeout_ms = 2000,
                                       .limit = 100};
    int tag = 0;
    (void)state;
    check_ok(rs_exchange_open(&settings, &x, &err));
    check_ok(rs_exchange_ask(x, &request, &r, &err));
    assert_int_equal(r->status, 0);
    assert_true(r->fault[0] != '\0');
    assert_false(r->untrusted);
    rs_response_free(r);
    r = NULL;
    check_ok(rs_exchange_start(x, &request, &tag, &err));
    for (int i = 0; i < 50 && r == NULL; i++) {
        check_ok(rs_exchange_wait(x, 100, &r, &err));
    }
    assert_non_null(r);
    assert_ptr_equal(r->tag, &tag);
    rs_response_free(r);
    check_ok(rs_exchange_start(x, &request, &tag, &err));
    rs_exchange_cancel(x);
    check_ok(rs_exchange_wait(x, 0, &r, &err));
    assert_null(r);
    rs_exchange_close(x);
}

static void secrets_are_overwritten(void **state)
{
    char text[] = "secret";
    struct rs_buffer b;
    (void)state;
    rs_secret_wipe(text, 3);
    assert_memory_equal(text, "\0\0\0ret", 7);
    rs_buffer_init(&b);
    rs_secret_release(&b);
    rs_buffer_text(&b, "secret");
    rs_secret_release(&b);
    assert_int_equal(b.length, 0);
    rs_secret_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_may_be_asked_is_asked),
        cmocka_unit_test(nobody_there_is_a_response_with_a_fault),
        cmocka_unit_test(secrets_are_overwritten),
    };
    return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
