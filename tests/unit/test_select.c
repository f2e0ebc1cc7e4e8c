/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles without a full sort, against gsl_sort and GSL's quantile, for each vector width. */
#include "rightsize/quantile.h"
#include "stats/kernel.h"

#include "../support/check.h"

#include <float.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <stdbool.h>
#include <stdlib.h>

enum { LARGE = 1000000 };

static const double fractions[] = {0.995, 0.0, 0.5, 0.9, 0.95, 0.99, 1.0, 0.25,
                                   0.001, 0.1, 0.5, 0.8, 0.05, 0.75, 0.3, 0.9999};

static double uniform(uint64_t *seed)
{
    return (double)(check_random(seed) >> 11) * 0x1p-53;
}

/* Each returns the value of slot i of n. */
typedef double (*shape_fn)(size_t i, size_t n, uint64_t *seed);

static double even(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    return 100.0 * uniform(seed);
}

static double gappy(size_t i, size_t n, uint64_t *seed)
{
    return uniform(seed) < 0.3 ? (double)NAN : even(i, n, seed);
}

static double mostly_gaps_of_either_sign(size_t i, size_t n, uint64_t *seed)
{
    return i == n / 2 || uniform(seed) < 0.05 ? even(i, n, seed)
           : i % 2 == 0                       ? (double)NAN
                                              : -(double)NAN;
}

static double flat(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n, (void)seed;
    return 1.7;
}

static double zeros_of_either_sign(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    return uniform(seed) < 0.3 ? -0.0 : 0.0;
}

static double idle(size_t i, size_t n, uint64_t *seed)
{
    return uniform(seed) < 0.9 ? zeros_of_either_sign(i, n, seed) : even(i, n, seed);
}

static double counts(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    return (double)(check_random(seed) % 5);
}

static double cluster_under_a_huge_value(size_t i, size_t n, uint64_t *seed)
{
    return i == n / 3 ? DBL_MAX : 50.0 + uniform(seed);
}

static double cluster_between_both_ends(size_t i, size_t n, uint64_t *seed)
{
    return i == 0       ? -DBL_MAX
           : i == n - 1 ? DBL_MAX
                        : 1.0 + (double)(check_random(seed) % 9) * 0x1p-52;
}

static double octave_each(size_t i, size_t n, uint64_t *seed)
{
    (void)n;
    return ldexp(1.0 + uniform(seed), 1000 - (int)(i % 2000));
}

/* Level after level all but one value share the lowest bucket. */
static double ladder_to_a_cluster(size_t i, size_t n, uint64_t *seed)
{
    (void)n;
    return i < 8 ? ldexp(1.0, 900 - 200 * (int)i) : ldexp(1.0 + uniform(seed), -1000);
}

/* Level after level all share one bucket of the middle. */
static double narrowing(size_t i, size_t n, uint64_t *seed)
{
    (void)n;
    return i < 12 ? 1.0 + ldexp(1.0, -4 * (int)i) : 1.0 + ldexp(uniform(seed), -48);
}

static double denormals(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    return 5e-324 * (double)(check_random(seed) % 1000) * (uniform(seed) < 0.5 ? -1.0 : 1.0);
}

static double signed_bell(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    return uniform(seed) + uniform(seed) + uniform(seed) - 1.5;
}

static double all_magnitudes(size_t i, size_t n, uint64_t *seed)
{
    (void)i, (void)n;
    double sign = uniform(seed) < 0.5 ? -1.0 : 1.0;
    return sign * pow(10.0, 600.0 * uniform(seed) - 300.0);
}

static double negative(size_t i, size_t n, uint64_t *seed)
{
    return -1.0 - even(i, n, seed);
}

static double rising(size_t i, size_t n, uint64_t *seed)
{
    (void)n, (void)seed;
    return 1e9 + (double)i;
}

static double falling(size_t i, size_t n, uint64_t *seed)
{
    (void)seed;
    return (double)(n - i);
}

static double two_values(size_t i, size_t n, uint64_t *seed)
{
    (void)seed;
    return i == n - 1 ? 2.0 : 1.0;
}

/* Each hour at the same minute, in few of the columns that select_top.h makes. */
static double hourly_peaks(size_t i, size_t n, uint64_t *seed)
{
    return even(i, n, seed) + (i % 12 == 0 ? 200.0 : 0.0);
}

static double a_burst(size_t i, size_t n, uint64_t *seed)
{
    return even(i, n, seed) + (i > n / 2 && i < n / 2 + n / 16 ? 200.0 : 0.0);
}

static double saturated(size_t i, size_t n, uint64_t *seed)
{
    return fmin(2.0 * even(i, n, seed), 100.0);
}

static double negative_but_some_zeros(size_t i, size_t n, uint64_t *seed)
{
    return uniform(seed) < 0.01 ? zeros_of_either_sign(i, n, seed) : negative(i, n, seed);
}

