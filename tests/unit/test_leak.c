/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/leak.h"

#include "shape_world.h"

static struct shape_hours s;

/* A saw of `tooth` hours that climbs from 2 by `pace` a day; 0.05 of noise. */
static void make_saw(size_t hours, size_t tooth, double pace, uint64_t seed)
{
    shape_begin(&s, hours);
    for (size_t i = 0; i < hours; i++) {
        s.mean[i] = 2.0 + pace * (double)(i % tooth) / 24.0;
    }
    shape_noise(&s, 0.5, 0.05, &seed);
}

static struct rs_leak judge(double material, double limit)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_leak leak;
    check_ok(rs_leak_of(&s.hours, material, limit, &leak, &err));
    return leak;
}

static void suspects_a_saw_that_only_climbs(void **state)
{
    (void)state;
    make_saw(14 * 24, 100, 0.5, 1);
    struct rs_leak leak = judge(0.5, 8.0);
    assert_true(leak.suspected);
    assert_int_equal(leak.restarts, 3);
    assert_int_equal(leak.climbs, 3); /* the last tooth of 36 hours is too short to judge */
    check_near(leak.per_day, 0.5, 0.02);
    check_near(leak.climbed, 0.5 * 100 / 24, 0.1);
    assert_true(leak.p <= 0.01);
    check_near(leak.last, 2.0 + 0.5 * 34 / 24, 0.2);
    double days = (8.0 - leak.last) / leak.per_day;
    check_near((double)leak.full_at, (double)(MONDAY + 14 * 86400) + days * 86400, 2.0);
    assert_int_equal(leak.from, MONDAY);
    assert_int_equal(leak.to, MONDAY + 300 * 3600);
}

static void suspects_a_long_climb_without_any_restart(void **state)
{
    (void)state;
    make_saw(7 * 24, 1000, 0.3, 2);
    struct rs_leak leak = judge(0.5, NAN);
    assert_true(leak.suspected);
    assert_int_equal(leak.restarts, 0);
    assert_int_equal(leak.full_at, -1);
    make_saw(5 * 24, 1000, 0.3, 2); /* five days are not enough alone */
    assert_false(judge(0.5, NAN).suspected);
    make_saw(60 * 24, 2000, 0.3, 2); /* read in wider bins */
    check_near(judge(0.5, NAN).per_day, 0.3, 0.01);
    assert_true(judge(0.5, NAN).suspected);
}

static void sees_through_a_daily_pattern(void **state)
{
    (void)state;
    make_saw(14 * 24, 110, 0.5, 3);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] += i % 24 < 8 ? 0.15 : 0.0;
    }
    assert_true(judge(0.5, 8.0).suspected);
    shape_begin(&s, 14 * 24);
    for (size_t i = 0; i < s.hours.count; i++) { /* fills by day, is emptied at night */
        s.mean[i] = 2.0 + (double)(i % 24) / 24.0;
    }
    struct rs_error err;
    struct rs_leak leak = {.climbs = 77};
    check_fails(rs_leak_of(&s.hours, 0.5, 8.0, &leak, &err), RS_ENODATA, "no stretch");
    assert_int_equal(leak.climbs, 77);
}

static void suspects_no_cache_that_fills(void **state)
{
    (void)state;
    uint64_t seed = 4;
    shape_begin(&s, 14 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = 6.0 - 4.0 * exp(-(double)(i % 168) / 24.0);
    }
    shape_noise(&s, 0.5, 0.02, &seed);
    struct rs_leak leak = judge(0.5, 8.0);
    assert_false(leak.suspected);
    assert_int_equal(leak.restarts, 1);
}

static void suspects_nothing_if_one_stretch_does_not_climb(void **state)
{
    (void)state;
    make_saw(14 * 24, 112, 0.5, 5);
    for (size_t i = 112; i < 224; i++) {
        s.mean[i] = 3.0 + (double)(i % 3) * 0.01;
    }
    assert_false(judge(0.5, 8.0).suspected);
}

