/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include <string.h>

/* The sets of dimensions under which EC2 publishes the same sample. */
static const char *const dimension_sets[] = {"InstanceId", "InstanceType", "ImageId",
                                             "AutoScalingGroupName", NULL};

static const char *dimension_value(const struct fleet_machine *machine, const char *name)
{
    switch (name[0]) {
    case 'A':
        return machine->role->group;
    default:
        return strcmp(name, "InstanceId") == 0     ? machine->id
               : strcmp(name, "InstanceType") == 0 ? machine->type->name
                                                   : machine->image;
    }
}

static void put_dimension(struct fleet_out *out, const char *before, const char *name,
                          const char *value)
{
    const char *const words[] = {before, "\"", name, "\":\"", value, "\""};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fleet_put(out, words[i]);
    }
}

/* The agent publishes once, under all dimensions; EC2 once under each; EBS by volume. */
static void put_dimensions(struct fleet_out *out, const struct fleet_machine *machine,
                           const struct fleet_column *column, const char *only)
{
    fleet_put(out, ",\"dimensions\":{");
    if (column->volume >= 0) {
        put_dimension(out, "", "VolumeId", column->resource);
    } else if (only != NULL) {
        put_dimension(out, "", only, dimension_value(machine, only));
    } else if (column->name_space[0] == 'C') {
        const char *before = "";
        for (size_t i = 4; i-- > 0;) {
            const char *value = dimension_value(machine, dimension_sets[i]);
            if (value != NULL) {
                put_dimension(out, before, dimension_sets[i], value);
                before = ",";
            }
        }
    }
    fleet_put(out, "}");
}

static void put_member(struct fleet_out *out, const char *name, uint64_t numerator,
                       uint64_t denominator)
{
    fleet_put(out, name);
    fleet_put_ratio(out, numerator, denominator, 14);
    if (numerator % denominator == 0) {
        fleet_put(out, ".0");
    }
}

/* A minute is one datum; a longer step holds five of basic monitoring. */
static void put_statistics(struct fleet_out *out, const struct fleet_plan *plan,
                           const struct fleet_column *column, struct fleet_value value,
                           uint64_t maximum)
{
    uint64_t count = plan->step < 300 ? 1 : 5, n = value.numerator, d = value.denominator;
    bool total = strcmp(column->statistic, "Sum") == 0;
    uint64_t low = total ? n / count - n / count / 8 : n - n / 8;
    uint64_t high = total ? n / count + n / count / 8 : maximum > n ? maximum : n;
    fleet_put(out, ",\"value\":{");
    put_member(out, "\"count\":", count, 1);
    put_member(out, ",\"sum\":", total ? n : n * count, d);
    put_member(out, ",\"max\":", count == 1 ? n : high, d);
    put_member(out, ",\"min\":", count == 1 ? n : low, d);
    fleet_put(out, "},\"unit\":\"");
    fleet_put(out, column->unit);
    fleet_put(out, "\"}\n");
}

static void put_object(struct fleet_out *out, const struct fleet_plan *plan,
                       const struct fleet_machine *machine, const struct fleet_column *column,
                       const char *only, int64_t at, const struct fleet_value values[2])
{
    fleet_put(out, "{\"metric_stream_name\":\"all-metrics\",\"account_id\":\"123456789012\","
                   "\"region\":\"");
    fleet_put_bytes(out, machine->zone, strlen(machine->zone) - 1);
    fleet_put(out, "\",\"namespace\":\"");
    fleet_put(out, column->name_space);
    fleet_put(out, "\",\"metric_name\":\"");
    fleet_put(out, column->name);
    fleet_put(out, "\"");
    put_dimensions(out, machine, column, only);
    fleet_put(out, ",\"timestamp\":");
    fleet_put_int(out, (uint64_t)at);
    fleet_put(out, "000");
    put_statistics(out, plan, column, values[0], values[1].numerator);
}

static void put_machine(struct fleet_out *out, const struct fleet_plan *plan,
                        const struct fleet_machine *machine, int64_t at)
{
    static const struct fleet_column highest = {.metric = FLEET_CPU_MAXIMUM, .volume = -1};
    struct fleet_column columns[FLEET_MAX_COLUMNS];
    size_t count = fleet_columns(machine, plan->mixed, columns);
    uint32_t level = fleet_level(machine, at);
    for (size_t c = 0; c < count; c++) {
        const struct fleet_column *column = &columns[c];
        struct fleet_value values[2] = {fleet_sample(plan, machine, column, at, level), {0, 0}};
        if (values[0].denominator == 0 || column->metric == FLEET_CPU_MAXIMUM) {
            continue; /* the maximum is in the object of the average */
        }
        if (column->metric == FLEET_MEMORY) {
            values[0].numerator *= 100;
        } else if (column->metric == FLEET_CPU_AVERAGE) {
            values[1] = fleet_sample(plan, machine, &highest, at, level);
        }
        bool many = strcmp(column->name_space, "AWS/EC2") == 0 && !plan->mixed;
        for (size_t i = many ? 0 : 4; i < 5; i++) {
            const char *only =
                plan->mixed && column->name_space[0] != 'C' ? "InstanceId" : dimension_sets[i];
            if (only == NULL || dimension_value(machine, only) != NULL) {
                put_object(out, plan, machine, column, only, at, values);
            }
        }
    }
}

bool fleet_write_stream(const struct fleet_plan *plan, struct fleet_out *out)
{
    for (int64_t at = plan->from; at < plan->to; at += plan->step) {
        for (size_t m = 0; m < plan->count; m++) {
            put_machine(out, plan, &plan->machines[m], at);
        }
    }
    return true;
}
