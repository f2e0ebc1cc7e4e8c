/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chunk_vtab.c - chunk_each(data, day, step): a chunk as rows (ts, value), so that samples can be
 * asked for in SQL. Bounds on ts are taken in, and spare the unpacking of days outside them.
 */
#include "store/store_private.h"

#include "rightsize/chunk.h"

#include <math.h>
#include <string.h>

enum { COLUMN_TS, COLUMN_VALUE, COLUMN_DATA, COLUMN_DAY, COLUMN_STEP };
enum { ARGUMENTS = 3, BOUND_LOW = 1, BOUND_HIGH = 2 };

struct cursor {
    sqlite3_vtab_cursor base;
    double *values;
    size_t capacity, slots, slot;
    int64_t start, step;
};

static int vtab_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
    (void)aux, (void)argc, (void)argv, (void)message;
    int code = sqlite3_declare_vtab(
        db, "CREATE TABLE x(ts INTEGER, value REAL, data HIDDEN, day HIDDEN, step HIDDEN)");
    if (code != SQLITE_OK) {
        return code;
    }
    *out = sqlite3_malloc64(sizeof(**out));
    if (*out == NULL) {
        return SQLITE_NOMEM;
    }
    memset(*out, 0, sizeof(**out));
    return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS); /* views may use it */
}

static int vtab_disconnect(sqlite3_vtab *vtab)
{
    sqlite3_free(vtab);
    return SQLITE_OK;
}

static int bound_of(unsigned char op)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_GT:
    case SQLITE_INDEX_CONSTRAINT_GE:
        return BOUND_LOW;
    case SQLITE_INDEX_CONSTRAINT_LT:
    case SQLITE_INDEX_CONSTRAINT_LE:
        return BOUND_HIGH;
    default:
        return 0;
    }
}

static int vtab_best(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    (void)vtab;
    int at[ARGUMENTS + 2] = {-1, -1, -1, -1, -1};
    for (int i = 0; i < info->nConstraint; i++) {
        int argument = info->aConstraint[i].iColumn - COLUMN_DATA;
        int bound = bound_of(info->aConstraint[i].op);
        bool usable = info->aConstraint[i].usable != 0;
        if (argument >= 0 && info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
            if (!usable) {
                return SQLITE_CONSTRAINT;
            }
            at[argument] = i;
        } else if (info->aConstraint[i].iColumn == COLUMN_TS && usable && bound != 0) {
            at[ARGUMENTS + bound - 1] = i;
        }
    }
    if (at[0] < 0 || at[1] < 0 || at[2] < 0) {
        return SQLITE_CONSTRAINT;
    }
    int next = 1;
    for (int k = 0; k < ARGUMENTS + 2; k++) {
        if (at[k] >= 0) { /* SQLite tests the bounds again: they are taken as inclusive here */
            info->aConstraintUsage[at[k]].argvIndex = next++;
            info->aConstraintUsage[at[k]].omit = k < ARGUMENTS;
            info->idxNum |= k < ARGUMENTS ? 0 : 1 << (k - ARGUMENTS);
        }
    }
    info->estimatedRows = info->idxNum == 0 ? 288 : info->idxNum == 3 ? 20 : 100;
    info->estimatedCost = (double)info->estimatedRows;
    return SQLITE_OK;
}

static int vtab_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
    (void)vtab;
    struct cursor *cursor = sqlite3_malloc64(sizeof(*cursor));
    if (cursor == NULL) {
        return SQLITE_NOMEM;
    }
    memset(cursor, 0, sizeof(*cursor));
    *out = &cursor->base;
    return SQLITE_OK;
}

