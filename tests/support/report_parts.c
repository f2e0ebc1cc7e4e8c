/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_parts.h"

#include "check.h"

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

void part_begin(struct rs_report *out)
{
    rs_report_init(out);
    out->generated_at = FIXTURE_TO + 2 * HOUR;
    out->window = (struct rs_window){FIXTURE_FROM, FIXTURE_TO};
    out->policy = fixture_policy();
}

void part_demand(struct rs_advice *advice, enum rs_dimension d, double used, double peak)
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

struct rs_advice part_advice(const struct rs_offer *current, enum rs_finding finding, double cpu,
                             double memory)
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
    part_demand(&advice, RS_DIM_CPU, cpu, 2.0 * cpu);
    if (!isnan(memory)) {
        part_demand(&advice, RS_DIM_MEMORY, memory, memory);
    }
    return advice;
}

void part_option(struct rs_advice *advice, const struct rs_offer *offer, enum rs_dimension binding,
                 double risk, unsigned differences)
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

void part_reason(struct rs_advice *advice, enum rs_dimension d, bool under, double limit)
{
    const struct rs_demand *demand = &advice->demand[d];
    const struct rs_dimension_info *info = rs_dimension_info(d);
    advice->reasons[advice->reason_count++] = (struct rs_reason){
        under ? info->under : info->over, d, demand->need, limit, demand->used, demand->used_at};
}

void part_note(struct rs_advice *advice, const char *code, const char *text)
{
    struct rs_note *note = &advice->notes[advice->note_count++];
    note->code = code;
    snprintf(note->text, sizeof(note->text), "%s", text);
}

struct rs_advice part_unknown_type(void)
{
    struct rs_advice advice = part_advice(NULL, RS_FINDING_UNKNOWN, 1.0, NAN);
    advice.confidence = RS_CONFIDENCE_LOW;
    part_note(&advice, "TypeNotInCatalog", "type z9.mega is not in the catalog");
    return advice;
}
