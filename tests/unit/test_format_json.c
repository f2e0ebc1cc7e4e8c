/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/json_layout.h"
#include "../support/report_fixture.h"
#include "report/json_writer.h"
#include "rightsize/json.h"

#include <stdlib.h>
#include <sys/wait.h>

#define SCHEMA "schema/recommendations-1.schema.json"

static void (*const reports[])(struct rs_report *) = {fixture_fleet, fixture_empty, fixture_hostile,
                                                      fixture_unknown, fixture_yuan};

static cJSON *document_of(void (*make)(struct rs_report *))
{
    struct rs_error err = {RS_OK, ""};
    struct rs_page page = {.width = 80};
    struct rs_report report;
    struct rs_buffer text;
    cJSON *document = NULL;
    make(&report);
    fixture_write("json", &report, &page, &text);
    check_ok(rs_json_parse(text.data, text.length, &document, &err));
    check_layout(text.data);
    rs_buffer_release(&text);
    rs_report_release(&report);
    return document;
}

static const cJSON *member(const cJSON *object, const char *key)
{
    const cJSON *found = rs_json_member(object, key);
    if (found == NULL) {
        fail_msg("no member '%s'", key);
    }
    return found;
}

static double number(const cJSON *object, const char *key)
{
    assert_true(cJSON_IsNumber(member(object, key)));
    return member(object, key)->valuedouble;
}

static const char *text_of(const cJSON *object, const char *key)
{
    assert_true(cJSON_IsString(member(object, key)));
    return member(object, key)->valuestring;
}

static void the_members_are_those_of_the_contract(void **state)
{
    (void)state;
    cJSON *document = document_of(fixture_fleet);
    assert_string_equal(text_of(document, "schema_version"), "1.0");
    assert_string_equal(text_of(document, "generated_at"), "2026-11-28T02:00:00Z");
    assert_true(cJSON_IsNull(member(member(document, "catalog"), "region")));
    assert_string_equal(text_of(member(document, "catalog"), "provider"), "aws");
    assert_string_equal(text_of(member(document, "catalog"), "date"), "2026-07-30");
    const cJSON *summary = member(document, "summary");
    check_same_double(number(summary, "resources"), 8.0);
    check_same_double(number(member(summary, "by_finding"), "OPTIMIZED"), 3.0);
    check_same_double(number(summary, "current_monthly_usd"), 930.02);
    check_same_double(number(summary, "recommended_monthly_usd"), 573.78);
    check_same_double(number(summary, "saving_monthly_usd"), 356.24);
    const cJSON *first = cJSON_GetArrayItem(member(document, "recommendations"), 0);
    assert_string_equal(text_of(member(first, "resource"), "id"), "i-0a1b2c3d4e5f60718");
    assert_string_equal(text_of(member(member(first, "resource"), "tags"), "env"), "prod");
    check_same_double(number(member(first, "current"), "memory_mib"), 32768.0);
    check_same_double(number(member(first, "current"), "monthly_usd"), 312.44);
    assert_string_equal(text_of(first, "finding"), "OVER_PROVISIONED");
    assert_string_equal(text_of(first, "binding"), "memory");
    check_same_double(number(first, "recommended_rank"), 1.0);
    const cJSON *reason = cJSON_GetArrayItem(member(first, "reasons"), 0);
    assert_string_equal(text_of(reason, "code"), "CPUOverprovisioned");
    assert_string_equal(text_of(reason, "metric"), "cpu_percent");
    assert_string_equal(text_of(reason, "unit"), "vcpus");
    assert_string_equal(text_of(reason, "at"), "2026-11-17T10:05:00Z");
    check_near(number(reason, "value"), 1.1, 1e-12);
    check_same_double(number(reason, "limit"), 2.0);
    const cJSON *option = cJSON_GetArrayItem(member(first, "options"), 2);
    check_same_double(number(option, "rank"), 3.0);
    assert_string_equal(text_of(option, "type"), "t3.large");
    check_same_double(number(option, "monthly_usd"), 66.576);
    check_same_double(number(option, "saving_percent"), 78.6916);
    check_same_double(number(option, "lowest_credits"), 118.0);
    check_same_double(number(member(option, "projected"), "cpu"), 44.0);
    cJSON_Delete(document);
}

