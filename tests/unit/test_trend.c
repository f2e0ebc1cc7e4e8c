/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/trend.h"

#include "shape_world.h"

static void finds_slope_and_chance_of_a_straight_line(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_trend t;
    const double line[] = {1, 2, 3, 4, 5, 6, 7};
    check_ok(rs_trend_of(line, 7, 1, &t, &err));
    assert_int_equal(t.count, 7);
    check_same_double(t.slope, 1.0);
    check_same_double(t.low, 1.0);
    check_same_double(t.high, 1.0);
    check_same_double(t.level, 7.0);
    check_same_double(t.inflation, 1.0);
    /* S = 21, variance 7 * 6 * 19 / 18 = 133 / 3 */
    check_near(t.p, erfc(20.0 / sqrt(133.0 / 3.0) / sqrt(2.0)), 1e-12);
}

static void corrects_for_ties_and_gaps(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_trend t;
    const double tied[] = {1, 1, NAN, 2, 2};
    check_ok(rs_trend_of(tied, 5, 1, &t, &err));
    assert_int_equal(t.count, 4);
    /* S = 4; 4 * 3 * 13 / 18 less two groups of 2 * 1 * 9 / 18 */
    check_near(t.p, erfc(3.0 / sqrt(156.0 / 18.0 - 2.0) / sqrt(2.0)), 1e-12);
    check_near(t.slope, (1.0 / 4.0 + 1.0 / 3.0) / 2.0, 1e-12); /* of 0 0 1/4 1/3 1/3 1/2 */
}

static void sees_no_trend_in_a_constant(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_trend t;
    const double flat[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    check_ok(rs_trend_of(flat, 8, 1, &t, &err));
    check_same_double(t.slope, 0.0);
    check_same_double(t.p, 1.0);
    check_same_double(t.inflation, 1.0);
    check_same_double(t.level, 0.1);
}

static void takes_no_weekly_pattern_for_a_trend(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_trend t;
    double days[28];
    for (size_t i = 0; i < 28; i++) {
        days[i] = (i + 2) % 7 < 5 ? 50.0 : 10.0;
    }
    check_ok(rs_trend_of(days, 28, 7, &t, &err));
    check_same_double(t.slope, 0.0);
    check_same_double(t.p, 1.0);
    for (size_t i = 0; i < 28; i++) {
        days[i] += 0.5 * (double)i;
    }
    check_ok(rs_trend_of(days, 28, 7, &t, &err));
    check_near(t.slope, 0.5, 1e-12);
    assert_true(t.p < 1e-6);
}

static void refuses_too_little_too_much_and_the_infinite(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_trend t = {.count = 77};
    static double many[RS_TREND_MAX + 1];
    const double few[] = {1, 2, 3, NAN, NAN}, infinite[] = {1, 2, -INFINITY, 3},
                 apart[] = {1, 2, 3, 4};
    check_fails(rs_trend_of(NULL, 0, 1, &t, &err), RS_ENODATA, "too few");
    check_fails(rs_trend_of(few, 5, 1, &t, &err), RS_ENODATA, "too few");
    check_fails(rs_trend_of(apart, 4, 7, &t, &err), RS_ENODATA, "no two values");
    check_fails(rs_trend_of(infinite, 4, 1, &t, &err), RS_EINPUT, "value 2 is infinite");
    check_fails(rs_trend_of(many, RS_TREND_MAX + 1, 1, &t, &err), RS_EINPUT, "129 values");
    check_fails(rs_trend_of(apart, 4, 0, &t, &err), RS_EINPUT, "seasons of 0");
    check_fails(rs_trend_of(apart, 4, 9, &t, &err), RS_EINPUT, "seasons of 9");
    assert_int_equal(t.count, 77);
}

static void widens_for_likeness_of_neighbours(void **state)
{
    (void)state;
    double walk[20], swing[20], gaps[] = {1, NAN, 1, NAN, 1, 1};
    for (size_t i = 0; i < 20; i++) {
        walk[i] = i < 10 ? 1.0 : -1.0;
        swing[i] = i % 2 == 0 ? 1.0 : -1.0;
    }
    /* products / squares = 17 / 20, (1 + 17) / 16 is held at 0.9 */
    double want = 1.0, power = 0.9;
    for (int k = 1; k < 20; k++) {
        want += 2.0 * (1.0 - k / 20.0) * power;
        power *= 0.9;
    }
    check_near(rs_trend_inflation(walk, 20), want, 1e-12);
    check_same_double(rs_trend_inflation(swing, 20), 1.0);
    check_same_double(rs_trend_inflation(gaps, 6), 1.0);
    check_same_double(rs_trend_inflation(walk, 5), 1.0);
}

static void compare_with_numpy(const double *want, const double *values, size_t count)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_trend t;
    check_ok(rs_trend_of(values, count, (size_t)want[0], &t, &err));
    check_close(t.slope, want[1], 1e-12);
    check_close(t.low, want[2], 1e-12);
    check_close(t.high, want[3], 1e-12);
    check_near(t.p, want[4], 1e-9 * want[4] + 1e-300);
    check_close(t.inflation, want[5], 1e-9);
    check_close(t.level, want[6], 1e-12);
}

