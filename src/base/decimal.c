/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/decimal.h"

#include "base/decimal_quick.h"

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

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* As many digits as lie in one word of eight bytes: 0 to 8, and their value behind `m`. */
static inline unsigned take_word(const char *text, uint64_t *m)
{
    static const uint32_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t v;
    memcpy(&v, text, sizeof(v));
    v ^= 0x3030303030303030U;
    /* A byte above 9 shows in its high bit; its carry spoils only bytes that come after it. */
    uint64_t other = ((v + 0x7676767676767676U) | v) & 0x8080808080808080U;
    unsigned digits = other == 0 ? 8 : (unsigned)__builtin_ctzll(other) / 8;
    if (digits > 0) { /* zeros move in where the leading digits would be */
        *m = *m * tens[digits] + rs_eight_digits(v << (64 - 8 * digits));
    }
    return digits;
}
#endif

static inline const char *read_digits(const char *p, const char *end, uint64_t *mantissa)
{
    uint64_t m = *mantissa;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (end - p >= 8) {
        unsigned digits = take_word(p, &m);
        p += digits;
        if (digits < 8) {
            *mantissa = m;
            return p;
        }
    }
#endif
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
    static const uint64_t fives[] = {
        1U,
        5U,
        25U,
        125U,
        625U,
        3125U,
        15625U,
        78125U,
        390625U,
        1953125U,
        9765625U,
        48828125U,
        244140625U,
        1220703125U,
        6103515625U,
        30517578125U,
        152587890625U,
        762939453125U,
        3814697265625U,
        19073486328125U,
        95367431640625U,
        476837158203125U,
        2384185791015625U,
        11920928955078125U,
        59604644775390625U,
        298023223876953125U,
        1490116119384765625U,
        7450580596923828125U,
    };
    uint64_t five = fives[exponent < 0 ? -exponent : exponent];
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
    if (d->digits > EXACT_DIGITS) {
        return by_library(d);
    }
    if (d->mantissa == 0) {
        return 0.0;
    }
    if (d->mantissa <= (uint64_t)1 << 53 && d->exponent >= -22 && d->exponent <= 22) {
        double m = (double)d->mantissa; /* both factors are exact, so one rounding happens */
        return d->exponent < 0 ? m / powers[-d->exponent] : m * powers[d->exponent];
    }
    if (d->exponent >= -27 && d->exponent <= 27) {
        return by_integers(d->mantissa, (int)d->exponent);
    }
    return by_library(d);
}

static const char *read_any(const char *text, const char *end, double *out)
{
    struct decimal d;
    const char *stop = read_parts(text, end, &d);
    if (stop != NULL) {
        double value = magnitude(&d);
        *out = d.negative ? -value : value;
    }
    return stop;
}

/* Most numbers are short and have no exponent: digits and their point, and one exact division. */
const char *rs_decimal_read(const char *text, const char *end, double *out)
{
    const char *first = text + (text < end && *text == '-');
    uint64_t mantissa = 0;
    const char *p = read_digits(first, end, &mantissa), *point = p;
    ptrdiff_t whole = p - first, fraction = 0;
    if (p < end && *p == '.') {
        p = read_digits(p + 1, end, &mantissa);
        fraction = p - point - 1;
        if (fraction == 0) {
            return NULL;
        }
    }
    if (whole == 0 || (whole > 1 && *first == '0')) {
        return NULL;
    }
    if (whole + fraction > EXACT_DIGITS || mantissa > (uint64_t)1 << 53 ||
        (p < end && (*p == 'e' || *p == 'E'))) {
        return read_any(text, end, out);
    }
    double value = (double)mantissa / powers[fraction];
    *out = first > text ? -value : value;
    return p;
}

const char *rs_decimal_digits(const char *text, const char *end, uint64_t *out)
{
    *out = 0;
    return read_digits(text, end, out);
}
