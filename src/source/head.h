/* SPDX-License-Identifier: GPL-3.0-or-later */
/* head.h - telling formats apart by their first bytes (private to source). */
#ifndef RIGHTSIZE_SOURCE_HEAD_H
#define RIGHTSIZE_SOURCE_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the head opens with the brackets `opening` ("{", "[{", "{" ...), blanks between them
 * aside, and the object so opened has the member `key`, as far as the head reaches.
 */
bool rs_head_has_member(const char *head, size_t length, const char *opening, const char *key);

/* Whether the first line, as a row of ',' ';' or TAB, has the field `name`, case aside. */
bool rs_head_has_field(const char *head, size_t length, const char *name);

/* Whether the first line is readable text with at least one ',' ';' or TAB. */
bool rs_head_is_table(const char *head, size_t length);

/* Whether the bytes occur anywhere in the head. */
bool rs_head_holds(const char *head, size_t length, const char *bytes);

/* The head without a byte-order mark and leading blanks. */
const char *rs_head_trim(const char *head, size_t *length);

#endif
