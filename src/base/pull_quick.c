/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pull_quick.h"

#include "base/decimal_quick.h"

#include <string.h>

void rs_gap_learn(struct rs_gap *gap, const char *from, const char *to)
{
    size_t length = (size_t)(to - from);
    if (length > RS_GAP_MAX) {
        return;
    }
    memset(gap, 0, sizeof(*gap));
    memset(gap->mask, 0xFF, length);
    memcpy(gap->bytes, from, length);
    gap->length = length;
    for (const char *p = from; p < to; p++) {
        gap->newlines += *p == '\n';
    }
}

#ifdef RS_QUICK
struct pattern { /* of a gap, for comparing 32 bytes at once */
    __m128i bytes[2];
    unsigned wanted; /* a bit for each byte of the gap */
};

static void make_pattern(const struct rs_gap *gap, struct pattern *out)
{
    memcpy(out->bytes, gap->bytes, sizeof(out->bytes));
    out->wanted = gap->length == RS_GAP_MAX ? UINT32_MAX : (1U << gap->length) - 1;
}

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline bool is_gap(const struct pattern *p, const char *at)
{
    unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), p->bytes[0]));
    unsigned high = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at + 16), p->bytes[1]));
    return ((low | high << 16) & p->wanted) == p->wanted;
}

/* An element is done with where the next gap begins, so that nothing else needs to be looked for.
 */
size_t rs_quick_numbers(struct rs_run *run, const struct rs_gap *gap, double *out, size_t room)
{
    const char *at = run->at;
    struct pattern pattern;
    size_t n = 0;
    if (gap->length == 0 || at - run->begin < RS_QUICK_BEFORE) {
        return 0;
    }
    make_pattern(gap, &pattern);
    while (n < room && at < run->limit && is_gap(&pattern, at)) {
        const char *stop = rs_decimal_quick(at + gap->length, &out[n]);
        if (stop == NULL || *stop != gap->bytes[0]) {
            break;
        }
        at = stop;
        n++;
    }
    run->at = at;
    return n;
}

struct stamp {            /* "2026-11-22T09:10:00+00:00", its quotes too */
    uint64_t date[2];     /* from its first byte, and from its fifth: up to the T */
    __m128i least, range; /* of each byte from the T on */
    ptrdiff_t length;
};

static uint64_t word(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* 'Z' or "+00:00", as the one before. */
static void make_stamp(const struct rs_when_cache *cache, bool zulu, struct stamp *out)
{
    char date[1 + sizeof(cache->date)] = "\"";
    memcpy(date + 1, cache->date, sizeof(cache->date));
    out->date[0] = word(date);
    out->date[1] = word(date + 4);
    out->least = load(zulu ? "T00:00:00Z\"\0\0\0\0\0" : "T00:00:00+00:00\"");
    out->range = load(zulu ? "\0\2\11\0\5\11\0\5\11\0\0\377\377\377\377\377"
                           : "\0\2\11\0\5\11\0\5\11\0\0\0\0\0\0\0");
    out->length = zulu ? 22 : 27;
}

/* Seconds of the day, or -1. */
static inline int64_t read_stamp(const struct stamp *s, const char *text)
{
    const __m128i weights = _mm_set_epi16(1, 10, 0, 1, 10, 0, 1, 10);
    __m128i x = _mm_sub_epi8(load(text + 11), s->least);
    int fits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, s->range), x));
    if (((word(text) ^ s->date[0]) | (word(text + 4) ^ s->date[1])) != 0 || fits != 0xFFFF) {
        return -1;
    }
    /* ten hours and hours, ten minutes, minutes, ten seconds and seconds */
    x = _mm_unpacklo_epi8(_mm_srli_si128(x, 1), _mm_setzero_si128());
    x = _mm_madd_epi16(x, weights);
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(x);
    uint64_t high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(x, x));
    int64_t hour = (int64_t)(low & 0xFFFFFFFFU);
    int64_t minute = (int64_t)(low >> 32) + (int64_t)(high & 0xFFFFFFFFU);
    return hour > 23 ? -1 : hour * 3600 + minute * 60 + (int64_t)(high >> 32);
}

size_t rs_quick_instants(struct rs_run *run, const struct rs_gap *gap,
                         const struct rs_when_cache *cache, int64_t *out, size_t room)
{
    const char *at = run->at;
    struct pattern pattern;
    struct stamp stamp;
    size_t n = 0;
    if (gap->length == 0 || at - run->begin < RS_QUICK_BEFORE || cache->date[0] == '\0') {
        return 0;
    }
    make_pattern(gap, &pattern);
    make_stamp(cache, at[-2] == 'Z', &stamp);
    while (n < room && at < run->limit && is_gap(&pattern, at)) {
        int64_t second = read_stamp(&stamp, at + gap->length);
        if (second < 0) {
            break;
        }
        out[n++] = cache->midnight + second;
        at += (ptrdiff_t)gap->length + stamp.length;
    }
    run->at = at;
    return n;
}
#else
size_t rs_quick_numbers(struct rs_run *run, const struct rs_gap *gap, double *out, size_t room)
{
    (void)run, (void)gap, (void)out, (void)room;
    return 0;
}

size_t rs_quick_instants(struct rs_run *run, const struct rs_gap *gap,
                         const struct rs_when_cache *cache, int64_t *out, size_t room)
{
    (void)run, (void)gap, (void)cache, (void)out, (void)room;
    return 0;
}
#endif
