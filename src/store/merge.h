/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge.h - one store on its way into another, shared by the modules that move its parts. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "rightsize/store.h"

struct rs_merge_run {
    struct rs_store *into;  /* a write transaction is open */
    struct rs_store *other; /* a read transaction is open */
    bool prefer_other;
    struct rs_merge_tally *tally;
};

RS_CHECKED enum rs_status rs_merge_has_table(struct rs_store *store, const char *name, bool *has,
                                             struct rs_error *err);
RS_PRINTF(2, 3) void rs_merge_note(struct rs_merge_tally *tally, const char *format, ...);

/* Resources with what is known of each field and since when, tags, the history of types. */
RS_CHECKED enum rs_status rs_merge_inventory(struct rs_merge_run *run, struct rs_error *err);
/* Attachments, the log of collections, and the causes of peaks where both stores have them. */
RS_CHECKED enum rs_status rs_merge_records(struct rs_merge_run *run, struct rs_error *err);

#endif
