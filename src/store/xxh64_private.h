/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xxh64_private.h - what one text at a time and eight have in common. */
#ifndef STORE_XXH64_PRIVATE_H
#define STORE_XXH64_PRIVATE_H

#include "store/xxh64.h"

#include <stdbool.h>

#define RS_XXH64_P1 UINT64_C(0x9E3779B185EBCA87)
#define RS_XXH64_P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define RS_XXH64_P3 UINT64_C(0x165667B19E3779F9)
#define RS_XXH64_P4 UINT64_C(0x85EBCA77C2B2AE63)
#define RS_XXH64_P5 UINT64_C(0x27D4EB2F165667C5)

#if defined(__x86_64__)
#define RS_XXH64_HAS_EIGHT                                                                         \
    (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&                   \
     __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2"))
void rs_xxh64_eight(const struct rs_bytes texts[RS_XXH64_MANY], uint64_t hashes[RS_XXH64_MANY]);
#else
#define RS_XXH64_HAS_EIGHT false
#define rs_xxh64_eight(texts, hashes) ((void)(texts))
#endif

#endif
