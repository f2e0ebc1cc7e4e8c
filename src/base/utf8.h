/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8.h - one code point at a time (RFC 3629), inside the base room. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "rightsize/buffer.h"

#include <stddef.h>
#include <stdint.h>

#define RS_UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes of the first code point of `text`, 1..4, or 0: not UTF-8 (overlong, surrogate, cut off). */
size_t rs_utf8_decode(const char *text, size_t length, uint32_t *code);
/* Append `code`, a scalar value. */
void rs_utf8_append(struct rs_buffer *out, uint32_t code);

#endif
