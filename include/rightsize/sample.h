/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sample.h - sampling this machine for as long as asked (level 2).
 *
 * A reading falls on each multiple of the step; a sample is the mean over the time since the last
 * one (gauges: as read) and stands at the start of its step. Where more than three steps have
 * passed (suspended, starved), or the wall clock moved otherwise than the time since boot by more
 * than half a step, there is a gap and counting begins anew. What changes slowly (filesystems,
 * load, processes, OOM kills) is sampled at a step of at least RS_SAMPLE_SLOW seconds.
 */
#ifndef RIGHTSIZE_SAMPLE_H
#define RIGHTSIZE_SAMPLE_H

#include "rightsize/peak.h"
#include "rightsize/series.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stdint.h>

#define RS_SAMPLE_SLOW 60
#define RS_SAMPLE_PEAKS 3         /* moments remembered a UTC day */
#define RS_SAMPLE_PEAK_PERCENT 20 /* no peak at or below this */
#define RS_SAMPLE_PEAK_APART 900  /* seconds between two peaks of a day */
#define RS_SAMPLE_FLUSH_MAX 3600

struct rs_sample_clock { /* the only way to learn the time and to let it pass */
    /* Nanoseconds since 1970 and since boot, the latter counting suspended time. */
    void (*now)(void *payload, int64_t *wall, int64_t *boot);
    /* Let `nanoseconds` pass; false: asked to stop. */
    bool (*sleep)(void *payload, int64_t nanoseconds);
    void *payload;
};

struct rs_sample_sink { /* where samples go; all borrowed for the call */
    /* One flush: series of this machine and moments of one day. A failure is told by `failed` and
     * tried again at the next flush with what has come since. */
    enum rs_status (*flush)(void *payload, const struct rs_batch *batches, size_t batch_count,
                            const struct rs_peak *peaks, size_t peak_count, struct rs_error *err);
    void (*failed)(void *payload, const struct rs_error *err, int64_t dropped);
    void *payload;
};

struct rs_sample_run {
    const char *root;     /* "/" or a recorded one */
    const char *resource; /* id that samples are filed under */
    const char *provider;
    int64_t step;     /* seconds: a divisor of a day, 1..3600 */
    int64_t flush;    /* seconds between flushes, 1..RS_SAMPLE_FLUSH_MAX */
    int64_t duration; /* seconds; 0: until asked to stop */
    bool once;        /* two readings a step apart, one sample, wherever they fall */
    struct rs_sample_clock clock;
    struct rs_sample_sink sink;
};

struct rs_sample_tally {
    int64_t rows;    /* instants sampled */
    int64_t values;  /* samples */
    int64_t gaps;    /* intervals without a sample: suspended, clock set, starved */
    int64_t dropped; /* instants lost because they could not be stored for long */
    bool stopped;    /* by the clock's sleep */
};

/*
 * Sample until the duration is over or the clock's sleep says to stop; the last flush comes before
 * the return. RS_EIO: the root is not that of a Linux machine; RS_EUSAGE: step or flush out of
 * range; RS_ENOMEM; and what the sink answers to the last flush. *tally is filled in any case.
 */
RS_CHECKED enum rs_status rs_sample_run(const struct rs_sample_run *run,
                                        struct rs_sample_tally *tally, struct rs_error *err);

#endif
