/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include <stdlib.h>
#include <string.h>

uint64_t fleet_mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static uint64_t chance(const struct fleet_machine *machine, uint64_t stream, int64_t index)
{
    return fleet_mix(machine->seed + stream * UINT64_C(0xD1342543DE82EF95) +
                     (uint64_t)index * UINT64_C(0x2545F4914F6CDD1D));
}

static int64_t local_time(const struct fleet_machine *machine, int64_t at)
{
    return at + (machine->zone[0] == 'e' ? 1 : -5) * 3600;
}

static bool is_workday(int64_t local)
{
    int64_t weekday = (local / 86400 + 3) % 7; /* 0 is Monday; day 0 was a Thursday */
    return weekday < 5;
}

/* Smooth from 0 at 02:00 to FLEET_FULL at 14:00 and back. */
static uint32_t office_curve(int64_t local)
{
    int64_t distance = llabs(local % 86400 - 14 * 3600);
    distance = distance > 43200 ? 86400 - distance : distance;
    int64_t x = FLEET_FULL - distance * FLEET_FULL / 43200;
    int64_t y = x * x * (3 * FLEET_FULL - 2 * x) / (FLEET_FULL * FLEET_FULL);
    return (uint32_t)(is_workday(local) ? y : y * 5 / 8);
}

static uint32_t shape_at(const struct fleet_machine *machine, int64_t at)
{
    int64_t second = at % 86400, local = local_time(machine, at);
    switch (machine->role->shape) {
    case FLEET_OFFICE:
    case FLEET_WORKDAYS:
        return office_curve(local);
    case FLEET_NIGHTLY:
        return second >= 3600 && second < 5 * 3600 ? FLEET_FULL : 20;
    case FLEET_CRON:
        return second % 3600 < 300 ? FLEET_FULL : second % 3600 < 600 ? 250 : 12;
    case FLEET_FLAT:
        break;
    }
    return 600;
}

static bool is_running(const struct fleet_machine *machine, int64_t at)
{
    if (machine->role->shape == FLEET_WORKDAYS && !machine->steady) {
        int64_t local = local_time(machine, at), hour = local % 86400 / 3600;
        return is_workday(local) && hour >= 8 && hour < 19;
    }
    if (machine->old_type != NULL && at >= machine->resized - 600 && at < machine->resized) {
        return false;
    }
    return (machine->role->flags & FLEET_NEW) == 0 || at >= machine->launched;
}

uint32_t fleet_level(const struct fleet_machine *machine, int64_t at)
{
    static const int64_t knot = 10800; /* hours that differ from day to day, without steps */
    if (!is_running(machine, at)) {
        return FLEET_OFF;
    }
    uint64_t before = chance(machine, 101, at / knot) % FLEET_FULL;
    uint64_t after = chance(machine, 101, at / knot + 1) % FLEET_FULL;
    uint64_t part = (uint64_t)(at % knot);
    uint64_t slow = (before * ((uint64_t)knot - part) + after * part) / (uint64_t)knot;
    uint64_t shape = shape_at(machine, at);
    return (uint32_t)(shape * (FLEET_FULL * 7 / 8 + slow / 4) / FLEET_FULL);
}

/* A value of the range at this level, a few percent up or down. */
static uint64_t within(const struct fleet_machine *machine, struct fleet_range range,
                       uint32_t level, uint64_t unit, uint64_t dice)
{
    uint64_t low = range.low * unit, high = range.high * unit * machine->scale / 64;
    high = high < low ? low : high;
    return (low + (high - low) * level / FLEET_FULL) * (960 + dice % 128) / 1024;
}

static struct fleet_value cpu_sample(const struct fleet_machine *machine, bool maximum,
                                     uint32_t level, int64_t at)
{
    uint64_t dice =
        chance(machine, FLEET_CPU_AVERAGE, at); /* Average and Maximum belong together */
    uint64_t k = within(machine, machine->role->cpu, level, 3, dice) + (dice >> 8) % 3;
    if (machine->old_type != NULL && at < machine->resized) {
        k /= 2;
    }
    if (maximum) {
        k += k * ((dice >> 16) % 256) / 1024 + (dice >> 24) % 40;
        k = (dice >> 32) % 512 == 0 ? 2 * k : k;
    }
    return (struct fleet_value){k > 30000 ? 30000 : k, 300};
}

static struct fleet_value memory_sample(const struct fleet_machine *machine, uint32_t level,
                                        int64_t at)
{
    const struct fleet_range *range = &machine->role->memory;
    uint64_t swing = (uint64_t)(range->high - range->low) * machine->pages / 10000;
    uint64_t used = (uint64_t)range->low * machine->pages / 10000 + swing * level / FLEET_FULL +
                    chance(machine, FLEET_MEMORY, at) % (swing / 16 + 1);
    if (machine->old_type != NULL && at < machine->resized) {
        used /= 2;
    }
    used -= used % 4096; /* 16 MiB: figures that come back pack well */
    return (struct fleet_value){used > machine->pages ? machine->pages : used, machine->pages};
}

