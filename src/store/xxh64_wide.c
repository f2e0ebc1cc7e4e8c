/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/xxh64.h"
#include "store/xxh64_private.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,bmi2")))
#define INLINE WIDE __attribute__((always_inline)) static inline

enum { PAIRS = RS_XXH64_MANY / 2, STRIPE = 32 };

INLINE __m512i all(uint64_t value)
{
    return _mm512_set1_epi64((long long)value);
}

INLINE __m512i times(__m512i a, uint64_t b)
{
    return _mm512_mullo_epi64(a, all(b));
}

INLINE __m512i mix(__m512i lane, __m512i word)
{
    lane = _mm512_add_epi64(lane, times(word, RS_XXH64_P2));
    return times(_mm512_rol_epi64(lane, 31), RS_XXH64_P1);
}

INLINE __m512i merge(__m512i hash, __m512i lane)
{
    hash = _mm512_xor_si512(hash, mix(_mm512_setzero_si512(), lane));
    return _mm512_add_epi64(times(hash, RS_XXH64_P1), all(RS_XXH64_P4));
}

struct pair { /* two texts, each with half of a vector */
    const unsigned char *first, *second;
    __m512i lengths;
};

INLINE struct pair make_pair(const struct rs_bytes two[2])
{
    const __m512i first = all(two[0].length), second = all(two[1].length);
    return (struct pair){two[0].at, two[1].at, _mm512_mask_mov_epi64(first, 0xf0, second)};
}

/* Four lanes of each text; both have a whole stripe at `at`. */
INLINE __m512i hash_both(__m512i lanes, const struct pair *pair, size_t at)
{
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(pair->first + at));
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(pair->second + at));
    return mix(lanes, _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1));
}

/* The same for those that have one; no others are read. */
INLINE __m512i hash_either(__m512i lanes, const struct pair *pair, size_t at)
{
    const __mmask8 has = _mm512_cmpge_epu64_mask(pair->lengths, all(at + STRIPE));
    __m256i first = _mm256_maskz_loadu_epi64(has & 0x0f, pair->first + at);
    __m256i second = _mm256_maskz_loadu_epi64((__mmask8)(has >> 4), pair->second + at);
    __m512i words = _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1);
    return _mm512_mask_mov_epi64(lanes, has, mix(lanes, words));
}

INLINE __m256i rest_of(const struct rs_bytes *text)
{
    const size_t left = text->length % STRIPE;
    const unsigned char *p = text->at;
    return _mm256_maskz_loadu_epi8(_bzhi_u32(UINT32_MAX, (unsigned)left), p + text->length - left);
}

/* What is behind the stripes, 0 to 31 bytes. */
INLINE __m512i rests_of(const struct rs_bytes two[2])
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(rest_of(two)), rest_of(two + 1), 1);
}

/* Lane 0 of all eight, lane 1 and so on out of the pairs. */
INLINE void transpose(const __m512i pairs[PAIRS], __m512i lanes[4])
{
    const __m512i even = _mm512_set_epi64(13, 9, 5, 1, 12, 8, 4, 0);
    const __m512i odd = _mm512_set_epi64(15, 11, 7, 3, 14, 10, 6, 2);
    const __m512i low = _mm512_set_epi64(11, 10, 9, 8, 3, 2, 1, 0);
    const __m512i high = _mm512_set_epi64(15, 14, 13, 12, 7, 6, 5, 4);
    __m512i first = _mm512_permutex2var_epi64(pairs[0], even, pairs[1]);
    __m512i second = _mm512_permutex2var_epi64(pairs[2], even, pairs[3]);
    lanes[0] = _mm512_permutex2var_epi64(first, low, second);
    lanes[1] = _mm512_permutex2var_epi64(first, high, second);
    first = _mm512_permutex2var_epi64(pairs[0], odd, pairs[1]);
    second = _mm512_permutex2var_epi64(pairs[2], odd, pairs[3]);
    lanes[2] = _mm512_permutex2var_epi64(first, low, second);
    lanes[3] = _mm512_permutex2var_epi64(first, high, second);
}

INLINE __m512i hash_lanes(const __m512i lanes[4])
{
    __m512i hash = _mm512_add_epi64(_mm512_rol_epi64(lanes[0], 1), _mm512_rol_epi64(lanes[1], 7));
    hash = _mm512_add_epi64(hash, _mm512_rol_epi64(lanes[2], 12));
    hash = _mm512_add_epi64(hash, _mm512_rol_epi64(lanes[3], 18));
    for (int i = 0; i < 4; i++) {
        hash = merge(hash, lanes[i]);
    }
    return hash;
}

