/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new format: write format_NAME.c with one `const struct rs_format rs_format_NAME`: its pieces
 * where an entry's text does not depend on the others, else a function that appends the whole to
 * the buffer and ends with rs_buffer_status; take rows and cells from rs_columns if it
 * is tabular; make every text safe for what will read it; declare it in formats.h, add it here, and
 * give it a golden file in tests/golden (report-NAME.txt) and a row in
 * tests/unit/test_format_text.c.
 */
#include "report/formats.h"

#include <stddef.h>
#include <string.h>

const struct rs_format *const rs_formats[] = {&rs_format_text_table,
                                              &rs_format_text_wide,
                                              &rs_format_json,
                                              &rs_format_csv,
                                              &rs_format_markdown,
                                              &rs_format_html,
                                              NULL};

const struct rs_format *rs_format_by_name(const char *name)
{
    for (size_t i = 0; rs_formats[i] != NULL; i++) {
        if (strcmp(rs_formats[i]->name, name) == 0) {
            return rs_formats[i];
        }
    }
    return NULL;
}

static enum rs_status put_together(const struct rs_pieces *pieces, const struct rs_report *report,
                                   struct rs_buffer *out, struct rs_error *err)
{
    struct rs_frame frame;
    struct rs_entry entry;
    enum rs_status rc = rs_frame_of(report, &frame, err);
    if (rc != RS_OK) {
        return rc;
    }
    pieces->head(&frame, out);
    for (size_t i = 0; i < report->count; i++) {
        rs_buffer_text(out, i > 0 ? pieces->between : "");
        rs_report_entry(report, i, &entry);
        pieces->entry(report, &entry, out);
    }
    pieces->foot(&frame, out);
    rs_frame_release(&frame);
    return rs_buffer_status(out, err);
}

enum rs_status rs_format_write(const struct rs_format *format, const struct rs_report *report,
                               const struct rs_page *page, struct rs_buffer *out,
                               struct rs_error *err)
{
    return format->pieces != NULL ? put_together(format->pieces, report, out, err)
                                  : format->whole(report, page, out, err);
}
