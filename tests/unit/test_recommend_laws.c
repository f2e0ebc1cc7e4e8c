/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of any market and any load, tried on random ones. */
#include "advise_world.h"

static double effective_price(const struct rs_advice *a)
{
    if (world_note(a, "NoTypeHolds") != NULL) {
        return INFINITY;
    }
    return a->option_count > 0 ? a->options[0].offer->price : a->current->price;
}

static double uniform(uint64_t *seed)
{
    return (double)(check_random(seed) >> 11) * 0x1p-53;
}

static void make_market(struct world *w, uint64_t *seed)
{
    static const char *const names[] = {"a.1", "a.2", "a.3", "a.4", "a.5", "a.6", "a.7", "a.8"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        double vcpus = 1 << check_random(seed) % 5;
        struct rs_offer *o = world_offer(w, names[i], vcpus, vcpus * (1 << check_random(seed) % 4),
                                         vcpus * (0.03 + 0.05 * uniform(seed)));
        if (check_random(seed) % 3 == 0) {
            o->flags |= RS_OFFER_BURSTABLE;
            o->burst_baseline = 0.05 + 0.4 * uniform(seed);
        }
    }
}

static void make_load(struct world *w, uint64_t *seed, bool memory)
{
    double cpu = 100.0 * uniform(seed), mem = 10.0 * uniform(seed), net = 1e8 * uniform(seed);
    struct rs_series *c = world_series(w, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 3600, NAN);
    struct rs_series *n = world_series(w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_AVG, 3600, NAN);
    struct rs_series *m =
        memory ? world_series(w, RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_MAX, 3600, NAN) : NULL;
    for (size_t i = 0; i < c->slots; i++) {
        c->values[i] = uniform(seed) < 0.1 ? NAN : cpu * uniform(seed);
        n->values[i] = net * uniform(seed);
        if (m != NULL) {
            m->values[i] = GIB * mem * (0.5 + uniform(seed));
        }
    }
}

static void more_load_never_yields_a_cheaper_offer(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int round = 0; round < 300; round++) {
        struct world w;
        world_init(&w, "m.large");
        make_market(&w, &seed);
        w.resource.type = w.offers[check_random(&seed) % w.offer_count].type;
        make_load(&w, &seed, round % 2 == 0);
        double before = effective_price(world_advise(&w));
        struct rs_series *s = &w.series[check_random(&seed) % w.series_count];
        for (size_t i = 0; i < s->slots; i++) {
            s->values[i] *= 1.0 + uniform(&seed);
        }
        double after = effective_price(world_advise(&w));
        assert_true(after >= before);
        world_release(&w);
    }
}

static void the_order_of_offers_and_series_changes_nothing(void **state)
{
    (void)state;
    uint64_t seed = 43;
    for (int round = 0; round < 100; round++) {
        struct world w;
        world_init(&w, "m.xlarge");
        make_market(&w, &seed);
        make_load(&w, &seed, true);
        struct rs_advice a = *world_advise(&w);
        for (size_t i = 0; i < w.offer_count / 2; i++) {
            const struct rs_offer *keep = w.pointers[i];
            w.pointers[i] = w.pointers[w.offer_count - 1 - i];
            w.pointers[w.offer_count - 1 - i] = keep;
        }
        struct rs_series first = w.series[0];
        w.series[0] = w.series[w.series_count - 1];
        w.series[w.series_count - 1] = first;
        const struct rs_advice *b = world_advise(&w);
        assert_int_equal(a.finding, b->finding);
        assert_int_equal(a.option_count, b->option_count);
        for (size_t i = 0; i < a.option_count; i++) {
            assert_ptr_equal(a.options[i].offer, b->options[i].offer);
        }
        assert_int_equal(a.gate_count, b->gate_count);
        for (size_t i = 0; i < a.gate_count; i++) {
            assert_string_equal(a.gates[i].gate, b->gates[i].gate);
            assert_int_equal(a.gates[i].rejected, b->gates[i].rejected);
        }
        world_release(&w);
    }
}

static void unknown_memory_never_yields_less_memory(void **state)
{
    (void)state;
    uint64_t seed = 44;
    for (int round = 0; round < 300; round++) {
        struct world w;
        world_init(&w, "m.xlarge");
        make_market(&w, &seed);
        w.resource.type = w.offers[check_random(&seed) % w.offer_count].type;
        make_load(&w, &seed, false);
        const struct rs_advice *a = world_advise(&w);
        for (size_t i = 0; i < a->option_count; i++) {
            assert_true(a->options[i].offer->memory_bytes >= a->current->memory_bytes);
        }
        assert_null(world_reason(a, "MemoryOverprovisioned"));
        world_release(&w);
    }
}

static void twice_the_prices_save_twice_as_much(void **state)
{
    (void)state;
    uint64_t seed = 45;
    for (int round = 0; round < 100; round++) {
        struct world w;
        world_init(&w, "m.2xlarge");
        make_market(&w, &seed);
        make_load(&w, &seed, true);
        struct rs_advice a = *world_advise(&w);
        for (size_t i = 0; i < w.offer_count; i++) {
            w.offers[i].price *= 2.0;
        }
        const struct rs_advice *b = world_advise(&w);
        assert_int_equal(a.option_count, b->option_count);
        for (size_t i = 0; i < a.option_count; i++) {
            assert_ptr_equal(a.options[i].offer, b->options[i].offer);
            check_near(b->options[i].monthly_saving, 2.0 * a.options[i].monthly_saving, 1e-9);
        }
        world_release(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_load_never_yields_a_cheaper_offer),
        cmocka_unit_test(the_order_of_offers_and_series_changes_nothing),
        cmocka_unit_test(unknown_memory_never_yields_less_memory),
        cmocka_unit_test(twice_the_prices_save_twice_as_much),
    };
    return cmocka_run_group_tests_name("recommend_laws", tests, NULL, NULL);
}
