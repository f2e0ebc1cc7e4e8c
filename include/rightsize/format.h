/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format.h - writes a report as a table, JSON, CSV or Markdown into memory (level 4). */
#ifndef RIGHTSIZE_FORMAT_H
#define RIGHTSIZE_FORMAT_H

#include "rightsize/report.h"

struct rs_page {  /* how the reader sees it */
    int width;    /* columns of the terminal; 0: unlimited */
    bool color;   /* ANSI colours */
    bool unicode; /* the terminal shows UTF-8 */
};

struct rs_format {
    const char *name, *summary;
    enum rs_status (*report)(const struct rs_report *report, const struct rs_page *page,
                             struct rs_buffer *out, struct rs_error *err);
};

/* NULL-terminated: format_table.c. "table" first. */
extern const struct rs_format *const rs_formats[];
const struct rs_format *rs_format_by_name(const char *name);

/* The whole reasoning for one entry on one screen, as plain text. */
RS_CHECKED enum rs_status rs_explain(const struct rs_entry *entry, const struct rs_report *report,
                                     const struct rs_page *page, struct rs_buffer *out,
                                     struct rs_error *err);

#endif
