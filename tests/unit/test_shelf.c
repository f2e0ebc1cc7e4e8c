/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The offers as laid out once against a plain walk over them all. */
#include "advise/shelf.h"

#include "advise/demand.h"
#include "advise/desk.h"
#include "advise/finding.h"
#include "advise/fit.h"
#include "advise/option.h"
#include "advise/rank.h"
#include "advise/shortlist.h"
#include "advise/surplus.h"
#include "advise_world.h"

#define ROUNDS 1500

static struct rs_catalog *load(const char *provider, const char *region)
{
    struct rs_error err;
    struct rs_catalog *catalog = NULL;
    check_ok(rs_catalog_load("catalog", provider, region, &catalog, &err));
    return catalog;
}

struct trial {
    struct world world;
    struct rs_study study;
    struct rs_market market;
    double values[6][288];
};

static const char *one_of(uint64_t *seed, const char *const *texts, size_t count)
{
    return texts[check_random(seed) % count];
}

static void set(struct rs_policy *policy, const char *key, const char *value)
{
    struct rs_error err;
    check_ok(rs_policy_set(policy, key, value, &err));
}

static void draw_policy(struct rs_policy *policy, uint64_t *seed)
{
    static const char *const presets[] = {"balanced", "compute-optimizer", "co-max-savings"};
    static const char *const architectures[] = {"current", "current", "any", "arm64"};
    static const char *const burstables[] = {"yes", "yes", "no", "same"};
    static const char *const includes[] = {"", "", "", "m5.*,t3*", "c6g, r7i-flex.*"};
    static const char *const speeds[] = {"off", "off", "guard", "score"};
    static const char *const modes[] = {"standard", "standard", "unlimited"};
    struct rs_error err;
    check_ok(rs_policy_preset(one_of(seed, presets, COUNT_OF(presets)), policy, &err));
    set(policy, "architecture", one_of(seed, architectures, COUNT_OF(architectures)));
    set(policy, "burstable", one_of(seed, burstables, COUNT_OF(burstables)));
    set(policy, "include", one_of(seed, includes, COUNT_OF(includes)));
    set(policy, "exclude", check_random(seed) % 5 == 0 ? "t3a*,m6i" : "");
    set(policy, "cpu.speed", one_of(seed, speeds, COUNT_OF(speeds)));
    set(policy, "burst.mode", one_of(seed, modes, COUNT_OF(modes)));
    set(policy, "down_only", check_random(seed) % 5 == 0 ? "yes" : "no");
    set(policy, "options", check_random(seed) % 2 == 0 ? "3" : "10");
}

static void draw_resource(struct rs_resource *resource, const struct rs_offer *type, uint64_t *seed)
{
    static const char *const images[] = {"x86_64", "arm64", "an architecture with a long name",
                                         NULL, NULL};
    static const char *const kinds[] = {"hvm", "paravirtual", NULL, NULL};
    *resource = (struct rs_resource){.id = "i-1",
                                     .provider = "aws",
                                     .type = type->type,
                                     .launch_time = -1,
                                     .observed_at = -1,
                                     .network_interfaces = -1,
                                     .volumes = -1,
                                     .ena = check_random(seed) % 2 == 0};
    if (check_random(seed) % 3 == 0) {
        resource->network_interfaces = (int64_t)(check_random(seed) % 6) - 1;
        resource->volumes = (int64_t)(check_random(seed) % 30) - 1;
    }
    resource->architecture = one_of(seed, images, COUNT_OF(images));
    resource->virtualization = one_of(seed, kinds, COUNT_OF(kinds));
    resource->hypervisor = check_random(seed) % 2 == 0 ? "xen" : NULL;
}

