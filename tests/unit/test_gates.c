/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/gates.h"

#include "advise/fit.h"
#include "advise_world.h"

struct gate_case {
    const char *gate; /* NULL: passes */
    void (*arrange)(struct world *w, struct rs_offer *current, struct rs_offer *offer);
};

#define CASE(name) static void name(struct world *w, struct rs_offer *c, struct rs_offer *o)
#define UNUSED (void)w, (void)c, (void)o

CASE(plain)
{
    UNUSED;
}
CASE(unpriced)
{
    UNUSED;
    o->price = NAN;
}
CASE(delisted)
{
    UNUSED;
    o->flags |= RS_OFFER_DELISTED;
}
CASE(arm)
{
    UNUSED;
    o->architecture = "arm64";
}
CASE(no_architecture)
{
    UNUSED;
    o->architecture = NULL;
}
CASE(arm_allowed)
{
    UNUSED;
    o->architecture = "arm64";
    snprintf(w->policy.architecture, sizeof(w->policy.architecture), "any");
}
CASE(arm_wanted)
{
    UNUSED;
    snprintf(w->policy.architecture, sizeof(w->policy.architecture), "arm64");
}
CASE(image_is_arm)
{
    UNUSED;
    w->resource.architecture = "arm64";
}
CASE(paravirtual_image)
{
    UNUSED;
    w->resource.virtualization = "paravirtual";
}
CASE(paravirtual_both)
{
    UNUSED;
    w->resource.virtualization = "paravirtual";
    o->flags |= RS_OFFER_PV;
}
CASE(hvm_image_on_pv)
{
    UNUSED;
    w->resource.virtualization = "hvm";
    o->flags = (o->flags & ~(unsigned)RS_OFFER_HVM) | RS_OFFER_PV;
}
CASE(unknown_image_on_pv)
{
    UNUSED;
    o->flags = (o->flags & ~(unsigned)RS_OFFER_HVM) | RS_OFFER_PV;
}
CASE(pv_only_today)
{
    UNUSED;
    c->flags = (c->flags & ~(unsigned)RS_OFFER_HVM) | RS_OFFER_PV;
}
CASE(no_notion_of_virtualization)
{
    UNUSED;
    o->flags &= ~(unsigned)RS_OFFER_HVM;
}
CASE(needless_gpu)
{
    UNUSED;
    o->gpu_count = 1;
}
CASE(needless_accelerator)
{
    UNUSED;
    o->accelerator_count = 1;
}
CASE(gpu_gone)
{
    UNUSED;
    c->gpu_count = 2;
    o->gpu_count = 1;
}
CASE(gpu_kept)
{
    UNUSED;
    c->gpu_count = 1;
    o->gpu_count = 2;
}
CASE(gpu_memory_less)
{
    UNUSED;
    c->gpu_count = o->gpu_count = 1;
    c->gpu_memory_bytes = 16;
    o->gpu_memory_bytes = 8;
}
CASE(accelerator_gone)
{
    UNUSED;
    c->accelerator_count = 1;
}
CASE(disk_gone)
{
    UNUSED;
    c->disk_bytes = 10;
    o->disk_bytes = 9;
}
CASE(disk_kept)
{
    UNUSED;
    c->disk_bytes = o->disk_bytes = 10;
}
CASE(bare)
{
    UNUSED;
    o->flags |= RS_OFFER_BARE_METAL;
}
CASE(bare_today)
{
    UNUSED;
    c->flags |= RS_OFFER_BARE_METAL;
}
CASE(interfaces)
{
    UNUSED;
    w->resource.network_interfaces = 4;
}
CASE(interfaces_fit)
{
    UNUSED;
    w->resource.network_interfaces = 3;
}
CASE(interfaces_unknown)
{
    UNUSED;
    w->resource.network_interfaces = 4;
    o->max_enis = NAN;
}
CASE(attached)
{
    UNUSED;
    w->resource.volumes = 28;
}
CASE(attached_seen)
{
    UNUSED;
    w->work.volume_count = 28;
}
CASE(attached_fit)
{
    UNUSED;
    w->resource.volumes = 27;
}
CASE(no_driver)
{
    UNUSED;
    c->flags &= ~(unsigned)RS_OFFER_ENA_REQUIRED;
    w->resource.hypervisor = "xen";
}
CASE(driver_unknown)
{
    UNUSED;
    c->flags &= ~(unsigned)RS_OFFER_ENA_REQUIRED;
}
CASE(driver_there)
{
    UNUSED;
    c->flags &= ~(unsigned)RS_OFFER_ENA_REQUIRED;
    w->resource.hypervisor = "xen";
    w->resource.ena = true;
}
CASE(driver_proved_by_type)
{
    UNUSED;
    w->resource.hypervisor = "nitro";
}
CASE(old_generation)
{
    UNUSED;
    o->flags &= ~(unsigned)RS_OFFER_CURRENT_GENERATION;
    snprintf(w->policy.generation, sizeof(w->policy.generation), "current");
}
CASE(old_allowed)
{
    UNUSED;
    o->flags &= ~(unsigned)RS_OFFER_CURRENT_GENERATION;
}
static void burst(struct world *w, struct rs_offer *offer, const char *policy)
{
    offer->flags |= RS_OFFER_BURSTABLE;
    offer->burst_baseline = 0.9;
    snprintf(w->policy.burstable, sizeof(w->policy.burstable), "%s", policy);
}
CASE(burst_no)
{
    UNUSED;
    burst(w, o, "no");
}
CASE(burst_yes)
{
    UNUSED;
    burst(w, o, "yes");
}
CASE(burst_same_not_today)
{
    UNUSED;
    burst(w, o, "same");
}
CASE(burst_same_today)
{
    UNUSED;
    burst(w, o, "same");
    burst(w, c, "same");
}
CASE(not_included)
{
    UNUSED;
    snprintf(w->policy.include, sizeof(w->policy.include), "x*, y.large,m?.large");
}
CASE(included_second)
{
    UNUSED;
    snprintf(w->policy.include, sizeof(w->policy.include), "x*,, m.sm?ll ,z");
}
CASE(included_family)
{
    UNUSED;
    o->family = "m";
    snprintf(w->policy.include, sizeof(w->policy.include), "c,m");
}
CASE(excluded)
{
    UNUSED;
    snprintf(w->policy.exclude, sizeof(w->policy.exclude), "*.small");
}
CASE(dearer)
{
    UNUSED;
    w->policy.down_only = true;
    o->price = 1;
}
CASE(cheaper)
{
    UNUSED;
    w->policy.down_only = true;
}
CASE(price_unknown_today)
{
    UNUSED;
    w->policy.down_only = true;
    c->price = NAN;
}

