/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/credits.h"

#include "advise_world.h"

/* 2 vCPUs, 30 %: earns 36 credits an hour, 3 in five minutes, keeps 864. */
static struct rs_offer burstable(void)
{
    return (struct rs_offer){.type = "t.large",
                             .flags = RS_OFFER_BURSTABLE,
                             .vcpus = 2,
                             .burst_baseline = 0.3,
                             .credits_per_hour = 36,
                             .credits_max = 864};
}

static void spends_minutes_and_earns_the_baseline(void **state)
{
    (void)state;
    double use[] = {1.6, 1.6, NAN, 0.6, 9.0};
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 3000, use, 5};
    struct rs_offer offer = burstable();
    struct rs_credits c = rs_credits_simulate(&series, &offer);
    assert_true(c.known);
    assert_false(c.run_out);
    /* 432, then 3 - 8 twice, a gap earns 3, the baseline keeps, and 9 vCPUs are but the two it has
     */
    check_near(c.lowest, 432 - 10 + 3 - 7, 1e-9);
    assert_int_equal(c.lowest_at, 3000 + 4 * 300);
    check_near(rs_credits_baseline(&offer), 0.6, 1e-12);
}

static void the_balance_is_held_between_nothing_and_its_cap(void **state)
{
    (void)state;
    double use[2000];
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, 2000};
    struct rs_offer offer = burstable();
    for (size_t i = 0; i < 2000; i++) {
        use[i] = i < 1000 ? 0.0 : 1.6; /* 1000 slots would earn 3000 credits */
    }
    struct rs_credits c = rs_credits_simulate(&series, &offer);
    assert_true(c.run_out);
    check_same_double(c.lowest, 0.0);
    assert_int_equal(c.lowest_at, (1000 + 173 - 1) * 300); /* 864 credits at 5 a slot */
    check_near(c.short_share, (1000 - 172) / 2000.0, 1e-12);
}

static void empty_without_wanting_more_than_the_baseline_is_no_harm(void **state)
{
    (void)state;
    double use[] = {0.6, 0.6};
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, 2};
    struct rs_offer offer = burstable();
    offer.credits_max = 0;
    struct rs_credits c = rs_credits_simulate(&series, &offer);
    check_same_double(c.lowest, 0.0);
    assert_false(c.run_out);
    check_same_double(c.short_share, 0.0);
    use[1] = 0.61;
    c = rs_credits_simulate(&series, &offer);
    assert_true(c.run_out);
    check_same_double(c.short_share, 0.5);
    offer.credits_max = 10; /* half of it is just spent when the slot ends */
    use[0] = 1.6;
    use[1] = 0.0;
    c = rs_credits_simulate(&series, &offer);
    check_same_double(c.lowest, 0.0);
    assert_true(c.run_out);
}

static void what_the_catalog_lacks_follows_from_the_baseline(void **state)
{
    (void)state;
    double use[] = {1.6, 1.6};
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 3600, 0, use, 2};
    struct rs_offer offer = burstable(), bare = burstable();
    bare.credits_per_hour = bare.credits_max = NAN;
    struct rs_credits a = rs_credits_simulate(&series, &offer),
                      b = rs_credits_simulate(&series, &bare);
    check_near(a.lowest, 432 - 120, 1e-9);
    check_near(b.lowest, a.lowest, 1e-9);
    bare.burst_baseline = NAN;
    b = rs_credits_simulate(&series, &bare);
    assert_false(b.known);
    assert_false(b.run_out);
    assert_true(isnan(b.lowest));
    assert_int_equal(b.lowest_at, -1);
}

static struct rs_offer *add_burstable(struct world *w, const char *type, double price)
{
    struct rs_offer *t = world_offer(w, type, 2, 8, price);
    t->flags |= RS_OFFER_BURSTABLE;
    t->burst_baseline = 0.3;
    return t;
}

static void a_burstable_type_is_offered_while_its_credits_last(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    add_burstable(&w, "t.large", 0.08);
    world_find(&w, "c.large")->price = 1;
    world_memory(&w, 6);
    struct rs_series *peak = world_cpu(&w, 70);
    struct rs_series *mean = world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 25);
    const struct rs_advice *a = world_advise(&w); /* peaks of 70 % but 25 % in the mean */
    assert_string_equal(world_first(a), "t.large");
    check_near(a->options[0].lowest_credits, 432.5, 1e-9);
    assert_int_equal(a->options[0].lowest_credits_at, WORLD_FROM);
    assert_int_equal(a->finding, RS_FINDING_OPTIMIZED);
    assert_non_null(world_note(a, "CheaperSameSize"));
    for (size_t i = 0; i < mean->slots; i++) {
        mean->values[i] = 35;
    }
    a = world_advise(&w);
    assert_string_equal(world_first(a), "keep");
    assert_int_equal(world_rejected(a, "credits run out"), 1);
    world_find(&w, "t.large")->burst_baseline = NAN;
    a = world_advise(&w);
    assert_int_equal(world_rejected(a, "unknown: CPU credits"), 1);
    for (size_t i = 0; i < mean->slots; i++) { /* averages are missing: peaks must do */
        mean->values[i] = NAN;
        peak->values[i] = 29;
    }
    world_find(&w, "t.large")->burst_baseline = 0.3;
    assert_string_equal(world_first(world_advise(&w)), "t.large");
    world_release(&w);
}

