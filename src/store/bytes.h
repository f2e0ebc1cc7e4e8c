/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bytes.h - little-endian integers in byte strings of any alignment. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stdint.h>
#include <string.h>

/* memcpy and a swap, not shifts: compilers turn this, and loops over it, into vector loads. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RS_LITTLE(bits, v) __builtin_bswap##bits(v)
#else
#define RS_LITTLE(bits, v) (v)
#endif

static inline uint16_t rs_get16(const unsigned char *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof(v));
    return RS_LITTLE(16, v);
}

static inline uint32_t rs_get32(const unsigned char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return RS_LITTLE(32, v);
}

static inline uint64_t rs_get64(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return RS_LITTLE(64, v);
}

static inline void rs_put16(unsigned char *p, uint16_t v)
{
    v = RS_LITTLE(16, v);
    memcpy(p, &v, sizeof(v));
}

static inline void rs_put32(unsigned char *p, uint32_t v)
{
    v = RS_LITTLE(32, v);
    memcpy(p, &v, sizeof(v));
}

static inline void rs_put64(unsigned char *p, uint64_t v)
{
    v = RS_LITTLE(64, v);
    memcpy(p, &v, sizeof(v));
}

#endif
