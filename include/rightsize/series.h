/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * series.h - samples of one statistic of one metric of one resource (level 1).
 *
 * Samples travel in batches of one series; in memory a series is one double per step, NaN where
 * nothing was measured.
 */
#ifndef RIGHTSIZE_SERIES_H
#define RIGHTSIZE_SERIES_H

#include "rightsize/metric.h"
#include "rightsize/status.h"
#include "rightsize/when.h"

#include <stddef.h>
#include <stdint.h>

/* A step must divide a day: 1, 2, ... 60, 300, 3600, 86400 s. */
bool rs_step_is_valid(int64_t step);

/*
 * What a resource is: an instance, or a part of one whose load belongs to it. A GPU has no id of
 * its own and gets one from the instance's (resource.h).
 */
enum rs_resource_kind { RS_KIND_INSTANCE, RS_KIND_VOLUME, RS_KIND_GPU };

struct rs_batch {         /* everything borrowed for the call */
    const char *resource; /* "i-0abc...", "vol-0abc...", "i-0abc.../gpu-0", a host name; 1..255
                             bytes of UTF-8 */
    enum rs_resource_kind kind;
    const char *provider, *account, *region; /* NULL: not known from this input */
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;         /* seconds each sample stands for */
    const int64_t *at;    /* start of each interval, any order; duplicates: the later one counts */
    const double *values; /* canonical unit, within the metric's range */
    size_t count;
};

/* For who keeps a batch: what its four names take with their NULs, and they are moved there. */
size_t rs_batch_names_size(const struct rs_batch *batch);
void rs_batch_names_move(struct rs_batch *batch, char *to);

struct rs_series {
    enum rs_metric metric;
    enum rs_statistic statistic;
    int64_t step;   /* seconds, > 0 */
    int64_t from;   /* instant of slot 0, a multiple of step */
    double *values; /* `slots` values, NaN = gap; owned */
    size_t slots;
};

void rs_series_init(struct rs_series *s);
/* All gaps. RS_ENOMEM. `from` and `to` are multiples of step, from < to. */
RS_CHECKED enum rs_status rs_series_allocate(struct rs_series *s, enum rs_metric metric,
                                             enum rs_statistic statistic, int64_t step,
                                             struct rs_window window, struct rs_error *err);
size_t rs_series_count(const struct rs_series *s); /* slots that hold a value */
int64_t rs_series_at(const struct rs_series *s, size_t slot);
void rs_series_release(struct rs_series *s);

#endif
