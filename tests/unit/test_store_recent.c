/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples that wait to be packed into chunks: they are seen, counted and pruned as the others. */
#include "scan_text.h"

static void put_waiting(struct world *w, const char *resource, enum rs_metric metric, int64_t at,
                        double value)
{
    const int64_t ats[] = {at, at + 600};
    const double values[] = {value, value + 1};
    struct rs_batch batch = world_batch(resource, ats, values, 2);
    batch.metric = metric;
    world_put_recent(w, &batch);
}

/* i-a has both, one slot twice; of i-b all waits, of i-c nothing. */
static void samples_that_wait_are_seen_over_those_in_chunks(void **state)
{
    struct world *w = *state;
    struct rs_scan scan = world_scan(T0, T0 + HOUR), one = scan;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0, 0, 0, 0};
    int64_t newest = 0;
    world_ramp(w, "i-a", RS_METRIC_CPU_PERCENT, 300, T0, 2, 1);
    put_waiting(w, "i-b", RS_METRIC_MEM_PERCENT, T0 + DAY - 300,
                70); /* the last slot, and beyond */
    put_waiting(w, "i-b", RS_METRIC_CPU_PERCENT, T0 + HOUR - 300, 40);
    world_ramp(w, "i-c", RS_METRIC_CPU_PERCENT, 300, T0 + 600, 1, 9);
    put_waiting(w, "i-a", RS_METRIC_CPU_PERCENT, T0 + 300, 50);
    put_waiting(w, "i-a", RS_METRIC_NET_IN_BYTES, T0, 7);
    check_ok(rs_store_newest(w->store, &newest, &err));
    assert_int_equal(newest, T0 + DAY + 600);
    static const char a[] = "i-a: series 2 volumes 0\n"
                            "cpu_percent|avg|1700006400|1\ncpu_percent|avg|1700006700|50\n"
                            "cpu_percent|avg|1700007300|51\n"
                            "net_in_bytes_per_s|avg|1700006400|7\n"
                            "net_in_bytes_per_s|avg|1700007000|8\n";
    static const char b[] = "i-b: series 1 volumes 0\ncpu_percent|avg|1700009700|40\n";
    static const char c[] = "i-c: series 1 volumes 0\ncpu_percent|avg|1700007000|9\n";
    for (int round = 0; round < 2; round++) { /* before and after they move */
        char all[700];
        snprintf(all, sizeof(all), "%s%s%s", a, b, c);
        expect_scan(w, &scan, true, all);
        one.resource = "i-b";
        expect_scan(w, &one, true, b);
        one.resource = "i-c";
        expect_scan(w, &one, true, c);
        check_ok(rs_store_absorb(w->store, &tally, &err));
    }
    check_ok(rs_store_newest(w->store, &newest, &err));
    assert_int_equal(newest, T0 + DAY + 600);
}

static void a_damaged_row_that_waits_ends_the_scan(void **state)
{
    static const char *const rows[] = {"", "[1,2", "[1,x]", "{}", "[1,,2]", "null", "[]"};
    struct world *w = *state;
    struct rs_scan scan = world_scan(T0, T0 + HOUR);
    put_waiting(w, "i-a", RS_METRIC_CPU_PERCENT, T0, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char command[900];
        struct rs_error err = {RS_OK, ""};
        struct seen seen = {.samples = true};
        snprintf(command, sizeof(command), "sqlite3 '%s' \"UPDATE recent SET data = '%s'\"",
                 w->path, rows[i]);
        if (system(command) != 0) {
            skip();
        }
        rs_buffer_init(&seen.text);
        check_fails(rs_store_scan(w->store, &scan, see, &seen, &err), RS_EIO, "damaged");
        rs_buffer_release(&seen.text);
    }
}

static void samples_that_wait_are_counted_and_pruned(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store_info info;
    int64_t deleted = -1, checked = 0, oldest = 0;
    check_ok(rs_store_oldest(w->store, &oldest, &err));
    assert_int_equal(oldest, -1);
    const int64_t at[] = {T0 + DAY - 600, T0 + DAY - 300, T0 + DAY + 300};
    const double values[] = {1, 2, 3};
    struct rs_batch batch = world_batch("i-1", at, values, 3);
    world_put_recent(w, &batch);
    check_ok(rs_store_info(w->store, &info, &err));
    assert_int_equal(info.samples, 3);
    assert_int_equal(info.oldest, T0);
    assert_int_equal(info.newest, T0 + DAY);
    check_ok(rs_store_oldest(w->store, &oldest, &err));
    assert_int_equal(oldest, T0);
    world_ramp(w, "i-2", RS_METRIC_CPU_PERCENT, 300, T0, 4, 1);
    check_ok(rs_store_info(w->store, &info, &err));
    assert_int_equal(info.samples, 7);
    check_ok(rs_store_prune(w->store, T0, &deleted, &err));
    assert_int_equal(deleted, 0);
    world_expect(w, "SELECT count(*) FROM recent", "1\n"); /* none of it would go */
    check_ok(rs_store_prune(w->store, T0 + DAY, &deleted, &err));
    assert_int_equal(deleted, 2 + 4);
    world_expect(w, "SELECT resource, ts - 1700006400, value FROM samples", "i-1|86700|3\n");
    check_ok(rs_store_check(w->store, &checked, &err));
    check_ok(rs_store_info(w->store, &info, &err));
    assert_int_equal(info.samples, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(samples_that_wait_are_seen_over_those_in_chunks),
        world_test(a_damaged_row_that_waits_ends_the_scan),
        world_test(samples_that_wait_are_counted_and_pruned),
    };
    return cmocka_run_group_tests_name("store_recent", tests, NULL, NULL);
}
