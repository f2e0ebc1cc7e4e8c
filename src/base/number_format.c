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

/* How many decimal digits it has; 0 has one. */
static size_t count_digits(uint64_t value)
{
    static const uint64_t least[] = {0,
                                     UINT64_C(10),
                                     UINT64_C(100),
                                     UINT64_C(1000),
                                     UINT64_C(10000),
                                     UINT64_C(100000),
                                     UINT64_C(1000000),
                                     UINT64_C(10000000),
                                     UINT64_C(100000000),
                                     UINT64_C(1000000000),
                                     UINT64_C(10000000000),
                                     UINT64_C(100000000000),
                                     UINT64_C(1000000000000),
                                     UINT64_C(10000000000000),
                                     UINT64_C(100000000000000),
                                     UINT64_C(1000000000000000),
                                     UINT64_C(10000000000000000),
                                     UINT64_C(100000000000000000),
                                     UINT64_C(1000000000000000000),
                                     UINT64_C(10000000000000000000)};
    int bits = 64 - __builtin_clzll(value | 1);
    size_t n = (size_t)(bits * 1233 >> 12); /* log10 of 2^bits, rounded down */
    return n + (value >= least[n]);
}

/*
 * The eight digits of value < 10^8, each in a byte, the first one in the lowest: divided by 10^4,
 * then both halves at once by 100, then all four by 10, as products that are exact so far down.
 */
static uint64_t eight_digits(uint32_t value)
{
    uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007F0000007F);
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000F000F000F000F);
    return tens | (twos - 10 * tens) << 8;
}

/* Eight bytes, the lowest first, as text. */
static void put_eight(uint64_t digits, char *out)
{
    digits += UINT64_C(0x3030303030303030);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    digits = __builtin_bswap64(digits);
#endif
    memcpy(out, &digits, sizeof(digits));
}

/* The last `count` of 1 to 8 digits. */
static void write_front(uint64_t value, size_t count, char *out)
{
    put_eight(eight_digits((uint32_t)value) >> 8 * (8 - count), out);
}

/* The last `count` digits, at least one. Up to seven bytes behind them may be written too. */
static void write_digits(uint64_t value, size_t count, char *out)
{
    const uint64_t eight = 100000000;
    if (count > 16) {
        write_front(value / (eight * eight), count - 16, out);
        put_eight(eight_digits((uint32_t)(value / eight % eight)), out + count - 16);
        put_eight(eight_digits((uint32_t)(value % eight)), out + count - 8);
    } else if (count > 8) {
        write_front(value / eight, count - 8, out);
        put_eight(eight_digits((uint32_t)(value % eight)), out + count - 8);
    } else {
        write_front(value, count, out);
    }
}

static size_t write_integer(uint64_t value, char *out)
{
    if (value < 10) {
        *out = (char)('0' + value);
        return 1;
    }
    size_t count = count_digits(value);
    write_digits(value, count, out);
    return count;
}

/* whole + fraction / 10^8, without zeros at the end. */
static size_t write_decimal(uint64_t whole, uint32_t fraction, char *out)
{
    size_t at = write_integer(whole, out);
    if (fraction == 0) {
        return at;
    }
    uint64_t digits = eight_digits(fraction);
    out[at] = '.';
    put_eight(digits, out + at + 1);
    return at + 1 + (size_t)(8 - __builtin_clzll(digits) / 8);
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
    int64_t n = (int64_t)(value * scale + 0.5);
    if ((double)n / scale != value) {
        return false;
    }
    *length = write_decimal((uint64_t)n / 1000000, (uint32_t)(n % 1000000) * 100, out);
    return true;
}

struct scaled { /* value * 10^power = numerator / 2^shift, exactly, with DIGITS digits before the
                   point */
    uint128 numerator;
    uint128 ulp;    /* distance to the next double, in the same units */
    uint64_t reach; /* no less than what lies half of it away, in the last of the digits */
    int shift, power;
    bool even, lowest; /* the significand is even; is the lowest of its power of two */
};

/* Up to 31. */
static uint128 power_of_five(int n)
{
    static const uint64_t fives[] = {UINT64_C(1),
                                     UINT64_C(5),
                                     UINT64_C(25),
                                     UINT64_C(125),
                                     UINT64_C(625),
                                     UINT64_C(3125),
                                     UINT64_C(15625),
                                     UINT64_C(78125),
                                     UINT64_C(390625),
                                     UINT64_C(1953125),
                                     UINT64_C(9765625),
                                     UINT64_C(48828125),
                                     UINT64_C(244140625),
                                     UINT64_C(1220703125),
                                     UINT64_C(6103515625),
                                     UINT64_C(30517578125),
                                     UINT64_C(152587890625),
                                     UINT64_C(762939453125),
                                     UINT64_C(3814697265625),
                                     UINT64_C(19073486328125),
                                     UINT64_C(95367431640625),
                                     UINT64_C(476837158203125),
                                     UINT64_C(2384185791015625),
                                     UINT64_C(11920928955078125),
                                     UINT64_C(59604644775390625),
                                     UINT64_C(298023223876953125),
                                     UINT64_C(1490116119384765625),
                                     UINT64_C(7450580596923828125)};
    return n < 28 ? fives[n] : (uint128)fives[27] * fives[n - 27];
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
    s.reach = (uint64_t)(s.ulp >> s.shift) / 2 + 2;
    return s;
}

