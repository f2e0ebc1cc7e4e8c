/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples that go into the store. */
#include "store_world.h"

static void the_same_batch_twice_changes_nothing(void **state)
{
    struct world *w = *state;
    const int64_t at[] = {T0, T0 + 300, T0 + 600};
    const double values[] = {1.5, 2.5, 3.5};
    struct rs_batch batch = world_batch("i-1", at, values, 3);
    struct rs_put_tally first = world_put(w, &batch);
    char *before = world_sql(w, "SELECT id, n, vmin, vmax, vsum, data FROM chunk");
    struct rs_put_tally second = world_put(w, &batch);
    assert_int_equal(first.fresh, 3);
    assert_int_equal(first.replaced + first.unchanged + first.merged, 0);
    assert_int_equal(second.unchanged, 3);
    assert_int_equal(second.fresh + second.replaced + second.merged, 0);
    world_expect(w, "SELECT id, n, vmin, vmax, vsum, data FROM chunk", before);
    world_expect(w, "SELECT resource, metric, statistic, ts - 1700006400, value FROM samples",
                 "i-1|cpu_percent|avg|0|1.5\ni-1|cpu_percent|avg|300|2.5\n"
                 "i-1|cpu_percent|avg|600|3.5\n");
    free(before);
}

static void a_tally_is_added_to(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    const int64_t at[] = {T0};
    const double values[] = {1};
    struct rs_batch batch = world_batch("i-1", at, values, 1);
    struct rs_put_tally tally = {10, 20, 30, 40};
    world_begin(w);
    check_ok(rs_store_put(w->store, &batch, &tally, &err));
    world_commit(w);
    assert_int_equal(tally.fresh, 11);
    assert_int_equal(tally.replaced, 20);
    assert_int_equal(tally.unchanged, 30);
    assert_int_equal(tally.merged, 40);
}

static void overlapping_batches_are_merged(void **state)
{
    struct world *w = *state;
    const int64_t early[] = {T0, T0 + 300, T0 + 600}, late[] = {T0 + 300, T0 + 600, T0 + 900};
    const double values[] = {1, 2, 3}, others[] = {2, 7, 8};
    struct rs_batch a = world_batch("i-1", early, values, 3);
    struct rs_batch b = world_batch("i-1", late, others, 3);
    world_put(w, &a);
    struct rs_put_tally tally = world_put(w, &b);
    assert_int_equal(tally.fresh, 1);
    assert_int_equal(tally.replaced, 1);
    assert_int_equal(tally.unchanged, 1);
    world_expect(w, "SELECT group_concat(value, ' ') FROM (SELECT value FROM samples ORDER BY ts)",
                 "1.0 2.0 7.0 8.0\n");
    world_expect(w, "SELECT n, vmin, vmax, vsum FROM chunk", "4|1|8|18\n");
}

static void instants_go_to_the_nearest_slot_and_the_later_of_a_batch_counts(void **state)
{
    struct world *w = *state;
    static const struct {
        int64_t at, slot;
    } rows[] = {{0, 0},         {149, 0},      {150, 300},           {299, 300},
                {449, 300},     {450, 600},    {86400 - 151, 86100}, {86400 - 150, 86400},
                {86400, 86400}, {86549, 86400}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[16], sql[96], want[32];
        const double value = 5;
        const int64_t at = T0 + rows[i].at;
        snprintf(name, sizeof(name), "i-%zu", i);
        snprintf(sql, sizeof(sql), "SELECT ts FROM samples WHERE resource = '%s'", name);
        snprintf(want, sizeof(want), "%lld\n", (long long)(T0 + rows[i].slot));
        struct rs_batch batch = world_batch(name, &at, &value, 1);
        world_put(w, &batch);
        world_expect(w, sql, want);
    }
    const int64_t at[] = {T0 + 10, T0, T0 + 20, T0 + 300};
    const double values[] = {1, 2, 3, 4};
    struct rs_batch batch = world_batch("i-x", at, values, 4);
    struct rs_put_tally tally = world_put(w, &batch);
    assert_int_equal(tally.merged, 2);
    assert_int_equal(tally.fresh, 2);
    world_expect(w, "SELECT value FROM samples WHERE resource = 'i-x' ORDER BY ts", "3\n4\n");
}

