/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/option.h"

#include "advise_world.h"

static void each_platform_difference_is_seen(void **state)
{
    (void)state;
    static const unsigned bits[] = {
        0,
        RS_DIFFERS_ARCHITECTURE,
        RS_DIFFERS_HYPERVISOR,
        RS_DIFFERS_INSTANCE_STORE,
        RS_DIFFERS_NETWORK_INTERFACE,
        RS_DIFFERS_STORAGE_INTERFACE,
        RS_DIFFERS_VIRTUALIZATION,
        0,
        RS_DIFFERS_VIRTUALIZATION,
        0,
    };
    static const char *const names[] = {
        "Architecture",     "Hypervisor",       "InstanceStoreAvailability",
        "NetworkInterface", "StorageInterface", "VirtualizationType"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_string_equal(rs_difference_name(bits[i + 1]), names[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        struct world w;
        world_init(&w, "m.large");
        struct rs_offer *from = world_find(&w, "m.large"), *to = world_find(&w, "m.small");
        switch (i) {
        case 1:
            to->architecture = "arm64";
            break;
        case 2:
            from->hypervisor = "xen";
            break;
        case 3:
            from->disk_bytes = 1;
            break;
        case 4:
            from->flags &= ~(unsigned)RS_OFFER_ENA_REQUIRED;
            break;
        case 5:
            from->flags &= ~(unsigned)RS_OFFER_NVME_EBS;
            break;
        case 6:
            from->flags ^= (unsigned)RS_OFFER_HVM | (unsigned)RS_OFFER_PV;
            break;
        case 7: /* both can do what the other does */
            from->flags |= (unsigned)RS_OFFER_PV;
            from->hypervisor = NULL;
            break;
        case 8: /* the type takes both, the image does not */
            from->flags |= (unsigned)RS_OFFER_PV;
            w.resource.virtualization = "paravirtual";
            break;
        case 9:
            from->flags |= (unsigned)RS_OFFER_PV;
            w.resource.virtualization = "hvm";
            break;
        default:
            break;
        }
        struct rs_workload work = {.resource = &w.resource};
        struct rs_study study = {
            .work = &work, .policy = &w.policy, .current = from, .out = &w.advice};
        struct rs_option_offer option;
        rs_option_fill(&study, to, &option);
        assert_int_equal(option.differences, bits[i]);
        assert_string_equal(option.migration_effort, i == 1 ? "Medium" : "VeryLow");
    }
}

static void nothing_binds_when_nothing_is_known(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    struct rs_study study = {.policy = &w.policy, .out = &w.advice};
    enum rs_dimension d = RS_DIM_COUNT;
    for (size_t i = 0; i < RS_DIM_COUNT; i++) {
        w.advice.demand[i].need = NAN;
    }
    assert_false(rs_option_binding(&study, world_find(&w, "m.large"), &d));
    assert_int_equal(d, RS_DIM_COUNT);
    w.advice.demand[RS_DIM_NET_PACKETS].need = 5; /* of an unknown capacity */
    assert_false(rs_option_binding(&study, world_find(&w, "m.large"), &d));
    w.advice.demand[RS_DIM_CPU].need = 1;
    w.advice.demand[RS_DIM_EBS_OPS].need = 3000;
    assert_true(rs_option_binding(&study, world_find(&w, "m.large"), &d));
    assert_int_equal(d, RS_DIM_EBS_OPS);
}

static void a_machine_that_stays_is_bound_on_its_own_type(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.large");
    world_cpu(&w, 79);
    world_memory(&w, 6);
    const struct rs_advice *a = world_advise(&w);
    assert_int_equal(a->option_count, 0);
    assert_true(a->binding_known);
    assert_int_equal(a->binding, RS_DIM_CPU);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_platform_difference_is_seen),
        cmocka_unit_test(nothing_binds_when_nothing_is_known),
        cmocka_unit_test(a_machine_that_stays_is_bound_on_its_own_type),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
