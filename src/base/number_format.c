/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

#define DIGITS 17 /* as many tell any two doubles apart */
#define TEN_17 UINT64_C(100000000000000000)
#define SIGNIFICAND_BITS 52
#define EXPONENT_BIAS (1023 + SIGNIFICAND_BITS)
#define LEAST 1e-15 /* with the digits' 10^31, a significand and 5^31 still fit in 128 bits */
#define MOST 1e17
#define EXACT_INTEGER 1e15 /* below it an integer is written without an exponent */

static size_t write_integer(uint64_t value, char *out)
{
    char digits[20];
    size_t n = sizeof(digits);
    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memcpy(out, digits + n, sizeof(digits) - n);
    return sizeof(digits) - n;
}

/*
 * Numbers of up to six decimals: where the double nearest to n / 10^6 is the value itself, n has
 * its digits, as n has at most 15 of them and any 15 digits survive a double.
 */
static bool write_short(double value, char *out, size_t *length)
{
    const double scale = 1e6;
    if (value < 1e-4 || value >= 1e9) { /* smaller ones are written with an exponent */
        return false;
    }
    uint64_t n = (uint64_t)(value * scale + 0.5);
    if ((double)n / scale != value) {
        return false;
    }
    size_t at = write_integer(n / 1000000, out);
    uint32_t fraction = (uint32_t)(n % 1000000);
    out[at++] = '.';
    for (uint32_t unit = 100000; fraction > 0; unit /= 10) {
        /* cppcheck-suppress zerodivcond ; nothing is left of six digits when unit would be 0 */
        out[at++] = (char)('0' + fraction / unit);
        fraction %= unit;
    }
    *length = at;
    return true;
}

struct scaled { /* value * 10^power = numerator / 2^shift, exactly, with DIGITS digits before the
                   point */
    uint128 numerator;
    uint128 ulp; /* distance to the next double, in the same units */
    int shift, power;
    bool even, lowest; /* the significand is even; is the lowest of its power of two */
};

static uint128 power_of_five(int n)
{
    static const uint64_t fives[] = {
        1,      5,       25,      125,      625,       3125,       15625,      78125,
        390625, 1953125, 9765625, 48828125, 244140625, 1220703125, 6103515625, 30517578125};
    return n < 16 ? fives[n]
                  : (uint128)fives[15] * (n < 31 ? fives[n - 15] : fives[15] * fives[n - 30]);
}

static void set_power(struct scaled *s, uint64_t significand, int exponent, int power)
{
    s->ulp = power_of_five(power);
    s->numerator = s->ulp * significand;
    s->power = power;
    s->shift = -(exponent + power);
    if (s->shift < 0) {
        s->numerator <<= -s->shift;
        s->ulp <<= -s->shift;
        s->shift = 0;
    }
}

/* LEAST <= value < MOST. */
static struct scaled scale(double value)
{
    struct scaled s;
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    int exponent = (int)(bits >> SIGNIFICAND_BITS) - EXPONENT_BIAS;
    uint64_t hidden = UINT64_C(1) << SIGNIFICAND_BITS, significand = (bits & (hidden - 1)) | hidden;
    s.even = (significand & 1) == 0;
    s.lowest = significand == hidden;
    /* log10 of 2^binary, rounded down: that of the value, or one less; + 64 keeps it positive. */
    int binary = exponent + SIGNIFICAND_BITS;
    int tens = ((binary * 78913 + (64 << 18)) >> 18) - 64;
    set_power(&s, significand, exponent, DIGITS - 1 - tens);
    if ((uint64_t)(s.numerator >> s.shift) >= TEN_17) {
        set_power(&s, significand, exponent, DIGITS - 2 - tens);
    }
    return s;
}

/* value * 10^power to a multiple of `unit`, ties to even: what printf writes. */
static uint64_t round_to(const struct scaled *s, uint64_t unit)
{
    uint64_t whole = (uint64_t)(s->numerator >> s->shift), low = whole % unit;
    uint128 rest = s->numerator - ((uint128)whole << s->shift);
    uint128 doubled = 2 * (((uint128)low << s->shift) + rest), one = (uint128)unit << s->shift;
    uint64_t down = whole - low;
    bool odd = (down / unit & 1) != 0;
    return down + (doubled > one || (doubled == one && odd) ? unit : 0);
}

