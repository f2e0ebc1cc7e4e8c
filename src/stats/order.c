/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/order.h"

#include <stdint.h>
#include <string.h>

enum { DIGIT_BITS = 8, DIGITS = 64 / DIGIT_BITS, VALUES = 1 << DIGIT_BITS };

/* Unsigned order of the images is the order of the numbers. */
static uint64_t image(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return (bits >> 63) != 0 ? ~bits : bits | (uint64_t)1 << 63;
}

static size_t digit(double value, int place)
{
    return (size_t)(image(value) >> (DIGIT_BITS * place)) & (VALUES - 1);
}

static void count_digits(const double *values, size_t count, size_t counts[DIGITS][VALUES])
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = image(values[i]);
        for (int place = 0; place < DIGITS; place++) {
            counts[place][(bits >> (DIGIT_BITS * place)) & (VALUES - 1)]++;
        }
    }
}

void rs_order_ascending(double *values, double *scratch, size_t count)
{
    size_t counts[DIGITS][VALUES] = {{0}};
    double *from = values, *to = scratch;
    count_digits(values, count, counts);
    for (int place = 0; place < DIGITS; place++) {
        if (counts[place][digit(from[0], place)] == count) {
            continue; /* all alike; round numbers have many such places */
        }
        size_t start[VALUES], sum = 0;
        for (size_t v = 0; v < VALUES; v++) {
            start[v] = sum;
            sum += counts[place][v];
        }
        for (size_t i = 0; i < count; i++) {
            to[start[digit(from[i], place)]++] = from[i];
        }
        double *swap = from;
        from = to;
        to = swap;
    }
    if (from != values) {
        memcpy(values, from, count * sizeof(*values));
    }
}
