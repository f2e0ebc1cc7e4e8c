/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"
#include "report/formats.h"
#include "report/human.h"
#include "rightsize/text.h"

#include <string.h>

/* No pipe ends the cell, no character begins markup, HTML or a link. */
static void put_escaped(struct rs_buffer *out, const char *text)
{
    struct rs_buffer safe;
    rs_buffer_init(&safe);
    rs_text_printable(&safe, text, strlen(text));
    for (const char *p = safe.data; *p != '\0'; p++) {
        if (*p == '<') {
            rs_buffer_text(out, "&lt;");
        } else if (*p == '&') {
            rs_buffer_text(out, "&amp;");
        } else {
            if (strchr("\\`*_[]~|#!", *p) != NULL) {
                rs_buffer_char(out, '\\');
            }
            rs_buffer_char(out, *p);
        }
    }
    out->failed = out->failed || safe.failed;
    rs_buffer_release(&safe);
}

static void put_header(struct rs_buffer *out, const char *currency)
{
    struct rs_buffer heading;
    rs_buffer_init(&heading);
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & RS_COLUMN_MARKDOWN) != 0) {
            rs_buffer_clear(&heading);
            rs_column_heading(column, currency, &heading);
            rs_buffer_text(out, "| ");
            put_escaped(out, heading.data);
            rs_buffer_char(out, ' ');
        }
    }
    rs_buffer_text(out, "|\n");
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & RS_COLUMN_MARKDOWN) != 0) {
            rs_buffer_text(out, (column->flags & RS_COLUMN_NUMBER) != 0 ? "| ---: " : "| --- ");
        }
    }
    rs_buffer_text(out, "|\n");
    out->failed = out->failed || heading.failed;
    rs_buffer_release(&heading);
}

static void put_row(struct rs_buffer *out, const struct rs_cell *cell, struct rs_buffer *raw)
{
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & RS_COLUMN_MARKDOWN) != 0) {
            rs_buffer_clear(raw);
            column->render(cell, raw);
            rs_buffer_text(out, "| ");
            put_escaped(out, raw->data);
            rs_buffer_char(out, ' ');
        }
    }
    rs_buffer_text(out, "|\n");
    out->failed = out->failed || raw->failed;
}

/* A document is read anywhere: its width is not the terminal's. */
static enum rs_status write_markdown(const struct rs_report *report, const struct rs_page *page,
                                     struct rs_buffer *out, struct rs_error *err)
{
    struct rs_page document = {.unicode = page->unicode};
    struct rs_totals totals;
    rs_report_totals(report, &totals);
    struct rs_entry entry;
    struct rs_cell cell = {
        .page = &document, .report = report, .entry = &entry, .currency = totals.currency};
    struct rs_buffer raw, foot;
    rs_buffer_init(&raw);
    rs_buffer_init(&foot);
    put_header(out, totals.currency);
    for (size_t i = 0; i < report->count; i++) {
        rs_report_entry(report, i, &entry);
        put_row(out, &cell, &raw);
    }
    rs_buffer_char(out, '\n');
    enum rs_status rc = rs_text_foot(report, &document, &foot, err);
    for (const char *line = foot.data; rc == RS_OK && *line != '\0';) {
        size_t n = strcspn(line, "\n");
        rs_buffer_text(out, "- ");
        rs_buffer_append(out, line, n + (line[n] == '\n'));
        line += n + (line[n] == '\n');
    }
    out->failed = out->failed || foot.failed;
    rs_buffer_release(&raw);
    rs_buffer_release(&foot);
    return rc == RS_OK ? rs_buffer_status(out, err) : rc;
}

const struct rs_format rs_format_markdown = {"markdown", "a table for tickets and wikis", NULL,
                                             write_markdown};
