/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/proc.h"

#include "proc_world.h"

#include <math.h>

static void put_cpu(const struct root *r, unsigned user, unsigned idle, unsigned iowait)
{
    put(r, "proc/stat", "cpu  %u 0 0 %u %u 0 0 0 0 0\ncpu0 %u 0 0 %u %u 0 0 0 0 0\nintr 1\n", user,
        idle, iowait, user, idle, iowait);
}

static void put_disk(const struct root *r, const char *name, unsigned long long reads,
                     unsigned long long sectors, unsigned busy)
{
    put(r, "proc/diskstats",
        " 8 0 %s %llu 0 %llu 0 0 0 0 0 0 %u %u\n 8 1 %s1 9 0 9 0 9 0 9 0 0 9 9\n", name, reads,
        sectors, busy, busy * 2, name);
}

static void put_net(const struct root *r, const char *name, unsigned long long in,
                    unsigned long long out)
{
    put(r, "proc/net/dev",
        "Inter-| x\n face | y\n  lo: 77 7 0 0 0 0 0 0 77 7 0 0 0 0 0 0\n"
        "%s:%llu 10 0 0 0 0 0 0 %llu 20 0 0 0 0 0 0\n",
        name, in, out);
}

static struct rs_proc *open_root(const struct root *r)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_proc *proc = NULL;
    check_ok(rs_proc_open(r->path, &proc, &err));
    return proc;
}

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 0.006)) {
        print_error("%g is not %g\n", got, want);
        fail();
    }
}

static void a_folder_without_proc_stat_is_refused(void **state)
{
    const struct root *r = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_proc *proc = NULL;
    check_fails(rs_proc_open(r->path, &proc, &err), RS_EIO, "no readable proc/stat");
    check_fails(rs_proc_open("/nowhere/at/all", &proc, &err), RS_EIO, "/nowhere/at/all");
    assert_null(proc);
    rs_proc_close(NULL);
}

static void processor_time_is_all_but_idle_and_iowait(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    put(r, "proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n");
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    assert_true(isnan(v[RS_METRIC_CPU_PERCENT]));
    put(r, "proc/stat",
        "cpu  10 5 20 100 40 3 2 20 9 9\ncpu0 0 0 0 100 0 0 0 0\ncpu1 10 5 20 0 40 3 2 20\n");
    rs_proc_read(proc, 60, false, v);
    near(v[RS_METRIC_CPU_PERCENT], 30);
    near(v[RS_METRIC_CPU_USER_PERCENT], 7.5);
    near(v[RS_METRIC_CPU_SYSTEM_PERCENT], 12.5);
    near(v[RS_METRIC_CPU_IOWAIT_PERCENT], 20);
    near(v[RS_METRIC_CPU_STEAL_PERCENT], 10);
    near(v[RS_METRIC_CPU_BUSIEST_PERCENT], 60);
    rs_proc_close(proc);
}

static void memory_in_use_is_the_cloudwatch_agents(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_proc *proc = NULL;
    double v[RS_METRIC_COUNT];
    check_ok(rs_proc_open(fixtures("proc-ec2"), &proc, &err));
    rs_proc_read(proc, 0, true, v);
    near(v[RS_METRIC_MEM_PERCENT], 50); /* 8,000,000 - 1,000,000 - 200,000 - 2,400,000 - 400,000 */
    near(v[RS_METRIC_MEM_USED_BYTES], 4000000.0 * 1024);
    near(v[RS_METRIC_MEM_AVAILABLE_BYTES], 4500000.0 * 1024);
    near(v[RS_METRIC_SWAP_USED_BYTES], 500000.0 * 1024);
    near(v[RS_METRIC_SWAP_USED_PERCENT], 25);
    near(v[RS_METRIC_MEM_DIRTY_BYTES], 500.0 * 1024);
    near(v[RS_METRIC_LOAD_1M], 0.42);
    near(v[RS_METRIC_PROCESSES], 345);
    assert_true(isnan(v[RS_METRIC_OOM_KILLS])); /* no earlier reading */
    assert_true(isnan(v[RS_METRIC_EBS_READ_OPS]));
    rs_proc_close(proc);
}

