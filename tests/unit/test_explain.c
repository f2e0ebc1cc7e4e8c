/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/report_fixture.h"
#include "report/page.h"

static void explain(const struct rs_report *report, size_t i, const struct rs_page *page,
                    struct rs_buffer *out)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_entry entry;
    rs_report_entry(report, i, &entry);
    rs_buffer_init(out);
    check_ok(rs_explain(&entry, report, page, out, &err));
}

static void the_fleet_is_explained_as_in_the_golden_files(void **state)
{
    (void)state;
    static const struct {
        const char *golden;
        int width;
    } rows[] = {{"report-explain-80.txt", 80},
                {"report-explain-100.txt", 100},
                {"report-explain-unlimited.txt", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_page page = {.width = rows[i].width};
        struct rs_report report;
        struct rs_buffer all;
        rs_buffer_init(&all);
        fixture_fleet(&report);
        for (size_t k = 0; k < report.count; k++) {
            struct rs_buffer one;
            explain(&report, k, &page, &one);
            rs_buffer_printf(&all, "%s%s", k > 0 ? "----\n" : "", one.data);
            rs_buffer_release(&one);
        }
        check_golden(rows[i].golden, all.data);
        rs_buffer_release(&all);
        rs_report_release(&report);
    }
}

static void an_explanation_fits_one_screen(void **state)
{
    (void)state;
    for (int width = 80; width <= 140; width += 10) {
        struct rs_page page = {.width = width};
        struct rs_report report;
        fixture_fleet(&report);
        for (size_t k = 0; k < report.count; k++) {
            struct rs_buffer text;
            size_t lines = 0;
            explain(&report, k, &page, &text);
            for (const char *line = text.data; *line != '\0'; lines++) {
                size_t n = strcspn(line, "\n");
                assert_true(n <= (size_t)width);
                line += n + 1;
            }
            struct rs_entry entry;
            rs_report_entry(&report, k, &entry);
            assert_true(lines <= (entry.advice.observation_count > 0 ? 80 : 60));
            rs_buffer_release(&text);
        }
        rs_report_release(&report);
    }
}

static void the_proof_is_there_with_its_numbers(void **state)
{
    (void)state;
    static const char *const parts[] = {"m5.2xlarge, 8 vCPU, 32 GiB",
                                        "saves $209.51 (67 %)",
                                        "CPUOverprovisioned: 1.10 vCPU needed",
                                        "2026-11-17T10:05:00Z",
                                        "220 not cheaper; 214 architecture; 131 too small: memory",
                                        "never below 118",
                                        "a vCPU has 1.10 of today's speed, not counted",
                                        "Not measured, so no say in this: network packets",
                                        "Confidence is high: 14 days of data"};
    struct rs_page page = {0};
    struct rs_report report;
    struct rs_buffer text;
    fixture_fleet(&report);
    explain(&report, 0, &page, &text);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (strstr(text.data, parts[i]) == NULL) {
            fail_msg("no '%s' in:\n%s", parts[i], text.data);
        }
    }
    rs_buffer_release(&text);
    rs_report_release(&report);
}

static void hostile_and_unknown_things_are_explained_safely(void **state)
{
    (void)state;
    static void (*const reports[])(struct rs_report *) = {fixture_hostile, fixture_unknown,
                                                          fixture_yuan};
    for (size_t r = 0; r < COUNT_OF(reports) * 2; r++) {
        struct rs_page page = {.width = r % 2 == 0 ? 80 : 0, .unicode = true};
        struct rs_report report;
        reports[r / 2](&report);
        for (size_t k = 0; k < report.count; k++) {
            struct rs_buffer text;
            explain(&report, k, &page, &text);
            assert_null(strpbrk(text.data, "\x1b\r\t\x7f"));
            assert_null(strstr(text.data, "\u202e"));
            assert_null(strstr(text.data, "nan"));
            assert_null(strstr(text.data, "inf "));
            assert_null(strstr(text.data, "(null)"));
            rs_buffer_release(&text);
        }
        rs_report_release(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fleet_is_explained_as_in_the_golden_files),
        cmocka_unit_test(an_explanation_fits_one_screen),
        cmocka_unit_test(the_proof_is_there_with_its_numbers),
        cmocka_unit_test(hostile_and_unknown_things_are_explained_safely),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