static void draw_load(struct trial *t, const struct rs_offer *type, uint64_t *seed)
{
    static const enum rs_metric metrics[] = {RS_METRIC_CPU_PERCENT,    RS_METRIC_MEM_USED_BYTES,
                                             RS_METRIC_NET_IN_BYTES,   RS_METRIC_NET_OUT_BYTES,
                                             RS_METRIC_EBS_READ_BYTES, RS_METRIC_EBS_READ_OPS};
    const double scales[] = {100, type->memory_bytes, 1e8, 1e7, 1e7, 3e3};
    struct world *w = &t->world;
    w->series_count = 0;
    for (size_t m = 0; m < COUNT_OF(metrics); m++) {
        double level = (double)(check_random(seed) % 1000) / 1000.0;
        level = m == 0 || check_random(seed) % 2 == 0 ? level * level : level;
        if (m > 0 && check_random(seed) % 4 == 0) {
            continue; /* not measured */
        }
        for (size_t i = 0; i < 288; i++) {
            double part = (double)(check_random(seed) % 1000) / 1000.0;
            t->values[m][i] = scales[m] * level * (0.5 + 0.5 * part);
        }
        w->series[w->series_count++] =
            (struct rs_series){metrics[m], RS_STATISTIC_AVG, 300, WORLD_FROM, t->values[m], 288};
    }
    w->work = (struct rs_workload){.resource = &w->resource,
                                   .series = w->series,
                                   .series_count = w->series_count,
                                   .volume_count = check_random(seed) % 4,
                                   .window = {WORLD_FROM, WORLD_FROM + 288 * 300},
                                   .last_type_change = -1};
}

/* All that comes before the shortlist. */
static void prepare(struct trial *t, struct rs_desk *desk)
{
    struct rs_error err;
    struct rs_study *study = &t->study;
    t->world.advice = (struct rs_advice){.data_from = -1, .data_to = -1};
    *study = (struct rs_study){.work = &t->world.work,
                               .policy = &t->world.policy,
                               .use_mean = NAN,
                               .use_ahead = NAN,
                               .credits_gone_at = -1,
                               .unlock = NAN,
                               .currency = "USD",
                               .foreign = t->market.foreign,
                               .tails = desk->tails,
                               .out = &t->world.advice};
    rs_desk_clear(desk, study);
    rs_study_take_current(study, t->market.current);
    t->world.advice.current = t->market.current;
    t->world.advice.current_monthly = study->current->price * RS_HOURS_PER_MONTH;
    check_ok(rs_demand_read(study, &err));
    check_ok(rs_finding_credits(study, &err));
    rs_surplus_current(study);
    study->saturated = rs_finding_saturated(study);
    study->under = rs_finding_is_under(study);
    check_ok(rs_shelf_get(study, &t->market, &study->shelf, &err));
    check_ok(rs_shortlist(study, &t->market, &err));
}

static const char *refusal(const struct rs_study *study, const struct rs_offer *offer,
                           bool memory_free)
{
    const char *why = rs_gates_reject(study, offer);
    why = why != NULL ? why : rs_fit_reject(study, offer, memory_free);
    why = why != NULL ? why : rs_shortlist_reject_price(study, offer);
    return why != NULL ? why : rs_fit_reject_burst(study, offer);
}

static void walk(const struct trial *t, const struct rs_catalog *catalog)
{
    const struct rs_study *study = &t->study;
    const struct rs_advice *out = study->out;
    static struct rs_candidate candidates[2000];
    struct rs_advice counted = {.note_count = 0};
    struct rs_study counter = {.out = &counted};
    struct rs_score_context context = rs_score_context_of(study);
    size_t count = 0, refused = 0;
    double lowest = study->current->price;
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
        const struct rs_offer *offer = rs_catalog_at(catalog, i);
        if (offer->price < lowest && refusal(study, offer, true) == NULL) {
            lowest = offer->price;
        }
        if (!study->foreign && rs_shortlist_is_current(study, offer)) {
            continue;
        }
        const char *why = refusal(study, offer, false);
        rs_study_reject(&counter, why != NULL ? why : "", why != NULL ? 1 : 0);
        if (why == NULL) {
            candidates[count++] = (struct rs_candidate){offer, rs_offer_score(&context, offer),
                                                        rs_surplus_hourly(study, offer)};
        }
    }
    assert_int_equal(out->gate_count, counted.gate_count);
    for (size_t i = 0; i < counted.gate_count; i++) {
        assert_int_equal(world_rejected(out, counted.gates[i].gate), counted.gates[i].rejected);
        refused += counted.gates[i].rejected;
    }
    rs_rank_sort(candidates, count);
    assert_int_equal(out->option_count > 0, count > 0);
    if (count > 0) {
        assert_ptr_equal(out->options[0].offer, candidates[0].offer);
    }
    size_t today = study->foreign ? 0 : 1;
    assert_int_equal(refused + count + today, rs_catalog_count(catalog));
    if (!out->demand[RS_DIM_MEMORY].known) {
        double now = study->current->price;
        now = out->option_count > 0 ? fmin(now, out->options[0].offer->price) : now;
        assert_true(now - lowest > 0.0 ? study->unlock == now - lowest : isnan(study->unlock));
    }
}