static int vtab_close(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;
    sqlite3_free(cursor->values);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int vtab_next(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;
    do {
        cursor->slot++;
    } while (cursor->slot < cursor->slots && isnan(cursor->values[cursor->slot]));
    return SQLITE_OK;
}

static int reserve(struct cursor *cursor, size_t slots)
{
    if (slots <= cursor->capacity) {
        return SQLITE_OK;
    }
    double *grown = sqlite3_realloc64(cursor->values, slots * sizeof(*grown));
    if (grown == NULL) {
        return SQLITE_NOMEM;
    }
    cursor->values = grown;
    cursor->capacity = slots;
    return SQLITE_OK;
}

static int refuse(struct cursor *cursor, int code, const char *text)
{
    sqlite3_vtab *vtab = cursor->base.pVtab;
    sqlite3_free(vtab->zErrMsg);
    vtab->zErrMsg = sqlite3_mprintf("chunk_each: %s", text);
    return code;
}

/* Texts and NULL as bounds are left to SQLite, which knows how they compare. */
static bool outside(int bound, sqlite3_value *value, int64_t first, int64_t last)
{
    int type = sqlite3_value_type(value);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
        return false;
    }
    double limit = sqlite3_value_double(value);
    return bound == BOUND_LOW ? limit > (double)last : limit < (double)first;
}

static int vtab_filter(sqlite3_vtab_cursor *base, int bounds, const char *name, int argc,
                       sqlite3_value **argv)
{
    (void)name;
    struct cursor *cursor = (struct cursor *)base;
    int64_t day = sqlite3_value_int64(argv[1]), step = sqlite3_value_int64(argv[2]);
    cursor->slots = cursor->slot = 0;
    if (sqlite3_value_type(argv[0]) == SQLITE_NULL) {
        return SQLITE_OK;
    }
    if (!rs_step_is_valid(step) || day < 0 || day >= RS_STORE_END / RS_DAY_SECONDS) {
        return refuse(cursor, SQLITE_ERROR,
                      "the step must divide a day, the day must be 0 or more");
    }
    cursor->start = day * RS_DAY_SECONDS;
    cursor->step = step;
    int64_t last = cursor->start + RS_DAY_SECONDS - step;
    for (int bound = BOUND_LOW, next = ARGUMENTS; bound <= BOUND_HIGH; bound++) {
        if ((bounds & bound) != 0 && next < argc &&
            outside(bound, argv[next++], cursor->start, last)) {
            return SQLITE_OK;
        }
    }
    size_t slots = (size_t)(RS_DAY_SECONDS / step);
    int code = reserve(cursor, slots);
    if (code != SQLITE_OK) {
        return code;
    }
    struct rs_error err = {RS_OK, ""};
    const void *blob = sqlite3_value_blob(argv[0]);
    size_t length = (size_t)sqlite3_value_bytes(argv[0]);
    if (rs_chunk_decode(blob, length, cursor->values, slots, &err) != RS_OK) {
        return refuse(cursor, SQLITE_CORRUPT_VTAB, err.text);
    }
    cursor->slots = slots;
    return isnan(cursor->values[0]) ? vtab_next(base) : SQLITE_OK;
}

static int vtab_eof(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;
    return cursor->slot >= cursor->slots;
}

static int vtab_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct cursor *cursor = (const struct cursor *)base;
    if (column == COLUMN_TS) {
        sqlite3_result_int64(context, cursor->start + (int64_t)cursor->slot * cursor->step);
    } else if (column == COLUMN_VALUE) {
        sqlite3_result_double(context, cursor->values[cursor->slot]);
    }
    return SQLITE_OK;
}

static int vtab_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->slot;
    return SQLITE_OK;
}

static const sqlite3_module chunk_each = {
    .xConnect = vtab_connect, /* without xCreate: there is no table to make, only the function */
    .xBestIndex = vtab_best,
    .xDisconnect = vtab_disconnect,
    .xOpen = vtab_open,
    .xClose = vtab_close,
    .xFilter = vtab_filter,
    .xNext = vtab_next,
    .xEof = vtab_eof,
    .xColumn = vtab_column,
    .xRowid = vtab_rowid,
};

int rs_chunk_vtab_register(sqlite3 *db)
{
    return sqlite3_create_module_v2(db, "chunk_each", &chunk_each, NULL, NULL);
}
