/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

#define EXACT_DIGITS 19        /* any 19 digits fit in 64 bits */
#define SIGNIFICANT_MAX 800    /* a tie between two doubles is told apart by 768 digits at most */
#define EXPONENT_CAP 100000000 /* beyond any double, even behind a token's length of zeros */

struct decimal {
    const char *first, *last; /* the digits and their point: [first, last) */
    bool negative;
    uint64_t mantissa; /* all digits as one integer; meaningless beyond EXACT_DIGITS */
    ptrdiff_t digits;  /* from the first that is not 0 */
    int64_t exponent;  /* value = digits * 10^exponent */
};

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Eight digits in one step (after D. Lemire, "Quickly parsing eight digits", 2018). */
static bool eight_digits(const char *text, uint64_t *value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    memcpy(&v, text, sizeof(v));
    uint64_t high = v & 0xF0F0F0F0F0F0F0F0U, carried = (v + 0x0606060606060606U);
    if ((high | (carried & 0xF0F0F0F0F0F0F0F0U) >> 4) != 0x3333333333333333U) {
        return false;
    }
    v -= 0x3030303030303030U;
    v = v * 10 + (v >> 8);
    uint64_t pairs = (v & 0x000000FF000000FFU) * 0x000F424000000064U +
                     (v >> 16 & 0x000000FF000000FFU) * 0x0000271000000001U;
    *value = pairs >> 32 & 0xFFFFFFFFU;
    return true;
#else
    (void)text, (void)value;
    return false;
#endif
}

static const char *read_digits(const char *p, const char *end, uint64_t *mantissa)
{
    uint64_t m = *mantissa, eight = 0;
    while (end - p >= 8 && eight_digits(p, &eight)) {
        m = m * 100000000 + eight;
        p += 8;
    }
    while (p < end && is_digit(*p)) {
        m = m * 10 + (uint64_t)(*p - '0');
        p++;
    }
    *mantissa = m;
    return p;
}

static const char *read_exponent(const char *p, const char *end, struct decimal *d)
{
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) {
        p++;
    }
    if (p == end || !is_digit(*p)) {
        return NULL;
    }
    int64_t exponent = 0;
    for (; p < end && is_digit(*p); p++) {
        exponent = exponent * 10 + (*p - '0');
        exponent = exponent > EXPONENT_CAP ? EXPONENT_CAP : exponent;
    }
    d->exponent += negative ? -exponent : exponent;
    return p;
}

static const char *read_parts(const char *p, const char *end, struct decimal *d)
{
    d->negative = p < end && *p == '-';
    p += d->negative;
    d->first = p;
    d->mantissa = 0;
    d->exponent = 0;
    p = read_digits(p, end, &d->mantissa);
    ptrdiff_t whole = p - d->first;
    if (whole == 0 || (whole > 1 && *d->first == '0')) {
        return NULL;
    }
    d->digits = *d->first == '0' ? 0 : whole;
    if (p < end && *p == '.') {
        const char *fraction = ++p;
        p = read_digits(p, end, &d->mantissa);
        if (p == fraction) {
            return NULL;
        }
        d->exponent = fraction - p;
        if (d->digits == 0) { /* 0.00123: zeros behind the point do not count either */
            while (fraction < p && *fraction == '0') {
                fraction++;
            }
        }
        d->digits += p - fraction;
    }
    d->last = p;
    return p < end && (*p == 'e' || *p == 'E') ? read_exponent(p, end, d) : p;
}

/* high bits of a value, `below` telling that more follow, times 2^exponent; rounds half to even. */
static double assemble(uint64_t bits, bool below, int exponent)
{
    uint64_t mantissa = bits >> 11, low = bits & 2047; /* bit 63 is set, 53 of 64 bits stay */
    if (low > 1024 || (low == 1024 && (below || (mantissa & 1) != 0))) {
        mantissa++;
    }
    uint64_t scale_bits = (uint64_t)(exponent + 11 + 1023) << 52;
    double scale;
    memcpy(&scale, &scale_bits, sizeof(scale));
    return (double)mantissa * scale;
}

/*
 * Exact integer arithmetic for mantissa * 10^exponent, -27 <= exponent <= 27: 5^27 fits in 64 bits
 * and the powers of two only move the exponent. The result is far from both ends of double.
 */
static double by_integers(uint64_t mantissa, int exponent)
{
    uint64_t five = 1;
    for (int i = exponent < 0 ? -exponent : exponent; i > 0; i--) {
        five *= 5;
    }
    int shift = __builtin_clzll(mantissa);
    mantissa <<= shift;
    if (exponent >= 0) {
        uint128 product = (uint128)mantissa * five;
        int up = __builtin_clzll(five);
        product <<= up;
        if (product >> 127 == 0) {
            product <<= 1;
            up++;
        }
        return assemble((uint64_t)(product >> 64), (uint64_t)product != 0,
                        exponent - shift - up + 64);
    }
    int up = __builtin_clzll(five);
    five <<= up;
    int more = mantissa >= five ? 63 : 64; /* makes the quotient exactly 64 bits long */
    uint128 numerator = (uint128)mantissa << more;
    uint64_t quotient = (uint64_t)(numerator / five);
    return assemble(quotient, (uint128)quotient * five != numerator, exponent - shift + up - more);
}

/* The general case through strtod, from a bounded copy: digits, a sticky 1, the exponent. */
static double by_library(const struct decimal *d)
{
    char text[SIGNIFICANT_MAX + 40];
    size_t n = 0, dropped = 0;
    bool sticky = false;
    for (const char *p = d->first; p < d->last; p++) {
        if (*p == '.' || (n == 0 && *p == '0')) {
            continue;
        }
        if (n < SIGNIFICANT_MAX) {
            text[n++] = *p;
        } else {
            sticky = sticky || *p != '0';
            dropped++;
        }
    }
    if (n == 0) {
        return 0.0;
    }
    int64_t exponent = d->exponent + (int64_t)dropped;
    if (sticky) {
        text[n++] = '1';
        exponent--;
    }
    snprintf(text + n, sizeof(text) - n, "e%lld", (long long)exponent);
    return strtod(text, NULL);
}

static double magnitude(const struct decimal *d)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->digits > EXACT_DIGITS) {
        return by_library(d);
    }
    if (d->mantissa == 0) {
        return 0.0;
    }
    if (d->mantissa <= (uint64_t)1 << 53 && d->exponent >= -22 && d->exponent <= 22) {
        double m = (double)d->mantissa; /* both factors are exact, so one rounding happens */
        return d->exponent < 0 ? m / tens[-d->exponent] : m * tens[d->exponent];
    }
    if (d->exponent >= -27 && d->exponent <= 27) {
        return by_integers(d->mantissa, (int)d->exponent);
    }
    return by_library(d);
}

const char *rs_decimal_read(const char *text, const char *end, double *out)
{
    struct decimal d;
    const char *stop = read_parts(text, end, &d);
    if (stop != NULL) {
        double value = magnitude(&d);
        *out = d.negative ? -value : value;
    }
    return stop;
}
