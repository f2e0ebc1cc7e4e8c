/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/gaps.h"

#include "rightsize/series.h"

#include <inttypes.h>
#include <stdlib.h>

static void count(struct rs_gaps *gaps, int64_t gap, int64_t times)
{
    size_t i = 0;
    while (i < gaps->count && gaps->gap[i] != gap) {
        i++;
    }
    if (i == RS_GAPS_MAX) {
        return;
    }
    if (i == gaps->count) {
        gaps->gap[i] = gap;
        gaps->times[i] = 0;
        gaps->count++;
    }
    gaps->times[i] += times;
    if (i > 0 && gaps->times[i] > gaps->times[i - 1]) { /* common ones first keep the walk short */
        int64_t gap_before = gaps->gap[i - 1], times_before = gaps->times[i - 1];
        gaps->gap[i - 1] = gaps->gap[i];
        gaps->times[i - 1] = gaps->times[i];
        gaps->gap[i] = gap_before;
        gaps->times[i] = times_before;
    }
}

void rs_gaps_add(struct rs_gaps *gaps, int64_t gap)
{
    if (gap > 0) {
        count(gaps, gap, 1);
    }
}

void rs_gaps_add_all(struct rs_gaps *gaps, const int64_t *at, size_t length)
{
    for (size_t i = 1, next; i < length; i = next) {
        int64_t gap = at[i] - at[i - 1];
        for (next = i + 1; next < length && at[next] - at[next - 1] == gap; next++) {
        }
        if (gap > 0) {
            count(gaps, gap, (int64_t)(next - i));
        }
    }
}

void rs_gaps_merge(struct rs_gaps *gaps, const struct rs_gaps *from)
{
    for (size_t i = 0; i < from->count; i++) {
        count(gaps, from->gap[i], from->times[i]);
    }
}

int64_t rs_gaps_clear(const struct rs_gaps *gaps)
{
    enum { TIMES_MIN = 3 };
    int64_t all = 0;
    size_t best = 0;
    for (size_t i = 0; i < gaps->count; i++) {
        all += gaps->times[i];
        best = gaps->times[i] > gaps->times[best] ? i : best;
    }
    return all > 0 && gaps->times[best] >= TIMES_MIN && 2 * gaps->times[best] > all
               ? gaps->gap[best]
               : 0;
}

static enum rs_status checked_step(int64_t gap, const char *which, int64_t *step,
                                   struct rs_error *err)
{
    if (gap == 0) {
        return rs_fail(err, RS_EINPUT,
                       "one time stamp does not tell its step: give --step SECONDS");
    }
    if (!rs_step_is_valid(gap)) {
        return rs_fail(err, RS_EINPUT,
                       "the %s gap between time stamps, %" PRId64
                       " s, is no step that divides a day: give --step SECONDS",
                       which, gap);
    }
    *step = gap;
    return RS_OK;
}

enum rs_status rs_gaps_step(const struct rs_gaps *gaps, int64_t *step, struct rs_error *err)
{
    int64_t best = 0, times = 0;
    for (size_t i = 0; i < gaps->count; i++) {
        if (gaps->times[i] > times || (gaps->times[i] == times && gaps->gap[i] < best)) {
            best = gaps->gap[i];
            times = gaps->times[i];
        }
    }
    return checked_step(best, "commonest", step, err);
}

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

enum rs_status rs_gaps_smallest(int64_t *at, size_t count, int64_t *step, struct rs_error *err)
{
    int64_t smallest = 0;
    if (count > 1) {
        qsort(at, count, sizeof(*at), by_size);
    }
    for (size_t i = 1; i < count; i++) {
        int64_t gap = at[i] - at[i - 1];
        if (gap > 0 && (smallest == 0 || gap < smallest)) {
            smallest = gap;
        }
    }
    return checked_step(smallest, "smallest", step, err);
}
