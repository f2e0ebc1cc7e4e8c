/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shape.h - what the load looks like beside its percentile: observations, each with its evidence.
 *
 * code                 dimension    value               reference             strength  p
 * MemoryLeakSuspected  memory       climb a day         level at the end      -         yes
 * LevelShift           cpu, memory  level after         level before          -         yes
 * Trend                cpu, memory  change a day        level in four weeks   -         yes
 * DailyPattern         cpu          busiest hour        quietest hour         yes       yes
 * WeeklyPattern        cpu          busiest day         quietest day          yes       yes
 * OffHours             cpu          highest use there   hours a week          -         -
 * NoMonthEnd           cpu          -                   -                     -         -
 *
 * Levels are means. CPU is in vCPUs, memory in bytes. p is rounded to three digits and 0 below
 * 1e-6, strength to three decimals: what mathematical libraries do not agree on is not told.
 * Each constant is chosen to keep silent when in doubt: an alarm that is false costs more trust
 * than one that is missed. tests/unit/test_shape.c measures how often noise is taken for a shape.
 */
#ifndef RIGHTSIZE_ADVISE_SHAPE_H
#define RIGHTSIZE_ADVISE_SHAPE_H

#include "advise/study.h"
#include "rightsize/hours.h"

struct rs_shape {
    struct rs_study *study;
    struct rs_hours cpu;    /* mean use; count 0: unknown, as of the others */
    struct rs_hours peak;   /* of the demand on CPU */
    struct rs_hours memory; /* of the demand */
};

/*
 * Fills out->observations in the order above from study->traces and study->use, once finding and
 * options are known. RS_ENOMEM, RS_EINPUT: an infinite sample.
 */
RS_CHECKED enum rs_status rs_shape_observe(struct rs_study *study, struct rs_error *err);

/* What of the load to see, and where: the parts of the above. */
RS_CHECKED enum rs_status rs_shape_see_leak(struct rs_shape *shape, bool *found,
                                            struct rs_error *err);
RS_CHECKED enum rs_status rs_shape_see_steps(struct rs_shape *shape, enum rs_dimension d,
                                             bool *found, struct rs_error *err);
RS_CHECKED enum rs_status rs_shape_see_trend(struct rs_shape *shape, enum rs_dimension d,
                                             struct rs_error *err);
RS_CHECKED enum rs_status rs_shape_see_patterns(struct rs_shape *shape, struct rs_error *err);
RS_CHECKED enum rs_status rs_shape_see_off_hours(struct rs_shape *shape, struct rs_error *err);
void rs_shape_see_month_end(struct rs_shape *shape);

const struct rs_hours *rs_shape_hours(const struct rs_shape *shape, enum rs_dimension d);

/* One more observation over the hours, all else NaN and no text; NULL: there is no more room. */
struct rs_observation *rs_shape_add(struct rs_shape *shape, const char *code, enum rs_dimension d,
                                    const struct rs_hours *hours);

/* Writes observation->text. */
RS_PRINTF(2, 3) void rs_shape_tell(struct rs_observation *observation, const char *format, ...);

#define RS_SHAPE_TEXT 32
/* "45 %" of the vCPUs or "3.2 GiB". */
void rs_shape_amount(const struct rs_shape *shape, enum rs_dimension d, double value,
                     char out[static RS_SHAPE_TEXT]);
/* Sets observation->p and writes "p = 0.0042" or "p < 0.001". */
void rs_shape_chance(struct rs_observation *observation, double p, char out[static RS_SHAPE_TEXT]);
double rs_shape_strength(double strength); /* to three decimals */
#define RS_SHAPE_WHEN 17
/* "2026-11-16 14:00" */
void rs_shape_when(int64_t at, char out[static RS_SHAPE_WHEN]);

#endif
