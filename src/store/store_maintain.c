/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_maintain.c - what the store holds, whether it is sound, and forgetting old days. */
#include "store/store_private.h"

#include "rightsize/chunk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* *out: of an instance, or -1. The join costs ten times the look at all series, so it comes only
 * where a volume is ahead. */
static enum rs_status newest_chunked(struct rs_store *store, int64_t *out, struct rs_error *err)
{
    sqlite3_stmt *find = NULL;
    bool row = false, sure = false;
    enum rs_status rc = rs_store_prepare(store,
                                         "SELECT n.until, r.kind FROM (SELECT max(last_at + step) "
                                         "until, resource_id FROM series) n "
                                         "LEFT JOIN resource r ON r.id = n.resource_id",
                                         &find, err);
    if (rc == RS_OK) {
        rc = rs_store_step(store, find, &row, err);
    }
    *out = -1;
    if (rc == RS_OK && row) {
        bool none = sqlite3_column_type(find, 0) == SQLITE_NULL;
        sure = none || (sqlite3_column_type(find, 1) != SQLITE_NULL &&
                        sqlite3_column_int64(find, 1) == RS_KIND_INSTANCE);
        *out = none || !sure ? -1 : sqlite3_column_int64(find, 0);
    }
    sqlite3_finalize(find);
    return rc != RS_OK || sure
               ? rc
               : rs_store_int(store,
                              "SELECT max(s.last_at + s.step) FROM series s "
                              "JOIN resource r ON r.id = s.resource_id WHERE r.kind = 0",
                              out, err);
}

