/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * columns.h - every column of every tabular format, one row each: what it is called for a program
 * (key) and for a person (title, unit), where it is shown, and how a cell is filled.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "rightsize/buffer.h"
#include "rightsize/format.h"

#include <stddef.h>

enum rs_column_flags {
    RS_COLUMN_TABLE = 1 << 0, /* where it is shown */
    RS_COLUMN_WIDE = 1 << 1,
    RS_COLUMN_MARKDOWN = 1 << 2,
    RS_COLUMN_CSV = 1 << 3,
    RS_COLUMN_CSV_DEMAND = 1 << 4, /* CSV, once per dimension: "cpu_" before the key */
    RS_COLUMN_CSV_OPTION = 1 << 5, /* CSV, once per option: "_1" behind the key */
    RS_COLUMN_NUMBER = 1 << 6,     /* right-aligned; in CSV a plain number, empty where unknown */
    RS_COLUMN_NAME = 1 << 7,       /* may be cut off on a narrow page */
    RS_COLUMN_WRAP = 1 << 8,       /* may take several lines */
    RS_COLUMN_FINDING = 1 << 9     /* coloured by the finding */
};

#define RS_CSV_OPTIONS 3
#define RS_BRIEF_BELOW 120 /* columns; on narrower pages reasons are brief */

struct rs_cell { /* what a render function sees */
    const struct rs_page *page;
    const struct rs_report *report;
    const struct rs_entry *entry;
    const char *currency;        /* of the report's sums, or NULL */
    enum rs_dimension dimension; /* RS_COLUMN_CSV_DEMAND only */
    size_t option;               /* RS_COLUMN_CSV_OPTION only; may be beyond option_count */
};

struct rs_column {
    const char *key, *title;
    const char *unit; /* shown behind the title; "$" stands for the currency; NULL: none */
    unsigned flags;
    /* Appends raw text, which may come from outside; the format makes it safe. */
    void (*render)(const struct rs_cell *cell, struct rs_buffer *out);
};

extern const struct rs_column rs_columns[]; /* ended by key NULL */

/* Title and unit, for people. */
void rs_column_heading(const struct rs_column *column, const char *currency, struct rs_buffer *out);

#endif
