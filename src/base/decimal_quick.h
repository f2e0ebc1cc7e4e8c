/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decimal_quick.h - the decimals that most samples are, read without a branch for their length. */
#ifndef BASE_DECIMAL_QUICK_H
#define BASE_DECIMAL_QUICK_H

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

/* A bit for each of 32 bytes that is no digit; the upper half is set. */
static inline uint64_t rs_no_digits(const char *text)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    __m128i a = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)text), zero);
    __m128i b = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)(text + 16)), zero);
    unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(a, nine), a));
    unsigned high = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(b, nine), b));
    return ~(uint64_t)(low | high << 16);
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
    uint64_t others = rs_no_digits(text);
    ptrdiff_t whole = __builtin_ctzll(others), point = text[whole] == '.';
    others &= ~((uint64_t)point << whole);
    ptrdiff_t end = __builtin_ctzll(others), fraction = end - whole - point;
    if (whole < 1 || whole > 16 || fraction > 16 || fraction < point || whole + fraction > 19 ||
        (whole > 1 && *text == '0')) {
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

#endif
