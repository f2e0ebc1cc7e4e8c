/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/report_fixture.h"
#include "report/grid.h"
#include "report/page.h"

static void (*const reports[])(struct rs_report *) = {fixture_empty, fixture_fleet, fixture_hostile,
                                                      fixture_unknown, fixture_yuan};

static void each_format_is_found_by_its_name(void **state)
{
    (void)state;
    assert_string_equal(rs_formats[0]->name, "table");
    for (size_t i = 0; rs_formats[i] != NULL; i++) {
        assert_ptr_equal(rs_format_by_name(rs_formats[i]->name), rs_formats[i]);
        assert_true(strlen(rs_formats[i]->summary) > 10);
    }
    assert_null(rs_format_by_name("tabl"));
    assert_null(rs_format_by_name("JSON"));
    assert_null(rs_format_by_name(""));
}

static void the_fleet_looks_as_in_the_golden_files(void **state)
{
    (void)state;
    static const struct {
        const char *golden, *format;
        struct rs_page page;
    } rows[] = {
        {"report-table-80.txt", "table", {.width = 80, .unicode = true}},
        {"report-table-100.txt", "table", {.width = 100, .unicode = true}},
        {"report-table-unlimited.txt", "table", {.unicode = true}},
        {"report-table-ascii.txt", "table", {.width = 80}},
        {"report-table-color.txt", "table", {.width = 100, .unicode = true, .color = true}},
        {"report-wide-80.txt", "wide", {.width = 80, .unicode = true}},
        {"report-wide-unlimited.txt", "wide", {.unicode = true}},
        {"report-markdown.txt", "markdown", {.width = 80, .unicode = true}},
        {"report-html.txt", "html", {.width = 80}},
        {"report-csv.txt", "csv", {.width = 80, .unicode = true}},
    };
    if (!fixture_utf8_locale()) {
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_report report;
        struct rs_buffer text;
        fixture_fleet(&report);
        fixture_write(rows[i].format, &report, &rows[i].page, &text);
        check_golden(rows[i].golden, text.data);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

static void other_reports_look_as_in_the_golden_files(void **state)
{
    (void)state;
    static const struct {
        const char *golden;
        void (*report)(struct rs_report *);
    } rows[] = {{"report-table-empty.txt", fixture_empty},
                {"report-table-hostile.txt", fixture_hostile},
                {"report-table-unknown.txt", fixture_unknown},
                {"report-table-yuan.txt", fixture_yuan}};
    struct rs_page page = {.width = 100, .unicode = true};
    if (!fixture_utf8_locale()) {
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_report report;
        struct rs_buffer text;
        rows[i].report(&report);
        fixture_write("table", &report, &page, &text);
        check_golden(rows[i].golden, text.data);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        char line[4096];
        size_t n = strcspn(text, "\n");
        assert_true(n < sizeof(line));
        memcpy(line, text, n);
        line[n] = '\0';
        assert_true(n == 0 || line[n - 1] != ' ');
        size_t columns = rs_page_columns(line);
        longest = columns > longest ? columns : longest;
        text += n + (text[n] == '\n');
    }
    return longest;
}

static void the_table_fits_the_page(void **state)
{
    (void)state;
    if (!fixture_utf8_locale()) {
        skip();
    }
    for (int width = 80; width <= 200; width += 3) {
        for (int unicode = 0; unicode < 2; unicode++) {
            struct rs_page page = {.width = width, .unicode = unicode == 1};
            struct rs_report report;
            struct rs_buffer text;
            fixture_fleet(&report);
            fixture_write("table", &report, &page, &text);
            assert_true(longest_line(text.data) <= (size_t)width);
            rs_buffer_release(&text);
            rs_report_release(&report);
        }
    }
}

/* What a terminal would obey or show wrongly never gets out, on a page of any kind. */
static void no_text_from_outside_reaches_the_terminal_raw(void **state)
{
    (void)state;
    static const char *const formats[] = {"table", "wide", "markdown", "csv", "html"};
    static const char *const poison[] = {"\x1b", "\u202e", "\xc2\x9b", "\r", "\t", "\xff", "\x7f"};
    bool utf8 = fixture_utf8_locale();
    for (size_t i = 0; i < COUNT_OF(formats) * 4; i++) {
        struct rs_page page = {.width = i % 4 < 2 ? 80 : 0, .unicode = i % 2 == 0};
        struct rs_report report;
        struct rs_buffer text;
        fixture_hostile(&report);
        fixture_write(formats[i / 4], &report, &page, &text);
        for (size_t p = 0; p < COUNT_OF(poison); p++) {
            assert_null(strstr(text.data, poison[p]));
        }
        bool shows_utf8 = page.unicode && utf8 && i / 4 < 2;
        assert_true(!shows_utf8 || strstr(text.data, "日本語") != NULL);
        for (const char *c = text.data; i / 4 < 2 && !page.unicode && *c != '\0'; c++) {
            assert_true((unsigned char)*c < 0x80);
        }
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

/* A reader must be able to tell a name that holds "\x1b" in letters from an escape: one layer. */
static void escapes_are_not_doubled(void **state)
{
    (void)state;
    struct rs_page page = {.width = 0, .unicode = true};
    struct rs_report report;
    struct rs_buffer text;
    fixture_hostile(&report);
    fixture_write("table", &report, &page, &text);
    assert_non_null(strstr(text.data, "\\x1B[2J"));
    assert_null(strstr(text.data, "\\x5c"));
    assert_null(strstr(text.data, "\\\\"));
    rs_buffer_release(&text);
    rs_report_release(&report);
}

static void nothing_reads_nan_or_infinity(void **state)
{
    (void)state;
    for (size_t f = 0; rs_formats[f] != NULL; f++) {
        for (size_t r = 0; r < COUNT_OF(reports); r++) {
            struct rs_page page = {.width = r % 2 == 0 ? 80 : 0};
            struct rs_report report;
            struct rs_buffer text;
            reports[r](&report);
            fixture_write(rs_formats[f]->name, &report, &page, &text);
            assert_null(strstr(text.data, "nan"));
            assert_null(strstr(text.data, "-inf"));
            assert_null(strstr(text.data, "(null)"));
            assert_true(text.length > 0 && text.data[text.length - 1] == '\n');
            rs_buffer_release(&text);
            rs_report_release(&report);
        }
    }
}

static void color_is_only_where_the_page_has_it(void **state)
{
    (void)state;
    static const char *const formats[] = {"table", "wide", "json", "csv", "markdown", "html"};
    for (size_t i = 0; i < COUNT_OF(formats) * 2; i++) {
        struct rs_page page = {.width = 100, .color = i % 2 == 1};
        struct rs_report report;
        struct rs_buffer text;
        fixture_fleet(&report);
        fixture_write(formats[i / 2], &report, &page, &text);
        bool wanted = page.color && i / 2 < 2;
        assert_int_equal(strchr(text.data, '\x1b') != NULL, wanted);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
}

static void lines_break_at_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns, want;
    } rows[] = {{"one two three", 7, 7}, {"one two three", 8, 7}, {"one two three", 6, 3},
                {"abcdefgh", 3, 3},      {"memory 31 %", 9, 6},   {"memory 31 %", 11, 11},
                {"日本語", 3, 3},        {"日本語", 1, 3},        {"", 5, 0},
                {"é é", 1, 2},           {"a\xcc\x81 b", 1, 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rs_page_break(rows[i].text, rows[i].columns), rows[i].want);
    }
}

static void every_character_passes_through_a_grid(void **state)
{
    (void)state;
    static const unsigned codes[] = {0xAD,    0x301,   0x378,   0x600,   0x200B, 0x200D,
                                     0x2028,  0xD7FF,  0xE000,  0xFEFF,  0xFFFD, 0xFFFE,
                                     0x1F600, 0xE0001, 0xF0000, 0x10FFFF};
    fixture_utf8_locale();
    for (size_t i = 0; i < COUNT_OF(codes) * 2; i++) {
        unsigned c = codes[i / 2];
        char bytes[5] = {0};
        if (c < 0x800) {
            snprintf(bytes, sizeof(bytes), "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
        } else if (c < 0x10000) {
            snprintf(bytes, sizeof(bytes), "%c%c%c", (int)(0xE0 | c >> 12),
                     (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
        } else {
            snprintf(bytes, sizeof(bytes), "%c%c%c%c", (int)(0xF0 | c >> 18),
                     (int)(0x80 | (c >> 12 & 0x3F)), (int)(0x80 | (c >> 6 & 0x3F)),
                     (int)(0x80 | (c & 0x3F)));
        }
        struct rs_error err = {RS_OK, ""};
        struct rs_page page = {.width = 20, .unicode = i % 2 == 0};
        struct rs_buffer safe, out;
        struct rs_grid grid;
        rs_buffer_init(&safe);
        rs_buffer_init(&out);
        rs_grid_init(&grid, &page);
        rs_grid_column(&grid, "A", RS_GRID_NAME);
        rs_grid_column(&grid, "B", RS_GRID_WRAP);
        rs_page_text(&safe, &page, bytes);
        rs_grid_cell(&grid, safe.data, NULL);
        rs_grid_cell(&grid, "end", NULL);
        check_ok(rs_grid_print(&grid, 0, &out, &err));
        assert_non_null(strstr(out.data, "end"));
        rs_grid_release(&grid);
        rs_buffer_release(&safe);
        rs_buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* the first two run in the locale "C", where UTF-8 cannot be decoded */
        cmocka_unit_test(nothing_reads_nan_or_infinity),
        cmocka_unit_test(escapes_are_not_doubled),
        cmocka_unit_test(each_format_is_found_by_its_name),
        cmocka_unit_test(the_fleet_looks_as_in_the_golden_files),
        cmocka_unit_test(other_reports_look_as_in_the_golden_files),
        cmocka_unit_test(the_table_fits_the_page),
        cmocka_unit_test(no_text_from_outside_reaches_the_terminal_raw),
        cmocka_unit_test(color_is_only_where_the_page_has_it),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(every_character_passes_through_a_grid),
    };
    return cmocka_run_group_tests_name("format_text", tests, NULL, NULL);
}
