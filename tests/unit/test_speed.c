/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/speed.h"

#include "advise/credits.h"
#include "advise_world.h"
#include "rightsize/replay.h"

static void take_speed(struct world *w, const char *mode)
{
    if (rs_policy_set(&w->policy, "cpu.speed", mode, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
}

static void each_mode_believes_a_score_as_far_as_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        double from, to, speed;
    } rows[] = {
        {"off", 1, 2, 1},     {"off", 2, 1, 1},     {"score", 1, 1.5, 1.5},
        {"score", 2, 1, 0.5}, {"guard", 1, 1.5, 1}, {"guard", 2, 1, 0.5},
        {"score", NAN, 1, 1}, {"score", 1, NAN, 1}, {"guard", NAN, 1, 1},
        {"guard", 0, 1, 1},   {"score", 1, 0, 1},   {"guard", 1.25, 1.25, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.large");
        take_speed(&w, rows[i].mode);
        struct rs_offer from = {.cpu_score = rows[i].from}, to = {.cpu_score = rows[i].to};
        check_near(rs_policy_speed(&w.policy, &from, &to), rows[i].speed, 1e-15);
    }
}

static void an_unknown_mode_is_refused(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_error err;
    check_fails(rs_policy_set(&w.policy, "cpu.speed", "fast", &err), RS_EUSAGE, "cpu.speed");
}

/* 1.2 vCPUs of m.2xlarge are used and 1.5 needed; m.large is the cheapest of two vCPUs. */
static const struct rs_advice *advise_at(struct world *w, const char *mode, double large,
                                         double small)
{
    world_init(w, "m.2xlarge");
    take_speed(w, mode);
    world_find(w, "m.2xlarge")->cpu_score = 1.0;
    for (size_t i = 0; i < w->offer_count; i++) {
        if (w->offers[i].vcpus > 1) {
            w->offers[i].cpu_score = large;
        }
    }
    world_find(w, "m.2xlarge")->cpu_score = 1.0;
    world_find(w, "m.small")->cpu_score = small;
    world_cpu(w, 15);
    world_memory(w, 3);
    return world_advise(w);
}

static void a_slower_vcpu_needs_more_of_them(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        double large, small;
        const char *first;
    } rows[] = {
        {"off", 0.7, 1.6, "c.large"},   {"guard", 1, 1, "c.large"},
        {"guard", 0.75, 1, "c.large"},  {"guard", 0.74, 1, "c.xlarge"},
        {"guard", 1, 1.6, "c.large"}, /* what is faster is not relied upon */
        {"score", 0.74, 1, "c.xlarge"}, {"score", 1, 1.49, "c.large"},
        {"score", 1, 1.51, "m.small"},  {"guard", NAN, NAN, "c.large"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        const struct rs_advice *a = advise_at(&w, rows[i].mode, rows[i].large, rows[i].small);
        assert_string_equal(world_first(a), rows[i].first);
        bool off = strcmp(rows[i].mode, "off") == 0;
        bool unknown = isnan(rows[i].large);
        assert_int_equal(world_note(a, "CpuSpeedUnknown") != NULL, unknown && !off);
        world_release(&w);
    }
}

static void speed_enters_use_and_chance(void **state)
{
    (void)state;
    struct world w;
    const struct rs_advice *a = advise_at(&w, "score", 0.8, 1);
    const struct rs_option_offer *o = &a->options[0];
    assert_string_equal(o->offer->type, "c.large");
    check_near(a->current_speed, 1.0, 0.0);
    check_near(o->speed, 0.8, 1e-15);
    check_near(o->utilisation[RS_DIM_CPU], 1.2 / 1.6, 1e-12);
    double scale = 0.3 * 1.2 / 8;
    check_near(o->chance[RS_DIM_CPU], 7.0 / 21 * exp(-0.4 / scale), 1e-6);
    world_release(&w);
    a = advise_at(&w, "off", 0.8, 1);
    check_near(a->options[0].speed, 0.8, 1e-15); /* told, whatever it counts */
    check_near(a->options[0].utilisation[RS_DIM_CPU], 0.6, 1e-12);
    world_release(&w);
}

static void a_replay_uses_the_same_scale(void **state)
{
    (void)state;
    struct world w;
    advise_at(&w, "score", 0.5, 1);
    struct rs_simulation s;
    const struct rs_offer *own = world_find(&w, "m.2xlarge"), *to = world_find(&w, "m.large");
    if (rs_simulate(&w.work, own, to, &w.policy, &s, &w.err) != RS_OK) {
        fail_msg("%s", w.err.text);
    }
    check_near(s.speed, 0.5, 0.0);
    check_near(rs_simulation_capacity(&s, RS_DIM_CPU), 1.0, 1e-15);
    check_near(s.then.dimension[RS_DIM_CPU].capacity, 1.0, 1e-15);
    check_near(s.then.dimension[RS_DIM_CPU].share, 1.0, 0.0); /* 1.2 of 1 */
    check_near(s.now.dimension[RS_DIM_CPU].capacity, 8.0, 0.0);
    assert_string_equal(s.refusal, "too small: CPU");
    assert_ptr_equal(s.then.offer, to);
    rs_simulation_release(&s);
    world_release(&w);
}

static void credits_are_earned_at_the_offers_speed(void **state)
{
    (void)state;
    struct rs_offer t = {
        .vcpus = 2, .burst_baseline = 0.2, .credits_per_hour = 24, .credits_max = 576};
    struct rs_offer scaled = rs_speed_scaled(&t, 0.5);
    check_near(rs_credits_baseline(&scaled), 0.2, 1e-15);
    check_near(scaled.credits_per_hour, 12, 0.0);
    check_near(scaled.credits_max, 288, 0.0);
    t.credits_max = NAN;
    assert_true(isnan(rs_speed_scaled(&t, 0.5).credits_max));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mode_believes_a_score_as_far_as_it_says),
        cmocka_unit_test(an_unknown_mode_is_refused),
        cmocka_unit_test(a_slower_vcpu_needs_more_of_them),
        cmocka_unit_test(speed_enters_use_and_chance),
        cmocka_unit_test(a_replay_uses_the_same_scale),
        cmocka_unit_test(credits_are_earned_at_the_offers_speed),
    };
    return cmocka_run_group_tests_name("speed", tests, NULL, NULL);
}
