/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"

#include "source/shown.h"

#include <string.h>
#include <strings.h>

#define TOTAL(space, name, kind, metric, unit)                                                     \
    {                                                                                              \
        space, name, RS_KIND_##kind, RS_METRIC_##metric, unit, 1.0, 0.0, true                      \
    }
#define GAUGE(space, name, metric, unit)                                                           \
    {                                                                                              \
        space, name, RS_KIND_INSTANCE, RS_METRIC_##metric, unit, 1.0, 0.0, false                   \
    }
#define SCALED(space, name, metric, unit, factor, offset)                                          \
    {                                                                                              \
        space, name, RS_KIND_INSTANCE, RS_METRIC_##metric, unit, factor, offset, false             \
    }
#define CARD(name, metric, unit, factor)                                                           \
    {                                                                                              \
        "CWAgent", name, RS_KIND_GPU, RS_METRIC_##metric, unit, factor, 0.0, false                 \
    }

const struct rs_cw_mapping rs_cw_mappings[] = {
    GAUGE("AWS/EC2", "CPUUtilization", CPU_PERCENT, "Percent"),
    TOTAL("AWS/EC2", "NetworkIn", INSTANCE, NET_IN_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "NetworkOut", INSTANCE, NET_OUT_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "NetworkPacketsIn", INSTANCE, NET_IN_PACKETS, "Count"),
    TOTAL("AWS/EC2", "NetworkPacketsOut", INSTANCE, NET_OUT_PACKETS, "Count"),
    TOTAL("AWS/EC2", "EBSReadBytes", INSTANCE, EBS_READ_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "EBSWriteBytes", INSTANCE, EBS_WRITE_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "EBSReadOps", INSTANCE, EBS_READ_OPS, "Count"),
    TOTAL("AWS/EC2", "EBSWriteOps", INSTANCE, EBS_WRITE_OPS, "Count"),
    TOTAL("AWS/EC2", "DiskReadBytes", INSTANCE, DISK_READ_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "DiskWriteBytes", INSTANCE, DISK_WRITE_BYTES, "Bytes"),
    TOTAL("AWS/EC2", "DiskReadOps", INSTANCE, DISK_READ_OPS, "Count"),
    TOTAL("AWS/EC2", "DiskWriteOps", INSTANCE, DISK_WRITE_OPS, "Count"),
    GAUGE("AWS/EC2", "EBSIOBalance%", EBS_IO_BALANCE_PERCENT, "Percent"),
    GAUGE("AWS/EC2", "EBSByteBalance%", EBS_BYTE_BALANCE_PERCENT, "Percent"),
    GAUGE("AWS/EC2", "CPUCreditBalance", CPU_CREDIT_BALANCE, "Count"),
    GAUGE("AWS/EC2", "CPUCreditUsage", CPU_CREDIT_USAGE, "Count"),
    GAUGE("AWS/EC2", "CPUSurplusCreditBalance", CPU_SURPLUS_CREDIT_BALANCE, "Count"),
    GAUGE("AWS/EC2", "CPUSurplusCreditsCharged", CPU_SURPLUS_CREDITS_CHARGED, "Count"),
    GAUGE("AWS/EC2", "InstanceEBSIOPSExceededCheck", EBS_IOPS_EXCEEDED, "None"),
    GAUGE("AWS/EC2", "InstanceEBSThroughputExceededCheck", EBS_THROUGHPUT_EXCEEDED, "None"),
    GAUGE("AWS/EC2", "StatusCheckFailed", STATUS_CHECK_FAILED, "Count"),
    TOTAL("AWS/EBS", "VolumeReadBytes", VOLUME, EBS_READ_BYTES, "Bytes"),
    TOTAL("AWS/EBS", "VolumeWriteBytes", VOLUME, EBS_WRITE_BYTES, "Bytes"),
    TOTAL("AWS/EBS", "VolumeReadOps", VOLUME, EBS_READ_OPS, "Count"),
    TOTAL("AWS/EBS", "VolumeWriteOps", VOLUME, EBS_WRITE_OPS, "Count"),
    GAUGE("CWAgent", "mem_used_percent", MEM_PERCENT, "Percent"),
    SCALED("CWAgent", "mem_available_percent", MEM_PERCENT, "Percent", -1.0, 100.0),
    GAUGE("CWAgent", "mem_used", MEM_USED_BYTES, "Bytes"),
    GAUGE("CWAgent", "mem_available", MEM_AVAILABLE_BYTES, "Bytes"),
    GAUGE("CWAgent", "swap_used_percent", SWAP_USED_PERCENT, "Percent"),
    CARD("nvidia_smi_utilization_gpu", GPU_PERCENT, "Percent", 1.0),
    CARD("nvidia_smi_memory_used", GPU_MEMORY_USED_BYTES, "Megabytes", 1048576.0), /* MiB */
    /* Windows counters: the agent puts the object before the counter unless it was renamed. */
    SCALED("CWAgent", "Memory Available MBytes", MEM_AVAILABLE_BYTES, "Megabytes", 1048576.0, 0.0),
    SCALED("CWAgent", "Available MBytes", MEM_AVAILABLE_BYTES, "Megabytes", 1048576.0, 0.0),
    SCALED("CWAgent", "Memory Available KBytes", MEM_AVAILABLE_BYTES, "Kilobytes", 1024.0, 0.0),
    SCALED("CWAgent", "Available KBytes", MEM_AVAILABLE_BYTES, "Kilobytes", 1024.0, 0.0),
    GAUGE("CWAgent", "Memory Available Bytes", MEM_AVAILABLE_BYTES, "Bytes"),
    GAUGE("CWAgent", "Available Bytes", MEM_AVAILABLE_BYTES, "Bytes"),
    GAUGE("CWAgent", "Memory % Committed Bytes In Use", MEM_COMMITTED_PERCENT, "Percent"),
    GAUGE("CWAgent", "% Committed Bytes In Use", MEM_COMMITTED_PERCENT, "Percent"),
    GAUGE("CWAgent", "Paging File % Usage", SWAP_USED_PERCENT, "Percent"),
    GAUGE("System/Linux", "MemoryUtilization", MEM_PERCENT, "Percent"),
    SCALED("System/Linux", "MemoryUsed", MEM_USED_BYTES, "Megabytes", 1048576.0, 0.0),
    GAUGE("System/Linux", "SwapUtilization", SWAP_USED_PERCENT, "Percent"),
    GAUGE("System/Windows", "MemoryUtilization", MEM_PERCENT, "Percent"),
    SCALED("System/Windows", "MemoryUsed", MEM_USED_BYTES, "Megabytes", 1048576.0, 0.0),
    {0},
};

