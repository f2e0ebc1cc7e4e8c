/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/surplus.h"

#include "advise_world.h"

/* 2 vCPUs, 30 %: earns 36 credits an hour, 3 in five minutes, keeps or owes 864. */
static struct rs_offer burstable(void)
{
    return (struct rs_offer){.type = "t3.large",
                             .family = "t3",
                             .flags = RS_OFFER_BURSTABLE,
                             .vcpus = 2,
                             .burst_baseline = 0.3,
                             .credits_per_hour = 36,
                             .credits_max = 864};
}

static void what_was_spent_ahead_is_paid_back_first(void **state)
{
    (void)state;
    double use[2000];
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, 2000};
    struct rs_offer offer = burstable();
    for (size_t i = 0; i < 2000; i++) {
        use[i] = i < 100 ? 1.6 : 0.0; /* 100 slots at 5 below: 432 becomes -68 */
    }
    struct rs_surplus s = rs_surplus_simulate(&series, &offer);
    assert_true(s.known);
    check_near(s.lowest, -68, 1e-9);
    assert_int_equal(s.lowest_at, 99 * 300);
    check_same_double(s.charged, 0.0);
    check_same_double(s.owed, 0.0);
    check_near(s.hours, 2000 / 12.0, 1e-9);
    series.slots = 110; /* ten slots earn 30 of the 68 */
    check_near(rs_surplus_simulate(&series, &offer).owed, 38, 1e-9);
}

static void beyond_a_day_of_earning_it_is_charged_at_once(void **state)
{
    (void)state;
    double use[600];
    struct rs_series series = {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 0, use, 600};
    struct rs_offer offer = burstable();
    for (size_t i = 0; i < 600; i++) {
        use[i] = i < 400 ? 1.6 : NAN; /* 432 - 2000 = -1568, of which 864 may be owed */
    }
    struct rs_surplus s = rs_surplus_simulate(&series, &offer);
    check_near(s.charged, 1568 - 864, 1e-9);
    check_near(s.owed, 864, 1e-9);
    check_near(s.hours, 400 / 12.0, 1e-9); /* a gap is neither run nor paid */
    for (size_t i = 400; i < 600; i++) {
        use[i] = 0.0; /* earns 600 */
    }
    s = rs_surplus_simulate(&series, &offer);
    check_near(s.charged, 704, 1e-9);
    check_near(s.owed, 264, 1e-9);
    offer.credits_per_hour = offer.credits_max = offer.burst_baseline = NAN;
    assert_false(rs_surplus_simulate(&series, &offer).known);
}

