/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_fit.h"

#include "store/chunk_model.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

struct range { /* of what fits so far; k as doubles, which hold it exactly */
    double low, high;
    int64_t rest_low, rest_high;
};

uint64_t rs_fit_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t c = a % b;
        a = b;
        b = c;
    }
    return a;
}

/* From values[i] on, one at a time. */
static size_t fit_each(const double *values, size_t i, size_t count, double divisor,
                       struct range *r)
{
    for (; i < count; i++) {
        double scaled = values[i] * divisor;
        if (!(fabs(scaled) < RS_FIT_WHOLE)) {
            return i;
        }
        double k = (double)rs_fit_nearest(scaled), quotient = k / divisor;
        uint64_t is, would_be;
        memcpy(&is, &values[i], sizeof(is));
        memcpy(&would_be, &quotient, sizeof(would_be));
        int64_t rest = (int64_t)(is - would_be);
        if (rest < RS_MODEL_REST_LOW || rest > RS_MODEL_REST_HIGH) {
            return i;
        }
        r->low = k < r->low ? k : r->low;
        r->high = k > r->high ? k : r->high;
        r->rest_low = rest < r->rest_low ? rest : r->rest_low;
        r->rest_high = rest > r->rest_high ? rest : r->rest_high;
    }
    return count;
}

/*
 * Whether the difference of two k, below 2^52, is a multiple: then the quotient is that integer,
 * and else it is at least 1 / factor from the next one, which is more than rounding can take away.
 */
static bool is_multiple(double difference, double factor)
{
    double quotient = difference / factor;
    return (double)(int64_t)quotient == quotient;
}

/* It mostly is 1 after a few, where the search ends. */
static uint64_t factor_of(const double *values, size_t count, double divisor)
{
    const int64_t first = rs_fit_nearest(values[0] * divisor);
    uint64_t factor = 0;
    for (size_t i = 1; i < count && factor != 1; i++) {
        int64_t k = rs_fit_nearest(values[i] * divisor), difference = k - first;
        if (k != first && (factor == 0 || !is_multiple((double)difference, (double)factor))) {
            factor = rs_fit_common_divisor(factor,
                                           (uint64_t)(difference > 0 ? difference : -difference));
        }
    }
    return factor;
}

static size_t finish(const double *values, size_t count, double divisor, size_t fitted,
                     const struct range *r, struct rs_fit *out)
{
    if (fitted == count) {
        *out = (struct rs_fit){(int64_t)r->low, (int64_t)r->high, factor_of(values, count, divisor),
                               r->rest_low, r->rest_high};
    }
    return fitted;
}

static const struct range none = {INFINITY, -INFINITY, INT64_MAX, INT64_MIN};

size_t rs_fit_plain(const double *values, size_t count, double divisor, struct rs_fit *out)
{
    struct range r = none;
    size_t fitted = fit_each(values, 0, count, divisor, &r);
    return finish(values, count, divisor, fitted, &r, out);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

WIDE static void take_range(__m256d low, __m256d high, __m256i rest_low, __m256i rest_high,
                            struct range *r)
{
    double lows[4], highs[4];
    int64_t rest_lows[4], rest_highs[4];
    _mm256_storeu_pd(lows, low);
    _mm256_storeu_pd(highs, high);
    _mm256_storeu_si256((__m256i *)(void *)rest_lows, rest_low);
    _mm256_storeu_si256((__m256i *)(void *)rest_highs, rest_high);
    for (int i = 0; i < 4; i++) {
        int64_t least = rest_lows[i] + RS_MODEL_REST_LOW, most = rest_highs[i] + RS_MODEL_REST_LOW;
        r->low = lows[i] < r->low ? lows[i] : r->low;
        r->high = highs[i] > r->high ? highs[i] : r->high;
        r->rest_low = least < r->rest_low ? least : r->rest_low;
        r->rest_high = most > r->rest_high ? most : r->rest_high;
    }
}

/* Four at a time; what is left at the end one by one. Rests are moved up to begin at 0, where 32
 * bits hold them. */
WIDE static size_t fit_fours(const double *values, size_t count, double divisor, struct range *r)
{
    const __m256d over = _mm256_set1_pd(divisor), whole = _mm256_set1_pd(RS_FIT_WHOLE);
    const __m256d sign = _mm256_set1_pd(-0.0), half = _mm256_set1_pd(0.5);
    const __m256i up = _mm256_set1_epi64x(-RS_MODEL_REST_LOW), zero = _mm256_setzero_si256();
    __m256d low = _mm256_set1_pd(INFINITY), high = _mm256_set1_pd(-INFINITY);
    __m256i rest_low = _mm256_set1_epi64x(RS_MODEL_REST_HIGH - RS_MODEL_REST_LOW), rest_high = zero;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        __m256d v = _mm256_loadu_pd(values + i), scaled = _mm256_mul_pd(v, over);
        __m256d away = _mm256_or_pd(_mm256_and_pd(scaled, sign), half);
        __m256d k =
            _mm256_round_pd(_mm256_add_pd(scaled, away), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
        k = _mm256_add_pd(k, _mm256_setzero_pd()); /* -0 becomes the integer's 0 */
        __m256i rest =
            _mm256_sub_epi64(_mm256_castpd_si256(v), _mm256_castpd_si256(_mm256_div_pd(k, over)));
        rest = _mm256_add_epi64(rest, up);
        __m256d small = _mm256_cmp_pd(_mm256_andnot_pd(sign, scaled), whole, _CMP_LT_OQ);
        __m256i near = _mm256_cmpeq_epi64(_mm256_srli_epi64(rest, RS_MODEL_REST_WIDTH), zero);
        unsigned fits =
            (unsigned)_mm256_movemask_pd(_mm256_and_pd(small, _mm256_castsi256_pd(near)));
        if (fits != 15) {
            return i + (size_t)__builtin_ctz(~fits);
        }
        low = _mm256_min_pd(low, k);
        high = _mm256_max_pd(high, k);
        rest_low = _mm256_min_epi32(rest_low, rest);
        rest_high = _mm256_max_epi32(rest_high, rest);
    }
    if (i > 0) {
        take_range(low, high, rest_low, rest_high, r);
    }
    _mm256_zeroupper(); /* not left to the compiler: what follows becomes a jump, and is SSE */
    return fit_each(values, i, count, divisor, r);
}

size_t rs_fit(const double *values, size_t count, double divisor, struct rs_fit *out)
{
    struct range r = none;
    if (!__builtin_cpu_supports("avx2")) {
        return rs_fit_plain(values, count, divisor, out);
    }
    return finish(values, count, divisor, fit_fours(values, count, divisor, &r), &r, out);
}
#else
size_t rs_fit(const double *values, size_t count, double divisor, struct rs_fit *out)
{
    return rs_fit_plain(values, count, divisor, out);
}
#endif
