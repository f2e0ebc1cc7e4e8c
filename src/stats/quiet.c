/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/quiet.h"

#include <math.h>
#include <stdio.h>

enum { DAY = 24, FRIDAY = 4, ALL_DAY = 24 };

struct seen { /* of one kind of day, by hour of the day */
    double highest[DAY];
    int days[DAY];
};

static void look(const struct rs_hours *hours, struct seen *workdays, struct seen *weekends)
{
    int hour = rs_hour_of_day(hours->from), day = rs_weekday(hours->from);
    for (size_t i = 0; i < hours->count; i++) {
        struct seen *seen = day > FRIDAY ? weekends : workdays;
        double x = hours->max[i];
        if (!isnan(x)) {
            bool first = seen->days[hour]++ == 0;
            seen->highest[hour] = first || x > seen->highest[hour] ? x : seen->highest[hour];
        }
        hour = hour + 1 < DAY ? hour + 1 : 0;
        day = hour > 0 ? day : (day + 1) % 7;
    }
}

static bool is_quiet(const struct seen *seen, int hour, double threshold, int days)
{
    return seen->days[hour] >= days && seen->highest[hour] <= threshold;
}

static struct rs_quiet_run longest(const struct seen *seen, double threshold, int days,
                                   int min_hours)
{
    struct rs_quiet_run best = {0, 0, 0.0};
    int run = 0;
    for (int i = 0; i < 2 * DAY; i++) { /* twice around, for runs over midnight */
        run = is_quiet(seen, i % DAY, threshold, days) ? run + 1 : 0;
        if (run > best.hours && run <= ALL_DAY) {
            best.hours = run;
            best.start = (i - run + 1) % DAY;
        }
    }
    if (best.hours < min_hours) {
        return (struct rs_quiet_run){0, 0, 0.0};
    }
    best.highest = seen->highest[best.start];
    for (int i = 1; i < best.hours; i++) {
        best.highest = fmax(best.highest, seen->highest[(best.start + i) % DAY]);
    }
    return best;
}

enum rs_status rs_quiet_of(const struct rs_hours *hours, double threshold, int min_hours,
                           struct rs_quiet *out, struct rs_error *err)
{
    struct seen workdays = {{0}, {0}}, weekends = {{0}, {0}};
    if (min_hours < 1 || min_hours > ALL_DAY) {
        return rs_fail(err, RS_EINPUT, "%d hours are no part of a day", min_hours);
    }
    if (hours->count < RS_QUIET_DAYS * DAY) {
        return rs_fail(err, RS_ENODATA, "%zu hours are less than a week", hours->count);
    }
    look(hours, &workdays, &weekends);
    out->workday = longest(&workdays, threshold, RS_QUIET_WORKDAYS, min_hours);
    out->weekend = longest(&weekends, threshold, RS_QUIET_WEEKENDS, min_hours);
    out->hours_per_week = 5 * out->workday.hours + 2 * out->weekend.hours;
    return RS_OK;
}

bool rs_quiet_holds(const struct rs_quiet *quiet, int64_t at)
{
    const struct rs_quiet_run *run = rs_weekday(at) > FRIDAY ? &quiet->weekend : &quiet->workday;
    return (rs_hour_of_day(at) - run->start + DAY) % DAY < run->hours;
}

static size_t run_text(const struct rs_quiet_run *run, const char *days, char *out, size_t size)
{
    int n = 0;
    if (run->hours == ALL_DAY) {
        n = snprintf(out, size, "%s all day", days);
    } else if (run->hours > 0) {
        n = snprintf(out, size, "%s %02d:00-%02d:00", days, run->start,
                     (run->start + run->hours) % DAY);
    }
    return n > 0 ? (size_t)n : 0;
}

void rs_quiet_text(const struct rs_quiet *quiet, char out[static RS_QUIET_TEXT])
{
    char workdays[24] = "", weekends[24] = "";
    size_t a = run_text(&quiet->workday, "Mon-Fri", workdays, sizeof(workdays));
    size_t b = run_text(&quiet->weekend, "Sat-Sun", weekends, sizeof(weekends));
    snprintf(out, RS_QUIET_TEXT, "%s%s%s%s", workdays, a > 0 && b > 0 ? ", " : "", weekends,
             a + b > 0 ? " UTC" : "");
}
