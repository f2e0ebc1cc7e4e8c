/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every allocation behind a format fails once. The modules that allocate are compiled in here with
 * their allocators replaced, which works under sanitizers and valgrind as well.
 */
#include <stdlib.h>

#define PLENTY ((size_t)-1)
static size_t allowed = PLENTY;

static int is_refused(void)
{
    if (allowed == PLENTY) {
        return 0;
    }
    if (allowed == 0) {
        return 1;
    }
    allowed--;
    return 0;
}

static void *scarce_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : calloc(count, size);
}

static void *scarce_malloc(size_t size)
{
    return is_refused() ? NULL : malloc(size);
}

static void *scarce_realloc(void *old, size_t size)
{
    return is_refused() ? NULL : realloc(old, size);
}

#define calloc scarce_calloc
#define malloc scarce_malloc
#define realloc scarce_realloc
#include "base/buffer.c"
#include "base/text.c"
#include "report/grid.c"
#include "report/packed.c"
#include "report/report.c"
#undef calloc
#undef malloc
#undef realloc

#include "../support/check.h"
#include "../support/report_fixture.h"

static void a_format_without_memory_says_so(void **state)
{
    (void)state;
    for (size_t f = 0; rs_formats[f] != NULL; f++) {
        struct rs_page page = {.width = 80};
        struct rs_report report;
        fixture_empty(&report);
        fixture_add(&report, 0);
        size_t failures = 0;
        enum rs_status rc = RS_ENOMEM;
        for (size_t n = 0; rc != RS_OK; n++, failures++) {
            struct rs_error err = {RS_OK, ""};
            struct rs_buffer out;
            rs_buffer_init(&out);
            allowed = n;
            rc = rs_format_write(rs_formats[f], &report, &page, &out, &err);
            allowed = PLENTY;
            assert_int_equal(err.code, rc);
            assert_true(rc == RS_OK || rc == RS_ENOMEM);
            rs_buffer_release(&out);
        }
        assert_true(failures > 3);
        rs_report_release(&report);
    }
}

static void an_explanation_without_memory_says_so(void **state)
{
    (void)state;
    struct rs_page page = {.width = 80};
    struct rs_report report;
    fixture_empty(&report);
    fixture_add(&report, 0);
    struct rs_entry entry;
    rs_report_entry(&report, 0, &entry);
    enum rs_status rc = RS_ENOMEM;
    for (size_t n = 0; rc != RS_OK; n++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_buffer out;
        rs_buffer_init(&out);
        allowed = n;
        rc = rs_explain(&entry, &report, &page, &out, &err);
        allowed = PLENTY;
        assert_int_equal(err.code, rc);
        assert_true(n > 3 || rc == RS_ENOMEM);
        rs_buffer_release(&out);
    }
    rs_report_release(&report);
}

static void adding_without_memory_leaves_the_report_as_it_was(void **state)
{
    (void)state;
    struct rs_tag tags[] = {{"a", "b"}, {"c", "d"}};
    struct rs_resource resource = {
        .id = "i-1", .name = "n", .region = "r", .tags = tags, .tag_count = 2};
    struct rs_entry entry = {.advice = {.current_monthly = NAN}};
    enum rs_status rc = RS_ENOMEM;
    size_t failures = 0;
    rs_entry_borrow(&entry, &resource, NULL);
    for (size_t n = 0; rc != RS_OK; n++, failures++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_report report;
        rs_report_init(&report);
        allowed = n;
        rc = rs_report_add(&report, &entry, &err);
        allowed = PLENTY;
        assert_int_equal(err.code, rc);
        assert_int_equal(report.count, rc == RS_OK ? 1 : 0);
        rs_report_release(&report);
    }
    assert_int_equal(failures, 3); /* two allocations and the round that has them all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_without_memory_says_so),
        cmocka_unit_test(an_explanation_without_memory_says_so),
        cmocka_unit_test(adding_without_memory_leaves_the_report_as_it_was),
    };
    return cmocka_run_group_tests_name("format_scarcity", tests, NULL, NULL);
}
