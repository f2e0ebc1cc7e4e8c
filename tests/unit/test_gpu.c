/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/gpu.h"

#include "advise_world.h"

#define NONE (-1.0)

static struct rs_offer *add(struct world *w, const char *type, const char *model, double cards,
                            double gib_a_card, double price)
{
    struct rs_offer *offer = world_offer(w, type, 8, 32, price);
    offer->gpu_model = model;
    offer->gpu_count = cards;
    offer->gpu_memory_bytes = ceil(cards) * gib_a_card * GIB;
    return offer;
}

/* g.four is at home among these; percent is of all cards together. */
static const struct rs_advice *advise(struct world *w, const char *type, double percent, double gib)
{
    world_init(w, type);
    add(w, "g.one", "T4", 1, 16, 0.5);
    add(w, "g.two", "T4", 2, 16, 0.9);
    add(w, "g.four", "T4", 4, 16, 2.0);
    add(w, "g.eight", "T4", 8, 16, 4.0);
    add(w, "h.four", "A10G", 4, 24, 1.5);
    add(w, "h.one", "A10G", 1, 24, 0.6);
    world_cpu(w, 20);
    world_memory(w, 16);
    world_network(w, 1e6);
    if (percent > NONE) {
        world_series(w, RS_METRIC_GPU_PERCENT, RS_STATISTIC_MAX, 300, percent);
    }
    if (gib > NONE) {
        world_series(w, RS_METRIC_GPU_MEMORY_USED_BYTES, RS_STATISTIC_MAX, 300, gib * GIB);
    }
    return world_advise(w);
}

static void cards_become_fewer_only_where_their_load_is_known(void **state)
{
    static const struct {
        double percent, gib;
        const char *first, *note;
    } rows[] = {
        {NONE, NONE, "h.four", "GPUUnknown"}, /* as many, of a card no smaller */
        {NONE, 8, "h.four", "GPUUnknown"},
        {70, 8, "g.one", "GPUSpeedUnknown"},  /* 0.875 of one */
        {100, 8, "g.two", "GPUSpeedUnknown"}, /* 1.25 */
        {100, NONE, "g.two", "GPUUnknown"},
        {100, 14, "keep", "GPUSpeedUnknown"}, /* 17.5 GiB of a card's 16 */
        {240, 8, "keep", "GPUSpeedUnknown"},
        {390, 8, "g.eight", "GPUSpeedUnknown"},
        {0, 1, "g.one", NULL}, /* any card does nothing as fast as another */
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        const struct rs_advice *a = advise(&w, "g.four", rows[i].percent, rows[i].gib);
        assert_string_equal(world_first(a), rows[i].first);
        assert_true(rows[i].note == NULL || world_note(a, rows[i].note) != NULL);
        assert_true((world_note(a, "GPUUnknown") != NULL) ==
                    !(rows[i].percent > NONE && rows[i].gib > NONE));
        world_release(&w);
    }
}

static void the_use_of_a_card_is_told_beside_its_size(void **state)
{
    (void)state;
    struct world w;
    const struct rs_advice *a = advise(&w, "g.four", 100, 8);
    check_near(a->demand[RS_DIM_GPU].used, 1.0, 1e-12);
    check_near(a->demand[RS_DIM_GPU].capacity, 4.0, 0.0);
    check_near(a->demand[RS_DIM_GPU_MEMORY].capacity, 16 * GIB, 0.0);
    check_near(a->options[0].utilisation[RS_DIM_GPU], 0.5, 1e-12);
    check_near(a->options[0].utilisation[RS_DIM_GPU_MEMORY], 0.5, 1e-12);
    assert_int_equal(world_rejected(a, "unknown: speed of another GPU"), 2);
    assert_int_equal(world_rejected(a, "too small: GPU"), 1);
    world_release(&w);
}

static void a_full_card_may_only_be_reserved(void **state)
{
    (void)state;
    struct world w;
    const struct rs_advice *a = advise(&w, "g.four", 100, 15.5);
    assert_non_null(world_reason(a, "GPUMemoryUnderprovisioned"));
    assert_non_null(world_note(a, "GPUMemoryReserved"));
    world_release(&w);
    a = advise(&w, "g.four", 100, 13);
    assert_null(world_note(a, "GPUMemoryReserved"));
    world_release(&w);
}

