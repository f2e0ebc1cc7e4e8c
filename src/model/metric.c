/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/metric.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* The upper limits only catch wrong units: no machine on sale comes near them. */
#define PERCENT_MAX 100.5 /* CloudWatch says 100.00000001 now and then */
#define BYTES_MAX 1e15
#define BYTE_RATE_MAX 2e12
#define RATE_MAX 1e9
#define CREDITS_MAX 1e7
#define CARDS_MAX 64

static const struct rs_metric_info metrics[RS_METRIC_COUNT] = {
    [RS_METRIC_CPU_PERCENT] = {"cpu_percent", "percent", "processor time in use, of all vCPUs", 0,
                               PERCENT_MAX},
    [RS_METRIC_MEM_PERCENT] = {"mem_percent", "percent", "memory in use", 0, PERCENT_MAX},
    [RS_METRIC_MEM_USED_BYTES] = {"mem_used_bytes", "bytes", "memory in use", 0, BYTES_MAX},
    [RS_METRIC_MEM_AVAILABLE_BYTES] = {"mem_available_bytes", "bytes", "memory free or reclaimable",
                                       0, BYTES_MAX},
    [RS_METRIC_MEM_COMMITTED_PERCENT] = {"mem_committed_percent", "percent",
                                         "commit charge of the commit limit (Windows)", 0,
                                         PERCENT_MAX},
    [RS_METRIC_NET_IN_BYTES] = {"net_in_bytes_per_s", "bytes/s", "bytes received", 0,
                                BYTE_RATE_MAX},
    [RS_METRIC_NET_OUT_BYTES] = {"net_out_bytes_per_s", "bytes/s", "bytes sent", 0, BYTE_RATE_MAX},
    [RS_METRIC_NET_IN_PACKETS] = {"net_in_packets_per_s", "packets/s", "packets received", 0,
                                  RATE_MAX},
    [RS_METRIC_NET_OUT_PACKETS] = {"net_out_packets_per_s", "packets/s", "packets sent", 0,
                                   RATE_MAX},
    [RS_METRIC_EBS_READ_BYTES] = {"ebs_read_bytes_per_s", "bytes/s", "bytes read from volumes", 0,
                                  BYTE_RATE_MAX},
    [RS_METRIC_EBS_WRITE_BYTES] = {"ebs_write_bytes_per_s", "bytes/s", "bytes written to volumes",
                                   0, BYTE_RATE_MAX},
    [RS_METRIC_EBS_READ_OPS] = {"ebs_read_ops_per_s", "ops/s", "reads from volumes", 0, RATE_MAX},
    [RS_METRIC_EBS_WRITE_OPS] = {"ebs_write_ops_per_s", "ops/s", "writes to volumes", 0, RATE_MAX},
    [RS_METRIC_DISK_READ_BYTES] = {"disk_read_bytes_per_s", "bytes/s",
                                   "bytes read from instance store", 0, BYTE_RATE_MAX},
    [RS_METRIC_DISK_WRITE_BYTES] = {"disk_write_bytes_per_s", "bytes/s",
                                    "bytes written to instance store", 0, BYTE_RATE_MAX},
    [RS_METRIC_DISK_READ_OPS] = {"disk_read_ops_per_s", "ops/s", "reads from instance store", 0,
                                 RATE_MAX},
    [RS_METRIC_DISK_WRITE_OPS] = {"disk_write_ops_per_s", "ops/s", "writes to instance store", 0,
                                  RATE_MAX},
    [RS_METRIC_CPU_CREDIT_BALANCE] = {"cpu_credit_balance", "credits",
                                      "credits saved up by a burstable instance", 0, CREDITS_MAX},
    [RS_METRIC_CPU_CREDIT_USAGE] = {"cpu_credit_usage", "credits", "credits spent in the step", 0,
                                    CREDITS_MAX},
    [RS_METRIC_CPU_SURPLUS_CREDIT_BALANCE] = {"cpu_surplus_credit_balance", "credits",
                                              "credits spent beyond the balance", 0, CREDITS_MAX},
    [RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED] = {"cpu_surplus_credits_charged", "credits",
                                               "surplus credits that are charged", 0, CREDITS_MAX},
    [RS_METRIC_EBS_IO_BALANCE_PERCENT] = {"ebs_io_balance_percent", "percent",
                                          "I/O credits left for bursts to volumes", 0, PERCENT_MAX},
    [RS_METRIC_EBS_BYTE_BALANCE_PERCENT] = {"ebs_byte_balance_percent", "percent",
                                            "throughput credits left for bursts to volumes", 0,
                                            PERCENT_MAX},
    [RS_METRIC_EBS_IOPS_EXCEEDED] = {"ebs_iops_exceeded", "flag",
                                     "the instance's limit of operations on volumes was hit", 0, 1},
    [RS_METRIC_EBS_THROUGHPUT_EXCEEDED] = {"ebs_throughput_exceeded", "flag",
                                           "the instance's throughput limit to volumes was hit", 0,
                                           1},
    [RS_METRIC_SWAP_USED_PERCENT] = {"swap_used_percent", "percent", "swap space in use", 0,
                                     PERCENT_MAX},
    [RS_METRIC_STATUS_CHECK_FAILED] = {"status_check_failed", "flag", "a status check failed", 0,
                                       1},
    [RS_METRIC_CPU_USER_PERCENT] = {"cpu_user_percent", "percent", "processor time of programs", 0,
                                    PERCENT_MAX},
    [RS_METRIC_CPU_SYSTEM_PERCENT] = {"cpu_system_percent", "percent",
                                      "processor time of the kernel", 0, PERCENT_MAX},
    [RS_METRIC_CPU_IOWAIT_PERCENT] = {"cpu_iowait_percent", "percent",
                                      "idle time with a disk waited for", 0, PERCENT_MAX},
    [RS_METRIC_CPU_STEAL_PERCENT] = {"cpu_steal_percent", "percent",
                                     "time the hypervisor gave to others", 0, PERCENT_MAX},
    [RS_METRIC_CPU_BUSIEST_PERCENT] = {"cpu_busiest_percent", "percent", "the busiest processor", 0,
                                       PERCENT_MAX},
    [RS_METRIC_PSI_CPU_PERCENT] = {"psi_cpu_some_percent", "percent",
                                   "time with a task waiting for a processor", 0, PERCENT_MAX},
    [RS_METRIC_PSI_MEMORY_PERCENT] = {"psi_memory_some_percent", "percent",
                                      "time with a task waiting for memory", 0, PERCENT_MAX},
    [RS_METRIC_PSI_IO_PERCENT] = {"psi_io_some_percent", "percent",
                                  "time with a task waiting for a disk", 0, PERCENT_MAX},
    [RS_METRIC_SWAP_USED_BYTES] = {"swap_used_bytes", "bytes", "swap space in use", 0, BYTES_MAX},
    [RS_METRIC_MEM_DIRTY_BYTES] = {"mem_dirty_bytes", "bytes", "memory to be written to disk", 0,
                                   BYTES_MAX},
    [RS_METRIC_OOM_KILLS] = {"oom_kills", "count",
                             "processes killed for want of memory in the step", 0, RATE_MAX},
    [RS_METRIC_NET_DROPPED_PACKETS] = {"net_dropped_packets_per_s", "packets/s",
                                       "packets dropped, both ways", 0, RATE_MAX},
    [RS_METRIC_DISK_BUSY_PERCENT] = {"disk_busy_percent", "percent",
                                     "time in use of the busiest disk", 0, PERCENT_MAX},
    [RS_METRIC_DISK_QUEUE] = {"disk_queue", "count", "disk requests in flight", 0, RATE_MAX},
    [RS_METRIC_LOAD_1M] = {"load_1m", "count", "load average of one minute", 0, RATE_MAX},
    [RS_METRIC_PROCESSES] = {"processes", "count", "threads and processes there are", 0, RATE_MAX},
    [RS_METRIC_FILESYSTEM_USED_PERCENT] = {"filesystem_used_percent", "percent",
                                           "the fullest filesystem", 0, PERCENT_MAX},
    [RS_METRIC_GPU_PERCENT] = {"gpu_percent", "percent", "time in use of a GPU, of several the sum",
                               0, CARDS_MAX *PERCENT_MAX},
    [RS_METRIC_GPU_MEMORY_USED_BYTES] = {"gpu_memory_used_bytes", "bytes",
                                         "memory in use on the fullest GPU", 0, BYTES_MAX},
};

