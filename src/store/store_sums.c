/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_private.h"

#include <math.h>

void rs_chunk_sums_of(const double *values, size_t slots, struct rs_chunk_sums *out)
{
    *out = (struct rs_chunk_sums){0, INFINITY, -INFINITY, 0};
    for (size_t i = 0; i < slots; i++) {
        if (!isnan(values[i])) {
            out->n++;
            out->low = values[i] < out->low ? values[i] : out->low;
            out->high = values[i] > out->high ? values[i] : out->high;
            out->sum += values[i];
        }
    }
}
