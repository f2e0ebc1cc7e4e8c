/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_fixture.h"

#include "check.h"
#include "report_parts.h"

static const struct rs_catalog_info ireland = {.provider = "aws",
                                               .region = "eu-west-1",
                                               .region_name = "Ireland",
                                               .currency = "USD",
                                               .facts_date = "2026-08-01",
                                               .price_date = "2026-08-02",
                                               .priced = 642,
                                               .estimated = 31};
static const struct rs_catalog_info frankfurt = {.provider = "aws",
                                                 .region = "eu-central-1",
                                                 .currency = "USD",
                                                 .facts_date = "2026-08-01",
                                                 .price_date = "2026-07-30",
                                                 .priced = 598};
static const struct rs_catalog_info beijing = {.provider = "aws",
                                               .region = "cn-north-1",
                                               .currency = "CNY",
                                               .facts_date = "2026-08-01",
                                               .price_date = "2026-08-02",
                                               .priced = 300};

#define OFFER(name, arch, bits, cpus, gib, dollars)                                                \
    {                                                                                              \
        .type = (name), .architecture = (arch), .flags = (bits), .vcpus = (cpus),                  \
        .memory_bytes = (gib)*GIB, .net_baseline = 156.25e6, .ebs_baseline = 143.75e6,             \
        .ebs_baseline_ops = 6000, .price = (dollars)                                               \
    }
enum { M5_2XLARGE, R6I_LARGE, M6G_LARGE, T3_LARGE, M5_LARGE, M5_XLARGE, M6I_LARGE, C5_LARGE };
static const struct rs_offer offers[] = {
    [M5_2XLARGE] = OFFER("m5.2xlarge", "x86_64", 0, 8, 32, 0.428),
    [R6I_LARGE] = OFFER("r6i.large", "x86_64", 0, 2, 16, 0.141),
    [M6G_LARGE] = OFFER("m6g.large", "arm64", RS_OFFER_PRICE_ESTIMATED, 2, 8, 0.086),
    [T3_LARGE] = OFFER("t3.large", "x86_64", RS_OFFER_BURSTABLE, 2, 8, 0.0912),
    [M5_LARGE] = OFFER("m5.large", "x86_64", 0, 2, 8, 0.107),
    [M5_XLARGE] = OFFER("m5.xlarge", "x86_64", 0, 4, 16, 0.214),
    [M6I_LARGE] = OFFER("m6i.large", "x86_64", 0, 2, 8, 0.107),
    [C5_LARGE] = OFFER("c5.large", "x86_64", 0, 2, 4, 0.097),
};

static void add_gates(struct rs_advice *advice)
{
    static const struct rs_gate_count gates[] = {{"architecture", 214},
                                                 {"gpu", 58},
                                                 {"too small: CPU", 12},
                                                 {"too small: memory", 131},
                                                 {"not cheaper", 220}};
    memcpy(advice->gates, gates, sizeof(gates));
    advice->gate_count = COUNT_OF(gates);
}

