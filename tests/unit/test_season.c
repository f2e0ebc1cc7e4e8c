/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/season.h"

#include "shape_world.h"

static struct shape_hours s;
static const struct rs_season_least any = {0.0, 0.0};

static void finds_the_hours_of_a_daily_pattern(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    uint64_t seed = 1;
    shape_begin(&s, 7 * 24 + 5); /* days begin at 05:00 */
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = 40.0 + (i % 24 == 14 ? 30.0 : i % 24 == 3 ? -20.0 : 0.0);
    }
    shape_noise(&s, 0.0, 1.0, &seed);
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    assert_int_equal(d.days, 7);
    assert_int_equal(d.peak_hour, 14);
    assert_int_equal(d.trough_hour, 3);
    check_near(d.high, 70.0, 1.5);
    check_near(d.low, 20.0, 1.5);
    assert_true(d.strength > 0.9 && d.p < 1e-6);
}

static void tells_nothing_of_a_constant(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    struct rs_weekly w;
    shape_begin(&s, 21 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = 0.1;
    }
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    check_same_double(d.strength, 0.0);
    check_same_double(d.p, 1.0);
    check_same_double(w.strength, 0.0);
    check_same_double(w.p, 1.0);
}

static void is_certain_of_a_pattern_without_noise(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    struct rs_weekly w;
    shape_begin(&s, 14 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i % 168 < 24 ? 0.7 : 0.1;
    }
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    check_same_double(w.p, 0.0);
    check_near(w.strength, 1.0, 1e-12);
    assert_int_equal(w.peak_day, 0);
    assert_int_equal(w.trough_day, 1);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i % 24 < 12 ? 0.7 : 0.1;
    }
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    check_same_double(d.p, 0.0);
    check_near(d.strength, 1.0, 1e-12);
}

static void sees_an_office_in_its_working_days(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    uint64_t seed = 2;
    shape_begin(&s, 7 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = shape_is_work(i) ? 60.0 : 5.0;
    }
    shape_noise(&s, 0.5, 3.0, &seed);
    check_ok(rs_daily_of(&s.hours, true, any, &d, &err));
    assert_int_equal(d.days, 5);
    assert_true(d.p < 1e-3 && d.strength > 0.8);
    assert_in_range(d.peak_hour, 8, 17);
}

static void finds_the_days_of_a_weekly_pattern(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_weekly w;
    uint64_t seed = 3;
    shape_begin(&s, 14 * 24 + 9);
    for (size_t i = 0; i < s.hours.count; i++) {
        size_t day = i / 24 % 7;
        s.mean[i] = day == 2 ? 80.0 : day == 6 ? 10.0 : 40.0;
    }
    shape_noise(&s, 0.5, 3.0, &seed);
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    assert_int_equal(w.weeks, 2);
    assert_int_equal(w.peak_day, 2);
    assert_int_equal(w.trough_day, 6);
    assert_true(w.p < 0.01 && w.strength > 0.8 && w.strength_daily < 0.1);
}

static void leaves_days_and_weeks_with_gaps_out(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    struct rs_weekly w;
    uint64_t seed = 4;
    shape_begin(&s, 21 * 24);
    shape_noise(&s, 0.0, 1.0, &seed);
    s.mean[30] = s.mean[31] = NAN;
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    assert_int_equal(d.days, 21);
    s.mean[32] = NAN;
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    assert_int_equal(d.days, 20);
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    assert_int_equal(w.weeks, 3);
    for (size_t i = 30; i < 37; i++) {
        s.mean[i] = NAN;
    }
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    assert_int_equal(w.weeks, 2);
}

static void tells_no_more_of_a_pattern_than_is_of_use(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d, of_use;
    struct rs_weekly w, weeks;
    uint64_t seed = 77;
    shape_begin(&s, 21 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = 20.0 + (shape_is_work(i) ? 8.0 : 0.0);
    }
    shape_noise(&s, 0.5, 2.0, &seed);
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    for (double amplitude = 0.5; amplitude < 12.0; amplitude += 0.5) {
        for (double strength = 0.0; strength <= 1.0; strength += 0.25) {
            struct rs_season_least least = {amplitude, strength};
            check_ok(rs_daily_of(&s.hours, false, least, &of_use, &err));
            bool wide = d.high - d.low >= amplitude;
            check_same_double(of_use.high, d.high);
            check_same_double(of_use.strength, wide ? d.strength : 0.0);
            check_same_double(of_use.p, wide && d.strength >= strength ? d.p : 1.0);
            check_ok(rs_weekly_of(&s.hours, least, &weeks, &err));
            wide = w.high - w.low >= amplitude;
            check_same_double(weeks.low, w.low);
            check_same_double(weeks.strength, wide ? w.strength : 0.0);
            check_same_double(weeks.strength_daily, wide ? w.strength_daily : 0.0);
            check_same_double(weeks.p, wide && w.strength >= strength ? w.p : 1.0);
        }
    }
}

