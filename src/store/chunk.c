/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/chunk.h"

#include "store/bytes.h"
#include "store/crc32.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { VERSION = 1, HEADER = 16, CRC_AT = 12, FRAME = 10, BLOCK = 2048 };
enum { ENCODING_RAW, ENCODING_FRAME };

static const double scales[] = {1, 5, 10, 60, 100, 300, 1000, 3600, 10000, 100000, 1000000};
#define SCALES (sizeof(scales) / sizeof(scales[0]))
#define EXACT 9007199254740992.0 /* 2^53: below it every integer is a double */

struct frame {
    int64_t base;
    unsigned char scale, width;
};

struct header {
    unsigned encoding;
    size_t slots, count, bitmap; /* bitmap in bytes */
};

static size_t bitmap_bytes(size_t slots)
{
    return (slots + 63) / 64 * 8;
}

/* The integer that scale i turns into exactly these bits, if there is one. */
static bool as_integer(double value, double scale, int64_t *out)
{
    double scaled = value * scale;
    if (!(fabs(scaled) < EXACT)) {
        return false;
    }
    double rounded = rint(scaled);
    if (rounded / scale != value || (value == 0 && signbit(value))) { /* no integer is -0 */
        return false;
    }
    *out = (int64_t)rounded;
    return true;
}

static bool range_at_scale(const double *values, size_t slots, double scale, int64_t *low,
                           int64_t *high)
{
    *low = INT64_MAX, *high = INT64_MIN;
    for (size_t i = 0; i < slots; i++) {
        int64_t k = 0;
        if (isnan(values[i])) {
            continue;
        }
        if (!as_integer(values[i], scale, &k)) {
            return false;
        }
        *low = k < *low ? k : *low;
        *high = k > *high ? k : *high;
    }
    return true;
}

static bool find_frame(const double *values, size_t slots, struct frame *out)
{
    for (size_t s = 0; s < SCALES; s++) {
        int64_t low, high;
        if (!range_at_scale(values, slots, scales[s], &low, &high)) {
            continue;
        }
        uint64_t range = (uint64_t)high - (uint64_t)low;
        if (range > UINT32_MAX) {
            return false; /* a larger scale only widens it */
        }
        out->base = low;
        out->scale = (unsigned char)s;
        out->width = range == 0 ? 0 : range <= UINT8_MAX ? 1 : range <= UINT16_MAX ? 2 : 4;
        return true;
    }
    return false;
}

static void append_bitmap(struct rs_buffer *out, const double *values, size_t slots)
{
    for (size_t i = 0; i < slots; i += 64) {
        uint64_t word = 0;
        for (size_t k = 0; k < 64 && i + k < slots; k++) {
            word |= (uint64_t)(isnan(values[i + k]) ? 0 : 1) << k;
        }
        unsigned char bytes[8];
        rs_put64(bytes, word);
        rs_buffer_append(out, (const char *)bytes, sizeof(bytes));
    }
}

static size_t put_value(unsigned char *p, double value, const struct frame *frame)
{
    if (frame == NULL) {
        uint64_t bits;
        memcpy(&bits, &value, sizeof(bits));
        rs_put64(p, bits);
        return sizeof(bits);
    }
    uint64_t u = (uint64_t)(int64_t)rint(value * scales[frame->scale]) - (uint64_t)frame->base;
    switch (frame->width) {
    case 1:
        *p = (unsigned char)u;
        break;
    case 2:
        rs_put16(p, (uint16_t)u);
        break;
    case 4:
        rs_put32(p, (uint32_t)u);
        break;
    }
    return frame->width;
}

/* frame NULL: as raw doubles. In blocks, since a call a value would cost more than the packing. */
static void append_values(struct rs_buffer *out, const double *values, size_t slots,
                          const struct frame *frame)
{
    unsigned char block[BLOCK];
    size_t used = 0;
    if (frame != NULL) {
        rs_put64(block, (uint64_t)frame->base);
        block[8] = frame->scale;
        block[9] = frame->width;
        used = FRAME;
    }
    for (size_t i = 0; i < slots; i++) {
        if (isnan(values[i])) {
            continue;
        }
        if (used + sizeof(double) > sizeof(block)) {
            rs_buffer_append(out, (const char *)block, used);
            used = 0;
        }
        used += put_value(block + used, values[i], frame);
    }
    rs_buffer_append(out, (const char *)block, used);
}

static uint32_t checksum(const unsigned char *blob, size_t length)
{
    uint32_t crc = rs_crc32(0, blob, CRC_AT);
    return rs_crc32(crc, blob + HEADER, length - HEADER);
}

enum rs_status rs_chunk_encode(const double *values, size_t slots, struct rs_buffer *out,
                               struct rs_error *err)
{
    assert(slots > 0 && slots <= RS_CHUNK_MAX_SLOTS);
    size_t count = 0;
    for (size_t i = 0; i < slots; i++) {
        assert(!isinf(values[i]));
        count += isnan(values[i]) ? 0 : 1;
    }
    assert(count > 0);
    struct frame frame;
    bool framed = find_frame(values, slots, &frame);
    unsigned char head[HEADER] = {VERSION, framed ? ENCODING_FRAME : ENCODING_RAW, count < slots};
    rs_put32(head + 4, (uint32_t)slots);
    rs_put32(head + 8, (uint32_t)count);
    rs_buffer_clear(out);
    rs_buffer_append(out, (const char *)head, sizeof(head));
    if (count < slots) {
        append_bitmap(out, values, slots);
    }
    append_values(out, values, slots, framed ? &frame : NULL);
    enum rs_status rc = rs_buffer_status(out, err);
    if (rc == RS_OK) {
        unsigned char *blob = (unsigned char *)out->data;
        rs_put32(blob + CRC_AT, checksum(blob, out->length));
    }
    return rc;
}