static void a_machine_is_idle_only_when_its_gpus_are(void **state)
{
    static const struct {
        double percent, gib;
        size_t busy; /* slots at 50 % */
        enum rs_finding finding;
    } rows[] = {
        {0, 0.7, 0, RS_FINDING_IDLE},
        {0, 0.7, 40, RS_FINDING_IDLE}, /* of 4032 */
        {0, 0.7, 41, RS_FINDING_OVER_PROVISIONED},
        {0, 0.9, 0, RS_FINDING_OVER_PROVISIONED}, /* of 16 GiB */
        {1, 0.7, 0, RS_FINDING_OVER_PROVISIONED},
        {NONE, 0.7, 0, RS_FINDING_OVER_PROVISIONED},
        {0, NONE, 0, RS_FINDING_OVER_PROVISIONED},
        {NONE, NONE, 0, RS_FINDING_OVER_PROVISIONED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        (void)advise(&w, "g.four", rows[i].percent, rows[i].gib);
        for (size_t s = 0; s < w.series_count; s++) {
            struct rs_series *series = &w.series[s];
            for (size_t k = 0; k < series->slots; k++) {
                bool gpu = series->metric == RS_METRIC_GPU_PERCENT;
                series->values[k] = gpu && k < rows[i].busy ? 50 : series->values[k];
                if (series->metric == RS_METRIC_CPU_PERCENT) {
                    series->values[k] = 1;
                } else if (series->metric == RS_METRIC_NET_IN_BYTES ||
                           series->metric == RS_METRIC_NET_OUT_BYTES) {
                    series->values[k] = 5;
                }
            }
        }
        world_find(&w, "h.four")->vcpus = 4; /* so that something may shrink */
        const struct rs_advice *a = world_advise(&w);
        if (a->finding != rows[i].finding) {
            fail_msg("row %zu is %s", i, rs_finding_name(a->finding));
        }
        world_release(&w);
    }
}

static void a_slice_of_a_card_is_a_card_to_its_machine(void **state)
{
    (void)state;
    struct rs_offer slice = {.type = "s", .gpu_count = 0.25, .gpu_memory_bytes = 6 * GIB};
    struct rs_offer pair = {.type = "p", .gpu_count = 2, .gpu_memory_bytes = 48 * GIB};
    struct rs_offer none = {.type = "n"};
    check_near(rs_gpu_card(&slice), 0.25, 0.0);
    check_near(rs_gpu_card(&pair), 1.0, 0.0);
    check_near(rs_gpu_card(&none), 1.0, 0.0);
    check_near(rs_offer_capacity(&slice, RS_DIM_GPU_MEMORY), 6 * GIB, 0.0);
    check_near(rs_offer_capacity(&pair, RS_DIM_GPU_MEMORY), 24 * GIB, 0.0);
    assert_true(isnan(rs_offer_capacity(&none, RS_DIM_GPU)));
    assert_true(isnan(rs_offer_capacity(&none, RS_DIM_GPU_MEMORY)));
}

static void models_are_known_by_name(void **state)
{
    (void)state;
    struct rs_offer a = {.type = "a", .gpu_model = "T4"}, b = {.type = "b", .gpu_model = "T4"};
    struct rs_offer c = {.type = "c", .gpu_model = "L4"}, d = {.type = "d"}, e = {.type = "e"};
    assert_true(rs_gpu_alike(&a, &b));
    assert_false(rs_gpu_alike(&a, &c));
    assert_false(rs_gpu_alike(&d, &a));
    assert_false(rs_gpu_alike(&d, &e));
    assert_true(rs_gpu_alike(&d, &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_become_fewer_only_where_their_load_is_known),
        cmocka_unit_test(the_use_of_a_card_is_told_beside_its_size),
        cmocka_unit_test(a_full_card_may_only_be_reserved),
        cmocka_unit_test(a_machine_is_idle_only_when_its_gpus_are),
        cmocka_unit_test(a_slice_of_a_card_is_a_card_to_its_machine),
        cmocka_unit_test(models_are_known_by_name),
    };
    return cmocka_run_group_tests_name("gpu", tests, NULL, NULL);
}
