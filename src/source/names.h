/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - a set of strings, each with a number 0, 1, 2 ... (private to source). */
#ifndef RIGHTSIZE_SOURCE_NAMES_H
#define RIGHTSIZE_SOURCE_NAMES_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_NAMES_MAX ((size_t)1 << 20) /* names of one input; beyond that RS_EINPUT */

struct rs_names { /* zeroed is empty */
    char **text;  /* by number; owned */
    size_t count;
    /* private */
    size_t capacity;
    uint32_t *slots; /* number + 1; 0 is free */
    size_t slot_count;
};

/* The number of `text`, added when new; *added may be NULL. */
RS_CHECKED enum rs_status rs_names_intern(struct rs_names *names, const char *text, size_t *number,
                                          bool *added, struct rs_error *err);
bool rs_names_find(const struct rs_names *names, const char *text, size_t *number);
void rs_names_release(struct rs_names *names);

/*
 * Room for `need` elements of `size` bytes: *array grows by doubling and *capacity says how far.
 */
RS_CHECKED enum rs_status rs_array_reserve(void *array, size_t *capacity, size_t need, size_t size,
                                           struct rs_error *err);

#endif