static enum rs_status damaged(struct rs_error *err, const char *what)
{
    return rs_fail(err, RS_EIO, "damaged chunk: %s", what);
}

static enum rs_status read_header(const unsigned char *blob, size_t length, struct header *out,
                                  struct rs_error *err)
{
    if (blob == NULL || length < HEADER) {
        return damaged(err, "cut off");
    }
    if (blob[0] != VERSION) {
        return rs_fail(err, RS_EIO, "damaged chunk: version %u, not %d", blob[0], VERSION);
    }
    if (blob[1] > ENCODING_FRAME || blob[2] > 1 || blob[3] != 0) {
        return damaged(err, "unknown encoding or flags");
    }
    size_t slots = rs_get32(blob + 4), count = rs_get32(blob + 8);
    if (slots == 0 || slots > RS_CHUNK_MAX_SLOTS || count == 0 || count > slots ||
        (blob[2] == 1) != (count < slots)) {
        return damaged(err, "impossible numbers of slots and values");
    }
    *out = (struct header){blob[1], slots, count, blob[2] == 1 ? bitmap_bytes(slots) : 0};
    return RS_OK;
}

/* Everything that can be known before a value is written; afterwards decoding cannot fail. */
static enum rs_status verify(const unsigned char *blob, size_t length, const struct header *h,
                             struct rs_error *err)
{
    size_t fixed = HEADER + h->bitmap + (h->encoding == ENCODING_FRAME ? FRAME : 0);
    if (length < fixed) {
        return damaged(err, "cut off");
    }
    size_t width = sizeof(double);
    if (h->encoding == ENCODING_FRAME) {
        const unsigned char *frame = blob + HEADER + h->bitmap;
        int64_t base = (int64_t)rs_get64(frame);
        width = frame[9];
        if (frame[8] >= SCALES || (width > 2 && width != 4) || !(fabs((double)base) <= EXACT)) {
            return damaged(err, "frame of reference out of range");
        }
    }
    if (length - fixed != h->count * width) {
        return damaged(err, "wrong length");
    }
    if (rs_get32(blob + CRC_AT) != checksum(blob, length)) {
        return damaged(err, "checksum differs");
    }
    size_t present = h->bitmap > 0 ? 0 : h->count;
    for (size_t i = 0; i < h->bitmap; i += 8) {
        present += (size_t)__builtin_popcountll(rs_get64(blob + HEADER + i));
    }
    uint64_t beyond = h->bitmap > 0 && h->slots % 64 != 0
                          ? rs_get64(blob + HEADER + h->bitmap - 8) >> (h->slots % 64)
                          : 0;
    return present == h->count && beyond == 0 ? RS_OK : damaged(err, "bitmap and count disagree");
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
    return bad == 0 ? RS_OK : damaged(err, "a value is not a finite number");
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

/*
 * The present values lie at the end of `values`; each moves down to its slot. The reader is ahead
 * of the writer by the gaps still to come, so nothing is overwritten unread. Masks instead of a
 * choice, since a branch on the bit would be guessed wrong at every gap.
 */
static void spread(const unsigned char *bitmap, double *values, const struct header *h)
{
    const double nan_value = NAN;
    uint64_t gap;
    memcpy(&gap, &nan_value, sizeof(gap));
    size_t next = h->slots - h->count, i = 0;
    while (next < h->slots) {
        uint64_t word = rs_get64(bitmap + i / 8);
        for (size_t end = i + 64; i < end && next < h->slots; i++, word >>= 1) {
            uint64_t bits, present = 0 - (word & 1);
            memcpy(&bits, &values[next], sizeof(bits));
            bits = (bits & present) | (gap & ~present);
            memcpy(&values[i], &bits, sizeof(bits));
            next += word & 1;
        }
    }
    for (; i < h->slots; i++) {
        values[i] = NAN;
    }
}

enum rs_status rs_chunk_decode(const void *blob, size_t length, double *values, size_t slots,
                               struct rs_error *err)
{
    struct header h;
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
    const unsigned char *payload = (const unsigned char *)blob + HEADER + h.bitmap;
    double *dense = values + (h.slots - h.count);
    if (h.encoding == ENCODING_FRAME) {
        unpack_frame(payload, h.count, dense);
    } else {
        rc = unpack_raw(payload, h.count, dense, err);
    }
    if (rc == RS_OK && h.bitmap > 0) {
        spread((const unsigned char *)blob + HEADER, values, &h);
    }
    return rc;
}

enum rs_status rs_chunk_slots(const void *blob, size_t length, size_t *slots, struct rs_error *err)
{
    struct header h;
    enum rs_status rc = read_header(blob, length, &h, err);
    if (rc == RS_OK) {
        *slots = h.slots;
    }
    return rc;
}
