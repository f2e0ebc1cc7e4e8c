/* SPDX-License-Identifier: GPL-3.0-or-later */
/* owners.h - the series of each instance of a wide table, found by its name (private to source). */
#ifndef RIGHTSIZE_SOURCE_OWNERS_H
#define RIGHTSIZE_SOURCE_OWNERS_H

#include "source/accumulate.h"
#include "source/columns.h"

#define RS_OWNERS_SERIES ((size_t)1 << 20) /* that are remembered */

struct rs_owners { /* zeroed is empty */
    size_t width;  /* series each, up to RS_COLUMNS_VALUES */
    /* private */
    struct rs_names names;
    struct rs_held_series **series; /* `width` of each, by its number */
    size_t capacity;
    struct rs_held_series *forgotten[RS_COLUMNS_VALUES]; /* of one for whom there was no room */
};

/*
 * The `width` series of the owner, NULL where none was put yet; valid until the next call. Beyond
 * RS_OWNERS_SERIES new ones are not remembered: all of theirs are NULL each time.
 */
RS_CHECKED enum rs_status rs_owners_find(struct rs_owners *owners, const char *name,
                                         struct rs_held_series ***out, struct rs_error *err);
void rs_owners_release(struct rs_owners *owners);

#endif
