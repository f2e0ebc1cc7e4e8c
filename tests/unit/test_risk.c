/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/risk.h"

#include "advise_world.h"

#define DAY 288

/* One value a day, the last of `highs` on the last day; the other samples are half of it. */
static void make_trace(struct rs_series *s, const double *highs, size_t days)
{
    struct rs_error err;
    struct rs_window w = {WORLD_TO - (int64_t)days * RS_DAY_SECONDS, WORLD_TO};
    if (rs_series_allocate(s, RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, w, &err) != RS_OK) {
        fail();
    }
    for (size_t i = 0; i < s->slots; i++) {
        s->values[i] = highs[i / DAY] * (i % DAY == 137 ? 1.0 : 0.5);
    }
}

static void the_peak_is_beaten_with_seven_in_seven_plus_days(void **state)
{
    (void)state;
    static const size_t days[] = {1, 7, 14, 28, 56};
    double highs[56];
    for (size_t i = 0; i < COUNT_OF(highs); i++) {
        highs[i] = 1.0 + (double)(i * 29 % 56);
    }
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct rs_series s;
        struct rs_tail tail;
        make_trace(&s, highs, days[i]);
        rs_tail_of(&s, WORLD_TO, &tail);
        assert_int_equal(tail.days, days[i]);
        double peak = tail.highs[0];
        check_near(rs_tail_chance(&tail, peak), 7.0 / (7.0 + (double)days[i]), 1e-15);
        rs_series_release(&s);
    }
}

static void a_chance_is_worked_out_by_hand(void **state)
{
    (void)state;
    const double highs[] = {2, 5, 3, 10};
    struct rs_series s;
    struct rs_tail tail;
    make_trace(&s, highs, COUNT_OF(highs));
    rs_tail_of(&s, WORLD_TO, &tail);
    assert_int_equal(tail.days, 4);
    const double sorted[] = {10, 5, 3, 2};
    for (size_t i = 0; i < 4; i++) {
        check_near(tail.highs[i], sorted[i], 0.0);
    }
    /* the upper two exceed 3 by 7 and 2; 0.3 x 10 counts as one more */
    check_near(tail.scale, (7.0 + 2.0 + 3.0) / 3.0, 1e-15);
    check_near(rs_tail_chance(&tail, 10), 7.0 / 11, 1e-15);
    check_near(rs_tail_chance(&tail, 14), 7.0 / 11 * exp(-1.0), 1e-15);
    check_near(rs_tail_chance(&tail, 5), 1 - 4.0 * 3 / (11 * 10), 1e-15);
    check_near(rs_tail_chance(&tail, 7.5), (7.0 / 11 + 1 - 12.0 / 110) / 2, 1e-15);
    check_near(rs_tail_chance(&tail, 2), 1 - 24.0 / (11 * 10 * 9 * 8), 1e-15);
    check_near(rs_tail_chance(&tail, 1), 1 - 12.0 / (11 * 10 * 9 * 8), 1e-15);
    check_near(rs_tail_chance(&tail, 0), 1.0, 1e-15);
    assert_true(isnan(rs_tail_chance(&tail, NAN)));
    rs_series_release(&s);
}

static void days_are_counted_back_from_the_windows_end(void **state)
{
    (void)state;
    const double highs[] = {2, 5, 3, 10};
    struct rs_series s;
    struct rs_tail tail;
    make_trace(&s, highs, COUNT_OF(highs));
    rs_tail_of(&s, WORLD_TO - RS_DAY_SECONDS / 2, &tail); /* parts the days after their peaks */
    assert_int_equal(tail.days, 4);
    check_near(tail.highs[0], 10, 0.0);
    rs_tail_of(&s, WORLD_TO - RS_DAY_SECONDS, &tail);
    assert_int_equal(tail.days, 3);
    check_near(tail.highs[0], 5, 0.0);
    for (size_t i = DAY; i < (size_t)3 * DAY; i++) {
        s.values[i] = NAN; /* two days without a sample are none */
    }
    rs_tail_of(&s, WORLD_TO + 5 * (int64_t)RS_DAY_SECONDS, &tail);
    assert_int_equal(tail.days, 2);
    rs_series_release(&s);
}

