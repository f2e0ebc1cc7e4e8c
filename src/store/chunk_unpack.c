/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_unpack.c - packed integers to values, a block at a time. */
#include "store/chunk_model.h"
#include "store/chunk_private.h"
#include "store/chunk_wide.h"
#include "store/chunk_widest.h"

#include <string.h>

union block { /* of integers, then of the values */
    uint64_t bits[RS_BITS_BLOCK];
    double values[RS_BITS_BLOCK];
};

/* An exponent of all ones carries into the sign. */
static uint64_t strange(uint64_t bits)
{
    return (bits & (UINT64_MAX >> 1)) + (UINT64_C(1) << 52);
}

static uint64_t unpack_bits(const struct rs_model *model, union block *block)
{
    const uint64_t lowest = model->lowest;
    const unsigned shift = model->shift;
    uint64_t seen = 0;
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        block->bits[i] = (block->bits[i] << shift) + lowest;
        seen |= strange(block->bits[i]);
    }
    return seen;
}

/* The rests, and what remains of the integers. */
static void split_rests(const struct rs_model *model, union block *block,
                        uint64_t rests[restrict RS_BITS_BLOCK])
{
    const unsigned width = model->rest_width;
    const uint64_t mask = rs_bits_mask(width), lowest = (uint64_t)(int64_t)model->rest_low;
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        rests[i] = (block->bits[i] & mask) + lowest;
        block->bits[i] >>= width;
    }
}

static uint64_t add_rests(union block *block, const uint64_t rests[restrict RS_BITS_BLOCK])
{
    uint64_t seen = 0;
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        block->bits[i] += rests[i];
        seen |= strange(block->bits[i]);
    }
    return seen;
}

/*
 * An integer below 2^52 under the exponent of 2^52 is that double plus the integer: before AVX-512
 * no vector instruction converts one. Each step but the division is exact.
 */
static uint64_t unpack_ratio(const struct rs_model *model, union block *block)
{
    const double base = (double)model->base, factor = model->factor, divisor = model->divisor;
    const bool rest = model->rest_width > 0 || model->rest_low != 0;
    uint64_t rests[RS_BITS_BLOCK];
    if (rest) {
        split_rests(model, block, rests);
    }
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        block->bits[i] |= UINT64_C(0x4330000000000000);
    }
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        block->values[i] = (block->values[i] - 4503599627370496.0) * factor + base;
    }
    if (model->divisor != 1) {
        for (int i = 0; i < RS_BITS_BLOCK; i++) {
            block->values[i] /= divisor;
        }
    }
    return rest ? add_rests(block, rests) : 0;
}

static uint64_t unpack_block(const struct rs_model *model, const unsigned char *packed,
                             size_t count, double *out)
{
    union block block;
    rs_bits_unpack(packed, model->width, block.bits);
    for (size_t i = count; i < RS_BITS_BLOCK; i++) {
        block.bits[i] = block.bits[0]; /* what lies behind the last value need not be sound */
    }
    uint64_t seen =
        model->kind == RS_MODEL_BITS ? unpack_bits(model, &block) : unpack_ratio(model, &block);
    memcpy(out, block.values, count * sizeof(*out));
    return seen;
}

/* Where reading a block could leave the packed values, it is read from a copy with room behind. */
static bool unpack_plain(const struct rs_model *model, const unsigned char *packed, size_t length,
                         size_t count, double *out)
{
    unsigned char last[RS_BITS_BLOCK * 8 + RS_BITS_BEYOND];
    const size_t step = (size_t)model->width * (RS_BITS_BLOCK / 8), read = step + RS_BITS_BEYOND;
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i += RS_BITS_BLOCK, packed += step) {
        size_t here = count - i < RS_BITS_BLOCK ? count - i : RS_BITS_BLOCK;
        const unsigned char *from = packed;
        if (length < read) {
            memcpy(last, packed, length);
            memset(last + length, 0, read - length);
            from = last;
        }
        seen |= unpack_block(model, from, here, out + i);
        length -= step < length ? step : length;
    }
    return seen >> 63 == 0;
}

/* How many whole eights can be read where they lie. */
static size_t eights_within(size_t width, size_t length)
{
    return length < width + RS_WIDE_BEYOND ? 0 : (length - width - RS_WIDE_BEYOND) / width + 1;
}

/* The same for eights; of those in the copy there are no more than width 1 leaves. */
static bool unpack_wide(const struct rs_model *model, const unsigned char *packed, size_t length,
                        size_t count, double *out)
{
    enum { LEFT = RS_BITS_WIDEST + RS_WIDE_BEYOND };
    unsigned char last[2 * LEFT] = {0};
    double values[8 * (1 + RS_WIDE_BEYOND + 1)];
    size_t width = model->width, whole = count / 8;
    size_t within = eights_within(width, length);
    size_t straight = within < whole ? within : whole;
    uint64_t seen = rs_wide_unpack(model, packed, 8 * straight, out);
    memcpy(last, packed + straight * width, length - straight * width);
    seen |= rs_wide_unpack(model, last, count - 8 * straight, values);
    /* cppcheck-suppress uninitvar ; rs_wide_unpack writes them */
    memcpy(out + 8 * straight, values, (count - 8 * straight) * sizeof(*out));
    return seen >> 63 == 0;
}

bool rs_model_unpack(const struct rs_model *model, const struct rs_packed *packed,
                     enum rs_unpack_width most, double *values)
{
    if (most >= RS_UNPACK_WIDEST && RS_HAS_WIDEST && rs_widest_takes(model)) {
        return rs_widest_unpack(model, packed, values);
    }
    const bool wide =
        model->width > 0 && model->width <= RS_BITS_WIDEST && most >= RS_UNPACK_WIDE && RS_HAS_WIDE;
    double *dense = values + (packed->slots - packed->count);
    bool sound = wide ? unpack_wide(model, packed->bytes, packed->length, packed->count, dense)
                      : unpack_plain(model, packed->bytes, packed->length, packed->count, dense);
    if (packed->bitmap != NULL) {
        rs_bitmap_spread(packed->bitmap, packed->slots, packed->count, values);
    }
    return sound;
}
