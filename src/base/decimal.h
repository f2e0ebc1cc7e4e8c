/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decimal.h - reading a decimal where it lies, inside the base room. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdint.h>

/*
 * Read the JSON number (RFC 8259) that begins at `text`, looking at no byte from `end` on. Returns
 * where it ends, or NULL: there is none. *out is correctly rounded; infinite when out of range.
 * The caller checks what follows, and that the number was not cut off by `end`.
 */
const char *rs_decimal_read(const char *text, const char *end, double *out);

/* The digits at `text`, none from `end` on, as one number modulo 2^64. Returns behind the last. */
const char *rs_decimal_digits(const char *text, const char *end, uint64_t *out);

#endif
