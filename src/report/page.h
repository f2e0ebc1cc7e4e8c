/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h - text for the reader's terminal: what it can show, how wide it is, where lines break. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "rightsize/buffer.h"
#include "rightsize/format.h"

#include <stdbool.h>
#include <stddef.h>

/* The page says UTF-8 and the process's LC_CTYPE agrees. */
bool rs_page_unicode(const struct rs_page *page);
const char *rs_page_arrow(const struct rs_page *page); /* "→" or "->" */

/*
 * Append outside text: printable, and characters that the page cannot show as "\u{NNNN}".
 * NULL appends nothing.
 */
void rs_page_text(struct rs_buffer *out, const struct rs_page *page, const char *text);

/* Columns that printable UTF-8 takes; independent of the locale. */
size_t rs_page_columns(const char *text);
/* Bytes of the longest beginning that takes at most `columns` columns. */
size_t rs_page_fit(const char *text, size_t columns);
/*
 * Bytes of the first line of `text` broken at a blank to at most `columns` (> 0) columns; at least
 * one character. The caller passes over the blanks that follow.
 */
size_t rs_page_break(const char *text, size_t columns);

/*
 * Append `text` and a newline, broken at blanks to the page's width; the first line begins with
 * `indent` blanks less `hang`, the others with `indent`.
 */
void rs_page_paragraph(struct rs_buffer *out, const struct rs_page *page, size_t indent,
                       size_t hang, const char *text);

#endif
