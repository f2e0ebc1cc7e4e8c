/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_private.h - what the versions of the format have in common. */
#ifndef STORE_CHUNK_PRIVATE_H
#define STORE_CHUNK_PRIVATE_H

#include "rightsize/chunk.h"

#include "store/bytes.h"
#include "store/xxh64.h"

#include <stdbool.h>

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

/*
 * Which of `count` blobs, RS_XXH64_MANY at most, have the right checksum, a bit each: side by side
 * that takes less time. Of version 1 none is told to have it.
 */
unsigned rs_chunk_check(const struct rs_bytes *blobs, size_t count);

#define RS_CHUNK_ROOM ((size_t)320)
struct rs_chunk_blob {
    const void *at;
    size_t length;
    size_t readable; /* at least `length`; faster with RS_CHUNK_ROOM more */
    bool checked;    /* by rs_chunk_check */
};
/* As rs_chunk_decode. */
RS_CHECKED enum rs_status rs_chunk_decode_blob(const struct rs_chunk_blob *blob, double *values,
                                               size_t slots, struct rs_error *err);

#define RS_CHUNK_V1 1 /* the first byte */
/* Version 1; `blob` begins with it. As rs_chunk_decode and rs_chunk_slots. */
RS_CHECKED enum rs_status rs_chunk_v1_decode(const unsigned char *blob, size_t length,
                                             double *values, size_t slots, struct rs_error *err);
RS_CHECKED enum rs_status rs_chunk_v1_slots(const unsigned char *blob, size_t length, size_t *slots,
                                            struct rs_error *err);

#endif