enum rs_status rs_store_newest(struct rs_store *store, int64_t *out, struct rs_error *err)
{
    int64_t newest = -1, waiting = -1;
    bool opened = false;
    enum rs_status rc = rs_store_read_begin(store, &opened, err);
    if (rc == RS_OK) {
        rc = newest_chunked(store, &newest, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_int(store,
                          "SELECT max(t.first + json_array_length(t.data) * s.step) FROM recent t "
                          "JOIN series s ON s.id = t.series_id "
                          "JOIN resource r ON r.id = s.resource_id "
                          "WHERE r.kind = 0 AND json_valid(t.data)",
                          &waiting, err);
    }
    rs_store_read_end(store, opened);
    newest = waiting > newest ? waiting : newest;
    if (rc == RS_OK && newest < 0) {
        rc = rs_fail(err, RS_ENODATA, "%s: holds no samples; run 'rightsize collect' first",
                     store->path);
    }
    if (rc == RS_OK) {
        *out = newest;
    }
    return rc;
}

#define OLDEST                                                                                     \
    "SELECT min(at) FROM (SELECT min(day) * 86400 at FROM day UNION ALL "                          \
    "SELECT min(first) / 86400 * 86400 FROM recent)"

enum rs_status rs_store_oldest(struct rs_store *store, int64_t *out, struct rs_error *err)
{
    int64_t oldest = -1;
    enum rs_status rc = rs_store_int(store, OLDEST, &oldest, err);
    if (rc == RS_OK) {
        *out = oldest;
    }
    return rc;
}

static int64_t file_bytes(const struct rs_store *store)
{
    struct stat st;
    const char *file = sqlite3_db_filename(store->db, "main");
    const char *names[] = {file, sqlite3_filename_wal(file)};
    int64_t sum = 0;
    for (size_t i = 0; i < 2; i++) {
        if (names[i] != NULL && stat(names[i], &st) == 0) {
            sum += (int64_t)st.st_size;
        }
    }
    return sum;
}

enum rs_status rs_store_info(struct rs_store *store, struct rs_store_info *out,
                             struct rs_error *err)
{
    struct rs_store_info info = {.oldest = -1, .newest = -1, .last_collected = -1};
    int64_t version = 0;
    const struct {
        const char *sql;
        int64_t *out;
    } rows[] = {
        {"PRAGMA user_version", &version},
        {"SELECT count(*) FROM resource WHERE kind = 0", &info.resources},
        {"SELECT count(*) FROM resource WHERE kind = 1 AND provider_id NOT GLOB '*/gpu-*'",
         &info.volumes},
        {"SELECT count(*) FROM series", &info.series},
        {"SELECT count(*) FROM chunk", &info.chunks},
        {"SELECT coalesce((SELECT sum(n) FROM chunk), 0) + (SELECT count(*) FROM recent t "
         "CROSS JOIN json_each(CASE WHEN json_valid(t.data) THEN t.data ELSE '[]' END) j "
         "WHERE j.value IS NOT NULL)",
         &info.samples},
        {"SELECT count(*) FROM collection", &info.collections},
        {OLDEST, &info.oldest},
        {"SELECT max(at) FROM (SELECT max(day) * 86400 at FROM day UNION ALL "
         "SELECT max(t.first + (json_array_length(t.data) - 1) * s.step) / 86400 * 86400 "
         "FROM recent t JOIN series s ON s.id = t.series_id WHERE json_valid(t.data))",
         &info.newest},
        {"SELECT max(at) FROM collection", &info.last_collected},
    };
    bool opened = false;
    enum rs_status rc = rs_store_read_begin(store, &opened, err);
    for (size_t i = 0; rc == RS_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        rc = rs_store_int(store, rows[i].sql, rows[i].out, err);
    }
    rs_store_read_end(store, opened);
    if (rc == RS_OK) {
        info.schema_version = (int)version;
        info.file_bytes = file_bytes(store);
        *out = info;
    }
    return rc;
}

/* The first row of a check that must have none, as "what: row". */
static enum rs_status expect_none(struct rs_store *store, const char *sql, const char *what,
                                  struct rs_error *err)
{
    sqlite3_stmt *check = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(store, sql, &check, err);
    if (rc == RS_OK) {
        rc = rs_store_step(store, check, &row, err);
    }
    if (rc == RS_OK && row) {
        const char *text = (const char *)sqlite3_column_text(check, 0);
        rc = rs_fail(err, RS_EIO, "%s: %s: %s", store->path, what, text == NULL ? "" : text);
    }
    sqlite3_finalize(check);
    return rc;
}

static enum rs_status check_chunk(struct rs_store *store, sqlite3_stmt *row, double *values,
                                  struct rs_error *err)
{
    int64_t id = sqlite3_column_int64(row, 0), step = sqlite3_column_int64(row, 6);
    int64_t series = id & UINT32_MAX;
    if (!rs_step_is_valid(step)) {
        return rs_fail(err, RS_EIO, "%s: chunk %" PRId64 " belongs to no series", store->path, id);
    }
    const void *blob = sqlite3_column_blob(row, 5);
    size_t length = (size_t)sqlite3_column_bytes(row, 5), slots = (size_t)(RS_DAY_SECONDS / step);
    enum rs_status rc = rs_chunk_decode(blob, length, values, slots, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s: day %" PRId64 ", series %" PRId64, store->path,
                             id >> RS_STORE_DAY_BITS, series);
    }
    struct rs_chunk_sums sums;
    rs_chunk_sums_of(values, slots, &sums);
    const double wanted[] = {(double)sums.n, sums.low, sums.high, sums.sum};
    for (int i = 0; i < 4; i++) {
        double held = sqlite3_column_double(row, 1 + i);
        if (held < wanted[i] || held > wanted[i]) {
            return rs_fail(err, RS_EIO,
                           "%s: day %" PRId64 ", series %" PRId64
                           ": the summary is not that of the samples",
                           store->path, id >> RS_STORE_DAY_BITS, series);
        }
    }
    return RS_OK;
}

static enum rs_status check_chunks(struct rs_store *store, int64_t *checked, struct rs_error *err)
{
    sqlite3_stmt *chunks = NULL;
    bool row = false;
    double *values = calloc(RS_CHUNK_MAX_SLOTS, sizeof(*values));
    if (values == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a day of samples");
    }
    enum rs_status rc =
        rs_store_prepare(store,
                         "SELECT c.id, c.n, c.vmin, c.vmax, c.vsum, c.data, ifnull(s.step, 0) "
                         "FROM chunk c LEFT JOIN series s ON s.id = c.series_id ORDER BY c.id",
                         &chunks, err);
    if (rc == RS_OK) {
        rc = rs_store_step(store, chunks, &row, err);
    }
    while (rc == RS_OK && row) {
        rc = check_chunk(store, chunks, values, err);
        *checked += rc == RS_OK ? 1 : 0;
        if (rc == RS_OK) {
            rc = rs_store_step(store, chunks, &row, err);
        }
    }
    sqlite3_finalize(chunks);
    free(values);
    return rc;
}

