/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/metric.h"

#include "../support/check.h"

/* The names are a contract with stores and scripts: this list changes only by growing. */
static const struct {
    enum rs_metric metric;
    const char *name, *unit;
    double max;
} rows[] = {
    {RS_METRIC_CPU_PERCENT, "cpu_percent", "percent", 100.5},
    {RS_METRIC_MEM_PERCENT, "mem_percent", "percent", 100.5},
    {RS_METRIC_MEM_USED_BYTES, "mem_used_bytes", "bytes", 1e15},
    {RS_METRIC_MEM_AVAILABLE_BYTES, "mem_available_bytes", "bytes", 1e15},
    {RS_METRIC_MEM_COMMITTED_PERCENT, "mem_committed_percent", "percent", 100.5},
    {RS_METRIC_NET_IN_BYTES, "net_in_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_NET_OUT_BYTES, "net_out_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_NET_IN_PACKETS, "net_in_packets_per_s", "packets/s", 1e9},
    {RS_METRIC_NET_OUT_PACKETS, "net_out_packets_per_s", "packets/s", 1e9},
    {RS_METRIC_EBS_READ_BYTES, "ebs_read_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_EBS_WRITE_BYTES, "ebs_write_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_EBS_READ_OPS, "ebs_read_ops_per_s", "ops/s", 1e9},
    {RS_METRIC_EBS_WRITE_OPS, "ebs_write_ops_per_s", "ops/s", 1e9},
    {RS_METRIC_DISK_READ_BYTES, "disk_read_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_DISK_WRITE_BYTES, "disk_write_bytes_per_s", "bytes/s", 2e12},
    {RS_METRIC_DISK_READ_OPS, "disk_read_ops_per_s", "ops/s", 1e9},
    {RS_METRIC_DISK_WRITE_OPS, "disk_write_ops_per_s", "ops/s", 1e9},
    {RS_METRIC_CPU_CREDIT_BALANCE, "cpu_credit_balance", "credits", 1e7},
    {RS_METRIC_CPU_CREDIT_USAGE, "cpu_credit_usage", "credits", 1e7},
    {RS_METRIC_CPU_SURPLUS_CREDIT_BALANCE, "cpu_surplus_credit_balance", "credits", 1e7},
    {RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED, "cpu_surplus_credits_charged", "credits", 1e7},
    {RS_METRIC_EBS_IO_BALANCE_PERCENT, "ebs_io_balance_percent", "percent", 100.5},
    {RS_METRIC_EBS_BYTE_BALANCE_PERCENT, "ebs_byte_balance_percent", "percent", 100.5},
    {RS_METRIC_EBS_IOPS_EXCEEDED, "ebs_iops_exceeded", "flag", 1},
    {RS_METRIC_EBS_THROUGHPUT_EXCEEDED, "ebs_throughput_exceeded", "flag", 1},
    {RS_METRIC_SWAP_USED_PERCENT, "swap_used_percent", "percent", 100.5},
    {RS_METRIC_STATUS_CHECK_FAILED, "status_check_failed", "flag", 1},
    {RS_METRIC_CPU_USER_PERCENT, "cpu_user_percent", "percent", 100.5},
    {RS_METRIC_CPU_SYSTEM_PERCENT, "cpu_system_percent", "percent", 100.5},
    {RS_METRIC_CPU_IOWAIT_PERCENT, "cpu_iowait_percent", "percent", 100.5},
    {RS_METRIC_CPU_STEAL_PERCENT, "cpu_steal_percent", "percent", 100.5},
    {RS_METRIC_CPU_BUSIEST_PERCENT, "cpu_busiest_percent", "percent", 100.5},
    {RS_METRIC_PSI_CPU_PERCENT, "psi_cpu_some_percent", "percent", 100.5},
    {RS_METRIC_PSI_MEMORY_PERCENT, "psi_memory_some_percent", "percent", 100.5},
    {RS_METRIC_PSI_IO_PERCENT, "psi_io_some_percent", "percent", 100.5},
    {RS_METRIC_SWAP_USED_BYTES, "swap_used_bytes", "bytes", 1e15},
    {RS_METRIC_MEM_DIRTY_BYTES, "mem_dirty_bytes", "bytes", 1e15},
    {RS_METRIC_OOM_KILLS, "oom_kills", "count", 1e9},
    {RS_METRIC_NET_DROPPED_PACKETS, "net_dropped_packets_per_s", "packets/s", 1e9},
    {RS_METRIC_DISK_BUSY_PERCENT, "disk_busy_percent", "percent", 100.5},
    {RS_METRIC_DISK_QUEUE, "disk_queue", "count", 1e9},
    {RS_METRIC_LOAD_1M, "load_1m", "count", 1e9},
    {RS_METRIC_PROCESSES, "processes", "count", 1e9},
    {RS_METRIC_FILESYSTEM_USED_PERCENT, "filesystem_used_percent", "percent", 100.5},
    {RS_METRIC_GPU_PERCENT, "gpu_percent", "percent", 6432},
    {RS_METRIC_GPU_MEMORY_USED_BYTES, "gpu_memory_used_bytes", "bytes", 1e15},
};

static void only_memory_of_gpus_takes_the_fullest_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool memory = rows[i].metric == RS_METRIC_GPU_MEMORY_USED_BYTES;
        assert_int_equal(rs_metric_takes_fullest(rows[i].metric), memory);
        assert_int_equal(rs_metric_is_of_gpu(rows[i].metric),
                         memory || rows[i].metric == RS_METRIC_GPU_PERCENT);
    }
}

static void every_metric_has_its_name_unit_and_range(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(rows), RS_METRIC_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rs_metric_info *info = rs_metric_info(rows[i].metric);
        enum rs_metric found = RS_METRIC_COUNT;
        assert_int_equal(rows[i].metric, i);
        assert_string_equal(info->name, rows[i].name);
        assert_string_equal(info->unit, rows[i].unit);
        assert_true(strlen(info->meaning) > 5);
        check_same_double(info->min, 0);
        check_same_double(info->max, rows[i].max);
        assert_true(rs_metric_by_name(rows[i].name, &found));
        assert_int_equal(found, rows[i].metric);
    }
}

static void unknown_metrics_are_not_found(void **state)
{
    (void)state;
    static const char *const names[] = {"", "CPU_PERCENT", "cpu_percent ", "cpu", "CPUUtilization"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        enum rs_metric found = RS_METRIC_COUNT;
        assert_false(rs_metric_by_name(names[i], &found));
        assert_int_equal(found, RS_METRIC_COUNT);
    }
}

static void statistics_have_names(void **state)
{
    (void)state;
    static const char *const names[] = {"avg", "max", "min", "sum_rate"};
    enum rs_statistic found = RS_STATISTIC_COUNT;
    assert_int_equal(COUNT_OF(names), RS_STATISTIC_COUNT);
    assert_false(rs_statistic_by_name("Average", &found));
    assert_int_equal(found, RS_STATISTIC_COUNT);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_string_equal(rs_statistic_name((enum rs_statistic)i), names[i]);
        assert_true(rs_statistic_by_name(names[i], &found));
        assert_int_equal(found, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_memory_of_gpus_takes_the_fullest_part),
        cmocka_unit_test(every_metric_has_its_name_unit_and_range),
        cmocka_unit_test(unknown_metrics_are_not_found),
        cmocka_unit_test(statistics_have_names),
    };
    return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