static void agrees_with_numpy(void **state)
{
    (void)state;
    assert_true(shape_each_vector("trend", 7, compare_with_numpy) > 40);
}

/* Of 1000 rows of noise, how many have p <= 0.01. */
static int alarms(size_t days, size_t period, double phi)
{
    int count = 0;
    uint64_t seed = 5;
    for (int round = 0; round < 1000; round++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_trend t;
        double values[56], x = shape_normal(&seed);
        for (size_t i = 0; i < days; i++) {
            x = phi * x + sqrt(1.0 - phi * phi) * shape_normal(&seed);
            values[i] = x;
        }
        check_ok(rs_trend_of(values, days, period, &t, &err));
        count += t.p <= 0.01;
    }
    return count;
}

static void is_seldom_alarmed_by_noise(void **state)
{
    (void)state;
    assert_in_range(alarms(14, 1, 0.0), 1, 20);
    assert_in_range(alarms(28, 7, 0.0), 1, 20);
    assert_in_range(alarms(56, 7, 0.0), 1, 20);
    assert_in_range(alarms(56, 7, 0.3), 0, 20);
    assert_in_range(alarms(28, 7, 0.3), 0, 20);
    assert_in_range(alarms(14, 1, 0.3), 0, 30); /* fourteen values do not tell their likeness */
}

/* What it excludes no test finds; and it excludes most of what does not rise. */
static void what_cannot_rise_has_no_certain_rise(void **state)
{
    (void)state;
    static const double alphas[] = {0.5, 0.2, 0.01, 0.001, 0.0};
    struct rs_error err = {RS_OK, ""};
    uint64_t seed = 21;
    size_t excluded = 0, rises = 0;
    for (int round = 0; round < 6000; round++) {
        double row[56];
        struct rs_trend t;
        size_t count = 4 + check_random(&seed) % 53, period = 1 + check_random(&seed) % 8;
        double kinds = round % 3 == 0 ? 4.0 : 1e6, pace = (double)(round % 7) - 3.0;
        for (size_t i = 0; i < count; i++) {
            double noise = (double)(check_random(&seed) % 1000) / 1000.0;
            row[i] = floor(kinds * (noise + 0.01 * pace * (double)i));
            row[i] = check_random(&seed) % 9 == 0 ? (double)NAN : row[i];
        }
        if (rs_trend_of(row, count, period, &t, &err) != RS_OK) {
            continue;
        }
        for (size_t a = 0; a < COUNT_OF(alphas); a++) {
            bool may = rs_trend_may_rise(row, count, period, alphas[a]);
            bool rise = t.p <= alphas[a] && t.slope > 0.0;
            assert_true(may || !rise);
            excluded += may ? 0 : 1;
            rises += rise ? 1 : 0;
        }
    }
    assert_true(excluded > 12000 && rises > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_slope_and_chance_of_a_straight_line),
        cmocka_unit_test(corrects_for_ties_and_gaps),
        cmocka_unit_test(sees_no_trend_in_a_constant),
        cmocka_unit_test(takes_no_weekly_pattern_for_a_trend),
        cmocka_unit_test(refuses_too_little_too_much_and_the_infinite),
        cmocka_unit_test(widens_for_likeness_of_neighbours),
        cmocka_unit_test(agrees_with_numpy),
        cmocka_unit_test(is_seldom_alarmed_by_noise),
        cmocka_unit_test(what_cannot_rise_has_no_certain_rise),
    };
    return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
