/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/report.h"

#include "../support/check.h"
#include "../support/report_fixture.h"

static void adding_copies_every_text_of_the_resource(void **state)
{
    (void)state;
    struct rs_report report;
    char id[] = "i-1", name[] = "web", key[] = "env", value[] = "prod";
    struct rs_tag tags[] = {{key, value}, {"empty", NULL}};
    struct rs_resource resource = {.id = id, .name = name, .tags = tags, .tag_count = 2};
    struct rs_advice advice = {.current_monthly = NAN, .samples = 7};
    fixture_empty(&report);
    fixture_put(&report, &resource, &advice, NULL);
    id[0] = name[0] = key[0] = value[0] = 'X';
    advice.samples = 0;
    assert_int_equal(report.count, 1);
    assert_string_equal(report.entries[0].id, "i-1");
    assert_string_equal(report.entries[0].name, "web");
    assert_null(report.entries[0].region);
    assert_int_equal(report.entries[0].tag_count, 2);
    assert_string_equal(report.entries[0].tags[0].key, "env");
    assert_string_equal(report.entries[0].tags[0].value, "prod");
    assert_null(report.entries[0].tags[1].value);
    assert_int_equal(report.entries[0].advice.samples, 7);
    rs_report_release(&report);
    assert_int_equal(report.count, 0);
    rs_report_release(&report);
}

static const struct rs_entry *entry_named(const struct rs_report *report, const char *name)
{
    for (size_t i = 0; i < report->count; i++) {
        if (report->entries[i].name != NULL && strcmp(report->entries[i].name, name) == 0) {
            return &report->entries[i];
        }
    }
    fail_msg("no '%s' in the fixture", name);
    return NULL;
}