static void unknown_is_null_or_absent(void **state)
{
    (void)state;
    cJSON *document = document_of(fixture_unknown);
    const cJSON *first = cJSON_GetArrayItem(member(document, "recommendations"), 0);
    assert_true(cJSON_IsNull(member(member(first, "current"), "monthly_usd")));
    assert_true(cJSON_IsNull(member(member(first, "window"), "data_from")));
    assert_true(cJSON_IsNull(member(member(first, "window"), "coverage")));
    assert_true(cJSON_IsNull(member(first, "currency")));
    const cJSON *option = cJSON_GetArrayItem(member(first, "options"), 0);
    assert_int_equal(cJSON_GetArraySize(member(option, "projected")), 0);
    assert_true(cJSON_IsNull(member(option, "performance_risk")));
    const cJSON *disk = member(member(first, "demand"), "disk_iops");
    assert_true(cJSON_IsFalse(member(disk, "known")));
    assert_null(rs_json_member(disk, "used"));
    cJSON_Delete(document);
}

static void prices_in_another_currency_say_so_and_are_not_usd(void **state)
{
    (void)state;
    cJSON *document = document_of(fixture_yuan);
    const cJSON *summary = member(document, "summary");
    assert_string_equal(text_of(summary, "currency"), "CNY");
    check_same_double(number(summary, "current_monthly_cost"), 312.44);
    assert_null(rs_json_member(summary, "current_monthly_usd"));
    const cJSON *first = cJSON_GetArrayItem(member(document, "recommendations"), 0);
    assert_string_equal(text_of(first, "currency"), "CNY");
    check_same_double(number(member(first, "current"), "monthly_cost"), 312.44);
    assert_null(rs_json_member(member(first, "current"), "monthly_usd"));
    assert_string_equal(text_of(member(document, "catalog"), "region"), "cn-north-1");
    cJSON_Delete(document);
}

