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
static void join(const struct world *w, struct rs_group *group, const char *id, const char *type,
                 double need)
{
    struct rs_error err;
    int64_t score[8];
    struct rs_claim claim = {.catalog = w->catalog,
                             .current = rs_catalog_find(w->catalog, type),
                             .judged = need > 0.0,
                             .score = score,
                             .count = rs_catalog_count(w->catalog)};
    assert_true(claim.count <= COUNT_OF(score));
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        claim.need[d] = NAN;
    }
    claim.need[RS_DIM_CPU] = need;
    claim.under = claim.current != NULL && need > claim.current->vcpus;
    for (size_t i = 0; i < claim.count; i++) {
        const struct rs_offer *offer = rs_catalog_at(w->catalog, i);
        score[i] = offer->vcpus >= need && !isnan(offer->price)
                       ? (int64_t)llround(offer->price * 1e9)
                       : RS_CLAIM_NO;
    }
    check_ok(rs_group_add(group, id, &claim, &err));
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
    };
    return cmocka_run_group_tests(tests, make_world, drop_world);
}
