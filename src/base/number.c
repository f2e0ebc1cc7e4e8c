/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/number.h"

#include "base/decimal.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* [+-] digits [. digits] [e [+-] digits], with digits on one side of the point at least. */
static bool is_decimal(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = count_digits(text), fraction = 0;
    text += whole;
    if (*text == '.') {
        fraction = count_digits(++text);
        text += fraction;
    }
    if (whole + fraction == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        size_t exponent = count_digits(text);
        if (exponent == 0) {
            return false;
        }
        text += exponent;
    }
    return *text == '\0';
}

enum rs_status rs_parse_double(const char *text, double min, double max, double *out,
                               struct rs_error *err)
{
    if (!is_decimal(text)) {
        return rs_fail(err, RS_EINPUT, "'%.80s' is not a number", text);
    }
    double value = strtod(text, NULL);
    if (!isfinite(value) || value < min || value > max) {
        return rs_fail(err, RS_EINPUT, "'%.80s' is outside %.15g..%.15g", text, min, max);
    }
    *out = value;
    return RS_OK;
}

enum rs_status rs_parse_int(const char *text, int64_t min, int64_t max, int64_t *out,
                            struct rs_error *err)
{
    bool negative = *text == '-';
    const char *digits = text + (*text == '-' || *text == '+');
    size_t n = count_digits(digits);
    if (n == 0 || digits[n] != '\0') {
        return rs_fail(err, RS_EINPUT, "'%.80s' is not a whole number", text);
    }
    uint64_t value = 0, limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    bool fits = true;
    for (size_t i = 0; i < n && fits; i++) {
        uint64_t digit = (uint64_t)(digits[i] - '0');
        fits = value <= (limit - digit) / 10;
        value = value * 10 + digit;
    }
    value = fits ? value : 0; /* what wrapped round is no answer, and its negation may overflow */
    int64_t answer = negative && value > 0 ? -(int64_t)(value - 1) - 1 : (int64_t)value;
    if (!fits || answer < min || answer > max) {
        return rs_fail(err, RS_EINPUT, "'%.80s' is outside %" PRId64 "..%" PRId64, text, min, max);
    }
    *out = answer;
    return RS_OK;
}

bool rs_number_scan(const char *text, size_t length, double *out)
{
    double value = 0.0;
    const char *end = text + length;
    if (rs_decimal_read(text, end, &value) != end || !isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

enum rs_status rs_parse_key_value(const char *text, char *key, size_t key_size, const char **value,
                                  struct rs_error *err)
{
    assert(key_size > 0);
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        return rs_fail(err, RS_EUSAGE, "'%.80s' is not of the form KEY=VALUE", text);
    }
    size_t length = (size_t)(equals - text);
    if (length >= key_size) {
        return rs_fail(err, RS_EUSAGE, "the key of '%.80s' is longer than %zu bytes", text,
                       key_size - 1);
    }
    memcpy(key, text, length);
    key[length] = '\0';
    *value = equals + 1;
    return RS_OK;
}
