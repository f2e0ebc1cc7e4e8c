/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"

#include "../support/check.h"

#include <stdlib.h>

#define NOON INT64_C(1794744000)
#define MOST 64

struct handed { /* all batches, one behind the other */
    char resource[MOST][16];
    int64_t at[MOST];
    double values[MOST];
    int64_t step[MOST];
    size_t count, batches;
    bool fail;
};

static enum rs_status take(void *payload, const struct rs_batch *batch, struct rs_error *err)
{
    struct handed *h = payload;
    if (h->fail) {
        return rs_fail(err, RS_EIO, "no more");
    }
    h->batches++;
    for (size_t i = 0; i < batch->count; i++) {
        assert_true(h->count < MOST);
        snprintf(h->resource[h->count], sizeof(h->resource[0]), "%s", batch->resource);
        h->at[h->count] = batch->at[i];
        h->values[h->count] = batch->values[i];
        h->step[h->count] = batch->step;
        h->count++;
    }
    return RS_OK;
}

struct bench {
    struct handed handed;
    struct rs_sink sink;
    struct rs_tally tally;
    struct rs_accumulator acc;
    struct rs_error err;
};

static void begin(struct bench *b, size_t held_max)
{
    memset(b, 0, sizeof(*b));
    b->sink.samples = take;
    b->sink.payload = &b->handed;
    rs_accumulate_init(&b->acc, &b->sink, &b->tally);
    b->acc.held_max = held_max;
}

static struct rs_held_series *series_of(struct bench *b, const char *resource)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_held_series *series = NULL;
    struct rs_origin origin = {resource, RS_KIND_INSTANCE, NULL, NULL};
    check_ok(rs_accumulate_series(&b->acc, &origin, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300,
                                  &series, &err));
    return series;
}

static void check_handed(const struct handed *h, const char *const *resource, const double *values,
                         size_t count)
{
    assert_int_equal(h->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(h->resource[i], resource[i]);
        check_same_double(h->values[i], values[i]);
    }
}

static void many_at_once_are_as_many_one_by_one(void **state)
{
    (void)state;
    int64_t at[20];
    double values[20];
    uint64_t seed = 7;
    for (size_t i = 0; i < 20; i++) { /* some instants twice, none in order */
        at[i] = NOON + 300 * (int64_t)(check_random(&seed) % 12);
        values[i] = (double)i;
    }
    for (size_t held_max = 1; held_max <= 32; held_max++) {
        for (size_t split = 0; split <= 20; split++) {
            static struct bench one, many;
            struct rs_error err = {RS_OK, ""};
            begin(&one, held_max);
            begin(&many, held_max);
            struct rs_held_series *a = series_of(&one, "a"), *b = series_of(&many, "a");
            for (size_t i = 0; i < 20; i++) {
                check_ok(rs_accumulate_add(&one.acc, a, at[i], values[i], 0.0F, &err));
            }
            check_ok(rs_accumulate_add_many(&many.acc, b, at, values, split, &err));
            check_ok(
                rs_accumulate_add_many(&many.acc, b, at + split, values + split, 20 - split, &err));
            check_ok(rs_accumulate_flush(&one.acc, &err));
            check_ok(rs_accumulate_flush(&many.acc, &err));
            assert_memory_equal(&one.handed, &many.handed, sizeof(one.handed));
            assert_memory_equal(&one.tally, &many.tally, sizeof(one.tally));
            rs_accumulate_release(&one.acc);
            rs_accumulate_release(&many.acc);
        }
    }
}

static void of_one_instant_the_greatest_weight_counts_and_then_the_last(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    begin(&b, 100);
    struct rs_held_series *s = series_of(&b, "a");
    const int64_t at[] = {NOON, NOON + 300};
    const double two[] = {1.0, 2.0};
    check_ok(rs_accumulate_add_many(&b.acc, s, at, two, 2, &err));
    check_ok(rs_accumulate_add(&b.acc, s, NOON, 3.0, 2.0F, &err));
    check_ok(rs_accumulate_add(&b.acc, s, NOON, 4.0, 1.0F, &err));
    check_ok(rs_accumulate_add_many(&b.acc, s, at, two, 2, &err));
    check_ok(rs_accumulate_add(&b.acc, s, NOON + 300, 5.0, 0.0F, &err));
    check_ok(rs_accumulate_flush(&b.acc, &err));
    check_handed(&b.handed, (const char *const[]){"a", "a"}, (const double[]){3.0, 5.0}, 2);
    rs_accumulate_release(&b.acc);
}

