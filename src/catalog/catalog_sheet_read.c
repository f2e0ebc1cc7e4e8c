/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_sheet.h"
#include "catalog/catalog_table.h"
#include "rightsize/pull.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct rs_sheet *sheet;
    struct rs_input *input;
    struct rs_pull pull;
    bool format, version, rows;
    struct rs_sheet_cell cells[RS_CATALOG_COLUMN_LIMIT];
};

static enum rs_status next(struct reader *r, enum rs_pull_event *event, struct rs_error *err)
{
    enum rs_status rc = rs_pull_next(&r->pull, event, err);
    if (rc == RS_OK && rs_input_offset(r->input) > RS_CATALOG_FILE_LIMIT) {
        rc = rs_fail(err, RS_EINPUT, "longer than %lld bytes", (long long)RS_CATALOG_FILE_LIMIT);
    }
    return rc;
}

static enum rs_status read_columns(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    struct rs_sheet *s = r->sheet;
    size_t index = 0;
    enum rs_status rc = next(r, &event, err);
    if (rc == RS_OK && event != RS_PULL_ARRAY) {
        rc = rs_fail(err, RS_EINPUT, "'columns' must be an array");
    }
    while (rc == RS_OK) {
        rc = next(r, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            break;
        }
        if (event != RS_PULL_TEXT || rs_sheet_column(s, r->pull.text) != RS_SHEET_NONE) {
            return rs_fail(err, RS_EINPUT, "'columns' must be texts, each one once");
        }
        rc = rs_sheet_add_column(s, r->pull.text, &index, err);
    }
    if (rc == RS_OK) {
        s->key = rs_sheet_column(s, "type");
        rc = s->key != RS_SHEET_NONE ? RS_OK : rs_fail(err, RS_EINPUT, "column 'type' is missing");
    }
    return rc;
}

