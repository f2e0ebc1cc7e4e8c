/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_reference.h - chunks of both versions, as plainly as rightsize/chunk.h words them. */
#ifndef UNIT_CHUNK_REFERENCE_H
#define UNIT_CHUNK_REFERENCE_H

#include "rightsize/chunk.h"

#include "store/bytes.h"
#include "store/crc32.h"
#include "store/xxh64.h"

#include "../support/check.h"

#include <stdlib.h>
#include <string.h>

#define DAY_SLOTS 288

enum { V2_MODEL_AT = 1, V2_WIDTH_AT = 3, V2_BITS_HEADER = 16, V2_RATIO_HEADER = 26, V2_CHECK = 4 };
enum { V1_HEADER = 16, V1_FRAME = 10 };

/* Bit for bit; a gap is any NaN. */
static inline bool same_values(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) != isnan(b[i]) || (!isnan(a[i]) && check_bits(a[i]) != check_bits(b[i]))) {
            return false;
        }
    }
    return true;
}

static inline double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static inline uint64_t bit_at(const unsigned char *bytes, size_t at)
{
    return bytes[at / 8] >> at % 8 & 1;
}

/* Version 2, a bit at a time; the blob is known to be sound. */
static inline void reference_decode(const unsigned char *blob, double *values, size_t slots)
{
    bool ratio = blob[V2_MODEL_AT] == 1, gaps = blob[2] == 1;
    unsigned width = blob[V2_WIDTH_AT], detail = blob[7];
    int64_t base = (int64_t)rs_get64(blob + 8);
    const unsigned char *bitmap = blob + (ratio ? V2_RATIO_HEADER : V2_BITS_HEADER);
    const unsigned char *packed = bitmap + (gaps ? (slots + 63) / 64 * 8 : 0);
    size_t at = 0;
    for (size_t i = 0; i < slots; i++) {
        if (gaps && bit_at(bitmap, i) == 0) {
            values[i] = NAN;
            continue;
        }
        uint64_t u = 0;
        for (unsigned k = 0; k < width; k++) {
            u |= bit_at(packed, at++) << k;
        }
        if (!ratio) {
            values[i] = double_of((uint64_t)base + (u << detail));
            continue;
        }
        double divisor = rs_get32(blob + 16), factor = rs_get32(blob + 20);
        uint64_t r = u & ((UINT64_C(1) << detail) - 1);
        double quotient = ((double)base + factor * (double)(u >> detail)) / divisor;
        values[i] = double_of(check_bits(quotient) + (uint64_t)(int16_t)rs_get16(blob + 24) + r);
    }
}

static inline void sign_v2(unsigned char *blob, size_t length)
{
    rs_put32(blob + length - V2_CHECK, (uint32_t)rs_xxh64(blob, length - V2_CHECK));
}

static inline void sign_v1(unsigned char *blob, size_t length)
{
    uint32_t crc = rs_crc32(0, blob, 12);
    rs_put32(blob + 12, rs_crc32(crc, blob + V1_HEADER, length - V1_HEADER));
}

/*
 * Version 1 with `width` bytes a value (0, 1, 2, 4) over base at scale index `scale`, or raw
 * doubles (8). Returns the length; `out` has room for it.
 */
static inline size_t encode_v1(const double *values, size_t slots, unsigned width, int64_t base,
                               unsigned char scale, double divisor, unsigned char *out)
{
    size_t count = 0, at = V1_HEADER, bitmap = (slots + 63) / 64 * 8;
    for (size_t i = 0; i < slots; i++) {
        count += isnan(values[i]) ? 0 : 1;
    }
    memset(out, 0, V1_HEADER + bitmap);
    out[0] = 1;
    out[1] = width != 8;
    out[2] = count < slots;
    rs_put32(out + 4, (uint32_t)slots);
    rs_put32(out + 8, (uint32_t)count);
    for (size_t i = 0; count < slots && i < slots; i++) {
        out[at + i / 8] |= (unsigned char)((isnan(values[i]) ? 0 : 1) << i % 8);
    }
    at += count < slots ? bitmap : 0;
    if (width != 8) {
        rs_put64(out + at, (uint64_t)base);
        out[at + 8] = scale;
        out[at + 9] = (unsigned char)width;
        at += V1_FRAME;
    }
    for (size_t i = 0; i < slots; i++) {
        if (!isnan(values[i])) {
            uint64_t u =
                width == 8 ? check_bits(values[i]) : (uint64_t)(llrint(values[i] * divisor) - base);
            for (unsigned k = 0; k < width; k++) {
                out[at++] = (unsigned char)(u >> k * 8);
            }
        }
    }
    sign_v1(out, at);
    return at;
}

/* In memory of exactly its size, so that the sanitizers see a read beyond it. */
static inline enum rs_status decode_copy(const void *bytes, size_t length, size_t slots,
                                         double *out, struct rs_error *err)
{
    unsigned char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    enum rs_status rc = rs_chunk_decode(copy, length, out, slots, err);
    assert_true(rc == RS_OK || (rc == RS_EIO && strstr(err->text, "damaged chunk") != NULL));
    free(copy);
    return rc;
}

#endif
