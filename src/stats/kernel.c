/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/kernel.h"

#include <math.h>
#include <string.h>

#define INLINE __attribute__((always_inline)) static inline

#define CHOOSE(mask, a, b)                                                                         \
    ((plain_reals)(((plain_masks)(a) & (mask)) | ((plain_masks)(b) & ~(mask))))
#define APART_2(p, by) (p)[0], (p)[by]
#define APART_4(p, by) APART_2(p, by), APART_2((p) + 2 * (by), by)
#define APART_8(p, by) APART_4(p, by), APART_4((p) + 4 * (by), by)

#define VARIANT "plain"
#define LANES 2
#define APART(p, by) APART_2(p, by)
#define TARGET
#define NAME(x) plain_##x
#define LOWER(a, b) CHOOSE((a) < (b), a, b)
#define HIGHER(a, b) CHOOSE((a) > (b), a, b)
#define REACHED(a, b) ((unsigned)((a)[0] >= (b)[0]) | (unsigned)((a)[1] >= (b)[1]) << 1)
#define COUNTED(n, a) ((n) - ((a) == (a)))
#include "stats/kernel_lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VARIANT "sse2"
#define LANES 2
#define APART(p, by) APART_2(p, by)
#define TARGET
#define NAME(x) sse2_##x
#define LOWER(a, b) ((sse2_reals)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#define HIGHER(a, b) ((sse2_reals)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#define REACHED(a, b) (unsigned)_mm_movemask_pd((__m128d)((a) >= (b)))
#define COUNTED(n, a) ((n) - ((a) == (a)))
#include "stats/kernel_lanes.h"

#define VARIANT "avx2"
#define LANES 4
#define APART(p, by) APART_4(p, by)
#define TARGET __attribute__((target("avx2")))
#define NAME(x) avx2_##x
#define LOWER(a, b) ((avx2_reals)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#define HIGHER(a, b) ((avx2_reals)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#define REACHED(a, b) (unsigned)_mm256_movemask_pd((__m256d)((a) >= (b)))
#define COUNTED(n, a) ((n) - ((a) == (a)))
#include "stats/kernel_lanes.h"

#define VARIANT "avx512"
#define LANES 8
#define APART(p, by) APART_8(p, by)
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw")))
#define NAME(x) avx512_##x
#define LOWER(a, b) ((avx512_reals)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#define HIGHER(a, b) ((avx512_reals)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#define REACHED(a, b) (unsigned)_mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_GE_OQ)
/* One masked addition; GCC would make a vector of the mask first. */
#define COUNTED(n, a)                                                                              \
    ((avx512_masks)_mm512_mask_add_epi64(                                                          \
        (__m512i)(n), _mm512_cmp_pd_mask((__m512d)(a), (__m512d)(a), _CMP_ORD_Q), (__m512i)(n),    \
        _mm512_set1_epi64(1)))
#include "stats/kernel_lanes.h"

static const struct rs_kernel *named(enum rs_variant variant)
{
    switch (variant) {
    case RS_VARIANT_PLAIN:
        return &plain_kernel;
    case RS_VARIANT_SSE2:
        return &sse2_kernel;
    case RS_VARIANT_AVX2:
        return __builtin_cpu_supports("avx2") ? &avx2_kernel : NULL;
    case RS_VARIANT_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
                   ? &avx512_kernel
                   : NULL;
    default:
        return NULL;
    }
}
#else
static const struct rs_kernel *named(enum rs_variant variant)
{
    return variant == RS_VARIANT_PLAIN ? &plain_kernel : NULL;
}
#endif

const struct rs_kernel *rs_kernel_of(enum rs_variant variant)
{
    if (variant != RS_VARIANT_BEST) {
        return named(variant);
    }
    const struct rs_kernel *best = NULL;
    for (int v = RS_VARIANT_COUNT - 1; best == NULL; v--) {
        best = named((enum rs_variant)v);
    }
    return best;
}