/* Each row: what stands before and after; NaN: a gap. */
static void counters_that_fall_make_gaps_and_no_spikes(void **state)
{
    static const struct {
        const char *what;
        unsigned long long before, after;
        double rate;
    } rows[] = {
        {"grows", 1000, 7000, 100},
        {"stands still", 5000, 5000, 0},
        {"reset by a reboot of the driver", 1000000, 12, NAN},
        {"wraps at 32 bits", 4294967290ULL, 300, NAN},
        {"passes 32 bits", 4294967290ULL, 4294973290ULL, 100},
        {"wraps at 64 bits", 18446744073709551615ULL, 5, NAN},
        {"jumps beyond what any machine can", 0, 18446744073709551615ULL, NAN},
    };
    const struct root *r = *state;
    put_cpu(r, 0, 0, 0);
    put(r, "sys/class/net/eth0/device/vendor", "1\n");
    put(r, "sys/block/sda/device/model", "DISK\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double v[RS_METRIC_COUNT];
        put_net(r, "eth0", rows[i].before, 0);
        put_disk(r, "sda", rows[i].before, 0, 0);
        struct rs_proc *proc = open_root(r);
        rs_proc_read(proc, 0, true, v);
        put_net(r, "eth0", rows[i].after, 0);
        put_disk(r, "sda", rows[i].after, 0, 0);
        rs_proc_read(proc, 60, true, v);
        const double got[] = {v[RS_METRIC_NET_IN_BYTES], v[RS_METRIC_EBS_READ_OPS]};
        for (size_t k = 0; k < 2; k++) {
            if (isnan(rows[i].rate) != isnan(got[k]) ||
                (!isnan(got[k]) && fabs(got[k] - rows[i].rate) > 1e-9)) {
                print_error("%s: %g\n", rows[i].what, got[k]);
                fail();
            }
        }
        put_net(r, "eth0", rows[i].after, 0); /* and then goes on from there */
        rs_proc_read(proc, 60, true, v);
        near(v[RS_METRIC_NET_IN_BYTES], 0);
        rs_proc_close(proc);
    }
}

static void what_comes_or_goes_makes_one_gap(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    put(r, "sys/class/net/eth0/device/vendor", "1\n");
    put(r, "sys/class/net/eth1/device/vendor", "1\n");
    put(r, "proc/stat", "cpu  0 0 0 0 0\ncpu0 0 0 0 0 0\n");
    put_net(r, "eth0", 100, 100);
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    put(r, "proc/stat", "cpu  10 0 0 10 0\ncpu0 5 0 0 5 0\ncpu1 5 0 0 5 0\n");
    put(r, "proc/net/dev",
        "eth0: 160 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0\neth1: 9999999 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n");
    rs_proc_read(proc, 60, true, v);
    assert_true(isnan(v[RS_METRIC_CPU_PERCENT]));
    assert_true(isnan(v[RS_METRIC_NET_IN_BYTES]));
    put(r, "proc/stat", "cpu  20 0 0 20 0\ncpu0 10 0 0 10 0\ncpu1 10 0 0 10 0\n");
    put(r, "proc/net/dev",
        "eth0: 220 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0\neth1: 10000059 1 0 0 0 0 0 "
        "0 9 1 0 0 0 0 0 0\n");
    rs_proc_read(proc, 60, true, v);
    near(v[RS_METRIC_CPU_PERCENT], 50);
    near(v[RS_METRIC_NET_IN_BYTES], 2);
    put(r, "proc/stat", "cpu  30 0 0 30 0\ncpu1 15 0 0 15 0\n");
    put(r, "proc/net/dev", "eth0: 280 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0\n");
    rs_proc_read(proc, 60, true, v);
    assert_true(isnan(v[RS_METRIC_CPU_PERCENT]));
    assert_true(isnan(v[RS_METRIC_NET_IN_BYTES]));
    rs_proc_close(proc);
}

