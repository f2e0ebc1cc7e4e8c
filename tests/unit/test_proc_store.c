/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/store.h"

#include "store_world.h"

#include <math.h>

static struct rs_batch batch_of(const int64_t *at, const double *values, size_t count)
{
    return (struct rs_batch){.resource = "host",
                             .provider = "local",
                             .metric = RS_METRIC_CPU_PERCENT,
                             .statistic = RS_STATISTIC_AVG,
                             .step = 60,
                             .at = at,
                             .values = values,
                             .count = count};
}

static enum rs_status collect_row(void *payload, int columns, const char *const *names,
                                  const char *const *values, struct rs_error *err)
{
    (void)names, (void)err;
    struct rs_buffer *out = payload;
    for (int i = 0; i < columns; i++) {
        rs_buffer_printf(out, "%s%s", values[i] == NULL ? "-" : values[i],
                         i + 1 < columns ? "," : ";");
    }
    return RS_OK;
}

static void check_sql(struct world *w, const char *sql, const char *want)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer text;
    rs_buffer_init(&text);
    check_ok(rs_store_sql(w->store, sql, collect_row, &text, &err));
    assert_string_equal(text.data, want);
    rs_buffer_release(&text);
}

static void put_recent(struct world *w, const int64_t *at, const double *values, size_t count)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_batch batch = batch_of(at, values, count);
    check_ok(rs_store_begin(w->store, &err));
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    check_ok(rs_store_commit(w->store, &err));
}

static void waiting_samples_are_seen_and_move_without_a_change(void **state)
{
    static const int64_t at[] = {T0, T0 + 60, T0 + 240, T0 + 90000, T0 + 90060};
    static const double values[] = {0.1, 12.34, 100, 1e15 + 1, 3};
    static const char ask[] = "SELECT resource, ts, value FROM samples ORDER BY ts";
    static const char want[] = "host,1700006400,0.1;host,1700006460,12.34;host,1700006640,100;"
                               "host,1700096400,1000000000000001;host,1700096460,3;";
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0, 0, 0, 0};
    int64_t checked = 0;
    put_recent(w, at, values, COUNT_OF(at));
    check_sql(w, "SELECT count(*) FROM samples", "5;");
    check_sql(w, "SELECT count(*) FROM recent", "2;"); /* the long gap begins a row */
    check_sql(w, "SELECT ts, value FROM samples WHERE value < 1000 ORDER BY ts",
              "1700006400,0.1;1700006460,12.34;1700006640,100;1700096460,3;");
    check_ok(rs_store_check(w->store, &checked, &err));
    check_ok(rs_store_absorb(w->store, &tally, &err));
    assert_int_equal(tally.fresh, 5);
    check_sql(w, "SELECT count(*) FROM recent", "0;");
    check_sql(w, ask, want);
    check_ok(rs_store_absorb(w->store, &tally, &err)); /* nothing waits */
    assert_int_equal(tally.fresh, 5);
    check_ok(rs_store_check(w->store, &checked, &err));
    assert_int_equal(checked, 2);
}

static void waiting_samples_outlive_a_kill(void **state)
{
    static const int64_t at[] = {T0};
    static const double values[] = {7};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0, 0, 0, 0};
    put_recent(w, at, values, 1);
    rs_store_close(w->store);
    w->store = NULL;
    check_ok(rs_store_open(w->path, RS_STORE_WRITE, &w->store, &err));
    check_ok(rs_store_set_cache(w->store, 256, &err));
    check_ok(rs_store_absorb(w->store, &tally, &err));
    check_sql(w, "SELECT ts, value FROM samples", "1700006400,7;");
}

