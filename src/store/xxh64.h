/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xxh64.h - the 64-bit hash XXH64 with seed 0: five times as fast as a CRC in portable C. It guards
 * against damage, not against forgers. Source: Y. Collet, "xxHash fast digest algorithm", format
 * specification 0.1.1.
 */
#ifndef STORE_XXH64_H
#define STORE_XXH64_H

#include <stddef.h>
#include <stdint.h>

uint64_t rs_xxh64(const void *bytes, size_t length);

#define RS_XXH64_MANY 8
struct rs_bytes {
    const void *at; /* not NULL where there is a length */
    size_t length;
};
/* Of RS_XXH64_MANY at most. With AVX-512 they go side by side, at a third of the time of one after
 * the other. */
void rs_xxh64_many(const struct rs_bytes *texts, size_t count, uint64_t *hashes);

#endif
