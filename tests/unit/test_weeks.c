/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/weeks.h"

#include "../support/check.h"

#include <math.h>

#define END ((int64_t)13902 * 86400)
#define DAYS 17

/* Hourly, 17 days to END: two whole weeks and three days; each day holds its number back from END.
 */
static struct rs_series ramp(void)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_series s;
    rs_series_init(&s);
    check_ok(rs_series_allocate(&s, RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_MAX, 3600,
                                (struct rs_window){END - (int64_t)DAYS * 86400, END}, &err));
    for (size_t i = 0; i < s.slots; i++) {
        s.values[i] = (double)(DAYS - (int)(i / 24));
    }
    return s;
}

static void peaks_are_counted_back_from_the_end(void **state)
{
    (void)state;
    double peaks[RS_MAX_WEEKS];
    struct rs_series s = ramp();
    assert_int_equal(rs_weeks_peaks(&s, END, peaks), 3);
    check_same_double(peaks[0], 7.0);
    check_same_double(peaks[1], 14.0);
    check_same_double(peaks[2], 17.0);
    for (size_t i = (size_t)(DAYS - 14) * 24; i < (size_t)(DAYS - 7) * 24; i++) {
        s.values[i] = NAN;
    }
    assert_int_equal(rs_weeks_peaks(&s, END, peaks), 3);
    assert_true(isnan(peaks[1]));
    rs_series_release(&s);
}

static void each_recent_week_is_measured_on_its_own(void **state)
{
    (void)state;
    struct rs_workspace work;
    rs_workspace_init(&work);
    struct rs_error err = {RS_OK, ""};
    struct rs_series s = ramp();
    bool found = false;
    double got = -1;
    int64_t at = -1;
    check_ok(rs_weeks_quantile(&work, &s, END, 1, 1.0, &found, &got, &at, &err));
    assert_true(found);
    check_same_double(got, 7.0);
    assert_int_equal(at, END - (int64_t)7 * 86400);
    check_ok(rs_weeks_quantile(&work, &s, END, 2, 1.0, &found, &got, &at, &err));
    check_same_double(got, 14.0);
    check_ok(rs_weeks_quantile(&work, &s, END, 9, 0.5, &found, &got, &at, &err));
    check_same_double(got, 16.0); /* the median of three days, the oldest week */
    check_fails(rs_weeks_quantile(&work, &s, END, 1, 1.5, &found, &got, &at, &err), RS_EINPUT,
                "1.5");
    rs_series_release(&s);
    rs_workspace_release(&work);
}

static void weeks_without_samples_are_not_found(void **state)
{
    (void)state;
    struct rs_workspace work;
    rs_workspace_init(&work);
    struct rs_error err = {RS_OK, ""};
    struct rs_series s = ramp();
    bool found = true;
    double got = -1;
    int64_t at = -1;
    for (size_t i = (size_t)(DAYS - 14) * 24; i < s.slots; i++) {
        s.values[i] = NAN;
    }
    check_ok(rs_weeks_quantile(&work, &s, END, 2, 1.0, &found, &got, &at, &err));
    assert_false(found);
    check_same_double(got, -1.0);
    check_ok(
        rs_weeks_quantile(&work, &s, END + (int64_t)700 * 86400, 2, 1.0, &found, &got, &at, &err));
    assert_false(found);
    rs_series_release(&s);
    rs_workspace_release(&work);
}

static void one_week_is_told_from_more(void **state)
{
    (void)state;
    static double values[2 * 2016];
    struct rs_series s = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300,
                          END - RS_WEEK,         values,           2016};
    assert_true(rs_weeks_is_one(&s, END));
    assert_false(rs_weeks_is_one(&s, END + 300)); /* its first sample is of the week before */
    assert_false(rs_weeks_is_one(&s, END - 300)); /* its last is not of the week */
    assert_false(rs_weeks_is_one(&s, END + 2 * RS_WEEK));
    s.from -= RS_WEEK;
    s.slots *= 2;
    assert_false(rs_weeks_is_one(&s, END));
    s.slots = 0;
    assert_false(rs_weeks_is_one(&s, END));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_week_is_told_from_more),
        cmocka_unit_test(peaks_are_counted_back_from_the_end),
        cmocka_unit_test(each_recent_week_is_measured_on_its_own),
        cmocka_unit_test(weeks_without_samples_are_not_found),
    };
    return cmocka_run_group_tests_name("weeks", tests, NULL, NULL);
}
