/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_private.h"

#include <math.h>
#include <string.h>

/* Gaps without a branch, which would be guessed wrong at each: NaN compares as false, and adding 0
 * changes no sum that began with 0. */
void rs_chunk_sums_of(const double *values, size_t slots, struct rs_chunk_sums *out)
{
    int64_t n = 0;
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (size_t i = 0; i < slots; i++) {
        double v = values[i];
        uint64_t bits, present = v == v ? UINT64_MAX : 0;
        memcpy(&bits, &v, sizeof(bits));
        bits &= present;
        n += (int64_t)(present & 1);
        low = v < low ? v : low;
        high = v > high ? v : high;
        memcpy(&v, &bits, sizeof(v));
        sum += v;
    }
    *out = (struct rs_chunk_sums){n, low, high, sum};
}
