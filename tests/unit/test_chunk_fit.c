/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_fit.h"

#include "../support/check.h"
#include "store/chunk_model.h"

#define MOST 41

static double hostile(uint64_t *random, double divisor, int kind)
{
    static const double odd[] = {0.0,    -0.0,   5e-324, -5e-324, 1e308,
                                 -1e308, 2.3e15, -0.5,   0.5,     2251799813685248.0};
    int64_t k = (int64_t)(check_random(random) % 200000) - 100000;
    double value = (double)k * (kind % 3 == 0 ? 8 : 1) / divisor;
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bits += kind % 2 == 0 && k != 0 ? check_random(random) % 900 - 450 : 0;
    memcpy(&value, &bits, sizeof(value));
    return check_random(random) % 60 == 0 ? odd[check_random(random) % COUNT_OF(odd)] : value;
}

static void four_at_a_time_fit_as_one_by_one(void **state)
{
    (void)state;
    static const double divisors[] = {1, 3, 60, 100, 300, 3600, 10000, 1000000, 4294967295.0};
    uint64_t random = 5;
    size_t whole = 0;
    for (int round = 0; round < 40000; round++) {
        double values[MOST], divisor = divisors[(size_t)round % COUNT_OF(divisors)];
        size_t count = 1 + check_random(&random) % MOST;
        struct rs_fit wide = {1, 2, 3, 4, 5}, plain = wide;
        for (size_t i = 0; i < count; i++) {
            values[i] = hostile(&random, divisor, round / 10);
        }
        size_t fitted = rs_fit(values, count, divisor, &wide);
        assert_int_equal(fitted, rs_fit_plain(values, count, divisor, &plain));
        assert_memory_equal(&wide, &plain, sizeof(wide)); /* as it was, where not all fit */
        whole += fitted == count;
    }
    assert_true(whole > 5000 && whole < 39000);
}

static void what_fits_is_told_exactly(void **state)
{
    (void)state;
    const double values[] = {1.5, -2.25, 100.75, 4.0, 0.0, -2.25, 7.25};
    const double ends[] = {2251799813685247.0, -2251799813685247.0, 1, 2251799813685248.0, 3};
    struct rs_fit fit = {0, 0, 0, 0, 0};
    assert_int_equal(rs_fit(values, COUNT_OF(values), 4, &fit), COUNT_OF(values));
    assert_true(fit.low == -9 && fit.high == 403 && fit.factor == 1);
    assert_true(fit.rest_low == 0 && fit.rest_high == 0);
    assert_int_equal(rs_fit(values, COUNT_OF(values), 2, &fit), 1);
    assert_int_equal(rs_fit(ends, COUNT_OF(ends), 1, &fit), 3);
}

static void the_factor_divides_every_difference(void **state)
{
    (void)state;
    static const struct {
        double values[6];
        uint64_t factor;
    } rows[] = {
        {{5, 5, 5, 5, 5, 5}, 0},
        {{4096, 8192, 4096, 40960, 0, -4096}, 4096},
        {{4097, 8193, 4097, 40961, 1, 4097}, 4096},
        {{0, 30, 42, 0, 70, 105}, 1},
        {{0, 30, 42, 0, 72, 102}, 6},
        {{-2251799813685247.0, 2251799813685247.0, 0, 0, 0, 0}, 2251799813685247},
        {{-2251799813685246.0, 2251799813685246.0, 3, -3, 0, 9}, 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_fit fit = {0, 0, 0, 0, 0};
        assert_int_equal(rs_fit(rows[i].values, 6, 1, &fit), 6);
        assert_true(fit.factor == rows[i].factor);
    }
    assert_true(rs_fit_common_divisor(0, 12) == 12 && rs_fit_common_divisor(18, 12) == 6);
}

static void a_rest_fits_up_to_ten_bits(void **state)
{
    (void)state;
    for (int64_t rest = -514; rest <= 514; rest++) {
        double values[8], value = 37.0 / 300;
        uint64_t bits;
        struct rs_fit fit = {0, 0, 0, 0, 0};
        memcpy(&bits, &value, sizeof(bits));
        bits += (uint64_t)rest;
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            memcpy(&values[i], &bits, sizeof(bits));
        }
        bool fits = rest >= RS_MODEL_REST_LOW && rest <= RS_MODEL_REST_HIGH;
        assert_int_equal(rs_fit(values, 8, 300, &fit), fits ? 8 : 0);
        assert_true(!fits || (fit.low == 37 && fit.high == 37));
        assert_true(!fits || (fit.rest_low == rest && fit.rest_high == rest));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_at_a_time_fit_as_one_by_one),
        cmocka_unit_test(what_fits_is_told_exactly),
        cmocka_unit_test(the_factor_divides_every_difference),
        cmocka_unit_test(a_rest_fits_up_to_ten_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
