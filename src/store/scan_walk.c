/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan_walk.c - a statement that runs in lock step with the resources of a scan. */
#include "store/scan_private.h"

/* Rows that are passed before a search in the tree is cheaper. */
#define PASSED 2

enum rs_status rs_walk_prepare(struct rs_store *store, const char *sql, int64_t low,
                               struct rs_walk *out, struct rs_error *err)
{
    *out = (struct rs_walk){.rows = NULL};
    enum rs_status rc = rs_store_prepare(store, sql, &out->rows, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(out->rows, 1, low);
    }
    return rc;
}

enum rs_status rs_walk_next(struct rs_store *store, struct rs_walk *walk, struct rs_error *err)
{
    enum rs_status rc = rs_store_step(store, walk->rows, &walk->row, err);
    if (walk->row) {
        walk->at = sqlite3_column_int64(walk->rows, 0);
    }
    return rc;
}

enum rs_status rs_walk_to(struct rs_cursor *cursor, struct rs_walk *walk, int64_t low,
                          struct rs_error *err)
{
    const int most = cursor->request.numbers == NULL ? PASSED : 0; /* those lie apart */
    enum rs_status rc = RS_OK;
    for (int passed = 0; rc == RS_OK && walk->row && walk->at < low; passed++) {
        if (passed == most) {
            (void)sqlite3_reset(walk->rows);
            (void)sqlite3_bind_int64(walk->rows, 1, low);
        }
        rc = rs_walk_next(cursor->store, walk, err);
    }
    return rc;
}

void rs_walk_close(struct rs_walk *walk)
{
    sqlite3_finalize(walk->rows);
    *walk = (struct rs_walk){.rows = NULL};
}
