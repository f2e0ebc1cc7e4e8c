/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/group.h"

#include "../support/check.h"

#include <stdlib.h>

#define TINY "tests/fixtures/group"

struct world {
    struct rs_catalog *catalog; /* a.small 0.1, a.medium 0.2, a.large 0.4; 2, 4, 8 vCPUs */
    struct rs_policy policy;
};

static int make_world(void **state)
{
    static struct world world;
    struct rs_error err;
    check_ok(rs_catalog_load_file(TINY "/catalog.json", &world.catalog, &err));
    check_ok(rs_policy_preset(NULL, &world.policy, &err));
    *state = &world;
    return 0;
}

static int drop_world(void **state)
{
    rs_catalog_free(((struct world *)*state)->catalog);
    return 0;
}

static size_t place(const struct world *w, const char *type)
{
    for (size_t i = 0; i < rs_catalog_count(w->catalog); i++) {
        if (strcmp(rs_catalog_at(w->catalog, i)->type, type) == 0) {
            return i;
        }
    }
    fail();
    return 0;
}

/* A machine of `type` that needs so many vCPUs; types of at least as many hold it. */
static void fill(struct rs_claim *claim, const char *type, double need)
{
    claim->current = rs_catalog_find(claim->catalog, type);
    claim->judged = need > 0.0;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim->need[d] = NAN;
    }
    memset(claim->held, 0, (claim->count + 63) / 64 * sizeof(*claim->held));
    if (claim->settled) {
        return; /* as who claims would not know more */
    }
    claim->need[RS_DIM_CPU] = need;
    claim->under = claim->current != NULL && need > claim->current->vcpus;
    for (size_t i = 0; i < claim->count; i++) {
        const struct rs_offer *offer = rs_catalog_at(claim->catalog, i);
        bool asked = (claim->open[i / 64] >> i % 64 & 1) != 0;
        if (asked && offer->vcpus >= need && !isnan(offer->price)) {
            claim->held[i / 64] |= (uint64_t)1 << i % 64;
            claim->score[i] = (int64_t)llround(offer->price * 1e9);
        }
    }
}

static void join(const struct world *w, struct rs_group *group, const char *id, const char *type,
                 double need)
{
    struct rs_error err;
    struct rs_claim claim = {.open = NULL};
    check_ok(rs_group_ask(group, &claim, &err));
    assert_ptr_equal(claim.catalog, w->catalog);
    fill(&claim, type, need);
    check_ok(rs_group_add(group, id, &claim, &err));
    rs_claim_release(&claim);
}

static struct rs_group *begin(const struct world *w)
{
    struct rs_error err;
    struct rs_group *group = NULL;
    check_ok(rs_group_create(RS_GROUP_SCALING, "web", w->catalog, &group, &err));
    return group;
}

static const struct rs_group_answer *decide(const struct world *w, struct rs_group *group)
{
    struct rs_error err;
    check_ok(rs_group_decide(group, &w->policy, &err));
    return rs_group_answer(group);
}

static void all_move_to_the_cheapest_type_that_holds_each(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    join(w, group, "i-2", "a.large", 3.0);
    join(w, group, "i-3", "a.large", 3.5);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_MOVE);
    assert_ptr_equal(answer->offer, rs_catalog_at(w->catalog, place(w, "a.medium")));
    assert_int_equal(answer->members, 3);
    assert_null(answer->outlier); /* two stand in the way of a smaller type, not one */
    rs_group_free(group);
}

static void the_one_that_stands_in_the_way_is_named(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    join(w, group, "i-2", "a.large", 7.0);
    join(w, group, "i-3", "a.large", 1.5);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_KEEP);
    assert_string_equal(answer->offer->type, "a.large");
    assert_string_equal(answer->outlier, "i-2");
    assert_string_equal(answer->without->type, "a.small");
    assert_int_equal(answer->outlier_by, RS_DIM_CPU);
    check_near(answer->outlier_need, 7.0, 0);
    check_near(answer->others_need, 1.5, 0);
    rs_group_free(group);
}

static void one_that_is_short_moves_all(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.small", 1.0);
    join(w, group, "i-2", "a.small", 3.0);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_MOVE);
    assert_string_equal(answer->offer->type, "a.medium");
    assert_string_equal(answer->outlier, "i-2");
    rs_group_free(group);
}