static void wrong_batches_are_refused(void **state)
{
    static const int64_t falling[] = {T0 + 60, T0}, same[] = {T0, T0 + 1}, old[] = {-60};
    static const double values[] = {1, 2}, odd[] = {NAN};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_batch batch = batch_of(falling, values, 2);
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EIO, "no transaction");
    err = (struct rs_error){RS_OK, ""};
    check_ok(rs_store_begin(w->store, &err));
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EINPUT, "order");
    batch = batch_of(same, values, 2);
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EINPUT, "order");
    batch = batch_of(old, values, 1);
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EINPUT, "range");
    batch = batch_of(same, odd, 1);
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EINPUT, "range");
    batch = batch_of(same, values, 1);
    batch.step = 7;
    check_fails(rs_store_put_recent(w->store, &batch, &err), RS_EINPUT, "does not divide");
    rs_store_rollback(w->store);
}

static void a_damaged_row_is_told(void **state)
{
    static const char *const rows[] = {"", "[1,2", "[1,x]", "{}", "[1,,2]", "[[1]]", "null", "[]"};
    static const int64_t at[] = {T0};
    static const double values[] = {7};
    struct world *w = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char command[900];
        struct rs_error err = {RS_OK, ""};
        struct rs_put_tally tally = {0, 0, 0, 0};
        put_recent(w, at, values, 1);
        snprintf(command, sizeof(command), "sqlite3 '%s' \"UPDATE recent SET data = '%s'\"",
                 w->path, rows[i]);
        if (system(command) != 0) {
            skip();
        }
        check_fails(rs_store_absorb(w->store, &tally, &err), RS_EIO, "damaged");
        assert_int_equal(tally.fresh, 0);
    }
}

static void peaks_keep_the_highest_moments_of_a_day(void **state)
{
    static const double cpu[] = {50, 90, 30, 70};
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    for (int round = 0; round < 2; round++) { /* twice the same changes nothing */
        for (size_t i = 0; i < COUNT_OF(cpu); i++) {
            struct rs_store_peak rows[] = {
                {T0 + (int64_t)i * HOUR, cpu[i], "cpu", 1, "tar", "backup.service", 40},
                {T0 + (int64_t)i * HOUR, cpu[i], "memory", 1, "java", NULL, 60.5},
            };
            check_ok(rs_store_begin(w->store, &err));
            check_ok(rs_store_put_peaks(w->store, "host", rows, COUNT_OF(rows), 3, 900, &err));
            check_ok(rs_store_commit(w->store, &err));
        }
    }
    check_sql(w,
              "SELECT at - 1700006400, kind, name, unit, share, cpu_percent FROM peaks "
              "WHERE resource = 'host' ORDER BY at, kind",
              "0,cpu,tar,backup.service,40,50;0,memory,java,-,60.5,50;"
              "3600,cpu,tar,backup.service,40,90;3600,memory,java,-,60.5,90;"
              "10800,cpu,tar,backup.service,40,70;10800,memory,java,-,60.5,70;");
    struct rs_store_peak higher = {T0 + 3 * HOUR + 60, 71, "cpu", 1, "dd", NULL, 9};
    check_ok(rs_store_begin(w->store, &err));
    check_ok(rs_store_put_peaks(w->store, "host", &higher, 1, 3, 900, &err));
    check_ok(rs_store_commit(w->store, &err));
    check_sql(w, "SELECT DISTINCT at - 1700006400 FROM peaks ORDER BY 1", "0;3600;10860;");
    struct rs_store_peak wrong = {T0, NAN, "cpu", 1, "x", NULL, 1};
    check_fails(rs_store_put_peaks(w->store, "host", &wrong, 1, 3, 900, &err), RS_EIO,
                "no transaction");
    err = (struct rs_error){RS_OK, ""};
    check_ok(rs_store_begin(w->store, &err));
    check_fails(rs_store_put_peaks(w->store, "host", &wrong, 1, 3, 900, &err), RS_EINPUT, "range");
    rs_store_rollback(w->store);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_open, world_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(waiting_samples_are_seen_and_move_without_a_change),
        IN_WORLD(waiting_samples_outlive_a_kill),
        IN_WORLD(wrong_batches_are_refused),
        IN_WORLD(a_damaged_row_is_told),
        IN_WORLD(peaks_keep_the_highest_moments_of_a_day),
    };
    return cmocka_run_group_tests_name("proc_store", tests, NULL, NULL);
}
