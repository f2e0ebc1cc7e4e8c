/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chunk_widest.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>

#include <string.h>

#define WIDEST                                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vbmi,popcnt,bmi,bmi2")))
#define INLINE WIDEST __attribute__((always_inline)) static inline

enum { LANES = 8, BLOCK = 32 };
enum kind { BITS, RATIO, RESTS };

struct unpacker {
    unsigned width;
    /* where integers lie that begin with a byte */
    __m512i bytes;  /* eight each, from the one that an integer begins in */
    __m512i shifts; /* bits before it in that byte */
    __m512i mask;
    /* what becomes of them; chunk.h has the formulas */
    __m512d base, factor, divisor, inverse;
    __m512i lowest, rest_mask, shift;
};

INLINE __m512i all(uint64_t value)
{
    return _mm512_set1_epi64((long long)value);
}

WIDEST static void find_places(const struct rs_model *model, struct unpacker *u)
{
    const __m512i lanes = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i first_of_each = _mm512_set4_epi32(0x08080808, 0x08080808, 0, 0);
    __m512i bits = _mm512_mullo_epi64(lanes, all(model->width));
    __m512i first = _mm512_shuffle_epi8(_mm512_srli_epi64(bits, 3), first_of_each);
    u->width = model->width;
    u->bytes = _mm512_add_epi8(first, all(0x0706050403020100));
    u->shifts = _mm512_and_si512(bits, all(7));
    u->mask = all(rs_bits_mask(model->width - model->rest_width));
}

WIDEST static void make_unpacker(const struct rs_model *model, struct unpacker *u)
{
    find_places(model, u);
    if (model->kind == RS_MODEL_BITS) {
        u->lowest = all(model->lowest);
        u->shift = all(model->shift);
        return;
    }
    u->base = _mm512_set1_pd((double)model->base);
    u->factor = _mm512_set1_pd(model->factor);
    u->divisor = _mm512_set1_pd(model->divisor);
    u->inverse = _mm512_set1_pd(1.0 / model->divisor);
    u->lowest = all((uint64_t)(int64_t)model->rest_low);
    u->rest_mask = all(rs_bits_mask(model->rest_width));
    u->shift = all(model->rest_width);
}

/* The division is a product, corrected: chunk_wide.c proves it. */
INLINE __m512i to_values(__m512i integers, const struct unpacker *u)
{
    integers = _mm512_and_si512(integers, u->mask);
    __m512d x = _mm512_fmadd_pd(_mm512_cvtepi64_pd(integers), u->factor, u->base);
    __m512d quotient = _mm512_mul_pd(x, u->inverse);
    __m512d error = _mm512_fnmadd_pd(quotient, u->divisor, x);
    return _mm512_castpd_si512(_mm512_fmadd_pd(error, u->inverse, quotient));
}