static void nothing_is_counted_twice(void **state)
{
    const struct root *r = *state;
    static const char *const lines[] = {"lo",     "eth0",    "eth1", "bond0",
                                        "eth0.7", "docker0", "veth1"};
    double v[RS_METRIC_COUNT];
    put_cpu(r, 0, 0, 0);
    put(r, "sys/class/net/eth0/device/vendor", "1\n");
    put(r, "sys/class/net/eth0/master/ifindex", "9\n"); /* under a bond */
    put(r, "sys/class/net/eth1/device/vendor", "1\n");  /* a virtual function under eth0 */
    put(r, "sys/class/net/eth1/master/device/vendor", "1\n");
    put(r, "sys/block/sda/device/model", "DISK\n");
    put(r, "sys/block/dm-0/size", "1\n");
    struct rs_proc *proc = NULL;
    for (unsigned round = 0; round < 2; round++) {
        char text[2000] = "";
        for (size_t i = 0; i < COUNT_OF(lines); i++) {
            size_t n = strlen(text);
            snprintf(text + n, sizeof(text) - n, "%s: %u 0 0 0 0 0 0 0 %u 0 0 0 0 0 0 0\n",
                     lines[i], round * 600, round * 1200);
        }
        put(r, "proc/net/dev", "%s", text);
        put(r, "proc/diskstats",
            "8 0 sda %u 0 %u 0 0 0 0 0 0 %u 0\n8 1 sda1 %u 0 9 0 0 0 0 0 0 9 0\n"
            "253 0 dm-0 %u 0 9 0 0 0 0 0 0 9 0\n7 0 loop0 %u 0 9 0 0 0 0 0 0 9 0\n8 9 old 1 2 3 "
            "4\n",
            round * 60, round * 120, round * 30000, round * 60, round * 60, round * 60);
        if (proc == NULL) {
            proc = open_root(r);
        }
        rs_proc_read(proc, round * 60.0, true, v);
    }
    near(v[RS_METRIC_NET_IN_BYTES], 10);
    near(v[RS_METRIC_NET_OUT_BYTES], 20);
    near(v[RS_METRIC_EBS_READ_OPS], 1);
    near(v[RS_METRIC_EBS_READ_BYTES], 1024);
    near(v[RS_METRIC_DISK_BUSY_PERCENT], 50);
    assert_true(isnan(v[RS_METRIC_DISK_READ_OPS]));
    rs_proc_close(proc);
}

static void only_the_instance_store_is_no_ebs(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    struct rs_proc *proc = NULL;
    put_cpu(r, 0, 0, 0);
    put(r, "sys/block/nvme0n1/device/model", "Amazon Elastic Block Store   \n");
    put(r, "sys/block/nvme1n1/device/model", "Amazon EC2 NVMe Instance Storage\n");
    put(r, "sys/block/xvda/device/vendor", "1\n");
    put(r, "sys/block/nvme2n1/device/model", "Samsung SSD 980 PRO\n");
    for (unsigned k = 0; k < 2; k++) {
        put(r, "proc/diskstats",
            "1 0 nvme0n1 0 0 0 0 %u 0 %u 0 0 0 0\n1 1 nvme1n1 %u 0 0 0 0 0 0 0 0 0 0\n"
            "1 2 xvda 0 0 0 0 %u 0 0 0 0 0 0\n1 3 nvme2n1 0 0 0 0 %u 0 0 0 0 0 0\n",
            k * 60, k * 60, k * 120, k * 180, k * 300);
        if (proc == NULL) {
            proc = open_root(r);
        }
        rs_proc_read(proc, k * 60.0, true, v);
    }
    near(v[RS_METRIC_EBS_WRITE_OPS], 9);
    near(v[RS_METRIC_EBS_WRITE_BYTES], 512);
    near(v[RS_METRIC_DISK_READ_OPS], 2);
    rs_proc_close(proc);
}

static void missing_files_are_gaps_and_are_found_again(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    put_cpu(r, 0, 0, 0);
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        assert_true(isnan(v[i]));
    }
    put(r, "proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    put(r, "proc/meminfo", "MemTotal: 100 kB\nMemFree: 20 kB\nBuffers: 10 kB\nCached: 20 kB\n");
    put_cpu(r, 30, 60, 10);
    rs_proc_read(proc, 60, true, v);
    near(v[RS_METRIC_CPU_PERCENT], 30);
    near(v[RS_METRIC_MEM_PERCENT],
         50); /* before 2.6.19: no SReclaimable; before 3.14: no Available */
    assert_true(isnan(v[RS_METRIC_MEM_AVAILABLE_BYTES]));
    assert_true(isnan(v[RS_METRIC_PSI_IO_PERCENT]));
    put(r, "proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=15000000\n");
    rs_proc_read(proc, 60, false, v);
    near(v[RS_METRIC_PSI_IO_PERCENT], 25);
    rs_proc_close(proc);
}