static void refuses_what_is_too_short(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_daily d = {.days = 77};
    struct rs_weekly w = {.weeks = 77};
    shape_begin(&s, 0);
    check_fails(rs_daily_of(&s.hours, false, any, &d, &err), RS_ENODATA, "0 whole days");
    check_fails(rs_weekly_of(&s.hours, any, &w, &err), RS_ENODATA, "0 whole weeks");
    shape_begin(&s, 71);
    check_fails(rs_daily_of(&s.hours, false, any, &d, &err), RS_ENODATA, "2 whole days");
    shape_begin(&s, 335);
    check_fails(rs_weekly_of(&s.hours, any, &w, &err), RS_ENODATA, "1 whole weeks");
    for (size_t i = 0; i < 335; i++) {
        s.mean[i] = NAN;
    }
    check_fails(rs_daily_of(&s.hours, false, any, &d, &err), RS_ENODATA, "0 whole days");
    assert_true(d.days == 77 && w.weeks == 77);
}

static void compare_daily(const double *want, const double *values, size_t count)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_daily d;
    shape_begin(&s, count);
    memcpy(s.mean, values, count * sizeof(*values));
    check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
    check_close(d.strength, want[0], 1e-10);
    check_near(d.p, want[1], 1e-6 * want[1] + 1e-300);
    check_close(d.high, want[2], 1e-12);
    check_close(d.low, want[3], 1e-12);
    assert_int_equal(d.peak_hour, (int)want[4]);
    assert_int_equal(d.trough_hour, (int)want[5]);
}

static void compare_weekly(const double *want, const double *values, size_t count)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_weekly w;
    shape_begin(&s, count);
    memcpy(s.mean, values, count * sizeof(*values));
    check_ok(rs_weekly_of(&s.hours, any, &w, &err));
    check_close(w.strength, want[0], 1e-10);
    check_close(w.strength_daily, want[1], 1e-10);
    check_near(w.p, want[2], 1e-6 * want[2] + 1e-300);
    assert_int_equal(w.peak_day, (int)want[3]);
    assert_int_equal(w.trough_day, (int)want[4]);
}

static void agrees_with_numpy(void **state)
{
    (void)state;
    assert_int_equal(shape_each_vector("daily", 6, compare_daily), 24);
    assert_int_equal(shape_each_vector("weekly", 5, compare_weekly), 9);
}

static void is_seldom_alarmed_by_noise(void **state)
{
    (void)state;
    static const double phis[] = {0.0, 0.9, 0.98};
    uint64_t seed = 6;
    for (size_t i = 0; i < COUNT_OF(phis); i++) {
        int daily = 0, weekly = 0;
        for (int round = 0; round < 500; round++) {
            struct rs_error err = {RS_OK, ""};
            struct rs_daily d;
            struct rs_weekly w;
            shape_begin(&s, 14 * 24);
            shape_noise(&s, phis[i], 1.0, &seed);
            check_ok(rs_daily_of(&s.hours, false, any, &d, &err));
            check_ok(rs_weekly_of(&s.hours, any, &w, &err));
            daily += d.p <= 0.01;
            weekly += w.p <= 0.01;
        }
        assert_in_range(daily, 0, 10);
        assert_in_range(weekly, 0, 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_hours_of_a_daily_pattern),
        cmocka_unit_test(tells_nothing_of_a_constant),
        cmocka_unit_test(is_certain_of_a_pattern_without_noise),
        cmocka_unit_test(sees_an_office_in_its_working_days),
        cmocka_unit_test(finds_the_days_of_a_weekly_pattern),
        cmocka_unit_test(leaves_days_and_weeks_with_gaps_out),
        cmocka_unit_test(tells_no_more_of_a_pattern_than_is_of_use),
        cmocka_unit_test(refuses_what_is_too_short),
        cmocka_unit_test(agrees_with_numpy),
        cmocka_unit_test(is_seldom_alarmed_by_noise),
    };
    return cmocka_run_group_tests_name("season", tests, NULL, NULL);
}
