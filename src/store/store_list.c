/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_list.c - the instances by name and group, for those who need no more of them. */
#include "store/store_private.h"

static const char *text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static enum rs_status give(sqlite3_stmt *row, rs_stored_name_fn *fn, void *payload,
                           struct rs_error *err)
{
    const struct rs_stored_name listed = {.number = sqlite3_column_int64(row, 0),
                                          .id = text_at(row, 1),
                                          .name = text_at(row, 2),
                                          .state = text_at(row, 3),
                                          .provider = text_at(row, 4),
                                          .account = text_at(row, 5),
                                          .region = text_at(row, 6),
                                          .type = text_at(row, 7),
                                          .group = text_at(row, 8),
                                          .tag = text_at(row, 9)};
    return listed.id != NULL ? fn(payload, &listed, err) : RS_OK; /* NOT NULL: a damaged file */
}

enum rs_status rs_store_list(struct rs_store *store, const char *tag, rs_stored_name_fn *fn,
                             void *payload, struct rs_error *err)
{
    sqlite3_stmt *list = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        store,
        "SELECT id, provider_id, name, state, provider, account, region, type, asg, "
        "CASE WHEN ?1 IS NULL THEN NULL ELSE "
        "(SELECT value FROM tag WHERE resource_id = resource.id AND key = ?1) END "
        "FROM resource WHERE kind = 0 ORDER BY id",
        &list, err);
    if (rc == RS_OK) {
        rs_store_bind_text(list, 1, tag);
        rc = rs_store_step(store, list, &row, err);
    }
    while (rc == RS_OK && row) {
        rc = give(list, fn, payload, err);
        if (rc == RS_OK) {
            rc = rs_store_step(store, list, &row, err);
        }
    }
    sqlite3_finalize(list);
    return rc;
}
