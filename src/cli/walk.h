/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h - the files behind operands, folders opened up (level 5, private). */
#ifndef RIGHTSIZE_CLI_WALK_H
#define RIGHTSIZE_CLI_WALK_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

struct rs_path {
    char *name;     /* owned */
    bool in_folder; /* found in a folder, not named by the user */
};

struct rs_paths {
    struct rs_path *items;
    size_t count, capacity;
};

/*
 * Append `operand`, or, when it is a folder, every regular file below it in order of path; names
 * that begin with '.' are passed over, links to folders are not followed. "-" stays "-".
 * RS_EIO: a folder cannot be read.
 */
RS_CHECKED enum rs_status rs_paths_add(struct rs_paths *paths, const char *operand,
                                       struct rs_error *err);
void rs_paths_release(struct rs_paths *paths);

#endif
