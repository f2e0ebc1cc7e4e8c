/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_private.h"
#include "store/chunk_wide.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static size_t count_bits(const unsigned char *bitmap, size_t bytes)
{
    size_t bits = 0;
    for (size_t i = 0; i < bytes; i += 8) {
        bits += (size_t)__builtin_popcountll(rs_get64(bitmap + i));
    }
    return bits;
}

size_t rs_bitmap_count(const unsigned char *bitmap, size_t slots)
{
    const size_t bytes = rs_bitmap_bytes(slots);
    const size_t present = RS_HAS_WIDE ? rs_wide_count(bitmap, bytes) : count_bits(bitmap, bytes);
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
    /* cppcheck-suppress ctuPointerArith ; one past the 64 doubles of a word */
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

/* What is left at the end, from a copy with room behind it. */
static void spread_rest(const unsigned char *bitmap, size_t i, size_t slots, bool wide,
                        double *values, const double *from)
{
    for (; i < slots; i += 64) {
        uint64_t word = rs_get64(bitmap + i / 8);
        if (i + 64 <= slots) {
            from =
                wide ? rs_wide_spread(word, values + i, from) : spread_word(word, values + i, from);
            continue;
        }
        double last[64];
        (void)(wide ? rs_wide_spread(word, last, from) : spread_word(word, last, from));
        memcpy(values + i, last, (slots - i) * sizeof(*values));
    }
}

void rs_bitmap_spread(const unsigned char *bitmap, size_t slots, size_t count, double *values)
{
    const bool wide = RS_HAS_WIDE;
    size_t next = slots - count, i = 0;
    /* Behind the last gap all is in place. */
    for (; next > i && i + 64 <= slots && next + 64 <= slots; i += 64) {
        uint64_t word = rs_get64(bitmap + i / 8);
        if (word == UINT64_MAX) {
            memmove(values + i, values + next, 64 * sizeof(*values));
            next += 64;
        } else {
            const double *from = wide ? rs_wide_spread(word, values + i, values + next)
                                      : spread_word(word, values + i, values + next);
            next = (size_t)(from - values);
        }
    }
    if (next > i) {
        double rest[64 + 4] = {0};
        memcpy(rest, values + next, (slots - next) * sizeof(*values));
        spread_rest(bitmap, i, slots, wide, values, rest);
    }
}
