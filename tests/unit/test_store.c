/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into the store: samples, inventory, attachments, the log; and forgetting. */
#include "store_world.h"

#include <sqlite3.h>

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

static struct rs_resource record_of(int64_t at, const char *type, const char *name)
{
    return (struct rs_resource){.id = "i-1",
                                .type = type,
                                .name = name,
                                .launch_time = -1,
                                .observed_at = at,
                                .network_interfaces = -1,
                                .volumes = -1};
}

static bool put_record(struct world *w, const struct rs_resource *record)
{
    struct rs_error err = {RS_OK, ""};
    bool changed = false;
    world_begin(w);
    check_ok(rs_store_put_resource(w->store, record, &changed, &err));
    world_commit(w);
    return changed;
}

/* All orders of the records below lead to the same store. */
static void inventory_does_not_depend_on_the_order_of_records(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const struct rs_tag old_tags[] = {{"env", "test"}, {"team", "a"}};
    static const struct rs_tag new_tags[] = {{"env", "prod"}};
    struct rs_resource records[5] = {
        record_of(T0, "m5.large", "old"), record_of(T0 + DAY, "m5.large", NULL),
        record_of(T0 + 2 * DAY, "c5.large", "new"), record_of(T0 + 3 * DAY, "m5.large", NULL),
        record_of(T0 + 3 * DAY, "m5.xlarge", NULL)};
    records[0].tags = old_tags, records[0].tag_count = 2;
    records[1].tags = new_tags, records[1].tag_count = 1;
    records[1].ena = true;
    records[2].volumes = 3;
    records[3].launch_time = T0 - DAY;
    static const char resource_sql[] =
        "SELECT type, name, volumes, launch_time - 1700006400, network_interfaces, ena, "
        "first_observed_at - 1700006400, observed_at - 1700006400, known_at FROM resource";
    char *first = NULL;
    for (int order = 0; order < 120; order++) {
        int left[5] = {0, 1, 2, 3, 4}, rest = order;
        world_begin(w);
        for (int n = 5; n > 0; n--) {
            bool changed = false;
            int pick = rest % n;
            rest /= n;
            check_ok(rs_store_put_resource(w->store, &records[left[pick]], &changed, &err));
            assert_true(changed);
            memmove(&left[pick], &left[pick + 1], (size_t)(n - pick - 1) * sizeof(left[0]));
        }
        char *row = world_sql(w, resource_sql);
        first = first == NULL ? strdup(row) : first;
        assert_string_equal(row, first);
        free(row);
        world_expect(w, "SELECT key, value FROM tag", "env|prod\n");
        world_expect(w, "SELECT resource, (at - 1700006400) / 86400.0, type FROM type_changes",
                     "i-1|0|m5.large\ni-1|2|c5.large\ni-1|3|m5.large\ni-1|3|m5.xlarge\n");
        rs_store_rollback(w->store);
    }
    assert_int_equal(strncmp(first, "m5.xlarge|new|3|-86400|NULL|1|0|259200|", 39), 0);
    free(first);
}

static void an_unchanged_record_says_so(void **state)
{
    struct world *w = *state;
    static const struct rs_tag tags[] = {{"env", "test"}};
    struct rs_resource record = record_of(T0, "m5.large", "web");
    record.tags = tags, record.tag_count = 1;
    assert_true(put_record(w, &record));
    assert_false(put_record(w, &record));
    record.observed_at = T0 - 10;
    assert_true(put_record(w, &record));
    record.observed_at = -1; /* unknown: older than everything */
    assert_false(put_record(w, &record));
    record.zone = "eu-west-1a";
    record.name = "other";
    assert_true(put_record(w, &record));
    assert_false(put_record(w, &record));
    world_expect(w, "SELECT name, first_seen - 1700006400, last_seen - 1700006400 FROM resources",
                 "web|-10|0\n");
}

static void a_type_seen_between_two_equal_ones_is_a_change_and_back(void **state)
{
    struct world *w = *state;
    struct rs_resource records[] = {record_of(T0 + 10, "a", NULL), record_of(T0 + 90, "a", NULL),
                                    record_of(T0 + 50, "b", NULL)};
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        put_record(w, &records[i]);
    }
    world_expect(w, "SELECT at - 1700006400, type FROM type_changes", "10|a\n50|b\n90|a\n");
}

static void attachments_are_merged_and_unknown_starts_give_way(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    static const struct {
        struct rs_attachment attachment;
        bool changed;
        const char *rows;
    } rows[] = {
        {{"vol-1", "i-1", "/dev/sda", -1, T0}, true, "vol-1|i-1|/dev/sda|NULL\n"},
        {{"vol-1", "i-1", "/dev/sda", -1, T0}, false, "vol-1|i-1|/dev/sda|NULL\n"},
        {{"vol-1", "i-1", "/dev/sda", 500, T0}, true, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, -1, T0 + 5}, false, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, 500, T0 + 5}, true, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-1", NULL, 500, T0}, false, "vol-1|i-1|/dev/sda|500\n"},
        {{"vol-1", "i-2", NULL, 900, T0}, true, "vol-1|i-1|/dev/sda|500\nvol-1|i-2|NULL|900\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool changed = !rows[i].changed;
        world_begin(w);
        check_ok(rs_store_put_attachment(w->store, &rows[i].attachment, &changed, &err));
        world_commit(w);
        assert_int_equal(changed, rows[i].changed);
        world_expect(w, "SELECT * FROM volumes ORDER BY instance", rows[i].rows);
    }
    struct rs_attachment crossed = {"i-1", "vol-1", NULL, -1, T0};
    bool changed = true;
    world_begin(w);
    check_fails(rs_store_put_attachment(w->store, &crossed, &changed, &err), RS_EINPUT,
                "'vol-1' is a volume in the store");
    rs_store_rollback(w->store);
    world_expect(w, "SELECT count(*) FROM resources", "2\n");
}

