/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bits.h - integers of any width up to 64 bits one behind the other, the lowest bit first. */
#ifndef STORE_BITS_H
#define STORE_BITS_H

#include "store/bytes.h"

#include <stddef.h>
#include <stdint.h>

#define RS_BITS_BLOCK 64           /* values that are unpacked at once */
#define RS_BITS_WIDEST 56          /* with the 7 bits before it this fits one load; or 64 */
#define RS_BITS_BEYOND ((size_t)8) /* bytes that unpacking a block may read behind it */

/* 0..RS_BITS_WIDEST, or 64. */
static inline unsigned rs_bits_round(unsigned width)
{
    return width > RS_BITS_WIDEST ? 64 : width;
}

static inline size_t rs_bits_bytes(size_t count, unsigned width)
{
    return (count * width + 7) / 8;
}

static inline uint64_t rs_bits_mask(unsigned width)
{
    return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* How many bits v needs. */
static inline unsigned rs_bits_of(uint64_t v)
{
    return v == 0 ? 0 : 64 - (unsigned)__builtin_clzll(v);
}

struct rs_bit_writer { /* out: where the next whole byte goes */
    unsigned char *out;
    uint64_t bits; /* not yet written, fewer than 8 */
    unsigned held;
};

/* Writes 8 bytes at `out` at most, those behind the value's own void; v < 2^width. */
void rs_bits_put(struct rs_bit_writer *w, uint64_t v, unsigned width);
/* The last byte, where one is begun. */
void rs_bits_end(struct rs_bit_writer *w);

#define RS_BITS_UNPACK(k) out[k] = rs_get64(in + (k)*width / 8) >> (k)*width % 8 & mask

/*
 * Reads 8 * width + RS_BITS_BEYOND bytes at most. Eight values begin a byte again, so their places
 * within are the same for every eight.
 */
__attribute__((always_inline)) static inline void
rs_bits_unpack(const unsigned char *restrict in, unsigned width,
               uint64_t out[restrict RS_BITS_BLOCK])
{
    const uint64_t mask = rs_bits_mask(width);
    for (size_t i = 0; i < RS_BITS_BLOCK / 8; i++, in += width, out += 8) {
        RS_BITS_UNPACK(0);
        RS_BITS_UNPACK(1);
        RS_BITS_UNPACK(2);
        RS_BITS_UNPACK(3);
        RS_BITS_UNPACK(4);
        RS_BITS_UNPACK(5);
        RS_BITS_UNPACK(6);
        RS_BITS_UNPACK(7);
    }
}

#endif