static enum rs_status read_other(struct reader *r, enum rs_pull_event event, const char **out,
                                 struct rs_error *err)
{
    struct rs_buffer text;
    enum rs_status rc = RS_OK;
    rs_buffer_init(&text);
    if (event == RS_PULL_TRUE || event == RS_PULL_FALSE) {
        rs_buffer_text(&text, event == RS_PULL_TRUE ? "true" : "false");
    } else {
        rc = rs_pull_rest_slice(&r->pull, RS_CATALOG_TEXT_LIMIT, &text, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(&text, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_keep(r->sheet, text.data, out, err);
    }
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status read_cell(struct reader *r, enum rs_pull_event event, const char *previous,
                                struct rs_sheet_cell *out, struct rs_error *err)
{
    *out = (struct rs_sheet_cell){RS_CELL_IS_NULL, 0, NULL};
    if (event == RS_PULL_NULL) {
        return RS_OK;
    }
    if (event == RS_PULL_NUMBER) {
        out->kind = RS_CELL_IS_NUMBER;
        out->number = r->pull.number;
        return RS_OK;
    }
    if (event != RS_PULL_TEXT) {
        out->kind = RS_CELL_IS_OTHER;
        return read_other(r, event, &out->text, err);
    }
    out->kind = RS_CELL_IS_TEXT;
    return rs_catalog_pool_text(&r->sheet->pool, r->pull.text, r->pull.length, previous, &out->text,
                                err);
}

/* The event ARRAY of the row was taken. */
static enum rs_status read_row(struct reader *r, struct rs_error *err)
{
    struct rs_sheet *s = r->sheet;
    enum rs_pull_event event = RS_PULL_END;
    struct rs_sheet_cell *row = NULL;
    bool fresh = false;
    size_t width = 0;
    enum rs_status rc = next(r, &event, err);
    for (; rc == RS_OK && event != RS_PULL_ARRAY_END; width++) {
        if (width == s->width) {
            return rs_fail(err, RS_EINPUT, "more than the %zu values declared", s->width);
        }
        const char *previous = s->count > 0 ? s->rows[s->count - 1][width].text : NULL;
        rc = read_cell(r, event, previous, &r->cells[width], err);
        if (rc == RS_OK) {
            rc = next(r, &event, err);
        }
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (width != s->width || r->cells[s->key].kind != RS_CELL_IS_TEXT) {
        return rs_fail(err, RS_EINPUT, "not %zu values, or 'type' is no text", s->width);
    }
    rc = rs_sheet_row(s, r->cells[s->key].text, &row, &fresh, err);
    if (rc == RS_OK && !fresh) {
        rc = rs_fail(err, RS_EINPUT, "'%.64s' is there twice", r->cells[s->key].text);
    }
    if (rc == RS_OK) {
        memcpy(row, r->cells, width * sizeof(*row));
    }
    return rc;
}

static enum rs_status read_rows(struct reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = next(r, &event, err);
    if (rc == RS_OK && (event != RS_PULL_ARRAY || r->sheet->width == 0)) {
        rc = rs_fail(err, RS_EINPUT, "'rows' must be an array behind 'columns'");
    }
    r->rows = true;
    while (rc == RS_OK) {
        rc = next(r, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            return rc;
        }
        rc = event == RS_PULL_ARRAY ? read_row(r, err)
                                    : rs_fail(err, RS_EINPUT, "a row must be an array");
        if (rc == RS_EINPUT) {
            rc = rs_fail_where(err, "row %zu", r->sheet->count + 1);
        }
    }
    return rc;
}

static enum rs_status read_member(struct reader *r, struct rs_error *err)
{
    struct rs_sheet *s = r->sheet;
    const struct {
        const char *key;
        const char **value;
    } texts[] = {
        {"kind", &s->kind},         {"provider", &s->provider}, {"region", &s->region},
        {"currency", &s->currency}, {"date", &s->date},         {"source", &s->source},
    };
    bool columns = strcmp(r->pull.text, "columns") == 0, rows = strcmp(r->pull.text, "rows") == 0;
    bool format = strcmp(r->pull.text, "format") == 0,
         version = strcmp(r->pull.text, "version") == 0;
    size_t t = 0;
    while (t < sizeof(texts) / sizeof(texts[0]) && strcmp(texts[t].key, r->pull.text) != 0) {
        t++;
    }
    if (columns || rows) {
        return columns ? read_columns(r, err) : read_rows(r, err);
    }
    if (t == sizeof(texts) / sizeof(texts[0]) && !format && !version) {
        return rs_pull_skip(&r->pull, err);
    }
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = next(r, &event, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (format) {
        r->format = event == RS_PULL_TEXT && strcmp(r->pull.text, RS_CATALOG_FORMAT) == 0;
        return RS_OK;
    }
    if (version) {
        r->version = event == RS_PULL_NUMBER &&
                     !(r->pull.number < RS_CATALOG_VERSION || r->pull.number > RS_CATALOG_VERSION);
        return RS_OK;
    }
    if (event != RS_PULL_TEXT && event != RS_PULL_NULL) {
        return rs_fail(err, RS_EINPUT, "'%s' must be a text", texts[t].key);
    }
    return rs_sheet_keep(s, event == RS_PULL_TEXT ? r->pull.text : NULL, texts[t].value, err);
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
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        rc = read_member(r, err);
    }
    if (rc == RS_OK && !(r->format && r->version && r->rows)) {
        rc = rs_fail(err, RS_EINPUT, "not a catalog of version %d with 'rows'", RS_CATALOG_VERSION);
    }
    return rc == RS_OK ? next(r, &event, err) : rc; /* refuses trailing bytes */
}

enum rs_status rs_sheet_read(const char *path, struct rs_sheet *out, struct rs_error *err)
{
    enum rs_status rc = rs_sheet_init(out, NULL, NULL, 0, err);
    struct reader *r = rc == RS_OK ? calloc(1, sizeof(*r)) : NULL;
    if (rc == RS_OK && r == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for reading a catalog");
    }
    if (rc == RS_OK) {
        r->sheet = out;
        rc = rs_input_open(path, &r->input, err);
    }
    if (rc == RS_OK) {
        rs_pull_init(&r->pull, r->input);
        rc = read_document(r, err);
        rs_pull_release(&r->pull);
        if (rc == RS_EINPUT) {
            rc = rs_fail_where(err, "%s", path);
        }
        rs_input_close(r->input);
    }
    free(r);
    if (rc != RS_OK) {
        rs_sheet_release(out);
    }
    return rc;
}
