/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk_wide.h - a chunk's inner loops for processors with AVX2 and FMA; the same bits as without.
 */
#ifndef STORE_CHUNK_WIDE_H
#define STORE_CHUNK_WIDE_H

#include "store/chunk_model.h"

#define RS_WIDE_BEYOND 16

#if defined(__x86_64__)
#define RS_HAS_WIDE                                                                                \
    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&                            \
     __builtin_cpu_supports("popcnt"))

/*
 * `count` packed integers to values; those up to the next multiple of 8 become void. The width is
 * 1..RS_BITS_WIDEST, and from the beginning of each eight on `width` + RS_WIDE_BEYOND bytes may be
 * read. The upmost bit of what is returned is set where a value is not a finite number.
 */
uint64_t rs_wide_unpack(const struct rs_model *model, const unsigned char *packed, size_t count,
                        double *out);
/*
 * 64 slots from as many values as `word` has bits, NaN into the others; returns what is behind
 * those. Three doubles behind them may be read. `to` may lie in the same array as `from`, before it
 * or at it.
 */
const double *rs_wide_spread(uint64_t word, double *to, const double *from);
/* The bits set in so many bytes, a multiple of 8. */
size_t rs_wide_count(const unsigned char *bitmap, size_t bytes);
#else
#define RS_HAS_WIDE false
#define rs_wide_unpack(model, packed, count, out) ((void)(out), UINT64_MAX)
#define rs_wide_spread(word, to, from) (from)
#define rs_wide_count(bitmap, bytes) ((size_t)0)
#endif

#endif
