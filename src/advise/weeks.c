/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/weeks.h"

#include "rightsize/top.h"

#include <math.h>

/* Week `week` of a trace, borrowed; false: it lies before the trace. */
static bool slice(const struct rs_series *trace, int64_t to, int week, struct rs_series *out)
{
    int64_t end = to - week * RS_WEEK, begin = end - RS_WEEK;
    int64_t first = (begin - trace->from + trace->step - 1) / trace->step;
    int64_t last = (end - trace->from + trace->step - 1) / trace->step; /* one past */
    first = begin < trace->from ? 0 : first;
    last = last < (int64_t)trace->slots ? last : (int64_t)trace->slots;
    if (end <= trace->from || first >= last) {
        return false;
    }
    *out = *trace;
    out->from = rs_series_at(trace, (size_t)first);
    out->values = trace->values + first;
    out->slots = (size_t)(last - first);
    return true;
}

enum rs_status rs_weeks_quantile(struct rs_workspace *work, const struct rs_series *trace,
                                 int64_t to, int weeks, double q, bool *found, double *out,
                                 int64_t *at, struct rs_error *err)
{
    struct rs_series part, busiest = *trace;
    double most = -INFINITY;
    for (int week = 0; week < weeks; week++) {
        double reached = 0.0;
        if (!slice(trace, to, week, &part)) {
            continue;
        }
        enum rs_status rc = rs_quantiles_of(work, part.values, part.slots, &q, 1, &reached, err);
        if (rc != RS_OK && rc != RS_ENODATA) {
            return rc;
        }
        if (rc == RS_OK && reached > most) {
            most = reached;
            busiest = part;
        }
    }
    *found = most > -INFINITY;
    if (*found) { /* a week's first instant is looked for only in the one that decides */
        *out = most;
        *at = rs_series_at(&busiest, rs_values_reach(busiest.values, busiest.slots, most));
    }
    return RS_OK;
}

bool rs_weeks_is_one(const struct rs_series *trace, int64_t to)
{
    struct rs_series part;
    return slice(trace, to, 0, &part) && part.slots == trace->slots;
}

size_t rs_weeks_peaks(const struct rs_series *trace, int64_t to, double peaks[RS_MAX_WEEKS])
{
    struct rs_series part;
    size_t count = 0;
    while (count < RS_MAX_WEEKS && slice(trace, to, (int)count, &part)) {
        peaks[count++] = rs_highest_of(part.values, part.slots);
    }
    return count;
}
