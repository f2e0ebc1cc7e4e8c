/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moments.h - the highest moments of a day, apart from each other. */
#ifndef SAMPLE_MOMENTS_H
#define SAMPLE_MOMENTS_H

#include "rightsize/peak.h"
#include "rightsize/sample.h"

struct rs_moments {
    int64_t day; /* UTC, as days since 1970 */
    struct rs_peak held[RS_SAMPLE_PEAKS];
    size_t count;
    bool dirty; /* changed since they were stored */
    struct rs_peak candidate;
};

void rs_moments_begin(struct rs_moments *m, int64_t day);
/* Whether a sample's processor time (NaN: not known) is worth a look at the processes. */
bool rs_moments_wants(const struct rs_moments *m, int64_t at, double cpu_percent);
/* Take the candidate in: for a lower one nearby, into a free place, or for the lowest. */
void rs_moments_enter(struct rs_moments *m);

#endif
