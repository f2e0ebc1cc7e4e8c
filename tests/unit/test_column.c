/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/column.h"

#include "../support/check.h"

#include <stdlib.h>

enum { MOST = 3000 };

static double draw(uint64_t *seed, int kind)
{
    uint64_t r = check_random(seed);
    switch (kind) {
    case 0: /* few different ones, and unknown ones */
        return r % 7 == 0 ? (double)NAN : (double)(r % 12);
    case 1: /* hostile ones */
        return r % 5 == 0   ? (double)INFINITY
               : r % 5 == 1 ? -0.0
               : r % 5 == 2 ? 0.0
               : r % 5 == 3 ? 5e-324
                            : -(double)INFINITY;
    case 2:
        return NAN;
    default:
        return (double)(r % 1000003) / 1000.0;
    }
}

static void check(const struct rs_column *column, const double *values, size_t count, double least)
{
    static uint64_t below[MOST / 64 + 1];
    rs_column_below(column, least, below);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rs_set_has(below, i), values[i] < least);
    }
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += values[i] < least ? 1 : 0;
    }
    assert_int_equal(rs_set_size(below, count), size); /* nothing beyond the last */
}

static void below_is_what_comparing_each_would_find(void **state)
{
    (void)state;
    static double values[MOST];
    static const size_t counts[] = {0, 1, 2, 31, 32, 33, 63, 64, 65, 128, 700, 1999, MOST};
    struct rs_error err;
    uint64_t seed = 11;
    for (size_t c = 0; c < COUNT_OF(counts); c++) {
        for (int kind = 0; kind < 4; kind++) {
            size_t count = counts[c], unknown = 0;
            struct rs_column column;
            for (size_t i = 0; i < count; i++) {
                values[i] = draw(&seed, kind);
                unknown += isnan(values[i]) ? 1 : 0;
            }
            check_ok(rs_column_make(values, count, &column, &err));
            assert_int_equal(column.known, count - unknown);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(rs_set_has(column.unknown, i), isnan(values[i]));
            }
            check(&column, values, count, -(double)INFINITY);
            check(&column, values, count, (double)INFINITY);
            check(&column, values, count, 0.0);
            for (int t = 0; t < 40 && count > 0; t++) {
                double value = values[check_random(&seed) % count];
                check(&column, values, count, value);
                check(&column, values, count, nextafter(value, INFINITY));
            }
            rs_column_release(&column);
            assert_null(column.memory);
        }
    }
}

static void a_set_is_walked_counted_and_cut(void **state)
{
    (void)state;
    uint64_t seed = 5, set[5];
    static const size_t counts[] = {0, 1, 63, 64, 65, 127, 128, 300};
    for (size_t c = 0; c < COUNT_OF(counts); c++) {
        size_t count = counts[c];
        for (int round = 0; round < 50; round++) {
            bool in[300] = {false};
            size_t size = 0;
            rs_set_fill(set, count);
            assert_int_equal(rs_set_size(set, count), count);
            rs_set_clear(set, count);
            for (size_t i = 0; i < count; i++) {
                in[i] = check_random(&seed) % 4 == 0;
                size += in[i] ? 1 : 0;
                if (in[i]) {
                    rs_set_add(set, i);
                }
            }
            assert_int_equal(rs_set_size(set, count), size);
            size_t walked = 0;
            for (size_t i = 0; (i = rs_set_next(set, count, i)) < count; i++) {
                assert_true(in[i]);
                walked++;
            }
            assert_int_equal(walked, size);
            size_t first = check_random(&seed) % (count + 1), cut = 0;
            for (size_t i = first; i < count; i++) {
                cut += in[i] ? 1 : 0;
            }
            if (first < count) {
                assert_int_equal(rs_set_cut(set, count, first), cut);
                assert_int_equal(rs_set_size(set, count), size - cut);
                assert_int_equal(rs_set_next(set, count, first), count);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_is_what_comparing_each_would_find),
        cmocka_unit_test(a_set_is_walked_counted_and_cut),
    };
    return cmocka_run_group_tests_name("column", tests, NULL, NULL);
}
