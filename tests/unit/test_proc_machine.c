/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/machine.h"
#include "rightsize/peak.h"

#include "proc_world.h"

static void an_ec2_instance_is_known_by_its_firmware(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_machine m;
    check_ok(rs_machine_read(fixtures("proc-ec2"), NULL, 1700000000, &m, &err));
    assert_string_equal(m.resource.id, "i-0123456789abcdef0");
    assert_string_equal(m.resource.type, "m5.large");
    assert_string_equal(m.resource.provider, "aws");
    assert_string_equal(m.resource.hypervisor, "nitro");
    assert_null(m.resource.name);
    assert_null(m.resource.region);
    assert_int_equal(m.resource.tag_count, 0);
    assert_int_equal(m.resource.observed_at, 1700000000);
    assert_string_equal(m.model, "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz");
}

static void a_container_has_the_shape_of_its_limits(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_machine m;
    check_ok(rs_machine_read(fixtures("proc-container"), NULL, 0, &m, &err));
    assert_string_equal(m.resource.id, "3f2a9c0d1b4e");
    assert_string_equal(m.resource.provider, "local");
    assert_string_equal(m.resource.type, "local:2x2GiB");
    assert_string_equal(m.vcpus, "1.5");
    assert_string_equal(m.memory, "2048");
    assert_true(m.shape.container);
}

/* Each row: firmware and names, and who the machine then is. */
static void machines_are_told_apart(void **state)
{
    static const struct {
        const char *vendor, *product, *asset, *chassis, *host, *machine_id, *id, *provider;
    } rows[] = {
        {"Amazon EC2", "m5.large", "not-an-id", "x", "web-1", "abc", "web-1", "aws"},
        {"Google", "Google Compute Engine", "x", "x", "web-2", "abc", "web-2", "gcp"},
        {"Microsoft", "VM", "x", "7783-7084-3265-9085-8269-3286-77", "az", "abc", "az", "azure"},
        {"Dell", "R640", "i-0123456789abcdef0", "x", "rack", "abc", "rack", "local"},
        {"Dell", "R640", "x", "x", "localhost", "abc123", "machine-abc123", "local"},
        {"\xff\xfe", "\x01", "x", "x", "bad\x7f", "abc123", "machine-abc123", "local"},
    };
    const struct root *r = *state;
    put(r, "proc/stat", "cpu  0 0 0 0 0\ncpu0 0 0 0 0 0\n");
    put(r, "proc/meminfo", "MemTotal: 4000000 kB\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_machine m;
        put(r, "sys/class/dmi/id/sys_vendor", "%s\n", rows[i].vendor);
        put(r, "sys/class/dmi/id/product_name", "%s\n", rows[i].product);
        put(r, "sys/class/dmi/id/board_asset_tag", "%s\n", rows[i].asset);
        put(r, "sys/class/dmi/id/chassis_asset_tag", "%s\n", rows[i].chassis);
        put(r, "proc/sys/kernel/hostname", "%s\n", rows[i].host);
        put(r, "etc/machine-id", "%s\n", rows[i].machine_id);
        check_ok(rs_machine_read(r->path, NULL, 0, &m, &err));
        assert_string_equal(m.resource.id, rows[i].id);
        assert_string_equal(m.resource.provider, rows[i].provider);
    }
}

static void what_the_cloud_says_goes_before_firmware(void **state)
{
    static const struct rs_machine_facts facts = {"aws",       "i-0123456789abcdef1", "m5.xlarge",
                                                  "eu-west-1", "eu-west-1a",          ""};
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_machine m;
    check_ok(rs_machine_read(fixtures("proc-ec2"), NULL, 5, &m, &err));
    rs_machine_learn(&m, &facts);
    assert_string_equal(m.resource.id, "i-0123456789abcdef1");
    assert_string_equal(m.resource.type, "m5.xlarge");
    assert_string_equal(m.resource.region, "eu-west-1");
    assert_string_equal(m.resource.zone, "eu-west-1a");
    assert_null(m.resource.name);
    assert_int_equal(m.resource.observed_at, 5);
    check_ok(rs_machine_read(fixtures("proc-ec2"), "mine", 5, &m, &err));
    rs_machine_learn(&m, &facts);
    assert_string_equal(m.resource.id, "mine");
    assert_string_equal(m.resource.type, "m5.xlarge");
    check_ok(rs_machine_read(fixtures("proc-container"), NULL, 5, &m, &err));
    rs_machine_learn(&m, &(struct rs_machine_facts){.provider = "gcp", .name = "web", .id = "77"});
    assert_string_equal(m.resource.id, "77");
    assert_string_equal(m.resource.name, "web");
    assert_string_equal(m.resource.type, "local:2x2GiB");
    assert_null(m.resource.region);
    assert_int_equal(m.resource.tag_count > 0, 1);
}

static void a_name_given_is_borne_and_one_is_needed(void **state)
{
    const struct root *r = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_machine m;
    char longest[257];
    put(r, "proc/stat", "cpu  0 0 0 0 0\n");
    check_fails(rs_machine_read(r->path, NULL, 0, &m, &err), RS_ENODATA, "--instance");
    err = (struct rs_error){RS_OK, ""};
    check_ok(rs_machine_read(r->path, "mine", 0, &m, &err));
    assert_string_equal(m.resource.id, "mine");
    assert_null(m.resource.type); /* its shape is not known */
    memset(longest, 'x', 256);
    longest[256] = '\0';
    check_fails(rs_machine_read(r->path, longest, 0, &m, &err), RS_EUSAGE, "255");
    check_fails(rs_machine_read(r->path, "", 0, &m, &err), RS_EUSAGE, "255");
    check_fails(rs_machine_read("/nowhere", "x", 0, &m, &err), RS_EIO, "/nowhere");
}