static const char *const statistics[RS_STATISTIC_COUNT] = {
    [RS_STATISTIC_AVG] = "avg",
    [RS_STATISTIC_MAX] = "max",
    [RS_STATISTIC_MIN] = "min",
    [RS_STATISTIC_SUM_RATE] = "sum_rate",
};

const struct rs_metric_info *rs_metric_info(enum rs_metric metric)
{
    assert((unsigned)metric < RS_METRIC_COUNT);
    return &metrics[metric];
}

bool rs_metric_by_name(const char *name, enum rs_metric *out)
{
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        if (strcmp(metrics[i].name, name) == 0) {
            *out = (enum rs_metric)i;
            return true;
        }
    }
    return false;
}

bool rs_metric_is_of_gpu(enum rs_metric metric)
{
    return metric == RS_METRIC_GPU_PERCENT || metric == RS_METRIC_GPU_MEMORY_USED_BYTES;
}

bool rs_metric_takes_fullest(enum rs_metric metric)
{
    return metric == RS_METRIC_GPU_MEMORY_USED_BYTES;
}

const char *rs_statistic_name(enum rs_statistic statistic)
{
    assert((unsigned)statistic < RS_STATISTIC_COUNT);
    return statistics[statistic];
}

bool rs_statistic_by_name(const char *name, enum rs_statistic *out)
{
    for (size_t i = 0; i < RS_STATISTIC_COUNT; i++) {
        if (strcmp(statistics[i], name) == 0) {
            *out = (enum rs_statistic)i;
            return true;
        }
    }
    return false;
}