/* The room of one series serves another later: nothing of it may shine through. */
static void a_series_begins_anew_after_a_flush(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    begin(&b, 100);
    struct rs_held_series *x = series_of(&b, "x"), *y = series_of(&b, "y");
    check_ok(rs_accumulate_add(&b.acc, x, NOON, 1.0, 9.0F, &err));
    check_ok(rs_accumulate_flush(&b.acc, &err));
    check_ok(rs_accumulate_flush(&b.acc, &err)); /* holds nothing */
    check_ok(rs_accumulate_add(&b.acc, y, NOON, 2.0, 0.0F, &err));
    check_ok(rs_accumulate_add(&b.acc, y, NOON, 3.0, 0.0F, &err));
    check_ok(rs_accumulate_add(&b.acc, x, NOON + 300, 4.0, 0.0F, &err));
    check_ok(rs_accumulate_flush(&b.acc, &err));
    check_handed(&b.handed, (const char *const[]){"x", "x", "y"}, (const double[]){1.0, 4.0, 3.0},
                 3);
    assert_int_equal(b.tally.series, 2);
    assert_int_equal(b.tally.samples, 3);
    rs_accumulate_release(&b.acc);
}

static void newest_first_is_handed_on_oldest_first(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    const int64_t at[] = {NOON + 600, NOON + 300, NOON};
    const double values[] = {3.0, 2.0, 1.0};
    begin(&b, 100);
    check_ok(rs_accumulate_add_many(&b.acc, series_of(&b, "a"), at, values, 3, &err));
    check_ok(rs_accumulate_flush(&b.acc, &err));
    check_handed(&b.handed, (const char *const[]){"a", "a", "a"}, (const double[]){1.0, 2.0, 3.0},
                 3);
    assert_true(b.handed.at[0] == NOON && b.handed.at[2] == NOON + 600);
    rs_accumulate_release(&b.acc);
}

static void fill(struct bench *b, const char *resource, int64_t first, size_t count)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_held_series *series = series_of(b, resource);
    for (size_t i = 0; i < count; i++) {
        check_ok(rs_accumulate_add(&b->acc, series, first + 300 * (int64_t)i, 1.0, 0.0F, &err));
    }
}

static void series_that_are_over_go_before_all_is_held(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    begin(&b, 40); /* a turn is 5 samples */
    fill(&b, "a", NOON, 5);
    fill(&b, "b", NOON, 5);
    assert_int_equal(b.handed.batches, 0); /* "a" had samples in the turn before */
    fill(&b, "c", NOON, 5);
    assert_int_equal(b.handed.batches, 1);
    fill(&b, "d", NOON, 1);
    assert_int_equal(b.handed.batches, 2);
    assert_int_equal(b.acc.held, 6);
    check_ok(rs_accumulate_flush(&b.acc, &err));
    assert_int_equal(b.handed.batches, 4);
    assert_int_equal(b.handed.count, 16);
    assert_string_equal(b.handed.resource[0], "a");
    assert_int_equal(b.tally.series, 4);
    rs_accumulate_release(&b.acc);
}

static void one_that_comes_back_ends_that(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    begin(&b, 40);
    fill(&b, "a", NOON, 5);
    fill(&b, "b", NOON, 5);
    fill(&b, "c", NOON, 1);
    assert_int_equal(b.handed.batches, 1);
    fill(&b, "a", NOON + 1500, 5);
    fill(&b, "d", NOON, 5);
    fill(&b, "e", NOON, 5);
    fill(&b, "f", NOON, 5);
    assert_int_equal(b.handed.batches, 1);
    check_ok(rs_accumulate_flush(&b.acc, &err));
    assert_int_equal(b.handed.count, 31);
    assert_int_equal(b.tally.series, 6);
    rs_accumulate_release(&b.acc);
}

static void none_goes_before_its_step_is_known(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    begin(&b, 40);
    b.acc.rule = RS_STEP_COMMON;
    for (int i = 0; i < 4; i++) {
        fill(&b, (const char *const[]){"a", "b", "c", "d"}[i], NOON, 5);
    }
    assert_int_equal(b.handed.batches, 0);
    check_ok(rs_accumulate_flush(&b.acc, &err));
    assert_int_equal(b.handed.batches, 4);
    fill(&b, "e", NOON, 5);
    fill(&b, "f", NOON, 5);
    fill(&b, "g", NOON, 5);
    assert_int_equal(b.handed.batches, 5);
    rs_accumulate_release(&b.acc);
}

