/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_private.h - what the modules of this room share. */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include "rightsize/buffer.h"
#include "rightsize/store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_STORE_APPLICATION 0x72736462 /* "rsdb" */
#define RS_STORE_BUSY_MS 30000
#define RS_STORE_LOG_PAGES "500" /* 16 MiB; then the log is moved into the file */
#define RS_STORE_LOG_PAGES_DEFERRED "250"
/* Who reads passes each page once; in so little memory the pages stay in the processor's cache. */
#define RS_STORE_READ_KIB "2048"
#define RS_STORE_QUERY_KIB 16384           /* an arbitrary query comes back to them */
#define RS_STORE_SERIES_BITS 8             /* series id = resource id << 8 | ordinal */
#define RS_STORE_DAY_BITS 32               /* chunk id = day << 32 | series id */
#define RS_STORE_RESOURCES 0xffffff        /* so that a series id fits 32 bits */
#define RS_STORE_END INT64_C(253402300800) /* 10000-01-01: no sample at or after it */

enum rs_store_statement { /* kept prepared, since ingest runs them for every series and day */
                          RS_STATEMENT_FIND_RESOURCE,
                          RS_STATEMENT_ADD_RESOURCE,
                          RS_STATEMENT_FILL_RESOURCE,
                          RS_STATEMENT_FIND_SERIES,
                          RS_STATEMENT_LAST_SERIES,
                          RS_STATEMENT_ADD_SERIES,
                          RS_STATEMENT_WIDEN_SERIES,
                          RS_STATEMENT_ADD_DAY,
                          RS_STATEMENT_READ_CHUNK,
                          RS_STATEMENT_WRITE_CHUNK,
                          RS_STATEMENT_READ_INVENTORY,
                          RS_STATEMENT_WRITE_INVENTORY,
                          RS_STATEMENT_CLEAR_TAGS,
                          RS_STATEMENT_ADD_TAG,
                          RS_STATEMENT_SEE_TYPE,
                          RS_STATEMENT_SERIES_END,
                          RS_STATEMENT_ASKED,
                          RS_STATEMENT_SET_ASKED,
                          RS_STATEMENT_ADD_RECENT,
                          RS_STATEMENT_READ_RECENT,
                          RS_STATEMENT_COUNT
};

struct rs_store {
    sqlite3 *db;
    char *path; /* as given, for messages */
    int busy_ms;
    sqlite3_stmt *statements[RS_STATEMENT_COUNT];
    struct rs_buffer blob;
    double *held, *given; /* one day's slots each: what the store holds, what a batch brings */
    size_t slots;         /* allocated in each */
    char *resource;       /* of the last put, with its id; NULL: none */
    int64_t resource_id;
    enum rs_resource_kind resource_kind;
    int64_t days[64]; /* day + 1 of days known to have their row, at day % 64 */
    bool keep_own;    /* while another store is merged in: what is held stays */
    int64_t kept_own; /* values so kept, where the other's differ */
    bool expects_new; /* the last day that was put was not there */
};

/* Wait this long for a lock instead of RS_STORE_BUSY_MS; for tests. */
void rs_store_set_busy(struct rs_store *store, int milliseconds);

/* Turn SQLite's code into a status and a text that names the file and the remedy. */
enum rs_status rs_store_fail(const struct rs_store *store, int code, struct rs_error *err);

/* The caller finalizes. */
RS_CHECKED enum rs_status rs_store_prepare(struct rs_store *store, const char *sql,
                                           sqlite3_stmt **out, struct rs_error *err);
/* Kept by the store, reset and without bindings. `sql` must be the same at every call. */
RS_CHECKED enum rs_status rs_store_statement(struct rs_store *store, enum rs_store_statement which,
                                             const char *sql, sqlite3_stmt **out,
                                             struct rs_error *err);
/* *row false: the statement is done, and reset. */
RS_CHECKED enum rs_status rs_store_step(struct rs_store *store, sqlite3_stmt *statement, bool *row,
                                        struct rs_error *err);
/* For statements without rows. */
RS_CHECKED enum rs_status rs_store_run(struct rs_store *store, sqlite3_stmt *statement,
                                       struct rs_error *err);
RS_CHECKED enum rs_status rs_store_exec(struct rs_store *store, const char *sql,
                                        struct rs_error *err);
/* The first column of the first row; *out keeps its value when there is no row or it is NULL. */
RS_CHECKED enum rs_status rs_store_int(struct rs_store *store, const char *sql, int64_t *out,
                                       struct rs_error *err);
/* A read transaction unless one is open; *opened says whether rs_store_read_end must close it. */
RS_CHECKED enum rs_status rs_store_read_begin(struct rs_store *store, bool *opened,
                                              struct rs_error *err);
void rs_store_read_end(struct rs_store *store, bool opened);
void rs_store_forget(struct rs_store *store); /* what is remembered of rows; after a rollback */

/* Bind text, NULL as NULL; a failure (no memory) shows when the statement is stepped. */
void rs_store_bind_text(sqlite3_stmt *statement, int index, const char *text);

/* RS_EIO unless a write transaction is open. */
RS_CHECKED enum rs_status rs_store_need_transaction(const struct rs_store *store,
                                                    struct rs_error *err);
/* The id of a resource, created when missing. RS_EINPUT: it is of the other kind, its name is not
 * 1..255 bytes, or the store is full. */
RS_CHECKED enum rs_status rs_store_resource_id(struct rs_store *store, const char *provider_id,
                                               enum rs_resource_kind kind, int64_t *out,
                                               bool *created, struct rs_error *err);

/* The resource of a batch, with what the batch knows of it filled in. */
RS_CHECKED enum rs_status rs_store_resource_of(struct rs_store *store, const struct rs_batch *batch,
                                               int64_t *id, struct rs_error *err);

struct rs_store_target {           /* the series a batch belongs to, and what its row says */
    int64_t id, first_at, last_at; /* -1: no sample yet */
};
/* Created when missing. RS_EINPUT: the resource has 256 series already. */
RS_CHECKED enum rs_status rs_store_series_of(struct rs_store *store, const struct rs_batch *batch,
                                             int64_t resource_id, struct rs_store_target *out,
                                             struct rs_error *err);

struct rs_chunk_sums { /* the summary columns of a chunk */
    int64_t n;
    double low, high, sum; /* the sum in order of time */
};
void rs_chunk_sums_of(const double *values, size_t slots, struct rs_chunk_sums *out);

/*
 * Walks the array of a row of `recent`: *at begins as its text and is NULL after the last value.
 * NaN: null. False: it is not one that rs_store_put_recent makes.
 */
bool rs_recent_next(const char **at, double *value);
/* What waits, into the chunks; inside a transaction. */
RS_CHECKED enum rs_status rs_recent_absorb(struct rs_store *store, struct rs_put_tally *tally,
                                           struct rs_error *err);
/* RS_EIO and its text, which names the file. */
enum rs_status rs_recent_damaged(const char *path, struct rs_error *err);

/* Register the table-valued function chunk_each(data, day, step) -> (ts, value). SQLite's code. */
int rs_chunk_vtab_register(sqlite3 *db);

/*
 * The file as SQLite shall open it: its folder resolved, the last component not a symbolic link and
 * not something else than a file. create: the folder is made when missing. *exists says whether
 * the file is there. The caller frees *out.
 */
RS_CHECKED enum rs_status rs_store_path(const char *path, bool create, char **out, bool *exists,
                                        struct rs_error *err);

#endif