static void rates_are_of_family_and_platform(void **state)
{
    (void)state;
    static const struct {
        const char *family, *platform;
        double rate;
    } rows[] = {
        {"t2", NULL, 0.05},          {"t3", "Linux/UNIX", 0.05}, {"t3a", "Linux/UNIX", 0.05},
        {"t4g", "Linux/UNIX", 0.04}, {"t3", "Windows", 0.096},   {"t4g", "Windows", NAN},
        {"B", "Linux/UNIX", NAN},    {NULL, NULL, NAN},          {"t1", NULL, NAN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_offer offer = {.family = rows[i].family};
        double rate = rs_surplus_rate(&offer, rows[i].platform);
        assert_true(isnan(rows[i].rate) ? isnan(rate) : rate == rows[i].rate);
    }
}

/* A world with t3.large (0.083 USD) beside m.large (0.10 USD). */
static void add_t3(struct world *w)
{
    struct rs_offer *t = world_offer(w, "t3.large", 2, 8, 0.083);
    t->family = "t3";
    t->flags |= (unsigned)RS_OFFER_BURSTABLE;
    t->burst_baseline = 0.3;
    t->credits_per_hour = 36;
    t->credits_max = 864;
}

static void take_mode(struct world *w, const char *mode)
{
    if (rs_policy_set(&w->policy, "burst.mode", mode, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
}

static const struct rs_option_offer *find_option(const struct rs_advice *a, const char *type)
{
    for (size_t i = 0; i < a->option_count; i++) {
        if (strcmp(a->options[i].offer->type, type) == 0) {
            return &a->options[i];
        }
    }
    return NULL;
}

/* Steady use of 0.8 vCPUs: 0.2 above the baseline, which costs 0.01 USD an hour. */
static void surplus_is_in_the_price_of_an_option(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        double percent; /* of 4 vCPUs */
        bool offered;
        double surplus; /* vCPUs */
    } rows[] = {{"standard", 14, true, 0},      {"standard", 20, false, 0},
                {"unlimited", 14, true, 0},     {"unlimited", 20, true, 0.2},
                {"unlimited", 22.5, true, 0.3}, {"unlimited", 30, true, 0.6}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.xlarge");
        add_t3(&w);
        w.policy.options = RS_MAX_OPTIONS;
        take_mode(&w, rows[i].mode);
        world_cpu(&w, rows[i].percent);
        world_memory(&w, 6);
        const struct rs_advice *a = world_advise(&w);
        const struct rs_option_offer *o = find_option(a, "t3.large");
        bool dear = rows[i].surplus > 0.34; /* then m.large is cheaper, and t3 better in nothing */
        assert_int_equal(o != NULL, rows[i].offered && !dear);
        assert_string_equal(world_first(a), o != NULL ? "t3.large" : "m.large");
        if (o == NULL) {
            world_release(&w);
            continue;
        }
        /* half a day of earning was saved at the start: 432 credits of 14 days */
        double credits = fmax(rows[i].surplus * 60 * DAYS * 24 - 432, 0.0);
        double hourly = credits / 60 * 0.05 / (DAYS * 24);
        check_near(o->monthly_price, (0.083 + hourly) * 730, 1e-9);
        check_near(o->monthly_saving, (0.2 - 0.083 - hourly) * 730, 1e-9);
        bool unlimited = strcmp(rows[i].mode, "unlimited") == 0;
        assert_int_equal(isnan(o->monthly_surplus), !unlimited);
        assert_int_equal(isnan(o->throttled_share), unlimited);
        if (unlimited) {
            check_near(o->monthly_surplus, hourly * 730, 1e-9);
        } else {
            check_same_double(o->throttled_share, 0.0);
        }
        world_release(&w);
    }
}

static void todays_type_pays_for_surplus_too(void **state)
{
    (void)state;
    static const char *const modes[] = {"standard", "unlimited"};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        struct world w;
        world_init(&w, "t3.large");
        add_t3(&w);
        take_mode(&w, modes[i]);
        world_cpu(&w, 70); /* 1.4 of 2 vCPUs, 0.8 above the baseline: 0.04 USD an hour */
        world_memory(&w, 6);
        const struct rs_advice *a = world_advise(&w);
        double credits = 0.8 * 60 * DAYS * 24 - 432;
        double hourly = i == 1 ? credits / 60 * 0.05 / (DAYS * 24) : 0.0;
        check_near(a->current_monthly, (0.083 + hourly) * 730, 1e-9);
        assert_int_equal(world_note(a, "SurplusCredits") != NULL, i == 1);
        assert_int_equal(world_note(a, "CreditsExhausted") != NULL, i == 0);
        assert_int_equal(a->finding == RS_FINDING_UNDER_PROVISIONED, i == 0);
        assert_string_equal(world_first(a), "m.large");
        assert_true((a->options[0].monthly_saving > 0.0) == (i == 1)); /* 0.10 of 0.122 */
        world_release(&w);
    }
}

static void surplus_is_not_reckoned_in_another_currency(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "t3.large");
    add_t3(&w);
    take_mode(&w, "unlimited");
    w.market.currency = "CNY";
    world_cpu(&w, 70);
    world_memory(&w, 6);
    const struct rs_advice *a = world_advise(&w);
    check_near(a->current_monthly, 0.083 * 730, 1e-9);
    assert_null(world_note(a, "SurplusCredits"));
    assert_string_equal(world_note(a, "SurplusUnknown"),
                        "what surplus CPU credits cost in CNY is "
                        "not known: burst.mode counts as standard");
    assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
    assert_string_equal(world_first(a), "m.large");
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_spent_ahead_is_paid_back_first),
        cmocka_unit_test(beyond_a_day_of_earning_it_is_charged_at_once),
        cmocka_unit_test(rates_are_of_family_and_platform),
        cmocka_unit_test(surplus_is_in_the_price_of_an_option),
        cmocka_unit_test(todays_type_pays_for_surplus_too),
        cmocka_unit_test(surplus_is_not_reckoned_in_another_currency),
    };
    return cmocka_run_group_tests_name("surplus", tests, NULL, NULL);
}
