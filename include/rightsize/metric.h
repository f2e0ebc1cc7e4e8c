/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metric.h - what is measured: one row per metric with its unit and legal range (level 1).
 *
 * Canonical units: percent 0..100, bytes, bytes per second, operations or packets per second,
 * credits (one vCPU for one minute at 100 %). Conversion happens in `source` and nowhere else.
 */
#ifndef RIGHTSIZE_METRIC_H
#define RIGHTSIZE_METRIC_H

#include <stdbool.h>

enum rs_metric {
    RS_METRIC_CPU_PERCENT,           /* percent of all the instance's vCPUs */
    RS_METRIC_MEM_PERCENT,           /* percent of memory in use */
    RS_METRIC_MEM_USED_BYTES,        /* bytes in use */
    RS_METRIC_MEM_AVAILABLE_BYTES,   /* bytes free or reclaimable; used = capacity - this */
    RS_METRIC_MEM_COMMITTED_PERCENT, /* Windows commit charge / commit limit: a proxy only */
    RS_METRIC_NET_IN_BYTES,
    RS_METRIC_NET_OUT_BYTES,
    RS_METRIC_NET_IN_PACKETS,
    RS_METRIC_NET_OUT_PACKETS,
    RS_METRIC_EBS_READ_BYTES,
    RS_METRIC_EBS_WRITE_BYTES,
    RS_METRIC_EBS_READ_OPS,
    RS_METRIC_EBS_WRITE_OPS,
    RS_METRIC_DISK_READ_BYTES, /* instance store */
    RS_METRIC_DISK_WRITE_BYTES,
    RS_METRIC_DISK_READ_OPS,
    RS_METRIC_DISK_WRITE_OPS,
    RS_METRIC_CPU_CREDIT_BALANCE,
    RS_METRIC_CPU_CREDIT_USAGE,
    RS_METRIC_CPU_SURPLUS_CREDIT_BALANCE,
    RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED,
    RS_METRIC_EBS_IO_BALANCE_PERCENT,
    RS_METRIC_EBS_BYTE_BALANCE_PERCENT,
    RS_METRIC_EBS_IOPS_EXCEEDED,
    RS_METRIC_EBS_THROUGHPUT_EXCEEDED,
    RS_METRIC_SWAP_USED_PERCENT,
    RS_METRIC_STATUS_CHECK_FAILED,
    RS_METRIC_CPU_USER_PERCENT,    /* user and nice */
    RS_METRIC_CPU_SYSTEM_PERCENT,  /* kernel and its interrupts */
    RS_METRIC_CPU_IOWAIT_PERCENT,  /* idle while a disk was waited for: not in cpu_percent */
    RS_METRIC_CPU_STEAL_PERCENT,   /* taken by the hypervisor: in cpu_percent */
    RS_METRIC_CPU_BUSIEST_PERCENT, /* the one processor that was busiest in the step */
    RS_METRIC_PSI_CPU_PERCENT,     /* pressure stall: time in which some task waited */
    RS_METRIC_PSI_MEMORY_PERCENT,
    RS_METRIC_PSI_IO_PERCENT,
    RS_METRIC_SWAP_USED_BYTES,
    RS_METRIC_MEM_DIRTY_BYTES, /* waiting to be written back, and being written */
    RS_METRIC_OOM_KILLS,       /* in the step */
    RS_METRIC_NET_DROPPED_PACKETS,
    RS_METRIC_DISK_BUSY_PERCENT, /* of the busiest whole disk */
    RS_METRIC_DISK_QUEUE,        /* requests in flight over all disks, on average */
    RS_METRIC_LOAD_1M,
    RS_METRIC_PROCESSES,
    RS_METRIC_FILESYSTEM_USED_PERCENT, /* of the fullest local filesystem */
    RS_METRIC_GPU_PERCENT,             /* of one card; of an instance the sum over its cards */
    RS_METRIC_GPU_MEMORY_USED_BYTES,   /* of one card; of an instance that of its fullest card */
    RS_METRIC_COUNT
};

struct rs_metric_info {
    const char *name; /* as in `rightsize sql` and the generic CSV: "cpu_percent" */
    const char *unit; /* "percent", "bytes", "bytes/s", "ops/s", "packets/s", "credits", "flag",
                       * "count" */
    const char *meaning;
    double min, max; /* a sample outside is rejected at the door */
};

const struct rs_metric_info *rs_metric_info(enum rs_metric metric);
bool rs_metric_by_name(const char *name, enum rs_metric *out);
bool rs_metric_is_of_gpu(enum rs_metric metric);
/*
 * What parts of an instance (volumes, cards) amount to is their sum, but of memory on cards the
 * fullest one, for a card cannot lend another its memory.
 */
bool rs_metric_takes_fullest(enum rs_metric metric);

/* Each statistic of a metric is its own series. */
enum rs_statistic {
    RS_STATISTIC_AVG,      /* mean over the step */
    RS_STATISTIC_MAX,      /* highest value within the step */
    RS_STATISTIC_MIN,      /* lowest value within the step */
    RS_STATISTIC_SUM_RATE, /* total of the step divided by its seconds */
    RS_STATISTIC_COUNT
};

const char *rs_statistic_name(enum rs_statistic statistic); /* "avg", "max", "min", "sum_rate" */
bool rs_statistic_by_name(const char *name, enum rs_statistic *out);

#endif
