/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/quantile.h"

#include "../support/check.h"

#include <stdbool.h>
#include <stdlib.h>

static const double plain[] = {40, 10, 30, 20}, gaps[] = {NAN, 1, NAN, 3}, flat[] = {1.7, 1.7},
                    only_gaps[] = {NAN, NAN}, infinite[] = {1, INFINITY},
                    minus_infinite[] = {-INFINITY, NAN};

static void answers_by_linear_interpolation(void **state)
{
    (void)state;
    static const struct {
        const double *values;
        size_t count;
        double q, want;
    } rows[] = {
        {plain, 4, 0.0, 10},   {plain, 4, 0.95, 38.5}, /* h = 2.85: 0.15 * 30 + 0.85 * 40 */
        {plain, 4, 1.0, 40},   {plain, 4, 0.5, 25},    {gaps, 4, 0.5, 2},
        {gaps, 4, 1.0, 3},     {flat, 2, 0.95, 1.7}, /* GSL alone is one ulp above */
        {plain, 1, 0.995, 40},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_sorted sorted = {NULL, 0};
        double got = -1.0;
        check_ok(rs_sorted_of(rows[i].values, rows[i].count, &sorted, &err));
        check_ok(rs_quantile(&sorted, rows[i].q, &got, &err));
        check_near(got, rows[i].want, rows[i].values == flat ? 0.0 : 1e-12);
        rs_sorted_release(&sorted);
    }
}

static void refuses_samples_it_cannot_rank(void **state)
{
    (void)state;
    static const struct {
        const double *values;
        size_t count;
        enum rs_status status;
        const char *part;
    } rows[] = {
        {NULL, 0, RS_ENODATA, "no samples"},
        {only_gaps, 2, RS_ENODATA, "no samples"},
        {infinite, 2, RS_EINPUT, "sample 1 is infinite"},
        {minus_infinite, 2, RS_EINPUT, "sample 0 is infinite"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err;
        struct rs_sorted sorted = {NULL, 7};
        check_fails(rs_sorted_of(rows[i].values, rows[i].count, &sorted, &err), rows[i].status,
                    rows[i].part);
        assert_null(sorted.values);
        assert_int_equal(sorted.count, 7);
    }
}

static void refuses_a_fraction_outside_zero_and_one(void **state)
{
    (void)state;
    static const double wrong[] = {95.0, -1e-9, 1.0000001, NAN, INFINITY};
    struct rs_error err = {RS_OK, ""};
    struct rs_sorted sorted = {NULL, 0};
    check_ok(rs_sorted_of(plain, 4, &sorted, &err));
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        double got = -1.0;
        check_fails(rs_quantile(&sorted, wrong[i], &got, &err), RS_EINPUT, "is outside 0..1");
        check_same_double(got, -1.0);
    }
    rs_sorted_release(&sorted);
}

static void keeps_the_callers_samples_and_can_be_released_twice(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_sorted sorted = {NULL, 0};
    double values[] = {3, NAN, 1, 2};
    check_ok(rs_sorted_of(values, 4, &sorted, &err));
    assert_int_equal(sorted.count, 3);
    for (size_t i = 0; i < 3; i++) {
        check_same_double(sorted.values[i], (double)(i + 1));
    }
    check_same_double(values[0], 3.0);
    assert_true(isnan(values[1]));
    rs_sorted_release(&sorted);
    rs_sorted_release(&sorted);
    assert_null(sorted.values);
}

static double uniform(uint64_t *seed)
{
    return (double)(check_random(seed) >> 11) * 0x1p-53;
}

static void is_monotone_bounded_and_blind_to_order(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        double values[64], shuffled[64];
        size_t n = 1 + check_random(&seed) % 64;
        for (size_t i = 0; i < n; i++) {
            values[i] = shuffled[i] = exp(40.0 * uniform(&seed) - 20.0);
        }
        for (size_t i = n - 1; i > 0; i--) {
            size_t j = check_random(&seed) % (i + 1);
            double keep = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = keep;
        }
        struct rs_error err = {RS_OK, ""};
        struct rs_sorted a = {NULL, 0}, b = {NULL, 0};
        check_ok(rs_sorted_of(values, n, &a, &err));
        check_ok(rs_sorted_of(shuffled, n, &b, &err));
        double before = a.values[0];
        for (double q = 0.0; q <= 1.0; q += 1.0 / 128.0) {
            double x = 0.0, y = 0.0;
            check_ok(rs_quantile(&a, q, &x, &err));
            check_ok(rs_quantile(&b, q, &y, &err));
            check_same_double(x, y);
            assert_true(x >= before * (1.0 - 0x1p-52) && x <= a.values[n - 1]);
            before = x;
        }
        rs_sorted_release(&a);
        rs_sorted_release(&b);
    }
}

