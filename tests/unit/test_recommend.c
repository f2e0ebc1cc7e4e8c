/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an instance is advised, by its load and by what is known of it. */
#include "advise_world.h"

static const double unmeasured = -1.0;

static void scenarios_end_in_the_finding_and_offer_they_deserve(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        double cpu, memory, network; /* percent, GiB, bytes/s; -1: not measured */
        const char *first;
        enum rs_finding finding;
        const char *reason;
    } rows[] = {
        /* need = 0.4 / 0.8 vCPUs and 3 / 0.8 GiB */
        {"m.xlarge", 10, 3, 1e6, "m.small", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.xlarge", 10, 3.3, 1e6, "m.large", RS_FINDING_OVER_PROVISIONED, "MemoryOverprovisioned"},
        {"m.xlarge", 10, 3, 4e7, "m.small", RS_FINDING_OVER_PROVISIONED,
         "NetworkBandwidthOverprovisioned"},
        {"m.xlarge", 10, 3, 6e7, "c.large", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.large", 70, 6, 1e6, "keep", RS_FINDING_OPTIMIZED, NULL},
        {"m.large", 70, 7, 1e6, "r.large", RS_FINDING_UNDER_PROVISIONED, "MemoryUnderprovisioned"},
        {"m.large", 90, 6, 1e6, "c.xlarge", RS_FINDING_UNDER_PROVISIONED, "CPUUnderprovisioned"},
        {"m.large", 90, 7, 1e6, "m.xlarge", RS_FINDING_UNDER_PROVISIONED, "MemoryUnderprovisioned"},
        {"m.large", 10, 3, 1.5e8, "c.xlarge", RS_FINDING_UNDER_PROVISIONED,
         "NetworkBandwidthUnderprovisioned"},
        {"m.2xlarge", 99, 3, 1e6, "keep", RS_FINDING_UNDER_PROVISIONED, "CPUUnderprovisioned"},
        {"m.xlarge", 10, -1, 1e6, "r.large", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.large", 10, -1, 1e6, "keep", RS_FINDING_OPTIMIZED, NULL},
        {"m.large", 4, 3, 10, "m.small", RS_FINDING_IDLE, "CPUOverprovisioned"},
        {"m.large", 4, 3, 100, "m.small", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.large", 5, 3, 10, "m.small", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.large", 4, 3, -1, "m.small", RS_FINDING_OVER_PROVISIONED, "CPUOverprovisioned"},
        {"m.small", 4, 3, 10, "keep", RS_FINDING_IDLE, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, rows[i].type);
        world_cpu(&w, rows[i].cpu);
        if (rows[i].memory > unmeasured) {
            world_memory(&w, rows[i].memory);
        }
        if (rows[i].network > unmeasured) {
            world_network(&w, rows[i].network);
        }
        const struct rs_advice *a = world_advise(&w);
        assert_string_equal(world_first(a), rows[i].first);
        assert_int_equal(a->finding, rows[i].finding);
        assert_int_equal(rows[i].reason != NULL, a->reason_count > 0);
        assert_true(rows[i].reason == NULL || world_reason(a, rows[i].reason) != NULL);
        world_release(&w);
    }
}

static void an_option_says_price_saving_load_and_risk(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    struct rs_series *cpu = world_cpu(&w, 10);
    cpu->values[100] = 22.5; /* above P99.5: 0.9 of m.small's one vCPU */
    world_memory(&w, 3);
    const struct rs_advice *a = world_advise(&w);
    check_near(a->current_monthly, 146.0, 1e-9);
    const struct rs_option_offer *o = &a->options[0];
    assert_string_equal(o->offer->type, "m.small");
    check_near(o->monthly_price, 36.5, 1e-9);
    check_near(o->monthly_saving, 109.5, 1e-9);
    check_near(o->saving_share, 0.75, 1e-12);
    check_near(o->utilisation[RS_DIM_CPU], 0.4, 1e-12);
    check_near(o->peak_utilisation[RS_DIM_CPU], 0.9, 1e-12);
    double scale = (0.5 + 0.3 * 0.9) / 8; /* one of the upper 7 days is 0.5 above the rest */
    double chance = 7.0 / 21 * exp(-0.1 / scale), risk = (1 + (chance - 0.05) / 0.15) / 2;
    check_near(o->chance[RS_DIM_CPU], chance, 1e-6);
    check_near(o->risk[RS_DIM_CPU], risk, 1e-4);
    check_near(o->utilisation[RS_DIM_MEMORY], 0.75, 1e-12);
    check_near(o->risk[RS_DIM_MEMORY], 0.0009, 1e-4);
    assert_true(isnan(o->risk[RS_DIM_NET_IN]));
    check_near(o->performance_risk, risk, 1e-4);
    assert_int_equal(o->binding, RS_DIM_MEMORY); /* 3.75 of 4 GiB; the CPU 0.5 of 1 */
    assert_true(a->binding_known);
    assert_int_equal(a->binding, RS_DIM_MEMORY);
    assert_int_equal(o->differences, 0);
    assert_string_equal(o->migration_effort, "VeryLow");
    assert_true(isnan(o->lowest_credits));
    world_release(&w);
}

static void a_reason_carries_need_limit_use_and_instant(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_series *memory = world_memory(&w, 5);
    memory->values[1000] = 7.5 * GIB;
    world_cpu(&w, 50);
    const struct rs_advice *a = world_advise(&w);
    const struct rs_reason *r = world_reason(a, "MemoryUnderprovisioned");
    assert_non_null(r);
    assert_int_equal(r->dimension, RS_DIM_MEMORY);
    check_near(r->value, 9.375 * GIB, 1.0);
    check_near(r->limit, 8 * GIB, 0.0);
    check_near(r->used, 7.5 * GIB, 0.0);
    assert_int_equal(r->at, WORLD_FROM + 1000 * 300);
    assert_int_equal(a->reason_count, 1);
    world_release(&w);
}

static void the_network_has_one_reason_of_the_nearer_direction(void **state)
{
    (void)state;
    static const struct {
        double in, out;
        enum rs_dimension want;
    } rows[] = {{1.2e8, 1.1e8, RS_DIM_NET_IN}, {1.1e8, 1.2e8, RS_DIM_NET_OUT}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.large");
        world_cpu(&w, 50);
        world_memory(&w, 5);
        world_series(&w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, rows[i].in);
        world_series(&w, RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, 300, rows[i].out);
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->reason_count, 1);
        assert_int_equal(a->reasons[0].dimension, rows[i].want);
        check_same_double(a->reasons[0].value, 1.2e8);
        world_release(&w);
    }
}

static void says_why_there_is_no_answer(void **state)
{
    (void)state;
    static const struct {
        const char *type, *machine_state;
        bool catalog, cpu;
        const char *code;
    } rows[] = {
        {"m.large", "terminated", true, true, "Terminated"},
        {"m.large", "shutting-down", true, true, "Terminated"},
        {"m.large", "running", false, true, "NoCatalog"},
        {NULL, "running", true, true, "TypeUnknown"},
        {NULL, NULL, true, true, "TypeUnknown"},
        {"zz.large", "running", true, true, "TypeNotInCatalog"},
        {"m.large", "running", true, false, "NoSamples"},
        {"m.broken", "running", true, true, "TypeNotInCatalog"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, rows[i].type);
        world_offer(&w, "m.broken", NAN, 8, 0.1);
        w.resource.state = rows[i].machine_state;
        w.market.known = rows[i].catalog;
        if (rows[i].cpu) {
            world_cpu(&w, 10);
        }
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->finding, RS_FINDING_UNKNOWN);
        assert_int_equal(a->confidence, RS_CONFIDENCE_LOW);
        assert_int_equal(a->note_count, 1);
        assert_string_equal(a->notes[0].code, rows[i].code);
        assert_int_equal(a->option_count, 0);
        assert_int_equal(a->reason_count, 0);
        assert_int_equal(a->samples, rows[i].cpu ? DAYS * 288 : 0);
        assert_true(a->data_from == (rows[i].cpu ? WORLD_FROM : -1));
        world_release(&w);
    }
}