/* Everything that a long look at the load may add. */
static void add_depth(struct rs_advice *advice)
{
    advice->observations[0] = (struct rs_observation){.code = "DailyPattern",
                                                      .dimension = RS_DIM_CPU,
                                                      .from = FIXTURE_FROM,
                                                      .to = FIXTURE_TO,
                                                      .value = 0.9,
                                                      .reference = 0.2,
                                                      .strength = 0.625,
                                                      .p = 1e-9,
                                                      .monthly_saving = 41.5,
                                                      .text = "busy from 08:00 to 18:00 UTC"};
    advice->observations[1] = (struct rs_observation){.code = "LevelShift",
                                                      .dimension = RS_DIM_MEMORY,
                                                      .from = FIXTURE_FROM + 5 * RS_DAY_SECONDS,
                                                      .to = FIXTURE_TO,
                                                      .value = NAN,
                                                      .reference = NAN,
                                                      .strength = NAN,
                                                      .p = 0.03,
                                                      .monthly_saving = NAN,
                                                      .text = "higher since 2026-11-19"};
    advice->observation_count = 2;
    advice->bootstrap = (struct rs_bootstrap){200, 14, 0.995, 1.0};
    advice->demand[RS_DIM_CPU].need_low = 1.02;
    advice->demand[RS_DIM_CPU].need_high = 1.19;
    advice->current_speed = 1.25;
    advice->resize = (struct rs_resize){.from = "m5.4xlarge",
                                        .to = "m5.2xlarge",
                                        .at = FIXTURE_FROM + 3 * RS_DAY_SECONDS,
                                        .monthly_before = 624.88,
                                        .monthly_after = 312.44,
                                        .regressed = 1U << RS_DIM_EBS_OPS};
    advice->resize.short_after[RS_DIM_EBS_OPS] = 0.0225;
    advice->current_short[RS_DIM_EBS_OPS] = 0.0225;
    struct rs_option_offer *option = &advice->options[0];
    option->short_share[RS_DIM_CPU] = 0.0002;
    option->chance[RS_DIM_CPU] = 0.0475;
    option->chance[RS_DIM_MEMORY] = 0.2;
    option->speed = 1.1;
    option->monthly_reserved_1y = 64.8;
    option->monthly_reserved_3y = 43.25;
    option->monthly_spot = 35.5;
    option = &advice->options[2];
    option->above_baseline[RS_DIM_CPU] = 0.125;
    option->throttled_share = 0.01;
    option->monthly_surplus = 7.5;
}

static struct rs_advice over_provisioned(void)
{
    struct rs_advice advice =
        part_advice(&offers[M5_2XLARGE], RS_FINDING_OVER_PROVISIONED, 0.88, 9.9 * GIB);
    part_demand(&advice, RS_DIM_NET_IN, 3.2e6, 12.5e6);
    part_demand(&advice, RS_DIM_NET_OUT, 8.75e6, 31e6);
    part_demand(&advice, RS_DIM_EBS_OPS, 410, 1220);
    part_option(&advice, &offers[R6I_LARGE], RS_DIM_MEMORY, 1.25,
                RS_DIFFERS_NETWORK_INTERFACE | RS_DIFFERS_STORAGE_INTERFACE);
    part_option(&advice, &offers[M6G_LARGE], RS_DIM_MEMORY, 2.5, RS_DIFFERS_ARCHITECTURE);
    part_option(&advice, &offers[T3_LARGE], RS_DIM_MEMORY, 3.0, 0);
    advice.options[2].lowest_credits = 118.0;
    advice.options[2].lowest_credits_at = FIXTURE_FROM + 5 * RS_DAY_SECONDS;
    part_reason(&advice, RS_DIM_CPU, false, 2.0);
    part_reason(&advice, RS_DIM_MEMORY, false, 16.0 * GIB);
    add_gates(&advice);
    add_depth(&advice);
    return advice;
}

static struct rs_advice under_provisioned(void)
{
    struct rs_advice advice =
        part_advice(&offers[M5_LARGE], RS_FINDING_UNDER_PROVISIONED, 0.52, 7.8 * GIB);
    part_option(&advice, &offers[R6I_LARGE], RS_DIM_MEMORY, 1.0, 0);
    part_reason(&advice, RS_DIM_MEMORY, true, 8.0 * GIB);
    add_gates(&advice);
    return advice;
}

static struct rs_advice cheaper_same_size(void)
{
    struct rs_advice advice = part_advice(&offers[M5_LARGE], RS_FINDING_OPTIMIZED, 1.4, 6.1 * GIB);
    part_option(&advice, &offers[M6G_LARGE], RS_DIM_MEMORY, 2.0, RS_DIFFERS_ARCHITECTURE);
    part_note(&advice, "PriceEstimated",
              "a price of this comparison is an estimate, not a published one");
    return advice;
}

static struct rs_advice idle(void)
{
    struct rs_advice advice = part_advice(&offers[M5_LARGE], RS_FINDING_IDLE, 0.02, 0.9 * GIB);
    part_demand(&advice, RS_DIM_NET_IN, 12, 80);
    part_demand(&advice, RS_DIM_NET_OUT, 8, 60);
    part_note(&advice, "Idle", "nothing seems to use it; to stop it would save 78.11 USD a month");
    return advice;
}

