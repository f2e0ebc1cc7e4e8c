/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/rank.h"

#include "advise_world.h"

/* A study of m.large (2 vCPU, 8 GiB, 0.10) whose memory peaked at 2 GiB, over `days` of history. */
static struct rs_study study_of(struct world *w, int days)
{
    world_init(w, "m.large");
    take_policy(w, "balanced");
    w->policy.memory_pad = 0.0;
    w->advice.data_from = WORLD_FROM;
    w->advice.data_to = WORLD_FROM + (int64_t)days * 86400;
    w->advice.demand[RS_DIM_MEMORY] = (struct rs_demand){.known = true, .peak = 2 * GIB};
    return (struct rs_study){.policy = &w->policy,
                             .current = world_find(w, "m.large"),
                             .unit_price = 0.04,
                             .out = &w->advice};
}

static void without_crowding_the_score_is_the_price(void **state)
{
    (void)state;
    struct world w;
    struct rs_study study = study_of(&w, 14);
    w.policy.crowding = 0.0;
    struct rs_score_context context = rs_score_context_of(&study);
    check_same_double(rs_offer_score(&context, world_find(&w, "c.large")), 0.085);
    check_same_double(rs_offer_charge(&context, world_find(&w, "c.large")), 0.0);
}

static void the_premium_follows_price_and_history(void **state)
{
    (void)state;
    static const struct {
        int days;
        double premium;
    } rows[] = {{7, 0.0575}, {21, 0.02875}, {63, 0.0115}}; /* (1.4 x 0.04 + 0.015 x 0.1) 14/(7+d) */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        struct rs_study study = study_of(&w, rows[i].days);
        assert_true(fabs(rs_score_context_of(&study).premium - rows[i].premium) < 1e-15);
        w.policy.crowding = 2.0;
        assert_true(fabs(rs_score_context_of(&study).premium - 2 * rows[i].premium) < 1e-15);
    }
}