static void suspects_nothing_below_what_is_material(void **state)
{
    (void)state;
    make_saw(14 * 24, 100, 0.5, 6);
    assert_true(judge(1.9, 8.0).suspected);
    assert_false(judge(2.3, 8.0).suspected);
}

static void says_no_date_where_there_is_none(void **state)
{
    (void)state;
    make_saw(14 * 24, 100, 0.5, 7);
    assert_int_equal(judge(0.5, 1.0).full_at, -1); /* exceeded already */
    assert_int_equal(judge(0.5, 1e9).full_at, -1); /* too far */
    make_saw(14 * 24, 1000, -0.05, 7);
    struct rs_leak leak = judge(0.5, 8.0);
    assert_false(leak.suspected);
    assert_true(isnan(leak.per_day) && isnan(leak.climbed) && isnan(leak.last));
    assert_int_equal(leak.full_at, -1);
}

static void looks_over_gaps(void **state)
{
    (void)state;
    make_saw(14 * 24, 100, 0.5, 8);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i % 100 == 0 || i % 37 == 0 ? NAN : s.mean[i]; /* restarts fall into gaps */
    }
    struct rs_leak leak = judge(0.5, 8.0);
    assert_true(leak.suspected);
    assert_int_equal(leak.restarts, 3);
}

static void refuses_what_cannot_be_judged(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_leak leak = {.climbs = 77};
    shape_begin(&s, 0);
    check_fails(rs_leak_of(&s.hours, 0.5, 8.0, &leak, &err), RS_ENODATA, "no stretch");
    shape_begin(&s, 71);
    check_fails(rs_leak_of(&s.hours, 0.5, 8.0, &leak, &err), RS_ENODATA, "no stretch");
    check_fails(rs_leak_of(&s.hours, 0.0, 8.0, &leak, &err), RS_EINPUT, "not material");
    check_fails(rs_leak_of(&s.hours, NAN, 8.0, &leak, &err), RS_EINPUT, "not material");
    assert_int_equal(leak.climbs, 77);
    shape_begin(&s, 168);
    assert_false(judge(0.5, 8.0).suspected);
    for (size_t i = 0; i < 168; i++) {
        s.mean[i] = NAN;
    }
    leak = judge(0.5, 8.0);
    assert_false(leak.suspected);
    check_same_double(leak.p, 1.0);
}

static void is_seldom_alarmed_by_noise(void **state)
{
    (void)state;
    static const double phis[] = {0.0, 0.9, 0.98};
    uint64_t seed = 9;
    for (size_t i = 0; i < COUNT_OF(phis); i++) {
        int found = 0;
        for (int round = 0; round < 500; round++) {
            shape_begin(&s, 14 * 24);
            for (size_t h = 0; h < s.hours.count; h++) {
                s.mean[h] = 5.0;
            }
            shape_noise(&s, phis[i], 1.0, &seed);
            struct rs_error err;
            struct rs_leak leak;
            found += rs_leak_of(&s.hours, 0.4, 8.0, &leak, &err) == RS_OK && leak.suspected;
        }
        assert_in_range(found, 0, 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suspects_a_saw_that_only_climbs),
        cmocka_unit_test(suspects_a_long_climb_without_any_restart),
        cmocka_unit_test(sees_through_a_daily_pattern),
        cmocka_unit_test(suspects_no_cache_that_fills),
        cmocka_unit_test(suspects_nothing_if_one_stretch_does_not_climb),
        cmocka_unit_test(suspects_nothing_below_what_is_material),
        cmocka_unit_test(says_no_date_where_there_is_none),
        cmocka_unit_test(looks_over_gaps),
        cmocka_unit_test(refuses_what_cannot_be_judged),
        cmocka_unit_test(is_seldom_alarmed_by_noise),
    };
    return cmocka_run_group_tests_name("leak", tests, NULL, NULL);
}