static void a_flex_type_must_hold_the_mean_on_its_baseline(void **state)
{
    (void)state;
    static const struct {
        double baseline;
        const char *first;
    } rows[] = {{0.4, "m.flex"}, {0.3, "m.flex"}, {0.29, "keep"}, {NAN, "keep"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.large");
        struct rs_offer *flex = world_offer(&w, "m.flex", 2, 8, 0.08);
        flex->flags |= RS_OFFER_FLEX;
        flex->burst_baseline = rows[i].baseline;
        world_memory(&w, 6);
        world_cpu(&w, 70);
        world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 30);
        const struct rs_advice *a = world_advise(&w);
        assert_string_equal(world_first(a), rows[i].first);
        assert_int_equal(world_rejected(a, "flex baseline too small"), i < 2 ? 0 : 1);
        world_release(&w);
    }
}

static void minutes_count_by_their_mean(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_offer *flex = world_offer(&w, "m.flex", 2, 8, 0.08);
    flex->flags |= RS_OFFER_FLEX;
    flex->burst_baseline = 0.3;
    world_memory(&w, 6);
    struct rs_series *cpu = world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 60, 20);
    for (size_t i = 0; i < cpu->slots; i += 5) {
        cpu->values[i] = 60; /* 28 % in the mean of five minutes */
    }
    const struct rs_advice *a = world_advise(&w);
    check_near(a->demand[RS_DIM_CPU].used, 1.2, 1e-12);
    assert_string_equal(world_first(a), "m.flex");
    world_release(&w);
}

static void a_burstable_machine_that_runs_out_lacks_cpu(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "t.large");
    add_burstable(&w, "t.large", 0.08);
    add_burstable(&w, "ta.large", 0.07);
    world_memory(&w, 6);
    world_cpu(&w, 40); /* would fit; earns 3 and spends 4 in five minutes; 432 last 36 h */
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
    assert_string_equal(world_first(a), "m.large"); /* not another with the same baseline */
    assert_non_null(strstr(world_note(a, "CreditsExhausted"), "a simulated CPU credit balance"));
    const struct rs_reason *r = world_reason(a, "CPUUnderprovisioned");
    assert_non_null(r);
    check_near(r->limit, 0.6, 1e-12);
    check_near(r->value, 1.0, 1e-12);
    assert_int_equal(r->at, WORLD_FROM + 431 * 300);
    assert_int_equal(world_rejected(a, "credits run out"), 1);
    world_release(&w);
}

/* 31 % of two vCPUs is above the baseline of 30 %, but a full balance lasts for a month. */
static void a_load_that_has_grown_beyond_the_baseline_will_run_out(void **state)
{
    (void)state;
    for (int grown = 0; grown < 2; grown++) {
        struct world w;
        world_init(&w, "m.large");
        add_burstable(&w, "t.large", 0.08);
        world_find(&w, "c.large")->price = 1;
        world_memory(&w, 6);
        struct rs_series *cpu = world_cpu(&w, 10);
        for (size_t i = 0; i < cpu->slots / 2; i++) {
            cpu->values[i + (grown != 0 ? cpu->slots / 2 : 0)] = 31;
        }
        const struct rs_advice *a = world_advise(&w);
        assert_string_equal(world_first(a), grown != 0 ? "keep" : "t.large");
        assert_int_equal(world_rejected(a, "credits run out"), grown);
        world_release(&w);
    }
}

static void a_measured_balance_goes_before_a_simulated_one(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "t.large");
    add_burstable(&w, "t.large", 0.08);
    add_burstable(&w, "ta.large", 0.07);
    world_memory(&w, 6);
    struct rs_series *cpu = world_cpu(&w, 29);
    struct rs_series *balance =
        world_series(&w, RS_METRIC_CPU_CREDIT_BALANCE, RS_STATISTIC_AVG, 300, 500);
    const struct rs_advice *a = world_advise(&w);
    assert_null(world_note(a, "CreditsExhausted"));
    assert_string_equal(world_first(a), "ta.large");
    balance->values[0] = 0; /* a new machine that is not busy yet */
    cpu->values[0] = 5;
    assert_null(world_note(world_advise(&w), "CreditsExhausted"));
    balance->values[50] = 0.5;
    cpu->values[50] = 30; /* held to its baseline */
    a = world_advise(&w);
    assert_string_equal(world_first(a), "m.large"); /* ta.large would hold it as tightly */
    assert_non_null(strstr(world_note(a, "CreditsExhausted"), "the measured CPU credit balance"));
    assert_int_equal(world_reason(a, "CPUUnderprovisioned")->at, WORLD_FROM + 50 * 300);
    assert_non_null(strstr(world_note(a, "CreditsExhausted"), "throttled to its baseline, or"));
    world_find(&w, "t.large")->family = "t3"; /* 36 credits an hour at 0.05 USD for 60 of them */
    world_series(&w, RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED, RS_STATISTIC_SUM_RATE, 300, 0.01);
    a = world_advise(&w);
    assert_non_null(
        strstr(world_note(a, "CreditsExhausted"),
               "in unlimited mode: the surplus credits charged for cost about 21.90 USD "
               "a month on top of its price"));
    w.market.currency = "CNY";
    assert_null(strstr(world_note(world_advise(&w), "CreditsExhausted"), "21.90"));
    w.market.currency = NULL;
    for (size_t i = 0; i < 100; i++) {
        cpu->values[i] = NAN; /* CPU begins later than the balance */
    }
    assert_null(world_note(world_advise(&w), "CreditsExhausted"));
    world_release(&w);
}

