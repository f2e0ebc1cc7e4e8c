/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each loop of each vector width against a plain one, on values that mislead comparisons. */
#include "stats/kernel.h"

#include "../support/check.h"

#include <float.h>
#include <stdbool.h>
#include <string.h>

enum { MOST = 700, ROOM = MOST + 64, ROUNDS = 400 };

static double hostile(uint64_t *seed, unsigned kinds, bool infinite)
{
    static const double values[] = {0.0,      -0.0, (double)NAN, 5e-324, -5e-324,  DBL_MAX,
                                    -DBL_MAX, 1.0,  1.0,         -1.0,   INFINITY, -INFINITY};
    uint64_t draw = check_random(seed);
    if (draw % 8 < 5) {
        return (double)(check_random(seed) % kinds) / 7.0 - 3.0;
    }
    double value = values[draw / 8 % COUNT_OF(values)];
    return infinite || !(fabs(value) >= DBL_MAX) ? value : 0.25;
}

static size_t draw_values(double *values, uint64_t *seed, int round)
{
    size_t count = round < 140 ? (size_t)round : check_random(seed) % MOST;
    unsigned kinds = round % 3 == 0 ? 3 : 100000;
    for (size_t i = 0; i < count; i++) {
        values[i] = round % 7 == 6 ? (double)NAN : hostile(seed, kinds, round % 2 == 0);
    }
    return count;
}

typedef void (*compare_fn)(const struct rs_kernel *kernel, const double *values, size_t count);

static void compare_all(compare_fn compare)
{
    double values[ROOM];
    uint64_t seed = 20;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = draw_values(values, &seed, round);
        for (int v = RS_VARIANT_PLAIN; v < RS_VARIANT_COUNT; v++) {
            const struct rs_kernel *kernel = rs_kernel_of((enum rs_variant)v);
            if (kernel != NULL) {
                compare(kernel, values, count);
            }
        }
    }
}

static void extent(const struct rs_kernel *kernel, const double *values, size_t count)
{
    struct rs_extent want = {INFINITY, -INFINITY, 0}, got;
    for (size_t i = 0; i < count; i++) {
        want.min = values[i] < want.min ? values[i] : want.min;
        want.max = values[i] > want.max ? values[i] : want.max;
        want.count += isnan(values[i]) ? 0 : 1;
    }
    kernel->extent(values, count, &got);
    check_same_double(got.min, want.min + 0.0);
    check_same_double(got.max, want.max + 0.0);
    assert_int_equal(got.count, want.count);
    check_same_double(kernel->highest(values, count), want.max + 0.0);
}

static void the_extent_is_that_of_a_plain_loop(void **state)
{
    (void)state;
    compare_all(extent);
}

static void columns(const struct rs_kernel *kernel, const double *values, size_t count)
{
    double want[RS_COLUMNS], got[RS_COLUMNS];
    for (size_t j = 0; j < RS_COLUMNS; j++) {
        want[j] = -INFINITY;
    }
    for (size_t i = 0; i < count; i++) {
        double *most = &want[i % RS_COLUMNS];
        *most = values[i] > *most ? values[i] : *most;
    }
    kernel->columns(values, count, got);
    for (size_t j = 0; j < RS_COLUMNS; j++) {
        assert_true(got[j] == want[j]); /* of two zeros either */
    }
}

static void the_maxima_of_columns_are_those_of_a_plain_loop(void **state)
{
    (void)state;
    compare_all(columns);
}

/* Of the quarter that is weighed the highest that enough reach. */
static void bound(const struct rs_kernel *kernel, const double *values, size_t count)
{
    double maxima[RS_COLUMNS];
    kernel->columns(values, count, maxima);
    for (size_t wanted = 1; wanted <= RS_COLUMNS; wanted += 3) {
        double want = -INFINITY;
        for (size_t p = 0; p < RS_COLUMNS / 4; p++) {
            size_t reach = 0;
            for (size_t j = 0; j < RS_COLUMNS; j++) {
                reach += maxima[j] >= maxima[p] ? 1 : 0;
            }
            want = reach >= wanted && maxima[p] > want ? maxima[p] : want;
        }
        assert_true(kernel->bound(maxima, wanted) == want);
    }
}

static void as_many_as_wanted_reach_a_bound(void **state)
{
    (void)state;
    compare_all(bound);
}

static void reach(const struct rs_kernel *kernel, const double *values, size_t count)
{
    static const double bounds[] = {-INFINITY, -1.0, -0.0, 0.0, 5e-324, 1.0, 2.5, INFINITY, NAN};
    uint32_t where[ROOM];
    for (size_t b = 0; b < COUNT_OF(bounds); b++) {
        size_t n = kernel->reach(values, count, bounds[b], where), want = 0;
        for (size_t i = 0; i < count; i++) {
            if (values[i] >= bounds[b]) {
                assert_true(want < n && where[want] == i);
                want++;
            }
        }
        assert_int_equal(n, want);
        assert_int_equal(kernel->find(values, count, bounds[b]), want > 0 ? where[0] : count);
    }
}

static void all_that_reach_a_bound_are_found_in_their_order(void **state)
{
    (void)state;
    compare_all(reach);
}