static struct fleet_value credit_sample(const struct fleet_plan *plan,
                                        const struct fleet_machine *machine, bool charged,
                                        uint32_t level, int64_t at, uint64_t dice)
{
    const struct fleet_role *role = machine->role;
    uint64_t hours = (uint64_t)(at - plan->from) / 3600, lost = hours * role->drain;
    if (charged) { /* once the surplus, too, is used up: what is burnt beyond what is earned */
        uint64_t spent = lost > 2 * role->credits ? role->drain * (960 + dice % 128) : 0;
        return (struct fleet_value){spent * (uint64_t)plan->step, 3600 * 1024};
    }
    uint64_t left = lost < role->credits ? role->credits - lost : 0;
    uint64_t dip = role->drain == 0 ? level / 64 * 10 + dice % 10 : 0;
    return (struct fleet_value){left * 100 - dip, 100};
}

/* Totals of the step: bytes, or operations of role->io_bytes each. */
static struct fleet_value total_sample(const struct fleet_plan *plan,
                                       const struct fleet_machine *machine,
                                       const struct fleet_column *column, uint32_t level,
                                       uint64_t dice)
{
    const struct fleet_role *role = machine->role;
    const struct fleet_range *ranges[] = {
        [FLEET_NET_IN] = &role->in,       [FLEET_NET_OUT] = &role->out,
        [FLEET_READ_BYTES] = &role->read, [FLEET_WRITE_BYTES] = &role->write,
        [FLEET_READ_OPS] = &role->read,   [FLEET_WRITE_OPS] = &role->write,
    };
    uint64_t step = (uint64_t)plan->step;
    uint64_t total = within(machine, *ranges[column->metric], level, step, dice);
    if (column->volume == 0) { /* the root volume sees a tenth of what the data volume sees */
        total /= 10;
    }
    if (column->metric == FLEET_READ_OPS || column->metric == FLEET_WRITE_OPS) {
        return (struct fleet_value){total / role->io_bytes, 1};
    }
    if (column->metric == FLEET_NET_IN || column->metric == FLEET_NET_OUT) {
        return (struct fleet_value){total + (dice >> 8) % 60, 1};
    }
    return (struct fleet_value){total / 512 * 512, 1}; /* disks move sectors */
}

struct fleet_value fleet_sample(const struct fleet_plan *plan, const struct fleet_machine *machine,
                                const struct fleet_column *column, int64_t at, uint32_t level)
{
    uint64_t stream = (uint64_t)column->metric + 16 * (uint64_t)(column->volume + 1);
    uint64_t dice = chance(machine, stream, at);
    if (level == FLEET_OFF || (dice >> 40) % 1000 < plan->gaps) {
        return (struct fleet_value){0, 0};
    }
    switch (column->metric) {
    case FLEET_CPU_AVERAGE:
    case FLEET_CPU_MAXIMUM:
        return cpu_sample(machine, column->metric == FLEET_CPU_MAXIMUM, level, at);
    case FLEET_MEMORY:
        return memory_sample(machine, level, at);
    case FLEET_CREDIT_BALANCE:
    case FLEET_CREDITS_CHARGED:
        return credit_sample(plan, machine, column->metric == FLEET_CREDITS_CHARGED, level, at,
                             dice);
    default:
        return total_sample(plan, machine, column, level, dice);
    }
}

struct offered { /* a column, and the flags of the machines that have it */
    struct fleet_column column;
    unsigned with, without;
    bool by_volume;
};

#define EC2 "AWS/EC2"
#define EBS "AWS/EBS"
#define AGENT "CWAgent"
#define COLUMN(metric, space, name, stat, unit)                                                    \
    {                                                                                              \
        metric, -1, NULL, space, name, stat, unit                                                  \
    }
#define NO_LINUX_AGENT (FLEET_NO_MEMORY | FLEET_WINDOWS)

static const struct offered columns[] = {
    {COLUMN(FLEET_CPU_AVERAGE, EC2, "CPUUtilization", "Average", "Percent"), 0, 0, false},
    {COLUMN(FLEET_CPU_MAXIMUM, EC2, "CPUUtilization", "Maximum", "Percent"), 0, 0, false},
    {COLUMN(FLEET_MEMORY, AGENT, "mem_used_percent", "Average", "Percent"), 0, NO_LINUX_AGENT,
     false},
    {COLUMN(FLEET_MEMORY, AGENT, "Memory % Committed Bytes In Use", "Average", "Percent"),
     FLEET_WINDOWS, FLEET_NO_MEMORY, false},
    {COLUMN(FLEET_NET_IN, EC2, "NetworkIn", "Sum", "Bytes"), 0, 0, false},
    {COLUMN(FLEET_NET_OUT, EC2, "NetworkOut", "Sum", "Bytes"), 0, 0, false},
    {COLUMN(FLEET_READ_BYTES, EC2, "EBSReadBytes", "Sum", "Bytes"), FLEET_EBS, 0, false},
    {COLUMN(FLEET_WRITE_BYTES, EC2, "EBSWriteBytes", "Sum", "Bytes"), FLEET_EBS, 0, false},
    {COLUMN(FLEET_READ_OPS, EC2, "EBSReadOps", "Sum", "Count"), FLEET_EBS, 0, false},
    {COLUMN(FLEET_WRITE_OPS, EC2, "EBSWriteOps", "Sum", "Count"), FLEET_EBS, 0, false},
    {COLUMN(FLEET_READ_BYTES, EBS, "VolumeReadBytes", "Sum", "Bytes"), FLEET_VOLUMES, 0, true},
    {COLUMN(FLEET_WRITE_BYTES, EBS, "VolumeWriteBytes", "Sum", "Bytes"), FLEET_VOLUMES, 0, true},
    {COLUMN(FLEET_READ_OPS, EBS, "VolumeReadOps", "Sum", "Count"), FLEET_VOLUMES, 0, true},
    {COLUMN(FLEET_WRITE_OPS, EBS, "VolumeWriteOps", "Sum", "Count"), FLEET_VOLUMES, 0, true},
    {COLUMN(FLEET_CREDIT_BALANCE, EC2, "CPUCreditBalance", "Minimum", "Count"), FLEET_BURSTS, 0,
     false},
    {COLUMN(FLEET_CREDITS_CHARGED, EC2, "CPUSurplusCreditsCharged", "Sum", "Count"), FLEET_BURSTS,
     0, false},
};

