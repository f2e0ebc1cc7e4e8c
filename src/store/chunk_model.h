/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_model.h - how the values of a chunk follow from small integers; chunk.h has the formulas.
 */
#ifndef STORE_CHUNK_MODEL_H
#define STORE_CHUNK_MODEL_H

#include "store/bits.h"

#include <stdbool.h>

enum rs_model_kind { RS_MODEL_BITS, RS_MODEL_RATIO };

/* Units in the last place: digits that were cut off in a text, such as the 15th of 0.01666.. */
#define RS_MODEL_REST_LOW (-512)
#define RS_MODEL_REST_HIGH 511
#define RS_MODEL_REST_WIDTH 10

struct rs_model {
    enum rs_model_kind kind;
    unsigned width; /* bits a value: as rs_bits_round */
    /* BITS */
    uint64_t lowest;
    unsigned shift; /* 0..63 */
    /* RATIO: the upper width - rest_width bits are u, the lower ones the rest less rest_low */
    int64_t base;
    uint32_t factor, divisor; /* from 1 */
    unsigned rest_width;      /* 0..RS_MODEL_REST_WIDTH */
    int rest_low;
};

/* The model that needs the fewest bits; the same values give the same one. None is NaN. */
void rs_model_find(const double *values, size_t count, struct rs_model *out);
/* The integers that the model, found for these values, turns into exactly them. */
void rs_model_pack(const struct rs_model *model, const double *values, size_t count, uint64_t *out);

struct rs_packed {                       /* of one chunk; borrowed */
    const unsigned char *bytes, *bitmap; /* bitmap NULL: no gaps */
    size_t length;                       /* of `bytes`, which holds all values */
    size_t readable;                     /* from `bytes` on, at least `length` */
    size_t count, slots;                 /* values present, of which the bitmap has a bit each */
};

/* From what a processor may have; less is for tests. */
enum rs_unpack_width { RS_UNPACK_PLAIN, RS_UNPACK_WIDE, RS_UNPACK_WIDEST };
/*
 * One value a slot, NaN for a gap; the same bits at every width. False: one of them is not a finite
 * number.
 */
bool rs_model_unpack(const struct rs_model *model, const struct rs_packed *packed,
                     enum rs_unpack_width most, double *values);

#endif
