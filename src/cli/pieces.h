/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pieces.h - the entries of a fleet written in any order by several threads, then put in order: a
 * line a resource stays in memory, the text lies in a spool (level 5, private).
 */
#ifndef RIGHTSIZE_CLI_PIECES_H
#define RIGHTSIZE_CLI_PIECES_H

#include "cli/command.h"
#include "rightsize/format.h"

struct rs_piece_list;

/* RS_ENOMEM. */
RS_CHECKED enum rs_status rs_piece_list_create(const struct rs_pieces *pieces,
                                               struct rs_piece_list **out, struct rs_error *err);
void rs_piece_list_release(struct rs_piece_list *list); /* NULL is fine */
/* From any thread, each with its own `scratch`. RS_EIO as rs_spool_put, RS_ENOMEM. */
RS_CHECKED enum rs_status rs_piece_list_add(struct rs_piece_list *list,
                                            const struct rs_report *report,
                                            const struct rs_entry *entry, struct rs_buffer *scratch,
                                            struct rs_error *err);
/* All of them in `order` with head and foot, to the file `path` or stdout as rs_output. */
RS_CHECKED enum rs_status rs_piece_list_write(struct rs_piece_list *list,
                                              const struct rs_report *report,
                                              enum rs_report_order order,
                                              const struct rs_context *context, const char *path,
                                              struct rs_error *err);

#endif
