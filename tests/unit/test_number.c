/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/number.h"

#include "../support/check.h"

#include <float.h>
#include <stdlib.h>

#define ROUNDS 200000
#define FORMAT_ROUNDS 1000000

static void reads_one_decimal_within_its_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double min, max, want;
    } rows[] = {
        {"0", 0, 1, 0},        {"-1.5", -2, 0, -1.5}, {"1e3", 0, 1e4, 1000},
        {"+2.", 0, 2, 2},      {".5", 0, 1, 0.5},     {"007", 0, 10, 7},
        {"1E-05", 0, 1, 1e-5}, {"1e-999", 0, 1, 0},   {"100.00000001", 0, 100.5, 100.00000001},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        double got = -99;
        check_ok(rs_parse_double(rows[i].text, rows[i].min, rows[i].max, &got, &err));
        check_same_double(got, rows[i].want);
    }
}

static void refuses_what_is_no_decimal(void **state)
{
    (void)state;
    static const char *const rows[] = {"",      "-",   ".",   "e5",       "1e", "1e+",
                                       "0x10",  "inf", "nan", " 1",       "1 ", "1,5",
                                       "1.2.3", "--1", "1_0", "infinity", "1d3"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        double got = -99;
        check_fails(rs_parse_double(rows[i], -DBL_MAX, DBL_MAX, &got, &err), RS_EINPUT,
                    "is not a number");
        check_same_double(got, -99);
    }
    struct rs_error err = {RS_OK, ""};
    double got = -99;
    check_fails(rs_parse_double("1.1", 0, 1, &got, &err), RS_EINPUT, "'1.1' is outside 0..1");
    check_fails(rs_parse_double("-0.1", 0, 1, &got, &err), RS_EINPUT, "'-0.1' is outside 0..1");
    check_fails(rs_parse_double("1e999", 0, INFINITY, &got, &err), RS_EINPUT, "is outside");
}

static void reads_whole_numbers_to_both_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"+12", 12},
                {"-12", -12},
                {"0012", 12},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"", "-", "1.0", "1e3", " 1", "1 ", "0x1", "abc", "--1"};
    static const char *const outside[] = {"9223372036854775808", "-9223372036854775809",
                                          "99999999999999999999999999"};
    struct rs_error err = {RS_OK, ""};
    int64_t got = 0;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        check_ok(rs_parse_int(good[i].text, INT64_MIN, INT64_MAX, &got, &err));
        assert_true(got == good[i].want);
    }
    got = 5;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_fails(rs_parse_int(bad[i], INT64_MIN, INT64_MAX, &got, &err), RS_EINPUT,
                    "is not a whole number");
    }
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        check_fails(rs_parse_int(outside[i], INT64_MIN, INT64_MAX, &got, &err), RS_EINPUT,
                    "is outside");
    }
    check_fails(rs_parse_int("11", 0, 10, &got, &err), RS_EINPUT, "'11' is outside 0..10");
    check_fails(rs_parse_int("-1", 0, 10, &got, &err), RS_EINPUT, "'-1' is outside 0..10");
    assert_int_equal(got, 5);
}

static bool scan(const char *text, double *out)
{
    /* an exact allocation, so that a byte read too far is seen by the sanitizers */
    size_t length = strlen(text);
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    bool good = rs_number_scan(copy, length, out);
    free(copy);
    return good;
}

static void scan_follows_the_grammar_of_json(void **state)
{
    (void)state;
    static const char *const good[] = {"0",     "-0",
                                       "1",     "-1",
                                       "10",    "0.5",
                                       "0.05",  "1e5",
                                       "1E+5",  "1e-5",
                                       "1.5e3", "-0.0e-0",
                                       "1e00",  "12345678901234567890.12345678901234567890"};
    static const char *const bad[] = {
        "",     "-",        "+1",   "01",    "-01",    ".5",
        "1.",   "1.e5",     "1e",   "1e+",   "0x1",    "1 ",
        " 1",   "inf",      "nan",  "1a",    "1e5.",   "--1",
        "1e5e", "00",       "1..2", "1e999", "-1e400", "123456789012345678901234567890e300",
        "1/2",  "12345678:"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        double got = 0;
        assert_true(scan(good[i], &got));
        check_same_double(got, strtod(good[i], NULL));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        double got = -99;
        assert_false(scan(bad[i], &got));
        check_same_double(got, -99);
    }
}