/* The images of the eight values that begin `bit` bits behind the first byte of `packed`. */
INLINE __m512i take_eight(__m512i packed, size_t bit, const struct unpacker *u, enum kind kind)
{
    static const uint64_t bits_before[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const __m512i shifts = _mm512_add_epi64(u->shifts, all(bits_before[bit]));
    __m512i integers = _mm512_srlv_epi64(_mm512_permutexvar_epi8(u->bytes, packed), shifts);
    if (kind == BITS) {
        integers = _mm512_and_si512(integers, u->mask);
        return _mm512_add_epi64(_mm512_sllv_epi64(integers, u->shift), u->lowest);
    }
    if (kind == RATIO) {
        return to_values(integers, u);
    }
    __m512i rests = _mm512_add_epi64(_mm512_and_si512(integers, u->rest_mask), u->lowest);
    return _mm512_add_epi64(to_values(_mm512_srlv_epi64(integers, u->shift), u), rests);
}

/* The highest, without the sign, tells whether one is not a finite number. Of a quotient only zero
 * can become one, by a rest below it, and that has the sign. */
INLINE __m512i note(__m512i seen, __mmask8 present, __m512i bits, enum kind kind)
{
    switch (kind) {
    case BITS:
        return _mm512_mask_max_epu64(seen, present, seen, _mm512_add_epi64(bits, bits));
    case RESTS:
        return _mm512_mask_max_epu64(seen, present, seen, bits);
    default:
        return seen;
    }
}

/* As many bits as are set, from the lowest on. */
INLINE uint64_t first_bits(size_t count)
{
    return _bzhi_u64(UINT64_MAX, (unsigned)count);
}

struct place { /* of the next eight slots */
    size_t slot, bit;
    __m512i seen;
};

/* All of them, from 64 bytes that can be read. */
INLINE void put_eight(const struct rs_packed *p, const struct unpacker *u, unsigned present,
                      double *values, struct place *at, enum kind kind, bool gaps)
{
    const __m512i gap = _mm512_castpd_si512(_mm512_set1_pd(NAN));
    __m512i packed = _mm512_loadu_si512(p->bytes + at->bit / 8);
    __m512i bits = take_eight(packed, at->bit % 8, u, kind);
    bits = gaps ? _mm512_mask_expand_epi64(gap, (__mmask8)present, bits) : bits;
    _mm512_storeu_si512(values + at->slot, bits);
    at->seen = note(at->seen, (__mmask8)present, bits, kind);
    at->slot += LANES;
    at->bit += (size_t)__builtin_popcount(present) * u->width;
}

/* Those that are left, up to eight: nothing behind them is written, nothing behind the packed ones
 * is read. */
INLINE void put_last(const struct rs_packed *p, const struct unpacker *u, double *values,
                     struct place *at, enum kind kind)
{
    const __m512i gap = _mm512_castpd_si512(_mm512_set1_pd(NAN));
    const size_t left = p->slots - at->slot;
    const __mmask8 here = (__mmask8)first_bits(left < LANES ? left : LANES);
    const __mmask8 present = p->bitmap != NULL ? p->bitmap[at->slot / LANES] : here;
    const size_t byte = at->bit / 8 < p->length ? at->bit / 8 : p->length;
    const size_t room = p->length - byte < sizeof(gap) ? p->length - byte : sizeof(gap);
    __m512i packed = _mm512_maskz_loadu_epi8(first_bits(room), p->bytes + byte);
    __m512i bits = take_eight(packed, at->bit % 8, u, kind);
    bits = _mm512_mask_expand_epi64(gap, present, bits);
    _mm512_mask_storeu_epi64(values + at->slot, here, bits);
    at->seen = note(at->seen, present, bits, kind);
    at->slot += LANES;
    at->bit += (size_t)__builtin_popcount(present) * u->width;
}

/* The loop is unrolled, as what counts slots and bits else takes the place of what unpacks. */
INLINE bool unpack(const struct unpacker *unpacker, const struct rs_packed *packed, double *values,
                   enum kind kind, bool gaps)
{
    const struct unpacker u = *unpacker; /* in registers */
    const struct rs_packed p = *packed;
    const size_t read = BLOCK / 8 * (size_t)u.width + sizeof(__m512i);
    struct place at = {0, 0, _mm512_setzero_si512()};
    const bool roomy = p.length + read <= p.readable; /* so that nothing waits for `at.bit` */
    while (at.slot + BLOCK <= p.slots && (roomy || at.bit / 8 + read <= p.readable)) {
        uint32_t present = UINT32_MAX;
        if (gaps) {
            memcpy(&present, p.bitmap + at.slot / 8, sizeof(present));
        }
        put_eight(&p, &u, present & 0xff, values, &at, kind, gaps);
        put_eight(&p, &u, present >> 8 & 0xff, values, &at, kind, gaps);
        put_eight(&p, &u, present >> 16 & 0xff, values, &at, kind, gaps);
        put_eight(&p, &u, present >> 24, values, &at, kind, gaps);
    }
    while (at.slot < p.slots) {
        put_last(&p, &u, values, &at, kind);
    }
    const uint64_t infinite = UINT64_C(0x7ff) << 52;
    const uint64_t strange = kind == BITS ? infinite << 1 : infinite | UINT64_C(1) << 63;
    return kind == RATIO || _mm512_cmpge_epu64_mask(at.seen, all(strange)) == 0;
}

WIDEST static bool unpack_bits(const struct unpacker *u, const struct rs_packed *p, double *values)
{
    return p->bitmap != NULL ? unpack(u, p, values, BITS, true) : unpack(u, p, values, BITS, false);
}

WIDEST static bool unpack_ratio(const struct unpacker *u, const struct rs_packed *p, double *values)
{
    return p->bitmap != NULL ? unpack(u, p, values, RATIO, true)
                             : unpack(u, p, values, RATIO, false);
}

WIDEST static bool unpack_rests(const struct unpacker *u, const struct rs_packed *p, double *values)
{
    return p->bitmap != NULL ? unpack(u, p, values, RESTS, true)
                             : unpack(u, p, values, RESTS, false);
}

/* A product of more than 53 bits would be rounded once here and twice elsewhere; no encoder makes
 * one. */
static bool is_exact(const struct rs_model *model)
{
    return (double)rs_bits_mask(model->width - model->rest_width) * model->factor <
           9007199254740992.0;
}

bool rs_widest_takes(const struct rs_model *model)
{
    return model->width <= RS_WIDEST_WIDTH && (model->kind == RS_MODEL_BITS || is_exact(model));
}

WIDEST bool rs_widest_unpack(const struct rs_model *model, const struct rs_packed *packed,
                             double *values)
{
    struct unpacker u;
    make_unpacker(model, &u);
    if (model->kind == RS_MODEL_BITS) {
        return unpack_bits(&u, packed, values);
    }
    return model->rest_width > 0 || model->rest_low != 0 ? unpack_rests(&u, packed, values)
                                                         : unpack_ratio(&u, packed, values);
}
#endif
