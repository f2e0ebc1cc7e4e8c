/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_fixture.h"

#include "check.h"
#include "rightsize/text.h"

#include <locale.h>
#include <stdlib.h>

#define GIB 1073741824.0
#define FIXTURE_FROM INT64_C(1794614400) /* 2026-11-14T00:00:00Z */
#define FIXTURE_TO (FIXTURE_FROM + 14 * RS_DAY_SECONDS)
#define HOUR INT64_C(3600)

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

static struct rs_policy policy;

static const struct rs_policy *fixture_policy(void)
{
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_policy_preset(NULL, &policy, &err));
    snprintf(policy.name, sizeof(policy.name), "fixture");
    policy.cpu_percentile = 99.5;
    policy.cpu_headroom = policy.memory_headroom = policy.io_headroom = 0.2;
    policy.memory_percentile = 100.0;
    policy.min_data = 30 * HOUR;
    return &policy;
}

static void begin(struct rs_report *out)
{
    rs_report_init(out);
    out->generated_at = FIXTURE_TO + 2 * HOUR;
    out->window = (struct rs_window){FIXTURE_FROM, FIXTURE_TO};
    out->policy = fixture_policy();
}

void fixture_empty(struct rs_report *out)
{
    begin(out);
}

static void set_demand(struct rs_advice *advice, enum rs_dimension d, double used, double peak)
{
    static const struct {
        const char *metric, *statistic;
        double percentile;
    } reads[RS_DIM_COUNT] = {
        [RS_DIM_CPU] = {"cpu_percent", "max", 99.5},
        [RS_DIM_MEMORY] = {"mem_percent", "max", 100.0},
        [RS_DIM_NET_IN] = {"net_in_bytes_per_s", "sum_rate", 99.5},
        [RS_DIM_NET_OUT] = {"net_out_bytes_per_s", "sum_rate", 99.5},
        [RS_DIM_NET_PACKETS] = {"net_in_packets_per_s + net_out_packets_per_s", "avg", 99.5},
        [RS_DIM_EBS_BYTES] = {"ebs_read_bytes_per_s + ebs_write_bytes_per_s", "avg", 99.5},
        [RS_DIM_EBS_OPS] = {"ebs_read_ops_per_s + ebs_write_ops_per_s", "avg", 99.5},
        [RS_DIM_DISK_BYTES] = {"disk_read_bytes_per_s + disk_write_bytes_per_s", "avg", 99.5},
        [RS_DIM_DISK_OPS] = {"disk_read_ops_per_s + disk_write_ops_per_s", "avg", 99.5}};
    advice->demand[d] = (struct rs_demand){
        .known = true,
        .metric = reads[d].metric,
        .statistic = reads[d].statistic,
        .step = 300,
        .percentile = reads[d].percentile,
        .headroom = 0.2,
        .used = used,
        .need = used / 0.8,
        .need_low = NAN,
        .need_high = NAN,
        .mean = used / 4.0,
        .peak = peak,
        .used_at = FIXTURE_FROM + (3 + (int64_t)d) * RS_DAY_SECONDS + 10 * HOUR + 300,
        .peak_at = FIXTURE_FROM + (4 + (int64_t)d) * RS_DAY_SECONDS + 9 * HOUR,
        .samples = 4032,
        .coverage = 1.0,
        .capacity = advice->current != NULL ? rs_offer_capacity(advice->current, d) : NAN};
}

static struct rs_advice advice_for(const struct rs_offer *current, enum rs_finding finding,
                                   double cpu, double memory)
{
    struct rs_advice advice = {.current = current,
                               .current_monthly =
                                   current != NULL ? current->price * RS_HOURS_PER_MONTH : NAN,
                               .finding = finding,
                               .confidence = RS_CONFIDENCE_HIGH,
                               .data_from = FIXTURE_FROM,
                               .data_to = FIXTURE_TO,
                               .samples = 4032,
                               .coverage = 1.0,
                               .running_share = 1.0,
                               .memory_unlock_monthly = NAN};
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        advice.demand[d] = (struct rs_demand){
            .used = NAN,
            .need = NAN,
            .mean = NAN,
            .peak = NAN,
            .used_at = -1,
            .peak_at = -1,
            .coverage = NAN,
            .need_low = NAN,
            .need_high = NAN,
            .capacity = current != NULL ? rs_offer_capacity(current, (enum rs_dimension)d) : NAN};
    }
    set_demand(&advice, RS_DIM_CPU, cpu, 2.0 * cpu);
    if (!isnan(memory)) {
        set_demand(&advice, RS_DIM_MEMORY, memory, memory);
    }
    return advice;
}

