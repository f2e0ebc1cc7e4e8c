/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_unpack.c - packed integers to values, a block at a time. */
#include "store/chunk_model.h"

/* Inlined into each variant, so that it is compiled for that variant's processor. All of them give
 * the same bits: nothing but the division rounds. */
#define INLINE __attribute__((always_inline)) static inline

/* An exponent of all ones carries into the sign. */
INLINE uint64_t strange(uint64_t bits)
{
    return (bits & (UINT64_MAX >> 1)) + (UINT64_C(1) << 52);
}

INLINE uint64_t unpack_bits(const struct rs_model *model, union rs_block *block)
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
INLINE void split_rests(const struct rs_model *model, union rs_block *block,
                        uint64_t rests[restrict RS_BITS_BLOCK])
{
    const unsigned width = model->rest_width;
    const uint64_t mask = rs_bits_mask(width), lowest = (uint64_t)(int64_t)model->rest_low;
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        rests[i] = (block->bits[i] & mask) + lowest;
        block->bits[i] >>= width;
    }
}

INLINE uint64_t add_rests(union rs_block *block, const uint64_t rests[restrict RS_BITS_BLOCK])
{
    uint64_t seen = 0;
    for (int i = 0; i < RS_BITS_BLOCK; i++) {
        block->bits[i] += rests[i];
        seen |= strange(block->bits[i]);
    }
    return seen;
}

/*
 * Loops of a fixed length, which compilers turn into vectors. An integer below 2^52 under the
 * exponent of 2^52 is that double plus the integer: before AVX-512 no vector instruction converts
 * one. Each step but the division is exact.
 */
INLINE uint64_t unpack_ratio(const struct rs_model *model, union rs_block *block)
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

INLINE uint64_t unpack(const struct rs_model *model, const unsigned char *packed, size_t count,
                       union rs_block *out)
{
    rs_bits_unpack(packed, model->width, out->bits);
    for (size_t i = count; i < RS_BITS_BLOCK; i++) {
        out->bits[i] = out->bits[0]; /* what lies behind the last value need not be sound */
    }
    return model->kind == RS_MODEL_BITS ? unpack_bits(model, out) : unpack_ratio(model, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi2"))) static uint64_t unpack_wide(const struct rs_model *model,
                                                                 const unsigned char *packed,
                                                                 size_t count, union rs_block *out)
{
    return unpack(model, packed, count, out);
}

static bool has_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#else
#define unpack_wide unpack
static bool has_wide(void)
{
    return false;
}
#endif

bool rs_model_unpack_plain(const struct rs_model *model, const unsigned char *packed, size_t count,
                           union rs_block *out)
{
    return unpack(model, packed, count, out) >> 63 == 0;
}

bool rs_model_unpack(const struct rs_model *model, const unsigned char *packed, size_t count,
                     union rs_block *out)
{
    return has_wide() ? unpack_wide(model, packed, count, out) >> 63 == 0
                      : rs_model_unpack_plain(model, packed, count, out);
}
