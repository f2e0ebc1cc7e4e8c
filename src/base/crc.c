/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crc.h"

#include <stdbool.h>
#include <zlib.h>

static uint32_t by_table(uint32_t crc, const unsigned char *p, size_t length)
{
    return (uint32_t)crc32_z(crc, p, length);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDED 64 /* bytes of one turn */
#define WIDE __attribute__((target("vpclmulqdq,pclmul,avx512f,avx512vl,avx512bw,avx512dq")))
#define WIDE_FOLDED 256

/* `x` moved up by as many bits as the constants stand for, with the bytes `more` laid over. */
__attribute__((target("pclmul,sse4.1"))) static __m128i fold(__m128i x, __m128i constants,
                                                             __m128i more)
{
    __m128i low = _mm_clmulepi64_si128(x, constants, 0x00);
    __m128i high = _mm_clmulepi64_si128(x, constants, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), more);
}

static inline const __m128i *block(const unsigned char *p, size_t i)
{
    return (const __m128i *)(const void *)(p + 16 * i);
}

/*
 * Four blocks of 16 bytes at a time are folded onto the next four by carry-less products, which
 * leaves the remainder as it is; at last 16 bytes stand for all, and have the CRC of all. Method
 * and constants: V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
 * Instruction", Intel 2009. length >= FOLDED, a multiple of it.
 */
__attribute__((target("pclmul,sse4.1"))) static uint32_t
by_folding(uint32_t crc, const unsigned char *p, size_t length)
{
    const __m128i by_four = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i by_one = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    __m128i a = _mm_loadu_si128(block(p, 0)), b = _mm_loadu_si128(block(p, 1)),
            c = _mm_loadu_si128(block(p, 2)), d = _mm_loadu_si128(block(p, 3));
    unsigned char rest[16];
    a = _mm_xor_si128(a, _mm_cvtsi32_si128((int)~crc));
    for (const unsigned char *next = p + FOLDED; next < p + length; next += FOLDED) {
        a = fold(a, by_four, _mm_loadu_si128(block(next, 0)));
        b = fold(b, by_four, _mm_loadu_si128(block(next, 1)));
        c = fold(c, by_four, _mm_loadu_si128(block(next, 2)));
        d = fold(d, by_four, _mm_loadu_si128(block(next, 3)));
    }
    d = fold(fold(fold(a, by_one, b), by_one, c), by_one, d);
    _mm_storeu_si128((__m128i *)(void *)rest, d);
    return by_table(0xFFFFFFFFU, rest, sizeof(rest)); /* all ones: what came before is in them */
}

WIDE static __m512i fold_wide(__m512i x, __m512i constants, __m512i more)
{
    __m512i low = _mm512_clmulepi64_epi128(x, constants, 0x00);
    __m512i high = _mm512_clmulepi64_epi128(x, constants, 0x11);
    return _mm512_ternarylogic_epi64(low, high, more, 0x96); /* all three, exclusive */
}

/* Sixteen blocks at a time, which leave four for the fold above; length a multiple of 256. */
WIDE static uint32_t by_wide_folding(uint32_t crc, const unsigned char *p, size_t length)
{
    const __m512i by_sixteen = _mm512_broadcast_i32x4(_mm_set_epi64x(0x01322d1430, 0x011542778a));
    const __m512i by_four = _mm512_broadcast_i32x4(_mm_set_epi64x(0x01c6e41596, 0x0154442bd4));
    __m512i a = _mm512_loadu_si512(p), b = _mm512_loadu_si512(p + 64),
            c = _mm512_loadu_si512(p + 128), d = _mm512_loadu_si512(p + 192);
    unsigned char rest[FOLDED];
    a = _mm512_xor_si512(a, _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)~crc)));
    for (const unsigned char *next = p + WIDE_FOLDED; next < p + length; next += WIDE_FOLDED) {
        a = fold_wide(a, by_sixteen, _mm512_loadu_si512(next));
        b = fold_wide(b, by_sixteen, _mm512_loadu_si512(next + 64));
        c = fold_wide(c, by_sixteen, _mm512_loadu_si512(next + 128));
        d = fold_wide(d, by_sixteen, _mm512_loadu_si512(next + 192));
    }
    d = fold_wide(fold_wide(fold_wide(a, by_four, b), by_four, c), by_four, d);
    _mm512_storeu_si512(rest, d);
    return by_folding(0xFFFFFFFFU, rest, sizeof(rest));
}

static bool has_wide_folding(void)
{
    return __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq");
}

uint32_t rs_crc_update(uint32_t crc, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    if (length >= WIDE_FOLDED && has_wide_folding()) {
        size_t wide = length - length % WIDE_FOLDED;
        crc = by_wide_folding(crc, p, wide);
        p += wide;
        length -= wide;
    }
    size_t folded = length - length % FOLDED;
    if (folded == 0 || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1")) {
        return by_table(crc, p, length);
    }
    crc = by_folding(crc, p, folded);
    return by_table(crc, p + folded, length - folded);
}
#else
uint32_t rs_crc_update(uint32_t crc, const void *bytes, size_t length)
{
    return by_table(crc, bytes, length);
}
#endif
