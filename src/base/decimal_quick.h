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

/* The last of `digits` digits (8 at most, none if it is 0 or less, told from -8 on) before `end`.
 */
static inline uint64_t rs_digits_before(const char *end, ptrdiff_t digits)
{
    static const uint64_t keep[] = {
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0xFF00000000000000U,
        0xFFFF000000000000U,
        0xFFFFFF0000000000U,
        0xFFFFFFFF00000000U,
        0xFFFFFFFFFF000000U,
        0xFFFFFFFFFFFF0000U,
        0xFFFFFFFFFFFFFF00U,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
        UINT64_MAX,
    };
    uint64_t v;
    memcpy(&v, end - 8, sizeof(v));
    return rs_eight_digits((v ^ 0x3030303030303030U) & keep[digits + 8]);
}

/* A bit for each of 32 bytes. */
struct rs_number_bits {
    uint64_t others; /* no digit and no point; the upper half is set */
    uint64_t points;
};

static inline struct rs_number_bits rs_number_bits(const char *text)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9), point = _mm_set1_epi8('.');
    uint64_t number = 0, points = 0;
    for (int half = 0; half < 32; half += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text + half));
        __m128i digit = _mm_sub_epi8(v, zero), is_point = _mm_cmpeq_epi8(v, point);
        digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, nine), digit);
        number |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(digit, is_point)) << half;
        points |= (uint64_t)(unsigned)_mm_movemask_epi8(is_point) << half;
    }
    return (struct rs_number_bits){~number, points};
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
    uint64_t mantissa = rs_digits_before(text + whole, whole);
    if (whole > 8) {
        mantissa += rs_digits_before(text + whole - 8, whole - 8) * tens[8];
    }
    mantissa = mantissa * tens[fraction] + rs_digits_before(text + end, fraction) +
               rs_digits_before(text + end - 8, fraction - 8) * tens[8];
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