static void what_is_missing_for_prices_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *type, *provider, *region, *code, *part;
    } rows[] = {
        {NULL, NULL, NULL, "TypeUnknown", "the type is not known"},
        {"m.large", NULL, "xx-north-1", "NoCatalog", "its provider is not known"},
        {"m.large", "aws", NULL, "NoCatalog", "its region is not known"},
        {"m.large", "aws", "xx-north-1", "NoCatalog", "region xx-north-1 of provider aws"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, rows[i].type);
        w.market.known = false;
        w.resource.provider = rows[i].provider;
        w.resource.region = rows[i].region;
        const char *note = world_note(world_advise(&w), rows[i].code);
        assert_non_null(note);
        assert_non_null(strstr(note, rows[i].part));
        world_release(&w);
    }
}

static void a_type_without_a_price_is_judged_but_not_compared(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    world_find(&w, "m.xlarge")->price = NAN;
    struct rs_series *cpu = world_cpu(&w, 10);
    world_memory(&w, 3);
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->finding, RS_FINDING_UNKNOWN);
    assert_non_null(world_note(a, "PriceUnknown"));
    assert_int_equal(world_rejected(a, "not cheaper"), 6);
    for (size_t i = 0; i < cpu->slots; i++) {
        cpu->values[i] = 95;
    }
    a = world_advise(&w);
    assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
    assert_string_equal(world_first(a), "m.2xlarge");
    assert_true(isnan(a->options[0].monthly_saving));
    world_release(&w);
}

