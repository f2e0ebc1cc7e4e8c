/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

struct field { /* of the generic CSV, in canonical units */
    enum fleet_metric metric;
    const char *name;
};

static const struct field fields[] = {
    {FLEET_CPU_AVERAGE, "cpu_percent"},         {FLEET_MEMORY, "mem_used_bytes"},
    {FLEET_NET_IN, "net_in_bytes_per_s"},       {FLEET_NET_OUT, "net_out_bytes_per_s"},
    {FLEET_READ_BYTES, "ebs_read_bytes_per_s"}, {FLEET_WRITE_BYTES, "ebs_write_bytes_per_s"},
    {FLEET_READ_OPS, "ebs_read_ops_per_s"},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static struct fleet_value field_sample(const struct fleet_plan *plan,
                                       const struct fleet_machine *machine,
                                       enum fleet_metric metric, int64_t at, uint32_t level)
{
    struct fleet_column column = {.metric = metric, .volume = -1};
    if (metric == FLEET_MEMORY && (machine->role->flags & FLEET_NO_MEMORY) != 0) {
        return (struct fleet_value){0, 0};
    }
    return fleet_sample(plan, machine, &column, at, level);
}

static void put_canonical(struct fleet_out *out, const struct fleet_plan *plan,
                          enum fleet_metric metric, struct fleet_value value)
{
    if (metric == FLEET_MEMORY) {
        fleet_put_int(out, value.numerator * 4096);
    } else if (metric == FLEET_CPU_AVERAGE) {
        fleet_put_ratio(out, value.numerator, value.denominator, 14);
    } else {
        fleet_put_ratio(out, value.numerator, (uint64_t)plan->step, 3);
    }
}

static void put_row(struct fleet_out *out, const struct fleet_plan *plan,
                    const struct fleet_machine *machine, int64_t at, uint32_t level)
{
    fleet_put_when(out, at, "-T");
    fleet_put(out, "Z,");
    fleet_put(out, machine->id);
    for (size_t f = 0; f < FIELDS; f++) {
        enum fleet_metric metric = fields[f].metric;
        struct fleet_value value = field_sample(plan, machine, metric, at, level);
        fleet_put(out, ",");
        if (value.denominator != 0) {
            put_canonical(out, plan, metric, value);
        }
    }
    fleet_put(out, "\n");
}

bool fleet_write_csv(const struct fleet_plan *plan, struct fleet_out *out)
{
    fleet_put(out, "timestamp,instance");
    for (size_t f = 0; f < FIELDS; f++) {
        fleet_put(out, ",");
        fleet_put(out, fields[f].name);
    }
    fleet_put(out, "\n");
    for (size_t m = 0; m < plan->count; m++) {
        const struct fleet_machine *machine = &plan->machines[m];
        for (int64_t at = plan->from; at < plan->to; at += plan->step) {
            uint32_t level = fleet_level(machine, at);
            if (level != FLEET_OFF) {
                put_row(out, plan, machine, at, level);
            }
        }
    }
    return true;
}

static void put_long(struct fleet_out *out, const struct fleet_plan *plan,
                     const struct fleet_machine *machine, const struct field *field)
{
    for (int64_t at = plan->from; at < plan->to; at += plan->step) {
        uint32_t level = fleet_level(machine, at);
        struct fleet_value value = field_sample(plan, machine, field->metric, at, level);
        if (value.denominator == 0) {
            continue;
        }
        fleet_put(out, machine->id);
        fleet_put(out, "/");
        fleet_put(out, field->name);
        fleet_put(out, ",");
        fleet_put_int(out, (uint64_t)at);
        fleet_put(out, ",");
        put_canonical(out, plan, field->metric, value);
        fleet_put(out, "\n");
    }
}

bool fleet_write_csv_long(const struct fleet_plan *plan, struct fleet_out *out)
{
    fleet_put(out, "series,epoch,value\n");
    for (size_t m = 0; m < plan->count; m++) {
        for (size_t f = 0; f < FIELDS; f++) {
            put_long(out, plan, &plan->machines[m], &fields[f]);
        }
    }
    return true;
}

static void put_console_row(struct fleet_out *out, const struct fleet_column *columns, size_t count,
                            const char *key, int what)
{
    fleet_put(out, key);
    for (size_t c = 0; c < count; c++) {
        fleet_put(out, ",");
        if (what == 'i') {
            fleet_put(out, "m");
            fleet_put_int(out, c + 1);
        } else if (what == 's') {
            fleet_put(out, "Complete");
        } else if (what == 'l') {
            fleet_put(out, columns[c].name);
        }
    }
    fleet_put(out, "\n");
}

static void put_full_labels(struct fleet_out *out, const struct fleet_plan *plan,
                            const struct fleet_machine *machine, const struct fleet_column *columns,
                            size_t count)
{
    size_t letters = 0;
    while (machine->zone[letters + 1] != '\0') { /* the region is the zone less its letter */
        letters++;
    }
    fleet_put(out, "Full label");
    for (size_t c = 0; c < count; c++) {
        const char *const words[] = {":",
                                     columns[c].name_space,
                                     " InstanceId:",
                                     machine->id,
                                     " ",
                                     columns[c].name,
                                     " ",
                                     columns[c].statistic,
                                     " "};
        fleet_put(out, ",");
        fleet_put_bytes(out, machine->zone, letters);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            fleet_put(out, words[i]);
        }
        fleet_put_int(out, (uint64_t)plan->step);
    }
    fleet_put(out, "\n");
}

/* What the console's "Download as .csv" gives of the first machine. */
bool fleet_write_console(const struct fleet_plan *plan, struct fleet_out *out)
{
    struct fleet_column columns[FLEET_MAX_COLUMNS];
    if (plan->count == 0) {
        return true;
    }
    const struct fleet_machine *machine = &plan->machines[0];
    size_t count = fleet_columns(machine, plan->mixed, columns);
    put_console_row(out, columns, count, "Id", 'i');
    put_console_row(out, columns, count, "StatusCode", 's');
    put_console_row(out, columns, count, "Messages", 0);
    put_full_labels(out, plan, machine, columns, count);
    put_console_row(out, columns, count, "Label", 'l');
    for (int64_t at = plan->from; at < plan->to; at += plan->step) {
        uint32_t level = fleet_level(machine, at);
        fleet_put_when(out, at, "/ ");
        for (size_t c = 0; c < count; c++) {
            struct fleet_value value = fleet_sample(plan, machine, &columns[c], at, level);
            fleet_put(out, ",");
            if (value.denominator != 0) {
                uint64_t factor = columns[c].metric == FLEET_MEMORY ? 100 : 1;
                fleet_put_ratio(out, value.numerator * factor, value.denominator, 14);
            }
        }
        fleet_put(out, "\n");
    }
    return true;
}
