/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * outlet.h - an answer on its way to stdout or to a file that is replaced whole or not at all
 * (level 5, private).
 */
#ifndef RIGHTSIZE_CLI_OUTLET_H
#define RIGHTSIZE_CLI_OUTLET_H

#include "cli/command.h"
#include "rightsize/buffer.h"

struct rs_outlet {
    FILE *stream;            /* stdout; NULL: fd */
    const char *path;        /* borrowed */
    struct rs_buffer beside; /* the temporary file that will take its name; empty: written as is */
    int fd;
};

/* path NULL: stdout. RS_EIO, RS_ENOMEM. After RS_OK one of commit and abandon must follow. */
RS_CHECKED enum rs_status rs_outlet_open(struct rs_outlet *outlet, const struct rs_context *context,
                                         const char *path, struct rs_error *err);
RS_CHECKED enum rs_status rs_outlet_write(struct rs_outlet *outlet, const char *bytes,
                                          size_t length, struct rs_error *err);
/* Flushed to disk, then renamed; abandons when that fails. */
RS_CHECKED enum rs_status rs_outlet_commit(struct rs_outlet *outlet, struct rs_error *err);
void rs_outlet_abandon(struct rs_outlet *outlet);

#endif
