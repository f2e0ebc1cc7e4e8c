/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store asked in SQL. */
#include "store_world.h"

static void sql_answers_as_text(void **state)
{
    struct world *w = *state;
    world_expect(w, "SELECT 1, -2.5, 'a', NULL, x'0aFF', 2.5e3, 0.1, 9e999, 1.0;",
                 "1|-2.5|a|NULL|X'0AFF'|2500|0.1|Inf|1\n");
    world_expect(w, "; -- nothing\n SELECT 2 ;; /* and */ -- no more", "2\n");
    world_expect(w,
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) "
                 "SELECT i FROM n",
                 "1\n2\n3\n");
    world_expect(w, "VALUES (''), (9007199254740993)", "\n9007199254740993\n");
    world_expect(w, "SELECT count(*) FROM samples WHERE 0", "0\n");
}

static enum rs_status refuse_row(void *payload, int columns, const char *const *names,
                                 const char *const *values, struct rs_error *err)
{
    (void)payload, (void)values;
    assert_int_equal(columns, 1);
    assert_string_equal(names[0], "answer");
    return rs_fail(err, RS_EPARTIAL, "enough");
}

static void anything_but_one_select_is_refused(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer out;
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"", "there is no statement"},
        {" -- nothing", "there is no statement"},
        {"SELECT 1; SELECT 2", "one statement at a time"},
        {"SELECT 1; DROP TABLE chunk", "one statement at a time"},
        {"SELECT 1; nonsense", "one statement at a time"},
        {"DELETE FROM chunk", "only SELECT"},
        {"DROP VIEW samples", "only SELECT"},
        {"INSERT INTO day VALUES (1)", "only SELECT"},
        {"UPDATE resource SET name = ''", "only SELECT"},
        {"CREATE TEMP TABLE t(a)", "only SELECT"},
        {"BEGIN", "only SELECT"},
        {"COMMIT", "only SELECT"},
        {"PRAGMA user_version=0", "only SELECT"},
        {"PRAGMA user_version", "only SELECT"},
        {"ATTACH 'x.db' AS x", "only SELECT"},
        {"DETACH main", "only SELECT"},
        {"VACUUM", "only SELECT"},
        {"VACUUM INTO 'x.db'", "only SELECT"},
        {"REINDEX", "only SELECT"},
        {"ANALYZE", "only SELECT"},
        {"SAVEPOINT a", "only SELECT"},
        {"SELECT * FROM pragma_user_version", ""},
        {"SELECT load_extension('x')", "not authorized"},
        {"SELEC 1", "syntax error"},
        {"SELECT nosuch FROM samples", "no such column: nosuch"},
        {"SELECT \"nosuch\"", "no such column: nosuch"},
        {"SELECT * FROM nosuch", "no such table: nosuch"},
        {"SELECT abs(-9223372036854775807 - 1)", "integer overflow"},
        {"SELECT * FROM chunk_each", ""},
        {"SELECT * FROM chunk_each(x'00', 1, 7)", "must divide a day"},
        {"SELECT * FROM chunk_each(x'00', -1, 300)", "must be 0 or more"},
    };
    rs_buffer_init(&out);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_fails(rs_store_sql(w->store, rows[i].sql, world_row, &out, &err), RS_EUSAGE,
                    rows[i].part);
    }
    assert_int_equal(out.length, 0);
    check_fails(
        rs_store_sql(w->store, "SELECT * FROM chunk_each(x'00', 1, 300)", world_row, &out, &err),
        RS_EIO, "damaged chunk");
    check_fails(rs_store_sql(w->store, "SELECT 1 AS answer", refuse_row, NULL, &err), RS_EPARTIAL,
                "enough");
    rs_buffer_release(&out);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 5); /* writing still works */
    world_expect(w, "SELECT * FROM chunk_each(NULL, 1, 300)", "");
}

static void bounds_on_ts_give_what_they_say(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *where, *want;
    } rows[] = {
        {"ts >= 1700092800", "49\n"},
        {"ts > 1700092800", "48\n"},
        {"ts < 1700092800", "24\n"},
        {"ts <= 1700092800", "25\n"},
        {"ts BETWEEN 1700092800 AND 1700179199", "24\n"},
        {"ts > 1700092799.5 AND ts < 1700092800.5", "1\n"},
        {"ts = 1700092800", "1\n"},
        {"ts > 1700092800 AND ts < 1700092800", "0\n"},
        {"ts > 'a'", "0\n"},
        {"ts < 'a'", "73\n"},
        {"ts > '1700092800'", "48\n"},
        {"ts > NULL", "0\n"},
        {"ts > -1e300 AND ts < 1e300", "73\n"},
        {"1700092800 < ts", "48\n"},
    };
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 3600, T0, 73, 5);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char sql[160];
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM samples WHERE %s", rows[i].where);
        world_expect(w, sql, rows[i].want);
    }
}

static void the_views_have_the_promised_columns(void **state)
{
    struct world *w = *state;
    static const char *const rows[] = {
        "SELECT resource, metric, statistic, ts, value FROM samples",
        "SELECT resource, provider, account, region, type, name, state, first_seen, last_seen "
        "FROM resources",
        "SELECT volume, instance, device, since FROM volumes",
        "SELECT resource, at, type FROM type_changes",
        "SELECT source, format, at, bytes, crc32, series, fresh, replaced, unchanged, rejected, "
        "first_rejected FROM collections"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_expect(w, rows[i], "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(sql_answers_as_text),
        world_test(anything_but_one_select_is_refused),
        world_test(bounds_on_ts_give_what_they_say),
        world_test(the_views_have_the_promised_columns),
    };
    return cmocka_run_group_tests_name("store_sql", tests, NULL, NULL);
}
