/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_private.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

size_t rs_bitmap_count(const unsigned char *bitmap, size_t slots)
{
    size_t bytes = rs_bitmap_bytes(slots), present = 0;
    for (size_t i = 0; i < bytes; i += 8) {
        present += (size_t)__builtin_popcountll(rs_get64(bitmap + i));
    }
    bool beyond = slots % 64 != 0 && rs_get64(bitmap + bytes - 8) >> (slots % 64) != 0;
    return beyond ? 0 : present;
}

/* A gap or the next value, without a branch, which would be guessed wrong at every gap. */
#define SPREAD(k)                                                                                  \
    memcpy(&bits, from, sizeof(bits));                                                             \
    present = word >> (k)&1;                                                                       \
    bits = present != 0 ? bits : gap;                                                              \
    memcpy(&to[k], &bits, sizeof(bits));                                                           \
    from += present

/* The reader is ahead of the writer by the gaps still to come: nothing is overwritten unread. */
static const double *spread_word(uint64_t word, double *to, const double *from)
{
    const double nan_value = NAN;
    uint64_t gap, bits, present;
    memcpy(&gap, &nan_value, sizeof(gap));
    for (const double *end = to + 64; to < end; to += 8, word >>= 8) {
        SPREAD(0);
        SPREAD(1);
        SPREAD(2);
        SPREAD(3);
        SPREAD(4);
        SPREAD(5);
        SPREAD(6);
        SPREAD(7);
    }
    return from;
}

void rs_bitmap_spread(const unsigned char *bitmap, size_t slots, size_t count, double *values)
{
    size_t next = slots - count;
    for (size_t i = 0; i < slots && next > i; i += 64) { /* behind the last gap all is in place */
        uint64_t word = rs_get64(bitmap + i / 8);
        if (i + 64 <= slots && word == UINT64_MAX) {
            memmove(values + i, values + next, 64 * sizeof(*values));
            next += 64;
        } else if (next + 64 <= slots) {
            next = (size_t)(spread_word(word, values + i, values + next) - values);
        } else {
            for (size_t k = i; k < slots && k < i + 64; k++, word >>= 1) {
                values[k] = (word & 1) != 0 ? values[next] : NAN;
                next += word & 1;
            }
        }
    }
}
