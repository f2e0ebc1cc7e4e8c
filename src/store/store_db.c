/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_db.c - statements, transactions and SQLite's failures in our words. */
#include "store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum rs_status rs_store_fail(const struct rs_store *store, int code, struct rs_error *err)
{
    const char *path = store->path;
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return rs_fail(err, RS_ENOMEM, "%s: out of memory", path);
    case SQLITE_NOTADB:
        return rs_fail(err, RS_EIO, "%s: is not a SQLite database; name another file with --db",
                       path);
    case SQLITE_CORRUPT:
        return rs_fail(err, RS_EIO, "%s: the database is damaged (%s); restore it from a backup",
                       path, sqlite3_errmsg(store->db));
    case SQLITE_FULL:
        return rs_fail(err, RS_EIO, "%s: disk full; make room and run the command again", path);
    case SQLITE_READONLY:
        return rs_fail(err, RS_EIO, "%s: is read-only; allow writing to the file and its folder",
                       path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rs_fail(err, RS_EIO,
                       "%s: locked by another process for more than %g s; try again later", path,
                       store->busy_ms / 1000.0);
    case SQLITE_CANTOPEN:
        return rs_fail(err, RS_EIO, "%s: cannot open: %s", path,
                       strerror(sqlite3_system_errno(store->db)));
    case SQLITE_IOERR:
        if (sqlite3_system_errno(store->db) == ENOSPC) {
            return rs_fail(err, RS_EIO, "%s: disk full; make room and run the command again", path);
        }
        if (sqlite3_system_errno(store->db) == 0) { /* SQLite forgets it on some ways out */
            return rs_fail(err, RS_EIO, "%s: %s (%d); is there room, and no limit on its size?",
                           path, sqlite3_errmsg(store->db), code);
        }
        return rs_fail(err, RS_EIO, "%s: %s (%d): %s", path, sqlite3_errmsg(store->db), code,
                       strerror(sqlite3_system_errno(store->db)));
    case SQLITE_TOOBIG:
        return rs_fail(err, RS_EINPUT, "%s: a text is too long for the store", path);
    default:
        return rs_fail(err, RS_EIO, "%s: %s", path, sqlite3_errmsg(store->db));
    }
}

enum rs_status rs_store_prepare(struct rs_store *store, const char *sql, sqlite3_stmt **out,
                                struct rs_error *err)
{
    int code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);
    return code == SQLITE_OK ? RS_OK : rs_store_fail(store, code, err);
}

enum rs_status rs_store_statement(struct rs_store *store, enum rs_store_statement which,
                                  const char *sql, sqlite3_stmt **out, struct rs_error *err)
{
    sqlite3_stmt **kept = &store->statements[which];
    if (*kept == NULL) {
        int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
        if (code != SQLITE_OK) {
            return rs_store_fail(store, code, err);
        }
    }
    (void)sqlite3_reset(*kept); /* repeats the failure of the last run, reported then */
    (void)sqlite3_clear_bindings(*kept);
    *out = *kept;
    return RS_OK;
}

enum rs_status rs_store_step(struct rs_store *store, sqlite3_stmt *statement, bool *row,
                             struct rs_error *err)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (*row) {
        return RS_OK;
    }
    enum rs_status rc = code == SQLITE_DONE ? RS_OK : rs_store_fail(store, code, err);
    (void)sqlite3_reset(statement);
    return rc;
}

enum rs_status rs_store_run(struct rs_store *store, sqlite3_stmt *statement, struct rs_error *err)
{
    bool row = true;
    enum rs_status rc = RS_OK;
    while (rc == RS_OK && row) {
        rc = rs_store_step(store, statement, &row, err);
    }
    return rc;
}

enum rs_status rs_store_exec(struct rs_store *store, const char *sql, struct rs_error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? RS_OK : rs_store_fail(store, code, err);
}

enum rs_status rs_store_int(struct rs_store *store, const char *sql, int64_t *out,
                            struct rs_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum rs_status rc = rs_store_prepare(store, sql, &statement, err);
    if (rc == RS_OK) {
        rc = rs_store_step(store, statement, &row, err);
    }
    if (rc == RS_OK && row && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        *out = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return rc;
}

enum rs_status rs_store_begin(struct rs_store *store, struct rs_error *err)
{
    rs_store_forget(store); /* another process may have pruned since */
    return rs_store_exec(store, "BEGIN IMMEDIATE", err);
}

enum rs_status rs_store_commit(struct rs_store *store, struct rs_error *err)
{
    return rs_store_exec(store, "COMMIT", err);
}

enum rs_status rs_store_defer_sync(struct rs_store *store, struct rs_error *err)
{
    /* The log is moved into the file in small parts, so that it stays in memory and little is left
     * for the end. */
    return rs_store_exec(
        store, "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=" RS_STORE_LOG_PAGES_DEFERRED,
        err);
}

enum rs_status rs_store_sync(struct rs_store *store, struct rs_error *err)
{
    sqlite3_file *log = NULL;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log);
    if (code == SQLITE_OK && log != NULL && log->pMethods != NULL) {
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    }
    if (code != SQLITE_OK) {
        return rs_store_fail(store, code, err);
    }
    return rs_store_exec(
        store, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=" RS_STORE_LOG_PAGES, err);
}

void rs_store_rollback(struct rs_store *store)
{
    rs_store_forget(store);
    if (!sqlite3_get_autocommit(store->db)) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

enum rs_status rs_store_need_transaction(const struct rs_store *store, struct rs_error *err)
{
    /* SQLite ends a transaction by itself when the disk is full, for one. */
    return sqlite3_txn_state(store->db, "main") == SQLITE_TXN_WRITE
               ? RS_OK
               : rs_fail(err, RS_EIO, "%s: no transaction is open", store->path);
}

enum rs_status rs_store_read_begin(struct rs_store *store, bool *opened, struct rs_error *err)
{
    *opened = sqlite3_get_autocommit(store->db) != 0;
    return *opened ? rs_store_exec(store, "BEGIN", err) : RS_OK;
}

void rs_store_read_end(struct rs_store *store, bool opened)
{
    if (opened && !sqlite3_get_autocommit(store->db)) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

void rs_store_forget(struct rs_store *store)
{
    free(store->resource);
    store->resource = NULL;
    memset(store->days, 0, sizeof(store->days));
}

void rs_store_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    /* Unbound is NULL, which NOT NULL columns refuse: a lost text does not pass unseen there. */
    (void)sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

void rs_store_set_busy(struct rs_store *store, int milliseconds)
{
    store->busy_ms = milliseconds;
    (void)sqlite3_busy_timeout(store->db, milliseconds);
}