static void shuffled_batches_make_the_same_store(void **state)
{
    struct world *w = *state;
    enum { COUNT = 2000 };
    static int64_t at[COUNT];
    static double values[COUNT];
    char *dumps[3];
    for (int kind = 0; kind < 3; kind++) { /* rising, falling, shuffled and in pieces */
        uint64_t random = 5;
        char name[16];
        for (size_t i = 0; i < COUNT; i++) {
            size_t k = kind == 1 ? COUNT - 1 - i : i;
            at[i] = T0 + (int64_t)k * 300;
            values[i] = (double)(k * k % 977) / 10;
        }
        for (size_t i = COUNT - 1; kind == 2 && i > 0; i--) {
            size_t j = check_random(&random) % (i + 1);
            int64_t a = at[i];
            double v = values[i];
            at[i] = at[j], values[i] = values[j];
            at[j] = a, values[j] = v;
        }
        snprintf(name, sizeof(name), "i-%d", kind);
        for (size_t from = 0, n = kind == 2 ? 331 : COUNT; from < COUNT; from += n) {
            struct rs_batch batch =
                world_batch(name, at + from, values + from, COUNT - from < n ? COUNT - from : n);
            assert_int_equal(world_put(w, &batch).fresh, batch.count);
        }
        char sql[160];
        snprintf(sql, sizeof(sql),
                 "SELECT day, n, vmin, vmax, vsum, data FROM chunk WHERE series_id >> 8 = %d "
                 "ORDER BY id",
                 kind + 1);
        dumps[kind] = world_sql(w, sql);
    }
    assert_true(strlen(dumps[0]) > COUNT);
    assert_string_equal(dumps[0], dumps[1]);
    assert_string_equal(dumps[0], dumps[2]);
    for (int kind = 0; kind < 3; kind++) {
        free(dumps[kind]);
    }
}

static void each_metric_statistic_and_step_is_its_own_series(void **state)
{
    struct world *w = *state;
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    world_put(w, &batch);
    batch.statistic = RS_STATISTIC_MAX;
    world_put(w, &batch);
    batch.step = 60;
    world_put(w, &batch);
    batch.metric = RS_METRIC_MEM_PERCENT;
    world_put(w, &batch);
    batch.resource = "i-2";
    world_put(w, &batch);
    world_expect(w,
                 "SELECT id, metric, statistic, step, first_at = last_at FROM series ORDER BY id",
                 "256|cpu_percent|avg|300|1\n257|cpu_percent|max|300|1\n258|cpu_percent|max|60|1\n"
                 "259|mem_percent|max|60|1\n512|mem_percent|max|60|1\n");
}

static void what_samples_know_of_a_resource_fills_gaps_only(void **state)
{
    struct world *w = *state;
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    batch.provider = "aws";
    world_put(w, &batch);
    batch.provider = "gcp";
    batch.region = "eu-west-1";
    world_put(w, &batch);
    world_expect(w, "SELECT provider, account, region FROM resources", "aws|NULL|eu-west-1\n");
}

