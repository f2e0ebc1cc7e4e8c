/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats.h - the rows of the format table; each is described by its summary. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "rightsize/format.h"

extern const struct rs_format rs_format_text_table, rs_format_text_wide, rs_format_json,
    rs_format_csv, rs_format_markdown, rs_format_html;

/* The head and the foot that "table" and "wide" put around their rows; text_notes.c. */
RS_CHECKED enum rs_status rs_text_head(const struct rs_report *report, const struct rs_page *page,
                                       struct rs_buffer *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_text_foot(const struct rs_report *report, const struct rs_page *page,
                                       struct rs_buffer *out, struct rs_error *err);

#endif