static bool is_memory(enum rs_metric metric)
{
    return metric == RS_METRIC_MEM_PERCENT || metric == RS_METRIC_MEM_USED_BYTES ||
           metric == RS_METRIC_MEM_AVAILABLE_BYTES || metric == RS_METRIC_MEM_COMMITTED_PERCENT;
}

/* AWS/RDS and its like have metrics of the same names; only EC2's own near misses matter. */
static bool another_service(const char *name_space)
{
    return strncmp(name_space, "AWS/", 4) == 0 && strcmp(name_space, "AWS/EC2") != 0 &&
           strcmp(name_space, "AWS/EBS") != 0;
}

static void note_near_miss(const char *name_space, const char *metric, struct rs_tally *tally)
{
    char space_shown[RS_SHOWN], metric_shown[RS_SHOWN];
    for (const struct rs_cw_mapping *row = rs_cw_mappings; row->name_space != NULL; row++) {
        if (strcasecmp(row->metric, metric) != 0) {
            continue;
        }
        bool same_space = strcasecmp(row->name_space, name_space) == 0;
        if (same_space) {
            rs_tally_note(tally, "'%s %s' is not read: names are case-sensitive, '%s %s' is meant",
                          rs_shown(name_space, space_shown), rs_shown(metric, metric_shown),
                          row->name_space, row->metric);
            return;
        }
        if (is_memory(row->canonical) && !another_service(name_space)) {
            rs_tally_note(tally,
                          "'%s' in namespace '%s' is not read: publish it in '%s' or "
                          "export it as the generic CSV",
                          rs_shown(metric, metric_shown), rs_shown(name_space, space_shown),
                          row->name_space);
            return;
        }
    }
}

