/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../support/check.h"
#include "report/human.h"

static void amounts_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        double value;
        enum rs_dimension d;
        const char *want;
    } rows[] = {
        {1.9, RS_DIM_CPU, "1.90 vCPU"},
        {8, RS_DIM_CPU, "8 vCPU"},
        {0, RS_DIM_CPU, "0 vCPU"},
        {448, RS_DIM_CPU, "448 vCPU"},
        {34359738368.0, RS_DIM_MEMORY, "32 GiB"},
        {536870912.0, RS_DIM_MEMORY, "512 MiB"},
        {1073741823.0, RS_DIM_MEMORY, "1 GiB"},
        {1e16, RS_DIM_MEMORY, "9095 TiB"},
        {156.25e6, RS_DIM_NET_IN, "156 MB/s"},
        {999.9e3, RS_DIM_NET_OUT, "1 MB/s"},
        {12, RS_DIM_EBS_BYTES, "12 B/s"},
        {1230.4, RS_DIM_EBS_OPS, "1230 ops/s"},
        {9.996, RS_DIM_DISK_OPS, "10 ops/s"},
        {150000, RS_DIM_NET_PACKETS, "150000 packets/s"},
        {NAN, RS_DIM_MEMORY, "?"},
        {INFINITY, RS_DIM_NET_IN, "?"},
        {1e300, RS_DIM_CPU, "1e+300 vCPU"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[RS_HUMAN_TEXT];
        rs_human_amount(rows[i].value, rows[i].d, text);
        assert_string_equal(text, rows[i].want);
    }
}

static void shares_are_percent(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *want;
    } rows[] = {{0.111, "11 %"},   {0.0321, "3.2 %"},  {0, "0 %"},       {1, "100 %"},
                {1.2375, "124 %"}, {0.0996, "10 %"},   {-0.32, "-32 %"}, {NAN, "?"},
                {INFINITY, "?"},   {1e300, "1e+302 %"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[RS_HUMAN_TEXT];
        rs_human_share(rows[i].share, text);
        assert_string_equal(text, rows[i].want);
    }
}

static void money_has_its_sign_first_and_no_negative_zero(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *currency, *want;
    } rows[] = {{280.319, NULL, "$280.32"}, {280.319, "USD", "$280.32"}, {-12, "USD", "-$12.00"},
                {12, "CNY", "CNY 12.00"},   {-12, "CNY", "-CNY 12.00"},  {-0.001, "USD", "$0.00"},
                {NAN, "USD", "?"},          {1e300, "USD", "$1e+300"}};
    static const struct {
        double value, size;
        const char *want;
    } plain[] = {{280.3, 91, "280"}, {7.592, 3.8, "7.59"}, {3.8, 102, "4"}, {-24.82, 78, "-25"},
                 {-0.2, 78, "0"},    {-0.001, 1, "0"},     {NAN, 5, "?"},   {5, NAN, "5.00"}};
    char text[RS_HUMAN_TEXT];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rs_human_money(rows[i].value, rows[i].currency, text);
        assert_string_equal(text, rows[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        rs_human_price(plain[i].value, plain[i].size, text);
        assert_string_equal(text, plain[i].want);
    }
}

static void spans_instants_and_percentiles_read_as_words(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *want;
    } spans[] = {{1209600, "14 days"}, {108000, "30 hours"}, {5400, "90 minutes"},
                 {3600, "60 minutes"}, {90, "90 seconds"},   {1, "1 second"},
                 {0, "0 seconds"},     {302400, "3.5 days"}};
    static const struct {
        double percentile;
        const char *want;
    } percentiles[] = {{99.5, "P99.5"}, {100, "max"}, {95, "P95"}, {NAN, "?"}};
    char text[RS_HUMAN_TEXT];
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        rs_human_span(spans[i].seconds, text);
        assert_string_equal(text, spans[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(percentiles); i++) {
        rs_human_percentile(percentiles[i].percentile, text);
        assert_string_equal(text, percentiles[i].want);
    }
    rs_human_when(0, text);
    assert_string_equal(text, "1970-01-01 00:00");
    rs_human_when(-1, text);
    assert_string_equal(text, "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_have_three_digits_and_a_unit),
        cmocka_unit_test(shares_are_percent),
        cmocka_unit_test(money_has_its_sign_first_and_no_negative_zero),
        cmocka_unit_test(spans_instants_and_percentiles_read_as_words),
    };
    return cmocka_run_group_tests_name("format_units", tests, NULL, NULL);
}