/* Where a series' own gaps are clear they count, however early it goes; else all others'. */
static void each_series_may_have_a_step_of_its_own(void **state)
{
    static const struct {
        const char *resource;
        int64_t step; /* opened with */
        int64_t gap[6];
        int64_t want;
    } rows[] = {
        {"given", 60, {3600, 3600, 3600}, 60},   {"hour", 0, {3600, 3600, 3600}, 3600},
        {"gaps", 0, {60, 60, 180, 60, 240}, 60}, {"lone", 0, {0}, 300},
        {"few", 0, {3600, 3600}, 300},           {"half", 0, {60, 60, 60, 70, 80, 90}, 300},
        {"five", 0, {300, 300, 300, 300}, 300},  {"more", 0, {300, 300, 300, 300}, 300},
        {"odd", 0, {420, 420, 420}, 300},
    };
    (void)state;
    static struct bench b;
    for (size_t held_max = 4; held_max <= 64; held_max *= 2) {
        struct rs_error err = {RS_OK, ""};
        begin(&b, held_max);
        b.acc.rule = RS_STEP_EACH;
        for (size_t r = COUNT_OF(rows); r-- > 0;) {
            struct rs_origin origin = {rows[r].resource, RS_KIND_INSTANCE, NULL, NULL};
            struct rs_held_series *series = NULL;
            int64_t at = NOON;
            check_ok(rs_accumulate_series(&b.acc, &origin, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG,
                                          rows[r].step, &series, &err));
            check_ok(rs_accumulate_add(&b.acc, series, at, 1.0, 0.0F, &err));
            for (size_t i = 0; i < 6 && rows[r].gap[i] > 0 && held_max > 8; i++) {
                at += rows[r].gap[i];
                check_ok(rs_accumulate_add(&b.acc, series, at, 1.0, 0.0F, &err));
            }
            for (size_t i = 0; i < 4 && held_max <= 8; i++) { /* in parts: the first one tells */
                at += 300;
                check_ok(rs_accumulate_add(&b.acc, series, at, 1.0, 0.0F, &err));
            }
        }
        check_ok(rs_accumulate_flush(&b.acc, &err));
        for (size_t i = 0; i < b.handed.count; i++) {
            size_t r = 0;
            while (strcmp(rows[r].resource, b.handed.resource[i]) != 0) {
                r++;
            }
            assert_int_equal(b.handed.step[i], held_max > 8       ? rows[r].want
                                               : rows[r].step > 0 ? 60
                                                                  : 300);
        }
        assert_int_equal(b.tally.note_count, held_max > 8 ? 1 : 0);
        rs_accumulate_release(&b.acc);
    }
    begin(&b, 100);
    b.acc.rule = RS_STEP_EACH;
    struct rs_error err = {RS_OK, ""};
    struct rs_origin origin = {"lone", RS_KIND_INSTANCE, NULL, NULL};
    struct rs_held_series *series = NULL;
    check_ok(rs_accumulate_series(&b.acc, &origin, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 0,
                                  &series, &err));
    check_ok(rs_accumulate_add(&b.acc, series, NOON, 1.0, 0.0F, &err));
    check_fails(rs_accumulate_flush(&b.acc, &err), RS_EINPUT, "one time stamp does not tell");
    rs_accumulate_release(&b.acc);
}

/* Where many series come by turns more is held, so that each is handed on less often. */
static void more_is_held_where_series_are_many(void **state)
{
    static const struct {
        size_t wide, per_series, batches;
    } rows[] = {{0, 4, 4 * 8}, {32, 4, 8}, {16, 4, 2 * 8}, {8, 4, 4 * 8}};
    (void)state;
    static struct bench b;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct rs_error err = {RS_OK, ""};
        begin(&b, 8);
        b.acc.wide_max = rows[r].wide;
        b.acc.scattered = true; /* else some would seem to be over */
        for (size_t i = 0; i < rows[r].per_series; i++) {
            for (size_t s = 0; s < 8; s++) {
                fill(&b, (const char *const[]){"a", "b", "c", "d", "e", "f", "g", "h"}[s],
                     NOON + 300 * (int64_t)i, 1);
            }
        }
        check_ok(rs_accumulate_flush(&b.acc, &err));
        assert_int_equal(b.handed.batches, rows[r].batches);
        assert_int_equal(b.handed.count, 32);
        assert_int_equal(b.acc.dirty_count, 0);
        rs_accumulate_release(&b.acc);
    }
}

static void a_failure_of_the_sink_is_handed_back(void **state)
{
    (void)state;
    static struct bench b;
    struct rs_error err = {RS_OK, ""};
    const int64_t at[] = {NOON, NOON + 300, NOON + 600};
    const double values[] = {3.0, 2.0, 1.0};
    begin(&b, 2);
    b.handed.fail = true;
    struct rs_held_series *s = series_of(&b, "a");
    check_fails(rs_accumulate_add_many(&b.acc, s, at, values, 3, &err), RS_EIO, "no more");
    rs_accumulate_release(&b.acc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once_are_as_many_one_by_one),
        cmocka_unit_test(of_one_instant_the_greatest_weight_counts_and_then_the_last),
        cmocka_unit_test(a_series_begins_anew_after_a_flush),
        cmocka_unit_test(newest_first_is_handed_on_oldest_first),
        cmocka_unit_test(series_that_are_over_go_before_all_is_held),
        cmocka_unit_test(one_that_comes_back_ends_that),
        cmocka_unit_test(none_goes_before_its_step_is_known),
        cmocka_unit_test(each_series_may_have_a_step_of_its_own),
        cmocka_unit_test(more_is_held_where_series_are_many),
        cmocka_unit_test(a_failure_of_the_sink_is_handed_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
