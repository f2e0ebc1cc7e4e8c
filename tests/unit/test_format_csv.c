/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "../support/report_fixture.h"
#include "rightsize/csv.h"
#include "rightsize/number.h"

#include <stdlib.h>

struct sheet { /* one row at a time, the header kept */
    struct rs_buffer text;
    struct rs_input *input;
    struct rs_csv csv;
    char **header;
    size_t width;
};

static bool next_row(struct sheet *sheet)
{
    struct rs_error err = {RS_OK, ""};
    bool more = false;
    check_ok(rs_csv_next(&sheet->csv, &more, &err));
    if (more && sheet->header != NULL) {
        assert_int_equal(sheet->csv.count, sheet->width);
    }
    return more;
}

static void open_sheet(struct sheet *sheet, void (*make)(struct rs_report *))
{
    struct rs_error err = {RS_OK, ""};
    struct rs_page page = {.width = 80};
    struct rs_report report;
    *sheet = (struct sheet){0};
    make(&report);
    fixture_write("csv", &report, &page, &sheet->text);
    rs_report_release(&report);
    check_ok(rs_input_open_memory(sheet->text.data, sheet->text.length, &sheet->input, &err));
    rs_csv_init(&sheet->csv, sheet->input);
    assert_true(next_row(sheet));
    sheet->width = sheet->csv.count;
    sheet->header = calloc(sheet->width, sizeof(*sheet->header));
    assert_non_null(sheet->header);
    for (size_t i = 0; i < sheet->width; i++) {
        sheet->header[i] = calloc(1, strlen(sheet->csv.fields[i]) + 1);
        assert_non_null(sheet->header[i]);
        memcpy(sheet->header[i], sheet->csv.fields[i], strlen(sheet->csv.fields[i]));
    }
}

static void close_sheet(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->width; i++) {
        free(sheet->header[i]);
    }
    free(sheet->header);
    rs_csv_release(&sheet->csv);
    rs_input_close(sheet->input);
    rs_buffer_release(&sheet->text);
}

static const char *field(const struct sheet *sheet, const char *key)
{
    for (size_t i = 0; i < sheet->width; i++) {
        if (strcmp(sheet->header[i], key) == 0) {
            return sheet->csv.fields[i];
        }
    }
    fail_msg("no column '%s'", key);
    return "";
}

static void the_header_names_each_column_once(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, fixture_empty);
    for (size_t i = 0; i < sheet.width; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(sheet.header[i], sheet.header[k]);
        }
    }
    assert_false(next_row(&sheet));
    close_sheet(&sheet);
}

static void a_row_holds_plain_numbers_and_three_options(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"id", "i-0a1b2c3d4e5f60718"},
                                          {"tags", "env=prod;team=shop"},
                                          {"finding", "OVER_PROVISIONED"},
                                          {"memory_mib", "32768"},
                                          {"monthly_cost", "312.44"},
                                          {"currency", "USD"},
                                          {"saving_monthly", "209.51"},
                                          {"recommended_type", "r6i.large"},
                                          {"cpu_used", "0.88"},
                                          {"cpu_used_at", "2026-11-17T10:05:00Z"},
                                          {"network_packets_used", ""},
                                          {"option_type_1", "r6i.large"},
                                          {"option_saving_percent_2", "79.9065"},
                                          {"option_type_3", "t3.large"},
                                          {"option_platform_differences_2", "Architecture"},
                                          {"reasons", "CPUOverprovisioned MemoryOverprovisioned"}};
    struct sheet sheet;
    open_sheet(&sheet, fixture_fleet);
    assert_true(next_row(&sheet));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(field(&sheet, rows[i][0]), rows[i][1]);
    }
    size_t count = 1;
    while (next_row(&sheet)) {
        if (strcmp(field(&sheet, "name"), "orders-database-primary") == 0) {
            assert_string_equal(field(&sheet, "saving_monthly"), "-24.82");
            assert_string_equal(field(&sheet, "option_type_2"), "");
        }
        if (strcmp(field(&sheet, "finding"), "UNKNOWN") == 0) {
            assert_string_equal(field(&sheet, "monthly_cost"), "");
            assert_string_equal(field(&sheet, "saving_monthly"), "");
        }
        count++;
    }
    assert_int_equal(count, FIXTURE_FLEET);
    close_sheet(&sheet);
}

static void no_cell_is_a_formula_and_no_name_breaks_a_row(void **state)
{
    (void)state;
    struct sheet sheet;
    size_t count = 0;
    bool seen = false;
    open_sheet(&sheet, fixture_hostile);
    while (next_row(&sheet)) {
        count++;
        for (size_t i = 0; i < sheet.width; i++) {
            const char *text = sheet.csv.fields[i];
            assert_true(text[0] == '\0' || strchr("=+@\t\r", text[0]) == NULL);
            assert_null(strpbrk(text, "\r\n\t\x1b"));
        }
        seen = seen || strcmp(field(&sheet, "name"), "'=cmd()|' /C calc'!A1") == 0;
    }
    assert_true(seen);
    assert_int_equal(count, 13);
    close_sheet(&sheet);
}

static void what_is_unknown_is_empty(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, fixture_unknown);
    while (next_row(&sheet)) {
        static const char *const keys[] = {"vcpus",       "monthly_cost",          "coverage",
                                           "data_from",   "option_monthly_cost_1", "cpu_capacity",
                                           "memory_used", "option_cpu_percent_1"};
        for (size_t i = 0; i < COUNT_OF(keys); i++) {
            assert_string_equal(field(&sheet, keys[i]), "");
        }
    }
    close_sheet(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_each_column_once),
        cmocka_unit_test(a_row_holds_plain_numbers_and_three_options),
        cmocka_unit_test(no_cell_is_a_formula_and_no_name_breaks_a_row),
        cmocka_unit_test(what_is_unknown_is_empty),
    };
    return cmocka_run_group_tests_name("format_csv", tests, NULL, NULL);
}
