/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/upper.h"

#include "advise_world.h"
#include "rightsize/bootstrap.h"
#include "rightsize/quantile.h"

#include <stdlib.h>

#define DAY 288

static void random_trace(struct rs_series *s, size_t days, uint64_t seed, bool coarse)
{
    struct rs_error err;
    struct rs_window w = {WORLD_TO - (int64_t)days * RS_DAY_SECONDS, WORLD_TO};
    check_ok(rs_series_allocate(s, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, w, &err));
    for (size_t i = 0; i < s->slots; i++) {
        uint64_t r = check_random(&seed);
        double u = (double)(r >> 11) / 9007199254740992.0;
        s->values[i] = r % 10 == 0 ? NAN : coarse ? floor(u * 4.0) : u * u * u * 100.0;
    }
}

static void a_quantile_of_repeated_days_is_that_of_the_samples(void **state)
{
    (void)state;
    static const double quantiles[] = {0.0, 0.5, 0.9, 0.995, 0.9999, 1.0};
    struct rs_error err;
    for (uint64_t round = 0; round < 12; round++) {
        struct rs_series s;
        struct rs_day_map map;
        struct rs_draws draws;
        random_trace(&s, 9, round, round % 3 == 0);
        rs_day_map_of(&s, WORLD_TO, 1, &map);
        assert_int_equal(map.count, 9);
        assert_int_equal(map.recent, 7);
        check_ok(rs_draws_make(9, 9, 5, round, &draws, &err));
        double *copy = calloc((size_t)9 * DAY * 9, sizeof(*copy));
        for (size_t k = 0; k < COUNT_OF(quantiles) * 5; k++) {
            double q = quantiles[k / 5], got = 0.0, want = 0.0;
            const uint16_t *weights = rs_draws_at(&draws, k % 5);
            struct rs_upper upper;
            struct rs_sorted sorted;
            size_t n = 0;
            for (size_t i = 0; i < s.slots; i++) {
                for (size_t c = 0; c < weights[8 - i / DAY]; c++) { /* the newest day is 0 */
                    copy[n++] = s.values[i];
                }
            }
            check_ok(rs_sorted_of(copy, n, &sorted, &err));
            check_ok(rs_quantile(&sorted, q, &want, &err));
            check_ok(rs_upper_of(&s, WORLD_TO, &map, 9, q, 100, &upper, &err));
            if (!rs_upper_quantile(&upper, weights, 9, q, &got)) {
                assert_false(upper.whole);
                rs_upper_release(&upper);
                check_ok(rs_upper_of(&s, WORLD_TO, &map, 9, q, SIZE_MAX, &upper, &err));
                assert_true(upper.whole);
                assert_true(rs_upper_quantile(&upper, weights, 9, q, &got));
            }
            check_near(got, want, 4e-16 * want); /* held between its neighbours: an ulp */
            rs_upper_release(&upper);
            rs_sorted_release(&sorted);
        }
        free(copy);
        rs_draws_release(&draws);
        rs_series_release(&s);
    }
}

static void only_the_upper_end_is_kept(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_series s;
    struct rs_day_map map;
    struct rs_upper upper;
    random_trace(&s, 14, 3, false);
    rs_day_map_of(&s, WORLD_TO, 2, &map);
    check_ok(rs_upper_of(&s, WORLD_TO, &map, 14, 0.995, 150, &upper, &err));
    assert_true(upper.count >= 150 && upper.count < 400);
    for (size_t i = 1; i < upper.count; i++) {
        assert_true(upper.values[i].value <= upper.values[i - 1].value);
    }
    rs_upper_release(&upper);
    check_ok(rs_upper_of(&s, WORLD_TO, &map, 14, 1.0, 150, &upper, &err));
    assert_int_equal(upper.count, 14); /* one a day */
    assert_true(upper.whole);
    rs_upper_release(&upper);
    rs_series_release(&s);
}

static void days_without_samples_are_not_drawn_from(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_series s;
    struct rs_day_map map;
    struct rs_upper upper;
    random_trace(&s, 16, 5, false);
    for (size_t i = 0; i < (size_t)3 * DAY; i++) {
        s.values[13 * DAY + i] = NAN; /* the newest three */
    }
    rs_day_map_of(&s, WORLD_TO, 2, &map);
    assert_int_equal(map.count, 13);
    assert_int_equal(map.recent, 11);
    assert_int_equal(map.in_week[0], 4);
    assert_int_equal(map.in_week[1], 7);
    assert_int_equal(map.index[2], -1);
    assert_int_equal(map.index[3], 0);
    uint16_t none[13] = {0};
    double got = 0.0;
    check_ok(rs_upper_of(&s, WORLD_TO, &map, 13, 0.9, 50, &upper, &err));
    assert_true(rs_upper_quantile(&upper, none, 13, 0.9, &got) && isnan(got));
    rs_upper_release(&upper);
    rs_series_release(&s);
}

static void draws_are_the_same_everywhere_and_fair(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_draws a, b;
    check_ok(rs_draws_make(14, 14, 2000, 7, &a, &err));
    check_ok(rs_draws_make(14, 14, 2000, 7, &b, &err));
    assert_memory_equal(a.weights, b.weights, sizeof(uint16_t) * 14 * 2000);
    static const uint16_t first[14] = {0, 2, 0, 2, 2, 0, 2, 2, 0, 0, 2, 0, 0, 2};
    assert_memory_equal(rs_draws_at(&a, 0), first, sizeof(first));
    size_t sums[14] = {0};
    for (size_t r = 0; r < 2000; r++) {
        size_t drawn = 0;
        for (size_t d = 0; d < 14; d++) {
            drawn += rs_draws_at(&a, r)[d];
            sums[d] += rs_draws_at(&a, r)[d];
        }
        assert_int_equal(drawn, 14);
    }
    for (size_t d = 0; d < 14; d++) {
        assert_in_range(sums[d], 1800, 2200); /* 2000, standard deviation 43 */
    }
    rs_draws_release(&a);
    rs_draws_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantile_of_repeated_days_is_that_of_the_samples),
        cmocka_unit_test(only_the_upper_end_is_kept),
        cmocka_unit_test(days_without_samples_are_not_drawn_from),
        cmocka_unit_test(draws_are_the_same_everywhere_and_fair),
    };
    return cmocka_run_group_tests_name("upper", tests, NULL, NULL);
}
