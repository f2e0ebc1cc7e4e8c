/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/report_fixture.h"

/* Unescaped pipes of one line. */
static size_t pipes(const char *line, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\\') {
            i++;
        } else if (line[i] == '|') {
            count++;
        }
    }
    return count;
}

static void every_row_has_as_many_cells_as_the_header(void **state)
{
    (void)state;
    static void (*const reports[])(struct rs_report *) = {fixture_fleet, fixture_empty,
                                                          fixture_hostile, fixture_unknown};
    for (size_t r = 0; r < COUNT_OF(reports); r++) {
        struct rs_page page = {.width = 80};
        struct rs_report report;
        struct rs_buffer text;
        reports[r](&report);
        fixture_write("markdown", &report, &page, &text);
        size_t wanted = pipes(text.data, strcspn(text.data, "\n")), rows = 0;
        assert_int_equal(wanted, 11);
        for (const char *line = text.data; *line == '|'; rows++) {
            size_t n = strcspn(line, "\n");
            assert_int_equal(pipes(line, n), wanted);
            line += n + 1;
        }
        assert_int_equal(rows, report.count + 2);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

static void names_are_no_markup(void **state)
{
    (void)state;
    struct rs_page page = {0};
    struct rs_report report;
    struct rs_buffer text;
    fixture_hostile(&report);
    fixture_write("markdown", &report, &page, &text);
    assert_null(strstr(text.data, "<b>"));
    assert_non_null(strstr(text.data, "&lt;b>&amp;'\\`\\*\\_\\[x\\](y)"));
    assert_non_null(strstr(text.data, "one \\| two"));
    assert_non_null(strstr(text.data, "\\\\x1B\\[2J"));
    rs_buffer_release(&text);
    rs_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_as_many_cells_as_the_header),
        cmocka_unit_test(names_are_no_markup),
    };
    return cmocka_run_group_tests_name("format_markdown", tests, NULL, NULL);
}
