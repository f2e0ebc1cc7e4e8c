/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * peak.h - which processes are busy at this moment (level 2, room sample).
 *
 * Two scans of /proc/PID a moment apart give each process's share between them. Names are the
 * kernel's (comm); command lines are never read.
 */
#ifndef RIGHTSIZE_PEAK_H
#define RIGHTSIZE_PEAK_H

#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_PEAK_RANKS 5

enum rs_peak_kind {
    RS_PEAK_CPU,    /* share: percent of all processors' time */
    RS_PEAK_MEMORY, /* share: percent of the machine's memory, resident */
    RS_PEAK_IO,     /* share: percent of the bytes that all processes moved to or from disks */
    RS_PEAK_KINDS
};
const char *rs_peak_kind_name(enum rs_peak_kind kind); /* "cpu", "memory", "io" */

struct rs_peak_process {
    char name[32];
    char unit[96]; /* service, scope or control group; empty: not known */
    double share;
};

struct rs_peak {
    int64_t at;         /* start of the sample it belongs to */
    double cpu_percent; /* of the machine in that sample */
    struct rs_peak_process top[RS_PEAK_KINDS][RS_PEAK_RANKS]; /* greatest first */
    size_t count[RS_PEAK_KINDS];
};

struct rs_peak_scan; /* the first scan's counters; about 300 KB, touched only when it runs */

RS_CHECKED enum rs_status rs_peak_open(const char *root, struct rs_peak_scan **out,
                                       struct rs_error *err);
void rs_peak_close(struct rs_peak_scan *scan); /* NULL is fine */
void rs_peak_begin(struct rs_peak_scan *scan); /* first scan */
/*
 * Second scan, `seconds` after the first, on a machine of `vcpus` and `memory` bytes; fills `top`
 * and `count`. A process that began in between counts whole; one that ended is not seen.
 */
void rs_peak_end(struct rs_peak_scan *scan, double seconds, double vcpus, int64_t memory,
                 struct rs_peak *out);

#endif