static void no_sample_gives_no_chance(void **state)
{
    (void)state;
    struct rs_series s;
    struct rs_tail tail;
    rs_series_init(&s);
    rs_tail_of(&s, WORLD_TO, &tail);
    assert_true(tail.days == 0 && isnan(rs_tail_chance(&tail, 1)));
    const double none[] = {0, 0};
    make_trace(&s, none, COUNT_OF(none));
    rs_tail_of(&s, WORLD_TO, &tail);
    check_near(rs_tail_chance(&tail, 0), 7.0 / 9, 1e-15); /* as good as any peak */
    check_near(rs_tail_chance(&tail, 1e-9), 0.0, 0.0);    /* nothing was ever used */
    rs_series_release(&s);
}

/* What lets rs_risk_fill answer without a tail. */
static void beyond_sixteen_peaks_no_chance_is_left(void **state)
{
    (void)state;
    uint64_t seed = 17;
    for (int round = 0; round < 500; round++) {
        double highs[60];
        struct rs_tail tail;
        struct rs_series s;
        size_t days = 1 + (size_t)round % COUNT_OF(highs);
        for (size_t i = 0; i < days; i++) { /* the worst are few highest days above nothing */
            bool high = i == 0 || check_random(&seed) % 4 == 0;
            highs[i] = high ? (double)(1 + check_random(&seed) % (1 + (uint64_t)round)) : 0.0;
        }
        make_trace(&s, highs, days);
        rs_tail_of(&s, WORLD_TO, &tail);
        assert_true(tail.scale < tail.highs[0]);
        assert_true(rs_tail_chance(&tail, 16.0 * tail.highs[0]) < 0.5e-6);
        rs_series_release(&s);
    }
}

static void a_larger_capacity_is_never_more_likely_exceeded(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 200; round++) {
        double highs[40];
        struct rs_tail tail;
        struct rs_series s;
        size_t days = 1 + (size_t)round % COUNT_OF(highs);
        for (size_t i = 0; i < days; i++) {
            seed = seed * 1664525U + 1013904223U;
            highs[i] = (double)(seed >> 16) / (round % 3 == 0 ? 9362.3 : 655.36);
        }
        make_trace(&s, highs, days);
        rs_tail_of(&s, WORLD_TO, &tail);
        double last = 1.0;
        for (double c = 0.0; c < 300.0; c += 0.37) {
            double chance = rs_tail_chance(&tail, c);
            assert_true(chance >= 0.0 && chance <= last);
            last = chance;
        }
        for (size_t j = 0; j < days; j++) { /* continuous at each day's highest */
            double at = rs_tail_chance(&tail, tail.highs[j]);
            bool alike = j + 1 < days && tail.highs[j + 1] >= tail.highs[j] * (1 - 1e-6);
            alike = alike || (j > 0 && tail.highs[j - 1] <= tail.highs[j] * (1 + 1e-6));
            assert_true(alike ||
                        fabs(at - rs_tail_chance(&tail, tail.highs[j] * (1 - 1e-12))) < 1e-6);
            assert_true(fabs(at - rs_tail_chance(&tail, tail.highs[j] * (1 + 1e-12))) < 1e-6 ||
                        alike);
        }
        rs_series_release(&s);
    }
}