static void types_that_differ_become_one_only_if_it_saves(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.small", 1.0);
    join(w, group, "i-2", "a.medium", 3.0);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_KEEP); /* two a.medium would cost more */
    assert_null(answer->offer);
    rs_group_free(group);
    group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    join(w, group, "i-2", "a.medium", 3.0);
    answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_MOVE);
    assert_string_equal(answer->offer->type, "a.medium");
    rs_group_free(group);
}

static void what_no_type_holds_is_said(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.large", 9.0);
    join(w, group, "i-2", "a.large", 1.0);
    assert_int_equal(decide(w, group)->verdict, RS_GROUP_NONE);
    rs_group_free(group);
}

static void one_machine_or_nothing_known_is_no_group(void **state)
{
    const struct world *w = *state;
    struct rs_group *group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    assert_int_equal(decide(w, group)->verdict, RS_GROUP_ALONE);
    rs_group_free(group);
    group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    join(w, group, "i-2", "a.large", 0.0);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_UNTOLD);
    assert_int_equal(answer->judged, 1);
    rs_group_free(group);
    group = begin(w);
    join(w, group, "i-1", "a.large", 1.0);
    join(w, group, "i-2", "a.unpriced", 1.0);
    assert_int_equal(decide(w, group)->verdict, RS_GROUP_UNTOLD);
    rs_group_free(group);
}

static void the_order_of_the_members_does_not_matter(void **state)
{
    const struct world *w = *state;
    static const struct {
        const char *id, *type;
        double need;
    } members[] = {{"i-1", "a.large", 1.0},
                   {"i-2", "a.large", 3.0},
                   {"i-3", "a.medium", 0.5},
                   {"i-4", "a.large", 1.9},
                   {"i-5", "a.large", 0.0}};
    for (size_t first = 0; first < COUNT_OF(members); first++) {
        struct rs_group *group = begin(w);
        for (size_t i = 0; i < COUNT_OF(members); i++) {
            size_t k = (first + 2 * i) % COUNT_OF(members);
            join(w, group, members[k].id, members[k].type, members[k].need);
        }
        const struct rs_group_answer *answer = decide(w, group);
        assert_int_equal(answer->verdict, RS_GROUP_MOVE);
        assert_string_equal(answer->offer->type, "a.medium");
        assert_string_equal(answer->outlier, "i-2");
        check_near(answer->others_need, 1.9, 0);
        assert_int_equal(answer->members, 5);
        assert_int_equal(answer->judged, 4);
        rs_group_free(group);
    }
}

static void only_what_can_still_be_chosen_is_asked_about(void **state)
{
    const struct world *w = *state;
    struct rs_error err;
    struct rs_group *group = begin(w);
    struct rs_claim claim = {.open = NULL};
    const size_t small = place(w, "a.small"), large = place(w, "a.large");
    join(w, group, "i-1", "a.large", 3.0);
    check_ok(rs_group_ask(group, &claim, &err));
    assert_true((claim.open[0] >> small & 1) != 0); /* all but one could take it */
    join(w, group, "i-2", "a.large", 3.0);
    check_ok(rs_group_ask(group, &claim, &err));
    assert_true((claim.open[0] >> small & 1) == 0);
    assert_true((claim.open[0] >> large & 1) != 0);
    join(w, group, "i-3", "a.large", 9.0);
    join(w, group, "i-4", "a.large", 0.0); /* cannot be judged */
    check_ok(rs_group_ask(group, &claim, &err));
    assert_false(claim.settled); /* all but one fit on the largest */
    join(w, group, "i-5", "a.large", 9.0);
    check_ok(rs_group_ask(group, &claim, &err));
    assert_true(claim.settled);
    assert_true(rs_group_is_settled(group));
    join(w, group, "i-6", "a.large", 1.0);
    join(w, group, "i-7", "a.large", 0.0);
    const struct rs_group_answer *answer = decide(w, group);
    assert_int_equal(answer->verdict, RS_GROUP_NONE);
    assert_int_equal(answer->members, 7);
    assert_int_equal(answer->judged, 5);
    assert_null(answer->outlier);
    rs_claim_release(&claim);
    rs_group_free(group);
}