static void hostile_names_come_back_unchanged(void **state)
{
    (void)state;
    cJSON *document = document_of(fixture_hostile);
    const cJSON *all = member(document, "recommendations");
    static const struct {
        int i;
        const char *name;
    } rows[] = {{0, "\x1b[2J\x1b[31mred"},
                {2, "=cmd()|' /C calc'!A1"},
                {3, "say \"hi\", twice"},
                {5, "line\nbreak\r\ttab"},
                {6, "bad \xef\xbf\xbd\xef\xbf\xbd utf-8"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const cJSON *resource = member(cJSON_GetArrayItem(all, rows[i].i), "resource");
        assert_string_equal(text_of(resource, "name"), rows[i].name);
        assert_string_equal(text_of(member(resource, "tags"), rows[i].name), rows[i].name);
    }
    cJSON_Delete(document);
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    struct rs_page narrow = {.width = 40, .color = true, .unicode = true}, plain = {0};
    struct rs_report report;
    struct rs_buffer one, two;
    fixture_fleet(&report);
    fixture_write("json", &report, &narrow, &one);
    fixture_write("json", &report, &plain, &two);
    assert_string_equal(one.data, two.data);
    rs_buffer_release(&one);
    rs_buffer_release(&two);
    rs_report_release(&report);
}

/* The policy's keys belong to another room and may grow. */
static void without_policy(struct rs_buffer *text)
{
    char *begin = strstr(text->data, "  \"policy\": {");
    assert_non_null(begin);
    char *end = strstr(begin, "},\n");
    assert_non_null(end);
    memmove(begin, end + strlen("},\n"), strlen(end + strlen("},\n")) + 1);
}

static void the_fleet_looks_as_in_the_golden_file(void **state)
{
    (void)state;
    struct rs_page page = {0};
    struct rs_report report;
    struct rs_buffer text;
    fixture_fleet(&report);
    fixture_write("json", &report, &page, &text);
    without_policy(&text);
    check_golden("report-json.txt", text.data);
    rs_buffer_release(&text);
    rs_report_release(&report);
}

/* The exit status of the validator. */
static int validated(const char *document, const char *errors)
{
    fflush(NULL);
    char command[128];
    snprintf(command, sizeof(command), "python3 tests/tools/validate_json.py %s 2>%s", SCHEMA,
             errors);
    FILE *pipe = popen(command, "w");
    assert_non_null(pipe);
    fputs(document, pipe);
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void every_document_is_valid_by_the_schema(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        struct rs_page page = {0};
        struct rs_report report;
        struct rs_buffer text;
        reports[i](&report);
        fixture_write("json", &report, &page, &text);
        int exit_code = validated(text.data, "&2");
        rs_buffer_release(&text);
        rs_report_release(&report);
        if (exit_code == 77 || exit_code == 127) {
            skip();
        }
        assert_int_equal(exit_code, 0);
    }
}

static void the_schema_refuses_what_is_not_promised(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to; /* of equal length */
    } rows[] = {{"\"finding\": \"OVER_PROVISIONED\"", "\"finding\": \"VERY_PROVISIONED\""},
                {"\"schema_version\": \"1.0\"", "\"schema_version\": \"1.1\""},
                {"\"monthly_usd\": 312.44", "\"monthly_eur\": 312.44"},
                {"\"at\": \"2026-11-17T10", "\"at\": \"2026-11-17 10"},
                {"\"known\": true", "\"known\": null"},
                {"\"platform_differences\"", "\"platform_differencez\""},
                {"\"resources\": 8", "\"resources\":-8"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_page page = {0};
        struct rs_report report;
        struct rs_buffer text;
        fixture_fleet(&report);
        fixture_write("json", &report, &page, &text);
        char *place = strstr(text.data, rows[i].from);
        assert_non_null(place);
        memcpy(place, rows[i].to, strlen(rows[i].to));
        int exit_code = validated(text.data, "/dev/null");
        rs_buffer_release(&text);
        rs_report_release(&report);
        if (exit_code == 77 || exit_code == 127) {
            skip();
        }
        assert_int_equal(exit_code, 1);
    }
}

static void the_writer_nests_and_escapes(void **state)
{
    (void)state;
    struct rs_buffer out;
    struct rs_writer w;
    rs_buffer_init(&out);
    rs_writer_init(&w, &out);
    rs_writer_object(&w, NULL);
    rs_writer_array(&w, "empty");
    rs_writer_end(&w);
    rs_writer_row(&w, "bare");
    rs_writer_end(&w);
    rs_writer_outside(&w, "a\"b", "c\nd");
    rs_writer_text(&w, "none", NULL);
    rs_writer_list(&w, "numbers");
    rs_writer_number(&w, NULL, 0.1);
    rs_writer_number(&w, NULL, -0.0);
    rs_writer_number(&w, NULL, NAN);
    rs_writer_number(&w, NULL, INFINITY);
    rs_writer_rounded(&w, NULL, 102.93000000000001);
    rs_writer_rounded(&w, NULL, -0.00001);
    rs_writer_count(&w, NULL, INT64_MIN);
    rs_writer_end(&w);
    rs_writer_bool(&w, "yes", true);
    rs_writer_array(&w, "rows");
    rs_writer_row(&w, NULL);
    rs_writer_when(&w, "at", 0);
    rs_writer_when(&w, "never", -1);
    rs_writer_outside(&w, "k", "v");
    rs_writer_end(&w);
    rs_writer_row(&w, NULL);
    rs_writer_end(&w);
    rs_writer_end(&w);
    rs_writer_end(&w);
    assert_string_equal(out.data,
                        "{\n  \"empty\": [],\n  \"bare\": {},\n  \"a\\\"b\": \"c\\nd\",\n"
                        "  \"none\": null,\n"
                        "  \"numbers\": [0.1, 0, null, null, 102.93, 0, -9223372036854775808],\n"
                        "  \"yes\": true,\n  \"rows\": [\n"
                        "    {\"at\": \"1970-01-01T00:00:00Z\", \"never\": null, \"k\": \"v\"},\n"
                        "    {}\n  ]\n}\n");
    check_layout(out.data);
    rs_buffer_release(&out);
}

static void what_nests_nothing_stands_on_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        cJSON_Delete(document_of(reports[i])); /* which looks at the layout */
    }
}

static void rounding_keeps_four_decimals(void **state)
{
    (void)state;
    static const struct {
        double value, want;
    } rows[] = {{0.00005, 0.0001},
                {312.44000000000005, 312.44},
                {-1.23456, -1.2346},
                {1e300, 1e300},
                {0.0, 0.0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_same_double(rs_round4(rows[i].value), rows[i].want);
    }
    assert_true(isnan(rs_round4(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_members_are_those_of_the_contract),
        cmocka_unit_test(unknown_is_null_or_absent),
        cmocka_unit_test(prices_in_another_currency_say_so_and_are_not_usd),
        cmocka_unit_test(hostile_names_come_back_unchanged),
        cmocka_unit_test(the_same_report_gives_the_same_bytes),
        cmocka_unit_test(the_fleet_looks_as_in_the_golden_file),
        cmocka_unit_test(every_document_is_valid_by_the_schema),
        cmocka_unit_test(the_schema_refuses_what_is_not_promised),
        cmocka_unit_test(the_writer_nests_and_escapes),
        cmocka_unit_test(what_nests_nothing_stands_on_one_line),
        cmocka_unit_test(rounding_keeps_four_decimals),
    };
    return cmocka_run_group_tests_name("format_json", tests, NULL, NULL);
}
