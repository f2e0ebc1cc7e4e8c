/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * subjects.h - what the rows of a long table are about: whose sample of which metric it is, told
 * once for all rows that name it by the same bytes (private to source).
 */
#ifndef RIGHTSIZE_SOURCE_SUBJECTS_H
#define RIGHTSIZE_SOURCE_SUBJECTS_H

#include "source/accumulate.h"
#include "source/cells.h"
#include "source/columns.h"

#define RS_SUBJECT_KEY 1024               /* bytes of the cells that name one */
#define RS_SUBJECT_KEYS ((size_t)1 << 25) /* of all that are remembered */

struct rs_subject {
    struct rs_held_series *series; /* NULL: its samples are not read */
    enum rs_metric metric;
    const char *refused; /* why each of its samples is rejected, or NULL */
};

struct rs_subjects {
    /* set by the caller after init; borrowed */
    const struct rs_source_request *request;
    struct rs_tally *tally;
    struct rs_accumulator *acc;
    const struct rs_columns *columns;
    const char *instance; /* whose the samples are when no cell says so; "" is nobody */
    int64_t step;         /* --step, or 0 */
    size_t keys_max;      /* RS_SUBJECT_KEYS; tests take less */
    /* private */
    struct rs_subject_entry *entries;
    size_t count, capacity, last;
    uint32_t *slots; /* number + 1; 0 is free */
    size_t slot_count;
    struct rs_buffer keys;
};

void rs_subjects_init(struct rs_subjects *subjects);
void rs_subjects_release(struct rs_subjects *subjects);

/*
 * That of the row at hand; valid until the next call. What is not read is noted with the name that
 * may be meant. RS_EINPUT: the instance has no name that will do, the cells are too long, or there
 * are too many series. Memory is flat: beyond RS_SUBJECT_KEYS all are forgotten and told anew.
 */
RS_CHECKED enum rs_status rs_subjects_find(struct rs_subjects *subjects,
                                           const struct rs_cells *cells,
                                           const struct rs_subject **out, struct rs_error *err);

/* What a resource of that name is, by the metric that it has. */
enum rs_resource_kind rs_subject_kind(const char *id, enum rs_metric metric);

#endif