static void scan_rounds_hard_cases_correctly(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "9007199254740993", /* 2^53 + 1: a tie, to even */
        "9007199254740995",
        "9007199254740992.9999999999999999999999999",
        "9007199254740993.0000000000000000000000000000000000001",
        "0.83333333333333337",
        "1.6666666666666667e-05",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9e-324",
        "2.4703282292062327e-324", /* just below half of the least */
        "2.4703282292062328e-324",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "8.98846567431158e307",
        "18446744073709551615",
        "9999999999999999999",
        "9999999999999999999e27",
        "9999999999999999999e-27",
        "1e27",
        "1e-27",
        "1e28",
        "1e23",
        "6929495644600919.5",
        "3.518437208883201171875e13",
        "0.000000000000000000000000000000000000000000000001e48",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double got = 0;
        assert_true(scan(rows[i], &got));
        check_same_double(got, strtod(rows[i], NULL));
    }
}

static void scan_copes_with_endless_digits(void **state)
{
    (void)state;
    static char text[200000];
    double got = 0;
    memset(text, '0', sizeof(text));
    memcpy(text, "0.", 2);
    memcpy(text + sizeof(text) - 10, "17e199990", 10); /* 199,988 zeros, then 17 */
    assert_true(scan(text, &got));
    check_same_double(got, 17.0);
    memset(text, '0', sizeof(text) - 1);
    text[0] = '9';
    memcpy(text + sizeof(text) - 9, "e-199990", 9);
    assert_true(scan(text, &got));
    check_same_double(got, 9.0);
    /* 2^53 + 1 and, 2000 digits on, a 1: above the tie */
    memset(text, '0', 2100);
    memcpy(text, "9007199254740993.", 17);
    memcpy(text + 2100, "1", 2);
    assert_true(scan(text, &got));
    check_same_double(got, 9007199254740994.0);
}

static void scan_agrees_with_strtod_on_random_decimals(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int i = 0; i < ROUNDS; i++) {
        char text[64];
        size_t n = 0, digits = 1 + check_random(&seed) % 24, point = check_random(&seed) % 24;
        if (check_random(&seed) % 4 == 0) {
            text[n++] = '-';
        }
        for (size_t k = 0; k < digits; k++) {
            text[n++] =
                (char)((k == 0 ? '1' : '0') + (char)(check_random(&seed) % (k == 0 ? 9 : 10)));
            if (k == point && k + 1 < digits) {
                text[n++] = '.';
            }
        }
        int exponent =
            (int)(check_random(&seed) % (i % 2 == 0 ? 60 : 640)) - (i % 2 == 0 ? 30 : 330);
        snprintf(text + n, sizeof(text) - n, "e%d", exponent);
        double want = strtod(text, NULL), got = 0;
        if (scan(text, &got) != (isfinite(want) != 0) ||
            (isfinite(want) && check_bits(got) != check_bits(want))) {
            print_error("%s: %.17g, not %.17g\n", text, got, want);
            fail();
        }
    }
}

static void every_double_survives_its_text(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bits = check_random(&seed);
        double value, back = 0;
        memcpy(&value, &bits, sizeof(value));
        if (i % 3 == 0) {
            value = (double)(bits % 100000) / 1000; /* what metrics look like */
        }
        char text[RS_NUMBER_TEXT];
        rs_number_format(value, text);
        if (!isfinite(value)) {
            assert_string_equal(text, "null");
        } else if (!scan(text, &back) || check_bits(back) != check_bits(value)) {
            print_error("%a became %s\n", value, text);
            fail();
        }
    }
}

