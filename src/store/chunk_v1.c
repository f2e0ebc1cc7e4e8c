/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version 1 of the format, which is only read any more:
 * version u8 (1), encoding u8, flags u8 (bit 0: presence bitmap follows), zero u8, slots u32, count
 * u32, CRC-32 of all other bytes u32; the bitmap when there are gaps; then the `count` present
 * values in time order: encoding 0, raw: doubles; encoding 1, frame of reference: base i64, scale
 * index u8, width u8, and integers u of 0, 1, 2 or 4 bytes: v = (base + u) / scale.
 */
#include "store/chunk_private.h"
#include "store/crc32.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { HEADER = 16, CRC_AT = 12, FRAME = 10 };
enum { ENCODING_RAW, ENCODING_FRAME };

static const double scales[] = {1, 5, 10, 60, 100, 300, 1000, 3600, 10000, 100000, 1000000};
#define SCALES (sizeof(scales) / sizeof(scales[0]))
#define EXACT 9007199254740992.0 /* 2^53: below it every integer is a double */

struct header {
    unsigned encoding;
    size_t slots, count, bitmap; /* bitmap in bytes */
};

static uint32_t checksum(const unsigned char *blob, size_t length)
{
    uint32_t crc = rs_crc32(0, blob, CRC_AT);
    return rs_crc32(crc, blob + HEADER, length - HEADER);
}

static enum rs_status read_header(const unsigned char *blob, size_t length, struct header *out,
                                  struct rs_error *err)
{
    if (length < HEADER) {
        return rs_chunk_damaged(err, "cut off");
    }
    if (blob[1] > ENCODING_FRAME || blob[2] > 1 || blob[3] != 0) {
        return rs_chunk_damaged(err, "unknown encoding or flags");
    }
    size_t slots = rs_get32(blob + 4), count = rs_get32(blob + 8);
    if (slots == 0 || slots > RS_CHUNK_MAX_SLOTS || count == 0 || count > slots ||
        (blob[2] == 1) != (count < slots)) {
        return rs_chunk_damaged(err, "impossible numbers of slots and values");
    }
    *out = (struct header){blob[1], slots, count, blob[2] == 1 ? rs_bitmap_bytes(slots) : 0};
    return RS_OK;
}

/* Everything that can be known before a value is written; afterwards decoding cannot fail. */
static enum rs_status verify(const unsigned char *blob, size_t length, const struct header *h,
                             struct rs_error *err)
{
    size_t fixed = HEADER + h->bitmap + (h->encoding == ENCODING_FRAME ? FRAME : 0);
    if (length < fixed) {
        return rs_chunk_damaged(err, "cut off");
    }
    size_t width = sizeof(double);
    if (h->encoding == ENCODING_FRAME) {
        const unsigned char *frame = blob + HEADER + h->bitmap;
        int64_t base = (int64_t)rs_get64(frame);
        width = frame[9];
        if (frame[8] >= SCALES || (width > 2 && width != 4) || !(fabs((double)base) <= EXACT)) {
            return rs_chunk_damaged(err, "frame of reference out of range");
        }
    }
    if (length - fixed != h->count * width) {
        return rs_chunk_damaged(err, "wrong length");
    }
    if (rs_get32(blob + CRC_AT) != checksum(blob, length)) {
        return rs_chunk_damaged(err, "checksum differs");
    }
    return h->bitmap == 0 || rs_bitmap_count(blob + HEADER, h->slots) == h->count
               ? RS_OK
               : rs_chunk_damaged(err, "bitmap and count disagree");
}

static enum rs_status unpack_raw(const unsigned char *p, size_t count, double *out,
                                 struct rs_error *err)
{
    const uint64_t exponent = UINT64_C(0x7ff) << 52;
    unsigned bad = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = rs_get64(p + i * sizeof(bits));
        memcpy(&out[i], &bits, sizeof(bits));
        bad |= (bits & exponent) == exponent;
    }
    return bad == 0 ? RS_OK : rs_chunk_damaged(err, "a value is not a finite number");
}

/* base + u stays below 2^53, so that the sum of doubles is exact. */
static void unpack_frame(const unsigned char *frame, size_t count, double *out)
{
    double base = (double)(int64_t)rs_get64(frame), scale = scales[frame[8]];
    const unsigned char *p = frame + FRAME;
    switch (frame[9]) {
    case 0:
        for (size_t i = 0; i < count; i++) {
            out[i] = base;
        }
        break;
    case 1:
        for (size_t i = 0; i < count; i++) {
            out[i] = base + p[i];
        }
        break;
    case 2:
        for (size_t i = 0; i < count; i++) {
            out[i] = base + rs_get16(p + i * 2);
        }
        break;
    default:
        for (size_t i = 0; i < count; i++) {
            out[i] = base + rs_get32(p + i * 4);
        }
    }
    for (size_t i = 0; scale != 1 && i < count; i++) {
        out[i] /= scale;
    }
}

enum rs_status rs_chunk_v1_decode(const unsigned char *blob, size_t length, double *values,
                                  size_t slots, struct rs_error *err)
{
    struct header h = {0};
    enum rs_status rc = read_header(blob, length, &h, err);
    if (rc == RS_OK && h.slots != slots) {
        rc = rs_fail(err, RS_EIO, "damaged chunk: %zu slots, not %zu", h.slots, slots);
    }
    if (rc == RS_OK) {
        rc = verify(blob, length, &h, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    const unsigned char *payload = blob + HEADER + h.bitmap;
    double *dense = values + (h.slots - h.count);
    if (h.encoding == ENCODING_FRAME) {
        unpack_frame(payload, h.count, dense);
    } else {
        rc = unpack_raw(payload, h.count, dense, err);
    }
    if (rc == RS_OK && h.bitmap > 0) {
        rs_bitmap_spread(blob + HEADER, h.slots, h.count, values);
    }
    return rc;
}

enum rs_status rs_chunk_v1_slots(const unsigned char *blob, size_t length, size_t *slots,
                                 struct rs_error *err)
{
    struct header h = {0};
    enum rs_status rc = read_header(blob, length, &h, err);
    if (rc == RS_OK) {
        *slots = h.slots;
    }
    return rc;
}
