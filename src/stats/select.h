/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * select.h - the values of a few ranks without sorting the rest.
 *
 * Why it is fast: the bits of a double that is not negative order as the number does. A bucket is
 * a run of those bits, 1,023 of them from the maximum down to at most 32 octaves below it and one
 * for all that is lower. Counting needs no branch on a sample; only the buckets that hold a wanted
 * rank are read again, which is some percent of the samples.
 * Why it is exact: a label never decreases with the value, so the samples of a bucket take the
 * same ranks as in the sorted whole. No value is computed, only chosen.
 * Why it cannot be slow: a bucket that is still large is treated the same way, three times at
 * most, and then sorted by radix. -0.0 comes before 0.0.
 */
#ifndef RIGHTSIZE_STATS_SELECT_H
#define RIGHTSIZE_STATS_SELECT_H

#include "stats/kernel.h"

enum { RS_RANKS_MOST = 32, RS_BUCKETS = 1024 };

struct rs_tables {
    uint16_t counts[RS_LABELS][RS_BUCKETS];
    uint32_t totals[RS_BUCKETS];
    uint8_t wanted[RS_BUCKETS]; /* 1 + the number of a wanted bucket, 0: not wanted */
};

/* What selecting from up to `slots` values takes; see workspace.h. */
struct rs_room {
    struct rs_tables *tables;
    uint64_t *words;               /* slots / 4, up to a whole block of labels */
    uint32_t *where;               /* slots and a block of labels */
    double *sorted, *left, *right; /* slots each */
};

/*
 * The values at or above `bound` stand at room->where[0..count), ascending. INFINITY: not known,
 * and room->where is undefined.
 */
struct rs_reached {
    double bound;
    size_t count;
};

/*
 * room->sorted[ranks[i]] becomes the value of that rank, ranks counted from 0 over the values
 * present. The rest of `sorted` is undefined.
 * extent: of the values, finite, count > 0. ranks: ascending, each below extent->count.
 */
struct rs_reached rs_select(const struct rs_kernel *kernel, const struct rs_room *room,
                            const double *values, size_t slots, const struct rs_extent *extent,
                            const size_t *ranks, size_t rank_count);

#endif