static void free_memory_given_up_is_charged_in_proportion(void **state)
{
    (void)state;
    struct world w;
    struct rs_study study = study_of(&w, 7);
    struct rs_score_context context = rs_score_context_of(&study);
    /* 6 of 8 GiB are free now; of 4 GiB a half would be, of 16 more than now, of 2 nothing */
    static const struct {
        double gib, lost;
    } rows[] = {{8, 0}, {16, 0}, {4, 1.0 / 3}, {2, 1}, {1, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_offer offer = {.price = 0.01, .memory_bytes = rows[i].gib * GIB};
        double want = 0.0575 * rows[i].lost;
        assert_true(fabs(rs_offer_charge(&context, &offer) - want) < 1e-12);
        assert_true(fabs(rs_offer_score(&context, &offer) - want - 0.01) < 1e-12);
    }
    w.advice.demand[RS_DIM_MEMORY].known = false;
    struct rs_offer offer = {.price = 0.01, .memory_bytes = GIB};
    check_same_double(rs_offer_charge(&context, &offer), 0.0);
}

static void a_peak_that_comes_back_is_charged_each_time(void **state)
{
    (void)state;
    struct world w;
    struct rs_study study = study_of(&w, 28);
    double peaks[] = {1 * GIB, 1 * GIB, 5 * GIB, NAN, 6 * GIB};
    memcpy(study.week_peaks, peaks, sizeof(peaks));
    study.weeks = COUNT_OF(peaks);
    struct rs_score_context context = rs_score_context_of(&study);
    struct rs_offer four = {.memory_bytes = 4 * GIB}, half = {.memory_bytes = 5.5 * GIB};
    assert_true(fabs(rs_offer_charge(&context, &four) - 2.0 * context.premium) < 1e-12);
    assert_true(fabs(rs_offer_charge(&context, &half) - 1.0 * context.premium) < 1e-12);
    struct rs_offer eight = {.memory_bytes = 8 * GIB};
    check_same_double(rs_offer_charge(&context, &eight), 0.0);
}

static void the_unit_is_the_cheapest_plain_vcpu(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    w.market.offers = w.pointers;
    w.market.count = w.offer_count;
    check_same_double(rs_unit_price(w.market.offers, w.market.count),
                      0.0425); /* c.large and c.xlarge */
    world_find(&w, "c.large")->flags |= (unsigned)RS_OFFER_BURSTABLE;
    world_find(&w, "c.xlarge")->category = "hpc";
    check_same_double(rs_unit_price(w.market.offers, w.market.count), 0.05);
    w.market.count = 0;
    assert_true(isnan(rs_unit_price(w.market.offers, w.market.count)));
}

static void order_is_by_score_then_memory_then_name(void **state)
{
    (void)state;
    struct world w = {0};
    struct rs_candidate c[] = {
        {world_offer(&w, "d", 1, 2, 1), 2, 0},   {world_offer(&w, "c", 1, 2, 1), 1, 0},
        {world_offer(&w, "b", 1, 4, 1), 1, 0},   {world_offer(&w, "a", 1, 2, 1), 1, 0},
        {world_offer(&w, "e", 1, NAN, 1), 1, 0}, {world_offer(&w, "f", 1, 9, 1), 0.5, 0},
    };
    rs_rank_sort(c, COUNT_OF(c));
    char order[COUNT_OF(c) + 1] = "";
    for (size_t i = 0; i < COUNT_OF(c); i++) {
        order[i] = c[i].offer->type[0];
    }
    assert_string_equal(order, "fbaced");
}

static struct rs_offer *twin(struct world *w, double price)
{
    struct rs_offer *offer = world_offer(w, "twin", 2, 8, price);
    return offer;
}

/* How many of them are kept. */
static size_t choose(const struct rs_candidate *candidates, size_t count, size_t wanted)
{
    struct rs_candidate heap[4];
    struct rs_ranking ranking;
    rs_ranking_start(&ranking, heap, wanted);
    for (size_t i = 0; i < count; i++) {
        rs_ranking_add(&ranking, &candidates[i]);
    }
    bool enough = rs_ranking_settle(&ranking, NAN);
    assert_int_equal(enough, ranking.kept_count == wanted);
    return ranking.kept_count;
}

static void a_dearer_twin_is_passed_over_unless_it_is_better_in_something(void **state)
{
    (void)state;
    struct world w = {0};
    struct rs_candidate pair[2];
    struct rs_offer *first = twin(&w, 1.0), *second = twin(&w, 1.1);
    const struct rs_offer plain = *second;
    struct {
        struct rs_offer offer;
        size_t kept;
    } rows[12];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rows[i].offer = plain;
        rows[i].kept = 2;
    }
    rows[0].kept = 1;
    rows[1].offer.price = 1.0; /* not dearer */
    rows[2].offer.vcpus = 3;
    rows[3].offer.memory_bytes *= 2;
    rows[4].offer.net_baseline *= 2;
    rows[5].offer.ebs_baseline *= 2;
    rows[6].offer.ebs_baseline_ops *= 2;
    rows[7].offer.generation = 6;
    rows[8].offer.flags |= RS_OFFER_BURSTABLE; /* worse */
    rows[8].kept = 1;
    rows[9].offer.net_baseline = NAN; /* worse */
    rows[9].kept = 1;
    rows[10].offer.generation = 4;
    rows[10].kept = 1;
    rows[11].offer.price = 0.9; /* a later rank may be cheaper once scores are more than prices */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pair[0] = (struct rs_candidate){first, 1.0, 0};
        pair[1] = (struct rs_candidate){&rows[i].offer, 1.1, 0};
        assert_int_equal(choose(pair, 2, 3), rows[i].kept);
    }
    first->flags |= RS_OFFER_BURSTABLE;
    pair[1].offer = &plain; /* free of credits */
    assert_int_equal(choose(pair, 2, 3), 2);
    first->flags ^= (unsigned)RS_OFFER_BURSTABLE | (unsigned)RS_OFFER_FLEX;
    assert_int_equal(choose(pair, 2, 3), 2);
    first->flags ^= (unsigned)RS_OFFER_FLEX;
    first->net_baseline = NAN; /* to know is better */
    assert_int_equal(choose(pair, 2, 3), 2);
    assert_int_equal(choose(pair, 2, 1), 1);
    assert_int_equal(choose(pair, 0, 3), 0);
}

