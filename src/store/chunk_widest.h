/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_widest.h - a chunk unpacked in one pass by processors with AVX-512; the same bits as
 * without. */
#ifndef STORE_CHUNK_WIDEST_H
#define STORE_CHUNK_WIDEST_H

#include "store/chunk_model.h"

#define RS_WIDEST_WIDTH 50 /* with the 7 bits before it and the 7 more of its eight this fits */

#if defined(__x86_64__)
#define RS_HAS_WIDEST                                                                              \
    (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512dq") &&                 \
     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&                   \
     __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"))

bool rs_widest_takes(const struct rs_model *model);
/* As rs_model_unpack, for a model that it takes. */
bool rs_widest_unpack(const struct rs_model *model, const struct rs_packed *packed, double *values);
#else
#define RS_HAS_WIDEST false
#define rs_widest_takes(model) false
#define rs_widest_unpack(model, packed, values) ((void)(values), false)
#endif

#endif