static struct rs_advice without_memory(void)
{
    struct rs_advice advice =
        part_advice(&offers[M5_2XLARGE], RS_FINDING_OVER_PROVISIONED, 2.1, NAN);
    advice.confidence = RS_CONFIDENCE_LOW;
    advice.samples = 240;
    advice.data_from = FIXTURE_TO - 20 * HOUR;
    advice.coverage = 240.0 / 4032.0;
    advice.memory_unlock_monthly = 88.75;
    part_option(&advice, &offers[M5_XLARGE], RS_DIM_CPU, 2.25, 0);
    part_reason(&advice, RS_DIM_CPU, false, 4.0);
    part_note(&advice, "MemoryUnknown", "memory was not measured");
    return advice;
}

static struct rs_advice ebs_bound(void)
{
    struct rs_advice advice = part_advice(&offers[C5_LARGE], RS_FINDING_OPTIMIZED, 1.5, 3.1 * GIB);
    part_demand(&advice, RS_DIM_EBS_OPS, 4790, 6100);
    advice.binding = RS_DIM_EBS_OPS;
    advice.binding_known = true;
    return advice;
}

static struct rs_advice fits(void)
{
    struct rs_advice advice =
        part_advice(&offers[M6I_LARGE], RS_FINDING_OPTIMIZED, 1.55, 6.3 * GIB);
    advice.confidence = RS_CONFIDENCE_MEDIUM;
    return advice;
}

static const struct rs_tag web_tags[] = {{"env", "prod"}, {"team", "shop"}};
static const struct {
    struct rs_resource resource;
    const struct rs_catalog_info *catalog;
    struct rs_advice (*advice)(void);
} fleet[FIXTURE_FLEET] = {
    {{.id = "i-0a1b2c3d4e5f60718",
      .name = "web-frontend-1",
      .provider = "aws",
      .account = "123456789012",
      .region = "eu-west-1",
      .type = "m5.2xlarge",
      .state = "running",
      .platform = "Linux/UNIX",
      .tags = web_tags,
      .tag_count = COUNT_OF(web_tags)},
     &ireland,
     over_provisioned},
    {{.id = "i-0b1b2c3d4e5f60718",
      .name = "orders-database-primary",
      .provider = "aws",
      .region = "eu-west-1",
      .type = "m5.large",
      .state = "running"},
     &ireland,
     under_provisioned},
    {{.id = "i-0c1b2c3d4e5f60718",
      .name = "cache",
      .provider = "aws",
      .region = "eu-west-1",
      .type = "m5.large",
      .state = "running"},
     &ireland,
     cheaper_same_size},
    {{.id = "i-0d1b2c3d4e5f60718",
      .name = "old-jenkins",
      .provider = "aws",
      .region = "eu-west-1",
      .type = "m5.large",
      .state = "running"},
     &ireland,
     idle},
    {{.id = "i-0e1b2c3d4e5f60718", .provider = "aws", .region = "eu-west-1", .type = "z9.mega"},
     &ireland,
     part_unknown_type},
    {{.id = "i-0f1b2c3d4e5f60718",
      .provider = "aws",
      .region = "eu-west-1",
      .type = "m5.2xlarge",
      .state = "running"},
     &ireland,
     without_memory},
    {{.id = "i-001b2c3d4e5f60718",
      .name = "queue",
      .provider = "aws",
      .region = "eu-central-1",
      .type = "c5.large",
      .state = "running"},
     &frankfurt,
     ebs_bound},
    {{.id = "i-011b2c3d4e5f60718",
      .name = "search",
      .provider = "aws",
      .region = "eu-central-1",
      .type = "m6i.large",
      .state = "terminated"},
     &frankfurt,
     fits},
};

void fixture_add(struct rs_report *report, size_t i)
{
    struct rs_advice advice = fleet[i].advice();
    fixture_put(report, &fleet[i].resource, &advice, fleet[i].catalog);
}

void fixture_fleet(struct rs_report *out)
{
    part_begin(out);
    for (size_t i = 0; i < FIXTURE_FLEET; i++) {
        fixture_add(out, i);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

void fixture_yuan(struct rs_report *out)
{
    part_begin(out);
    struct rs_resource resource = fleet[0].resource;
    struct rs_advice advice = over_provisioned();
    resource.region = "cn-north-1";
    fixture_put(out, &resource, &advice, &beijing);
}
