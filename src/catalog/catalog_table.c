/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_table.h"

#include "rightsize/pull.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum seen { SEEN_FORMAT = 1, SEEN_VERSION = 2, SEEN_KIND = 4, SEEN_COLUMNS = 8, SEEN_ROWS = 16 };

struct reader {
    const struct rs_catalog_table *table;
    struct rs_catalog_pool *pool;
    struct rs_catalog_head *head;
    void *context, *row;
    struct rs_input *input;
    struct rs_pull pull;
    unsigned seen;
    size_t width, rows;
    const struct rs_catalog_column *columns[RS_CATALOG_COLUMN_LIMIT]; /* NULL: not known here */
    const char *last[RS_CATALOG_COLUMN_LIMIT];                        /* text of the row before */
};

static enum rs_status next(struct reader *r, enum rs_pull_event *event, struct rs_error *err)
{
    enum rs_status rc = rs_pull_next(&r->pull, event, err);
    if (rc == RS_OK && rs_input_offset(r->input) > RS_CATALOG_FILE_LIMIT) {
        rc = rs_fail(err, RS_EINPUT, "longer than %lld bytes", (long long)RS_CATALOG_FILE_LIMIT);
    }
    return rc;
}

/* Pass over the rest of a value whose first event was taken, under the limit of `next`. */
static enum rs_status skip(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    int depth = 0;
    for (;;) {
        if (event == RS_PULL_OBJECT || event == RS_PULL_ARRAY) {
            depth++;
        } else if (event == RS_PULL_OBJECT_END || event == RS_PULL_ARRAY_END) {
            depth--;
        }
        if (depth == 0) {
            return RS_OK;
        }
        rc = next(r, &event, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static enum rs_status refuse(const struct reader *r, const struct rs_catalog_column *column,
                             const char *expected, struct rs_error *err)
{
    return rs_fail(err, RS_EINPUT, "row %zu: '%s' must be %s", r->rows, column->name, expected);
}

static enum rs_status store_number(struct reader *r, const struct rs_catalog_column *column,
                                   struct rs_error *err)
{
    double value = r->pull.number;
    char *at = (char *)r->row + column->offset;
    if (!(value >= column->min && value <= column->max)) { /* NaN is refused too */
        return rs_fail(err, RS_EINPUT, "row %zu: '%s' %.40s is outside %g..%g", r->rows,
                       column->name, r->pull.text, column->min, column->max);
    }
    if (column->cell == RS_CELL_NUMBER) {
        value *= column->unit;
        memcpy(at, &value, sizeof(value));
        return RS_OK;
    }
    int whole = (int)value;
    if ((double)whole != value) {
        return refuse(r, column, "a whole number", err);
    }
    if (column->cell == RS_CELL_INT) {
        memcpy(at, &whole, sizeof(whole));
    } else if (whole == 1) {
        unsigned flags = 0;
        memcpy(&flags, at, sizeof(flags));
        flags |= column->flag;
        memcpy(at, &flags, sizeof(flags));
    }
    return RS_OK;
}

static enum rs_status store_text(struct reader *r, size_t i, struct rs_error *err)
{
    const struct rs_catalog_column *column = r->columns[i];
    const char *kept = NULL;
    enum rs_status rc =
        rs_catalog_pool_text(r->pool, r->pull.text, r->pull.length, r->last[i], &kept, err);
    if (rc != RS_OK) {
        return rc == RS_EINPUT ? rs_fail_where(err, "row %zu: '%s'", r->rows, column->name) : rc;
    }
    if (kept[0] == '\0') {
        return refuse(r, column, "a text or null, not empty", err);
    }
    r->last[i] = kept;
    memcpy((char *)r->row + column->offset, &kept, sizeof(kept));
    return RS_OK;
}

static enum rs_status store(struct reader *r, size_t i, enum rs_pull_event event,
                            struct rs_error *err)
{
    const struct rs_catalog_column *column = r->columns[i];
    if (column == NULL) {
        return skip(r, event, err);
    }
    if (event == RS_PULL_NULL) {
        return column->needed ? refuse(r, column, "known, not null", err) : RS_OK;
    }
    if (column->cell == RS_CELL_TEXT) {
        return event == RS_PULL_TEXT ? store_text(r, i, err) : refuse(r, column, "a text", err);
    }
    return event == RS_PULL_NUMBER ? store_number(r, column, err)
                                   : refuse(r, column, "a number", err);
}

/* The event ARRAY of the row was taken. */
static enum rs_status read_row(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    r->table->blank(r->row);
    for (size_t i = 0;; i++) {
        enum rs_status rc = next(r, &event, err);
        if (rc != RS_OK) {
            return rc;
        }
        if ((event == RS_PULL_ARRAY_END) != (i == r->width)) {
            return rs_fail(err, RS_EINPUT, "row %zu has %s than the %zu values declared", r->rows,
                           i == r->width ? "more" : "fewer", r->width);
        }
        if (event == RS_PULL_ARRAY_END) {
            break;
        }
        rc = store(r, i, event, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    enum rs_status rc = r->table->take(r->context, r->row, err);
    return rc == RS_EINPUT ? rs_fail_where(err, "row %zu", r->rows) : rc;
}

static enum rs_status read_rows(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    const unsigned before = SEEN_FORMAT | SEEN_VERSION | SEEN_KIND | SEEN_COLUMNS;
    if (event != RS_PULL_ARRAY) {
        return rs_fail(err, RS_EINPUT, "'rows' must be an array");
    }
    if ((r->seen & before) != before) {
        return rs_fail(err, RS_EINPUT,
                       "'format', 'version', 'kind' and 'columns' must stand before 'rows'");
    }
    for (;;) {
        enum rs_status rc = next(r, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        r->rows++;
        if (event != RS_PULL_ARRAY) {
            return rs_fail(err, RS_EINPUT, "row %zu must be an array", r->rows);
        }
        if (r->rows > RS_CATALOG_ROW_LIMIT) {
            return rs_fail(err, RS_EINPUT, "more than %zu rows", RS_CATALOG_ROW_LIMIT);
        }
        rc = read_row(r, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
}

static bool has_column(const struct reader *r, const struct rs_catalog_column *column)
{
    for (size_t i = 0; i < r->width; i++) {
        if (r->columns[i] == column) {
            return true;
        }
    }
    return false;
}

static enum rs_status add_column(struct reader *r, struct rs_error *err)
{
    const struct rs_catalog_column *found = NULL;
    for (size_t k = 0; k < r->table->column_count && found == NULL; k++) {
        if (strcmp(r->table->columns[k].name, r->pull.text) == 0) {
            found = &r->table->columns[k];
        }
    }
    if (found != NULL && has_column(r, found)) {
        return rs_fail(err, RS_EINPUT, "column '%s' is named twice", found->name);
    }
    if (r->width == RS_CATALOG_COLUMN_LIMIT) {
        return rs_fail(err, RS_EINPUT, "more than %zu columns", RS_CATALOG_COLUMN_LIMIT);
    }
    r->columns[r->width++] = found;
    return RS_OK;
}

static enum rs_status read_columns(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    if (event != RS_PULL_ARRAY) {
        return rs_fail(err, RS_EINPUT, "'columns' must be an array");
    }
    for (;;) {
        enum rs_status rc = next(r, &event, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (event == RS_PULL_ARRAY_END) {
            break;
        }
        if (event != RS_PULL_TEXT) {
            return rs_fail(err, RS_EINPUT, "'columns' must hold texts only");
        }
        rc = add_column(r, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    for (size_t k = 0; k < r->table->column_count; k++) {
        const struct rs_catalog_column *column = &r->table->columns[k];
        if (!column->optional && !has_column(r, column)) {
            return rs_fail(err, RS_EINPUT, "column '%s' is missing", column->name);
        }
    }
    return RS_OK;
}

static enum rs_status check_text(const struct reader *r, enum rs_pull_event event, const char *key,
                                 const char *want, struct rs_error *err)
{
    if (event != RS_PULL_TEXT || strcmp(r->pull.text, want) != 0) {
        return rs_fail(err, RS_EINPUT, "'%s' must be '%s'", key, want);
    }
    return RS_OK;
}

static enum rs_status read_format(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    return check_text(r, event, "format", RS_CATALOG_FORMAT, err);
}

static enum rs_status read_kind(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    return check_text(r, event, "kind", r->table->kind, err);
}

static enum rs_status read_version(struct reader *r, enum rs_pull_event event, struct rs_error *err)
{
    if (event != RS_PULL_NUMBER || r->pull.number < RS_CATALOG_VERSION ||
        r->pull.number > RS_CATALOG_VERSION) {
        return rs_fail(err, RS_EINPUT, "'version' %.20s is not %d, the one this program reads",
                       event == RS_PULL_NUMBER ? r->pull.text : "(no number)", RS_CATALOG_VERSION);
    }
    return RS_OK;
}

static const struct {
    const char *key;
    unsigned seen;
    enum rs_status (*read)(struct reader *, enum rs_pull_event, struct rs_error *);
} members[] = {
    {"format", SEEN_FORMAT, read_format}, {"version", SEEN_VERSION, read_version},
    {"kind", SEEN_KIND, read_kind},       {"columns", SEEN_COLUMNS, read_columns},
    {"rows", SEEN_ROWS, read_rows},
};

static const struct {
    const char *key;
    size_t offset;
} head_members[] = {
    {"provider", offsetof(struct rs_catalog_head, provider)},
    {"region", offsetof(struct rs_catalog_head, region)},
    {"currency", offsetof(struct rs_catalog_head, currency)},
    {"date", offsetof(struct rs_catalog_head, date)},
    {"source", offsetof(struct rs_catalog_head, source)},
};

static enum rs_status read_head(struct reader *r, size_t k, enum rs_pull_event event,
                                struct rs_error *err)
{
    const char *kept = NULL;
    if (event == RS_PULL_NULL) {
        return RS_OK;
    }
    if (event != RS_PULL_TEXT) {
        return rs_fail(err, RS_EINPUT, "'%s' must be a text", head_members[k].key);
    }
    enum rs_status rc =
        rs_catalog_pool_text(r->pool, r->pull.text, r->pull.length, NULL, &kept, err);
    if (rc == RS_OK) {
        memcpy((char *)r->head + head_members[k].offset, &kept, sizeof(kept));
    }
    return rc == RS_EINPUT ? rs_fail_where(err, "'%s'", head_members[k].key) : rc;
}

/* The event KEY was taken. */
static enum rs_status read_member(struct reader *r, struct rs_error *err)
{
    const size_t member_count = sizeof(members) / sizeof(members[0]);
    const size_t head_count = sizeof(head_members) / sizeof(head_members[0]);
    enum rs_pull_event event = RS_PULL_END;
    size_t m = 0, h = 0;
    while (m < member_count && strcmp(members[m].key, r->pull.text) != 0) {
        m++;
    }
    while (h < head_count && strcmp(head_members[h].key, r->pull.text) != 0) {
        h++;
    }
    enum rs_status rc = next(r, &event, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (h < head_count) {
        return read_head(r, h, event, err);
    }
    if (m == member_count) {
        return skip(r, event, err);
    }
    if ((r->seen & members[m].seen) != 0) {
        return rs_fail(err, RS_EINPUT, "'%s' is there twice", members[m].key);
    }
    rc = members[m].read(r, event, err);
    r->seen |= members[m].seen;
    return rc;
}

static enum rs_status read_document(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = next(r, &event, err);
    if (rc == RS_OK && event != RS_PULL_OBJECT) {
        rc = rs_fail(err, RS_EINPUT, "not a catalog: an object is expected");
    }
    while (rc == RS_OK) {
        rc = next(r, &event, err);
        if (rc == RS_OK && event == RS_PULL_OBJECT_END) {
            break;
        }
        if (rc == RS_OK) {
            rc = read_member(r, err);
        }
    }
    if (rc == RS_OK && (r->seen & SEEN_ROWS) == 0) {
        rc = rs_fail(err, RS_EINPUT, "not a catalog: 'rows' is missing");
    }
    return rc == RS_OK ? next(r, &event, err) : rc; /* refuses trailing bytes */
}

enum rs_status rs_catalog_table_read(const char *path, const struct rs_catalog_table *table,
                                     struct rs_catalog_pool *pool, void *context,
                                     struct rs_catalog_head *head, struct rs_error *err)
{
    assert(path != NULL && table != NULL && head != NULL);
    struct reader *r = calloc(1, sizeof(*r));
    void *row = calloc(1, table->row_size);
    enum rs_status rc = RS_OK;
    *head = (struct rs_catalog_head){NULL, NULL, NULL, NULL, NULL};
    if (r == NULL || row == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for reading a catalog");
        goto out;
    }
    r->table = table, r->pool = pool, r->head = head, r->context = context, r->row = row;
    rc = rs_input_open(path, &r->input, err);
    if (rc != RS_OK) {
        goto out;
    }
    rs_pull_init(&r->pull, r->input);
    rc = read_document(r, err);
    rs_pull_release(&r->pull);
    if (rc == RS_EINPUT) {
        rc = rs_fail_where(err, "%s", path);
    }
out:
    if (r != NULL) {
        rs_input_close(r->input);
    }
    free(row);
    free(r);
    return rc;
}