static void add_option(struct rs_advice *advice, const struct rs_offer *offer,
                       enum rs_dimension binding, double risk, unsigned differences)
{
    struct rs_option_offer option = {
        .offer = offer,
        .monthly_price = offer->price * RS_HOURS_PER_MONTH,
        .performance_risk = risk,
        .binding = binding,
        .differences = differences,
        .migration_effort = (differences & RS_DIFFERS_ARCHITECTURE) != 0 ? "Medium" : "VeryLow",
        .lowest_credits = NAN,
        .lowest_credits_at = -1};
    option.monthly_saving = advice->current_monthly - option.monthly_price;
    option.saving_share = option.monthly_saving / advice->current_monthly;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        double capacity = rs_offer_capacity(offer, (enum rs_dimension)d);
        option.utilisation[d] = advice->demand[d].used / capacity;
        option.peak_utilisation[d] = advice->demand[d].peak / capacity;
        option.risk[d] = isnan(option.utilisation[d]) ? NAN : risk;
    }
    advice->options[advice->option_count++] = option;
    advice->binding = advice->options[0].binding;
    advice->binding_known = true;
}

static void add_reason(struct rs_advice *advice, enum rs_dimension d, bool under, double limit)
{
    const struct rs_demand *demand = &advice->demand[d];
    const struct rs_dimension_info *info = rs_dimension_info(d);
    advice->reasons[advice->reason_count++] = (struct rs_reason){
        under ? info->under : info->over, d, demand->need, limit, demand->used, demand->used_at};
}

static void add_note(struct rs_advice *advice, const char *code, const char *text)
{
    struct rs_note *note = &advice->notes[advice->note_count++];
    note->code = code;
    snprintf(note->text, sizeof(note->text), "%s", text);
}

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
        advice_for(&offers[M5_2XLARGE], RS_FINDING_OVER_PROVISIONED, 0.88, 9.9 * GIB);
    set_demand(&advice, RS_DIM_NET_IN, 3.2e6, 12.5e6);
    set_demand(&advice, RS_DIM_NET_OUT, 8.75e6, 31e6);
    set_demand(&advice, RS_DIM_EBS_OPS, 410, 1220);
    add_option(&advice, &offers[R6I_LARGE], RS_DIM_MEMORY, 1.25,
               RS_DIFFERS_NETWORK_INTERFACE | RS_DIFFERS_STORAGE_INTERFACE);
    add_option(&advice, &offers[M6G_LARGE], RS_DIM_MEMORY, 2.5, RS_DIFFERS_ARCHITECTURE);
    add_option(&advice, &offers[T3_LARGE], RS_DIM_MEMORY, 3.0, 0);
    advice.options[2].lowest_credits = 118.0;
    advice.options[2].lowest_credits_at = FIXTURE_FROM + 5 * RS_DAY_SECONDS;
    add_reason(&advice, RS_DIM_CPU, false, 2.0);
    add_reason(&advice, RS_DIM_MEMORY, false, 16.0 * GIB);
    add_gates(&advice);
    add_depth(&advice);
    return advice;
}

static struct rs_advice under_provisioned(void)
{
    struct rs_advice advice =
        advice_for(&offers[M5_LARGE], RS_FINDING_UNDER_PROVISIONED, 0.52, 7.8 * GIB);
    add_option(&advice, &offers[R6I_LARGE], RS_DIM_MEMORY, 1.0, 0);
    add_reason(&advice, RS_DIM_MEMORY, true, 8.0 * GIB);
    add_gates(&advice);
    return advice;
}

static struct rs_advice cheaper_same_size(void)
{
    struct rs_advice advice = advice_for(&offers[M5_LARGE], RS_FINDING_OPTIMIZED, 1.4, 6.1 * GIB);
    add_option(&advice, &offers[M6G_LARGE], RS_DIM_MEMORY, 2.0, RS_DIFFERS_ARCHITECTURE);
    add_note(&advice, "PriceEstimated",
             "a price of this comparison is an estimate, not a published one");
    return advice;
}