/* Where every slot's throttling is asked for, none is passed over. */
static void what_stays_full_is_passed_over_without_a_trace(void **state)
{
    (void)state;
    enum { SLOTS = 2016 };
    static double use[SLOTS];
    static bool gone[SLOTS];
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, SLOTS};
    uint64_t seed = 9;
    for (int round = 0; round < 900; round++) {
        struct rs_offer offer = burstable();
        double busy = (double)(check_random(&seed) % 100) / 100.0 + 0.4;
        uint64_t rare = 1 + check_random(&seed) % 4;
        offer.credits_max = round % 3 == 0 ? (double)NAN : (double)(round % 7) * 50.0;
        offer.credits_per_hour = round % 2 == 0 ? (double)NAN : 36.0;
        for (size_t i = 0; i < SLOTS; i++) {
            double quiet = check_random(&seed) % 3 == 0 ? 0.6 : 0.1; /* 0.6: the baseline */
            use[i] = i > 700 && (i / 30) % rare == 0 ? busy : quiet;
            use[i] = check_random(&seed) % 20 == 0 ? (double)NAN : use[i];
        }
        struct rs_credits quick = rs_credits_simulate(&series, &offer);
        struct rs_credits plain = rs_credits_follow(&series, &offer, gone);
        check_same_double(quick.lowest, plain.lowest);
        assert_int_equal(quick.lowest_at, plain.lowest_at);
        check_same_double(quick.short_share, plain.short_share);
        assert_int_equal(quick.run_out, plain.run_out);
    }
}

static void a_remembered_answer_is_the_simulated_one(void **state)
{
    (void)state;
    enum { SLOTS = 300 };
    static double use[SLOTS];
    static struct rs_credits_memo memo;
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, SLOTS};
    static const double limits[] = {NAN, 36.0, 72.0, 500.0};
    uint64_t seed = 21;
    size_t most = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        use[i] = i % 11 == 0 ? (double)NAN : (double)(check_random(&seed) % 100) / 50.0;
    }
    for (int round = 0; round < 3000; round++) { /* more different offers than are kept */
        struct rs_offer offer = burstable();
        offer.vcpus = (double)(1 + check_random(&seed) % 3);
        offer.burst_baseline = check_random(&seed) % 9 == 0 ? (double)NAN : offer.burst_baseline;
        offer.credits_per_hour = limits[check_random(&seed) % COUNT_OF(limits)];
        offer.credits_max = limits[check_random(&seed) % COUNT_OF(limits)];
        struct rs_credits kept = rs_credits_remember(&memo, &series, &offer);
        struct rs_credits fresh = rs_credits_simulate(&series, &offer);
        assert_int_equal(kept.known, fresh.known);
        assert_int_equal(kept.run_out, fresh.run_out);
        assert_int_equal(kept.lowest_at, fresh.lowest_at);
        check_same_double(kept.short_share, fresh.short_share);
        assert_true(kept.lowest == fresh.lowest || (isnan(kept.lowest) && isnan(fresh.lowest)));
        assert_true(memo.count <= RS_CREDITS_KEPT);
        most = memo.count > most ? memo.count : most;
    }
    assert_int_equal(most, RS_CREDITS_KEPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stays_full_is_passed_over_without_a_trace),
        cmocka_unit_test(a_remembered_answer_is_the_simulated_one),
        cmocka_unit_test(spends_minutes_and_earns_the_baseline),
        cmocka_unit_test(the_balance_is_held_between_nothing_and_its_cap),
        cmocka_unit_test(empty_without_wanting_more_than_the_baseline_is_no_harm),
        cmocka_unit_test(what_the_catalog_lacks_follows_from_the_baseline),
        cmocka_unit_test(a_burstable_type_is_offered_while_its_credits_last),
        cmocka_unit_test(a_flex_type_must_hold_the_mean_on_its_baseline),
        cmocka_unit_test(minutes_count_by_their_mean),
        cmocka_unit_test(a_burstable_machine_that_runs_out_lacks_cpu),
        cmocka_unit_test(a_load_that_has_grown_beyond_the_baseline_will_run_out),
        cmocka_unit_test(a_measured_balance_goes_before_a_simulated_one),
    };
    return cmocka_run_group_tests_name("credits", tests, NULL, NULL);
}