static void an_infinite_sample_is_refused(void **state)
{
    (void)state;
    static const enum rs_metric metrics[] = {RS_METRIC_CPU_PERCENT,       RS_METRIC_MEM_USED_BYTES,
                                             RS_METRIC_NET_IN_BYTES,      RS_METRIC_NET_OUT_PACKETS,
                                             RS_METRIC_EBS_READ_BYTES,    RS_METRIC_EBS_WRITE_OPS,
                                             RS_METRIC_CPU_CREDIT_BALANCE};
    for (size_t i = 0; i < COUNT_OF(metrics); i++) {
        struct world w;
        world_init(&w, "t.large");
        struct rs_offer *t = world_offer(&w, "t.large", 2, 8, 0.08);
        t->flags |= RS_OFFER_BURSTABLE;
        t->burst_baseline = 0.3;
        world_cpu(&w, 10);
        world_series(&w, RS_METRIC_NET_IN_PACKETS, RS_STATISTIC_AVG, 300, 1);
        world_series(&w, RS_METRIC_EBS_READ_OPS, RS_STATISTIC_AVG, 300, 1);
        struct rs_series *s = world_series(&w, metrics[i], RS_STATISTIC_AVG, 300, 1);
        s->values[77] = i % 2 == 0 ? INFINITY : -INFINITY;
        w.advice.samples = 4711;
        assert_int_equal(world_try(&w), RS_EINPUT);
        assert_non_null(strstr(w.err.text, "an infinite sample of "));
        assert_int_equal(w.advice.samples, 4711);
        world_release(&w);
    }
}

static void names_are_those_of_compute_optimizer(void **state)
{
    (void)state;
    static const char *const findings[] = {"UNDER_PROVISIONED", "OVER_PROVISIONED", "OPTIMIZED",
                                           "IDLE", "UNKNOWN"};
    static const char *const differences[] = {
        "Architecture",     "Hypervisor",       "InstanceStoreAvailability",
        "NetworkInterface", "StorageInterface", "VirtualizationType"};
    for (size_t i = 0; i < COUNT_OF(findings); i++) {
        enum rs_finding found = RS_FINDING_COUNT;
        assert_string_equal(rs_finding_name((enum rs_finding)i), findings[i]);
        assert_true(rs_finding_by_name(findings[i], &found));
        assert_int_equal(found, i);
    }
    enum rs_finding found = RS_FINDING_COUNT;
    assert_false(rs_finding_by_name("Optimised", &found));
    assert_int_equal(found, RS_FINDING_COUNT);
    for (unsigned i = 0; i < COUNT_OF(differences); i++) {
        assert_string_equal(rs_difference_name(1U << i), differences[i]);
    }
    assert_string_equal(rs_confidence_name(RS_CONFIDENCE_LOW), "low");
    assert_string_equal(rs_confidence_name(RS_CONFIDENCE_MEDIUM), "medium");
    assert_string_equal(rs_confidence_name(RS_CONFIDENCE_HIGH), "high");
    assert_string_equal(rs_dimension_info(RS_DIM_EBS_OPS)->name, "ebs_iops");
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        const struct rs_dimension_info *info = rs_dimension_info((enum rs_dimension)d);
        assert_non_null(info->name);
        assert_non_null(info->title);
        assert_non_null(info->unit);
        assert_non_null(strstr(info->under, "Underprovisioned"));
        assert_non_null(strstr(info->over, "Overprovisioned"));
    }
}

static void a_cpu_at_its_limit_is_said_and_nothing_that_bursts_is_offered(void **state)
{
    (void)state;
    for (int busy_slots = 0; busy_slots <= 60; busy_slots += 60) {
        struct world w;
        world_init(&w, "m.large");
        struct rs_offer *t = world_offer(&w, "t.xlarge", 4, 16, 0.15);
        t->flags |= (unsigned)RS_OFFER_BURSTABLE;
        t->burst_baseline = 0.4;
        t->credits_per_hour = 96;
        t->credits_max = 2304;
        struct rs_series *cpu = world_series(&w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 20);
        for (int i = 0; i < 60; i++) { /* five hours in fourteen days: 1.5 % */
            cpu->values[1000 + i] = i < busy_slots ? 100.0 : 90.0;
        }
        world_memory(&w, 5);
        const struct rs_advice *advice = world_advise(&w);
        assert_int_equal(advice->finding, RS_FINDING_UNDER_PROVISIONED);
        assert_string_equal(world_first(advice), busy_slots > 0 ? "c.xlarge" : "t.xlarge");
        assert_int_equal(world_note(advice, "CPUSaturated") != NULL, busy_slots > 0);
        world_release(&w);
    }
}