/* In units in the last place of the larger of the two samples the answer lies between. */
static double ulps_apart(const struct rs_sorted *sorted, double q, double got, double want)
{
    double h = q * (double)(sorted->count - 1);
    size_t low = (size_t)h, high = low + 1 < sorted->count ? low + 1 : low;
    double scale = fmax(fabs(sorted->values[low]), fabs(sorted->values[high]));
    double ulp = nextafter(scale, INFINITY) - scale;
    return fabs(got - want) / ulp;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void sorts_as_comparing_does(void **state)
{
    (void)state;
    static const double specials[] = {0.0,     -0.0,     5e-324,    -5e-324, 1.0,  -1.0,
                                      1.7e308, -1.7e308, 0x1p-1022, 2.0,     1e15, -3.25};
    uint64_t seed = 9;
    for (int round = 0; round < 200; round++) {
        double values[500], reference[500];
        size_t n = 1 + check_random(&seed) % 500;
        for (size_t i = 0; i < n; i++) {
            uint64_t dice = check_random(&seed);
            values[i] = dice % 4 == 0   ? specials[dice / 4 % COUNT_OF(specials)]
                        : dice % 4 == 1 ? (double)(dice % 100) / 10.0
                                        : (uniform(&seed) - 0.5) * exp(50 * uniform(&seed));
            reference[i] = values[i];
        }
        struct rs_error err = {RS_OK, ""};
        struct rs_sorted sorted = {NULL, 0};
        check_ok(rs_sorted_of(values, n, &sorted, &err));
        qsort(reference, n, sizeof(reference[0]), compare);
        for (size_t i = 0; i < n; i++) {
            assert_true(sorted.values[i] == reference[i]);
            assert_true(i == 0 || sorted.values[i] != 0.0 || sorted.values[i - 1] != 0.0 ||
                        signbit(sorted.values[i - 1]) || !signbit(sorted.values[i]));
        }
        rs_sorted_release(&sorted);
    }
}

static size_t read_numbers(char *text, double *out, size_t limit)
{
    size_t n = 0;
    for (char *end = text; n < limit; text = end) {
        double value = strtod(text, &end);
        if (end == text) {
            break;
        }
        out[n++] = value;
    }
    return n;
}

static void agrees_with_numpy_to_two_ulps(void **state)
{
    (void)state;
    static char line[1 << 16];
    static double values[4096];
    double q[RS_QUANTILES_MOST], want[RS_QUANTILES_MOST], selected[RS_QUANTILES_MOST], worst = 0.0;
    struct rs_workspace work = {0};
    size_t checked = 0;
    FILE *file = fopen("tests/vectors/quantile.csv", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_non_null(strstr(line, "# numpy 1."));
    assert_non_null(fgets(line, sizeof(line), file));
    size_t fractions = read_numbers(line, q, COUNT_OF(q));
    while (fgets(line, sizeof(line), file) != NULL) {
        char *comma = strchr(line, ',');
        assert_non_null(comma);
        struct rs_error err = {RS_OK, ""};
        struct rs_sorted sorted = {NULL, 0};
        assert_int_equal(read_numbers(line, want, COUNT_OF(want)), fractions);
        size_t n = read_numbers(comma + 1, values, COUNT_OF(values));
        check_ok(rs_sorted_of(values, n, &sorted, &err));
        check_ok(rs_quantiles_of(&work, values, n, q, fractions, selected, &err));
        for (size_t i = 0; i < fractions; i++) {
            double got = 0.0;
            check_ok(rs_quantile(&sorted, q[i], &got, &err));
            check_same_double(selected[i], got);
            worst = fmax(worst, ulps_apart(&sorted, q[i], got, want[i]));
            checked++;
        }
        rs_sorted_release(&sorted);
    }
    fclose(file);
    rs_workspace_release(&work);
    assert_true(checked > 800);
    if (!(worst <= 2.0)) {
        fail_msg("%.1f ulps apart", worst);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_by_linear_interpolation),
        cmocka_unit_test(refuses_samples_it_cannot_rank),
        cmocka_unit_test(refuses_a_fraction_outside_zero_and_one),
        cmocka_unit_test(keeps_the_callers_samples_and_can_be_released_twice),
        cmocka_unit_test(is_monotone_bounded_and_blind_to_order),
        cmocka_unit_test(sorts_as_comparing_does),
        cmocka_unit_test(agrees_with_numpy_to_two_ulps),
    };
    return cmocka_run_group_tests_name("quantile", tests, NULL, NULL);
}
