/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pull_quick.h - runs of array elements that are written alike (private to base). */
#ifndef BASE_PULL_QUICK_H
#define BASE_PULL_QUICK_H

#include "rightsize/when.h"

#define RS_GAP_MAX 32

/* What stands between two elements is the same all along an array: ",", or a line's indentation. */
struct rs_gap {
    char bytes[RS_GAP_MAX], mask[RS_GAP_MAX];
    size_t length; /* 0: not known */
    int64_t newlines;
};

void rs_gap_learn(struct rs_gap *gap, const char *from, const char *to);

struct rs_run {        /* where elements are taken from */
    const char *begin; /* of what may be read */
    const char *at;    /* behind the last element; moved on */
    const char *limit; /* no gap is looked for from here on: 64 bytes behind it are in sight, and
                          RS_WINDOW_PAD more may be read */
};

/* How many elements follow, each behind the gap, up to `room`; 0 at any time. */
size_t rs_quick_numbers(struct rs_run *run, const struct rs_gap *gap, double *out, size_t room);
/* The same of instants on the date that the cache knows. */
size_t rs_quick_instants(struct rs_run *run, const struct rs_gap *gap,
                         const struct rs_when_cache *cache, int64_t *out, size_t room);

#endif
