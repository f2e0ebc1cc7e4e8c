/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/when.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE_DIRECTORY "/usr/share/zoneinfo"

/* A compiled zone file (RFC 8536) and not a directory or one of the lists beside them. */
static bool is_zone_file(const char *name)
{
    const char *directory = getenv("TZDIR");
    char path[1024], magic[4];
    int n =
        snprintf(path, sizeof(path), "%s/%s", directory != NULL ? directory : ZONE_DIRECTORY, name);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        return false;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    ssize_t got = read(fd, magic, sizeof(magic));
    close(fd);
    return got == (ssize_t)sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;
}

/* "+02:00", "-0330" or "+02". */
static bool fixed_offset(const char *name, int64_t *offset)
{
    char stamp[32];
    struct rs_error ignored;
    int64_t at = 0;
    if (name[0] != '+' && name[0] != '-') {
        return false;
    }
    int n = snprintf(stamp, sizeof(stamp), "1970-01-01T00:00%s", name);
    if (n < 0 || (size_t)n >= sizeof(stamp)) {
        return false;
    }
    struct rs_civil civil;
    bool zoned = false;
    if (rs_when_parse_parts(stamp, (size_t)n, &civil, &at, &zoned, &ignored) != RS_OK || !zoned) {
        return false;
    }
    *offset = -at;
    return true;
}

enum rs_status rs_zone_open(const char *name, struct rs_zone *out, struct rs_error *err)
{
    struct rs_zone zone = {true, 0};
    if (strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0 || fixed_offset(name, &zone.offset)) {
        *out = zone;
        return RS_OK;
    }
    char value[256];
    int n = snprintf(value, sizeof(value), ":%s", name);
    if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL || n < 0 ||
        (size_t)n >= sizeof(value) || !is_zone_file(name)) {
        return rs_fail(
            err, RS_EUSAGE,
            "'%.60s' is no known time zone, use UTC, +hh:mm or a name like Europe/Berlin", name);
    }
    if (setenv("TZ", value, 1) != 0) {
        return rs_fail(err, RS_ENOMEM, "cannot set the time zone: %s", strerror(errno));
    }
    tzset();
    *out = (struct rs_zone){false, 0};
    return RS_OK;
}

/* The local reading of `at` as if it were UTC. */
static int64_t local_reading(int64_t at)
{
    time_t t = (time_t)at;
    struct tm tm;
    if (localtime_r(&t, &tm) == NULL) {
        return INT64_MIN;
    }
    struct rs_civil civil = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                             tm.tm_hour,        tm.tm_min,     tm.tm_sec};
    return rs_civil_to_utc(&civil);
}

enum rs_status rs_zone_to_utc(const struct rs_zone *zone, const struct rs_civil *civil, int64_t *at,
                              struct rs_error *err)
{
    int64_t reading = rs_civil_to_utc(civil);
    if (zone->fixed) {
        *at = reading - zone->offset;
        return RS_OK;
    }
    /* No offset exceeds a day, so the ones in force a day before and after are the candidates. */
    int64_t before = local_reading(reading - RS_DAY_SECONDS) - (reading - RS_DAY_SECONDS);
    int64_t after = local_reading(reading + RS_DAY_SECONDS) - (reading + RS_DAY_SECONDS);
    bool first = local_reading(reading - before) == reading;
    bool second = after != before && local_reading(reading - after) == reading;
    if (first != second) {
        *at = reading - (first ? before : after);
        return RS_OK;
    }
    char text[RS_WHEN_TEXT];
    rs_when_format(reading, text);
    text[RS_WHEN_TEXT - 2] = '\0'; /* no 'Z': it is local */
    return rs_fail(err, RS_EINPUT,
                   first ? "local time '%s' exists twice (clocks went back)"
                         : "local time '%s' does not exist (clocks went forward)",
                   text);
}
