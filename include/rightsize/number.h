/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number.h - strict conversion between text and numbers, in the C locale always (level 0). */
#ifndef RIGHTSIZE_NUMBER_H
#define RIGHTSIZE_NUMBER_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The whole of `text` must be one decimal number ("-12", "+.5", "1e-05"; no hex, no "inf", no
 * blanks), finite and within
 * [min, max]. RS_EINPUT otherwise; the message quotes the text and says the range.
 */
RS_CHECKED enum rs_status rs_parse_double(const char *text, double min, double max, double *out,
                                          struct rs_error *err);
RS_CHECKED enum rs_status rs_parse_int(const char *text, int64_t min, int64_t max, int64_t *out,
                                       struct rs_error *err);

/*
 * The correctly rounded double of a JSON number of `length` bytes (RFC 8259 grammar). False: not
 * such a number, or beyond the range of double. Needs no terminating NUL.
 */
bool rs_number_scan(const char *text, size_t length, double *out);

/*
 * A decimal that reads back as the same double, shortest where 15 digits suffice ("0.1",
 * "9007199254740992", "1e+300", "1e-7"), valid JSON; "null" for a value that is not finite.
 * Returns its length.
 */
#define RS_NUMBER_TEXT 32
size_t rs_number_format(double value, char out[static RS_NUMBER_TEXT]);
/* What rs_number_format writes of the value rounded to four decimals, halves away from 0; from 1e11
 * on of the value as it is. 0 has no sign. */
size_t rs_rounded_format(double value, char out[static RS_NUMBER_TEXT]);
size_t rs_integer_format(int64_t value, char out[static RS_NUMBER_TEXT]);

/* "key=value" split at the first '='; key copied, *value borrowed. RS_EUSAGE: no '=', no key, or
 * one that does not fit. */
RS_CHECKED enum rs_status rs_parse_key_value(const char *text, char *key, size_t key_size,
                                             const char **value, struct rs_error *err);

#endif
