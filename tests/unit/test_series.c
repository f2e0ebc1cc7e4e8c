/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/series.h"

#include "../support/check.h"

#include <stdlib.h>

static void a_step_divides_the_day(void **state)
{
    (void)state;
    static const int64_t good[] = {1, 5, 10, 30, 60, 300, 900, 3600, 86400};
    static const int64_t bad[] = {0, -60, 7, 61, 86401, 172800, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(rs_step_is_valid(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(rs_step_is_valid(bad[i]));
    }
}

static void a_new_series_is_all_gaps(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_series s;
    rs_series_init(&s);
    rs_series_release(&s);
    struct rs_window window = {-600, 900};
    check_ok(rs_series_allocate(&s, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX, 300, window, &err));
    assert_int_equal(s.slots, 5);
    assert_int_equal(s.metric, RS_METRIC_MEM_PERCENT);
    assert_int_equal(s.statistic, RS_STATISTIC_MAX);
    assert_int_equal(rs_series_count(&s), 0);
    assert_int_equal(rs_series_at(&s, 0), -600);
    assert_int_equal(rs_series_at(&s, 4), 600);
    s.values[1] = 0.0;
    s.values[4] = -1.0;
    assert_int_equal(rs_series_count(&s), 2);
    rs_series_release(&s);
    assert_null(s.values);
    assert_int_equal(rs_series_count(&s), 0);
}

static void a_series_beyond_memory_is_refused(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_series s;
    rs_series_init(&s);
    struct rs_window window = {INT64_MIN, INT64_MAX};
    check_fails(rs_series_allocate(&s, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 1, window, &err),
                RS_ENOMEM, "out of memory for");
    assert_null(s.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_divides_the_day),
        cmocka_unit_test(a_new_series_is_all_gaps),
        cmocka_unit_test(a_series_beyond_memory_is_refused),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