const struct rs_cw_mapping *rs_cw_find(const char *name_space, const char *metric,
                                       struct rs_tally *tally)
{
    for (const struct rs_cw_mapping *row = rs_cw_mappings; row->name_space != NULL; row++) {
        if (strcmp(row->metric, metric) == 0 && strcmp(row->name_space, name_space) == 0) {
            return row;
        }
    }
    if (tally != NULL) {
        note_near_miss(name_space, metric, tally);
    }
    return NULL;
}

bool rs_cw_may_have_gpus(const char *type)
{
    size_t letters = strcspn(type, "0123456789");
    return (letters == 1 && (type[0] == 'g' || type[0] == 'p')) ||
           (letters == 2 && (strncmp(type, "gr", 2) == 0 || strncmp(type, "cg", 2) == 0));
}

static bool means_the_same(const struct rs_cw_mapping *a, const struct rs_cw_mapping *b)
{
    return a->kind == b->kind && a->canonical == b->canonical && a->factor == b->factor &&
           a->offset == b->offset && a->per_period == b->per_period;
}

const struct rs_cw_mapping *rs_cw_find_unique(const char *metric)
{
    const struct rs_cw_mapping *found = NULL;
    for (const struct rs_cw_mapping *row = rs_cw_mappings; row->name_space != NULL; row++) {
        if (strcmp(row->metric, metric) != 0) {
            continue;
        }
        if (found != NULL && !means_the_same(found, row)) {
            return NULL;
        }
        found = found != NULL ? found : row;
    }
    return found;
}

/* Credits spent within the period: a total, whose Average over one value a period is the same. */
static bool counts_events(const struct rs_cw_mapping *mapping)
{
    return mapping->canonical == RS_METRIC_CPU_CREDIT_USAGE ||
           mapping->canonical == RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED;
}

bool rs_cw_statistic(const struct rs_cw_mapping *mapping, const char *statistic,
                     enum rs_statistic *out)
{
    static const struct {
        const char *name;
        enum rs_statistic straight, swapped;
    } rows[] = {
        {"Average", RS_STATISTIC_AVG, RS_STATISTIC_AVG},
        {"Maximum", RS_STATISTIC_MAX, RS_STATISTIC_MIN},
        {"Minimum", RS_STATISTIC_MIN, RS_STATISTIC_MAX},
    };
    if (mapping->per_period) {
        *out = RS_STATISTIC_SUM_RATE;
        return strcmp(statistic, "Sum") == 0;
    }
    if (counts_events(mapping) && strcmp(statistic, "Sum") == 0) {
        *out = RS_STATISTIC_SUM_RATE;
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(statistic, rows[i].name) == 0) {
            *out = mapping->factor < 0.0 ? rows[i].swapped : rows[i].straight;
            return true;
        }
    }
    return false;
}

double rs_cw_convert(const struct rs_cw_mapping *mapping, enum rs_statistic statistic, double value,
                     int64_t period)
{
    double canonical = mapping->offset + value * mapping->factor;
    return statistic == RS_STATISTIC_SUM_RATE ? canonical / (double)period : canonical;
}

__extension__ typedef double reals __attribute__((vector_size(16)));

void rs_cw_convert_all(const struct rs_cw_mapping *mapping, enum rs_statistic statistic,
                       double *values, size_t count, int64_t period)
{
    const double offset = mapping->offset, factor = mapping->factor;
    const double divisor = statistic == RS_STATISTIC_SUM_RATE ? (double)period : 1.0;
    const reals none = {0, 0};
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        reals v;
        memcpy(&v, values + i, sizeof(v));
        v = (none + offset + v * factor) / divisor;
        memcpy(values + i, &v, sizeof(v));
    }
    for (; i < count; i++) {
        values[i] = rs_cw_convert(mapping, statistic, values[i], period);
    }
}
