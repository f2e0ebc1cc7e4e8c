/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spool.h - pieces of text kept until they are put in order: the first megabytes in memory, the
 * rest in a file without a name (level 5, private).
 */
#ifndef RIGHTSIZE_CLI_SPOOL_H
#define RIGHTSIZE_CLI_SPOOL_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

struct rs_spool;
struct rs_piece { /* where one lies */
    int64_t at;
    size_t length;
};

/* memory: bytes kept before the file, which is made in TMPDIR or /tmp, begins. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_spool_create(size_t memory, struct rs_spool **out,
                                          struct rs_error *err);
void rs_spool_release(struct rs_spool *spool); /* NULL is fine */
/* From any thread. RS_EIO: the file cannot be made or is cut short by a full disk. */
RS_CHECKED enum rs_status rs_spool_put(struct rs_spool *spool, const char *text, size_t length,
                                       struct rs_piece *out, struct rs_error *err);
/* Append a piece to `out`, which may fail in its sticky way; when no piece is put at the time, from
 * any thread. RS_EIO. */
RS_CHECKED enum rs_status rs_spool_get(struct rs_spool *spool, struct rs_piece piece,
                                       struct rs_buffer *out, struct rs_error *err);

#endif
