/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/replay.h"

#include "advise_world.h"

static struct rs_replay replay(struct world *w, const char *type)
{
    struct rs_traces traces;
    struct rs_replay out = {0};
    world_ready(w);
    if (rs_traces_read(&w->work, w->market.current, &traces, &w->err) != RS_OK ||
        rs_replay_offer(&traces, world_find(w, type), 1.0, false, &out, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
    rs_traces_release(&traces);
    return out;
}

static void a_sample_is_short_when_it_wants_more_than_there_is(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *cpu = world_cpu(&w, 50.0); /* 2 vCPUs: just what m.large has */
    cpu->values[10] = 60.0;
    cpu->values[20] = cpu->values[22] = 75.0;
    cpu->values[21] = 100.0;
    cpu->values[30] = 80.0;
    struct rs_replay r = replay(&w, "m.large");
    const struct rs_shortfall *s = &r.dimension[RS_DIM_CPU];
    assert_true(s->known);
    assert_false(s->throttled);
    assert_int_equal(s->samples, 4032);
    assert_int_equal(s->short_samples, 5);
    check_near(s->share, 5.0 / 4032.0, 1e-15);
    check_near(s->depth, 2.0, 1e-12);
    assert_int_equal(s->first_at, WORLD_FROM + 10 * 300);
    assert_int_equal(s->worst_at, WORLD_FROM + 21 * 300);
    assert_int_equal(s->longest, 900);
    assert_int_equal(s->longest_from, WORLD_FROM + 20 * 300);
    r = replay(&w, "m.xlarge");
    assert_int_equal(r.dimension[RS_DIM_CPU].short_samples, 0);
    assert_int_equal(r.dimension[RS_DIM_CPU].first_at, -1);
    assert_int_equal(r.dimension[RS_DIM_CPU].worst_at, -1);
    check_near(r.dimension[RS_DIM_CPU].depth, 1.0, 1e-12);
    world_release(&w);
}

static void a_gap_ends_a_run(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *cpu = world_cpu(&w, 10.0);
    cpu->values[20] = cpu->values[21] = cpu->values[23] = 90.0;
    cpu->values[22] = NAN;
    struct rs_replay r = replay(&w, "m.large");
    assert_int_equal(r.dimension[RS_DIM_CPU].samples, 4031);
    assert_int_equal(r.dimension[RS_DIM_CPU].longest, 600);
    world_release(&w);
}

static void memory_may_never_be_short_the_others_in_one_percent(void **state)
{
    (void)state;
    static const struct {
        enum rs_dimension dimension;
        bool known;
        double share;
        bool counts;
    } rows[] = {
        {RS_DIM_MEMORY, true, 0.0, false},     {RS_DIM_MEMORY, true, 1e-4, true},
        {RS_DIM_MEMORY, false, NAN, false},    {RS_DIM_CPU, true, 0.01, false},
        {RS_DIM_CPU, true, 0.0101, true},      {RS_DIM_NET_OUT, true, 0.02, true},
        {RS_DIM_EBS_OPS, true, 0.0099, false}, {RS_DIM_EBS_BYTES, false, NAN, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_replay r = {.offer = NULL};
        r.dimension[rows[i].dimension].known = rows[i].known;
        r.dimension[rows[i].dimension].share = rows[i].share;
        assert_int_equal(rs_shortfall_counts(&r.dimension[rows[i].dimension], rows[i].dimension),
                         rows[i].counts);
        assert_int_equal(rs_replay_is_short(&r), rows[i].counts);
    }
}

static void a_burstable_type_is_short_while_it_has_no_credits(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_offer *t = world_offer(&w, "t.large", 2, 8, 0.08);
    t->flags |= RS_OFFER_BURSTABLE;
    t->burst_baseline = 0.3;
    struct rs_series *cpu = world_cpu(&w, 30.0); /* the baseline for ever */
    struct rs_replay r = replay(&w, "t.large");
    assert_true(r.credits_known);
    check_near(r.lowest_credits, 432.0, 1e-6);
    assert_int_equal(r.dimension[RS_DIM_CPU].short_samples, 0);
    assert_false(r.dimension[RS_DIM_CPU].throttled);
    for (size_t i = 1000; i < 1100; i++) {
        cpu->values[i] = 80.0; /* 8 minutes spent and 3 earned a slot: 432 last 86 of them */
    }
    r = replay(&w, "t.large");
    const struct rs_shortfall *s = &r.dimension[RS_DIM_CPU];
    assert_true(s->throttled);
    check_near((double)s->short_samples, 14.0, 1.0);
    check_near((double)s->longest, 14.0 * 300.0, 300.0);
    check_near(s->depth, 0.8 / 0.3, 1e-9);
    check_near(s->capacity, 0.6, 1e-12);
    check_same_double(r.lowest_credits, 0.0);
    assert_int_equal(r.lowest_credits_at, s->first_at);
    t->burst_baseline = NAN;
    r = replay(&w, "t.large");
    assert_false(r.credits_known);
    assert_false(r.dimension[RS_DIM_CPU].known);
    assert_true(isnan(r.dimension[RS_DIM_CPU].share));
    world_release(&w);
}

static void a_flex_type_is_short_above_its_baseline_if_so_on_average(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_offer *flex = world_offer(&w, "m-flex.large", 2, 8, 0.09);
    flex->flags |= RS_OFFER_FLEX;
    flex->burst_baseline = 0.4;
    struct rs_series *cpu = world_cpu(&w, 30.0);
    cpu->values[7] = 90.0;
    struct rs_replay r = replay(&w, "m-flex.large");
    assert_int_equal(r.dimension[RS_DIM_CPU].short_samples, 0);
    for (size_t i = 0; i < cpu->slots; i++) {
        cpu->values[i] = 50.0;
    }
    r = replay(&w, "m-flex.large");
    assert_true(r.dimension[RS_DIM_CPU].throttled);
    check_near(r.dimension[RS_DIM_CPU].share, 1.0, 1e-12);
    world_release(&w);
}

static void what_was_not_measured_or_has_no_known_limit_is_unknown(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 10.0);
    world_network(&w, 1e9);
    world_find(&w, "m.large")->net_baseline = NAN;
    struct rs_replay r = replay(&w, "m.large");
    assert_false(r.dimension[RS_DIM_MEMORY].known);
    assert_false(r.dimension[RS_DIM_NET_IN].known);
    assert_true(isnan(r.dimension[RS_DIM_NET_IN].share));
    assert_false(rs_replay_is_short(&r));
    r = replay(&w, "m.xlarge");
    assert_true(r.dimension[RS_DIM_NET_IN].known);
    assert_true(rs_replay_is_short(&r));
    world_release(&w);
}

static void a_percentage_is_of_the_size_the_machine_tells(void **state)
{
    (void)state;
    struct world w;
    static const struct rs_tag tag = {"rightsize:vcpus", "2"};
    world_init(&w, "m.xlarge");
    w.resource.tags = &tag;
    w.resource.tag_count = 1;
    world_cpu(&w, 100.0);
    struct rs_replay r = replay(&w, "m.large");
    assert_int_equal(r.dimension[RS_DIM_CPU].short_samples, 0);
    check_near(r.dimension[RS_DIM_CPU].depth, 1.0, 1e-12);
    world_release(&w);
}

static void samples_that_are_no_use_are_said(void **state)
{
    (void)state;
    struct world w;
    struct rs_error err;
    struct rs_traces traces;
    struct rs_simulation simulation;
    struct rs_curve curve;
    world_init(&w, "m.xlarge");
    world_ready(&w);
    const struct rs_offer *own = w.market.current, *other = world_find(&w, "m.large");
    check_fails(rs_simulate(&w.work, own, other, &w.policy, &simulation, &err), RS_ENODATA,
                "no samples of cpu_percent");
    check_fails(rs_curve_of(&w.work, &w.market, &w.policy, &curve, &err), RS_ENODATA,
                "no samples of cpu_percent");
    world_cpu(&w, 10.0)->values[3] = INFINITY;
    world_ready(&w);
    check_fails(rs_traces_read(&w.work, own, &traces, &err), RS_EINPUT, "infinite");
    check_fails(rs_simulate(&w.work, own, other, &w.policy, &simulation, &err), RS_EINPUT,
                "infinite");
    check_fails(rs_curve_of(&w.work, &w.market, &w.policy, &curve, &err), RS_EINPUT, "infinite");
    world_find(&w, "m.xlarge")->memory_bytes = NAN;
    check_fails(rs_simulate(&w.work, own, other, &w.policy, &simulation, &err), RS_ENODATA,
                "size of type m.xlarge");
    check_fails(rs_curve_draw(&w.work, NULL, &w.policy, &curve, &err), RS_ENODATA,
                "not in a catalog");
    world_release(&w);
}

static void a_simulation_tells_price_platform_and_what_the_policy_thinks(void **state)
{
    (void)state;
    struct world w;
    struct rs_simulation s;
    world_init(&w, "m.xlarge");
    world_cpu(&w, 20.0);
    world_memory(&w, 7.5);
    struct rs_offer *arm = world_offer(&w, "g.large", 2, 8, 0.08);
    arm->architecture = "arm64";
    world_ready(&w);
    static const struct {
        const char *type, *refusal, *effort;
        unsigned differences;
    } rows[] = {
        {"m.large", "too small: memory", "VeryLow", 0}, /* 7.5 GiB and 20 % are more than 8 */
        {"m.xlarge", NULL, "VeryLow", 0},
        {"r.large", NULL, "VeryLow", 0},
        {"g.large", "architecture", "Medium", RS_DIFFERS_ARCHITECTURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rs_offer *offer = world_find(&w, rows[i].type);
        if (rs_simulate(&w.work, w.market.current, offer, &w.policy, &s, &w.err) != RS_OK) {
            fail_msg("%s", w.err.text);
        }
        if (rows[i].refusal == NULL) {
            assert_null(s.refusal);
        } else {
            assert_string_equal(s.refusal, rows[i].refusal);
        }
        assert_string_equal(s.migration_effort, rows[i].effort);
        assert_int_equal(s.differences, rows[i].differences);
        check_near(s.monthly_now, 0.20 * 730.0, 1e-9);
        check_near(s.monthly_then, offer->price * 730.0, 1e-9);
        check_near(s.traces.summary[RS_DIM_CPU].max, 0.8, 1e-12);
        assert_int_equal(s.window.from, WORLD_FROM);
        rs_simulation_release(&s);
    }
    world_release(&w);
}

static struct rs_curve draw(struct world *w)
{
    struct rs_curve curve;
    world_ready(w);
    if (rs_curve_of(&w->work, &w->market, &w->policy, &curve, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
    return curve;
}

static void the_curve_keeps_what_is_cheaper_or_less_short_and_today(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.2xlarge");
    struct rs_series *cpu = world_cpu(&w, 20.0); /* 1.6 vCPUs */
    for (size_t i = 0; i < 403; i++) {
        cpu->values[i] = 45.0; /* 3.6 vCPUs for a tenth of the time */
    }
    world_memory(&w, 3.0);
    struct rs_curve curve = draw(&w);
    static const char *const types[] = {"m.small", "c.large", "c.xlarge", "m.2xlarge"};
    static const double worst[] = {1.0, 0.1, 0.0, 0.0};
    assert_int_equal(curve.judged, 7);
    assert_int_equal(curve.count, COUNT_OF(types));
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_string_equal(curve.points[i].offer->type, types[i]);
        check_near(curve.points[i].worst, worst[i], 1e-4);
        check_near(curve.points[i].share[RS_DIM_CPU], worst[i], 1e-4);
        assert_true(isnan(curve.points[i].share[RS_DIM_NET_IN]));
        assert_int_equal(curve.points[i].current, i == 3);
    }
    rs_curve_release(&curve);
    world_release(&w);
}

static void the_curve_leaves_out_what_cannot_be_judged(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    world_cpu(&w, 10.0); /* memory unknown: not below 8 GiB */
    world_network(&w, 1e6);
    world_offer(&w, "x.large", 2, 8, 0.01)->net_baseline = NAN;
    world_offer(&w, "t.large", 2, 8, 0.02)->flags |= RS_OFFER_BURSTABLE; /* no figures of credits */
    world_offer(&w, "g.large", 2, 8, 0.03)->architecture = "arm64";
    world_offer(&w, "n.large", 2, 8, NAN);
    struct rs_curve curve = draw(&w);
    assert_int_equal(curve.judged, 5); /* m.large .. m.2xlarge, c.xlarge, r.large */
    assert_int_equal(curve.count, 1);
    assert_string_equal(curve.points[0].offer->type, "m.large");
    rs_curve_release(&curve);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_is_short_when_it_wants_more_than_there_is),
        cmocka_unit_test(a_gap_ends_a_run),
        cmocka_unit_test(memory_may_never_be_short_the_others_in_one_percent),
        cmocka_unit_test(a_burstable_type_is_short_while_it_has_no_credits),
        cmocka_unit_test(a_flex_type_is_short_above_its_baseline_if_so_on_average),
        cmocka_unit_test(what_was_not_measured_or_has_no_known_limit_is_unknown),
        cmocka_unit_test(a_percentage_is_of_the_size_the_machine_tells),
        cmocka_unit_test(samples_that_are_no_use_are_said),
        cmocka_unit_test(a_simulation_tells_price_platform_and_what_the_policy_thinks),
        cmocka_unit_test(the_curve_keeps_what_is_cheaper_or_less_short_and_today),
        cmocka_unit_test(the_curve_leaves_out_what_cannot_be_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
