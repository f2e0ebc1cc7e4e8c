/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/summary.h"
#include "stats/kernel.h"

#include "../support/check.h"

static struct rs_series series_of(double *values, size_t slots)
{
    return (struct rs_series){
        RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, 1200000000, values, slots};
}

/* What every kind of summary tells. */
static void assert_same(const struct rs_summary *a, const struct rs_summary *b)
{
    assert_int_equal(a->count, b->count);
    check_same_double(a->max, b->max);
    check_same_double(a->quantile, b->quantile);
    assert_int_equal(a->first_at, b->first_at);
    assert_int_equal(a->last_at, b->last_at);
    assert_int_equal(a->max_at, b->max_at);
    assert_int_equal(a->quantile_at, b->quantile_at);
}

static void says_figures_and_the_instants_that_prove_them(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_summary s;
    double values[] = {NAN, 4, 1, NAN, 9, 9, 2, NAN};
    struct rs_series series = series_of(values, COUNT_OF(values));
    check_ok(rs_summary_of(&series, 0.5, &s, &err));
    assert_int_equal(s.count, 5);
    check_same_double(s.coverage, 5.0 / 8.0);
    check_same_double(s.min, 1.0);
    check_same_double(s.max, 9.0);
    check_near(s.mean, 5.0, 1e-12);
    check_same_double(s.p50, 4.0);
    check_same_double(s.quantile, 4.0);
    check_near(s.p90, 9.0, 1e-12);
    check_near(s.p95, 9.0, 1e-12);
    check_near(s.p99, 9.0, 1e-12);
    check_near(s.p995, 9.0, 1e-12);
    assert_int_equal(s.first_at, 1200000300);
    assert_int_equal(s.last_at, 1200001800);
    assert_int_equal(s.max_at, 1200001200);
    assert_int_equal(s.quantile_at, 1200000300);
}

static void keeps_the_mean_within_the_samples(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_summary s;
    double values[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    struct rs_series series = series_of(values, COUNT_OF(values));
    check_ok(rs_summary_of(&series, 0.995, &s, &err));
    check_same_double(s.mean, 0.1);
    check_same_double(s.quantile, 0.1);
}

static void is_blind_to_the_order_of_samples(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_summary a, b;
    double forth[100], back[100];
    uint64_t seed = 7;
    for (size_t i = 0; i < 100; i++) {
        forth[i] = back[99 - i] = (double)check_random(&seed) * 1e-17;
    }
    struct rs_series x = series_of(forth, 100), y = series_of(back, 100);
    check_ok(rs_summary_of(&x, 0.9, &a, &err));
    check_ok(rs_summary_of(&y, 0.9, &b, &err));
    check_same_double(a.mean, b.mean);
    check_same_double(a.quantile, b.quantile);
    assert_int_equal(a.max_at - x.from, 99 * 300 - (b.max_at - y.from));
}

static void a_brief_one_says_what_it_was_asked_for(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work;
    struct rs_summary all, some;
    static double values[2016];
    uint64_t seed = 11;
    rs_workspace_init(&work);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        values[i] = i % 9 == 0 ? NAN : (double)(check_random(&seed) % 1000);
    }
    struct rs_series series = series_of(values, COUNT_OF(values));
    struct rs_extent known;
    rs_extent_measure(values, COUNT_OF(values), &known);
    const double fractions[] = {0.0, 0.5, 0.93, 0.995, 1.0, 0.5};
    for (size_t i = 0; i < COUNT_OF(fractions); i++) {
        check_ok(rs_summary_with(&work, &series, fractions[i], &all, &err));
        check_ok(rs_summary_brief(&work, &series, i % 2 == 0 ? NULL : &known, &fractions[i], &some,
                                  &err));
        assert_same(&some, &all);
        check_same_double(some.mean, all.mean);
        assert_true(isnan(some.p50) && isnan(some.p995));
        size_t at = rs_values_reach(values, COUNT_OF(values), all.quantile);
        assert_int_equal(rs_series_at(&series, at), all.quantile_at);
    }
    check_ok(rs_summary_brief(&work, &series, &known, NULL, &some, &err));
    assert_true(isnan(some.quantile));
    assert_int_equal(some.quantile_at, -1);
    check_same_double(some.mean, all.mean);
    assert_int_equal(rs_values_reach(values, COUNT_OF(values), 1000.0), COUNT_OF(values));
    struct rs_extent extent;
    rs_extent_measure(values, COUNT_OF(values), &extent);
    assert_int_equal(extent.count, all.count);
    check_same_double(extent.min, all.min);
    check_same_double(extent.max, all.max);
    rs_workspace_release(&work);
}

