/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_wide.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2,fma,popcnt")))
#define INLINE WIDE __attribute__((always_inline)) static inline

struct places {        /* where the integers of eight lie, which begin and end with a byte */
    size_t at[4];      /* first byte of every second one */
    __m256i bytes[2];  /* of four each, out of 16 from at[0], at[1] and at[2], at[3] */
    __m256i shifts[2]; /* bits before them in their first byte */
    __m256i mask;
};

INLINE void find_places(unsigned width, struct places *p)
{
    const long long first = 0x0706050403020100, ones = 0x0101010101010101;
    long long bytes[8], shifts[8];
    for (unsigned k = 0; k < 8; k++) {
        unsigned from = k / 2 * 2 * width / 8; /* of the 16 bytes, the pair's own */
        p->at[k / 2] = from;
        bytes[k] = first + ones * (long long)(k * width / 8 - from);
        shifts[k] = k * width % 8;
    }
    for (int i = 0; i < 2; i++) {
        p->bytes[i] = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 4 * i));
        p->shifts[i] = _mm256_loadu_si256((const __m256i *)(const void *)(shifts + 4 * i));
    }
    p->mask = _mm256_set1_epi64x((long long)rs_bits_mask(width));
}

INLINE __m256i take_four(const unsigned char *in, const struct places *p, int half)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)(in + p->at[2 * half]));
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(in + p->at[2 * half + 1]));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    both = _mm256_srlv_epi64(_mm256_shuffle_epi8(both, p->bytes[half]), p->shifts[half]);
    return _mm256_and_si256(both, p->mask);
}

struct ratio {
    __m256d base, factor, divisor, inverse;
};

/*
 * x / divisor, rounded as the division would: the error of the product with the rounded inverse is
 * exact in a fused step, as an integer of 53 bits less a product of one of 53 and one of 32 bits
 * that lies within two units of its last place. Adding it over the divisor rounds right, because a
 * quotient by 32 bits is never nearer to the middle of two doubles than 2^-33 of their distance,
 * and what is added is off by 2^-52 of it.
 */
INLINE __m256d divide(__m256d x, const struct ratio *r)
{
    __m256d quotient = _mm256_mul_pd(x, r->inverse);
    __m256d error = _mm256_fnmadd_pd(quotient, r->divisor, x);
    return _mm256_fmadd_pd(error, r->inverse, quotient);
}

/* As in chunk_unpack.c: below 2^52, under the exponent of 2^52. */
INLINE __m256d to_values(__m256i integers, const struct ratio *r)
{
    const __m256d shift = _mm256_set1_pd(4503599627370496.0);
    __m256d x = _mm256_castsi256_pd(_mm256_or_si256(integers, _mm256_castpd_si256(shift)));
    x = _mm256_add_pd(_mm256_mul_pd(_mm256_sub_pd(x, shift), r->factor), r->base);
    return divide(x, r);
}

/* An exponent of all ones carries into the sign. */
INLINE __m256i strange(__m256i bits)
{
    const __m256i magnitude = _mm256_set1_epi64x(INT64_MAX);
    const __m256i one = _mm256_set1_epi64x((long long)1 << 52);
    return _mm256_add_epi64(_mm256_and_si256(bits, magnitude), one);
}

/* Of four from `done` on those before `count`. */
INLINE __m256i within(size_t done, size_t count)
{
    const __m256i order = _mm256_set_epi64x(3, 2, 1, 0);
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)count - (long long)done), order);
}

INLINE uint64_t any_of(__m256i seen)
{
    return _mm256_movemask_pd(_mm256_castsi256_pd(seen)) != 0 ? UINT64_MAX : 0;
}

INLINE void put_four(double *out, __m256i bits)
{
    _mm256_storeu_si256((__m256i *)(void *)out, bits);
}

struct scaled {
    __m256i lowest;
    __m128i shift;
};

INLINE __m256i to_bits(__m256i integers, const struct scaled *s)
{
    return _mm256_add_epi64(_mm256_sll_epi64(integers, s->shift), s->lowest);
}

/* Stores four and marks those that are not finite, up to `count`. */
INLINE void put_checked(double *out, __m256i bits, size_t done, size_t count, __m256i *seen)
{
    put_four(out + done, bits);
    *seen = _mm256_or_si256(*seen, _mm256_and_si256(strange(bits), within(done, count)));
}

WIDE static uint64_t unpack_bits(const struct rs_model *model, const unsigned char *in,
                                 size_t count, double *out)
{
    const struct scaled scaled = {_mm256_set1_epi64x((long long)model->lowest),
                                  _mm_cvtsi32_si128((int)model->shift)};
    __m256i seen = _mm256_setzero_si256();
    struct places places;
    find_places(model->width, &places);
    for (size_t i = 0; i < count; i += 8, in += model->width) {
        put_checked(out, to_bits(take_four(in, &places, 0), &scaled), i, count, &seen);
        put_checked(out, to_bits(take_four(in, &places, 1), &scaled), i + 4, count, &seen);
    }
    return any_of(seen);
}

