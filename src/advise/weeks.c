/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/weeks.h"

#include "rightsize/top.h"

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

enum rs_status rs_weeks_quantile(const struct rs_series *trace, int64_t to, int weeks, double q,
                                 bool *found, double *out, int64_t *at, struct rs_error *err)
{
    *found = false;
    for (int week = 0; week < weeks; week++) {
        struct rs_series part;
        struct rs_summary s;
        if (!slice(trace, to, week, &part) || rs_series_count(&part) == 0) {
            continue;
        }
        enum rs_status rc = rs_summary_of(&part, q, &s, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (!*found || s.quantile > *out) {
            *out = s.quantile;
            *at = s.quantile_at;
            *found = true;
        }
    }
    return RS_OK;
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
