/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crc.h"

#include <zlib.h>

static uint32_t by_table(uint32_t crc, const unsigned char *p, size_t length)
{
    return (uint32_t)crc32_z(crc, p, length);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDED 64 /* bytes of one turn */

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

uint32_t rs_crc_update(uint32_t crc, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
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