static void put_process(const struct root *r, int pid, const char *name, unsigned ticks,
                        unsigned start, unsigned pages, unsigned io)
{
    char path[64];
    snprintf(path, sizeof(path), "proc/%d/stat", pid);
    put(r, path, "%d (%s) S 1 1 1 0 -1 0 0 0 0 0 %u 0 0 0 20 0 1 0 %u 9 %u\n", pid, name, ticks,
        start, pages);
    snprintf(path, sizeof(path), "proc/%d/io", pid);
    put(r, path, "rchar: 1\nread_bytes: %u\nwrite_bytes: 0\n", io);
}

static void the_busiest_processes_are_named_in_order(void **state)
{
    const struct root *r = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_peak_scan *scan = NULL;
    struct rs_peak peak;
    double hertz = (double)sysconf(_SC_CLK_TCK);
    int64_t memory = 1000 * sysconf(_SC_PAGESIZE);
    check_ok(rs_peak_open(r->path, &scan, &err));
    put_process(r, 1, "idle", 500, 1, 10, 0);
    put_process(r, 2, "web) (srv", 500, 1, 200, 0);
    put_process(r, 3, "reused", 900, 1, 0, 0);
    put(r, "proc/2/cgroup", "7:memory:/x\n0::/system.slice/docker-abc.scope/init\n");
    put(r, "proc/self/stat", "not a number\n");
    put(r, "proc/9/stat", "9 (torn S 1\n");
    rs_peak_begin(scan);
    put_process(r, 2, "web) (srv", 500 + (unsigned)hertz, 1, 200, 300);
    put_process(r, 3, "reused", (unsigned)(hertz / 2), 7, 0, 0); /* another process, same number */
    put_process(r, 4, "new", (unsigned)(hertz / 4), 8, 100, 100);
    rs_peak_end(scan, 1.0, 2.0, memory, &peak);
    assert_int_equal(peak.count[RS_PEAK_CPU], 3);
    assert_string_equal(peak.top[RS_PEAK_CPU][0].name, "web) (srv");
    assert_string_equal(peak.top[RS_PEAK_CPU][0].unit, "docker-abc.scope");
    check_near(peak.top[RS_PEAK_CPU][0].share, 50, 0.01);
    assert_string_equal(peak.top[RS_PEAK_CPU][1].name, "reused");
    check_near(peak.top[RS_PEAK_CPU][1].share, 25, 0.01);
    assert_string_equal(peak.top[RS_PEAK_CPU][2].name, "new");
    assert_int_equal(peak.count[RS_PEAK_MEMORY], 3);
    check_near(peak.top[RS_PEAK_MEMORY][0].share, 20, 0.01);
    assert_int_equal(peak.count[RS_PEAK_IO], 2);
    check_near(peak.top[RS_PEAK_IO][0].share, 75, 0.01);
    rs_peak_close(scan);
    rs_peak_close(NULL);
}

static void more_processes_than_ranks_keep_the_greatest(void **state)
{
    const struct root *r = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_peak_scan *scan = NULL;
    struct rs_peak peak;
    check_ok(rs_peak_open(r->path, &scan, &err));
    for (int i = 1; i <= 12; i++) {
        put_process(r, i, "p", 0, 1, 0, 0);
    }
    rs_peak_begin(scan);
    for (int i = 1; i <= 12; i++) {
        char name[16];
        snprintf(name, sizeof(name), "p%d", i);
        put_process(r, i, name, (unsigned)(i * 7 % 13), 1, 0, 0);
    }
    rs_peak_end(scan, 1.0, 1.0, 0, &peak);
    static const char *const want[] = {"p11", "p9", "p7", "p5", "p3"}; /* 12, 11, 10, 9, 8 */
    assert_int_equal(peak.count[RS_PEAK_CPU], RS_PEAK_RANKS);
    for (size_t i = 0; i < RS_PEAK_RANKS; i++) {
        assert_string_equal(peak.top[RS_PEAK_CPU][i].name, want[i]);
    }
    assert_int_equal(peak.count[RS_PEAK_MEMORY], 0); /* the machine's memory is not known */
    check_fails(rs_peak_open("/nowhere", &scan, &err), RS_EIO, "/nowhere");
    rs_peak_close(scan);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, root_make, root_remove)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ec2_instance_is_known_by_its_firmware),
        cmocka_unit_test(a_container_has_the_shape_of_its_limits),
        IN_ROOT(machines_are_told_apart),
        cmocka_unit_test(what_the_cloud_says_goes_before_firmware),
        IN_ROOT(a_name_given_is_borne_and_one_is_needed),
        IN_ROOT(the_busiest_processes_are_named_in_order),
        IN_ROOT(more_processes_than_ranks_keep_the_greatest),
    };
    return cmocka_run_group_tests_name("proc_machine", tests, NULL, NULL);
}
