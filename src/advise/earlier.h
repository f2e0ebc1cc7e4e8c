/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * earlier.h - percentages that were measured on a type the machine had before, told by the size of
 * that type: 50 % of 16 vCPUs were 8 vCPUs, whatever it has today.
 *
 * With cpu.speed "score" the vCPUs of the earlier type are converted to today's by their scores. A
 * sample that straddles a change of type is of neither, and is left out.
 */
#ifndef RIGHTSIZE_ADVISE_EARLIER_H
#define RIGHTSIZE_ADVISE_EARLIER_H

#include "advise/study.h"
#include "advise/trace.h"

/* Sets scale, offset and cap of a reading to those of a type. */
typedef void rs_earlier_fn(const struct rs_study *study, const struct rs_offer *offer,
                           struct rs_reading *reading);

/*
 * Join to *trace, which was read by `reading` and `choice`, what the same metric tells of types
 * before today's; *samples is how many were joined. Statuses as for rs_trace_build.
 */
RS_CHECKED enum rs_status rs_earlier_join(const struct rs_study *study,
                                          const struct rs_reading *reading,
                                          const struct rs_choice *choice, rs_earlier_fn *fit,
                                          struct rs_series *trace, size_t *samples,
                                          struct rs_error *err);

rs_earlier_fn rs_earlier_cpu, rs_earlier_memory_share, rs_earlier_memory_free;

#endif
