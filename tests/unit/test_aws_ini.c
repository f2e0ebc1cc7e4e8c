/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_ini.h"

#include "../support/check.h"

#include <stdlib.h>

static const char text[] = "\xEF\xBB\xBF# comment = none\n"
                           "[default]\r\n"
                           "region = us-east-1 ; note\r\n"
                           "output=json\n"
                           "\n"
                           "[profile with]\n"
                           "  indented_first = yes\n"
                           "s3 =\n"
                           "    max_concurrent_requests = 20\n"
                           "    region = nested\n"
                           "aws_secret_access_key = a=b:c#d;e\n"
                           "AWS_Session_Token: FwoG/+==\n"
                           "; another = comment\n"
                           "[profile \"with space\"]\n"
                           "region = eu-west-1\n"
                           "empty =\n"
                           "[ Mixed ]\n"
                           "region = a\n"
                           "region = b\n";

static struct rs_aws_ini *parse(const char *bytes, size_t length)
{
    struct rs_aws_ini *ini = NULL;
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_aws_ini_parse(bytes, length, &ini, &err));
    return ini;
}

static void keys_are_read_as_botocore_reads_them(void **state)
{
    static const struct {
        const char *section, *key, *want;
    } rows[] = {{"default", "region", "us-east-1 ; note"},
                {"default", "REGION", "us-east-1 ; note"},
                {"default", "output", "json"},
                {"Default", "output", NULL},
                {"profile with", "indented_first", "yes"},
                {"profile with", "region", NULL},
                {"profile with", "max_concurrent_requests", NULL},
                {"profile with", "aws_secret_access_key", "a=b:c#d;e"},
                {"profile with", "aws_session_token", "FwoG/+=="},
                {"profile with space", "region", "eu-west-1"},
                {"profile with space", "empty", NULL},
                {"Mixed", "region", "b"}};
    (void)state;
    struct rs_aws_ini *ini = parse(text, sizeof(text) - 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = rs_aws_ini_get(ini, rows[i].section, rows[i].key);
        if (rows[i].want == NULL) {
            assert_null(got);
        } else {
            assert_non_null(got);
            assert_string_equal(got, rows[i].want);
        }
    }
    assert_true(rs_aws_ini_has(ini, "profile with space"));
    assert_false(rs_aws_ini_has(ini, "comment"));
    rs_aws_ini_free(ini);
}

static void a_long_line_is_kept_whole(void **state)
{
    (void)state;
    size_t length = 100000;
    char *line = malloc(length + 64);
    assert_non_null(line);
    int at = snprintf(line, 64, "[a]\nkey = ");
    memset(line + at, 'x', length);
    struct rs_aws_ini *ini = parse(line, (size_t)at + length);
    assert_int_equal(strlen(rs_aws_ini_get(ini, "a", "key")), length);
    rs_aws_ini_free(ini);
    free(line);
}

static void what_cannot_be_read_is_named_by_line_and_never_shown(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *says;
    } rows[] = {{"region = hidden\n", 0, "line 1: a key stands before the first section"},
                {"[a]\nhidden\n", 0, "line 2: expected a section or 'key = value'"},
                {"[a]\nb = 1\n= hidden\n", 0, "line 3: expected a section"},
                {"[hidden\n", 0, "line 1: a section has no ']'"},
                {"[a]\nb = \0hidden\n", 15, "it is not text"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_aws_ini *ini = NULL;
        struct rs_error err = {RS_OK, ""};
        size_t length = rows[i].length > 0 ? rows[i].length : strlen(rows[i].text);
        check_fails(rs_aws_ini_parse(rows[i].text, length, &ini, &err), RS_EINPUT, rows[i].says);
        assert_null(ini);
        assert_null(strstr(err.text, "hidden"));
    }
}

static void a_file_that_is_not_there_is_empty(void **state)
{
    (void)state;
    struct rs_aws_ini *ini = NULL;
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_aws_ini_read("/nonexistent/.aws/config", &ini, &err));
    assert_null(rs_aws_ini_get(ini, "default", "region"));
    rs_aws_ini_free(ini);
    ini = NULL;
    check_fails(rs_aws_ini_read("/", &ini, &err), RS_EIO, "/");
    assert_null(ini);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_read_as_botocore_reads_them),
        cmocka_unit_test(a_long_line_is_kept_whole),
        cmocka_unit_test(what_cannot_be_read_is_named_by_line_and_never_shown),
        cmocka_unit_test(a_file_that_is_not_there_is_empty),
    };
    return cmocka_run_group_tests_name("aws_ini", tests, NULL, NULL);
}
