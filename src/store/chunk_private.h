/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_private.h - what the versions of the format have in common. */
#ifndef STORE_CHUNK_PRIVATE_H
#define STORE_CHUNK_PRIVATE_H

#include "rightsize/chunk.h"

#include "store/bytes.h"

/* Bytes of a bitmap: one bit a slot, in words of 64. */
static inline size_t rs_bitmap_bytes(size_t slots)
{
    return (slots + 63) / 64 * 8;
}

/* RS_EIO "damaged chunk: what". */
enum rs_status rs_chunk_damaged(struct rs_error *err, const char *what);
/* How many slots are present; 0 as well where a bit is set behind the last slot. */
size_t rs_bitmap_count(const unsigned char *bitmap, size_t slots);
/* The `count` present values at the end of `values` to their slots, NaN into the others. */
void rs_bitmap_spread(const unsigned char *bitmap, size_t slots, size_t count, double *values);

#define RS_CHUNK_ROOM ((size_t)320)
/* As rs_chunk_decode; faster where from the blob's beginning on RS_CHUNK_ROOM bytes more than it
 * has are `readable`. */
RS_CHECKED enum rs_status rs_chunk_decode_within(const void *blob, size_t length, size_t readable,
                                                 double *values, size_t slots,
                                                 struct rs_error *err);

#define RS_CHUNK_V1 1 /* the first byte */
/* Version 1; `blob` begins with it. As rs_chunk_decode and rs_chunk_slots. */
RS_CHECKED enum rs_status rs_chunk_v1_decode(const unsigned char *blob, size_t length,
                                             double *values, size_t slots, struct rs_error *err);
RS_CHECKED enum rs_status rs_chunk_v1_slots(const unsigned char *blob, size_t length, size_t *slots,
                                            struct rs_error *err);

#endif
