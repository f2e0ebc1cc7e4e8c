/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/json.h"

#include "../support/check.h"

static cJSON *parse(const char *text)
{
    struct rs_error err = {RS_OK, ""};
    cJSON *tree = NULL;
    check_ok(rs_json_parse(text, strlen(text), &tree, &err));
    return tree;
}

static void a_whole_text_is_one_value(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "line 1: not JSON"},
        {"{\n\"a\": 1,\n}", "line 3: not JSON"},
        {"{\"a\": 1", "not JSON"},
        {"{} {}", "line 1: more text after the JSON value"},
        {"{}\n\nx", "line 3: more text after the JSON value"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        cJSON *tree = NULL;
        check_fails(rs_json_parse(rows[i].text, strlen(rows[i].text), &tree, &err), RS_EINPUT,
                    rows[i].message);
        assert_null(tree);
    }
    cJSON_Delete(parse(" {\"a\": [1, 2]} \r\n\t"));
    struct rs_error err = {RS_OK, ""};
    cJSON *tree = NULL;
    check_ok(rs_json_parse("[1]garbage", 3, &tree, &err)); /* the length counts, not a NUL */
    cJSON_Delete(tree);
}

static void numbers_are_typed_and_ranged(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    cJSON *tree = parse("{\"half\": 0.5, \"text\": \"5\", \"huge\": 1e999, \"Half\": 7}");
    double got = -1;
    check_ok(rs_json_number(tree, "half", 0, 1, &got, &err));
    check_same_double(got, 0.5);
    check_fails(rs_json_number(tree, "HALF", 0, 1, &got, &err), RS_EINPUT,
                "'HALF' is missing, expected a number");
    check_fails(rs_json_number(tree, "text", 0, 9, &got, &err), RS_EINPUT,
                "'text' is not a number");
    check_fails(rs_json_number(tree, "Half", 0, 1, &got, &err), RS_EINPUT,
                "'Half' is 7, outside 0..1");
    check_fails(rs_json_number(tree, "half", 1, 2, &got, &err), RS_EINPUT, "outside 1..2");
    check_fails(rs_json_number(tree, "huge", 0, INFINITY, &got, &err), RS_EINPUT, "outside");
    check_same_double(got, 0.5);
    cJSON_Delete(tree);
}

static void integers_are_exact_or_refused(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    cJSON *tree = parse("{\"n\": -3, \"top\": 9007199254740992, \"over\": 9007199254740994, "
                        "\"half\": 1.5, \"t\": true, \"huge\": 1e999}");
    int64_t got = 0;
    check_ok(rs_json_int(tree, "n", -3, 3, &got, &err));
    assert_int_equal(got, -3);
    check_ok(rs_json_int(tree, "top", 0, INT64_MAX, &got, &err));
    assert_true(got == INT64_C(9007199254740992));
    check_fails(rs_json_int(tree, "over", 0, INT64_MAX, &got, &err), RS_EINPUT, "'over' is 9007");
    check_fails(rs_json_int(tree, "half", 0, 5, &got, &err), RS_EINPUT, "'half' is 1.5, not");
    check_fails(rs_json_int(tree, "huge", 0, 5, &got, &err), RS_EINPUT, "'huge' is inf, not");
    check_fails(rs_json_int(tree, "n", 0, 3, &got, &err), RS_EINPUT, "'n' is -3, outside 0..3");
    check_fails(rs_json_int(tree, "t", 0, 3, &got, &err), RS_EINPUT, "'t' is not a whole number");
    check_fails(rs_json_int(tree, "x", 0, 3, &got, &err), RS_EINPUT, "'x' is missing");
    cJSON_Delete(tree);
}

static void members_have_the_wanted_type(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    cJSON *tree = parse("{\"s\": \"x\", \"a\": [1], \"o\": {\"k\": 2}, \"z\": null}");
    const char *text = NULL;
    const cJSON *node = NULL;
    check_ok(rs_json_text(tree, "s", &text, &err));
    assert_string_equal(text, "x");
    check_ok(rs_json_array(tree, "a", &node, &err));
    assert_int_equal(cJSON_GetArraySize(node), 1);
    check_ok(rs_json_object(tree, "o", &node, &err));
    assert_non_null(rs_json_member(node, "k"));
    check_fails(rs_json_text(tree, "a", &text, &err), RS_EINPUT, "'a' is not a text");
    check_fails(rs_json_array(tree, "o", &node, &err), RS_EINPUT, "'o' is not an array");
    check_fails(rs_json_object(tree, "a", &node, &err), RS_EINPUT, "'a' is not an object");
    check_fails(rs_json_object(tree, "O", &node, &err), RS_EINPUT, "'O' is missing");
    assert_string_equal(rs_json_optional_text(tree, "s"), "x");
    assert_null(rs_json_optional_text(tree, "S"));
    assert_null(rs_json_optional_text(tree, "z"));
    assert_null(rs_json_optional_text(tree, "a"));
    assert_null(rs_json_member(tree, "S"));
    cJSON_Delete(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_text_is_one_value),
        cmocka_unit_test(numbers_are_typed_and_ranged),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(members_have_the_wanted_type),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
