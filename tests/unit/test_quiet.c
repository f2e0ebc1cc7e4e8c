/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/quiet.h"

#include "shape_world.h"

static struct shape_hours s;

static struct rs_quiet look(double threshold, int min_hours)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_quiet quiet;
    check_ok(rs_quiet_of(&s.hours, threshold, min_hours, &quiet, &err));
    return quiet;
}

static void make_office(size_t hours)
{
    shape_begin(&s, hours);
    for (size_t i = 0; i < hours; i++) {
        s.max[i] = shape_is_work(i) ? 60.0 : 1.0 + (double)(i % 24) / 100.0;
    }
}

static void finds_nights_and_weekends_of_an_office(void **state)
{
    (void)state;
    char text[RS_QUIET_TEXT];
    make_office(7 * 24);
    struct rs_quiet quiet = look(5.0, 6);
    assert_int_equal(quiet.workday.start, 18);
    assert_int_equal(quiet.workday.hours, 14);
    check_same_double(quiet.workday.highest, 1.23);
    assert_int_equal(quiet.weekend.hours, 24);
    assert_int_equal(quiet.hours_per_week, 5 * 14 + 48);
    rs_quiet_text(&quiet, text);
    assert_string_equal(text, "Mon-Fri 18:00-08:00, Sat-Sun all day UTC");
    assert_true(rs_quiet_holds(&quiet, MONDAY + 7 * 3600));
    assert_false(rs_quiet_holds(&quiet, MONDAY + 8 * 3600));
    assert_false(rs_quiet_holds(&quiet, MONDAY + 17 * 3600));
    assert_true(rs_quiet_holds(&quiet, MONDAY + 18 * 3600));
    assert_true(rs_quiet_holds(&quiet, MONDAY + 5 * 86400 + 12 * 3600));
}

static void one_busy_hour_breaks_the_run(void **state)
{
    (void)state;
    char text[RS_QUIET_TEXT];
    make_office(21 * 24);
    s.max[8 * 24 + 23] = 50.0; /* one Tuesday at 23:00 */
    s.max[12 * 24 + 3] = 50.0; /* one Saturday at 03:00 */
    struct rs_quiet quiet = look(5.0, 6);
    assert_int_equal(quiet.workday.start, 0);
    assert_int_equal(quiet.workday.hours, 8);
    assert_int_equal(quiet.weekend.start, 4);
    assert_int_equal(quiet.weekend.hours, 23);
    rs_quiet_text(&quiet, text);
    assert_string_equal(text, "Mon-Fri 00:00-08:00, Sat-Sun 04:00-03:00 UTC");
}

static void finds_no_short_run_and_no_unseen_one(void **state)
{
    (void)state;
    char text[RS_QUIET_TEXT];
    make_office(7 * 24);
    for (size_t i = 5 * 24; i < 6 * 24; i++) {
        s.max[i] = NAN; /* one day of the weekend only was seen */
    }
    struct rs_quiet quiet = look(5.0, 15);
    assert_int_equal(quiet.hours_per_week, 0);
    rs_quiet_text(&quiet, text);
    assert_string_equal(text, "");
    assert_false(rs_quiet_holds(&quiet, MONDAY));
    quiet = look(5.0, 14);
    assert_int_equal(quiet.hours_per_week, 70);
    rs_quiet_text(&quiet, text);
    assert_string_equal(text, "Mon-Fri 18:00-08:00 UTC");
}

static void is_quiet_at_the_threshold_and_not_above(void **state)
{
    (void)state;
    shape_begin(&s, 7 * 24);
    for (size_t i = 0; i < s.hours.count; i++) {
        s.max[i] = 5.0;
    }
    assert_int_equal(look(5.0, 6).hours_per_week, 168);
    assert_int_equal(look(4.9, 6).hours_per_week, 0);
}

static void refuses_less_than_a_week(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_quiet quiet = {.hours_per_week = 77};
    shape_begin(&s, 0);
    check_fails(rs_quiet_of(&s.hours, 5.0, 6, &quiet, &err), RS_ENODATA, "less than a week");
    shape_begin(&s, 167);
    check_fails(rs_quiet_of(&s.hours, 5.0, 6, &quiet, &err), RS_ENODATA, "less than a week");
    check_fails(rs_quiet_of(&s.hours, 5.0, 0, &quiet, &err), RS_EINPUT, "no part of a day");
    check_fails(rs_quiet_of(&s.hours, 5.0, 25, &quiet, &err), RS_EINPUT, "no part of a day");
    assert_int_equal(quiet.hours_per_week, 77);
    shape_begin(&s, 168);
    for (size_t i = 0; i < 168; i++) {
        s.max[i] = NAN;
    }
    assert_int_equal(look(5.0, 6).hours_per_week, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_nights_and_weekends_of_an_office),
        cmocka_unit_test(one_busy_hour_breaks_the_run),
        cmocka_unit_test(finds_no_short_run_and_no_unseen_one),
        cmocka_unit_test(is_quiet_at_the_threshold_and_not_above),
        cmocka_unit_test(refuses_less_than_a_week),
    };
    return cmocka_run_group_tests_name("quiet", tests, NULL, NULL);
}