/* The contract in the words of the C library. */
static void format_slowly(double value, char out[static 64])
{
    if (!isfinite(value)) {
        snprintf(out, 64, "null");
        return;
    }
    if (fabs(value) < 1e15 && value == trunc(value) && check_bits(value) != check_bits(-0.0)) {
        snprintf(out, 64, "%.0f", value);
        return;
    }
    for (int precision = fabs(value) < DBL_MIN ? 1 : 15; precision <= 17; precision++) {
        snprintf(out, 64, "%.*g", precision, value);
        if (strtod(out, NULL) == value) {
            break;
        }
    }
    char *e = strchr(out, 'e');
    while (e != NULL && e[2] == '0') {
        memmove(e + 2, e + 3, strlen(e + 2));
    }
}

static double random_double(uint64_t *seed)
{
    uint64_t bits = check_random(seed), more = check_random(seed);
    double value;
    memcpy(&value, &bits, sizeof(value));
    switch (more % 8) {
    case 0: /* any bit pattern */
        return value;
    case 1: /* of the usual sizes */
        bits = (bits & ~(UINT64_C(0x7FF) << 52)) | (1023 - 60 + bits % 125) << 52;
        memcpy(&value, &bits, sizeof(value));
        return value;
    case 2: /* few decimals */
        return (double)(bits % 10000000) / 1e6;
    case 3:
        return (double)(bits % 100000000000) / 1e7 * pow(10, (double)(more / 8 % 20) - 10);
    case 4: /* beside a power of two, where the doubles' distance changes */
        return nextafter(ldexp(1, (int)(bits % 140) - 70), more & 8 ? 0 : INFINITY);
    case 5: /* beside a power of ten, where the digits' number changes */
        value = pow(10, (double)(bits % 36) - 18);
        for (uint64_t i = more / 16 % 4; i > 0; i--) {
            value = nextafter(value, more & 8 ? 0 : INFINITY);
        }
        return value;
    case 6: /* large integers and halves: ties */
        return (double)(bits >> 11) * (more & 8 ? 1 : 0.5);
    default:
        return ldexp((double)(bits >> 11), -(int)(more / 8 % 100));
    }
}

static void texts_are_those_of_the_library(void **state)
{
    (void)state;
    uint64_t seed = 2026;
    char text[RS_NUMBER_TEXT], want[64];
    for (int i = 0; i < FORMAT_ROUNDS; i++) {
        double value = random_double(&seed);
        size_t length = rs_number_format(value, text);
        format_slowly(value, want);
        if (strcmp(text, want) != 0 || length != strlen(want)) {
            print_error("%a became %s, not %s\n", value, text, want);
            fail();
        }
    }
}

static void integers_are_those_of_the_library(void **state)
{
    (void)state;
    uint64_t seed = 11;
    char text[RS_NUMBER_TEXT], want[64];
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bits = check_random(&seed) >> check_random(&seed) % 64;
        int64_t value = (int64_t)(i % 2 == 0 ? bits : 0 - bits);
        value = i == 0 ? INT64_MIN : i == 1 ? INT64_MAX : i == 2 ? 0 : value;
        size_t length = rs_integer_format(value, text);
        snprintf(want, sizeof(want), "%lld", (long long)value);
        assert_string_equal(text, want);
        assert_int_equal(length, strlen(want));
        rs_number_format((double)(bits >> 15), text); /* all that are written as integers */
        snprintf(want, sizeof(want), "%llu", (unsigned long long)(bits >> 15));
        assert_string_equal(text, want);
    }
}

