/* SPDX-License-Identifier: GPL-3.0-or-later */
/* door.h - the checks every sample passes before it is handed on (private to source). */
#ifndef RIGHTSIZE_SOURCE_DOOR_H
#define RIGHTSIZE_SOURCE_DOOR_H

#include "rightsize/source.h"

#define RS_DOOR_EARLIEST 1136073600 /* 2006-01-01, before there was EC2 */
#define RS_DOOR_AHEAD 3600          /* seconds a sample may lie ahead of the clock */

/*
 * Whether a value in canonical units is finite, within its metric's range, and of a believable
 * time. What is not is counted in the tally as "line N: ..."; nothing is clamped.
 */
bool rs_door_admits(const struct rs_source_request *request, struct rs_tally *tally, int64_t line,
                    enum rs_metric metric, int64_t at, double value);

/* Whether all of them are admitted; nothing is counted when not. */
bool rs_door_admits_all(const struct rs_source_request *request, enum rs_metric metric,
                        const int64_t *at, const double *values, size_t count);

/*
 * Whether `id` can name a resource: 1..255 bytes of UTF-8 without control characters. RS_EINPUT
 * otherwise.
 */
RS_CHECKED enum rs_status rs_door_check_id(const char *id, int64_t line, struct rs_error *err);

#endif
