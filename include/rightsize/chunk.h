/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chunk.h - one series' samples of one UTC day as bytes, without loss (level 2, room store).
 *
 * Layout, little-endian: version u8 (1), encoding u8, flags u8 (bit 0: presence bitmap follows),
 * zero u8, slots u32, count u32, CRC-32 of all other bytes u32; then the bitmap (one bit a slot,
 * padded to 8 bytes) when there are gaps; then the `count` present values in time
 * order: encoding 0, raw: doubles; encoding 1, frame of reference: v = (base + u) / scale exactly,
 * with scale one of 1, 5, 10, 60, 100, 300, 1000, 3600, 10000, 100000, 1000000 (powers of ten for
 * decimals; 60, 300 and 3600 for totals that became rates); base i64, scale index u8, width u8
 * (0, 1, 2 or 4 bytes a value u). Chosen whenever every value comes back bit for bit. Source of the
 * idea: J. Goldstein, R. Ramakrishnan, U. Shaft, "Compressing Relations and Indexes", ICDE 1998
 * (frame of reference).
 */
#ifndef RIGHTSIZE_CHUNK_H
#define RIGHTSIZE_CHUNK_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_CHUNK_MAX_SLOTS 86400

/*
 * `values`: one a slot, NaN = gap, at least one present, none infinite;
 * slots 1..RS_CHUNK_MAX_SLOTS. Equal values give equal bytes. Replaces *out's content. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_chunk_encode(const double *values, size_t slots, struct rs_buffer *out,
                                          struct rs_error *err);
/* Writes exactly `slots` doubles, whose content is void on failure. RS_EIO: damaged, or another
 * number of slots. */
RS_CHECKED enum rs_status rs_chunk_decode(const void *blob, size_t length, double *values,
                                          size_t slots, struct rs_error *err);
/* The number of slots a blob says it has; RS_EIO: damaged header. */
RS_CHECKED enum rs_status rs_chunk_slots(const void *blob, size_t length, size_t *slots,
                                         struct rs_error *err);

#endif
