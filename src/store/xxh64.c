/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/xxh64.h"

#include "store/bytes.h"
#include "store/xxh64_private.h"

#include <string.h>

#define P1 RS_XXH64_P1
#define P2 RS_XXH64_P2
#define P3 RS_XXH64_P3
#define P4 RS_XXH64_P4
#define P5 RS_XXH64_P5

static uint64_t rotate(uint64_t v, int by)
{
    return v << by | v >> (64 - by);
}

static uint64_t mix(uint64_t lane, uint64_t word)
{
    return rotate(lane + word * P2, 31) * P1;
}

static uint64_t merge(uint64_t hash, uint64_t lane)
{
    return (hash ^ mix(0, lane)) * P1 + P4;
}

/* Four lanes that do not wait for each other. *p moves past whole stripes of 32 bytes. */
static uint64_t stripes(const unsigned char **p, size_t length)
{
    uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;
    for (; length >= 32; length -= 32, *p += 32) {
        a = mix(a, rs_get64(*p));
        b = mix(b, rs_get64(*p + 8));
        c = mix(c, rs_get64(*p + 16));
        d = mix(d, rs_get64(*p + 24));
    }
    uint64_t hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    return merge(merge(merge(merge(hash, a), b), c), d);
}

uint64_t rs_xxh64(const void *bytes, size_t length)
{
    const unsigned char *p = bytes, *end = p + length;
    uint64_t hash = (length >= 32 ? stripes(&p, length) : P5) + length;
    for (; end - p >= 8; p += 8) {
        hash = rotate(hash ^ mix(0, rs_get64(p)), 27) * P1 + P4;
    }
    if (end - p >= 4) {
        hash = rotate(hash ^ rs_get32(p) * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < end; p++) {
        hash = rotate(hash ^ *p * P5, 11) * P1;
    }
    hash = (hash ^ hash >> 33) * P2;
    hash = (hash ^ hash >> 29) * P3;
    return hash ^ hash >> 32;
}

void rs_xxh64_many(const struct rs_bytes *texts, size_t count, uint64_t *hashes)
{
    if (count > 1 && RS_XXH64_HAS_EIGHT) {
        struct rs_bytes eight[RS_XXH64_MANY];
        uint64_t all[RS_XXH64_MANY] = {0};
        for (size_t i = 0; i < RS_XXH64_MANY; i++) {
            eight[i] = texts[i < count ? i : 0];
        }
        rs_xxh64_eight(eight, all);
        memcpy(hashes, all, count * sizeof(*hashes));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        hashes[i] = rs_xxh64(texts[i].at, texts[i].length);
    }
}
