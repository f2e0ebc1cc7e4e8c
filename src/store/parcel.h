/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parcel.h - a batch as far as it can be made ready without its store. */
#ifndef STORE_PARCEL_H
#define STORE_PARCEL_H

#include "store/lay.h"
#include "store/store_private.h"

struct rs_parcel_day {
    struct rs_laid_day laid;
    struct rs_chunk_sums sums;
    size_t length; /* of its chunk, which lies behind those of the days before */
};

struct rs_parcel {         /* one block of memory, with all that it points to */
    struct rs_batch batch; /* without its samples, but with their number */
    struct rs_parcel_day *days;
    size_t day_count, bytes;
    unsigned char *blobs;
};

#endif
