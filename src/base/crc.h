/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crc.h - the CRC-32 of gzip and zip over what was read, inside the base room. */
#ifndef BASE_CRC_H
#define BASE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of what `crc` stands for (0: nothing) with `length` more bytes behind it. */
uint32_t rs_crc_update(uint32_t crc, const void *bytes, size_t length);

#endif
