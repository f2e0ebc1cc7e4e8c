/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"
#include "report/formats.h"
#include "rightsize/text.h"

#include <string.h>

struct csv {
    struct rs_buffer *out;
    struct rs_buffer raw, safe; /* of one cell */
    size_t fields;              /* of the row so far */
};

static void put_field(struct csv *csv, const char *text, bool number)
{
    if (csv->fields++ > 0) {
        rs_buffer_char(csv->out, ',');
    }
    if (number) { /* a leading minus of ours is no formula */
        rs_buffer_text(csv->out, text);
        return;
    }
    rs_buffer_clear(&csv->safe);
    rs_text_printable(&csv->safe, text, strlen(text));
    rs_text_csv(csv->out, csv->safe.data);
    csv->out->failed = csv->out->failed || csv->safe.failed;
}

static void end_row(struct csv *csv)
{
    rs_buffer_char(csv->out, '\n');
    csv->fields = 0;
}

/* Calls fn for every field of a row: the plain columns, then per dimension, then per option. */
typedef void field_fn(struct csv *csv, const struct rs_column *column, struct rs_cell *cell);

static void each_with(struct csv *csv, unsigned flag, struct rs_cell *cell, field_fn *fn)
{
    for (const struct rs_column *column = rs_columns; column->key != NULL; column++) {
        if ((column->flags & flag) != 0) {
            fn(csv, column, cell);
        }
    }
}

static void each_field(struct csv *csv, struct rs_cell *cell, field_fn *fn)
{
    each_with(csv, RS_COLUMN_CSV, cell, fn);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        cell->dimension = (enum rs_dimension)d;
        each_with(csv, RS_COLUMN_CSV_DEMAND, cell, fn);
    }
    for (cell->option = 0; cell->option < RS_CSV_OPTIONS; cell->option++) {
        each_with(csv, RS_COLUMN_CSV_OPTION, cell, fn);
    }
    end_row(csv);
}

static void put_key(struct csv *csv, const struct rs_column *column, struct rs_cell *cell)
{
    rs_buffer_clear(&csv->raw);
    if ((column->flags & RS_COLUMN_CSV_DEMAND) != 0) {
        rs_buffer_printf(&csv->raw, "%s_", rs_dimension_info(cell->dimension)->name);
    }
    rs_buffer_text(&csv->raw, column->key);
    if ((column->flags & RS_COLUMN_CSV_OPTION) != 0) {
        rs_buffer_printf(&csv->raw, "_%zu", cell->option + 1);
    }
    put_field(csv, csv->raw.data, false);
    csv->out->failed = csv->out->failed || csv->raw.failed;
}

static void put_value(struct csv *csv, const struct rs_column *column, struct rs_cell *cell)
{
    rs_buffer_clear(&csv->raw);
    column->render(cell, &csv->raw);
    put_field(csv, csv->raw.data, (column->flags & RS_COLUMN_NUMBER) != 0);
    csv->out->failed = csv->out->failed || csv->raw.failed;
}

static void put_row(const struct rs_report *report, const struct rs_entry *entry,
                    struct rs_buffer *out, field_fn *fn)
{
    struct csv csv = {.out = out};
    static const struct rs_page anywhere = {.width = 0};
    struct rs_cell cell = {.page = &anywhere, .report = report, .entry = entry};
    rs_buffer_init(&csv.raw);
    rs_buffer_init(&csv.safe);
    each_field(&csv, &cell, fn);
    rs_buffer_release(&csv.raw);
    rs_buffer_release(&csv.safe);
}

static void write_head(const struct rs_frame *frame, struct rs_buffer *out)
{
    put_row(frame->report, NULL, out, put_key);
}

static void write_entry(const struct rs_report *report, const struct rs_entry *entry,
                        struct rs_buffer *out)
{
    put_row(report, entry, out, put_value);
}

static void write_foot(const struct rs_frame *frame, struct rs_buffer *out)
{
    (void)frame, (void)out;
}

static const struct rs_pieces pieces = {write_head, write_entry, "", write_foot};
const struct rs_format rs_format_csv = {
    "csv", "one row a resource, every figure, for spreadsheets and programs", &pieces, NULL};