static struct rs_summary plain_summary(const struct rs_series *series, double limit, double *share)
{
    struct rs_summary s = {.min = INFINITY, .max = -INFINITY};
    size_t above = 0;
    for (size_t i = 0; i < series->slots; i++) {
        double value = series->values[i];
        if (!isnan(value)) {
            s.first_at = s.count == 0 ? rs_series_at(series, i) : s.first_at;
            s.last_at = rs_series_at(series, i);
            s.max_at = value > s.max ? s.last_at : s.max_at;
            s.min = value < s.min ? value : s.min;
            s.max = value > s.max ? value : s.max;
            above += value > limit ? 1 : 0;
            s.count++;
        }
    }
    s.quantile = s.max; /* that of 1 */
    s.quantile_at = s.max_at;
    *share = (double)above / (double)s.count;
    return s;
}

static void a_summary_agrees_with_plain_loops_in_every_variant(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    uint64_t seed = 4;
    for (size_t n = 1; n < 400; n++) {
        double values[400], share = 0.0;
        struct rs_series series = {.step = 300, .from = 1200000000, .values = values, .slots = n};
        for (size_t i = 0; i < n; i++) {
            bool gap = n > 1 && i != n / 2 && check_random(&seed) % 4 == 0;
            values[i] = gap ? (double)NAN : (double)(check_random(&seed) % 1000) - 100.0;
        }
        struct rs_summary want = plain_summary(&series, 500.0, &share);
        for (int v = RS_VARIANT_BEST; v < RS_VARIANT_COUNT; v++) {
            struct rs_summary s;
            work.variant = rs_kernel_of((enum rs_variant)v) != NULL ? v : RS_VARIANT_BEST;
            check_ok(rs_summary_with(&work, &series, 1.0, &s, &err));
            assert_same(&s, &want);
            check_same_double(s.min, want.min);
            size_t above = rs_kernel_of((enum rs_variant)work.variant)->above(values, n, 500.0);
            check_same_double((double)above / (double)s.count, share);
        }
        check_same_double(rs_series_share_above(&series, 500.0), share);
    }
    rs_workspace_release(&work);
}

static void refuses_what_has_no_summary(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_summary s = {.count = 77};
    double gap[] = {NAN}, one[] = {1}, infinite[] = {1, INFINITY};
    struct rs_series nothing = series_of(gap, 1), some = series_of(one, 1),
                     broken = series_of(infinite, 2);
    check_fails(rs_summary_of(&nothing, 0.5, &s, &err), RS_ENODATA, "no samples");
    check_fails(rs_summary_of(&some, 1.5, &s, &err), RS_EINPUT, "outside 0..1");
    check_fails(rs_summary_of(&broken, 0.5, &s, &err), RS_EINPUT, "infinite");
    assert_int_equal(s.count, 77);
}

static void counts_the_share_above_a_limit(void **state)
{
    (void)state;
    double values[] = {1, NAN, 2, 3, 4}, gap[] = {NAN};
    struct rs_series series = series_of(values, 5), empty = series_of(gap, 1);
    check_same_double(rs_series_share_above(&series, 2.0), 0.5);
    check_same_double(rs_series_share_above(&series, 4.0), 0.0);
    check_same_double(rs_series_share_above(&series, 0.0), 1.0);
    check_same_double(rs_series_share_above(&empty, 0.0), 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_figures_and_the_instants_that_prove_them),
        cmocka_unit_test(keeps_the_mean_within_the_samples),
        cmocka_unit_test(is_blind_to_the_order_of_samples),
        cmocka_unit_test(a_brief_one_says_what_it_was_asked_for),
        cmocka_unit_test(a_summary_agrees_with_plain_loops_in_every_variant),
        cmocka_unit_test(refuses_what_has_no_summary),
        cmocka_unit_test(counts_the_share_above_a_limit),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