/* Candidates come by price, and the choice ends as soon as nothing can change it. */
static void what_costs_more_than_the_best_score_need_not_be_seen(void **state)
{
    (void)state;
    enum { MOST = 60 };
    static struct rs_offer offers[MOST];
    static char names[MOST][8];
    struct rs_candidate all[MOST], heap[MOST], other[MOST];
    uint64_t seed = 3;
    size_t unseen = 0;
    for (int round = 0; round < 2000; round++) {
        size_t count = check_random(&seed) % MOST, wanted = 1 + check_random(&seed) % 4;
        double price = 0.0;
        for (size_t i = 0; i < count; i++) {
            snprintf(names[i], sizeof(names[i]), "t%zu", i);
            price += (double)(check_random(&seed) % 3) / 4.0;
            offers[i] = (struct rs_offer){.type = names[i],
                                          .price = price,
                                          .vcpus = (double)(check_random(&seed) % 3),
                                          .memory_bytes = (double)(check_random(&seed) % 3),
                                          .net_baseline = NAN,
                                          .ebs_baseline = NAN,
                                          .ebs_baseline_ops = NAN};
            double more = (double)(check_random(&seed) % 5) / 4.0;
            all[i] = (struct rs_candidate){&offers[i], price + more, 0.0};
        }
        struct rs_ranking whole, early;
        rs_ranking_start(&whole, heap, wanted);
        rs_ranking_start(&early, other, wanted);
        for (size_t i = count; i > 0; i--) { /* in any order */
            rs_ranking_add(&whole, &all[i - 1]);
        }
        (void)rs_ranking_settle(&whole, NAN);
        size_t i = 0;
        for (; i < count && !rs_ranking_settle(&early, all[i].offer->price); i++) {
            rs_ranking_add(&early, &all[i]);
        }
        unseen += count - i;
        (void)rs_ranking_settle(&early, NAN);
        assert_int_equal(early.kept_count, whole.kept_count);
        for (size_t k = 0; k < whole.kept_count; k++) {
            assert_ptr_equal(early.kept[k].offer, whole.kept[k].offer);
        }
    }
    assert_true(unseen > 2000);
}

static void three_options_are_three_choices(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.2xlarge");
    world_offer(&w, "m.small-dear", 1, 4, 0.06);
    world_cpu(&w, 5);
    world_memory(&w, 3);
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->option_count, 3);
    assert_string_equal(a->options[0].offer->type, "m.small");
    assert_string_equal(a->options[1].offer->type, "c.large"); /* 0.5 / 8 GiB: not m.small-dear */
    assert_string_equal(a->options[2].offer->type, "m.large");
    w.policy.options = 10;
    a = world_advise(&w);
    assert_int_equal(a->option_count, 6);
    w.policy.options = 1;
    assert_int_equal(world_advise(&w)->option_count, 1);
    world_release(&w);
}

static void a_move_must_save_the_least_that_the_policy_asks(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large"); /* 0.10; c.large 0.085, m.small 0.05 */
    world_cpu(&w, 50);
    world_memory(&w, 3);
    w.policy.min_saving = 0.15;
    assert_string_equal(world_first(world_advise(&w)), "c.large");
    w.policy.min_saving = 0.16;
    const struct rs_advice *a = world_advise(&w);
    assert_string_equal(world_first(a), "keep");
    assert_int_equal(a->finding, RS_FINDING_OPTIMIZED);
    assert_int_equal(world_rejected(a, "policy: min_saving"), 1);
    assert_int_equal(world_rejected(a, "not cheaper"), 4);
    assert_int_equal(world_rejected(a, "too small: CPU"), 1);
    assert_int_equal(a->gate_count, 3);
    assert_string_equal(a->gates[0].gate, "not cheaper"); /* most first */
    assert_string_equal(a->gates[1].gate, "policy: min_saving");
    w.series[1].values[0] = 7 * GIB; /* what is lacking is given at any price */
    assert_string_equal(world_first(world_advise(&w)), "r.large");
    w.policy.down_only = true;
    a = world_advise(&w);
    assert_string_equal(world_first(a), "keep");
    assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
    assert_non_null(world_note(a, "NoTypeHolds"));
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_crowding_the_score_is_the_price),
        cmocka_unit_test(the_premium_follows_price_and_history),
        cmocka_unit_test(free_memory_given_up_is_charged_in_proportion),
        cmocka_unit_test(a_peak_that_comes_back_is_charged_each_time),
        cmocka_unit_test(the_unit_is_the_cheapest_plain_vcpu),
        cmocka_unit_test(order_is_by_score_then_memory_then_name),
        cmocka_unit_test(a_dearer_twin_is_passed_over_unless_it_is_better_in_something),
        cmocka_unit_test(what_costs_more_than_the_best_score_need_not_be_seen),
        cmocka_unit_test(three_options_are_three_choices),
        cmocka_unit_test(a_move_must_save_the_least_that_the_policy_asks),
    };
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
