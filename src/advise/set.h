/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set.h - some of a row of things, a bit for each, so that many are told apart at once. */
#ifndef RIGHTSIZE_ADVISE_SET_H
#define RIGHTSIZE_ADVISE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t rs_set_words(size_t count)
{
    return count / 64 + (count % 64 != 0 ? 1 : 0);
}

static inline void rs_set_clear(uint64_t *set, size_t count)
{
    memset(set, 0, rs_set_words(count) * sizeof(*set));
}

/* All of `count`. */
static inline void rs_set_fill(uint64_t *set, size_t count)
{
    memset(set, 0xff, rs_set_words(count) * sizeof(*set));
    if (count % 64 != 0) {
        set[count / 64] = ((uint64_t)1 << count % 64) - 1;
    }
}

static inline void rs_set_add(uint64_t *set, size_t i)
{
    set[i / 64] |= (uint64_t)1 << i % 64;
}

static inline void rs_set_remove(uint64_t *set, size_t i)
{
    set[i / 64] &= ~((uint64_t)1 << i % 64);
}

static inline bool rs_set_has(const uint64_t *set, size_t i)
{
    return (set[i / 64] >> i % 64 & 1) != 0;
}

static inline size_t rs_set_size(const uint64_t *set, size_t count)
{
    size_t size = 0;
    for (size_t w = 0; w < rs_set_words(count); w++) {
        size += (size_t)__builtin_popcountll(set[w]);
    }
    return size;
}

/* The first from `i` on; count: there is none. */
static inline size_t rs_set_next(const uint64_t *set, size_t count, size_t i)
{
    if (i >= count) {
        return count;
    }
    size_t w = i / 64, words = rs_set_words(count);
    uint64_t rest = set[w] >> i % 64 << i % 64;
    while (rest == 0 && ++w < words) {
        rest = set[w];
    }
    return rest != 0 ? 64 * w + (size_t)__builtin_ctzll(rest) : count;
}

/* Takes away all from `first` on; returns how many there were. */
static inline size_t rs_set_cut(uint64_t *set, size_t count, size_t first)
{
    size_t size = 0;
    for (size_t w = first / 64; w < rs_set_words(count); w++) {
        uint64_t kept = w == first / 64 ? ((uint64_t)1 << first % 64) - 1 : 0;
        size += (size_t)__builtin_popcountll(set[w] & ~kept);
        set[w] &= kept;
    }
    return size;
}

#endif
