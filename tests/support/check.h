/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h - what cmocka 1.1.5 lacks: include it instead of cmocka.h. */
#ifndef SUPPORT_CHECK_H
#define SUPPORT_CHECK_H

#include "rightsize/status.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* cmocka compares doubles as floats; these do not. */
#define check_near(got, want, tolerance) assert_true(fabs((got) - (want)) <= (tolerance))
#define check_same_double(got, want) assert_true(check_bits(got) == check_bits(want))

/* RS_OK, or the message of the failure in the test's output. */
#define check_ok(call)                                                                             \
    do {                                                                                           \
        struct rs_error *check_err_ = &err;                                                        \
        if ((call) != RS_OK) {                                                                     \
            print_error("%s\n", check_err_->text);                                                 \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* The status, and a message that contains `part`. */
#define check_fails(call, status, part)                                                            \
    do {                                                                                           \
        err = (struct rs_error){RS_OK, ""};                                                        \
        assert_int_equal(call, status);                                                            \
        assert_int_equal(err.code, status);                                                        \
        if (strstr(err.text, part) == NULL) {                                                      \
            print_error("'%s' does not say '%s'\n", err.text, part);                               \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

static inline uint64_t check_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* SplitMix64 (S. Vigna): the same numbers on every machine. */
static inline uint64_t check_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

#endif