static void order(const struct rs_kernel *kernel, const double *values, size_t count)
{
    double some[ROOM], got[ROOM];
    size_t present = 0;
    for (size_t i = 0; i < count; i++) { /* no gaps there */
        some[present] = values[i];
        present += isnan(values[i]) ? 0 : 1;
    }
    for (size_t i = 0; i < ROOM; i++) {
        got[i] = NAN;
    }
    kernel->order(some, present, got);
    for (size_t i = 0; i < present; i++) {
        size_t lower = 0;
        for (size_t j = 0; j < present; j++) {
            lower += some[j] < some[i] ? 1 : 0;
        }
        assert_true(got[lower] == some[i]);
        got[lower] = some[i];
    }
    for (size_t i = 0; i + 1 < present; i++) { /* what is written is in order */
        assert_true(isnan(got[i + 1]) || isnan(got[i]) || got[i] < got[i + 1]);
    }
}

static void each_value_is_put_after_those_that_are_lower(void **state)
{
    (void)state;
    compare_all(order);
}

static void above(const struct rs_kernel *kernel, const double *values, size_t count)
{
    size_t want = 0;
    for (size_t i = 0; i < count; i++) {
        want += values[i] > 0.5 ? 1 : 0;
    }
    assert_int_equal(kernel->above(values, count, 0.5), want);
}

/* A front part of a series that ends in gaps. */
static void end(const struct rs_kernel *kernel, const double *values, size_t count)
{
    double some[ROOM];
    for (size_t last = 0; last <= count; last += 1 + last / 3) {
        size_t want = last;
        for (size_t i = 0; i < count; i++) {
            some[i] = i < last ? values[i] : (double)NAN;
        }
        while (want > 0 && isnan(some[want - 1])) {
            want--;
        }
        assert_int_equal(kernel->end(some, count), want);
    }
}

static void the_last_value_is_found_before_any_gaps(void **state)
{
    (void)state;
    compare_all(end);
}

static void as_many_are_above_as_a_plain_loop_counts(void **state)
{
    (void)state;
    compare_all(above);
}

/* -1: an infinite sum. */
static int run(const double *values, size_t length, double *mean, double *max)
{
    double sum = 0.0, n = 0.0;
    *max = NAN;
    for (size_t i = 0; i < length; i++) {
        if (!isnan(values[i])) {
            sum += values[i];
            n += 1.0;
            *max = !(*max >= values[i]) ? values[i] : *max;
        }
    }
    *mean = n > 0.0 ? sum / n : (double)NAN;
    return n > 0.0 && !isfinite(sum) ? -1 : 0;
}

static void check_like(double got, double want)
{
    assert_true(got == want || (isnan(got) && isnan(want)));
}

static void runs(const struct rs_kernel *kernel, const double *values, size_t count)
{
    static const size_t lengths[] = {1, 2, 4, 12, 13, 60};
    double mean[ROOM], max[ROOM], want_mean = 0.0, want_max = 0.0;
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        size_t length = lengths[l], n = count / length;
        int want = 0;
        bool finite = kernel->runs(values, n, length, mean, max);
        for (size_t i = 0; i < n; i++) {
            int odd = run(values + i * length, length, &want_mean, &want_max);
            want |= odd;
            check_like(max[i], want_max);
            if (odd == 0) { /* infinite ones are refused by the caller */
                check_like(mean[i], want_mean);
            }
        }
        assert_int_equal(finite, want == 0);
    }
}

static void means_and_maxima_of_runs_are_those_of_a_plain_loop(void **state)
{
    (void)state;
    compare_all(runs);
}

static void arithmetic(const struct rs_kernel *kernel, const double *values, size_t count)
{
    static double got[ROOM], other[ROOM];
    kernel->scaled(values, count, 0.0123, got);
    for (size_t i = 0; i < count; i++) {
        check_like(got[i], 0.0123 * values[i]);
        other[i] = i % 3 == 0 ? (double)NAN : values[count - 1 - i];
    }
    kernel->sums(values, other, count, got);
    for (size_t i = 0; i < count; i++) {
        double a = values[i], b = other[i];
        bool opposed = isinf(a) && isinf(b) && a != b; /* not promised */
        if (!opposed) {
            check_like(got[i], isnan(a) ? b : isnan(b) ? a : a + b);
        }
    }
    kernel->sums(other, values, count, got);
    for (size_t i = 0; i < count; i += 3) {
        check_like(got[i], values[i]);
    }
}

static void products_and_sums_are_those_of_a_plain_loop(void **state)
{
    (void)state;
    compare_all(arithmetic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_extent_is_that_of_a_plain_loop),
        cmocka_unit_test(the_maxima_of_columns_are_those_of_a_plain_loop),
        cmocka_unit_test(as_many_as_wanted_reach_a_bound),
        cmocka_unit_test(all_that_reach_a_bound_are_found_in_their_order),
        cmocka_unit_test(each_value_is_put_after_those_that_are_lower),
        cmocka_unit_test(means_and_maxima_of_runs_are_those_of_a_plain_loop),
        cmocka_unit_test(the_last_value_is_found_before_any_gaps),
        cmocka_unit_test(products_and_sums_are_those_of_a_plain_loop),
        cmocka_unit_test(as_many_are_above_as_a_plain_loop_counts),
    };
    return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
