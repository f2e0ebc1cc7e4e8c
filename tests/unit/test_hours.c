/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/hours.h"

#include "shape_world.h"

static struct rs_series series_of(int64_t from, int64_t step, double *values, size_t slots)
{
    return (struct rs_series){RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, step, from, values, slots};
}

static void reads_means_and_maxima_by_the_hour(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_hours hours;
    double values[] = {NAN, 2, 4, NAN, 6, NAN, NAN, 7, 1, NAN, NAN};
    struct rs_series series = series_of(MONDAY + 1200, 1200, values, COUNT_OF(values));
    rs_hours_init(&hours);
    check_ok(rs_hours_of(&series, &hours, &err));
    assert_int_equal(hours.from, MONDAY);
    assert_int_equal(hours.count, 4);
    check_same_double(hours.mean[0], 2.0);
    check_same_double(hours.mean[1], 5.0);
    check_same_double(hours.max[1], 6.0);
    check_same_double(hours.mean[2], 7.0);
    check_same_double(hours.max[3], 1.0);
    rs_hours_release(&hours);
    rs_hours_release(&hours);
}

static void leaves_a_gap_where_an_hour_has_no_sample(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_hours hours;
    double values[] = {1, NAN, -3};
    struct rs_series series = series_of(-7200, 3600, values, COUNT_OF(values));
    check_ok(rs_hours_of(&series, &hours, &err));
    assert_int_equal(hours.count, 3);
    assert_true(isnan(hours.mean[1]) && isnan(hours.max[1]));
    check_same_double(hours.max[2], -3.0);
    rs_hours_release(&hours);
}

static void reads_steps_that_do_not_divide_an_hour(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_hours hours;
    double values[] = {1, 2, 3}; /* begin at 0:00, 0:40 and 1:20 */
    struct rs_series series = series_of(MONDAY, 2400, values, COUNT_OF(values));
    check_ok(rs_hours_of(&series, &hours, &err));
    assert_int_equal(hours.count, 2);
    check_same_double(hours.mean[0], 1.5);
    check_same_double(hours.mean[1], 3.0);
    rs_hours_release(&hours);
}

static void reads_no_more_than_the_last_weeks(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_hours hours;
    static double values[MAX_HOURS + 100];
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        values[i] = (double)i;
    }
    struct rs_series series = series_of(MONDAY, 3600, values, COUNT_OF(values));
    check_ok(rs_hours_of(&series, &hours, &err));
    assert_int_equal(hours.count, MAX_HOURS);
    check_same_double(hours.mean[0], 100.0);
    assert_int_equal(hours.from, MONDAY + 100 * 3600);
    rs_hours_release(&hours);
}

static void refuses_what_has_no_hours(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_hours hours = {.count = 7};
    double gaps[] = {NAN, NAN}, one[] = {1}, both[] = {INFINITY, -INFINITY};
    struct rs_series empty = series_of(MONDAY, 300, NULL, 0), gap = series_of(MONDAY, 300, gaps, 2),
                     coarse = series_of(MONDAY, 86400, one, 1),
                     infinite = series_of(MONDAY, 300, both, 2);
    check_fails(rs_hours_of(&empty, &hours, &err), RS_ENODATA, "no samples");
    check_fails(rs_hours_of(&gap, &hours, &err), RS_ENODATA, "no samples");
    check_fails(rs_hours_of(&coarse, &hours, &err), RS_ENODATA, "an hour or less");
    check_fails(rs_hours_of(&infinite, &hours, &err), RS_EINPUT, "infinite");
    assert_int_equal(hours.count, 7);
}

static void counts_days_back_from_the_end(void **state)
{
    (void)state;
    static struct shape_hours s;
    struct rs_days days;
    shape_begin(&s, 5 + 48);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.mean[i] = i < 5 ? 100.0 : i < 29 ? 1.0 : 2.0;
    }
    for (size_t i = 29; i < 35; i++) {
        s.mean[i] = NAN;
    }
    rs_days_of(&s.hours, &days);
    assert_int_equal(days.count, 2);
    assert_int_equal(days.from, MONDAY + 5 * 3600);
    check_same_double(days.level[0], 1.0);
    check_same_double(days.level[1], 2.0);
    s.mean[35] = NAN; /* the seventh */
    rs_days_of(&s.hours, &days);
    assert_true(isnan(days.level[1]));
    shape_begin(&s, 23);
    rs_days_of(&s.hours, &days);
    assert_int_equal(days.count, 0);
}

static void knows_weekdays_and_hours_before_and_after_the_epoch(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        int weekday, hour;
    } rows[] = {{0, 3, 0},
                {-1, 2, 23},
                {MONDAY, 0, 0},
                {MONDAY - 1, 6, 23},
                {-4 * 86400 + 3600, 6, 1},
                {-3 * 86400, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(rs_weekday(rows[i].at), rows[i].weekday);
        assert_int_equal(rs_hour_of_day(rows[i].at), rows[i].hour);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_means_and_maxima_by_the_hour),
        cmocka_unit_test(leaves_a_gap_where_an_hour_has_no_sample),
        cmocka_unit_test(reads_steps_that_do_not_divide_an_hour),
        cmocka_unit_test(reads_no_more_than_the_last_weeks),
        cmocka_unit_test(refuses_what_has_no_hours),
        cmocka_unit_test(counts_days_back_from_the_end),
        cmocka_unit_test(knows_weekdays_and_hours_before_and_after_the_epoch),
    };
    return cmocka_run_group_tests_name("hours", tests, NULL, NULL);
}
