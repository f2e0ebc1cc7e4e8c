/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/status.h"

#include "../support/check.h"

static void a_failure_fills_the_error_and_is_its_status(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_fail(&err, RS_EIO, "cannot open '%s'", "x"), RS_EIO);
    assert_int_equal(err.code, RS_EIO);
    assert_string_equal(err.text, "cannot open 'x'");
    assert_int_equal(rs_fail(&err, RS_EINPUT, "again: %s", err.text), RS_EINPUT);
    assert_string_equal(err.text, "again: cannot open 'x'");
}

static void where_it_happened_goes_in_front(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_fail(&err, RS_EINPUT, "line 3: not JSON"), RS_EINPUT);
    assert_int_equal(rs_fail_where(&err, "'%s'", "week.json"), RS_EINPUT);
    assert_string_equal(err.text, "'week.json': line 3: not JSON");
}

static void long_messages_are_cut_off(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    char name[2000];
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(rs_fail(&err, RS_EINPUT, "%s", name), RS_EINPUT);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_int_equal(rs_fail_where(&err, "%s", name), RS_EINPUT);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void statuses_become_exit_codes(void **state)
{
    (void)state;
    static const struct {
        enum rs_status status;
        int code;
    } rows[] = {{RS_OK, 0},       {RS_EUSAGE, 2}, {RS_EINPUT, 1}, {RS_ENODATA, 3},
                {RS_EPARTIAL, 3}, {RS_EIO, 1},    {RS_ENOMEM, 1}, {RS_ECREDENTIALS, 4}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rs_status_exit_code(rows[i].status), rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_fills_the_error_and_is_its_status),
        cmocka_unit_test(where_it_happened_goes_in_front),
        cmocka_unit_test(long_messages_are_cut_off),
        cmocka_unit_test(statuses_become_exit_codes),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
