/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/hours.h"

#include "stats/kernel.h"

#include <math.h>
#include <stdlib.h>

static int64_t hour_of(int64_t at)
{
    int64_t rest = at % RS_HOUR_SECONDS;
    return at - (rest < 0 ? rest + RS_HOUR_SECONDS : rest);
}

int rs_hour_of_day(int64_t at)
{
    int64_t second = at % RS_DAY_SECONDS;
    return (int)((second < 0 ? second + RS_DAY_SECONDS : second) / RS_HOUR_SECONDS);
}

int rs_weekday(int64_t at)
{
    int64_t day = at / RS_DAY_SECONDS - (at % RS_DAY_SECONDS < 0);
    return (int)(((day + 3) % 7 + 7) % 7); /* day 0 was a Thursday */
}

void rs_hours_init(struct rs_hours *hours)
{
    *hours = (struct rs_hours){0};
}

void rs_hours_release(struct rs_hours *hours)
{
    free(hours->mean);
    *hours = (struct rs_hours){0};
}

/* Slots [first, end); whole hours of as many samples each are read in one go. */
static enum rs_status take_hours(const struct rs_series *s, size_t first, size_t end,
                                 struct rs_hours *out, struct rs_error *err)
{
    const struct rs_kernel *kernel = rs_kernel_of(RS_VARIANT_BEST);
    bool even = RS_HOUR_SECONDS % s->step == 0;
    size_t i = first, per_hour = (size_t)(RS_HOUR_SECONDS / s->step), runs = 1;
    for (size_t hour = 0; hour < out->count; hour += runs) {
        int64_t end_at = out->from + ((int64_t)hour + 1) * RS_HOUR_SECONDS;
        size_t next = (size_t)((end_at - s->from + s->step - 1) / s->step);
        size_t length = (next < end ? next : end) - i;
        runs = even && length == per_hour ? (end - i) / per_hour : 1;
        if (!kernel->runs(s->values + i, runs, length, out->mean + hour, out->max + hour)) {
            return rs_fail(err, RS_EINPUT, "a sample of %s is infinite",
                           rs_metric_info(s->metric)->name);
        }
        i += runs * length;
    }
    return RS_OK;
}

enum rs_status rs_hours_of(const struct rs_series *s, struct rs_hours *out, struct rs_error *err)
{
    const struct rs_kernel *kernel = rs_kernel_of(RS_VARIANT_BEST);
    size_t first = 0, end = kernel->end(s->values, s->slots);
    if (end == 0 || s->step > RS_HOUR_SECONDS) {
        return rs_fail(err, RS_ENODATA, "no samples of an hour or less");
    }
    int64_t to = hour_of(rs_series_at(s, end - 1)) + RS_HOUR_SECONDS;
    int64_t since = to - (int64_t)RS_MAX_DAYS * RS_DAY_SECONDS;
    if (since > s->from) {
        first = (size_t)((since - s->from + s->step - 1) / s->step);
    }
    first += kernel->find(s->values + first, end - first, -INFINITY);
    struct rs_hours hours = {.from = hour_of(rs_series_at(s, first))};
    hours.count = (size_t)((to - hours.from) / RS_HOUR_SECONDS);
    hours.mean = malloc(2 * hours.count * sizeof(*hours.mean));
    if (hours.mean == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu hours", hours.count);
    }
    hours.max = hours.mean + hours.count;
    enum rs_status rc = take_hours(s, first, end, &hours, err);
    if (rc == RS_OK) {
        *out = hours;
    } else {
        rs_hours_release(&hours);
    }
    return rc;
}

void rs_days_of(const struct rs_hours *hours, struct rs_days *out)
{
    size_t days = hours->count / 24;
    days = days < RS_MAX_DAYS ? days : RS_MAX_DAYS;
    size_t hour = hours->count - 24 * days;
    out->count = days;
    out->from = hours->from + (int64_t)hour * RS_HOUR_SECONDS;
    for (size_t day = 0; day < days; day++) {
        double sum = 0.0;
        int n = 0;
        for (size_t end = hour + 24; hour < end; hour++) {
            double mean = hours->mean[hour];
            sum += mean == mean ? mean : 0.0; /* without a branch a gap would mislead */
            n += mean == mean ? 1 : 0;
        }
        out->level[day] = n >= RS_DAY_HOURS_MIN ? sum / n : NAN;
    }
}