/* What is left behind the stripes, 0 to 31 bytes each: whole words, a half one, single bytes. */
INLINE __m512i hash_rest(__m512i hash, const __m512i words[4], __m512i left)
{
    __m512i rest = words[0];
    for (int i = 0; i < 3; i++) {
        const __mmask8 has = _mm512_cmpge_epu64_mask(left, all(8 * (uint64_t)(i + 1)));
        __m512i next = _mm512_xor_si512(hash, mix(_mm512_setzero_si512(), words[i]));
        next = times(_mm512_rol_epi64(next, 27), RS_XXH64_P1);
        hash = _mm512_mask_add_epi64(hash, has, next, all(RS_XXH64_P4));
        rest = _mm512_mask_mov_epi64(rest, has, words[i + 1]);
    }
    const __mmask8 half = _mm512_test_epi64_mask(left, all(4));
    __m512i next = times(_mm512_and_si512(rest, all(UINT32_MAX)), RS_XXH64_P1);
    next = times(_mm512_rol_epi64(_mm512_xor_si512(hash, next), 23), RS_XXH64_P2);
    hash = _mm512_mask_add_epi64(hash, half, next, all(RS_XXH64_P3));
    rest = _mm512_mask_srli_epi64(rest, half, rest, 32);
    const __m512i bytes = _mm512_and_si512(left, all(3));
    for (int i = 0; i < 3; i++) {
        const __mmask8 has = _mm512_cmpgt_epu64_mask(bytes, all((uint64_t)i));
        next = times(_mm512_and_si512(rest, all(0xff)), RS_XXH64_P5);
        next = _mm512_rol_epi64(_mm512_xor_si512(hash, next), 11);
        hash = _mm512_mask_mov_epi64(hash, has, times(next, RS_XXH64_P1));
        rest = _mm512_srli_epi64(rest, 8);
    }
    return hash;
}

INLINE __m512i finish(__m512i hash)
{
    hash = times(_mm512_xor_si512(hash, _mm512_srli_epi64(hash, 33)), RS_XXH64_P2);
    hash = times(_mm512_xor_si512(hash, _mm512_srli_epi64(hash, 29)), RS_XXH64_P3);
    return _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 32));
}

/* Pair by pair, not in a loop: then all lanes stay in registers. */
INLINE void hash_stripes(const struct rs_bytes texts[RS_XXH64_MANY], __m512i pairs[PAIRS])
{
    const struct pair p = make_pair(texts), q = make_pair(texts + 2), r = make_pair(texts + 4),
                      s = make_pair(texts + 6);
    size_t shortest = texts[0].length, longest = shortest, at = 0;
    for (int i = 1; i < RS_XXH64_MANY; i++) {
        shortest = texts[i].length < shortest ? texts[i].length : shortest;
        longest = texts[i].length > longest ? texts[i].length : longest;
    }
    for (; at + STRIPE <= shortest; at += STRIPE) {
        pairs[0] = hash_both(pairs[0], &p, at);
        pairs[1] = hash_both(pairs[1], &q, at);
        pairs[2] = hash_both(pairs[2], &r, at);
        pairs[3] = hash_both(pairs[3], &s, at);
    }
    for (; at + STRIPE <= longest; at += STRIPE) {
        pairs[0] = hash_either(pairs[0], &p, at);
        pairs[1] = hash_either(pairs[1], &q, at);
        pairs[2] = hash_either(pairs[2], &r, at);
        pairs[3] = hash_either(pairs[3], &s, at);
    }
}

WIDE void rs_xxh64_eight(const struct rs_bytes texts[RS_XXH64_MANY], uint64_t hashes[RS_XXH64_MANY])
{
    const __m512i begin = _mm512_set4_epi64((long long)(0 - RS_XXH64_P1), 0, (long long)RS_XXH64_P2,
                                            (long long)(RS_XXH64_P1 + RS_XXH64_P2));
    const __m512i rests[PAIRS] = {rests_of(texts), rests_of(texts + 2), rests_of(texts + 4),
                                  rests_of(texts + 6)};
    __m512i pairs[PAIRS] = {begin, begin, begin, begin}, lanes[4], words[4];
    hash_stripes(texts, pairs);
    transpose(pairs, lanes);
    transpose(rests, words);
    const __m512i length = _mm512_set_epi64((long long)texts[7].length, (long long)texts[6].length,
                                            (long long)texts[5].length, (long long)texts[4].length,
                                            (long long)texts[3].length, (long long)texts[2].length,
                                            (long long)texts[1].length, (long long)texts[0].length);
    const __mmask8 has = _mm512_cmpge_epu64_mask(length, all(STRIPE));
    __m512i hash = _mm512_mask_mov_epi64(all(RS_XXH64_P5), has, hash_lanes(lanes));
    hash = _mm512_add_epi64(hash, length);
    hash = hash_rest(hash, words, _mm512_and_si512(length, all(STRIPE - 1)));
    _mm512_storeu_si512(hashes, finish(hash));
}
#endif
