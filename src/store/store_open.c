/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_open.c - opening, settings, whose file it is, and migrations. */
#include "store/migrations.h"
#include "store/store_private.h"

#include "rightsize/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A database file is outside data: its schema must not run code nor reach other files. */
static void harden(sqlite3 *db)
{
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
}

/*
 * synchronous=FULL costs nothing at a transaction a file, and keeps it through a power cut.
 * The page size is that of new files; others keep theirs.
 */
static const char settings[] = "PRAGMA page_size=32768;"
                               "PRAGMA cache_size=-16384;"
                               "PRAGMA wal_autocheckpoint=" RS_STORE_LOG_PAGES ";"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA foreign_keys=ON;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA mmap_size=0;";

static enum rs_status connect(struct rs_store *store, const char *name, int flags,
                              struct rs_error *err)
{
    flags |= SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(name, &store->db, flags, NULL);
    if (code != SQLITE_OK) {
        return rs_store_fail(store, code, err);
    }
    rs_store_set_busy(store, store->busy_ms);
    harden(store->db);
    code = rs_chunk_vtab_register(store->db);
    return code == SQLITE_OK ? rs_store_exec(store, settings, err)
                             : rs_store_fail(store, code, err);
}

/* *version 0: a new file. Reads in one transaction, since another process may be creating it. */
static enum rs_status identify(struct rs_store *store, int64_t *version, struct rs_error *err)
{
    int64_t application = 0, objects = 0;
    *version = 0;
    bool opened = false;
    enum rs_status rc = rs_store_read_begin(store, &opened, err);
    if (rc == RS_OK) {
        rc = rs_store_int(store, "PRAGMA application_id", &application, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_int(store, "PRAGMA user_version", version, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_int(store, "SELECT count(*) FROM sqlite_schema", &objects, err);
    }
    rs_store_read_end(store, opened);
    if (rc != RS_OK) {
        return rc;
    }
    bool fresh = application == 0 && *version == 0 && objects == 0;
    if (application != RS_STORE_APPLICATION && !fresh) {
        return rs_fail(err, RS_EIO,
                       "%s: is another program's database (application id 0x%08" PRIx32
                       "); name another file with --db",
                       store->path, (uint32_t)application);
    }
    if (*version < 0 || (uint64_t)*version > rs_migration_count) {
        return rs_fail(err, RS_EINPUT,
                       "%s: schema %" PRId64 " is newer than this program's %zu; use a newer "
                       "rightsize",
                       store->path, *version, rs_migration_count);
    }
    return RS_OK;
}

static enum rs_status migrate_to(struct rs_store *store, size_t target, struct rs_error *err)
{
    int64_t version = 0;
    char mark[96];
    enum rs_status rc = rs_store_begin(store, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_store_int(store, "PRAGMA user_version", &version, err);
    if (rc == RS_OK && (uint64_t)version < target) { /* else another process was faster */
        rc = rs_store_exec(store, (const char *)rs_migrations[target - 1].sql, err);
        snprintf(mark, sizeof(mark), "PRAGMA application_id=%d; PRAGMA user_version=%zu",
                 RS_STORE_APPLICATION, target);
        if (rc == RS_OK) {
            rc = rs_store_exec(store, mark, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    if (rc != RS_OK) {
        rs_store_rollback(store);
    }
    return rc;
}

/* Two processes changing a new file's mode at once: SQLite refuses one of them without waiting, so
 * the waiting is done here. */
static enum rs_status enter_wal(struct rs_store *store, struct rs_error *err)
{
    int code = SQLITE_BUSY;
    (void)sqlite3_busy_timeout(store->db, 0);
    for (int waited = 0; (code & 0xff) == SQLITE_BUSY && waited <= store->busy_ms; waited += 10) {
        if (waited > 0) {
            (void)sqlite3_sleep(10);
        }
        code = sqlite3_exec(store->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    }
    (void)sqlite3_busy_timeout(store->db, store->busy_ms);
    return code == SQLITE_OK ? RS_OK : rs_store_fail(store, code, err);
}

static enum rs_status open_write(struct rs_store *store, const char *full, struct rs_error *err)
{
    int64_t version = 0;
    enum rs_status rc = connect(store, full, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (rc == RS_OK) {
        rc = identify(store, &version, err);
    }
    if (rc == RS_OK && sqlite3_db_readonly(store->db, "main") != 0) {
        rc = rs_store_fail(store, SQLITE_READONLY, err);
    }
    if (rc == RS_OK) {
        rc = enter_wal(store, err);
    }
    store->expects_new = version == 0;
    for (size_t i = (size_t)version; rc == RS_OK && i < rs_migration_count; i++) {
        rc = migrate_to(store, i + 1, err);
    }
    return rc;
}

static bool has_log(const char *full)
{
    struct rs_buffer name;
    struct stat st;
    rs_buffer_init(&name);
    rs_buffer_text(&name, full);
    rs_buffer_text(&name, "-wal");
    bool has = name.failed || (stat(name.data, &st) == 0 && st.st_size > 0);
    rs_buffer_release(&name);
    return has;
}

/* Where neither the file nor its folder can be written, SQLite reads it only as one that nobody
 * else changes; with a log of changes beside it that would be wrong. */
static enum rs_status connect_immutable(struct rs_store *store, const char *full,
                                        struct rs_error *err)
{
    struct rs_buffer uri;
    rs_buffer_init(&uri);
    rs_buffer_text(&uri, "file:");
    for (const char *p = full; *p != '\0'; p++) {
        if (*p == '%' || *p == '?' || *p == '#') {
            rs_buffer_printf(&uri, "%%%02x", (unsigned)(unsigned char)*p);
        } else {
            rs_buffer_char(&uri, *p);
        }
    }
    rs_buffer_text(&uri, "?immutable=1");
    enum rs_status rc = rs_buffer_status(&uri, err);
    (void)sqlite3_close(store->db);
    store->db = NULL;
    if (rc == RS_OK) {
        rc = connect(store, uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    }
    rs_buffer_release(&uri);
    return rc;
}

static enum rs_status open_read(struct rs_store *store, const char *full, struct rs_error *err)
{
    int64_t version = 0;
    /* Writable where allowed: only such a connection takes the -wal and -shm files away again. */
    enum rs_status rc = connect(store, full, SQLITE_OPEN_READWRITE, err);
    if (rc == RS_OK) {
        rc = identify(store, &version, err);
    }
    int code = store->db == NULL ? SQLITE_OK : sqlite3_errcode(store->db) & 0xff;
    if (rc == RS_EIO && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) &&
        access(full, R_OK) == 0 && !has_log(full)) {
        rc = connect_immutable(store, full, err);
        if (rc == RS_OK) {
            rc = identify(store, &version, err);
        }
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (version == 0) {
        return rs_fail(err, RS_ENODATA, "%s: is empty; run 'rightsize collect' first", store->path);
    }
    if ((uint64_t)version < rs_migration_count) {
        return rs_fail(err, RS_EINPUT,
                       "%s: schema %" PRId64 " is older than this program's %zu; any 'rightsize "
                       "collect' brings it up to date",
                       store->path, version, rs_migration_count);
    }
    return rs_store_exec(store, "PRAGMA query_only=ON; PRAGMA cache_size=-" RS_STORE_READ_KIB, err);
}

int rs_store_schema_version(void)
{
    return (int)rs_migration_count;
}

enum rs_status rs_store_open(const char *path, enum rs_store_mode mode, struct rs_store **out,
                             struct rs_error *err)
{
    char *full = NULL;
    bool exists = false;
    struct rs_store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return rs_fail(err, RS_ENOMEM, "%s: out of memory", path);
    }
    rs_buffer_init(&store->blob);
    store->busy_ms = RS_STORE_BUSY_MS;
    mode_t mask = umask(077); /* samples and names are nobody else's business */
    enum rs_status rc = rs_text_copy(path, &store->path, err);
    if (rc == RS_OK) {
        rc = rs_store_path(path, mode == RS_STORE_WRITE, &full, &exists, err);
    }
    if (rc == RS_OK && mode == RS_STORE_WRITE) {
        rc = open_write(store, full, err);
    } else if (rc == RS_OK && exists) {
        rc = open_read(store, full, err);
    } else if (rc == RS_OK) {
        rc = rs_fail(err, RS_ENODATA, "%s: does not exist; run 'rightsize collect' first", path);
    }
    (void)umask(mask);
    free(full);
    if (rc != RS_OK) {
        rs_store_close(store);
        return rc;
    }
    *out = store;
    return RS_OK;
}

void rs_store_close(struct rs_store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->db != NULL) {
        rs_store_rollback(store);
    }
    for (size_t i = 0; i < RS_STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    (void)sqlite3_close(store->db); /* the last one to close moves the log into the file */
    rs_buffer_release(&store->blob);
    free(store->held);
    free(store->given);
    free(store->resource);
    free(store->path);
    free(store);
}
