/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/report.h"

#include "../support/check.h"
#include "../support/report_fixture.h"

#include <stdlib.h>

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
    struct rs_entry entry;
    rs_report_entry(&report, 0, &entry);
    assert_string_equal(entry.id, "i-1");
    assert_string_equal(entry.name, "web");
    assert_null(entry.region);
    assert_int_equal(entry.tag_count, 2);
    assert_string_equal(entry.tags[0].key, "env");
    assert_string_equal(entry.tags[0].value, "prod");
    assert_null(entry.tags[1].value);
    assert_int_equal(entry.advice.samples, 7);
    rs_report_release(&report);
    assert_int_equal(report.count, 0);
    rs_report_release(&report);
}

static void number_lists(struct rs_entry *entry, size_t count)
{
    struct rs_advice *a = &entry->advice;
    const size_t most[] = {COUNT_OF(a->reasons), COUNT_OF(a->options),      COUNT_OF(a->notes),
                           COUNT_OF(a->gates),   COUNT_OF(a->observations), RS_MAX_ELSEWHERE};
    size_t *counts[] = {&a->reason_count, &a->option_count,      &a->note_count,
                        &a->gate_count,   &a->observation_count, &entry->elsewhere_count};
    for (size_t i = 0; i < COUNT_OF(most); i++) {
        *counts[i] = count < most[i] ? count : most[i];
    }
    for (size_t i = 0; i < a->reason_count; i++) {
        a->reasons[i] = (struct rs_reason){.code = "Reason", .at = (int64_t)i};
    }
    for (size_t i = 0; i < a->option_count; i++) {
        a->options[i] = (struct rs_option_offer){.monthly_price = (double)i};
    }
    for (size_t i = 0; i < a->note_count; i++) {
        a->notes[i].code = "Note";
        memset(a->notes[i].text, 'a' + (int)i, 255);
        a->notes[i].text[count == 1 ? 0 : 255] = '\0';
    }
    for (size_t i = 0; i < a->gate_count; i++) {
        a->gates[i] = (struct rs_gate_count){"gate", i};
    }
    for (size_t i = 0; i < a->observation_count; i++) {
        a->observations[i] = (struct rs_observation){.code = "Seen", .value = (double)i};
        snprintf(a->observations[i].text, sizeof(a->observations[i].text), "seen %zu", i);
    }
    for (size_t i = 0; i < entry->elsewhere_count; i++) {
        entry->elsewhere[i] = (struct rs_elsewhere){.unjudged = (unsigned)i};
    }
}

static void check_lists(const struct rs_entry *got, const struct rs_entry *want)
{
    const struct rs_advice *a = &got->advice, *b = &want->advice;
    assert_int_equal(a->reason_count, b->reason_count);
    assert_int_equal(a->option_count, b->option_count);
    assert_int_equal(a->note_count, b->note_count);
    assert_int_equal(a->gate_count, b->gate_count);
    assert_int_equal(a->observation_count, b->observation_count);
    assert_int_equal(got->elsewhere_count, want->elsewhere_count);
    assert_memory_equal(a->reasons, b->reasons, a->reason_count * sizeof(a->reasons[0]));
    assert_memory_equal(a->options, b->options, a->option_count * sizeof(a->options[0]));
    assert_memory_equal(a->gates, b->gates, a->gate_count * sizeof(a->gates[0]));
    assert_memory_equal(got->elsewhere, want->elsewhere,
                        got->elsewhere_count * sizeof(got->elsewhere[0]));
    for (size_t i = 0; i < a->note_count; i++) {
        assert_string_equal(a->notes[i].code, b->notes[i].code);
        assert_string_equal(a->notes[i].text, b->notes[i].text);
    }
    for (size_t i = 0; i < a->observation_count; i++) {
        assert_string_equal(a->observations[i].text, b->observations[i].text);
        assert_true(a->observations[i].value == b->observations[i].value);
    }
    assert_int_equal(a->samples, b->samples);
    assert_true(a->current_short[RS_DIM_COUNT - 1] == b->current_short[RS_DIM_COUNT - 1]);
}

static void lists_come_back_whatever_is_in_use_of_them(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 3, 100};
    struct rs_report report;
    struct rs_entry *want = calloc(COUNT_OF(counts), sizeof(*want)), *got = calloc(1, sizeof(*got));
    assert_non_null(want);
    assert_non_null(got);
    fixture_empty(&report);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_resource resource = {.id = "i-1", .platform = "Windows"};
        rs_entry_borrow(&want[i], &resource, NULL);
        number_lists(&want[i], counts[i]);
        want[i].advice.samples = i;
        want[i].advice.current_short[RS_DIM_COUNT - 1] = (double)i;
        want[i].advice.resize = (struct rs_resize){.from = "m5.large", .to = "m5.xlarge"};
        check_ok(rs_report_add(&report, &want[i], &err));
    }
    for (size_t i = COUNT_OF(counts); i-- > 0;) { /* one is opened over a fuller one */
        rs_report_entry(&report, i, got);
        check_lists(got, &want[i]);
        assert_string_equal(got->platform, "Windows");
        assert_string_equal(got->advice.resize.to, "m5.xlarge");
    }
    rs_report_release(&report);
    free(want);
    free(got);
}

static void entry_named(const struct rs_report *report, const char *name, struct rs_entry *out)
{
    for (size_t i = 0; i < report->count; i++) {
        rs_report_entry(report, i, out);
        if (out->name != NULL && strcmp(out->name, name) == 0) {
            return;
        }
    }
    fail_msg("no '%s' in the fixture", name);
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
            struct rs_entry entry;
            rs_report_entry(&report, k, &entry);
            left += rs_filter_wants(&rows[i].filter, &entry) &&
                    rs_filter_passes(&rows[i].filter, &entry);
        }
        assert_int_equal(left, rows[i].left);
        rs_report_release(&report);
    }
}

static void check_ids(const struct rs_report *report, const char *const *ids)
{
    for (size_t i = 0; i < report->count; i++) {
        assert_string_equal(rs_report_gist(report, i)->id, ids[i]);
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
    struct rs_entry entry;
    entry_named(&report, "old-jenkins", &entry);
    assert_null(rs_entry_choice(&entry));
    entry_named(&report, "cache", &entry);
    assert_string_equal(rs_entry_currency(&entry), "USD");
    rs_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_copies_every_text_of_the_resource),
        cmocka_unit_test(lists_come_back_whatever_is_in_use_of_them),
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