/*
 * value * 10^power in multiples of `unit`, the nearest one, ties to even: what printf writes. True:
 * the double nearest to it is the value. Inline, so that dividing by the unit is a product.
 */
static inline bool round_to(const struct scaled *s, const uint64_t unit, uint64_t *digits)
{
    uint64_t whole = (uint64_t)(s->numerator >> s->shift), down = whole / unit;
    uint64_t low = whole - down * unit;
    if (low > s->reach && unit - low > s->reach) {
        return false; /* for most, without asking further */
    }
    uint128 rest = s->numerator - ((uint128)(whole - low) << s->shift);
    uint128 one = (uint128)unit << s->shift, distance = rest;
    bool up = 2 * rest > one || (2 * rest == one && (down & 1) != 0);
    if (up) {
        distance = one - rest;
    }
    *digits = down + up;
    distance *= !up && s->lowest ? 4 : 2; /* the doubles lie closer below a power of two */
    return distance < s->ulp || (distance == s->ulp && s->even);
}

/* The fewest digits that read back, and how many they are. */
static int find_digits(const struct scaled *s, uint64_t *digits)
{
    if (round_to(s, 100, digits)) {
        return DIGITS - 2;
    }
    if (round_to(s, 10, digits)) {
        return DIGITS - 1;
    }
    (void)round_to(s, 1, digits); /* so many always do */
    return DIGITS;
}

/* As printf's "%g" lays out digits of which the first counts 10^tens. */
static size_t lay_out(uint64_t digits, int tens, int precision, char *out)
{
    size_t count = count_digits(digits);
    if (tens < -4 || tens >= precision) {
        write_digits(digits, count, out + 1);
        out[0] = out[1];
        out[1] = '.';
        size_t at = count > 1 ? count + 1 : 1;
        out[at++] = 'e';
        out[at++] = tens < 0 ? '-' : '+';
        return at + write_integer((uint64_t)(tens < 0 ? -tens : tens), out + at);
    }
    if (tens < 0) {
        size_t zeros = (size_t)(-tens) + 1; /* with the one before the point */
        memcpy(out, "0.0000", 6);
        write_digits(digits, count, out + zeros);
        return zeros + count;
    }
    size_t whole = (size_t)tens + 1;
    if (count <= whole) {
        write_digits(digits, count, out);
        memset(out + count, '0', whole - count);
        return whole;
    }
    write_digits(digits, count, out + 1);
    memmove(out, out + 1, whole);
    out[whole] = '.';
    return count + 1;
}

static size_t write_exact(double value, char *out)
{
    struct scaled s = scale(value);
    uint64_t digits = 0;
    int precision = find_digits(&s, &digits);
    int tens = DIGITS - 1 - s.power;
    if (precision == DIGITS - 2) {      /* more have no zeros at the end */
        tens += digits == TEN_17 / 100; /* 9.99... has become 10 */
        while (digits % 10 == 0) {
            digits /= 10;
        }
    }
    return lay_out(digits, tens, precision, out);
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
    if (value < EXACT_INTEGER && (double)(int64_t)value == value) {
        length = write_integer((uint64_t)value, out + sign);
    } else if (!write_short(value, out + sign, &length)) {
        bool easy = value >= LEAST && value < MOST;
        length = easy ? write_exact(value, out + sign) : write_by_library(value, out + sign);
    }
    out[sign + length] = '\0';
    return sign + length;
}

size_t rs_integer_format(int64_t value, char out[static RS_NUMBER_TEXT])
{
    size_t sign = 0;
    if (value < 0) {
        out[sign++] = '-';
    }
    size_t length =
        sign + write_integer(value < 0 ? -(uint64_t)value : (uint64_t)value, out + sign);
    out[length] = '\0';
    return length;
}

/* The digits of the text are those of an integer of at most 15 digits, as in write_short. */
size_t rs_rounded_format(double value, char out[static RS_NUMBER_TEXT])
{
    const double scale = 1e4;
    double scaled = fabs(value) * scale;
    if (!(fabs(value) < 1e11)) {
        return rs_number_format(value, out);
    }
    int64_t n = (int64_t)scaled;
    n += scaled - (double)n >= 0.5; /* exact, unlike adding 0.5 */
    size_t sign = value < 0.0 && n > 0;
    out[0] = '-';
    size_t length =
        sign + write_decimal((uint64_t)n / 10000, (uint32_t)(n % 10000) * 10000, out + sign);
    out[length] = '\0';
    return length;
}
