/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge_records.c - another store's attachments, its log, and the causes of its peaks. */
#include "store/merge.h"
#include "store/store_private.h"

static enum rs_status merge_attachments(struct rs_merge_run *run, struct rs_error *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(
        run->other,
        "SELECT v.provider_id, i.provider_id, a.device, a.since, a.observed_at FROM attachment a "
        "JOIN resource v ON v.id = a.volume_id JOIN resource i ON i.id = a.instance_id "
        "ORDER BY a.observed_at, 1, 2, a.since",
        &rows, err);
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        struct rs_attachment attachment = {.volume = (const char *)sqlite3_column_text(rows, 0),
                                           .instance = (const char *)sqlite3_column_text(rows, 1),
                                           .device = (const char *)sqlite3_column_text(rows, 2),
                                           .since = sqlite3_column_int64(rows, 3),
                                           .observed_at = sqlite3_column_int64(rows, 4)};
        bool changed = false;
        rc = rs_store_put_attachment(run->into, &attachment, &changed, err);
        run->tally->attachments_changed += changed ? 1 : 0;
    }
    sqlite3_finalize(rows);
    return rc;
}

/* Rows of one table into the same table, column by column. */
static enum rs_status copy_rows(struct rs_merge_run *run, const char *read, const char *write,
                                int64_t *written, struct rs_error *err)
{
    sqlite3_stmt *rows = NULL, *add = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(run->other, read, &rows, err);
    if (rc == RS_OK) {
        rc = rs_store_prepare(run->into, write, &add, err);
    }
    while (rc == RS_OK && (rc = rs_store_step(run->other, rows, &row, err)) == RS_OK && row) {
        for (int i = 0; i < sqlite3_column_count(rows); i++) {
            (void)sqlite3_bind_value(add, i + 1, sqlite3_column_value(rows, i));
        }
        rc = rs_store_run(run->into, add, err);
        *written += rc == RS_OK ? sqlite3_changes(run->into->db) : 0;
    }
    sqlite3_finalize(rows);
    sqlite3_finalize(add);
    return rc;
}

/* Of one file that both collected, the first time stays. */
static enum rs_status merge_log(struct rs_merge_run *run, struct rs_error *err)
{
    return copy_rows(
        run,
        "SELECT source, format, at, bytes, crc32, series, fresh, replaced, unchanged, rejected, "
        "first_rejected FROM collection ORDER BY id",
        "INSERT INTO collection(source, format, at, bytes, crc32, series, fresh, replaced, "
        "unchanged, rejected, first_rejected) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
        "ON CONFLICT (source, bytes, crc32) DO UPDATE SET format = excluded.format, "
        "at = excluded.at, series = excluded.series, fresh = excluded.fresh, "
        "replaced = excluded.replaced, unchanged = excluded.unchanged, "
        "rejected = excluded.rejected, first_rejected = excluded.first_rejected "
        "WHERE (excluded.at, excluded.format, excluded.series, excluded.fresh, excluded.replaced, "
        "excluded.unchanged, excluded.rejected) < (at, format, series, fresh, replaced, unchanged, "
        "rejected)",
        &run->tally->collections, err);
}

/* Of two observations of one moment the busier one stays, then the greater name. */
static enum rs_status merge_peaks(struct rs_merge_run *run, struct rs_error *err)
{
    bool here = false, there = false;
    enum rs_status rc = rs_merge_has_table(run->other, "peak", &there, err);
    if (rc == RS_OK) {
        rc = rs_merge_has_table(run->into, "peak", &here, err);
    }
    if (rc != RS_OK || !here || !there) {
        return rc;
    }
    return copy_rows(
        run,
        "SELECT r.provider_id, p.at, p.kind, p.rank, p.name, p.unit, p.share, p.cpu_percent "
        "FROM peak p JOIN resource r ON r.id = p.resource_id ORDER BY p.at, 1, p.kind, p.rank",
        "INSERT INTO peak(resource_id, at, kind, rank, name, unit, share, cpu_percent) "
        "SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM resource WHERE provider_id = ?1 "
        "ON CONFLICT DO UPDATE SET name = excluded.name, unit = excluded.unit, "
        "share = excluded.share, cpu_percent = excluded.cpu_percent "
        "WHERE (excluded.cpu_percent, excluded.share, excluded.name) > (cpu_percent, share, name)",
        &run->tally->peaks, err);
}

enum rs_status rs_merge_records(struct rs_merge_run *run, struct rs_error *err)
{
    enum rs_status rc = merge_attachments(run, err);
    if (rc == RS_OK) {
        rc = merge_log(run, err);
    }
    return rc == RS_OK ? merge_peaks(run, err) : rc;
}
