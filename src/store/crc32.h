/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crc32.h - the CRC-32 of IEEE 802.3, as zlib and gzip compute it. */
#ifndef STORE_CRC32_H
#define STORE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continue `crc` (0 to begin) over `length` bytes. "123456789" gives 0xcbf43926. */
uint32_t rs_crc32(uint32_t crc, const void *bytes, size_t length);

#endif