static struct rs_advice idle(void)
{
    struct rs_advice advice = advice_for(&offers[M5_LARGE], RS_FINDING_IDLE, 0.02, 0.9 * GIB);
    set_demand(&advice, RS_DIM_NET_IN, 12, 80);
    set_demand(&advice, RS_DIM_NET_OUT, 8, 60);
    add_note(&advice, "Idle", "nothing seems to use it; to stop it would save 78.11 USD a month");
    return advice;
}

static struct rs_advice unknown_type(void)
{
    struct rs_advice advice = advice_for(NULL, RS_FINDING_UNKNOWN, 1.0, NAN);
    advice.confidence = RS_CONFIDENCE_LOW;
    add_note(&advice, "TypeNotInCatalog", "type z9.mega is not in the catalog");
    return advice;
}

static struct rs_advice without_memory(void)
{
    struct rs_advice advice =
        advice_for(&offers[M5_2XLARGE], RS_FINDING_OVER_PROVISIONED, 2.1, NAN);
    advice.confidence = RS_CONFIDENCE_LOW;
    advice.samples = 240;
    advice.data_from = FIXTURE_TO - 20 * HOUR;
    advice.coverage = 240.0 / 4032.0;
    advice.memory_unlock_monthly = 88.75;
    add_option(&advice, &offers[M5_XLARGE], RS_DIM_CPU, 2.25, 0);
    add_reason(&advice, RS_DIM_CPU, false, 4.0);
    add_note(&advice, "MemoryUnknown", "memory was not measured");
    return advice;
}

static struct rs_advice ebs_bound(void)
{
    struct rs_advice advice = advice_for(&offers[C5_LARGE], RS_FINDING_OPTIMIZED, 1.5, 3.1 * GIB);
    set_demand(&advice, RS_DIM_EBS_OPS, 4790, 6100);
    advice.binding = RS_DIM_EBS_OPS;
    advice.binding_known = true;
    return advice;
}

static struct rs_advice fits(void)
{
    struct rs_advice advice = advice_for(&offers[M6I_LARGE], RS_FINDING_OPTIMIZED, 1.55, 6.3 * GIB);
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
     unknown_type},
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

void fixture_put(struct rs_report *report, const struct rs_resource *resource,
                 const struct rs_advice *advice, const struct rs_catalog_info *catalog)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_entry entry = {.advice = *advice};
    rs_entry_borrow(&entry, resource, catalog);
    check_ok(rs_report_add(report, &entry, &err));
}

void fixture_add(struct rs_report *report, size_t i)
{
    struct rs_advice advice = fleet[i].advice();
    fixture_put(report, &fleet[i].resource, &advice, fleet[i].catalog);
}

