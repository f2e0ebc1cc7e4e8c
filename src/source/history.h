/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.h - what samplers on hosts recorded (private to source). Their stamps are the ends of
 * intervals that are never quite even; here they become slots of a step that divides a day. The
 * step of a host is the interval met most often, taken for the divisor of a day within 5 % of it.
 * Records that fall on one slot are averaged by their length. Memory is flat.
 */
#ifndef RIGHTSIZE_SOURCE_HISTORY_H
#define RIGHTSIZE_SOURCE_HISTORY_H

#include "source/accumulate.h"
#include "source/gaps.h"

struct rs_history_point;
struct rs_history_host;

struct rs_history {
    size_t held_max; /* RS_HELD_MAX; tests take less */
    /* private */
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_accumulator acc;
    struct rs_names names;
    struct rs_history_host *hosts;
    struct rs_history_point *points;
    size_t host_capacity, count, capacity;
    size_t host;    /* of the record at hand */
    int64_t end;    /* its instant */
    int64_t weight; /* its seconds, a day's where they are not known */
    int64_t line;
};

/* RS_EUSAGE: --step does not divide a day. */
RS_CHECKED enum rs_status rs_history_open(struct rs_history *history,
                                          const struct rs_source_request *request,
                                          const struct rs_sink *sink, struct rs_tally *tally,
                                          struct rs_error *err);
void rs_history_close(struct rs_history *history);

/*
 * A record that ends at `end` and covers `interval` seconds; 0: since the host's last record.
 * --instance stands for `host` when given. RS_EINPUT: `host` cannot name a machine, or too many do.
 */
RS_CHECKED enum rs_status rs_history_record(struct rs_history *history, const char *host,
                                            int64_t end, int64_t interval, int64_t line,
                                            struct rs_error *err);
/*
 * A value of the record; NaN is a gap, others pass rs_door_admits. Of values of one metric on one
 * slot only those of the highest rank count.
 */
RS_CHECKED enum rs_status rs_history_add(struct rs_history *history, enum rs_metric metric,
                                         double value, int rank, struct rs_error *err);
/* Hand on all. RS_EINPUT: a host's step cannot be told, with the remedy --step. */
RS_CHECKED enum rs_status rs_history_finish(struct rs_history *history, struct rs_error *err);

/*
 * The slot in which the middle of an interval lies that ends at `end` and covers so many seconds
 * (of a longer one: its last step), given those before it of the same series (-1: none); moved by
 * one where the last interval has it.
 */
int64_t rs_history_slot(int64_t end, int64_t covered, int64_t step, int64_t end_before,
                        int64_t slot_before);
/* The divisor of a day within 5 % of `gap` seconds that is nearest to it, or 0. */
int64_t rs_history_divisor(int64_t gap);
/* The step told by gaps, as above. RS_EINPUT: none. */
RS_CHECKED enum rs_status rs_history_step(const struct rs_gaps *gaps, int64_t *step,
                                          struct rs_error *err);

#endif