static const shape_fn shapes[] = {even,
                                  gappy,
                                  mostly_gaps_of_either_sign,
                                  flat,
                                  zeros_of_either_sign,
                                  idle,
                                  counts,
                                  cluster_under_a_huge_value,
                                  cluster_between_both_ends,
                                  octave_each,
                                  ladder_to_a_cluster,
                                  narrowing,
                                  denormals,
                                  signed_bell,
                                  all_magnitudes,
                                  negative,
                                  rising,
                                  falling,
                                  two_values,
                                  hourly_peaks,
                                  a_burst,
                                  saturated,
                                  negative_but_some_zeros};

/* gsl_sort leaves zeros of either sign in any order. */
static void order_zeros(double *sorted, size_t count)
{
    size_t first = 0, end = 0, minus = 0;
    while (first < count && sorted[first] < 0.0) {
        first++;
    }
    for (end = first; end < count && sorted[end] == 0.0; end++) {
        minus += signbit(sorted[end]) ? 1 : 0;
    }
    for (size_t i = first; i < end; i++) {
        sorted[i] = i - first < minus ? -0.0 : 0.0;
    }
}

static void reference(const double *values, size_t count, double *copy, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i])) {
            copy[n++] = values[i];
        }
    }
    gsl_sort(copy, 1, n);
    order_zeros(copy, n);
    for (size_t i = 0; i < COUNT_OF(fractions); i++) {
        double answer = gsl_stats_quantile_from_sorted_data(copy, 1, n, fractions[i]);
        answer = answer < copy[0] ? copy[0] : answer;
        out[i] = answer > copy[n - 1] ? copy[n - 1] : answer;
    }
}

static void compare_all(struct rs_workspace *work, const double *values, size_t count, double *copy,
                        size_t shape)
{
    struct rs_error err = {RS_OK, ""};
    double want[COUNT_OF(fractions)], got[COUNT_OF(fractions)];
    reference(values, count, copy, want);
    for (int v = RS_VARIANT_BEST; v < RS_VARIANT_COUNT; v++) {
        if (rs_kernel_of((enum rs_variant)v) == NULL) {
            continue;
        }
        work->variant = v;
        check_ok(rs_quantiles_of(work, values, count, fractions, COUNT_OF(fractions), got, &err));
        for (size_t i = 0; i < COUNT_OF(fractions); i++) {
            if (check_bits(got[i]) != check_bits(want[i])) {
                fail_msg("shape %zu, %zu values, variant %d, q %g: %a is not %a", shape, count, v,
                         fractions[i], got[i], want[i]);
            }
        }
    }
}

static void gives_the_bits_of_a_full_sort(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 8, 31, 32, 33, 64, 127, 511, 513, 2016, 9973};
    static double values[9973], copy[9973];
    struct rs_workspace work = {0};
    uint64_t seed = 1;
    for (size_t shape = 0; shape < COUNT_OF(shapes); shape++) {
        for (size_t l = 0; l < COUNT_OF(lengths); l++) {
            for (size_t i = 0; i < lengths[l]; i++) {
                values[i] = shapes[shape](i, lengths[l], &seed);
            }
            if (!isnan(values[0]) || lengths[l] > 3) {
                compare_all(&work, values, lengths[l], copy, shape);
            }
        }
    }
    rs_workspace_release(&work);
}

static void gives_the_bits_of_a_full_sort_for_any_length(void **state)
{
    (void)state;
    double values[700], copy[700];
    struct rs_workspace work;
    rs_workspace_init(&work);
    uint64_t seed = 2;
    for (size_t n = 4; n < COUNT_OF(values); n++) {
        size_t shape = check_random(&seed) % COUNT_OF(shapes);
        for (size_t i = 0; i < n; i++) {
            values[i] = shapes[shape](i, n, &seed);
        }
        values[n - 1] = isnan(values[n - 1]) ? 1.0 : values[n - 1];
        compare_all(&work, values, n, copy, shape);
    }
    rs_workspace_release(&work);
}

/* The shortest way is taken only where no lower quantile is asked for with them. */
static void compare_high(struct rs_workspace *work, const double *values, size_t count,
                         const struct rs_sorted *sorted)
{
    static const double high[] = {0.97, 0.98, 0.995, 0.99, 0.999, 1.0, 0.9951};
    struct rs_error err = {RS_OK, ""};
    for (size_t first = 0; first < COUNT_OF(high); first++) {
        double got[COUNT_OF(high)], want = 0.0;
        size_t asked = COUNT_OF(high) - first;
        bool has_zeros = first + 1 < COUNT_OF(high); /* of a maximum alone the sign is open */
        check_ok(rs_quantiles_of(work, values, count, high + first, asked, got, &err));
        for (size_t q = 0; q < asked; q++) {
            check_ok(rs_quantile(sorted, high[first + q], &want, &err));
            assert_true(got[q] == want && (!has_zeros || signbit(got[q]) == signbit(want)));
        }
    }
}