void fixture_fleet(struct rs_report *out)
{
    begin(out);
    for (size_t i = 0; i < FIXTURE_FLEET; i++) {
        fixture_add(out, i);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

void fixture_hostile(struct rs_report *out)
{
    static const char *const names[] = {"\x1b[2J\x1b[31mred",
                                        "a\u202egnp.exe",
                                        "=cmd()|' /C calc'!A1",
                                        "say \"hi\", twice",
                                        "one | two",
                                        "line\nbreak\r\ttab",
                                        "bad \xff\xfe utf-8",
                                        "<b>&'`*_[x](y)",
                                        "\u65e5\u672c\u8a9e",
                                        "\xc2\x9b[31m",
                                        "\\x1b",
                                        "+1-1",
                                        "@sum"};
    begin(out);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char id[32];
        struct rs_tag tag = {names[i], names[i]};
        snprintf(id, sizeof(id), "i-%04zu", i);
        struct rs_resource resource = {.id = id,
                                       .name = names[i],
                                       .region = names[i],
                                       .account = names[i],
                                       .provider = names[i],
                                       .state = names[i],
                                       .platform = names[i],
                                       .type = names[i],
                                       .tags = &tag,
                                       .tag_count = 1};
        struct rs_advice advice = unknown_type();
        snprintf(advice.notes[0].text, sizeof(advice.notes[0].text), "type %s is not known",
                 names[i]);
        fixture_put(out, &resource, &advice, NULL);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

static void add_unknown_depth(struct rs_advice *advice)
{
    struct rs_option_offer *option = &advice->options[0];
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        option->short_share[d] = option->chance[d] = option->above_baseline[d] = NAN;
        advice->current_short[d] = NAN;
        advice->resize.short_before[d] = advice->resize.short_after[d] = NAN;
    }
    option->throttled_share = option->monthly_surplus = option->speed = NAN;
    option->monthly_reserved_1y = option->monthly_reserved_3y = option->monthly_spot = NAN;
    advice->current_speed = NAN;
    advice->bootstrap = (struct rs_bootstrap){200, 0, NAN, NAN};
    advice->resize.from = "blank-before";
    advice->resize.at = FIXTURE_FROM;
    advice->resize.monthly_before = advice->resize.monthly_after = NAN;
    advice->observations[0] = (struct rs_observation){.code = "Odd",
                                                      .dimension = RS_DIM_CPU,
                                                      .from = -1,
                                                      .to = -1,
                                                      .value = NAN,
                                                      .reference = NAN,
                                                      .strength = NAN,
                                                      .p = NAN,
                                                      .monthly_saving = NAN};
    advice->observation_count = 1;
}

void fixture_unknown(struct rs_report *out)
{
    static const struct rs_catalog_info nothing = {0};
    static const struct rs_offer blank = {.type = "blank",
                                          .vcpus = NAN,
                                          .memory_bytes = NAN,
                                          .net_baseline = NAN,
                                          .ebs_baseline = NAN,
                                          .ebs_baseline_ops = NAN,
                                          .price = NAN};
    begin(out);
    for (int f = 0; f < RS_FINDING_COUNT; f++) {
        char id[24];
        snprintf(id, sizeof(id), "n-%d", f);
        struct rs_resource resource = {.id = id};
        struct rs_advice advice = advice_for(&blank, (enum rs_finding)f, NAN, NAN);
        set_demand(&advice, RS_DIM_MEMORY, NAN, NAN);
        advice.demand[RS_DIM_CPU].known = f % 2 == 0;
        advice.demand[RS_DIM_CPU].metric = NULL;
        advice.demand[RS_DIM_CPU].statistic = NULL;
        advice.demand[RS_DIM_CPU].used_at = -1;
        advice.data_from = advice.data_to = -1;
        advice.samples = 0;
        advice.coverage = advice.running_share = NAN;
        add_option(&advice, &blank, RS_DIM_CPU, NAN, 0);
        advice.options[0].migration_effort = NULL;
        add_reason(&advice, RS_DIM_CPU, true, NAN);
        advice.reasons[0].at = -1;
        add_unknown_depth(&advice);
        fixture_put(out, &resource, &advice, &nothing);
    }
    rs_report_sort(out, RS_ORDER_SAVING);
}

void fixture_yuan(struct rs_report *out)
{
    begin(out);
    struct rs_resource resource = fleet[0].resource;
    struct rs_advice advice = over_provisioned();
    resource.region = "cn-north-1";
    fixture_put(out, &resource, &advice, &beijing);
}

void fixture_write(const char *format, const struct rs_report *report, const struct rs_page *page,
                   struct rs_buffer *out)
{
    struct rs_error err = {RS_OK, ""};
    rs_buffer_init(out);
    const struct rs_format *found = rs_format_by_name(format);
    assert_non_null(found);
    check_ok(rs_format_write(found, report, page, out, &err));
}

bool fixture_utf8_locale(void)
{
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

void check_golden(const char *name, const char *text)
{
    char path[256];
    const char *mode = getenv("GOLDEN");
    struct rs_buffer wanted;
    struct rs_error err = {RS_OK, ""};
    snprintf(path, sizeof(path), "tests/golden/%s", name);
    if (mode != NULL && strcmp(mode, "write") == 0) {
        write_file(path, text);
        return;
    }
    rs_buffer_init(&wanted);
    check_ok(rs_buffer_read_file(&wanted, path, (size_t)1 << 20, &err));
    size_t same = 0, line = 1;
    while (text[same] != '\0' && text[same] == wanted.data[same]) {
        line += text[same] == '\n';
        same++;
    }
    bool equal = text[same] == wanted.data[same];
    rs_buffer_release(&wanted);
    if (!equal) {
        print_error("%s: line %zu differs; all of it is now:\n%s", path, line, text);
        fail();
    }
}
