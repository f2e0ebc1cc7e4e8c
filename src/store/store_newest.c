/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_newest.c - how far a live source has come: what it needs to ask only for the rest. */
#include "store/store_private.h"

enum rs_status rs_store_series_end(struct rs_store *store, const char *resource,
                                   enum rs_metric metric, enum rs_statistic statistic, int64_t step,
                                   int64_t *out, struct rs_error *err)
{
    sqlite3_stmt *find = NULL;
    bool row = false;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_SERIES_END,
        "SELECT s.last_at FROM resource r JOIN series s ON s.resource_id = r.id "
        "WHERE r.provider_id = ?1 AND s.metric = ?2 AND s.statistic = ?3 AND s.step = ?4 "
        "AND s.last_at IS NOT NULL",
        &find, err);
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, resource);
        rs_store_bind_text(find, 2, rs_metric_info(metric)->name);
        rs_store_bind_text(find, 3, rs_statistic_name(statistic));
        (void)sqlite3_bind_int64(find, 4, step);
        rc = rs_store_step(store, find, &row, err);
    }
    if (rc == RS_OK) {
        *out = row ? sqlite3_column_int64(find, 0) + step : -1;
        (void)sqlite3_reset(find);
    }
    return rc;
}

enum rs_status rs_store_asked(struct rs_store *store, const char *resource, struct rs_window *out,
                              struct rs_error *err)
{
    sqlite3_stmt *find = NULL;
    bool row = false;
    enum rs_status rc = rs_store_statement(
        store, RS_STATEMENT_ASKED,
        "SELECT a.from_at, a.until_at FROM resource r JOIN asked a ON a.resource_id = r.id "
        "WHERE r.provider_id = ?1",
        &find, err);
    if (rc == RS_OK) {
        rs_store_bind_text(find, 1, resource);
        rc = rs_store_step(store, find, &row, err);
    }
    if (rc == RS_OK) {
        *out =
            row ? (struct rs_window){sqlite3_column_int64(find, 0), sqlite3_column_int64(find, 1)}
                : (struct rs_window){0, 0};
        (void)sqlite3_reset(find);
    }
    return rc;
}

enum rs_status rs_store_set_asked(struct rs_store *store, const char *resource,
                                  struct rs_window window, struct rs_error *err)
{
    sqlite3_stmt *set = NULL;
    int64_t id = 0;
    bool created = false;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = rs_store_resource_id(store, resource, RS_KIND_INSTANCE, &id, &created, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_statement(store, RS_STATEMENT_SET_ASKED,
                                "INSERT INTO asked(resource_id, from_at, until_at) "
                                "VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET "
                                "from_at = excluded.from_at, until_at = excluded.until_at",
                                &set, err);
    }
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(set, 1, id);
        (void)sqlite3_bind_int64(set, 2, window.from);
        (void)sqlite3_bind_int64(set, 3, window.to);
        rc = rs_store_run(store, set, err);
    }
    return rc;
}