static void high_quantiles_alone_are_those_of_a_full_sort(void **state)
{
    (void)state;
    static double values[5000];
    struct rs_error err = {RS_OK, ""};
    uint64_t seed = 77;
    for (size_t round = 0; round < 40 * COUNT_OF(shapes); round++) {
        struct rs_workspace work = {.variant = (int)(round / COUNT_OF(shapes)) % RS_VARIANT_COUNT};
        struct rs_sorted sorted = {0};
        size_t count = 100 + check_random(&seed) % (COUNT_OF(values) - 100);
        if (rs_kernel_of((enum rs_variant)work.variant) == NULL) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            double value = shapes[round % COUNT_OF(shapes)](i, count, &seed);
            values[i] = check_random(&seed) % 8 == 0 ? (double)NAN : value;
        }
        values[0] = 1.0;
        check_ok(rs_sorted_of(values, count, &sorted, &err));
        compare_high(&work, values, count, &sorted);
        rs_sorted_release(&sorted);
        rs_workspace_release(&work);
    }
}

static void a_million_samples_are_counted_without_overflow(void **state)
{
    (void)state;
    static const shape_fn some[] = {even, two_values, counts, gappy};
    double *values = malloc(LARGE * sizeof(*values)), *copy = malloc(LARGE * sizeof(*copy));
    struct rs_workspace work = {0};
    uint64_t seed = 3;
    assert_true(values != NULL && copy != NULL);
    for (size_t shape = 0; shape < COUNT_OF(some); shape++) {
        for (size_t i = 0; i < LARGE; i++) {
            values[i] = some[shape](i, LARGE, &seed);
        }
        compare_all(&work, values, LARGE, copy, shape);
    }
    rs_workspace_release(&work);
    free(values);
    free(copy);
}

static void is_blind_to_the_order_of_samples(void **state)
{
    (void)state;
    double forth[900], back[900], a[COUNT_OF(fractions)], b[COUNT_OF(fractions)];
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    uint64_t seed = 4;
    for (size_t shape = 0; shape < COUNT_OF(shapes); shape++) {
        for (size_t i = 0; i < 900; i++) {
            forth[i] = back[899 - i] = shapes[shape](i, 900, &seed);
        }
        check_ok(rs_quantiles_of(&work, forth, 900, fractions, COUNT_OF(fractions), a, &err));
        check_ok(rs_quantiles_of(&work, back, 900, fractions, COUNT_OF(fractions), b, &err));
        assert_memory_equal(a, b, sizeof(a));
    }
    rs_workspace_release(&work);
}

static void refuses_what_has_no_quantile(void **state)
{
    (void)state;
    static const double some[] = {1, 2}, gap[] = {NAN, NAN}, infinite[] = {1, NAN, INFINITY},
                        minus[] = {1, -INFINITY};
    static const double wrong[] = {95.0, -1e-9, NAN, INFINITY}, half = 0.5;
    struct rs_error err;
    struct rs_workspace work = {0};
    double out = 4711.0;
    check_fails(rs_quantiles_of(&work, NULL, 0, &half, 1, &out, &err), RS_ENODATA, "no samples");
    check_fails(rs_quantiles_of(&work, gap, 2, &half, 1, &out, &err), RS_ENODATA, "no samples");
    check_fails(rs_quantiles_of(&work, infinite, 3, &half, 1, &out, &err), RS_EINPUT,
                "sample 2 is infinite");
    check_fails(rs_quantiles_of(&work, minus, 2, &half, 1, &out, &err), RS_EINPUT,
                "sample 1 is infinite");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        check_fails(rs_quantiles_of(&work, some, 2, wrong + i, 1, &out, &err), RS_EINPUT,
                    "is outside 0..1");
    }
    check_same_double(out, 4711.0);
    rs_workspace_release(&work);
    rs_workspace_release(&work);
}

static void a_workspace_is_kept_while_it_is_large_enough(void **state)
{
    (void)state;
    static double values[5000];
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    double out;
    check_ok(rs_quantiles_of(&work, values, 5000, fractions, 1, &out, &err));
    const void *before = work.memory;
    for (size_t n = 1; n <= 5000; n += 7) {
        check_ok(rs_quantiles_of(&work, values, n, fractions, 1, &out, &err));
        assert_ptr_equal(work.memory, before);
    }
    rs_workspace_release(&work);
    assert_null(work.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_bits_of_a_full_sort),
        cmocka_unit_test(gives_the_bits_of_a_full_sort_for_any_length),
        cmocka_unit_test(high_quantiles_alone_are_those_of_a_full_sort),
        cmocka_unit_test(a_million_samples_are_counted_without_overflow),
        cmocka_unit_test(is_blind_to_the_order_of_samples),
        cmocka_unit_test(refuses_what_has_no_quantile),
        cmocka_unit_test(a_workspace_is_kept_while_it_is_large_enough),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