static const struct gate_case cases[] = {
    {NULL, plain},
    {"not sold in the region", unpriced},
    {"no longer listed", delisted},
    {"architecture", arm},
    {"architecture", no_architecture},
    {NULL, arm_allowed},
    {"architecture", arm_wanted},
    {"architecture", image_is_arm},
    {"virtualization", paravirtual_image},
    {NULL, paravirtual_both},
    {"virtualization", hvm_image_on_pv},
    {"virtualization", unknown_image_on_pv},
    {"virtualization", pv_only_today},
    {NULL, no_notion_of_virtualization},
    {"gpu", needless_gpu},
    {"gpu", needless_accelerator},
    {"gpu", gpu_gone},
    {NULL, gpu_kept},
    {"gpu", gpu_memory_less},
    {"gpu", accelerator_gone},
    {"local disk", disk_gone},
    {NULL, disk_kept},
    {"bare metal", bare},
    {"bare metal", bare_today},
    {"network interfaces", interfaces},
    {NULL, interfaces_fit},
    {NULL, interfaces_unknown},
    {"volume attachments", attached},
    {"volume attachments", attached_seen},
    {NULL, attached_fit},
    {"network driver", no_driver},
    {NULL, driver_unknown},
    {NULL, driver_there},
    {NULL, driver_proved_by_type},
    {"policy: generation", old_generation},
    {NULL, old_allowed},
    {"policy: burstable", burst_no},
    {NULL, burst_yes},
    {"policy: burstable", burst_same_not_today},
    {NULL, burst_same_today},
    {"policy: include", not_included},
    {NULL, included_second},
    {NULL, included_family},
    {"policy: exclude", excluded},
    {"policy: down_only", dearer},
    {NULL, cheaper},
    {"policy: down_only", price_unknown_today},
};