INLINE void make_ratio(const struct rs_model *model, struct ratio *r)
{
    *r = (struct ratio){_mm256_set1_pd((double)model->base), _mm256_set1_pd(model->factor),
                        _mm256_set1_pd(model->divisor), _mm256_set1_pd(1.0 / model->divisor)};
}

WIDE static void unpack_plain_ratio(const struct rs_model *model, const unsigned char *in,
                                    size_t count, double *out)
{
    struct places places;
    struct ratio ratio;
    find_places(model->width, &places);
    make_ratio(model, &ratio);
    for (size_t i = 0; i < count; i += 8, in += model->width) {
        _mm256_storeu_pd(out + i, to_values(take_four(in, &places, 0), &ratio));
        _mm256_storeu_pd(out + i + 4, to_values(take_four(in, &places, 1), &ratio));
    }
}

struct rests {
    __m256i mask, lowest;
    __m128i width;
};

INLINE __m256i add_rests(__m256i both, const struct ratio *ratio, const struct rests *r)
{
    __m256i rests = _mm256_add_epi64(_mm256_and_si256(both, r->mask), r->lowest);
    __m256d values = to_values(_mm256_srl_epi64(both, r->width), ratio);
    return _mm256_add_epi64(_mm256_castpd_si256(values), rests);
}

WIDE static uint64_t unpack_with_rests(const struct rs_model *model, const unsigned char *in,
                                       size_t count, double *out)
{
    const struct rests rests = {_mm256_set1_epi64x((long long)rs_bits_mask(model->rest_width)),
                                _mm256_set1_epi64x(model->rest_low),
                                _mm_cvtsi32_si128((int)model->rest_width)};
    __m256i seen = _mm256_setzero_si256();
    struct places places;
    struct ratio ratio;
    find_places(model->width, &places);
    make_ratio(model, &ratio);
    for (size_t i = 0; i < count; i += 8, in += model->width) {
        put_checked(out, add_rests(take_four(in, &places, 0), &ratio, &rests), i, count, &seen);
        put_checked(out, add_rests(take_four(in, &places, 1), &ratio, &rests), i + 4, count, &seen);
    }
    return any_of(seen);
}

uint64_t rs_wide_unpack(const struct rs_model *model, const unsigned char *packed, size_t count,
                        double *out)
{
    if (model->kind == RS_MODEL_BITS) {
        return unpack_bits(model, packed, count, out);
    }
    if (model->rest_width > 0 || model->rest_low != 0) {
        return unpack_with_rests(model, packed, count, out);
    }
    unpack_plain_ratio(model, packed, count, out);
    return 0;
}

WIDE size_t rs_wide_count(const unsigned char *bitmap, size_t bytes)
{
    size_t bits = 0;
    for (size_t i = 0; i < bytes; i += 8) {
        bits += (size_t)__builtin_popcountll(rs_get64(bitmap + i));
    }
    return bits;
}

/* Of four slots, bit j of m says whether slot j has a value: how many slots before it have one, as
 * places of its halves; without one the sign, which the permutation does not heed, chooses a gap.
 */
#define RANK(m, j)                                                                                 \
    (((j) > 0 ? (m)&1 : 0) + ((j) > 1 ? (m) >> 1 & 1 : 0) + ((j) > 2 ? (m) >> 2 & 1 : 0))
#define HALVES(m, j) 2 * RANK(m, j), ((m) >> (j)&1) != 0 ? 2 * RANK(m, j) + 1 : INT32_MIN
#define FROM(m)                                                                                    \
    {                                                                                              \
        HALVES(m, 0), HALVES(m, 1), HALVES(m, 2), HALVES(m, 3)                                     \
    }
#define SIXTEEN(X)                                                                                 \
    {                                                                                              \
        X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), X(9), X(10), X(11), X(12), X(13),    \
            X(14), X(15)                                                                           \
    }

/* Four slots; the values behind those that they took. */
INLINE const double *spread_four(unsigned m, double *to, const double *from)
{
    static const int32_t sources[16][8] = SIXTEEN(FROM);
    const __m256d gap = _mm256_set1_pd(NAN);
    __m256i source = _mm256_loadu_si256((const __m256i *)(const void *)sources[m]);
    __m256i values = _mm256_castpd_si256(_mm256_loadu_pd(from));
    values = _mm256_permutevar8x32_epi32(values, source);
    _mm256_storeu_pd(
        to, _mm256_blendv_pd(_mm256_castsi256_pd(values), gap, _mm256_castsi256_pd(source)));
    return from + __builtin_popcount(m);
}

WIDE const double *rs_wide_spread(uint64_t word, double *to, const double *from)
{
    /* cppcheck-suppress ctuPointerArith ; one past the 64 doubles of a word */
    for (const double *end = to + 64; to < end; to += 16, word >>= 16) {
        from = spread_four(word & 15, to, from);
        from = spread_four(word >> 4 & 15, to + 4, from);
        from = spread_four(word >> 8 & 15, to + 8, from);
        from = spread_four(word >> 12 & 15, to + 12, from);
    }
    return from;
}
#endif
