/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mean, against exact sums. */
#include "stats/kernel.h"
#include "stats/mean.h"

#include "../support/check.h"

#include <float.h>
#include <stdbool.h>
#include <stdlib.h>

__extension__ typedef __int128 exact_int;

enum { MOST = 300000 };

static double scratch[MOST];

static double mean_by(enum rs_variant variant, const double *values, size_t count)
{
    struct rs_extent extent;
    const struct rs_kernel *kernel = rs_kernel_of(variant);
    kernel->extent(values, count, &extent);
    return rs_mean_of(kernel, values, count, &extent, scratch);
}

/* The same bytes from every variant that this CPU has. */
static double mean_of(const double *values, size_t count)
{
    double mean = mean_by(RS_VARIANT_BEST, values, count);
    for (int v = RS_VARIANT_PLAIN; v < RS_VARIANT_COUNT; v++) {
        if (rs_kernel_of((enum rs_variant)v) != NULL) {
            check_same_double(mean_by((enum rs_variant)v, values, count), mean);
        }
    }
    return mean;
}

static double exact_to_double(exact_int value)
{
    double high = (double)(int64_t)(value >> 64), low = (double)(uint64_t)value;
    return high * 0x1p64 + low;
}

/* Distance in ulp of the mean; the samples are integers, their sum is exact. */
static double ulps_from_exact(const double *values, size_t count, double mean)
{
    enum { BELOW = 60 }; /* the mean is compared in units of 2^-BELOW */
    exact_int sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (exact_int)(int64_t)values[i];
    }
    exact_int product = (exact_int)ldexp(mean, BELOW) * (exact_int)count;
    exact_int away = product - sum * ((exact_int)1 << BELOW);
    double ulp = nextafter(fabs(mean), INFINITY) - fabs(mean);
    return fabs(exact_to_double(away)) / (double)count / ldexp(ulp, BELOW);
}

static void is_within_one_ulp_of_the_exact_mean(void **state)
{
    (void)state;
    static double values[MOST];
    static const size_t lengths[] = {1, 2, 3, 7, 100, 2016, 40320, 131072, 131073, MOST};
    uint64_t seed = 1;
    for (size_t l = 0; l < COUNT_OF(lengths); l++) {
        for (int kind = 0; kind < 4; kind++) {
            for (size_t i = 0; i < lengths[l]; i++) {
                /* up to 2^40, with many magnitudes */
                uint64_t whole = check_random(&seed) >> 24;
                whole >>= kind == 0 ? 0 : kind == 1 ? check_random(&seed) % 40 : 30;
                values[i] = (double)whole;
            }
            values[0] = kind == 3 ? 0x1p40 : values[0]; /* one that outweighs the rest */
            double mean = mean_of(values, lengths[l]);
            double away = ulps_from_exact(values, lengths[l], mean);
            if (!(away <= 0.51)) { /* half is the rounding of the answer itself */
                fail_msg("%zu values, kind %d: %g ulp", lengths[l], kind, away);
            }
        }
    }
}

static void is_exact_where_the_mean_is_a_double(void **state)
{
    (void)state;
    static const struct {
        double values[4];
        size_t count;
        double want;
    } rows[] = {
        {{0.1, 0.1, 0.1}, 3, 0.1},
        {{1e16, 1.0, -1e16, 3.0}, 4, 1.0},
        {{DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX}, 4, DBL_MAX},
        {{DBL_MAX, -DBL_MAX, NAN, 0.0}, 4, 0.0},
        {{0x1p1000, 0x1p1001, 0x1p1000, 0x1p1002}, 4, 0x1p1001},
        {{5e-324, 15e-324, 10e-324, 10e-324}, 4, 10e-324},
        {{0x1p-1022, 0x1p-1022, 0x1p-1021, 0}, 4, 0x1p-1022},
        {{-0.0, 0.0, -0.0}, 3, 0.0},
        {{-0.0}, 1, 0.0},
        {{NAN, 2.0, NAN, 4.0}, 4, 3.0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_same_double(mean_of(rows[i].values, rows[i].count), rows[i].want);
    }
}

static void does_not_hang_on_the_order(void **state)
{
    (void)state;
    static double values[5000];
    uint64_t seed = 2;
    for (int round = 0; round < 40; round++) {
        size_t n = 1 + check_random(&seed) % COUNT_OF(values);
        for (size_t i = 0; i < n; i++) {
            double u = (double)(check_random(&seed) >> 11) * 0x1p-53;
            values[i] = round % 4 == 0 ? u - 0.5 : ldexp(u, (int)(check_random(&seed) % 80));
        }
        double before = mean_of(values, n);
        for (size_t i = n - 1; i > 0; i--) {
            size_t j = check_random(&seed) % (i + 1);
            double keep = values[i];
            values[i] = values[j];
            values[j] = keep;
        }
        check_same_double(mean_of(values, n), before);
    }
}

static void cancelling_samples_lose_little_of_the_largest(void **state)
{
    (void)state;
    double values[2001], sum = 0.0;
    uint64_t seed = 3;
    for (size_t i = 0; i < 1000; i++) {
        values[i] = ldexp((double)(check_random(&seed) >> 11), -53);
        values[2000 - i] = -values[i];
    }
    values[1000] = sum = 0x1p-60;
    assert_true(fabs(mean_of(values, 2001) - sum / 2001) <= 0x1p-68);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_within_one_ulp_of_the_exact_mean),
        cmocka_unit_test(is_exact_where_the_mean_is_a_double),
        cmocka_unit_test(does_not_hang_on_the_order),
        cmocka_unit_test(cancelling_samples_lose_little_of_the_largest),
    };
    return cmocka_run_group_tests_name("mean", tests, NULL, NULL);
}
