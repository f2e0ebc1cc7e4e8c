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
#define FRACTION_BITS 57
#define LEAST 1e-7 /* so that the shift to FRACTION_BITS is by 2 or more to the left */
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

static uint64_t as_text(uint64_t digits)
{
    return digits + UINT64_C(0x3030303030303030);
}

/* Eight characters, the lowest byte first. */
static void put_eight(uint64_t text, char *out)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    text = __builtin_bswap64(text);
#endif
    memcpy(out, &text, sizeof(text));
}

/* The last `count` of 1 to 8 digits. */
static void write_front(uint64_t value, size_t count, char *out)
{
    put_eight(as_text(eight_digits((uint32_t)value) >> 8 * (8 - count)), out);
}

/* The last `count` digits, at least one. Up to seven bytes behind them may be written too. */
static void write_digits(uint64_t value, size_t count, char *out)
{
    const uint64_t eight = 100000000;
    if (count > 16) {
        write_front(value / (eight * eight), count - 16, out);
        put_eight(as_text(eight_digits((uint32_t)(value / eight % eight))), out + count - 16);
        put_eight(as_text(eight_digits((uint32_t)(value % eight))), out + count - 8);
    } else if (count > 8) {
        write_front(value / eight, count - 8, out);
        put_eight(as_text(eight_digits((uint32_t)(value % eight))), out + count - 8);
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
    put_eight(as_text(digits), out + at + 1);
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

/*
 * A value times the power of ten that leaves DIGITS digits before the point, exactly: an integer
 * and a fraction in units of 2^-FRACTION_BITS, so that a hundred times such a unit fits in 64 bits.
 */
struct scaled {
    uint64_t whole, fraction;
    uint64_t ulp; /* distance to the next double, in the units of the fraction; divisible by 4 */
    int tens;     /* the first digit counts 10^tens */
    bool even, lowest; /* the significand is even; is the lowest of its power of two */
};

/*
 * The power of ten below the value, of which 2^binary is the power of two. Where the nearest double
 * lies below the power of ten that it stands for, the value may be that double and have a digit
 * less, nines all but the last two: rounded to 15 digits it is the power again.
 */
static int power_of_ten(double value, int binary)
{
    static const double tens[] = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1,
                                  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9, 1e10,
                                  1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    /* log10 of 2^binary, rounded down: that of the value, or one less; + 64 keeps it positive */
    int least = ((binary * 78913 + (64 << 18)) >> 18) - 64;
    return least + (value >= tens[least + 1 + 7]);
}

/* LEAST <= value < MOST. */
static struct scaled scale(double value)
{
    static const uint64_t fives[] = {1,
                                     5,
                                     25,
                                     125,
                                     625,
                                     3125,
                                     15625,
                                     78125,
                                     390625,
                                     1953125,
                                     9765625,
                                     48828125,
                                     244140625,
                                     1220703125,
                                     6103515625,
                                     30517578125,
                                     152587890625,
                                     762939453125,
                                     3814697265625,
                                     19073486328125,
                                     95367431640625,
                                     476837158203125,
                                     2384185791015625,
                                     11920928955078125};
    struct scaled s;
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    int exponent = (int)(bits >> SIGNIFICAND_BITS) - EXPONENT_BIAS;
    uint64_t hidden = UINT64_C(1) << SIGNIFICAND_BITS, significand = (bits & (hidden - 1)) | hidden;
    s.even = (significand & 1) == 0;
    s.lowest = significand == hidden;
    s.tens = power_of_ten(value, exponent + SIGNIFICAND_BITS);
    /* Times 10^power, of which 2^power goes into the shift. */
    int power = DIGITS - 1 - s.tens, shift = FRACTION_BITS + exponent + power;
    uint128 scaled = (uint128)significand * fives[power] << shift;
    s.ulp = fives[power] << shift;
    s.whole = (uint64_t)(scaled >> FRACTION_BITS);
    s.fraction = (uint64_t)scaled & ((UINT64_C(1) << FRACTION_BITS) - 1);
    return s;
}

/*
 * The value in multiples of `unit`, the nearest one, ties to even: what printf writes. True: the
 * double nearest to it is the value. Inline, so that dividing by the unit is a product.
 */
static inline bool round_to(const struct scaled *s, const uint64_t unit, uint64_t *digits)
{
    uint64_t down = s->whole / unit;
    uint64_t below = ((s->whole - down * unit) << FRACTION_BITS) + s->fraction;
    uint64_t above = (unit << FRACTION_BITS) - below;
    bool up = below > above || (below == above && (down & 1) != 0);
    uint64_t distance = up ? above : below;
    uint64_t reach = s->ulp >> (!up && s->lowest ? 2 : 1); /* doubles are closer below a power */
    *digits = down + up;
    return distance < reach || (distance == reach && s->even);
}

struct digits {
    uint64_t all;               /* DIGITS of them, zeros behind those that count */
    int count, precision, tens; /* how many were asked for; the first one counts 10^tens */
};

/* The fewest that read back. */
static struct digits find_digits(const struct scaled *s)
{
    uint64_t rounded = 0, exact = 0;
    if (round_to(s, 100, &rounded)) {
        struct digits d = {rounded * 100, DIGITS - 2, DIGITS - 2, s->tens};
        if (d.all == TEN_17) { /* 9.99... has become 10 */
            d.all = TEN_17 / 10;
            d.tens++;
        }
        for (; rounded % 10 == 0; rounded /= 10) {
            d.count -= d.count > 1;
        }
        return d;
    }
    /* Both of them, without asking which: a guess would be wrong two times in five. */
    bool fewer = round_to(s, 10, &rounded);
    (void)round_to(s, 1, &exact);
    int count = DIGITS - fewer;
    return (struct digits){fewer ? rounded * 10 : exact, count, count, s->tens};
}

/* Eight characters with a point in front of that at `place`; the last one falls off. */
static uint64_t insert_point(uint64_t text, unsigned place)
{
    uint64_t below = (UINT64_C(1) << 8 * place) - 1;
    return (text & below) | (uint64_t)'.' << 8 * place | (text & ~below) << 8;
}

/* As printf's "%g" lays them out. What is written behind the length does not matter. */
static size_t lay_out(const struct digits *d, char *out)
{
    const uint64_t eight = 100000000;
    char first = (char)('0' + d->all / (eight * eight));
    uint64_t upper = as_text(eight_digits((uint32_t)(d->all / eight % eight)));
    uint64_t lower = as_text(eight_digits((uint32_t)(d->all % eight)));
    size_t count = (size_t)d->count;
    if (d->tens < -4 || d->tens >= d->precision) {
        out[0] = first;
        out[1] = '.';
        put_eight(upper, out + 2);
        put_eight(lower, out + 10);
        size_t at = count > 1 ? count + 1 : 1;
        out[at++] = 'e';
        out[at++] = d->tens < 0 ? '-' : '+';
        return at + write_integer((uint64_t)(d->tens < 0 ? -d->tens : d->tens), out + at);
    }
    if (d->tens < 0) {
        size_t zeros = (size_t)(-d->tens) + 1; /* with the one before the point */
        memcpy(out, "0.0000", 6);
        out[zeros] = first;
        put_eight(upper, out + zeros + 1);
        put_eight(lower, out + zeros + 9);
        return zeros + count;
    }
    unsigned place = (unsigned)d->tens; /* of the point, behind the first digit */
    out[0] = first;
    put_eight(place < 8 ? insert_point(upper, place) : upper, out + 1);
    put_eight(place < 8    ? lower << 8 | upper >> 56
              : place < 16 ? insert_point(lower, place - 8)
                           : lower,
              out + 9);
    out[17] = (char)(lower >> 56);
    return count > place + 1 ? count + 1 : place + 1;
}

static size_t write_exact(double value, char *out)
{
    struct scaled s = scale(value);
    struct digits d = find_digits(&s);
    return lay_out(&d, out);
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