size_t fleet_columns(const struct fleet_machine *machine, bool mixed,
                     struct fleet_column out[static FLEET_MAX_COLUMNS])
{
    size_t count = 0;
    unsigned flags = machine->role->flags;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if ((flags & columns[i].with) != columns[i].with || (flags & columns[i].without) != 0 ||
            (mixed && columns[i].column.metric == FLEET_WRITE_OPS)) {
            continue;
        }
        size_t owners = columns[i].by_volume ? machine->volume_count : 1;
        for (size_t v = 0; v < owners; v++) {
            out[count] = columns[i].column;
            out[count].volume = columns[i].by_volume ? (int)v : -1;
            out[count++].resource = columns[i].by_volume ? machine->volume[v] : machine->id;
        }
    }
    return count;
}

static void machine_init(const struct fleet_plan *plan, const struct fleet_role *role, size_t i,
                         struct fleet_machine *m)
{
    m->role = role;
    m->steady = plan->steady;
    m->seed = fleet_mix(fleet_mix(plan->seed) + i);
    m->type = plan->mixed ? fleet_type_draw(m->seed >> 8) : fleet_type_find(role->type);
    m->old_type = (role->flags & FLEET_RESIZED) != 0 ? fleet_type_find("m5.4xlarge") : NULL;
    m->scale = plan->mixed ? 32 + (uint32_t)(m->seed >> 16) % 64 : 64;
    m->pages = m->type->memory_mib / 32 * (256 * 31); /* the kernel keeps a thirty-second part */
    m->resized = plan->to - FLEET_RESIZED_BEFORE;
    m->launched = plan->to - (int64_t)(30 + (m->seed >> 24) % 300) * 86400 -
                  (int64_t)((m->seed >> 32) % 86400);
    if ((role->flags & FLEET_NEW) != 0) {
        m->launched = plan->to - 20 * 3600;
    }
    snprintf(m->id, sizeof(m->id), "i-0%016llx", (unsigned long long)fleet_mix(m->seed + 1));
    snprintf(m->image, sizeof(m->image), "ami-0%016llx",
             (unsigned long long)fleet_mix(plan->seed + (role->flags & FLEET_WINDOWS)));
    snprintf(m->zone, sizeof(m->zone), "%s%c",
             role->carrier == FLEET_IN_EU ? "eu-central-1" : "us-east-1",
             (char)('a' + (m->seed >> 40) % 3));
    if (plan->mixed) {
        snprintf(m->name, sizeof(m->name), "%s-%05zu", role->name, i);
    } else {
        snprintf(m->name, sizeof(m->name), "%s", role->name);
    }
    m->volume_count = (role->flags & (FLEET_VOLUMES | FLEET_EBS)) != 0 ? 2 : 1;
    for (size_t v = 0; v < m->volume_count; v++) {
        snprintf(m->volume[v], sizeof(m->volume[v]), "vol-0%016llx",
                 (unsigned long long)fleet_mix(m->seed + 2 + v));
    }
}

bool fleet_build(struct fleet_plan *plan, size_t wanted)
{
    const struct fleet_role *roles = plan->mixed ? fleet_mixed_roles : fleet_demo_roles;
    size_t role_count = 0;
    while (roles[role_count].name != NULL) {
        role_count++;
    }
    if (!plan->mixed && (wanted == 0 || wanted > role_count)) {
        wanted = role_count;
    }
    plan->count = 0;
    plan->machines = calloc(wanted + 1, sizeof(*plan->machines));
    for (size_t i = 0; plan->machines != NULL && i < wanted; i++) {
        const struct fleet_role *role = &roles[i % role_count];
        if (plan->carriers == 0 || (plan->carriers & role->carrier) != 0) {
            machine_init(plan, role, i, &plan->machines[plan->count++]);
        }
    }
    return plan->machines != NULL;
}
