/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_world.h"

static int64_t end_of(struct world *w, const char *resource, enum rs_metric metric, int64_t step)
{
    struct rs_error err = {RS_OK, ""};
    int64_t end = 0;
    check_ok(rs_store_series_end(w->store, resource, metric, RS_STATISTIC_AVG, step, &end, &err));
    return end;
}

static void the_end_of_a_series_is_after_its_newest_sample(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 20, 1);
    assert_int_equal(end_of(w, "i-1", RS_METRIC_CPU_PERCENT, 300), T0 + 20 * 300);
    assert_int_equal(end_of(w, "i-1", RS_METRIC_CPU_PERCENT, 60), -1);
    assert_int_equal(end_of(w, "i-1", RS_METRIC_MEM_PERCENT, 300), -1);
    assert_int_equal(end_of(w, "i-2", RS_METRIC_CPU_PERCENT, 300), -1);
}

static void what_was_asked_for_is_remembered_an_instance(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_window window = {1, 2};
    check_ok(rs_store_asked(w->store, "i-1", &window, &err));
    assert_true(window.to <= window.from);
    check_fails(rs_store_set_asked(w->store, "i-1", (struct rs_window){300, 600}, &err), RS_EIO,
                "");
    check_ok(rs_store_begin(w->store, &err));
    check_ok(rs_store_set_asked(w->store, "i-1", (struct rs_window){300, 600}, &err));
    check_ok(rs_store_set_asked(w->store, "i-2", (struct rs_window){0, 300}, &err));
    check_ok(rs_store_set_asked(w->store, "i-1", (struct rs_window){300, 900}, &err));
    check_ok(rs_store_commit(w->store, &err));
    check_ok(rs_store_asked(w->store, "i-1", &window, &err));
    assert_int_equal(window.from, 300);
    assert_int_equal(window.to, 900);
    check_ok(rs_store_begin(w->store, &err));
    assert_int_not_equal(rs_store_set_asked(w->store, "i-1", (struct rs_window){900, 900}, &err),
                         RS_OK);
    rs_store_rollback(w->store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_end_of_a_series_is_after_its_newest_sample),
        world_test(what_was_asked_for_is_remembered_an_instance),
    };
    return cmocka_run_group_tests_name("store_newest", tests, NULL, NULL);
}