static void where_nobody_is_short_a_group_without_a_type_keeps_asking(void **state)
{
    const struct world *w = *state;
    struct rs_error err;
    struct rs_group *group = begin(w);
    struct rs_claim claim = {.open = NULL};
    for (int i = 0; i < 3; i++) { /* held by none, though not short: the type is not known */
        char id[16];
        snprintf(id, sizeof(id), "i-%d", i);
        join(w, group, id, "b.unknown", 99.0);
    }
    check_ok(rs_group_ask(group, &claim, &err));
    assert_false(claim.settled);
    rs_claim_release(&claim);
    rs_group_free(group);
}

enum { CROWD = 12 };

/* Asks for `ahead` claims before the first of them is added, as threads do. */
static struct rs_group_answer answer_of(const struct world *w, const double *needs,
                                        const char *type, size_t ahead, bool backwards,
                                        char outlier[static 8])
{
    struct rs_error err;
    struct rs_group *group = begin(w);
    struct rs_claim claims[CROWD] = {{.open = NULL}};
    for (size_t i = 0; i < CROWD; i += ahead) {
        for (size_t k = i; k < i + ahead && k < CROWD; k++) {
            check_ok(rs_group_ask(group, &claims[k], &err));
        }
        for (size_t k = i; k < i + ahead && k < CROWD; k++) {
            char id[8];
            size_t who = backwards ? CROWD - 1 - k : k;
            snprintf(id, sizeof(id), "i-%zu", who);
            fill(&claims[k], type, needs[who]);
            check_ok(rs_group_add(group, id, &claims[k], &err));
        }
    }
    struct rs_group_answer answer = *decide(w, group);
    snprintf(outlier, 8, "%s", answer.outlier != NULL ? answer.outlier : "none");
    for (size_t k = 0; k < CROWD; k++) {
        rs_claim_release(&claims[k]);
    }
    rs_group_free(group);
    return answer;
}

static void how_far_others_were_when_it_was_asked_does_not_matter(void **state)
{
    const struct world *w = *state;
    static const char *const types[] = {"a.small", "a.medium", "a.large"};
    uint64_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        double needs[CROWD];
        const double most = (double)(1 + check_random(&seed) % 10);
        for (size_t i = 0; i < CROWD; i++) {
            bool odd = check_random(&seed) % 8 == 0;
            double part = (double)(check_random(&seed) % 1000) / 1000.0;
            needs[i] = odd ? 10.0 * part : 0.1 + most * part * part;
            needs[i] = check_random(&seed) % 16 == 0 ? 0.0 : needs[i];
        }
        const char *type = types[check_random(&seed) % COUNT_OF(types)];
        char who[8], other[8];
        const struct rs_group_answer all = answer_of(w, needs, type, CROWD, false, who);
        for (size_t ahead = 1; ahead < CROWD; ahead += 2) {
            struct rs_group_answer some = answer_of(w, needs, type, ahead, ahead % 4 == 1, other);
            assert_int_equal(some.verdict, all.verdict);
            assert_int_equal(some.judged, all.judged);
            assert_ptr_equal(some.offer, all.offer);
            assert_ptr_equal(some.without, all.without);
            assert_string_equal(other, who);
            check_same_double(some.outlier_need, all.outlier_need);
            check_same_double(some.others_need, all.others_need);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_move_to_the_cheapest_type_that_holds_each),
        cmocka_unit_test(the_one_that_stands_in_the_way_is_named),
        cmocka_unit_test(one_that_is_short_moves_all),
        cmocka_unit_test(types_that_differ_become_one_only_if_it_saves),
        cmocka_unit_test(what_no_type_holds_is_said),
        cmocka_unit_test(one_machine_or_nothing_known_is_no_group),
        cmocka_unit_test(the_order_of_the_members_does_not_matter),
        cmocka_unit_test(only_what_can_still_be_chosen_is_asked_about),
        cmocka_unit_test(where_nobody_is_short_a_group_without_a_type_keeps_asking),
        cmocka_unit_test(how_far_others_were_when_it_was_asked_does_not_matter),
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
