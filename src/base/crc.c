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
    __m128i x[4];
    unsigned char rest[16];
    for (size_t i = 0; i < 4; i++) {
        x[i] = _mm_loadu_si128(block(p, i));
    }
    x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)~crc));
    for (size_t done = FOLDED; done < length; done += FOLDED) {
        for (size_t i = 0; i < 4; i++) {
            x[i] = fold(x[i], by_four, _mm_loadu_si128(block(p + done, i)));
        }
    }
    for (size_t i = 1; i < 4; i++) {
        x[i] = fold(x[i - 1], by_one, x[i]);
    }
    _mm_storeu_si128((__m128i *)(void *)rest, x[3]);
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
