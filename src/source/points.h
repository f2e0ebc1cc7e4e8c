/* SPDX-License-Identifier: GPL-3.0-or-later */
/* points.h - Timestamps and Values of one result of get-metric-data (private to source). */
#ifndef RIGHTSIZE_SOURCE_POINTS_H
#define RIGHTSIZE_SOURCE_POINTS_H

#include "rightsize/pull.h"
#include "source/stamp.h"

struct rs_points {
    int64_t *at;
    double *values; /* NaN where null was written */
    size_t at_count, value_count;
    /* private */
    size_t at_capacity, value_capacity;
    struct rs_pull *pull;
    struct rs_stamps stamps;
    struct rs_buffer stamps_text; /* of the instants at[0..repeated), to know them again */
    size_t repeated, unlike;      /* unlike: arrays since that were others */
};

void rs_points_init(struct rs_points *p);
void rs_points_release(struct rs_points *p);
void rs_points_clear(struct rs_points *p); /* before each result */

/*
 * After the KEY, the whole array is appended. RS_EINPUT, with the line: no array, an element that
 * is no instant or no number, or more than 4194304 of them.
 */
RS_CHECKED enum rs_status rs_points_read_stamps(struct rs_points *p, struct rs_pull *pull,
                                                struct rs_error *err);
RS_CHECKED enum rs_status rs_points_read_values(struct rs_points *p, struct rs_pull *pull,
                                                struct rs_error *err);

#endif
