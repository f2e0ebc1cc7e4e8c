/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decimal_quick.h - the decimals that most samples are, read without a branch for their length. */
#ifndef BASE_DECIMAL_QUICK_H
#define BASE_DECIMAL_QUICK_H

#include "base/decimal.h"
#include "base/window.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The value of eight digits, the first in the lowest byte, each byte 0..9 (D. Lemire, "Quickly
 * parsing eight digits", 2018). */
static inline uint64_t rs_eight_digits(uint64_t v)
{
    v = v * 10 + (v >> 8);
    uint64_t pairs = (v & 0x000000FF000000FFU) * 0x000F424000000064U +
                     (v >> 16 & 0x000000FF000000FFU) * 0x0000271000000001U;
    return pairs >> 32 & 0xFFFFFFFFU;
}

#if defined(__x86_64__)
#define RS_QUICK 1
#include <emmintrin.h>

#define RS_QUICK_BEFORE                                                                            \
    16 /* bytes around its beginning that must be readable, whatever they are                      \
        */
#define RS_QUICK_BEHIND 32

/* The value of sixteen digits, the first in the lowest byte, each byte 0..9: by twos, by fours, by
 * eights. */
static inline uint64_t rs_sixteen_digits(__m128i v)
{
    const __m128i even = _mm_set1_epi16(0xFF);
    v = _mm_add_epi16(_mm_mullo_epi16(_mm_and_si128(v, even), _mm_set1_epi16(10)),
                      _mm_srli_epi16(v, 8));
    v = _mm_madd_epi16(v, _mm_set1_epi32(1 << 16 | 100));
    v = _mm_madd_epi16(_mm_packs_epi32(v, v), _mm_set1_epi32(1 << 16 | 10000));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(v);
    return (both & 0xFFFFFFFFU) * 100000000 + (both >> 32);
}

/* The value of the `digits` digits, 0 to 16, that end before `end`. */
static inline uint64_t rs_digits_before(const char *end, ptrdiff_t digits)
{
    static const signed char keep[32] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
                                         0,  0,  0,  0,  0,  -1, -1, -1, -1, -1, -1,
                                         -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
    __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)(keep + digits));
    return rs_sixteen_digits(_mm_and_si128(_mm_sub_epi8(v, _mm_set1_epi8('0')), mask));
}

/* A bit for each of 32 bytes. */
struct rs_number_bits {
    uint64_t others; /* no digit and no point; the upper half is set */
    uint64_t points;
};

static inline uint64_t rs_bits_of_sixteen(__m128i lanes)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(lanes);
}

static inline __m128i rs_are_digits(__m128i v)
{
    v = _mm_sub_epi8(v, _mm_set1_epi8('0'));
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v);
}

static inline struct rs_number_bits rs_number_bits(const char *text)
{
    const __m128i point = _mm_set1_epi8('.');
    __m128i a = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(text + 16));
    __m128i a_points = _mm_cmpeq_epi8(a, point), b_points = _mm_cmpeq_epi8(b, point);
    uint64_t number = rs_bits_of_sixteen(_mm_or_si128(rs_are_digits(a), a_points)) |
                      rs_bits_of_sixteen(_mm_or_si128(rs_are_digits(b), b_points)) << 16;
    return (struct rs_number_bits){~number, rs_bits_of_sixteen(a_points) |
                                                rs_bits_of_sixteen(b_points) << 16};
}

/*
 * digits or digits.digits, up to 16 on each side and 2^53 in all, so that one exact division makes
 * the value: as rs_decimal_read, but NULL for anything else, which that one has to read. What
 * follows is for the caller to check: it may be an exponent.
 */
static inline const char *rs_decimal_quick(const char *text, double *out)
{
    static const uint64_t tens[] = {1,
                                    10,
                                    100,
                                    1000,
                                    10000,
                                    100000,
                                    1000000,
                                    10000000,
                                    100000000,
                                    1000000000,
                                    10000000000,
                                    100000000000,
                                    1000000000000,
                                    10000000000000,
                                    100000000000000,
                                    1000000000000000,
                                    10000000000000000};
    static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    /* Where it ends is found first: nothing else stands between one element and the next. */
    const struct rs_number_bits bits = rs_number_bits(text);
    ptrdiff_t end = __builtin_ctzll(bits.others);
    uint64_t points = bits.points & (((uint64_t)1 << end) - 1);
    ptrdiff_t whole = points == 0 ? end : __builtin_ctzll(points), point = points != 0;
    ptrdiff_t fraction = end - whole - point;
    if ((points & (points - 1)) != 0 || whole < 1 || whole > 16 || fraction > 16 ||
        fraction < point || whole + fraction > 19 || (whole > 1 && *text == '0')) {
        return NULL;
    }
    uint64_t mantissa = rs_digits_before(text + whole, whole) * tens[fraction] +
                        rs_digits_before(text + end, fraction);
    if (mantissa > (uint64_t)1 << 53) {
        return NULL;
    }
    *out = (double)(int64_t)mantissa / powers[fraction];
    return text + end;
}
#endif

/* As rs_decimal_read; `begin`: of what may be read, RS_WINDOW_PAD bytes from `end` on too. */
static inline const char *rs_decimal_near(const char *begin, const char *text, const char *end,
                                          double *out)
{
#ifdef RS_QUICK
    if (text - begin >= RS_QUICK_BEFORE && end - text >= RS_QUICK_BEHIND - RS_WINDOW_PAD) {
        const char *stop = rs_decimal_quick(text, out);
        if (stop != NULL && stop < end && *stop != 'e' && *stop != 'E') {
            return stop;
        }
    }
#else
    (void)begin;
#endif
    return rs_decimal_read(text, end, out);
}

#endif