static void bad_batches_are_refused(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {1, 2, 3, 4};
    char longest[258];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[256] = '\0';
    const struct {
        int64_t step, at;
        double value;
        const char *resource, *part;
    } rows[] = {
        {7, T0, 1, "i-1", "step of 7 s does not divide a day"},
        {0, T0, 1, "i-1", "step of 0 s"},
        {-300, T0, 1, "i-1", "step of -300 s"},
        {172800, T0, 1, "i-1", "step of 172800 s"},
        {300, -1, 1, "i-1", "outside 1970..9999"},
        {300, INT64_MAX, 1, "i-1", "outside 1970..9999"},
        {300, INT64_MIN, 1, "i-1", "outside 1970..9999"},
        {300, T0, NAN, "i-1", "not a finite number"},
        {300, T0, INFINITY, "i-1", "not a finite number"},
        {300, T0, 1, "", "1 to 255 bytes, not 0"},
        {300, T0, 1, longest, "1 to 255 bytes, not 256"},
        {300, T0, 1, "vol-as-instance", "is a volume in the store, but an instance"},
    };
    world_ramp(w, "vol-as-instance", RS_METRIC_EBS_READ_BYTES, 300, T0, 1, 1);
    world_begin(w);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_batch batch = world_batch(rows[i].resource, &rows[i].at, &rows[i].value, 1);
        batch.step = rows[i].step;
        batch.kind = RS_KIND_INSTANCE;
        check_fails(rs_store_put(w->store, &batch, &tally, &err), RS_EINPUT, rows[i].part);
    }
    rs_store_rollback(w->store);
    assert_true(tally.fresh == 1 && tally.replaced == 2 && tally.unchanged == 3 &&
                tally.merged == 4);
}

static void a_resource_has_at_most_256_series(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    const int64_t at = T0;
    const double value = 1;
    int made = 0;
    static const int64_t steps[] = {60, 300, 3600};
    world_begin(w);
    for (int metric = 0; metric < RS_METRIC_COUNT; metric++) {
        for (int statistic = 0; statistic < RS_STATISTIC_COUNT; statistic++) {
            for (size_t k = 0; k < COUNT_OF(steps); k++) {
                struct rs_batch batch = world_batch("i-1", &at, &value, 1);
                batch.metric = (enum rs_metric)metric;
                batch.statistic = (enum rs_statistic)statistic;
                batch.step = steps[k];
                if (made < 256) {
                    check_ok(rs_store_put(w->store, &batch, &tally, &err));
                    made++;
                } else {
                    check_fails(rs_store_put(w->store, &batch, &tally, &err), RS_EINPUT,
                                "has 256 series");
                }
            }
        }
    }
    assert_int_equal(made, 256);
    rs_store_rollback(w->store);
}

static void writing_needs_a_transaction(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    bool changed = false;
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    struct rs_resource resource = {.id = "i-1", .observed_at = T0};
    struct rs_attachment attachment = {"vol-1", "i-1", NULL, -1, T0};
    check_fails(rs_store_put(w->store, &batch, &tally, &err), RS_EIO, "no transaction is open");
    check_fails(rs_store_put_resource(w->store, &resource, &changed, &err), RS_EIO,
                "no transaction");
    check_fails(rs_store_put_attachment(w->store, &attachment, &changed, &err), RS_EIO,
                "no transaction");
}

static void a_rollback_leaves_nothing_and_is_forgotten(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    world_begin(w);
    check_ok(rs_store_put(w->store, &batch, &tally, &err));
    rs_store_rollback(w->store);
    rs_store_rollback(w->store);
    world_expect(w, "SELECT count(*) FROM resource", "0\n");
    batch.resource = "i-2"; /* takes the id that i-1 had */
    world_put(w, &batch);
    batch.resource = "i-1";
    world_put(w, &batch);
    world_expect(w, "SELECT resource, value FROM samples ORDER BY 1", "i-1|1\ni-2|1\n");
    int64_t checked = 0;
    check_ok(rs_store_check(w->store, &checked, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_same_batch_twice_changes_nothing),
        world_test(a_tally_is_added_to),
        world_test(overlapping_batches_are_merged),
        world_test(instants_go_to_the_nearest_slot_and_the_later_of_a_batch_counts),
        world_test(shuffled_batches_make_the_same_store),
        world_test(each_metric_statistic_and_step_is_its_own_series),
        world_test(what_samples_know_of_a_resource_fills_gaps_only),
        world_test(bad_batches_are_refused),
        world_test(a_resource_has_at_most_256_series),
        world_test(writing_needs_a_transaction),
        world_test(a_rollback_leaves_nothing_and_is_forgotten),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
