/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/steps.h"

#include "shape_world.h"

static struct shape_hours s;
static struct rs_step steps[RS_MAX_STEPS];

static size_t search(double alpha)
{
    struct rs_error err = {RS_OK, ""};
    size_t count = 77;
    check_ok(rs_steps_of(&s.hours, alpha, 0.0, steps, &count, &err));
    return count;
}

static void finds_a_step_to_the_hour(void **state)
{
    (void)state;
    uint64_t seed = 1;
    shape_begin(&s, 14 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i >= 7 * 24 + 15 ? 60.0 : 20.0;
    }
    shape_noise(&s, 0.5, 2.0, &seed);
    assert_int_equal(search(0.001), 1);
    assert_int_equal(steps[0].at, MONDAY + (7 * 24 + 15) * 3600);
    check_near(steps[0].before, 20.0, 1.0);
    check_near(steps[0].after, 60.0, 1.0);
    assert_true(steps[0].p < 1e-3);
}

/* What is skipped would have been smaller than that. */
static void leaves_out_steps_only_where_all_are_too_small(void **state)
{
    (void)state;
    static const double least[] = {0.0, 1.0, 5.0, 20.0, NAN};
    struct rs_error err = {RS_OK, ""};
    size_t skipped = 0, found = 0;
    uint64_t seed = 31;
    for (int round = 0; round < 400; round++) {
        size_t days = 6 + check_random(&seed) % 8, at = check_random(&seed) % (24 * days);
        shape_begin(&s, 24 * days + check_random(&seed) % 24);
        double height = (double)(check_random(&seed) % 60) - 30.0;
        for (size_t i = 0; i < s.hours.count; i++) {
            s.mean[i] = 40.0 + (i >= at ? height : 0.0);
        }
        shape_noise(&s, 0.5, 0.5, &seed);
        size_t all = search(0.01);
        struct rs_step first = steps[0];
        for (size_t l = 0; l < COUNT_OF(least); l++) {
            size_t count = 77;
            check_ok(rs_steps_of(&s.hours, 0.01, least[l], steps, &count, &err));
            assert_true(count == all ||
                        (count == 0 && fabs(first.after - first.before) < least[l]));
            skipped += count < all ? 1 : 0;
            found += count;
        }
    }
    assert_true(skipped > 50 && found > 300);
}

static void finds_a_step_below_a_daily_and_weekly_pattern(void **state)
{
    (void)state;
    uint64_t seed = 2;
    shape_begin(&s, 28 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = 20.0 + (shape_is_work(i) ? 40.0 : 0.0) + (i >= 17 * 24 ? 10.0 : 0.0);
    }
    shape_noise(&s, 0.5, 1.0, &seed);
    assert_int_equal(search(0.001), 1);
    check_near((double)(steps[0].at - MONDAY) / 3600.0, 17.0 * 24, 2.0);
    check_near(steps[0].after - steps[0].before, 10.0, 1.0);
}

static void finds_steps_up_and_down_in_order(void **state)
{
    (void)state;
    uint64_t seed = 3;
    shape_begin(&s, 35 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i < 10 * 24 ? 10.0 : i < 24 * 24 ? 50.0 : 30.0;
    }
    shape_noise(&s, 0.0, 2.0, &seed);
    assert_int_equal(search(0.001), 2);
    assert_int_equal(steps[0].at, MONDAY + 10 * RS_DAY_SECONDS);
    assert_int_equal(steps[1].at, MONDAY + 24 * RS_DAY_SECONDS);
    check_near(steps[0].before, 10.0, 1.0);
    check_near(steps[0].after, 50.0, 1.0);
    check_near(steps[1].before, 50.0, 1.0);
    check_near(steps[1].after, 30.0, 1.0);
}

static void needs_no_noise(void **state)
{
    (void)state;
    shape_begin(&s, 10 * 24);
    assert_int_equal(search(0.01), 0);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i < 3 * 24 ? 0.1 : 0.3; /* Thursday */
    }
    assert_int_equal(search(0.01), 1);
    check_same_double(steps[0].p, 0.0);
    assert_int_equal(steps[0].at, MONDAY + 3 * RS_DAY_SECONDS);
}