static enum rs_status check_all(struct rs_store *store, int64_t *checked, struct rs_error *err)
{
    static const struct {
        const char *sql, *what;
    } before[] = {
        {"SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
         "the database is damaged"},
        {"SELECT \"table\" FROM pragma_foreign_key_check", "rows without their parent in table"},
    };
    static const struct {
        const char *sql, *what;
    } after[] = {
        {"SELECT day FROM chunk c WHERE NOT EXISTS (SELECT 1 FROM day d WHERE d.day = c.day)",
         "a day with chunks is not listed"},
        {"SELECT day FROM day d WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE id BETWEEN d.day << 32 "
         "AND d.day << 32 | 4294967295)",
         "a day without chunks is listed"},
        {"SELECT s.id FROM series s JOIN series_span p ON p.series_id = s.id "
         "WHERE s.first_at IS NOT p.first_at OR s.last_at IS NOT p.last_at",
         "first and last sample are not those of series"},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(before) / sizeof(before[0]); i++) {
        rc = expect_none(store, before[i].sql, before[i].what, err);
    }
    if (rc == RS_OK) {
        rc = check_chunks(store, checked, err);
    }
    for (size_t i = 0; rc == RS_OK && i < sizeof(after) / sizeof(after[0]); i++) {
        rc = expect_none(store, after[i].sql, after[i].what, err);
    }
    return rc;
}

enum rs_status rs_store_check(struct rs_store *store, int64_t *checked, struct rs_error *err)
{
    bool opened = false;
    *checked = 0;
    enum rs_status rc = rs_store_read_begin(store, &opened, err);
    if (rc == RS_OK) {
        rc = check_all(store, checked, err);
    }
    rs_store_read_end(store, opened);
    return rc;
}

/* A row that waits may reach over midnight: in chunks its days can be told apart. */
static enum rs_status absorb_older(struct rs_store *store, int64_t day, struct rs_error *err)
{
    struct rs_put_tally tally = {0};
    int64_t oldest = INT64_MAX;
    enum rs_status rc = rs_store_int(store, "SELECT min(first) FROM recent", &oldest, err);
    return rc == RS_OK && oldest < day * RS_DAY_SECONDS ? rs_recent_absorb(store, &tally, err) : rc;
}

static enum rs_status prune_days(struct rs_store *store, int64_t day, int64_t *samples,
                                 struct rs_error *err)
{
    static const char narrow_series[] =
        "UPDATE series SET (first_at, last_at) = (SELECT p.first_at, p.last_at FROM series_span p "
        "WHERE p.series_id = series.id) WHERE first_at < ?1 * 86400";
    const char *const sql[] = {
        "SELECT sum(n) FROM chunk WHERE id < ?1 << 32",
        "DELETE FROM chunk WHERE id < ?1 << 32",
        "DELETE FROM day WHERE day < ?1",
        narrow_series,
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < sizeof(sql) / sizeof(sql[0]); i++) {
        sqlite3_stmt *statement = NULL;
        bool row = false;
        rc = rs_store_prepare(store, sql[i], &statement, err);
        if (rc == RS_OK) {
            (void)sqlite3_bind_int64(statement, 1, day);
            rc = rs_store_step(store, statement, &row, err);
        }
        if (rc == RS_OK && row) {
            *samples = sqlite3_column_int64(statement, 0);
        }
        sqlite3_finalize(statement);
    }
    return rc;
}

enum rs_status rs_store_prune(struct rs_store *store, int64_t before, int64_t *samples_deleted,
                              struct rs_error *err)
{
    int64_t deleted = 0;
    int64_t day = before < 0 ? 0 : before / RS_DAY_SECONDS;
    if (day > RS_STORE_END / RS_DAY_SECONDS) {
        day = RS_STORE_END / RS_DAY_SECONDS; /* beyond it the shift to a chunk's id overflows */
    }
    enum rs_status rc = rs_store_begin(store, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = absorb_older(store, day, err);
    if (rc == RS_OK) {
        rc = prune_days(store, day, &deleted, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    if (rc != RS_OK) {
        rs_store_rollback(store);
        return rc;
    }
    *samples_deleted = deleted;
    return RS_OK;
}
