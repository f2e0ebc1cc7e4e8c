/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv_plain.h - the short cut for rows of a table that need no copy, inside the base room. */
#ifndef BASE_CSV_PLAIN_H
#define BASE_CSV_PLAIN_H

#include "rightsize/csv.h"

/*
 * Take the row at the cursor where it lies: *done false, and nothing happened, when it is not
 * wholly in the window, longer than a row usually is, or has quotes, NUL or a lone CR. *blank: it
 * has but blanks.
 */
RS_CHECKED enum rs_status rs_csv_plain_row(struct rs_csv *csv, bool *done, bool *blank,
                                           struct rs_error *err);

/* Twice as much room for fields. */
RS_CHECKED enum rs_status rs_csv_grow(struct rs_csv *csv, struct rs_error *err);
bool rs_csv_is_blank(const char *text);

#endif