static void risk_is_as_the_header_says(void **state)
{
    (void)state;
    static const struct {
        enum rs_dimension d;
        double chance, lack, risk;
    } rows[] = {
        {RS_DIM_MEMORY, 0, 0, 0},        {RS_DIM_MEMORY, 0.05, 0, 1},
        {RS_DIM_MEMORY, 0.125, 0, 1.5},  {RS_DIM_MEMORY, 0.2, 0, 2},
        {RS_DIM_MEMORY, 0.5, 0, 3},      {RS_DIM_MEMORY, 1, 0, 4},
        {RS_DIM_MEMORY, 0.1, 1e-9, 3},   {RS_DIM_MEMORY, 0.75, 1e-9, 3.5},
        {RS_DIM_MEMORY, 0.1, 0.03, 3.5}, {RS_DIM_CPU, 0.5, 0, 1.5},
        {RS_DIM_CPU, 1, 0, 2},           {RS_DIM_CPU, 0, 0.001, 1},
        {RS_DIM_CPU, 0, 0.003, 1.5},     {RS_DIM_CPU, 1, 0.01, 3},
        {RS_DIM_NET_IN, 1, 0.05, 4},     {RS_DIM_NET_IN, 1, 7, 4},
        {RS_DIM_EBS_OPS, 0.2, NAN, 1},   {RS_DIM_EBS_OPS, NAN, 1, NAN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double risk = rs_risk_of(rows[i].d, rows[i].chance, rows[i].lack);
        if (isnan(rows[i].risk)) {
            assert_true(isnan(risk));
        } else {
            check_near(risk, rows[i].risk, 1e-12);
        }
    }
}

static void each_risk_has_its_word(void **state)
{
    (void)state;
    static const struct {
        double risk;
        const char *word;
    } rows[] = {{0, "very low"},    {0.49, "very low"}, {0.5, "low"},
                {1.5, "medium"},    {2.49, "medium"},   {2.5, "high"},
                {3.5, "very high"}, {4, "very high"},   {NAN, "unknown"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(rs_risk_word(rows[i].risk), rows[i].word);
    }
}

static void an_option_tells_how_often_it_would_have_been_short(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.2xlarge");
    struct rs_series *cpu = world_cpu(&w, 10);
    world_memory(&w, 3);
    for (size_t i = 0; i < 16; i++) { /* 16 of 4032 want 6 of the 8 vCPUs, on the last day */
        cpu->values[cpu->slots - 20 + i] = 75;
    }
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_first(a), "m.small");
    const struct rs_option_offer *o = &a->options[0];
    check_near(o->short_share[RS_DIM_CPU], 16.0 / 4032, 1e-15);
    check_near(o->short_share[RS_DIM_MEMORY], 0.0, 0.0);
    assert_true(isnan(o->short_share[RS_DIM_NET_IN]) && isnan(o->chance[RS_DIM_NET_IN]));
    assert_true(isnan(o->risk[RS_DIM_NET_IN]));
    /* capacity 1 lies between the peaks 6 and 0.8 of the days */
    double one = 7.0 / 21, two = 1 - 14.0 * 13 / (21 * 20);
    check_near(o->chance[RS_DIM_CPU], one + (two - one) * 5.0 / 5.2, 1e-6);
    check_near(o->risk[RS_DIM_CPU], 3 + (16.0 / 4032 * 6 - 0.01) / 0.04, 1e-4);
    /* 3 GiB on each of 14 days: the scale is 0.3 x 3 / 8 */
    check_near(o->chance[RS_DIM_MEMORY], 7.0 / 21 * exp(-8.0 / 0.9), 1e-6);
    check_near(o->performance_risk, o->risk[RS_DIM_CPU], 0.0);
    check_near(a->current_short[RS_DIM_CPU], 0.0, 0.0);
    assert_true(isnan(a->current_short[RS_DIM_NET_IN]));
    world_release(&w);
}

static void a_machine_at_its_limit_risks_the_same_again(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_series *cpu = world_cpu(&w, 100);
    world_memory(&w, 1);
    for (size_t i = 0; i < cpu->slots - 201; i++) { /* 5 % at the limit */
        cpu->values[i] = 10;
    }
    take_policy(&w, "co-max-savings");
    const struct rs_advice *a = world_advise(&w);
    for (size_t i = 0; i < a->option_count; i++) {
        bool no_more = a->options[i].offer->vcpus <= 2;
        assert_true((a->options[i].risk[RS_DIM_CPU] > 3.9) == no_more);
    }
    assert_true(a->option_count > 0);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_peak_is_beaten_with_seven_in_seven_plus_days),
        cmocka_unit_test(a_chance_is_worked_out_by_hand),
        cmocka_unit_test(days_are_counted_back_from_the_windows_end),
        cmocka_unit_test(no_sample_gives_no_chance),
        cmocka_unit_test(beyond_sixteen_peaks_no_chance_is_left),
        cmocka_unit_test(a_larger_capacity_is_never_more_likely_exceeded),
        cmocka_unit_test(risk_is_as_the_header_says),
        cmocka_unit_test(each_risk_has_its_word),
        cmocka_unit_test(an_option_tells_how_often_it_would_have_been_short),
        cmocka_unit_test(a_machine_at_its_limit_risks_the_same_again),
    };
    return cmocka_run_group_tests_name("risk", tests, NULL, NULL);
}