static void the_choice_is_the_first_option_unless_it_is_better_to_keep(void **state)
{
    (void)state;
    static const struct {
        enum rs_finding finding;
        size_t options;
        double saving, want; /* NaN: unknown */
        bool chosen;
    } rows[] = {
        {RS_FINDING_OVER_PROVISIONED, 2, 10, 10, true},
        {RS_FINDING_OVER_PROVISIONED, 0, 10, 0, false},
        {RS_FINDING_OVER_PROVISIONED, 1, NAN, NAN, true},
        {RS_FINDING_UNDER_PROVISIONED, 1, -30, -30, true},
        {RS_FINDING_UNDER_PROVISIONED, 0, 0, 0, false},
        {RS_FINDING_OPTIMIZED, 1, 5, 5, true},
        {RS_FINDING_OPTIMIZED, 1, 0, 0, false},
        {RS_FINDING_OPTIMIZED, 1, -5, 0, false},
        {RS_FINDING_OPTIMIZED, 1, NAN, 0, false},
        {RS_FINDING_IDLE, 1, 20, 20, true},
        {RS_FINDING_IDLE, 0, 0, 0, false},
        {RS_FINDING_UNKNOWN, 1, 20, NAN, false},
        {RS_FINDING_UNKNOWN, 0, 0, NAN, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_entry entry = {
            .advice = {.finding = rows[i].finding, .option_count = rows[i].options}};
        entry.advice.options[0].monthly_saving = rows[i].saving;
        double got = rs_entry_saving(&entry);
        assert_ptr_equal(rs_entry_choice(&entry), rows[i].chosen ? &entry.advice.options[0] : NULL);
        assert_true(isnan(rows[i].want) ? isnan(got) : got == rows[i].want);
    }
}

static void totals_count_and_sum_what_has_a_price(void **state)
{
    (void)state;
    struct rs_report report;
    struct rs_totals totals;
    fixture_fleet(&report);
    rs_report_totals(&report, &totals);
    assert_int_equal(totals.resources, 8);
    assert_int_equal(totals.by_finding[RS_FINDING_OVER_PROVISIONED], 2);
    assert_int_equal(totals.by_finding[RS_FINDING_OPTIMIZED], 3);
    /* two m5.2xlarge, three m5.large, a c5.large; the terminated m6i.large costs nothing */
    check_near(totals.current_monthly, 730.0 * (2 * 0.428 + 3 * 0.107 + 0.097), 1e-9);
    check_near(totals.recommended_monthly, 730.0 * (0.141 + 0.214 + 0.141 + 0.086 + 0.107 + 0.097),
               1e-9);
    check_near(totals.saving_monthly, totals.current_monthly - totals.recommended_monthly, 1e-9);
    check_near(totals.idle_monthly, 730.0 * 0.107, 1e-9);
    assert_string_equal(totals.currency, "USD");
    assert_int_equal(totals.unpriced, 1);
    assert_int_equal(totals.memory_unknown, 2);
    assert_int_equal(totals.low_confidence, 2);
    assert_int_equal(totals.estimated, 1);
    assert_int_equal(totals.other_currency, 0);
    rs_report_release(&report);
}

static void totals_do_not_add_two_currencies(void **state)
{
    (void)state;
    struct rs_report report;
    struct rs_totals totals;
    fixture_yuan(&report);
    rs_report_totals(&report, &totals);
    assert_string_equal(totals.currency, "CNY");
    check_near(totals.current_monthly, 730.0 * 0.428, 1e-9);
    fixture_add(&report, 3);
    rs_report_totals(&report, &totals);
    assert_string_equal(totals.currency, "USD");
    assert_int_equal(totals.other_currency, 1);
    check_near(totals.current_monthly, 730.0 * 0.107, 1e-9);
    rs_report_release(&report);
}

static void totals_of_nothing_are_nothing(void **state)
{
    (void)state;
    struct rs_report report;
    struct rs_totals totals;
    fixture_empty(&report);
    rs_report_totals(&report, &totals);
    assert_int_equal(totals.resources, 0);
    assert_null(totals.currency);
    check_same_double(totals.current_monthly, 0.0);
    rs_report_release(&report);
    fixture_unknown(&report);
    rs_report_totals(&report, &totals);
    assert_int_equal(totals.unpriced, RS_FINDING_COUNT);
    check_same_double(totals.saving_monthly, 0.0);
    rs_report_release(&report);
}

static void a_filter_keeps_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        struct rs_report_filter filter;
        size_t left;
    } rows[] = {
        {{NULL, NULL, NULL, -1, NAN}, 8},
        {{"eu-central-1", NULL, NULL, -1, NAN}, 2},
        {{"eu", NULL, NULL, -1, NAN}, 0},
        {{NULL, "env", NULL, -1, NAN}, 1},
        {{NULL, "env", "prod", -1, NAN}, 1},
        {{NULL, "env", "test", -1, NAN}, 0},
        {{NULL, "ENV", NULL, -1, NAN}, 0},
        {{NULL, NULL, NULL, RS_FINDING_UNDER_PROVISIONED, NAN}, 1},
        {{NULL, NULL, NULL, RS_FINDING_OPTIMIZED, NAN}, 3},
        {{NULL, NULL, NULL, -1, 100.0}, 2},
        {{NULL, NULL, NULL, -1, 0.0}, 6},
        {{NULL, NULL, NULL, -1, -1000.0}, 7}, /* the unknown one reaches nothing */
        {{"eu-west-1", "team", "shop", RS_FINDING_OVER_PROVISIONED, 200.0}, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_report report;
        size_t left = 0;
        fixture_fleet(&report);
        for (size_t k = 0; k < report.count; k++) {
            left += rs_filter_wants(&rows[i].filter, &report.entries[k]) &&
                    rs_filter_passes(&rows[i].filter, &report.entries[k]);
        }
        assert_int_equal(left, rows[i].left);
        rs_report_release(&report);
    }
}

static void check_ids(const struct rs_report *report, const char *const *ids)
{
    for (size_t i = 0; i < report->count; i++) {
        assert_string_equal(report->entries[i].id, ids[i]);
    }
}

