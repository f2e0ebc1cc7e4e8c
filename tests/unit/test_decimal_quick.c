/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/decimal_quick.h"

#include "../support/check.h"
#include "base/decimal.h"

#include <stdbool.h>

#ifdef RS_QUICK
struct text { /* a number with garbage around it */
    char bytes[160];
    size_t length;
};

static const char *begin_of(const struct text *t)
{
    return t->bytes + RS_QUICK_BEFORE;
}

static void put(struct text *t, char c)
{
    t->bytes[RS_QUICK_BEFORE + t->length++] = c;
}

static void put_digits(struct text *t, size_t count, uint64_t *random)
{
    uint64_t kind = check_random(random) % 4;
    for (size_t i = 0; i < count; i++) {
        uint64_t digit = check_random(random) % 10;
        put(t, (char)('0' + (kind == 0 ? 9 : kind == 1 ? digit % 2 : digit)));
    }
}

static void make(struct text *t, size_t whole, size_t fraction, bool point, uint64_t *random)
{
    static const char behind[] = ",\n ].eE-+x0\0";
    for (size_t i = 0; i < sizeof(t->bytes); i++) {
        t->bytes[i] = (char)check_random(random);
    }
    t->length = 0;
    put_digits(t, whole, random);
    if (point) {
        put(t, '.');
    }
    put_digits(t, fraction, random);
    put(t, behind[check_random(random) % (sizeof(behind) - 1)]);
}

static void what_is_read_quickly_is_what_the_long_way_reads(void **state)
{
    (void)state;
    uint64_t random = 11;
    size_t taken = 0;
    for (size_t whole = 0; whole <= 20; whole++) {
        for (size_t fraction = 0; fraction <= 20; fraction++) {
            for (int i = 0; i < 400; i++) {
                struct text t;
                double quick = -1, slow = -2;
                make(&t, whole, fraction, fraction > 0 || i % 9 == 0, &random);
                const char *from = begin_of(&t), *end = t.bytes + sizeof(t.bytes);
                const char *stop = rs_decimal_quick(from, &quick);
                if (stop != NULL && *stop != 'e' && *stop != 'E') {
                    assert_ptr_equal(stop, rs_decimal_read(from, end, &slow));
                    check_same_double(quick, slow);
                    taken++;
                }
            }
        }
    }
    assert_true(taken > 10000);
}

static void samples_as_they_are_written_are_read_quickly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0,", 0.0},
        {"7,", 7.0},
        {"0.0\n", 0.0},
        {"24.20333333333333,", 24.20333333333333},
        {"539040677.0,", 539040677.0},
        {"0.0166666666666666,", 0.0166666666666666},
        {"9007199254740992,", 9007199254740992.0},
        {"9007199254740.992,", 9007199254740.992},
        {"100.0,", 100.0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char bytes[96];
        double value = -1;
        memset(bytes, '9', sizeof(bytes));
        memcpy(bytes + RS_QUICK_BEFORE, rows[i].text, strlen(rows[i].text));
        const char *stop = rs_decimal_quick(bytes + RS_QUICK_BEFORE, &value);
        assert_ptr_equal(stop, bytes + RS_QUICK_BEFORE + strlen(rows[i].text) - 1);
        check_same_double(value, rows[i].value);
    }
}

static void what_is_not_plain_is_left(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "-1,",
                                       "+1,",
                                       ".5,",
                                       "5.,",
                                       "01,",
                                       "00.5,",
                                       "x",
                                       "9007199254740993,",
                                       "12345678901234567,",
                                       "0.12345678901234567,",
                                       "1234567890.1234567890,",
                                       "12345678901234567890123456789012",
                                       "1.2345678901234567890123456789012345"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char bytes[96] = "                ";
        double value = 0;
        memcpy(bytes + RS_QUICK_BEFORE, rows[i], strlen(rows[i]));
        assert_null(rs_decimal_quick(bytes + RS_QUICK_BEFORE, &value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_quickly_is_what_the_long_way_reads),
        cmocka_unit_test(samples_as_they_are_written_are_read_quickly),
        cmocka_unit_test(what_is_not_plain_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
