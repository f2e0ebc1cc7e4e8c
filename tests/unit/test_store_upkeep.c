/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log, the counts, forgetting, and the check for damage. */
#include "store_world.h"

#include <sqlite3.h>

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
        world_test(the_same_source_with_the_same_bytes_is_logged_once),
        world_test(info_counts_what_is_there),
        world_test(prune_forgets_whole_days_only),
        world_test(check_finds_what_was_changed_behind_our_back),
    };
    return cmocka_run_group_tests_name("store_upkeep", tests, NULL, NULL);
}
