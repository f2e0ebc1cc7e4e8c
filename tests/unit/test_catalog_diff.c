/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/catalog_diff.h"

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdlib.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "{\"format\": \"rightsize-catalog\", \"version\": 1, \"kind\": \"prices\", "                   \
    "\"provider\": \"aws\", \"region\": \"xx\", "

static void put(char *path, size_t size, const char *text)
{
    int fd = mkstemp(scratch_name(path, size, "diff"));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static void collect(void *payload, const struct rs_catalog_difference *d)
{
    static const char *const marks = "+-~$";
    rs_buffer_printf(payload, "%c%s", marks[d->change], d->type != NULL ? d->type : "*");
    if (d->column != NULL) {
        rs_buffer_printf(payload, ".%s %s>%s", d->column, d->before, d->after);
    }
    if (!isnan(d->percent)) {
        rs_buffer_printf(payload, " %.1f", d->percent);
    }
    rs_buffer_char(payload, '\n');
}

static void tells_types_facts_and_prices(void **state)
{
    static const char before[] = HEAD
        "\"columns\": [\"gone\", \"type\", \"on_demand\", \"price_date\", \"note\"], \"rows\": ["
        "[1, \"c\", 1, null, \"x\"], [1, \"a\", 2, \"2025-01\", null], [1, \"b\", 4, null, null],"
        "[1, \"d\", null, null, null]]}";
    static const char after[] = HEAD
        "\"columns\": [\"type\", \"on_demand\", \"price_date\", \"note\", \"more\"], \"rows\": ["
        "[\"a\", 2, \"2026-01\", null, null], [\"b\", 5.0, null, null, 7], "
        "[\"d\", 1, null, \"y\", null], [\"e\", 1, null, null, null]]}";
    char a[256], b[256];
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer got;
    (void)state;
    rs_buffer_init(&got);
    put(a, sizeof(a), before);
    put(b, sizeof(b), after);
    check_ok(rs_catalog_diff(a, b, collect, &got, &err));
    assert_string_equal(got.data, "$b.on_demand 4>5 25.0\n~b.more null>7\n-c\n"
                                  "$d.on_demand null>1\n~d.note null>\"y\"\n+e\n");
    rs_buffer_clear(&got);
    check_ok(rs_catalog_diff(b, b, collect, &got, &err));
    assert_string_equal(got.data, "");
    check_fails(rs_catalog_diff(a, "catalog/aws/types.json", collect, &got, &err), RS_EINPUT,
                "of kind 'types'");
    check_fails(rs_catalog_diff(a, "catalog", collect, &got, &err), RS_EINPUT, "a folder");
    check_fails(rs_catalog_diff(a, "tests/fixtures/absent", collect, &got, &err), RS_EIO, "absent");
    unlink(a);
    unlink(b);
    rs_buffer_release(&got);
}

static void a_catalog_is_itself(void **state)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer got;
    (void)state;
    rs_buffer_init(&got);
    check_ok(rs_catalog_diff("catalog", "catalog", collect, &got, &err));
    assert_string_equal(got.data, "");
    rs_buffer_release(&got);
}

static void refuses_what_is_no_catalog(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "expected"},
        {"[]", "an object is expected"},
        {"{}", "not a catalog"},
        {HEAD "\"columns\": [\"a\"], \"rows\": []}", "'type' is missing"},
        {HEAD "\"columns\": [\"type\", \"type\"], \"rows\": []}", "each one once"},
        {HEAD "\"rows\": []}", "behind 'columns'"},
        {HEAD "\"columns\": [\"type\"], \"rows\": [[\"a\", 1]]}", "row 1: more than"},
        {HEAD "\"columns\": [\"type\", \"b\"], \"rows\": [[\"a\"]]}", "row 1: not 2 values"},
        {HEAD "\"columns\": [\"type\"], \"rows\": [[\"a\"], [\"a\"]]}", "'a' is there twice"},
        {HEAD "\"columns\": [\"type\"], \"rows\": [[true]]}", "'type' is no text"},
        {HEAD "\"columns\": [\"type\"], \"rows\": [7]}", "a row must be an array"},
        {HEAD "\"columns\": [\"type\"], \"rows\": [[\"a\"]]} 1", "line 1"},
        {"{\"format\": \"rightsize-catalog\", \"version\": 2, \"columns\": [\"type\"], \"rows\": "
         "[]}",
         "version 1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rs_error err;
        struct rs_buffer got;
        char path[512];
        rs_buffer_init(&got);
        put(path, sizeof(path), cases[i].text);
        check_fails(rs_catalog_diff(path, path, collect, &got, &err), RS_EINPUT, cases[i].says);
        assert_non_null(strstr(err.text, path));
        unlink(path);
        rs_buffer_release(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_types_facts_and_prices),
        cmocka_unit_test(a_catalog_is_itself),
        cmocka_unit_test(refuses_what_is_no_catalog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
