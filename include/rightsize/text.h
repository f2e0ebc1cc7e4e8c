/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - making outside text safe to keep and to show, and small string helpers (level 0). */
#ifndef RIGHTSIZE_TEXT_H
#define RIGHTSIZE_TEXT_H

#include "rightsize/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Append `text` for a terminal or a log: C0 and C1 controls, DEL, bidirectional controls and
 * bytes that are not UTF-8 become "\xNN" or "\u{NNNN}"; everything else is copied.
 */
void rs_text_printable(struct rs_buffer *out, const char *text, size_t length);

/* Append as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void rs_text_json(struct rs_buffer *out, const char *text);

/*
 * Append with & < > " ' escaped and C0 controls dropped, for HTML text and attributes; invalid
 * UTF-8 becomes U+FFFD.
 */
void rs_text_html(struct rs_buffer *out, const char *text);

/*
 * Append as one RFC 4180 field. A field that a spreadsheet would take for a formula (begins with
 * = + - @ TAB or CR) gets a leading ' (OWASP "CSV Injection").
 */
void rs_text_csv(struct rs_buffer *out, const char *text);

bool rs_text_is_utf8(const char *text, size_t length);
/* Shell-style wildcard match of a whole string: '*' and '?' only, case-sensitive. */
bool rs_text_matches(const char *pattern, const char *text);
/* strdup that reports: NULL in gives NULL out and RS_OK. */
RS_CHECKED enum rs_status rs_text_copy(const char *text, char **out, struct rs_error *err);

#endif