static void rounded_texts_are_those_of_the_rounded_value(void **state)
{
    (void)state;
    static const double rows[] = {0.0,
                                  -0.0,
                                  0.00005,
                                  -0.00005,
                                  0.000049999999999,
                                  -1e-9,
                                  5e-324,
                                  0.00015,
                                  102.93000000001,
                                  99999999999.99995,
                                  1e11,
                                  -1e11,
                                  1e15,
                                  1e300,
                                  -1e-300,
                                  NAN,
                                  1.5,
                                  -INFINITY,
                                  99999999999.99999,
                                  0.99995,
                                  0.5,
                                  123456,
                                  99999999.9999,
                                  1e10};
    uint64_t seed = 5;
    for (size_t i = 0; i < COUNT_OF(rows) + ROUNDS; i++) {
        char text[RS_NUMBER_TEXT], want[RS_NUMBER_TEXT];
        double value = i < COUNT_OF(rows) ? rows[i] : random_double(&seed);
        double rounded = fabs(value) < 1e11 ? round(value * 1e4) / 1e4 : value;
        size_t length = rs_rounded_format(value, text);
        assert_int_equal(length, rs_number_format(rounded == 0.0 ? 0.0 : rounded, want));
        assert_string_equal(text, want);
    }
}

static void texts_are_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *want;
    } rows[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {0.0001, "0.0001"},
        {0.0001234, "0.0001234"},
        {0.00001234, "1.234e-5"},
        {1234567.000001, "1234567.000001"},
        {999999999.9999995, "999999999.9999995"},
        {9007199254740993.0, "9007199254740992"},
        {1.0 / 1024, "0.0009765625"},
        {1e17, "1e+17"},
        {1e-15, "1e-15"},
        {-2.5e-12, "-2.5e-12"},
        {0.1 + 0.2, "0.30000000000000004"},
        {9007199254740992.0, "9007199254740992"},
        {999999999999999.0, "999999999999999"},
        {1e15, "1e+15"},
        {1e300, "1e+300"},
        {1e-7, "1e-7"},
        {-123456, "-123456"},
        {5e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {-DBL_MAX, "-1.7976931348623157e+308"},
        {NAN, "null"},
        {-INFINITY, "null"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[RS_NUMBER_TEXT];
        rs_number_format(rows[i].value, text);
        assert_string_equal(text, rows[i].want);
    }
}

static void a_key_ends_at_the_first_equals_sign(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    char key[8] = "old";
    const char *value = NULL;
    check_ok(rs_parse_key_value("Team=a=b", key, sizeof(key), &value, &err));
    assert_string_equal(key, "Team");
    assert_string_equal(value, "a=b");
    check_ok(rs_parse_key_value("1234567=", key, sizeof(key), &value, &err));
    assert_string_equal(key, "1234567");
    assert_string_equal(value, "");
    check_fails(rs_parse_key_value("12345678=", key, sizeof(key), &value, &err), RS_EUSAGE,
                "longer than 7 bytes");
    check_fails(rs_parse_key_value("=x", key, sizeof(key), &value, &err), RS_EUSAGE, "KEY=VALUE");
    check_fails(rs_parse_key_value("x", key, sizeof(key), &value, &err), RS_EUSAGE, "KEY=VALUE");
    assert_string_equal(key, "1234567");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_decimal_within_its_range),
        cmocka_unit_test(refuses_what_is_no_decimal),
        cmocka_unit_test(reads_whole_numbers_to_both_ends),
        cmocka_unit_test(scan_follows_the_grammar_of_json),
        cmocka_unit_test(scan_rounds_hard_cases_correctly),
        cmocka_unit_test(scan_copes_with_endless_digits),
        cmocka_unit_test(scan_agrees_with_strtod_on_random_decimals),
        cmocka_unit_test(every_double_survives_its_text),
        cmocka_unit_test(texts_are_those_of_the_library),
        cmocka_unit_test(integers_are_those_of_the_library),
        cmocka_unit_test(rounded_texts_are_those_of_the_rounded_value),
        cmocka_unit_test(texts_are_short),
        cmocka_unit_test(a_key_ends_at_the_first_equals_sign),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
