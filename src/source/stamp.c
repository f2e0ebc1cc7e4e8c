/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/stamp.h"

#include "rightsize/number.h"
#include "source/shown.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static bool two_digits(const char *p, int *out)
{
    unsigned tens = (unsigned)p[0] - '0', ones = (unsigned)p[1] - '0';
    *out = (int)(tens * 10 + ones);
    return tens <= 9 && ones <= 9;
}

/* "HH:MM:SS" as seconds of the day, or false. */
static bool time_of_day(const char *p, int64_t *out)
{
    int hour = 0, minute = 0, second = 0;
    if (!two_digits(p, &hour) || p[2] != ':' || !two_digits(p + 3, &minute) || p[5] != ':' ||
        !two_digits(p + 6, &second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *out = ((int64_t)hour * 60 + minute) * 60 + second;
    return true;
}

/* "Z" or "+hh:mm" as seconds east, or false. */
static bool zone_of(const char *p, size_t length, int64_t *east)
{
    int hour = 0, minute = 0;
    if (length == 1 && p[0] == 'Z') {
        *east = 0;
        return true;
    }
    if (length != 6 || (p[0] != '+' && p[0] != '-') || !two_digits(p + 1, &hour) || p[3] != ':' ||
        !two_digits(p + 4, &minute) || hour > 14 || minute > 59) {
        return false;
    }
    *east = ((int64_t)hour * 60 + minute) * (p[0] == '-' ? -60 : 60);
    return true;
}

/* What both AWS clients write, of a date seen just before: no calendar arithmetic needed. */
static bool known_date(const struct rs_stamps *stamps, const char *text, size_t length, int64_t *at)
{
    int64_t of_day = 0, east = 0;
    if (length < 20 || stamps->date[0] == '\0' || memcmp(text, stamps->date, 10) != 0 ||
        text[10] != 'T' || !time_of_day(text + 11, &of_day) ||
        !zone_of(text + 19, length - 19, &east)) {
        return false;
    }
    *at = stamps->midnight + of_day - east;
    return true;
}

static bool is_number(const char *text, size_t length)
{
    bool digits = length > 0;
    for (size_t i = 0; i < length; i++) {
        digits = digits && ((text[i] >= '0' && text[i] <= '9') || (i > 0 && text[i] == '.'));
    }
    return digits;
}

enum rs_status rs_stamp_number(double seconds, int64_t *at, struct rs_error *err)
{
    if (!(fabs(seconds) < RS_STAMP_SECONDS_MAX)) {
        return rs_fail(err, RS_EINPUT,
                       "time stamp %.17g is not in seconds: divide milliseconds by 1000", seconds);
    }
    *at = (int64_t)floor(seconds);
    return RS_OK;
}

enum rs_status rs_stamp_text(struct rs_stamps *stamps, const char *text, size_t length,
                             struct rs_civil *civil, int64_t *at, bool *zoned, struct rs_error *err)
{
    if (known_date(stamps, text, length, at)) {
        *zoned = true;
        return RS_OK;
    }
    if (is_number(text, length)) {
        double seconds = 0.0;
        if (!rs_number_scan(text, length, &seconds)) {
            return rs_fail(err, RS_EINPUT, "'%.*s' is no time stamp",
                           (int)(length > 60 ? 60 : length), text);
        }
        *zoned = true;
        return rs_stamp_number(seconds, at, err);
    }
    char iso[40];
    if (length >= 19 && length < sizeof(iso) && text[4] == '/' && text[7] == '/') {
        memcpy(iso, text, length); /* the console's way of writing a date */
        iso[4] = '-';
        iso[7] = '-';
        text = iso;
    }
    enum rs_status rc = rs_when_parse_parts(text, length, civil, at, zoned, err);
    if (rc == RS_OK && length >= 19 && text[4] == '-') {
        struct rs_civil day = *civil;
        day.hour = day.minute = day.second = 0;
        memcpy(stamps->date, text, 10);
        stamps->date[10] = '\0';
        stamps->midnight = rs_civil_to_utc(&day);
    }
    return rc;
}

enum rs_status rs_stamp_event(struct rs_stamps *stamps, const struct rs_pull *pull,
                              enum rs_pull_event event, int64_t *at, struct rs_error *err)
{
    struct rs_civil civil;
    bool zoned = true;
    char shown[RS_SHOWN];
    enum rs_status rc = RS_OK;
    if (event == RS_PULL_NUMBER) {
        rc = rs_stamp_number(pull->number, at, err);
    } else if (event == RS_PULL_TEXT) {
        rc = rs_stamp_text(stamps, pull->text, pull->length, &civil, at, &zoned, err);
    } else {
        rc = rs_fail(err, RS_EINPUT, "expected a time stamp, a number or text");
    }
    if (rc == RS_OK && !zoned) {
        rc = rs_fail(err, RS_EINPUT, "time stamp '%s' names no zone", rs_shown(pull->text, shown));
    }
    return rc == RS_OK ? rc : rs_fail_where(err, "line %" PRId64, rs_input_line(pull->input));
}