static void iowait_may_fall_but_nothing_else(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    put_cpu(r, 100, 100, 100);
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    put_cpu(r, 150, 150, 90);
    rs_proc_read(proc, 60, false, v);
    near(v[RS_METRIC_CPU_PERCENT], 50);
    put_cpu(r, 10, 200, 90);
    rs_proc_read(proc, 60, false, v);
    assert_true(isnan(v[RS_METRIC_CPU_PERCENT]));
    rs_proc_close(proc);
}

static void a_container_is_the_machine(void **state)
{
    const struct root *r = *state;
    struct rs_proc_shape shape;
    double v[RS_METRIC_COUNT];
    put_cpu(r, 0, 0, 0);
    put(r, "proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 1 kB\nBuffers: 1 kB\nCached: 1 kB\n");
    put(r, "proc/loadavg", "9.00 9.00 9.00 1/999 9\n");
    put(r, "proc/self/cgroup", "0::/\n");
    put(r, "sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
    put(r, "sys/fs/cgroup/cgroup.type", "domain\n");
    put(r, "sys/fs/cgroup/cpu.max", "50000 100000\n");
    put(r, "sys/fs/cgroup/memory.max", "1048576000\n");
    put(r, "sys/fs/cgroup/memory.current", "629145600\n");
    put(r, "sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 104857600\n");
    put(r, "sys/fs/cgroup/cpu.stat", "usage_usec 1000000\n");
    put(r, "sys/fs/cgroup/io.stat", "8:0 rbytes=0 wbytes=0 rios=0 wios=0\n");
    put_net(r, "eth0", 0, 0);
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    put_cpu(r, 5000, 1000, 0);
    put(r, "sys/fs/cgroup/cpu.stat", "usage_usec 16000000\n");
    put(r, "sys/fs/cgroup/io.stat", "8:0 rbytes=6000 wbytes=0 rios=60 wios=120 dios=1\n");
    put_net(r, "eth0", 600, 0);
    rs_proc_read(proc, 60, true, v);
    near(v[RS_METRIC_CPU_PERCENT], 50); /* 15 s of 60 s on half a processor (host has one) */
    near(v[RS_METRIC_MEM_PERCENT], 50);
    near(v[RS_METRIC_MEM_AVAILABLE_BYTES], 524288000);
    near(v[RS_METRIC_EBS_READ_BYTES], 100);
    near(v[RS_METRIC_EBS_WRITE_OPS], 2);
    near(v[RS_METRIC_NET_IN_BYTES], 10);
    assert_true(isnan(v[RS_METRIC_LOAD_1M]));
    rs_proc_shape(proc, &shape);
    assert_true(shape.container);
    near(shape.vcpus, 0.5);
    assert_int_equal(shape.memory, 1048576000);
    rs_proc_close(proc);
}

static void an_old_control_group_is_a_container_too(void **state)
{
    const struct root *r = *state;
    struct rs_proc_shape shape;
    double v[RS_METRIC_COUNT];
    put_cpu(r, 0, 0, 0);
    put(r, "proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 1 kB\nBuffers: 1 kB\nCached: 1 kB\n");
    put(r, "proc/self/cgroup", "4:memory:/docker/abc\n3:cpuacct,cpu:/docker/abc\n");
    put(r, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put(r, "sys/fs/cgroup/memory/memory.usage_in_bytes", "8192000000\n");
    put(r, "sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 0\n");
    put(r, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    put(r, "sys/fs/cgroup/cpuacct/cpuacct.usage", "0\n");
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    put(r, "sys/fs/cgroup/cpuacct/cpuacct.usage", "6000000000\n");
    rs_proc_read(proc, 60, true, v);
    near(v[RS_METRIC_CPU_PERCENT], 10); /* 6 s of 60 s: no quota, one processor */
    near(v[RS_METRIC_MEM_PERCENT], 50); /* no limit: the host's memory */
    rs_proc_shape(proc, &shape);
    assert_true(shape.container);
    rs_proc_close(proc);
}

static void a_service_in_its_group_is_no_container(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_proc_shape shape;
    struct rs_proc *proc = NULL;
    check_ok(rs_proc_open(fixtures("proc-ec2"), &proc, &err));
    rs_proc_shape(proc, &shape);
    assert_false(shape.container);
    near(shape.vcpus, 2);
    assert_int_equal(shape.memory, 8000000LL * 1024);
    rs_proc_close(proc);
}

static void garbage_never_crashes_and_stays_in_range(void **state)
{
    static const char *const names[] = {"proc/stat",
                                        "proc/meminfo",
                                        "proc/net/dev",
                                        "proc/diskstats",
                                        "proc/pressure/cpu",
                                        "proc/loadavg",
                                        "proc/vmstat",
                                        "proc/self/mounts",
                                        "proc/self/cgroup",
                                        "sys/fs/cgroup/cpu.stat",
                                        "sys/fs/cgroup/cpu.max",
                                        "sys/fs/cgroup/io.stat",
                                        "sys/fs/cgroup/memory.stat",
                                        "sys/fs/cgroup/memory.current"};
    static const char letters[] = "0123456789 \n\t:.-/=cpueth0MemTotal \xff\x80";
    const struct root *r = *state;
    uint32_t seed = 7;
    for (int round = 0; round < 60; round++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_proc *proc = NULL;
        if (round == 30) {
            put(r, "sys/fs/cgroup/cgroup.controllers", "x\n");
            put(r, "sys/fs/cgroup/cgroup.type", "x\n");
        }
        for (int reading = 0; reading < 3; reading++) {
            for (size_t i = 0; i < COUNT_OF(names); i++) {
                char bytes[400];
                for (size_t k = 0; k < sizeof(bytes); k++) {
                    seed = seed * 1664525 + 1013904223;
                    bytes[k] = letters[(seed >> 16) % sizeof(letters)]; /* its NUL too */
                }
                memcpy(bytes, i == 0 ? "cpu " : bytes, 4);
                put_bytes(r, names[i], bytes, round % 5 == 0 ? 0 : sizeof(bytes) - (size_t)round);
            }
            double v[RS_METRIC_COUNT];
            if (proc == NULL && rs_proc_open(r->path, &proc, &err) != RS_OK) {
                break;
            }
            rs_proc_read(proc, reading, true, v);
            for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
                const struct rs_metric_info *info = rs_metric_info((enum rs_metric)i);
                assert_true(isnan(v[i]) || (v[i] >= info->min && v[i] <= info->max));
            }
        }
        rs_proc_close(proc);
    }
}

static void a_file_longer_than_the_buffer_is_a_gap(void **state)
{
    const struct root *r = *state;
    double v[RS_METRIC_COUNT];
    size_t size = 200000;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, '1', size);
    put_cpu(r, 0, 0, 0);
    put_bytes(r, "proc/net/dev", bytes, size);
    free(bytes);
    struct rs_proc *proc = open_root(r);
    rs_proc_read(proc, 0, true, v);
    rs_proc_read(proc, 60, true, v);
    assert_true(isnan(v[RS_METRIC_NET_IN_BYTES]));
    rs_proc_close(proc);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, root_make, root_remove)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(a_folder_without_proc_stat_is_refused),
        IN_ROOT(processor_time_is_all_but_idle_and_iowait),
        cmocka_unit_test(memory_in_use_is_the_cloudwatch_agents),
        IN_ROOT(counters_that_fall_make_gaps_and_no_spikes),
        IN_ROOT(what_comes_or_goes_makes_one_gap),
        IN_ROOT(nothing_is_counted_twice),
        IN_ROOT(only_the_instance_store_is_no_ebs),
        IN_ROOT(missing_files_are_gaps_and_are_found_again),
        IN_ROOT(iowait_may_fall_but_nothing_else),
        IN_ROOT(a_container_is_the_machine),
        IN_ROOT(an_old_control_group_is_a_container_too),
        cmocka_unit_test(a_service_in_its_group_is_no_container),
        IN_ROOT(garbage_never_crashes_and_stays_in_range),
        IN_ROOT(a_file_longer_than_the_buffer_is_a_gap),
    };
    return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
