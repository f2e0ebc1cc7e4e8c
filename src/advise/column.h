/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * column.h - one capacity of many offers in ascending order, so that which of them have too little
 * for a machine is looked up instead of asked of each.
 *
 * The set of the lowest n is a mark (of the lowest multiple of `stride`) and a few more, whatever
 * n is. With at most 64 marks a column takes 20 bytes an offer.
 */
#ifndef RIGHTSIZE_ADVISE_COLUMN_H
#define RIGHTSIZE_ADVISE_COLUMN_H

#include "advise/set.h"
#include "rightsize/status.h"

struct rs_column {
    void *memory; /* owned; NULL: not made yet */
    size_t count, known, stride;
    double *values;    /* the known ones, ascending */
    uint32_t *order;   /* whose they are */
    uint64_t *marks;   /* the set of the first stride, 2 stride, 3 stride ... of them */
    uint64_t *unknown; /* the set of all others */
};

/* values: by offer, NaN where unknown; borrowed for the call. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_column_make(const double *values, size_t count, struct rs_column *out,
                                         struct rs_error *err);
/* The set of those known to be below `least`, which may be infinite. */
void rs_column_below(const struct rs_column *column, double least, uint64_t *out);
void rs_column_release(struct rs_column *column); /* a zeroed one is fine */

#endif