static void sorting_puts_the_largest_first_and_the_unknown_last(void **state)
{
    (void)state;
    static const struct {
        enum rs_report_order order;
        const char *ids[FIXTURE_FLEET];
    } rows[] = {
        {RS_ORDER_SAVING,
         {"i-0a1b2c3d4e5f60718", "i-0f1b2c3d4e5f60718", "i-0c1b2c3d4e5f60718",
          "i-001b2c3d4e5f60718", "i-011b2c3d4e5f60718", "i-0d1b2c3d4e5f60718",
          "i-0b1b2c3d4e5f60718", "i-0e1b2c3d4e5f60718"}},
        {RS_ORDER_ID,
         {"i-001b2c3d4e5f60718", "i-011b2c3d4e5f60718", "i-0a1b2c3d4e5f60718",
          "i-0b1b2c3d4e5f60718", "i-0c1b2c3d4e5f60718", "i-0d1b2c3d4e5f60718",
          "i-0e1b2c3d4e5f60718", "i-0f1b2c3d4e5f60718"}},
        {RS_ORDER_NAME,
         {"i-0c1b2c3d4e5f60718", "i-0d1b2c3d4e5f60718", "i-0b1b2c3d4e5f60718",
          "i-001b2c3d4e5f60718", "i-011b2c3d4e5f60718", "i-0a1b2c3d4e5f60718",
          "i-0e1b2c3d4e5f60718", "i-0f1b2c3d4e5f60718"}},
        {RS_ORDER_COST,
         {"i-0a1b2c3d4e5f60718", "i-0f1b2c3d4e5f60718", "i-011b2c3d4e5f60718",
          "i-0b1b2c3d4e5f60718", "i-0c1b2c3d4e5f60718", "i-0d1b2c3d4e5f60718",
          "i-001b2c3d4e5f60718", "i-0e1b2c3d4e5f60718"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_report report;
        fixture_fleet(&report);
        rs_report_sort(&report, rows[i].order);
        check_ids(&report, rows[i].ids);
        rs_report_release(&report);
    }
}

static void the_order_of_adding_does_not_matter(void **state)
{
    (void)state;
    static const char *const regions[] = {NULL, "a", "b"};
    uint64_t seed = 7;
    struct rs_page page = {0};
    struct rs_buffer first;
    rs_buffer_init(&first);
    for (int round = 0; round < 40; round++) {
        struct rs_report report;
        size_t order[FIXTURE_FLEET + 3];
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            size_t other = (size_t)(check_random(&seed) % (i + 1));
            order[i] = order[other];
            order[other] = i;
        }
        fixture_empty(&report);
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            struct rs_advice advice = {.current_monthly = NAN, .finding = RS_FINDING_OPTIMIZED};
            if (order[i] < FIXTURE_FLEET) {
                fixture_add(&report, order[i]);
                continue;
            }
            struct rs_resource twin = {.id = "i-twin", .region = regions[order[i] - FIXTURE_FLEET]};
            fixture_put(&report, &twin, &advice, NULL);
        }
        rs_report_sort(&report, (enum rs_report_order)(round % 4));
        rs_report_sort(&report, RS_ORDER_SAVING);
        struct rs_buffer text;
        fixture_write("json", &report, &page, &text);
        if (round == 0) {
            rs_buffer_text(&first, text.data);
        }
        assert_string_equal(text.data, first.data);
        rs_buffer_release(&text);
        rs_report_release(&report);
    }
    rs_buffer_release(&first);
}

static void an_idle_machine_without_an_option_is_kept(void **state)
{
    (void)state;
    struct rs_report report;
    fixture_fleet(&report);
    assert_null(rs_entry_choice(entry_named(&report, "old-jenkins")));
    assert_string_equal(rs_entry_currency(entry_named(&report, "cache")), "USD");
    rs_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_copies_every_text_of_the_resource),
        cmocka_unit_test(the_choice_is_the_first_option_unless_it_is_better_to_keep),
        cmocka_unit_test(totals_count_and_sum_what_has_a_price),
        cmocka_unit_test(totals_do_not_add_two_currencies),
        cmocka_unit_test(totals_of_nothing_are_nothing),
        cmocka_unit_test(a_filter_keeps_what_was_asked_for),
        cmocka_unit_test(sorting_puts_the_largest_first_and_the_unknown_last),
        cmocka_unit_test(the_order_of_adding_does_not_matter),
        cmocka_unit_test(an_idle_machine_without_an_option_is_kept),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