/* The double nearest to the digits is the value. */
static bool reads_back(const struct scaled *s, uint64_t digits)
{
    uint128 other = (uint128)digits << s->shift;
    bool below = other < s->numerator;
    uint128 distance = below ? s->numerator - other : other - s->numerator;
    distance *= below && s->lowest ? 4 : 2; /* the doubles lie closer below a power of two */
    return distance < s->ulp || (distance == s->ulp && s->even);
}

/* As printf's "%g" lays out digits of which the first counts 10^tens. */
static size_t lay_out(const char *digits, size_t count, int tens, int precision, char *out)
{
    size_t at = 0;
    if (tens < -4 || tens >= precision) {
        out[at++] = digits[0];
        if (count > 1) {
            out[at++] = '.';
            memcpy(out + at, digits + 1, count - 1);
            at += count - 1;
        }
        out[at++] = 'e';
        out[at++] = tens < 0 ? '-' : '+';
        return at + write_integer((uint64_t)(tens < 0 ? -tens : tens), out + at);
    }
    if (tens < 0) {
        size_t zeros = (size_t)(-tens) + 1; /* with the one before the point */
        memset(out, '0', zeros);
        out[1] = '.';
        memcpy(out + zeros, digits, count);
        return zeros + count;
    }
    size_t whole = (size_t)tens + 1;
    for (; at < whole; at++) {
        out[at] = at < count ? digits[at] : '0';
    }
    if (count > whole) {
        out[at++] = '.';
        memcpy(out + at, digits + whole, count - whole);
        at += count - whole;
    }
    return at;
}

static size_t write_exact(double value, char *out)
{
    struct scaled s = scale(value);
    int precision = 15;
    uint64_t unit = 100, rounded = 0;
    for (;; precision++, unit /= 10) {
        rounded = round_to(&s, unit);
        if (precision == DIGITS || reads_back(&s, rounded)) {
            break;
        }
    }
    int tens = DIGITS - 1 - s.power + (rounded == TEN_17); /* 9.99... may have become 10 */
    rounded /= unit;
    while (rounded % 10 == 0) {
        rounded /= 10;
    }
    char digits[20];
    size_t count = write_integer(rounded, digits);
    return lay_out(digits, count, tens, precision, out);
}

/* "1e-05" -> "1e-5": no zeros in front of the exponent. */
static void tidy_exponent(char *text)
{
    char *e = strchr(text, 'e');
    if (e == NULL) {
        return;
    }
    char *digits = e + 2, *first = digits; /* %g always writes the sign */
    while (first[0] == '0' && first[1] != '\0') {
        first++;
    }
    memmove(digits, first, strlen(first) + 1);
}

/* The very large and the very small. */
static size_t write_by_library(double value, char *out)
{
    /* Normal doubles keep any 15 digits, so a shorter text is found there; subnormals do not. */
    int precision = value < DBL_MIN ? 1 : 15;
    char text[64]; /* roomier than needed: compilers do not see that precision ends at 17 */
    for (; precision <= DIGITS; precision++) {
        snprintf(text, sizeof(text), "%.*g", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    tidy_exponent(text);
    size_t length = strlen(text);
    memcpy(out, text, length);
    return length;
}

size_t rs_number_format(double value, char out[static RS_NUMBER_TEXT])
{
    size_t sign = 0, length = 0;
    if (!isfinite(value)) {
        memcpy(out, "null", 5);
        return 4;
    }
    if (signbit(value)) {
        out[sign++] = '-';
        value = -value;
    }
    if (value < EXACT_INTEGER && (double)(uint64_t)value == value) {
        length = write_integer((uint64_t)value, out + sign);
    } else if (!write_short(value, out + sign, &length)) {
        bool easy = value >= LEAST && value < MOST;
        length = easy ? write_exact(value, out + sign) : write_by_library(value, out + sign);
    }
    out[sign + length] = '\0';
    return sign + length;
}