static void each_gate_turns_away_what_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world w;
        world_init(&w, "m.large");
        struct rs_offer *current = world_find(&w, "m.large"), *offer = world_find(&w, "m.small");
        w.work.resource = &w.resource;
        cases[i].arrange(&w, current, offer);
        struct rs_study study = {
            .work = &w.work, .policy = &w.policy, .current = current, .out = &w.advice};
        const char *why = rs_gates_reject(&study, offer);
        if (cases[i].gate == NULL ? why != NULL : why == NULL || strcmp(why, cases[i].gate) != 0) {
            fail_msg("case %zu: %s", i, why != NULL ? why : "passed");
        }
    }
}

static void a_type_must_hold_every_known_need(void **state)
{
    (void)state;
    static const struct {
        enum rs_dimension dimension;
        const char *small, *unknown;
    } rows[] = {
        {RS_DIM_CPU, "too small: CPU", "unknown: CPU"},
        {RS_DIM_MEMORY, "too small: memory", "unknown: memory"},
        {RS_DIM_NET_IN, "too small: network in", "unknown: network"},
        {RS_DIM_NET_OUT, "too small: network out", "unknown: network"},
        {RS_DIM_EBS_BYTES, "too small: EBS throughput", "unknown: EBS throughput"},
        {RS_DIM_EBS_OPS, "too small: EBS operations", "unknown: EBS operations"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "m.large");
        struct rs_offer *current = world_find(&w, "m.large"), *offer = world_find(&w, "m.small");
        struct rs_demand *demand = &w.advice.demand[rows[i].dimension];
        struct rs_study study = {.policy = &w.policy, .current = current, .out = &w.advice};
        w.advice.demand[RS_DIM_MEMORY].known = true; /* of nothing */
        demand->known = true;
        demand->capacity = rs_offer_capacity(current, rows[i].dimension);
        demand->need = rs_offer_capacity(offer, rows[i].dimension);
        assert_null(rs_fit_reject(&study, offer, false));
        demand->need *= 1.0 + 1e-9;
        assert_string_equal(rs_fit_reject(&study, offer, false), rows[i].small);
        offer->vcpus = offer->memory_bytes = NAN;
        offer->net_baseline = offer->ebs_baseline = offer->ebs_baseline_ops = NAN;
        assert_string_equal(rs_fit_reject(&study, offer, false), rows[i].unknown);
        demand->capacity = NAN; /* today's is as unknown */
        assert_null(rs_fit_reject(&study, offer, false));
        demand->capacity = 1;
        demand->need = 0; /* nothing is asked */
        assert_null(rs_fit_reject(&study, offer, false));
    }
}

static void unknown_memory_must_not_shrink_unless_it_is_asked(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_offer *current = world_find(&w, "m.large"), *offer = world_find(&w, "m.small");
    struct rs_study study = {.policy = &w.policy, .current = current, .out = &w.advice};
    assert_string_equal(rs_fit_reject(&study, offer, false), "too small: memory");
    assert_null(rs_fit_reject(&study, offer, true));
    assert_null(rs_fit_reject(&study, world_find(&w, "r.large"), false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gate_turns_away_what_it_names),
        cmocka_unit_test(a_type_must_hold_every_known_need),
        cmocka_unit_test(unknown_memory_must_not_shrink_unless_it_is_asked),
    };
    return cmocka_run_group_tests_name("gates", tests, NULL, NULL);
}
