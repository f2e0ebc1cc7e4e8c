/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/burst.h"

#include "advise_world.h"

static void each_burst_has_its_figure(void **state)
{
    (void)state;
    struct rs_offer o = {.vcpus = 2,
                         .net_baseline = 10,
                         .net_peak = 30,
                         .ebs_baseline = 20,
                         .ebs_peak = 20,
                         .ebs_baseline_ops = 100,
                         .ebs_peak_ops = 400};
    check_near(rs_burst_peak(&o, RS_DIM_NET_IN), 30, 0.0);
    check_near(rs_burst_peak(&o, RS_DIM_NET_OUT), 30, 0.0);
    check_near(rs_burst_peak(&o, RS_DIM_EBS_OPS), 400, 0.0);
    assert_true(isnan(rs_burst_peak(&o, RS_DIM_EBS_BYTES))); /* no higher than the baseline */
    assert_true(isnan(rs_burst_peak(&o, RS_DIM_CPU)));
    assert_true(isnan(rs_burst_peak(&o, RS_DIM_MEMORY)));
    o.net_peak = NAN;
    assert_true(isnan(rs_burst_peak(&o, RS_DIM_NET_IN)));
    o = (struct rs_offer){.net_baseline = NAN, .net_peak = 30};
    assert_true(isnan(rs_burst_peak(&o, RS_DIM_NET_IN)));
}

static void bursts_are_told_of_options_and_of_today(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, "m.xlarge");
    for (size_t i = 0; i < w.offer_count; i++) {
        bool big = w.offers[i].vcpus > 2; /* the large ones have one figure only */
        w.offers[i].net_peak = big ? w.offers[i].net_baseline : 10 * w.offers[i].net_baseline;
    }
    world_find(&w, "m.xlarge")->net_peak = 1e10;
    world_cpu(&w, 30);
    world_memory(&w, 3);
    world_series(&w, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 1e6);
    struct rs_series *out =
        world_series(&w, RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, 300, 1e6);
    for (size_t i = 0; i < 10; i++) {
        out->values[1000 + i] = i < 4 ? 3e8 : 1.5e8;
    }
    const struct rs_advice *a = world_advise(&w);
    const struct rs_option_offer *o = &a->options[0];
    assert_string_equal(o->offer->type, "c.large");
    check_near(o->above_baseline[RS_DIM_NET_OUT], 10.0 / 4032, 1e-15); /* 1e8 */
    check_near(o->above_baseline[RS_DIM_NET_IN], 0.0, 0.0);
    assert_true(isnan(o->above_baseline[RS_DIM_EBS_BYTES]));
    assert_true(isnan(o->above_baseline[RS_DIM_CPU]));
    const char *note = world_note(a, "NetworkBursts");
    assert_non_null(note);
    assert_non_null(strstr(note, "network out"));
    assert_non_null(strstr(note, "0.099 %")); /* 4 of 4032 above 2e8 */
    char when[RS_WHEN_TEXT];
    rs_when_format(WORLD_FROM + 1000 * 300, when);
    assert_non_null(strstr(note, when));
    assert_null(world_note(a, "EbsBursts"));
    world_find(&w, "m.xlarge")->net_peak = 2e8; /* what does not burst is merely short */
    assert_null(world_note(world_advise(&w), "NetworkBursts"));
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_burst_has_its_figure),
        cmocka_unit_test(bursts_are_told_of_options_and_of_today),
    };
    return cmocka_run_group_tests_name("burst", tests, NULL, NULL);
}