static void what_is_laid_out_once_answers_as_a_plain_walk(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_desk *desk = NULL;
    struct rs_catalog *aws = load("aws", "us-east-1"), *azure = load("azure", "westeurope");
    uint64_t seed = 2016;
    check_ok(rs_desk_open(&desk, &err));
    for (int round = 0; round < ROUNDS; round++) {
        static struct trial t;
        static struct rs_policy policies[2];
        size_t any = check_random(&seed) % rs_catalog_info(aws)->priced;
        const struct rs_offer *type = rs_catalog_by_price(aws, any);
        if (round % 3 != 0) { /* ordinary machines share their lots */
            static const char *const usual[] = {"m5.xlarge", "t3.large", "m5d.large", "m4.large",
                                                "t2.medium", "m1.small", "c6g.large", "g4dn.xlarge",
                                                "i3.large",  "m5.metal"};
            type = rs_catalog_find(aws, one_of(&seed, usual, COUNT_OF(usual)));
            assert_non_null(type);
        }
        t.market = (struct rs_market){.known = true, .current = type, .catalog = aws};
        if (round % 5 == 0) {
            t.market.catalog = azure;
            t.market.foreign = true;
        }
        if (round % 75 == 0) {
            draw_policy(&policies[0], &seed);
            policies[1] = policies[0];
            set(&policies[1], "exclude", "m*,r6*");
        }
        t.world.policy = policies[check_random(&seed) % 2];
        draw_resource(&t.world.resource, type, &seed);
        draw_load(&t, type, &seed);
        prepare(&t, desk);
        walk(&t, t.market.catalog);
    }
    rs_desk_close(desk);
    rs_catalog_free(aws);
    rs_catalog_free(azure);
}

static void lots_are_kept_and_told_apart(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_desk *desk = NULL;
    struct rs_catalog *aws = load("aws", "us-east-1");
    static struct trial t;
    struct rs_lot *first = NULL, *again = NULL, *other = NULL;
    uint64_t seed = 1;
    check_ok(rs_desk_open(&desk, &err));
    const struct rs_offer *type = rs_catalog_find(aws, "m5.xlarge");
    t.market = (struct rs_market){.known = true, .current = type, .catalog = aws};
    check_ok(rs_policy_preset(NULL, &t.world.policy, &err));
    draw_load(&t, type, &seed);
    t.world.resource = (struct rs_resource){.id = "i", .type = "m5.xlarge"};
    prepare(&t, desk);
    check_ok(rs_lot_get(&t.study, &first, &err));
    check_ok(rs_lot_get(&t.study, &again, &err));
    assert_ptr_equal(first, again);
    t.world.resource.volumes = 2; /* which every type takes */
    check_ok(rs_lot_get(&t.study, &again, &err));
    assert_ptr_equal(first, again);
    t.world.resource.volumes = 40;
    check_ok(rs_lot_get(&t.study, &other, &err));
    assert_ptr_not_equal(first, other);
    t.world.resource.volumes = 0;
    size_t kept = first->count;
    for (int i = 0; i < 3 * RS_LOTS; i++) { /* the oldest gives way, and is picked again */
        t.world.resource.network_interfaces = 3 + i;
        check_ok(rs_lot_get(&t.study, &other, &err));
    }
    t.world.resource.network_interfaces = 0;
    check_ok(rs_lot_get(&t.study, &again, &err));
    assert_int_equal(again->count, kept);
    for (int i = 0; i < 3 * RS_SHELVES; i++) { /* as do shelves */
        snprintf(t.world.policy.exclude, sizeof(t.world.policy.exclude), "x%d", i);
        prepare(&t, desk);
    }
    const struct rs_shelf *shelf = t.study.shelf;
    prepare(&t, desk);
    assert_ptr_equal(t.study.shelf, shelf);
    rs_desk_close(desk);
    rs_catalog_free(aws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_laid_out_once_answers_as_a_plain_walk),
        cmocka_unit_test(lots_are_kept_and_told_apart),
    };
    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
