/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lanes.h - two doubles at a time, in the vectors that gcc and clang have on every processor.
 *
 * Every lane is computed as a lone double would be, so that no answer depends on the processor; a
 * sum over lanes would not be, and is left to those who need no particular order.
 */
#ifndef RIGHTSIZE_ADVISE_LANES_H
#define RIGHTSIZE_ADVISE_LANES_H

#include <stdint.h>
#include <string.h>

typedef double rs_pair __attribute__((vector_size(16)));
typedef int64_t rs_pair_bits __attribute__((vector_size(16))); /* of a comparison: 0 or -1 */

static inline rs_pair rs_pair_load(const double *from)
{
    rs_pair pair;
    memcpy(&pair, from, sizeof(pair));
    return pair;
}

static inline void rs_pair_store(double *to, rs_pair pair)
{
    memcpy(to, &pair, sizeof(pair));
}

static inline rs_pair rs_pair_of(double value)
{
    return (rs_pair){value, value};
}

static inline rs_pair rs_pair_pick(rs_pair_bits which, rs_pair yes, rs_pair no)
{
    return (rs_pair)((which & (rs_pair_bits)yes) | (~which & (rs_pair_bits)no));
}

#endif