static void takes_no_pattern_spike_or_drift_for_a_step(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t days;
    } rows[] = {{"daily", 14}, {"office", 28}, {"weekend", 7}, {"office", 7}, {"spike", 14},
                {"spike", 7},  {"ramp", 14},   {"ramp", 7},    {"ramp", 28}};
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        uint64_t seed = 4;
        int found = 0;
        for (int round = 0; round < 50; round++) {
            shape_begin(&s, 24 * rows[row].days);
            for (size_t i = 0; i < s.hours.count; i++) {
                bool spike = i >= 60 && i < 66;
                s.mean[i] = rows[row].what[0] == 'd'   ? (i % 24 < 8 ? 50.0 : 5.0)
                            : rows[row].what[0] == 'o' ? (shape_is_work(i) ? 50.0 : 5.0)
                            : rows[row].what[0] == 'w' ? (i % 168 < 120 ? 50.0 : 5.0)
                            : rows[row].what[0] == 's' ? (spike ? 100.0 : 5.0)
                                                       : 0.1 * (double)i;
            }
            shape_noise(&s, 0.5, 1.0, &seed);
            found += search(0.001) > 0;
        }
        if (found > 1) {
            fail_msg("%s over %zu days: %d of 50", rows[row].what, rows[row].days, found);
        }
    }
}

static void is_seldom_alarmed_by_noise(void **state)
{
    (void)state;
    static const struct {
        double phi;
        size_t days;
    } rows[] = {{0.0, 7}, {0.9, 7}, {0.0, 14}, {0.9, 14}, {0.9, 28}};
    uint64_t seed = 5;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        int found = 0;
        for (int round = 0; round < 500; round++) {
            shape_begin(&s, 24 * rows[row].days);
            shape_noise(&s, rows[row].phi, 1.0, &seed);
            found += search(0.01) > 0;
        }
        assert_in_range(found, 0, 12);
    }
}

static void looks_over_days_without_data(void **state)
{
    (void)state;
    uint64_t seed = 6;
    shape_begin(&s, 21 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i >= 11 * 24 ? 60.0 : 20.0;
    }
    shape_noise(&s, 0.0, 2.0, &seed);
    for (size_t i = 3 * 24; i < 5 * 24; i++) {
        s.mean[i] = NAN;
    }
    assert_int_equal(search(0.001), 1);
    assert_int_equal(steps[0].at, MONDAY + 11 * RS_DAY_SECONDS);
}

static void refuses_what_is_too_short(void **state)
{
    (void)state;
    struct rs_error err;
    size_t count = 77;
    shape_begin(&s, 0);
    check_fails(rs_steps_of(&s.hours, 0.01, 0.0, steps, &count, &err), RS_ENODATA, "0 days");
    shape_begin(&s, 6 * 24 - 1);
    check_fails(rs_steps_of(&s.hours, 0.01, 0.0, steps, &count, &err), RS_ENODATA, "5 days");
    shape_begin(&s, 7 * 24);
    check_fails(rs_steps_of(&s.hours, NAN, 0.0, steps, &count, &err), RS_EINPUT, "outside 0..1");
    check_fails(rs_steps_of(&s.hours, 1.1, 0.0, steps, &count, &err), RS_EINPUT, "outside 0..1");
    for (size_t i = 0; i < 7 * 24; i++) {
        s.mean[i] = NAN;
    }
    check_fails(rs_steps_of(&s.hours, 0.01, 0.0, steps, &count, &err), RS_ENODATA, "0 days");
    assert_int_equal(count, 77);
}

static void compare_with_numpy(const double *want, const double *values, size_t count)
{
    shape_begin(&s, count);
    memcpy(s.mean, values, count * sizeof(*values));
    assert_int_equal(search(0.001), 1);
    check_near(steps[0].p, want[0], 1e-6 * want[0]);
    check_near((double)(steps[0].at - MONDAY), 86400.0 * want[1], 3 * 3600.0);
}

static void agrees_with_numpy(void **state)
{
    (void)state;
    assert_int_equal(shape_each_vector("step", 2, compare_with_numpy), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_step_to_the_hour),
        cmocka_unit_test(leaves_out_steps_only_where_all_are_too_small),
        cmocka_unit_test(finds_a_step_below_a_daily_and_weekly_pattern),
        cmocka_unit_test(finds_steps_up_and_down_in_order),
        cmocka_unit_test(needs_no_noise),
        cmocka_unit_test(takes_no_pattern_spike_or_drift_for_a_step),
        cmocka_unit_test(is_seldom_alarmed_by_noise),
        cmocka_unit_test(looks_over_days_without_data),
        cmocka_unit_test(refuses_what_is_too_short),
        cmocka_unit_test(agrees_with_numpy),
    };
    return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
