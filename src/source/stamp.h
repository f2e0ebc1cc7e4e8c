/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stamp.h - time stamps as exports write them: numbers of seconds, ISO 8601, the console's
 * "YYYY/MM/DD HH:MM:SS" (private to source).
 */
#ifndef RIGHTSIZE_SOURCE_STAMP_H
#define RIGHTSIZE_SOURCE_STAMP_H

#include "rightsize/pull.h"
#include "rightsize/when.h"

#define RS_STAMP_SECONDS_MAX 1e11 /* from here on a number means milliseconds or finer */

struct rs_stamps { /* zeroed is ready; remembers the last date, which thousands of stamps share */
    char date[11]; /* "2026-11-22", or empty */
    int64_t midnight;
};

/*
 * The instant of ISO text of `length` bytes, or of seconds in digits. *zoned false: the text names
 * no zone; then *civil holds it and *at is its reading in UTC. RS_EINPUT: no time stamp, or
 * milliseconds and finer, with the remedy.
 */
RS_CHECKED enum rs_status rs_stamp_text(struct rs_stamps *stamps, const char *text, size_t length,
                                        struct rs_civil *civil, int64_t *at, bool *zoned,
                                        struct rs_error *err);

/* Seconds; a fraction is dropped. RS_EINPUT as above. */
RS_CHECKED enum rs_status rs_stamp_number(double seconds, int64_t *at, struct rs_error *err);

/* The instant of a JSON event, a number or text that names its zone. RS_EINPUT names the line. */
RS_CHECKED enum rs_status rs_stamp_event(struct rs_stamps *stamps, const struct rs_pull *pull,
                                         enum rs_pull_event event, int64_t *at,
                                         struct rs_error *err);

#endif
