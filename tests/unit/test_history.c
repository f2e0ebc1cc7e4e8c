/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history alone: ends and values in, slots and values out. */
#include "source/history.h"
#include "source_sink.h"

#define MIDNIGHT INT64_C(1795132800) /* 2026-11-20T00:00:00Z */

static void brings_uneven_records_to_slots(void **state)
{
    static const struct {
        int64_t step; /* asked for */
        size_t count, want_count;
        int64_t interval[8], end[8];
        double value[8];
        int64_t want_step, want_at[8];
        double want[8];
    } rows[] = {
        {0,
         4,
         4,
         {600, 601, 599, 600},
         {600, 1201, 1800, 2400},
         {1, 2, 3, 4},
         600,
         {0, 600, 1200, 1800},
         {1, 2, 3, 4}},
        /* an hour off, then on again */
        {0, 3, 3, {600, 600, 600}, {601, 1201, 4801}, {1, 2, 3}, 600, {0, 600, 4200}, {1, 2, 3}},
        /* between two slots, a second up and down: none is lost */
        {0,
         5,
         5,
         {60, 60, 60, 60, 60},
         {90, 149, 210, 269, 330},
         {1, 2, 3, 4, 5},
         60,
         {60, 120, 180, 240, 300},
         {1, 2, 3, 4, 5}},
        /* 61 s, as some write it, is taken for a minute */
        {0, 3, 3, {61, 61, 61}, {120, 181, 242}, {1, 2, 3}, 60, {60, 120, 180}, {1, 2, 3}},
        /* several in one step: their mean, by their length */
        {300,
         4,
         3,
         {100, 200, 150, 150},
         {300, 500, 650, 800},
         {3, 6, 1, 2},
         300,
         {0, 300, 600},
         {3, 27.0 / 7, 2}},
        /* once more the same record: the later counts */
        {0, 4, 3, {10, 10, 10, 10}, {10, 20, 20, 30}, {1, 2, 7, 3}, 10, {0, 10, 20}, {1, 7, 3}},
        /* no interval given: told by the stamps */
        {0, 4, 4, {0, 0, 0, 0}, {5, 10, 15, 20}, {1, 2, 3, 4}, 5, {0, 5, 10, 15}, {1, 2, 3, 4}},
    };
    (void)state;
    struct run *run = new_run();
    struct rs_sink sink = {keep_samples, keep_resource, keep_attachment, run};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_history history;
        int64_t want_at[8];
        run->batch_count = 0;
        run->request.step = rows[i].step;
        assert_int_equal(rs_history_open(&history, &run->request, &sink, &run->tally, &run->err),
                         RS_OK);
        for (size_t k = 0; k < rows[i].count; k++) {
            assert_int_equal(rs_history_record(&history, "h", MIDNIGHT + rows[i].end[k],
                                               rows[i].interval[k], 1, &run->err),
                             RS_OK);
            assert_int_equal(
                rs_history_add(&history, RS_METRIC_CPU_PERCENT, rows[i].value[k], 0, &run->err),
                RS_OK);
        }
        assert_int_equal(rs_history_finish(&history, &run->err), RS_OK);
        rs_history_close(&history);
        for (size_t k = 0; k < rows[i].want_count; k++) {
            want_at[k] = MIDNIGHT + rows[i].want_at[k];
        }
        assert_samples(run, "h", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, rows[i].want_step,
                       rows[i].want_count, want_at, rows[i].want);
    }
    free(run);
}

static void tells_the_step_by_the_commonest_interval_that_divides_a_day(void **state)
{
    static const struct {
        int64_t gaps[6];
        int64_t step;
        const char *refused;
    } rows[] = {
        {{600, 601, 599, 60, 60}, 600, NULL},
        {{60, 60, 600}, 60, NULL},
        {{301, 299}, 300, NULL},
        {{1, 2, 2}, 2, NULL},
        {{7, 7, 60}, 0, "7 s, is near no"},
        {{100000}, 0, "--step"},
        {{0}, 0, "one record"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_gaps gaps = {.count = 0};
        struct rs_error err = {RS_OK, ""};
        int64_t step = 0;
        for (size_t k = 0; k < 6; k++) {
            rs_gaps_add(&gaps, rows[i].gaps[k]);
        }
        enum rs_status rc = rs_history_step(&gaps, &step, &err);
        assert_int_equal(rc, rows[i].refused == NULL ? RS_OK : RS_EINPUT);
        assert_int_equal(step, rows[i].step);
        assert_non_null(strstr(err.text, rows[i].refused != NULL ? rows[i].refused : ""));
    }
}

static void keeps_no_more_than_it_may(void **state)
{
    (void)state;
    struct run *run = new_run();
    struct rs_sink sink = {keep_samples, keep_resource, keep_attachment, run};
    struct rs_history history;
    assert_int_equal(rs_history_open(&history, &run->request, &sink, &run->tally, &run->err),
                     RS_OK);
    history.held_max = 7;
    for (int i = 1; i <= 40; i++) {
        assert_int_equal(rs_history_record(&history, "h", MIDNIGHT + i * 60, 60, 1, &run->err),
                         RS_OK);
        assert_int_equal(rs_history_add(&history, RS_METRIC_CPU_PERCENT, i, 0, &run->err), RS_OK);
        assert_true(history.count <= 7);
    }
    assert_int_equal(rs_history_finish(&history, &run->err), RS_OK);
    rs_history_close(&history);
    assert_int_equal(run->tally.samples, 40);
    assert_int_equal(run->tally.series, 1);
    assert_int_equal(run->batch_count, 6);
    run->request.step = 7;
    assert_int_equal(rs_history_open(&history, &run->request, &sink, &run->tally, &run->err),
                     RS_EUSAGE);
    rs_history_close(&history);
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_uneven_records_to_slots),
        cmocka_unit_test(tells_the_step_by_the_commonest_interval_that_divides_a_day),
        cmocka_unit_test(keeps_no_more_than_it_may),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
