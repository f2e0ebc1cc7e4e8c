/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_sql.c - one SELECT of the user's, as text. */
#include "store/store_private.h"

#include "rightsize/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int allow_reading(void *payload, int action, const char *a, const char *b, const char *c,
                         const char *d)
{
    (void)payload, (void)a, (void)b, (void)c, (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

/* What is wrong with the statement is the user's to mend; the rest is the file's. */
static enum rs_status fail_sql(const struct rs_store *store, int code, struct rs_error *err)
{
    switch (code & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
        return rs_fail(err, RS_EUSAGE, "sql: %s", sqlite3_errmsg(store->db));
    case SQLITE_AUTH:
        return rs_fail(err, RS_EUSAGE, "sql: only SELECT is allowed, the store is read here");
    default:
        return rs_store_fail(store, code, err);
    }
}

static enum rs_status prepare_one(struct rs_store *store, const char *sql, sqlite3_stmt **out,
                                  struct rs_error *err)
{
    sqlite3_stmt *second = NULL;
    const char *rest = sql;
    int code = SQLITE_OK;
    while (code == SQLITE_OK && *out == NULL && *rest != '\0') {
        code = sqlite3_prepare_v2(store->db, rest, -1, out, &rest);
    }
    if (code != SQLITE_OK) {
        return fail_sql(store, code, err);
    }
    if (*out == NULL) {
        return rs_fail(err, RS_EUSAGE, "sql: there is no statement");
    }
    if (!sqlite3_stmt_readonly(*out) || sqlite3_column_count(*out) == 0) {
        return rs_fail(err, RS_EUSAGE, "sql: only SELECT is allowed, the store is read here");
    }
    while (code == SQLITE_OK && second == NULL && *rest != '\0') {
        code = sqlite3_prepare_v2(store->db, rest, -1, &second, &rest);
    }
    sqlite3_finalize(second);
    return code == SQLITE_OK && second == NULL
               ? RS_OK
               : rs_fail(err, RS_EUSAGE, "sql: one statement at a time");
}

static void append_real(struct rs_buffer *texts, double value)
{
    char text[RS_NUMBER_TEXT];
    if (isinf(value)) {
        rs_buffer_text(texts, value < 0 ? "-Inf" : "Inf");
        return;
    }
    rs_number_format(value, text);
    rs_buffer_text(texts, text);
}

static void append_blob(struct rs_buffer *texts, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    rs_buffer_text(texts, "X'");
    for (size_t i = 0; i < length; i++) {
        rs_buffer_char(texts, digits[bytes[i] >> 4]);
        rs_buffer_char(texts, digits[bytes[i] & 15]);
    }
    rs_buffer_char(texts, '\'');
}

static void append_value(struct rs_buffer *texts, sqlite3_stmt *row, int column)
{
    const char *text;
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
        rs_buffer_printf(texts, "%" PRId64, (int64_t)sqlite3_column_int64(row, column));
        break;
    case SQLITE_FLOAT:
        append_real(texts, sqlite3_column_double(row, column));
        break;
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(row, column);
        append_blob(texts, bytes, (size_t)sqlite3_column_bytes(row, column));
        break;
    }
    default:
        text = (const char *)sqlite3_column_text(row, column);
        rs_buffer_text(texts, text == NULL ? "" : text);
        break;
    }
}

struct row_texts {
    int columns;
    const char **names, **values;
    size_t *offsets;
    struct rs_buffer texts;
};

static enum rs_status read_values(sqlite3_stmt *row, struct row_texts *out, struct rs_error *err)
{
    rs_buffer_clear(&out->texts);
    for (int i = 0; i < out->columns; i++) {
        out->offsets[i] = out->texts.length;
        append_value(&out->texts, row, i);
        rs_buffer_char(&out->texts, '\0');
    }
    for (int i = 0; i < out->columns; i++) { /* only now: the buffer has moved while growing */
        bool null = sqlite3_column_type(row, i) == SQLITE_NULL;
        out->values[i] = null ? NULL : out->texts.data + out->offsets[i];
    }
    return rs_buffer_status(&out->texts, err);
}

static enum rs_status run_rows(struct rs_store *store, sqlite3_stmt *statement, rs_sql_row_fn *fn,
                               void *payload, struct rs_error *err)
{
    struct row_texts row = {.columns = sqlite3_column_count(statement)};
    size_t count = (size_t)row.columns;
    rs_buffer_init(&row.texts);
    row.names = calloc(count, sizeof(*row.names));
    row.values = calloc(count, sizeof(*row.values));
    row.offsets = calloc(count, sizeof(*row.offsets));
    enum rs_status rc = row.names != NULL && row.values != NULL && row.offsets != NULL
                            ? RS_OK
                            : rs_fail(err, RS_ENOMEM, "out of memory for %zu columns", count);
    int code = SQLITE_ROW;
    while (rc == RS_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < row.columns; i++) { /* a changed schema renames them between rows */
            row.names[i] = sqlite3_column_name(statement, i);
        }
        rc = read_values(statement, &row, err);
        if (rc == RS_OK) {
            rc = fn(payload, row.columns, row.names, row.values, err);
        }
    }
    if (rc == RS_OK && code != SQLITE_DONE) {
        rc = fail_sql(store, code, err);
    }
    free(row.names);
    free(row.values);
    free(row.offsets);
    rs_buffer_release(&row.texts);
    return rc;
}

enum rs_status rs_store_sql(struct rs_store *store, const char *sql, rs_sql_row_fn *fn,
                            void *payload, struct rs_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum rs_status rc = rs_store_set_cache(store, RS_STORE_QUERY_KIB, err);
    (void)sqlite3_set_authorizer(store->db, allow_reading, NULL);
    if (rc == RS_OK) {
        rc = prepare_one(store, sql, &statement, err);
    }
    if (rc == RS_OK) {
        rc = run_rows(store, statement, fn, payload, err);
    }
    sqlite3_finalize(statement);
    (void)sqlite3_set_authorizer(store->db, NULL, NULL);
    return rc;
}
