/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each of Compute Optimizer's 20 reason codes, with what proves it. */
#include "advise_world.h"

#define SPIKE 1000 /* slot */
#define LENGTH 41  /* slots: more than the half percent that P99.5 leaves out */
#define CARDS 4.0

static const struct row {
    enum rs_dimension dimension;
    const char *under, *over;
    enum rs_metric metric; /* read by its maximum or as a rate */
    double unit;           /* of the metric, in that of the dimension */
    double headroom, capacity;
} rows[] = {
    {RS_DIM_CPU, "CPUUnderprovisioned", "CPUOverprovisioned", RS_METRIC_CPU_PERCENT, 0.08, 0.2, 8},
    {RS_DIM_MEMORY, "MemoryUnderprovisioned", "MemoryOverprovisioned", RS_METRIC_MEM_USED_BYTES, 1,
     0.2, 32 * GIB},
    {RS_DIM_NET_IN, "NetworkBandwidthUnderprovisioned", "NetworkBandwidthOverprovisioned",
     RS_METRIC_NET_IN_BYTES, 1, 0, 1e9},
    {RS_DIM_NET_PACKETS, "NetworkPPSUnderprovisioned", "NetworkPPSOverprovisioned",
     RS_METRIC_NET_OUT_PACKETS, 1, 0, 3e5},
    {RS_DIM_EBS_BYTES, "EBSThroughputUnderprovisioned", "EBSThroughputOverprovisioned",
     RS_METRIC_EBS_READ_BYTES, 1, 0, 3e8},
    {RS_DIM_EBS_OPS, "EBSIOPSUnderprovisioned", "EBSIOPSOverprovisioned", RS_METRIC_EBS_WRITE_OPS,
     1, 0, 12000},
    {RS_DIM_DISK_BYTES, "DiskThroughputUnderprovisioned", "DiskThroughputOverprovisioned",
     RS_METRIC_DISK_WRITE_BYTES, 1, 0, 7e8},
    {RS_DIM_DISK_OPS, "DiskIOPSUnderprovisioned", "DiskIOPSOverprovisioned",
     RS_METRIC_DISK_READ_OPS, 1, 0, 60000},
    {RS_DIM_GPU, "GPUUnderprovisioned", "GPUOverprovisioned", RS_METRIC_GPU_PERCENT, 0.01, 0.2,
     CARDS},
    {RS_DIM_GPU_MEMORY, "GPUMemoryUnderprovisioned", "GPUMemoryOverprovisioned",
     RS_METRIC_GPU_MEMORY_USED_BYTES, 1, 0.2, 16 * GIB},
};

static void set_capacity(struct rs_offer *offer, enum rs_dimension d, double value)
{
    double *const places[RS_DIM_COUNT] = {
        [RS_DIM_CPU] = &offer->vcpus,
        [RS_DIM_MEMORY] = &offer->memory_bytes,
        [RS_DIM_NET_IN] = &offer->net_baseline,
        [RS_DIM_NET_OUT] = &offer->net_baseline,
        [RS_DIM_NET_PACKETS] = &offer->net_packets,
        [RS_DIM_EBS_BYTES] = &offer->ebs_baseline,
        [RS_DIM_EBS_OPS] = &offer->ebs_baseline_ops,
        [RS_DIM_DISK_BYTES] = &offer->disk_throughput,
        [RS_DIM_DISK_OPS] = &offer->disk_ops,
        [RS_DIM_GPU] = &offer->gpu_count,
        [RS_DIM_GPU_MEMORY] = &offer->gpu_memory_bytes,
    };
    double card = offer->gpu_memory_bytes / offer->gpu_count;
    *places[d] = d == RS_DIM_GPU_MEMORY ? value * offer->gpu_count : value;
    if (d == RS_DIM_GPU) { /* a card's memory stays */
        offer->gpu_memory_bytes = card * value;
    }
}

static struct rs_offer *add_offer(struct world *w, const char *type, double price)
{
    struct rs_offer *offer = world_offer(w, type, 8, 32, price);
    offer->gpu_model = "T4";
    offer->gpu_count = CARDS;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        set_capacity(offer, rows[i].dimension, rows[i].capacity);
    }
    return offer;
}

/* Everything is used by a third; one of it, for a while, by `share`. */
static void measure(struct world *w, size_t one, double share)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool gauge = rows[i].headroom > 0.0;
        double full = rows[i].capacity / rows[i].unit;
        struct rs_series *s = world_series(
            w, rows[i].metric, gauge ? RS_STATISTIC_MAX : RS_STATISTIC_SUM_RATE, 300, 0.3 * full);
        for (size_t k = 0; k < LENGTH && i == one; k++) {
            s->values[SPIKE + k] = share * full;
        }
    }
}

static void check_only(const struct rs_advice *a, const struct row *row, const char *code,
                       double used, double limit)
{
    assert_int_equal(a->reason_count, 1);
    const struct rs_reason *r = &a->reasons[0];
    assert_string_equal(r->code, code);
    assert_int_equal(r->dimension, row->dimension);
    check_near(r->used, used, 1e-9 * used);
    check_near(r->value, used / (1.0 - row->headroom), 1e-9 * used);
    check_near(r->limit, limit, 1e-9 * limit);
    assert_int_equal(r->at, WORLD_FROM + SPIKE * 300);
}

static void what_is_short_has_its_code_with_need_limit_and_instant(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "now");
        add_offer(&w, "now", 1.0);
        set_capacity(add_offer(&w, "more", 1.5), rows[i].dimension, 2 * rows[i].capacity);
        measure(&w, i, rows[i].headroom > 0.0 ? 0.9 : 1.1);
        const struct rs_advice *a = world_advise(&w);
        double used = (rows[i].headroom > 0.0 ? 0.9 : 1.1) * rows[i].capacity;
        assert_int_equal(a->finding, RS_FINDING_UNDER_PROVISIONED);
        assert_string_equal(world_first(a), "more");
        check_only(a, &rows[i], rows[i].under, used, rows[i].capacity);
        world_release(&w);
    }
}

static void what_may_shrink_has_its_code_with_need_limit_and_instant(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        world_init(&w, "now");
        add_offer(&w, "now", 1.0);
        set_capacity(add_offer(&w, "less", 0.5), rows[i].dimension, rows[i].capacity / 2);
        measure(&w, i, 0.35);
        const struct rs_advice *a = world_advise(&w);
        assert_int_equal(a->finding, RS_FINDING_OVER_PROVISIONED);
        assert_string_equal(world_first(a), "less");
        check_only(a, &rows[i], rows[i].over, 0.35 * rows[i].capacity, rows[i].capacity / 2);
        world_release(&w);
    }
}

static void the_ten_specifications_make_twenty_codes(void **state)
{
    (void)state;
    for (int d = 0; d < RS_DIM_COUNT; d++) { /* both ways of the network share theirs */
        const struct rs_dimension_info *info = rs_dimension_info((enum rs_dimension)d);
        size_t found = 0;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            found +=
                strcmp(rows[i].under, info->under) == 0 && strcmp(rows[i].over, info->over) == 0;
        }
        assert_int_equal(found, 1);
    }
    assert_int_equal(2 * COUNT_OF(rows), 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_short_has_its_code_with_need_limit_and_instant),
        cmocka_unit_test(what_may_shrink_has_its_code_with_need_limit_and_instant),
        cmocka_unit_test(the_ten_specifications_make_twenty_codes),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
