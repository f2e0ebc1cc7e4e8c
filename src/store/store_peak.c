/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_peak.c - which processes were busy at a day's highest moments. */
#include "store/store_private.h"

#include <math.h>

static enum rs_status keep_highest(struct rs_store *store, int64_t resource, int64_t at,
                                   int moments, struct rs_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum rs_status rc = rs_store_prepare(
        store,
        "DELETE FROM peak WHERE resource_id = ?1 AND at / 86400 = ?2 / 86400 AND at NOT IN "
        "(SELECT at FROM peak WHERE resource_id = ?1 AND at / 86400 = ?2 / 86400 "
        "GROUP BY at ORDER BY max(cpu_percent) DESC, at LIMIT ?3)",
        &statement, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(statement, 1, resource);
        (void)sqlite3_bind_int64(statement, 2, at);
        (void)sqlite3_bind_int(statement, 3, moments);
        rc = rs_store_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

static enum rs_status add(struct rs_store *store, sqlite3_stmt *insert, int64_t resource,
                          const struct rs_store_peak *peak, struct rs_error *err)
{
    if (peak->at < 0 || !isfinite(peak->share) || !isfinite(peak->cpu_percent)) {
        return rs_fail(err, RS_EINPUT, "a peak's instant or share is out of range");
    }
    (void)sqlite3_bind_int64(insert, 1, resource);
    (void)sqlite3_bind_int64(insert, 2, peak->at);
    rs_store_bind_text(insert, 3, peak->kind);
    (void)sqlite3_bind_int(insert, 4, peak->rank);
    rs_store_bind_text(insert, 5, peak->name);
    rs_store_bind_text(insert, 6, peak->unit);
    (void)sqlite3_bind_double(insert, 7, peak->share);
    (void)sqlite3_bind_double(insert, 8, peak->cpu_percent);
    return rs_store_run(store, insert, err);
}

/* What a flank of this peak left, before it was known to be one. */
static enum rs_status displace(struct rs_store *store, int64_t resource,
                               const struct rs_store_peak *peak, int64_t apart,
                               struct rs_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum rs_status rc = rs_store_prepare(
        store,
        "DELETE FROM peak WHERE resource_id = ?1 AND (at = ?2 OR "
        "at > ?2 - ?3 AND at < ?2 + ?3 AND at / 86400 = ?2 / 86400 AND cpu_percent <= ?4)",
        &statement, err);
    if (rc == RS_OK) {
        (void)sqlite3_bind_int64(statement, 1, resource);
        (void)sqlite3_bind_int64(statement, 2, peak->at);
        (void)sqlite3_bind_int64(statement, 3, apart);
        (void)sqlite3_bind_double(statement, 4, peak->cpu_percent);
        rc = rs_store_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

static enum rs_status put_all(struct rs_store *store, int64_t resource,
                              const struct rs_store_peak *peaks, size_t count, int64_t apart,
                              struct rs_error *err)
{
    sqlite3_stmt *insert = NULL;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        if (i == 0 || peaks[i].at != peaks[i - 1].at) {
            rc = displace(store, resource, &peaks[i], apart, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_store_prepare(store, "INSERT INTO peak VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                              &insert, err);
    }
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        rc = add(store, insert, resource, &peaks[i], err);
    }
    sqlite3_finalize(insert);
    return rc;
}

enum rs_status rs_store_put_peaks(struct rs_store *store, const char *resource,
                                  const struct rs_store_peak *peaks, size_t count, int moments,
                                  int64_t apart, struct rs_error *err)
{
    int64_t id = 0;
    bool created = false;
    enum rs_status rc = rs_store_need_transaction(store, err);
    if (rc == RS_OK) {
        rc = rs_store_resource_id(store, resource, RS_KIND_INSTANCE, &id, &created, err);
    }
    if (rc == RS_OK) {
        rc = put_all(store, id, peaks, count, apart, err);
    }
    for (size_t i = 0; rc == RS_OK && i < count; i++) {
        if (i == 0 || peaks[i].at != peaks[i - 1].at) {
            rc = keep_highest(store, id, peaks[i].at, moments, err);
        }
    }
    return rc;
}