static void a_capped_policy_asks_for_no_more_than_there_is_until_it_runs_short(void **state)
{
    (void)state;
    static const struct {
        double cpu, gib;
        bool down_only;
        enum rs_finding finding;
    } rows[] = {
        {94, 4, false, RS_FINDING_OPTIMIZED}, /* 94 % x 1.1 would not fit, but is not short */
        {96, 4, false, RS_FINDING_UNDER_PROVISIONED},
        {96, 4, true, RS_FINDING_OPTIMIZED},    /* a machine that may only shrink */
        {50, 7.5, false, RS_FINDING_OPTIMIZED}, /* 94 % of memory */
        {50, 7.7, false, RS_FINDING_UNDER_PROVISIONED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.large");
        take_policy(&w, "balanced");
        w.policy.down_only = rows[i].down_only;
        world_cpu(&w, rows[i].cpu);
        world_memory(&w, rows[i].gib);
        const struct rs_advice *advice = world_advise(&w);
        assert_int_equal(advice->finding, rows[i].finding);
        if (rows[i].finding == RS_FINDING_UNDER_PROVISIONED) {
            assert_true(advice->options[0].offer->price > 0.10);
        }
        world_release(&w);
    }
}

static void a_spike_of_a_month_ago_is_charged_and_not_obeyed(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    take_policy(&w, "balanced");
    w.work.window.from = WORLD_TO - (int64_t)56 * 86400;
    world_cpu(&w, 10);
    struct rs_series *memory = world_memory(&w, 2);
    const struct rs_advice *advice = world_advise(&w);
    assert_string_equal(world_first(advice), "m.small"); /* 4 GiB hold 2 and a quarter */
    memory->values[288 * 5] = 7 * GIB;                   /* in one early week: paid for once */
    assert_string_equal(world_first(world_advise(&w)), "m.small");
    for (size_t day = 0; day < 42; day += 7) { /* in each of six: m.large holds it for less */
        memory->values[288 * day] = 7 * GIB;
    }
    assert_string_equal(world_first(world_advise(&w)), "m.large");
    w.policy.crowding = 0.0;
    assert_string_equal(world_first(world_advise(&w)), "m.small");
    world_release(&w);
}

static void what_a_machine_says_of_its_own_size_goes_before_its_type(void **state)
{
    (void)state;
    static const struct {
        const char *vcpus, *mib;
        double want_vcpus, want_gib;
    } rows[] = {{"2", "4096", 2, 4}, {"8", "65536", 4, 16}, {"x", "-1", 4, 16}, {"", NULL, 4, 16}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        const struct rs_tag tags[] = {{"rightsize:vcpus", rows[i].vcpus},
                                      {"rightsize:memory_mib", rows[i].mib}};
        world_init(&w, "m.xlarge");
        w.resource.tags = tags;
        w.resource.tag_count = COUNT_OF(tags);
        world_cpu(&w, 50);
        world_memory(&w, 1);
        const struct rs_advice *advice = world_advise(&w);
        check_near(advice->demand[RS_DIM_CPU].used, rows[i].want_vcpus / 2.0, 1e-12);
        check_near(advice->demand[RS_DIM_MEMORY].capacity, rows[i].want_gib * GIB, 1.0);
        assert_ptr_equal(advice->current, world_find(&w, "m.xlarge"));
        world_release(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_end_in_the_finding_and_offer_they_deserve),
        cmocka_unit_test(an_option_says_price_saving_load_and_risk),
        cmocka_unit_test(a_reason_carries_need_limit_use_and_instant),
        cmocka_unit_test(the_network_has_one_reason_of_the_nearer_direction),
        cmocka_unit_test(says_why_there_is_no_answer),
        cmocka_unit_test(what_is_missing_for_prices_is_named),
        cmocka_unit_test(a_type_without_a_price_is_judged_but_not_compared),
        cmocka_unit_test(an_infinite_sample_is_refused),
        cmocka_unit_test(names_are_those_of_compute_optimizer),
        cmocka_unit_test(a_cpu_at_its_limit_is_said_and_nothing_that_bursts_is_offered),
        cmocka_unit_test(a_capped_policy_asks_for_no_more_than_there_is_until_it_runs_short),
        cmocka_unit_test(a_spike_of_a_month_ago_is_charged_and_not_obeyed),
        cmocka_unit_test(what_a_machine_says_of_its_own_size_goes_before_its_type),
    };
    return cmocka_run_group_tests_name("recommend", tests, NULL, NULL);
}
