/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lay.h - the samples of a batch on the slots of their days; touches no store. */
#ifndef STORE_LAY_H
#define STORE_LAY_H

#include "rightsize/series.h"
#include "rightsize/status.h"

struct rs_lay { /* a walk over the days of a batch */
    const struct rs_batch *batch;
    size_t *order; /* NULL: the samples of each day lie together as they are */
    size_t next;
    uint64_t inverse; /* of the step, scaled */
};

struct rs_laid_day {
    int64_t day, first_at, last_at; /* instants of the first and the last slot that is filled */
    int64_t count;                  /* slots filled */
    int64_t merged;                 /* samples on a slot that another one had taken already */
};

/* Only where this is RS_OK has the walk to be ended. RS_EINPUT as for rs_store_put. */
RS_CHECKED enum rs_status rs_lay_begin(struct rs_lay *lay, const struct rs_batch *batch,
                                       struct rs_error *err);
/* The next day into `given`, NaN where there is no sample: RS_DAY_SECONDS / step slots. */
bool rs_lay_next(struct rs_lay *lay, double *given, struct rs_laid_day *out);
void rs_lay_end(struct rs_lay *lay);

#endif
