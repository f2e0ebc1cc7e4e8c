/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"
#include "report/formats.h"
#include "report/grid.h"
#include "report/page.h"

#include <string.h>

static const char *finding_color(enum rs_finding finding)
{
    switch (finding) {
    case RS_FINDING_UNDER_PROVISIONED:
        return "red";
    case RS_FINDING_OVER_PROVISIONED:
        return "yellow";
    case RS_FINDING_OPTIMIZED:
        return "green";
    case RS_FINDING_IDLE:
        return "magenta";
    default:
        return "gray";
    }
}

static void add_columns(struct rs_grid *grid, unsigned shown, const char *currency)
{
    struct rs_buffer heading;
    rs_buffer_init(&heading);
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & shown) != 0) {
            unsigned flags = ((column->flags & RS_COLUMN_NUMBER) != 0 ? RS_GRID_RIGHT : 0U) |
                             ((column->flags & RS_COLUMN_NAME) != 0 ? RS_GRID_NAME : 0U) |
                             ((column->flags & RS_COLUMN_WRAP) != 0 ? RS_GRID_WRAP : 0U);
            rs_buffer_clear(&heading);
            rs_column_heading(column, currency, &heading);
            rs_grid_column(grid, heading.data, flags);
        }
    }
    grid->failed = grid->failed || heading.failed;
    rs_buffer_release(&heading);
}

static void add_cells(struct rs_grid *grid, unsigned shown, const struct rs_cell *cell)
{
    struct rs_buffer raw, safe;
    rs_buffer_init(&raw);
    rs_buffer_init(&safe);
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & shown) != 0) {
            bool colored = (column->flags & RS_COLUMN_FINDING) != 0;
            rs_buffer_clear(&raw);
            rs_buffer_clear(&safe);
            column->render(cell, &raw);
            rs_page_text(&safe, cell->page, raw.data);
            rs_grid_cell(grid, safe.data,
                         colored ? finding_color(cell->entry->advice.finding) : NULL);
            grid->failed = grid->failed || raw.failed || safe.failed;
        }
    }
    rs_buffer_release(&raw);
    rs_buffer_release(&safe);
}

/* The wide table is meant for a wide screen or a pager: nothing in it is cut off or broken. */
static enum rs_status put_rows(const struct rs_report *report, const struct rs_page *given,
                               unsigned shown, struct rs_buffer *out, struct rs_error *err)
{
    struct rs_totals totals;
    struct rs_page page = *given;
    page.width = shown == RS_COLUMN_WIDE ? 0 : given->width;
    rs_report_totals(report, &totals);
    struct rs_entry entry;
    struct rs_cell cell = {
        .page = &page, .report = report, .entry = &entry, .currency = totals.currency};
    struct rs_grid grid;
    rs_grid_init(&grid, &page);
    add_columns(&grid, shown, totals.currency);
    for (size_t i = 0; i < report->count; i++) {
        rs_report_entry(report, i, &entry);
        add_cells(&grid, shown, &cell);
    }
    enum rs_status rc = rs_grid_print(&grid, 0, out, err);
    rs_grid_release(&grid);
    return rc;
}

static enum rs_status write_text(const struct rs_report *report, const struct rs_page *page,
                                 unsigned shown, struct rs_buffer *out, struct rs_error *err)
{
    enum rs_status rc = rs_text_head(report, page, out, err);
    if (rc == RS_OK && report->count > 0) {
        rs_buffer_char(out, '\n');
        rc = put_rows(report, page, shown, out, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    rs_buffer_char(out, '\n');
    rc = rs_text_foot(report, page, out, err);
    return rc == RS_OK ? rs_buffer_status(out, err) : rc;
}

static enum rs_status write_table(const struct rs_report *report, const struct rs_page *page,
                                  struct rs_buffer *out, struct rs_error *err)
{
    return write_text(report, page, RS_COLUMN_TABLE, out, err);
}

static enum rs_status write_wide(const struct rs_report *report, const struct rs_page *page,
                                 struct rs_buffer *out, struct rs_error *err)
{
    return write_text(report, page, RS_COLUMN_WIDE, out, err);
}

const struct rs_format rs_format_text_table = {
    "table", "one line a resource: what should become what, what it saves and why", NULL,
    write_table};
const struct rs_format rs_format_text_wide = {
    "wide", "the table with shapes, projected use, risk, confidence and reasons", NULL, write_wide};
