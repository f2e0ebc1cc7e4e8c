/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * when.h - instants, windows and the clock (level 0). Instants are Unix seconds, UTC.
 */
#ifndef RIGHTSIZE_WHEN_H
#define RIGHTSIZE_WHEN_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_DAY_SECONDS 86400
#define RS_WHEN_TEXT 21 /* "2026-11-22T09:10:00Z" and its NUL */

struct rs_window {
    int64_t from, to; /* half open: from <= t < to */
};

struct rs_clock { /* the only way to learn the time; tests pass a fixed one */
    int64_t (*now)(void *payload);
    void *payload;
};

extern const struct rs_clock rs_clock_system;

/* A calendar date and time of day without a zone. */
struct rs_civil {
    int year, month, day, hour, minute, second; /* month 1..12, day 1..31; proleptic Gregorian */
};

int64_t rs_civil_to_utc(const struct rs_civil *civil); /* read as UTC; fields must be in range */
void rs_civil_from_utc(int64_t at, struct rs_civil *out);

/*
 * ISO 8601 as programs write it: date, 'T' or blank, time with or without seconds, an optional
 * fraction (dropped), then 'Z', "+hh:mm", "+hhmm" or "+hh". Text of `length` bytes, whole.
 * A calendar date must exist (2026-02-30 is refused) and seconds run to 59.
 * *zoned says whether the text named its zone; without one *civil only is filled and *at is the
 * UTC reading of it, which the caller must not use unless UTC was asked for.
 * RS_EINPUT otherwise.
 */
RS_CHECKED enum rs_status rs_when_parse_parts(const char *text, size_t length,
                                              struct rs_civil *civil, int64_t *at, bool *zoned,
                                              struct rs_error *err);

/* The same for text that must name its zone, or be a bare date or Unix seconds (digits only). */
RS_CHECKED enum rs_status rs_when_parse(const char *text, int64_t *out, struct rs_error *err);

/*
 * What AWS's clients and this program write, "2026-11-22T09:10:00" with 'Z' or "+00:00" behind it,
 * at the beginning of `text`: where it ends, or NULL when it is anything else. Looks at no byte
 * from `end` on. The cache, zeroed at first, knows the last date.
 */
struct rs_when_cache {
    char date[11]; /* "2026-11-22T" */
    int64_t midnight;
};
const char *rs_when_scan(struct rs_when_cache *cache, const char *text, const char *end,
                         int64_t *out);

/* "90s", "5m", "24h", "7d", "2w" -> seconds, > 0. RS_EINPUT otherwise. */
RS_CHECKED enum rs_status rs_duration_parse(const char *text, int64_t *seconds,
                                            struct rs_error *err);

/* "2026-11-22T09:10:00Z"; instants beyond the years 0..9999 are shown as the nearest inside. */
void rs_when_format(int64_t at, char out[static RS_WHEN_TEXT]);
/* The same for one who writes many: the cache, zeroed at first, knows the last date. */
void rs_when_write(struct rs_when_cache *cache, int64_t at, char out[static RS_WHEN_TEXT]);

/*
 * A time zone for local stamps: "UTC", a fixed offset ("+02:00") or a name of the system's zone
 * database ("Europe/Berlin"). One zone is open at a time: a named one sets the process's TZ.
 * RS_EUSAGE: the zone is not known.
 */
struct rs_zone {
    bool fixed;
    int64_t offset; /* seconds east of UTC, fixed zones only */
};
RS_CHECKED enum rs_status rs_zone_open(const char *name, struct rs_zone *out, struct rs_error *err);

/*
 * RS_EINPUT: the local time does not exist (clocks went forward) or exists twice (clocks went
 * back); the message says which.
 */
RS_CHECKED enum rs_status rs_zone_to_utc(const struct rs_zone *zone, const struct rs_civil *civil,
                                         int64_t *at, struct rs_error *err);

#endif
