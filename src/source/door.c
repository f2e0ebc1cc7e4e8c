/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/door.h"

#include "rightsize/text.h"
#include "source/shown.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

bool rs_door_admits(const struct rs_source_request *request, struct rs_tally *tally, int64_t line,
                    enum rs_metric metric, int64_t at, double value)
{
    const struct rs_metric_info *info = rs_metric_info(metric);
    char when[RS_WHEN_TEXT];
    if (!isfinite(value)) {
        rs_tally_reject(tally, 1, "line %" PRId64 ": %s is not a finite number", line, info->name);
        return false;
    }
    if (value < info->min || value > info->max) {
        rs_tally_reject(tally, 1, "line %" PRId64 ": %s %.12g is outside %g..%.12g", line,
                        info->name, value, info->min, info->max);
        return false;
    }
    if (at < RS_DOOR_EARLIEST) {
        rs_tally_reject(tally, 1, "line %" PRId64 ": time stamp %" PRId64 " is before 2006-01-01",
                        line, at);
        return false;
    }
    if (at > request->now + RS_DOOR_AHEAD) {
        if (at < INT64_C(253402300800)) { /* rs_when_format ends with the year 9999 */
            rs_when_format(at, when);
            rs_tally_reject(tally, 1, "line %" PRId64 ": time stamp %s lies in the future", line,
                            when);
        } else {
            rs_tally_reject(tally, 1, "line %" PRId64 ": time stamp %" PRId64 " lies in the future",
                            line, at);
        }
        return false;
    }
    return true;
}

__extension__ typedef double reals __attribute__((vector_size(16)));
__extension__ typedef uint64_t words __attribute__((vector_size(16)));

/* All bits in each lane: all are within low..high, but for the odd one at the end. */
static words all_within(const double *values, size_t count, double low, double high)
{
    words within = {UINT64_MAX, UINT64_MAX};
    for (size_t i = 0; i + 2 <= count; i += 2) { /* NaN compares as false */
        reals v;
        memcpy(&v, values + i, sizeof(v));
        within &= (words)(v >= low) & (words)(v <= high);
    }
    return within;
}

/* The sign bit is set in a lane where one is outside, but for the odd one at the end. */
static words any_outside(const int64_t *at, size_t count, int64_t first, int64_t last)
{
    words outside = {0, 0};
    for (size_t i = 0; i + 2 <= count; i += 2) {
        words v;
        memcpy(&v, at + i, sizeof(v));
        outside |= (v - (uint64_t)first) | ((uint64_t)last - v);
    }
    return outside;
}

bool rs_door_admits_all(const struct rs_source_request *request, enum rs_metric metric,
                        const int64_t *at, const double *values, size_t count)
{
    const struct rs_metric_info *info = rs_metric_info(metric);
    const double low = fmax(info->min, -DBL_MAX), high = fmin(info->max, DBL_MAX);
    const int64_t latest = request->now + RS_DOOR_AHEAD;
    words within = all_within(values, count, low, high);
    words outside = any_outside(at, count, RS_DOOR_EARLIEST, latest);
    bool fine = (within[0] & within[1]) != 0 && (outside[0] | outside[1]) >> 63 == 0;
    for (size_t i = count - count % 2; fine && i < count; i++) {
        fine =
            values[i] >= low && values[i] <= high && at[i] >= RS_DOOR_EARLIEST && at[i] <= latest;
    }
    return fine;
}

enum rs_status rs_door_check_id(const char *id, int64_t line, struct rs_error *err)
{
    size_t length = strlen(id);
    char shown[RS_SHOWN];
    if (length == 0) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": the name of the instance is empty", line);
    }
    if (length > 255) {
        return rs_fail(err, RS_EINPUT, "line %" PRId64 ": the name '%s' is longer than 255 bytes",
                       line, rs_shown(id, shown));
    }
    bool clean = rs_text_is_utf8(id, length);
    for (size_t i = 0; i < length; i++) {
        clean = clean && (unsigned char)id[i] >= 0x20 && id[i] != 0x7F;
    }
    if (!clean) {
        return rs_fail(err, RS_EINPUT,
                       "line %" PRId64 ": the name '%s' has control characters or is not UTF-8",
                       line, rs_shown(id, shown));
    }
    return RS_OK;
}
