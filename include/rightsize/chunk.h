/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chunk.h - one series' samples of one UTC day as bytes, without loss (level 2, room store).
 *
 * Version 2, little-endian: version u8 (2), model u8, flags u8 (bit 0: there are gaps), width u8 (0
 * to 56, or 64), slots u24, detail u8, base 64 bits; model 1 only: divisor u32, factor u32, rest
 * i16; when there are gaps a presence bitmap, one bit a slot, in words of 64; one integer of
 * `width` bits for each present value in time order, the lowest bit first, without space between;
 * the lower half of the XXH64 of all that, u32. "bits" is a double's image as an integer:
 *   model 0: bits(v) = base + (u << detail). Any doubles; those of a day often agree in their upper
 *     bits and end in zeros.
 *   model 1: bits(v) = bits((base + factor x u) / divisor) + rest + r, where the lower `detail` (0
 *     to 10) bits of the integer are r and the upper ones u; the quotient is the nearest double.
 *     Decimals, totals that became rates, shares of ticks or pages; r is what a text of 15 or 16
 *     digits cut off.
 * The encoder takes what needs the fewest bits; the values always come back bit for bit.
 * Version 1 (bytes or doubles, CRC-32) is still read: src/store/chunk_v1.c.
 * Source of the ideas: J. Goldstein, R. Ramakrishnan, U. Shaft, "Compressing Relations and
 * Indexes", ICDE 1998 (frame of reference); A. Afroozeh, L. Kuffo, P. Boncz, "ALP: Adaptive
 * Lossless floating-Point Compression", SIGMOD 2023 (decimals behind doubles).
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