static void the_same_source_with_the_same_bytes_is_logged_once(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_collection entry = {.source = "a.json",
                                  .format = "get-metric-data",
                                  .at = T0,
                                  .bytes = 10,
                                  .crc32 = 0xffffffff,
                                  .series = 1,
                                  .rejected = 2,
                                  .first_rejected = "line 3: no"};
    check_ok(rs_store_log(w->store, &entry, &err));
    entry.at = T0 + 1;
    check_ok(rs_store_log(w->store, &entry, &err));
    entry.crc32 = 1;
    world_begin(w);
    check_ok(rs_store_log(w->store, &entry, &err));
    world_commit(w);
    world_expect(w,
                 "SELECT source, format, at, bytes, crc32, rejected, first_rejected "
                 "FROM collections ORDER BY at",
                 "a.json|get-metric-data|1700006400|10|4294967295|2|line 3: no\n"
                 "a.json|get-metric-data|1700006401|10|1|2|line 3: no\n");
}

static void info_counts_what_is_there(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_store_info info;
    int64_t newest = 7;
    check_fails(rs_store_newest(w->store, &newest, &err), RS_ENODATA, "holds no samples");
    assert_int_equal(newest, 7);
    check_ok(rs_store_info(w->store, &info, &err));
    assert_int_equal(info.schema_version, 5);
    assert_true(info.oldest == -1 && info.newest == -1 && info.last_collected == -1);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 300, 1);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0 + 5 * DAY, 2, 1);
    check_ok(rs_store_info(w->store, &info, &err));
    assert_true(info.resources == 1 && info.volumes == 1 && info.series == 2);
    assert_true(info.chunks == 3 && info.samples == 302 && info.collections == 0);
    assert_true(info.oldest == T0 && info.newest == T0 + 5 * DAY);
    assert_true(info.file_bytes >= 16384);
    check_ok(rs_store_newest(w->store, &newest, &err));
    assert_int_equal(newest, T0 + 300 * 300);
}

static void prune_forgets_whole_days_only(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    int64_t deleted = -1, checked = 0;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 3600, T0 + 6 * HOUR, 60, 1);
    world_ramp(w, "i-2", RS_METRIC_CPU_PERCENT, 3600, T0, 5, 1);
    check_ok(rs_store_prune(w->store, T0 + DAY - 1, &deleted, &err));
    assert_int_equal(deleted, 0);
    check_ok(rs_store_prune(w->store, T0 + DAY + HOUR, &deleted, &err));
    assert_int_equal(deleted, 18 + 5);
    check_ok(rs_store_check(w->store, &checked, &err));
    assert_int_equal(checked, 2);
    world_expect(w,
                 "SELECT resource, (first_seen - 1700006400) / 3600, "
                 "(last_seen - 1700006400) / 3600 FROM resources",
                 "i-1|24|65\ni-2|NULL|NULL\n");
    world_expect(w, "SELECT count(*), min(ts) - 1700006400 FROM samples", "42|86400\n");
    check_ok(rs_store_prune(w->store, INT64_MAX, &deleted, &err));
    assert_int_equal(deleted, 42);
    check_ok(rs_store_prune(w->store, -5, &deleted, &err));
    assert_int_equal(deleted, 0);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 3600, T0, 5, 1); /* the day's row comes back */
    check_ok(rs_store_check(w->store, &checked, &err));
    assert_int_equal(checked, 1);
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
    world_begin(w);
    check_ok(rs_store_put_recent(w->store, &batch, &err));
    world_commit(w);
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

static void check_finds_what_was_changed_behind_our_back(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    int64_t checked = 0;
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"UPDATE chunk SET vmax = vmax + 1", "the summary is not that of the samples"},
        {"UPDATE chunk SET n = n - 1", "the summary is not that of the samples"},
        {"UPDATE chunk SET data = substr(data, 2)", "damaged chunk"},
        {"UPDATE chunk SET data = CAST(substr(data, 1, 30) || x'55' || substr(data, 32) AS BLOB)",
         "damaged chunk"},
        {"DELETE FROM day", "a day with chunks is not listed"},
        {"INSERT INTO day VALUES (3)", "a day without chunks is listed"},
        {"DELETE FROM series", "rows without their parent"},
        {"UPDATE series SET first_at = 0", "first and last sample"},
    };
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 20, 1);
    rs_store_close(w->store);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
        char *dump = NULL;
        assert_int_equal(sqlite3_exec(db, "SAVEPOINT s", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, rows[i].sql, NULL, NULL, &dump), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, "RELEASE s", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        check_ok(rs_store_open(w->path, RS_STORE_READ, &w->store, &err));
        check_fails(rs_store_check(w->store, &checked, &err), RS_EIO, rows[i].part);
        rs_store_close(w->store);
        remove(w->path);
        check_ok(rs_store_open(w->path, RS_STORE_WRITE, &w->store, &err));
        world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 20, 1);
        check_ok(rs_store_check(w->store, &checked, &err));
        assert_int_equal(checked, 1);
        rs_store_close(w->store);
    }
    w->store = NULL;
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
        world_test(inventory_does_not_depend_on_the_order_of_records),
        world_test(an_unchanged_record_says_so),
        world_test(a_type_seen_between_two_equal_ones_is_a_change_and_back),
        world_test(attachments_are_merged_and_unknown_starts_give_way),
        world_test(the_same_source_with_the_same_bytes_is_logged_once),
        world_test(info_counts_what_is_there),
        world_test(prune_forgets_whole_days_only),
        world_test(samples_that_wait_are_counted_and_pruned),
        world_test(check_finds_what_was_changed_behind_our_back),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
