/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h - going through JSON objects by a table of members (private to source). */
#ifndef RIGHTSIZE_SOURCE_WALK_H
#define RIGHTSIZE_SOURCE_WALK_H

#include "rightsize/pull.h"

/* Reads one whole value; the event of its first token was not taken yet. */
typedef enum rs_status rs_walk_member_fn(void *payload, struct rs_error *err);
/* Reads one element whose first event was taken: a bracket that was opened must be closed. */
typedef enum rs_status rs_walk_element_fn(void *payload, enum rs_pull_event event,
                                          struct rs_error *err);

struct rs_walk_member {
    const char *key; /* NULL ends the table */
    rs_walk_member_fn *read;
};

/* After the event OBJECT: each member of the table in the order of the text, others skipped. */
RS_CHECKED enum rs_status rs_walk_object(struct rs_pull *p, const struct rs_walk_member *members,
                                         void *payload, struct rs_error *err);

/* A whole array, or null for none. RS_EINPUT: another value; `what` names it. */
RS_CHECKED enum rs_status rs_walk_array(struct rs_pull *p, const char *what, rs_walk_element_fn *fn,
                                        void *payload, struct rs_error *err);

/* A text or null, into *out, which is cleared first. RS_EINPUT: another value. */
RS_CHECKED enum rs_status rs_walk_text(struct rs_pull *p, const char *what, struct rs_buffer *out,
                                       struct rs_error *err);

/* A number; null is NaN. RS_EINPUT: another value. */
RS_CHECKED enum rs_status rs_walk_number(struct rs_pull *p, const char *what, double *out,
                                         struct rs_error *err);

/* Pass over what is left of a value whose first event was taken. */
RS_CHECKED enum rs_status rs_walk_pass(struct rs_pull *p, enum rs_pull_event event,
                                       struct rs_error *err);

/* RS_EINPUT "line N: WHAT". */
enum rs_status rs_walk_fault(const struct rs_pull *p, const char *what, struct rs_error *err);

#endif
