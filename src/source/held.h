/* SPDX-License-Identifier: GPL-3.0-or-later */
/* held.h - samples of one series while they are put together (private to source). */
#ifndef RIGHTSIZE_SOURCE_HELD_H
#define RIGHTSIZE_SOURCE_HELD_H

#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

struct rs_held { /* zeroed is empty */
    int64_t *at;
    double *values;
    float *weights; /* NULL: all 0 */
    size_t count;
    /* private */
    size_t at_capacity, value_capacity, weight_capacity;
    struct rs_held *next; /* the owner's */
};

void rs_held_free(struct rs_held *held);  /* NULL is fine */
void rs_held_clear(struct rs_held *held); /* keeps the room for stamps and values */

/* One more, and many more of weight 0. */
RS_CHECKED enum rs_status rs_held_add(struct rs_held *held, int64_t at, double value, float weight,
                                      struct rs_error *err);
RS_CHECKED enum rs_status rs_held_add_many(struct rs_held *held, const int64_t *at,
                                           const double *values, size_t count,
                                           struct rs_error *err);
/*
 * Ascending stamps, each once: of equals that of the greatest weight stays, among these the last.
 * The weights have served and are void.
 */
RS_CHECKED enum rs_status rs_held_settle(struct rs_held *held, struct rs_error *err);

#endif
