/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format.h - writes a report as a table, JSON, CSV, Markdown or HTML into memory (level 4). */
#ifndef RIGHTSIZE_FORMAT_H
#define RIGHTSIZE_FORMAT_H

#include "rightsize/cover.h"
#include "rightsize/report.h"

struct rs_page {  /* how the reader sees it */
    int width;    /* columns of the terminal; 0: unlimited */
    bool color;   /* ANSI colours */
    bool unicode; /* the terminal shows UTF-8 */
};

struct rs_frame {                   /* what stands around the entries */
    const struct rs_report *report; /* borrowed: its instants, window and policy, no entries */
    struct rs_totals totals;
    const struct rs_catalog_info **catalogs; /* each once, by provider, then region; array owned */
    size_t catalog_count;
    struct rs_cover cover; /* owned; commitments NULL: none are known */
};
/* Another entry, in order; totals.currency stands already (rs_totals_currency). RS_ENOMEM. */
RS_CHECKED enum rs_status rs_frame_add(struct rs_frame *frame, const struct rs_gist *gist,
                                       struct rs_error *err);
/* When all are added: hold the report's commitments, which it must have, against them. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_frame_cover(struct rs_frame *frame, const struct rs_gist *const *gists,
                                         size_t count, struct rs_error *err);
RS_CHECKED enum rs_status rs_frame_of(const struct rs_report *report, struct rs_frame *out,
                                      struct rs_error *err);
void rs_frame_release(struct rs_frame *frame); /* a zeroed one is fine */

/*
 * A format whose entries do not depend on each other: they may be written in any order, by any
 * thread, and put together later. The text is head, entries with `between` between them, foot.
 */
struct rs_pieces {
    void (*head)(const struct rs_frame *frame, struct rs_buffer *out);
    void (*entry)(const struct rs_report *report, const struct rs_entry *entry,
                  struct rs_buffer *out); /* of `report` as in rs_frame */
    const char *between;
    void (*foot)(const struct rs_frame *frame, struct rs_buffer *out);
};

struct rs_format {
    const char *name, *summary;
    const struct rs_pieces *pieces; /* or else the whole at once: */
    enum rs_status (*whole)(const struct rs_report *report, const struct rs_page *page,
                            struct rs_buffer *out, struct rs_error *err);
};

/* The whole report, whatever the format. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_format_write(const struct rs_format *format,
                                          const struct rs_report *report,
                                          const struct rs_page *page, struct rs_buffer *out,
                                          struct rs_error *err);

/* NULL-terminated: format_table.c. "table" first. */
extern const struct rs_format *const rs_formats[];
const struct rs_format *rs_format_by_name(const char *name);

/* The whole reasoning for one entry on one screen, as plain text. */
RS_CHECKED enum rs_status rs_explain(const struct rs_entry *entry, const struct rs_report *report,
                                     const struct rs_page *page, struct rs_buffer *out,
                                     struct rs_error *err);

#endif
