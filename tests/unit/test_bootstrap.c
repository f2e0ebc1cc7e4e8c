/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/bootstrap.h"

#include "advise_world.h"

#define DAY 288

static void ask_for(struct world *w, int resamples)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", resamples);
    if (rs_policy_set(&w->policy, "confidence.resamples", text, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
}

static void without_resamples_nothing_is_told(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 20);
    world_memory(&w, 3);
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->bootstrap.resamples, 0);
    assert_true(isnan(a->bootstrap.same) && isnan(a->demand[RS_DIM_CPU].need_low));
    world_release(&w);
}

static void days_that_are_alike_give_the_same_answer(void **state)
{
    (void)state;
    static const char *const presets[] = {"compute-optimizer", "balanced"};
    for (size_t i = 0; i < COUNT_OF(presets); i++) {
        struct world w;
        world_init(&w, "m.xlarge");
        take_policy(&w, presets[i]);
        ask_for(&w, 100);
        world_cpu(&w, 20);
        world_memory(&w, 3);
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->bootstrap.resamples, 100);
        assert_int_equal(a->bootstrap.days, 14);
        check_near(a->bootstrap.same, 1.0, 0.0);
        check_near(a->bootstrap.same_finding, 1.0, 0.0);
        for (size_t d = RS_DIM_CPU; d <= RS_DIM_MEMORY; d++) {
            check_same_double(a->demand[d].need_low, a->demand[d].need);
            check_same_double(a->demand[d].need_high, a->demand[d].need);
        }
        assert_true(isnan(a->demand[RS_DIM_NET_IN].need_low));
        world_release(&w);
    }
}

/* One day of 14 lacks memory on m.large: the maximum of a resample holds it or not. */
static void one_busy_day_is_drawn_as_often_as_it_should_be(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    ask_for(&w, 2000);
    world_cpu(&w, 20); /* 0.8 vCPUs */
    struct rs_series *memory = world_memory(&w, 3);
    for (size_t i = 0; i < DAY; i++) {
        memory->values[5 * DAY + i] = 7.0 * GIB; /* need 8.75: more than 8 */
    }
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_first(a), "r.large");
    double never = pow(13.0 / 14.0, 14.0); /* 0.354, and then c.large or the like will do */
    check_near(a->bootstrap.same, 1.0 - never, 4.0 * sqrt(never * (1 - never) / 2000.0));
    check_near(a->demand[RS_DIM_MEMORY].need_low, 3.75 * GIB, 1.0);
    check_near(a->demand[RS_DIM_MEMORY].need_high, 8.75 * GIB, 1.0);
    check_near(a->demand[RS_DIM_MEMORY].need, 8.75 * GIB, 1.0); /* as it was */
    assert_int_equal(a->finding, RS_FINDING_OVER_PROVISIONED);
    check_near(a->bootstrap.same_finding, 1.0, 0.0);
    assert_non_null(world_note(a, "AnswerUnstable"));
    assert_true(a->confidence < RS_CONFIDENCE_HIGH);
    double same = a->bootstrap.same;
    world_advise(&w);
    check_same_double(w.advice.bootstrap.same, same);
    world_release(&w);
}

/* The recent weeks alone are drawn from, and in each of them a week's days. */
static void a_policy_of_weeks_draws_weeks(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    take_policy(&w, "balanced");
    w.policy.recent_weeks = 1;
    ask_for(&w, 2000);
    world_cpu(&w, 20);
    struct rs_series *memory = world_memory(&w, 3);
    for (size_t i = 0; i < DAY; i++) {
        memory->values[2 * DAY + i] = 12.0 * GIB; /* an old day, which no draw sees */
        memory->values[9 * DAY + i] = 5.0 * GIB;
    }
    const struct rs_advice *a = world_advise(&w);
    double most = 5.0 * GIB * 1.25 + 64.0 * 1048576.0, least = most - 2.0 * GIB * 1.25;
    check_near(a->demand[RS_DIM_MEMORY].need_high, most, 1.0);
    check_near(a->demand[RS_DIM_MEMORY].need_low, least, 1.0);
    world_release(&w);
}

static void a_machine_near_its_limit_may_be_under_provisioned(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    ask_for(&w, 500);
    world_cpu(&w, 20);
    struct rs_series *memory = world_memory(&w, 3);
    memory->values[13 * DAY] = 7.0 * GIB;
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
    check_near(a->bootstrap.same_finding, 1.0 - pow(13.0 / 14.0, 14.0), 0.09);
    check_near(a->bootstrap.same, a->bootstrap.same_finding, 0.0);
    world_release(&w);
}

static void one_day_is_nothing_to_draw_from(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    ask_for(&w, 50);
    struct rs_series *cpu = world_cpu(&w, 20);
    for (size_t i = 0; i < (size_t)13 * DAY; i++) {
        cpu->values[i] = NAN;
    }
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->bootstrap.resamples, 50);
    assert_int_equal(a->bootstrap.days, 1);
    assert_true(isnan(a->bootstrap.same) && isnan(a->bootstrap.same_finding));
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_resamples_nothing_is_told),
        cmocka_unit_test(days_that_are_alike_give_the_same_answer),
        cmocka_unit_test(one_busy_day_is_drawn_as_often_as_it_should_be),
        cmocka_unit_test(a_policy_of_weeks_draws_weeks),
        cmocka_unit_test(a_machine_near_its_limit_may_be_under_provisioned),
        cmocka_unit_test(one_day_is_nothing_to_draw_from),
    };
    return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
