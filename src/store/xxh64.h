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

#endif
