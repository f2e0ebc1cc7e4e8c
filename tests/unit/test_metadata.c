/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/metadata_call.h"

#include "../support/check.h"

#include <string.h>

static void answers_are_words_or_the_end_of_a_path(void **state)
{
    static const struct {
        enum rs_metadata_field field;
        const char *text, *want, *region;
    } rows[] = {
        {RS_METADATA_ID, "i-0123456789abcdef0", "i-0123456789abcdef0", ""},
        {RS_METADATA_ID, "4520031799277581759", "4520031799277581759", ""},
        {RS_METADATA_TYPE, "m5.large", "m5.large", ""},
        {RS_METADATA_TYPE, "projects/123/machineTypes/n2-standard-4", "n2-standard-4", ""},
        {RS_METADATA_NAME, "web-1", "web-1", ""},
        {RS_METADATA_NAME, "two words", "", ""},
        {RS_METADATA_NAME, "\xc3\xa4", "", ""},
        {RS_METADATA_NAME, "", "", ""},
        {RS_METADATA_ZONE, "eu-central-1b", "eu-central-1b", "eu-central-1"},
        {RS_METADATA_ZONE, "us-west-2-lax-1a", "us-west-2-lax-1a", "us-west-2"},
        {RS_METADATA_ZONE, "projects/123/zones/europe-west12-b", "europe-west12-b",
         "europe-west12"},
        {RS_METADATA_ZONE, "nowhere", "nowhere", "nowhere"},
        {RS_METADATA_ZONE, "a/", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_metadata m = {{0}, {0}, {0}, {0}, {0}};
        const char *const fields[] = {m.id, m.type, m.zone, m.name};
        rs_metadata_take(&m, rows[i].field, rows[i].text);
        assert_string_equal(fields[rows[i].field], rows[i].want);
        assert_string_equal(m.region, rows[i].region);
    }
}

static void an_answer_that_does_not_fit_is_none(void **state)
{
    (void)state;
    struct rs_metadata m = {{0}, {0}, {0}, {0}, {0}};
    char text[129];
    memset(text, '7', 128);
    text[128] = '\0';
    rs_metadata_take(&m, RS_METADATA_ID, text);
    assert_string_equal(m.id, "");
    rs_metadata_take(&m, RS_METADATA_ZONE, text);
    assert_string_equal(m.zone, "");
    assert_string_equal(m.region, "");
    text[127] = '\0';
    rs_metadata_take(&m, RS_METADATA_ID, text);
    assert_string_equal(m.id, text);
}

static void azure_says_all_in_one_document(void **state)
{
    static const char text[] =
        "{\"compute\":{\"location\":\"westeurope\",\"name\":\"db-1\",\"vmId\":"
        "\"02aab8a4-74ef-476e-8182-f6d2ba4166a6\",\"vmSize\":\"Standard_D4s_v5\",\"zone\":"
        "\"1\"},\"network\":{\"interface\":[]}}";
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_metadata m = {{0}, {0}, {0}, {0}, {0}};
    check_ok(rs_metadata_take_azure(&m, text, strlen(text), &err));
    assert_string_equal(m.id, "02aab8a4-74ef-476e-8182-f6d2ba4166a6");
    assert_string_equal(m.type, "Standard_D4s_v5");
    assert_string_equal(m.region, "westeurope");
    assert_string_equal(m.name, "db-1");
}

static void what_is_not_azures_document_is_refused(void **state)
{
    static const char *const rows[] = {"", "{", "[]", "{\"compute\":7}", "<html>"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_metadata m = {{0}, {0}, {0}, {0}, {0}};
        assert_int_equal(rs_metadata_take_azure(&m, rows[i], strlen(rows[i]), &err), RS_EINPUT);
    }
    struct rs_error err = {RS_OK, ""};
    struct rs_metadata m = {{0}, {0}, {0}, {0}, {0}};
    check_ok(rs_metadata_take_azure(&m, "{\"compute\":{\"vmId\":1}}", 22, &err));
    assert_string_equal(m.id, "");
}

static void only_a_cloud_is_asked_and_only_nearby(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_metadata m;
    check_fails(rs_metadata_read("local", NULL, &m, &err), RS_ENODATA, "'local'");
    err = (struct rs_error){RS_OK, ""};
    check_fails(rs_metadata_read("gcp", "http://192.0.2.1", &m, &err), RS_EUSAGE, "");
    err = (struct rs_error){RS_OK, ""}; /* nobody listens on the port of the discard service */
    check_fails(rs_metadata_read("azure", "http://127.0.0.1:9/", &m, &err), RS_ENODATA, "azure");
    err = (struct rs_error){RS_OK, ""};
    check_fails(rs_metadata_read("aws", "http://127.0.0.1:9", &m, &err), RS_ENODATA, "aws");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_words_or_the_end_of_a_path),
        cmocka_unit_test(an_answer_that_does_not_fit_is_none),
        cmocka_unit_test(azure_says_all_in_one_document),
        cmocka_unit_test(what_is_not_azures_document_is_refused),
        cmocka_unit_test(only_a_cloud_is_asked_and_only_nearby),
    };
    return cmocka_run_group_tests_name("metadata", tests, NULL, NULL);
}
