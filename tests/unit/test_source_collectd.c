/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/collectd.h"
#include "source_sink.h"

#define TREE "tests/fixtures/source-collectd/"
#define MIDNIGHT INT64_C(1795132800) /* 2026-11-20T00:00:00Z */

static const int64_t slots[] = {MIDNIGHT,      MIDNIGHT + 10, MIDNIGHT + 20,
                                MIDNIGHT + 30, MIDNIGHT + 40, MIDNIGHT + 50};

static void read_file(struct run *run, const char *path)
{
    run->request.name = path;
    read_fixture(run, path);
    assert_string_equal(run->err.text, "");
    assert_string_equal(run->source->name, "collectd");
}

static void takes_the_load_from_all_states_together(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_file(run, TREE "app-3/cpu/percent-idle-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 10, 6, slots,
                   (const double[]){26, 27, 28, 29, 30, 31});
    assert_int_equal(run->batch_count, 1);
    assert_string_equal(run->batches[0].provider, "local");
    read_file(run, TREE "app-3/cpu/percent-user-2026-11-20"); /* was read with the first */
    assert_int_equal(run->batch_count, 0);
    assert_int_equal(run->tally.rejected, 0);
    free(run);
}

static void takes_processors_that_are_written_singly_in_jiffies(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_file(run, TREE "bare-4/cpu-0/cpu-idle-2026-11-20");
    assert_samples(run, "bare-4", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 10, 5, slots + 1,
                   (const double[]){55, 55, 55, 55, 55});
    read_file(run, TREE "bare-4/cpu-1/cpu-idle-2026-11-20");
    assert_int_equal(run->batch_count, 0);
    free(run);
}

static void takes_memory_as_the_cloudwatch_agent_does(void **state)
{
    static const double used[] = {5e9, 5e9, 5e9, 5e9, 5e9, 5e9};
    static const double available[] = {11e9, 11e9, 11e9, 11e9, 11e9, 11e9};
    static const double percent[] = {31.25, 31.25, 31.25, 31.25, 31.25, 31.25};
    static const double swap[] = {25, 25, 25, 25, 25, 25};
    (void)state;
    struct run *run = new_run();
    read_file(run, TREE "app-3/memory/memory-buffered-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, 10, 6, slots, used);
    assert_samples(run, "app-3", RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG, 10, 6, slots,
                   available);
    assert_samples(run, "app-3", RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, 10, 6, slots, percent);
    read_file(run, TREE "app-3/memory/percent-buffered-2026-11-20"); /* bytes say more */
    assert_int_equal(run->batch_count, 0);
    read_file(run, TREE "app-3/swap/swap-cached-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_SWAP_USED_PERCENT, RS_STATISTIC_AVG, 10, 6, slots, swap);
    free(run);
}

static void adds_up_physical_devices_only(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_file(run, TREE "app-3/interface-eth0/if_octets-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 10, 5, slots + 1,
                   (const double[]){3002, 3004, 3006, 3008, 3010});
    assert_samples(run, "app-3", RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, 10, 5, slots + 1,
                   (const double[]){1500, 1500, 1500, 1500, 1500});
    static const char *const others[] = {TREE "app-3/interface-eth1/if_octets-2026-11-20",
                                         TREE "app-3/interface-lo/if_octets-2026-11-20",
                                         TREE "app-3/interface-docker0/if_octets-2026-11-20",
                                         TREE "app-3/interface-eth0/if_errors-2026-11-20",
                                         TREE "app-3/load/load-2026-11-20",
                                         TREE "app-3/disk-dm-0/disk_octets-2026-11-20",
                                         TREE "app-3/disk-vda1/disk_ops-2026-11-20"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        read_file(run, others[i]);
        assert_int_equal(run->batch_count, 0);
    }
    read_file(run, TREE "app-3/disk-vda/disk_octets-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 10, 6, slots,
                   (const double[]){0, 4096, 8192, 12288, 16384, 20480});
    read_file(run, TREE "app-3/disk-vda/disk_ops-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_EBS_WRITE_OPS, RS_STATISTIC_SUM_RATE, 10, 6, slots,
                   (const double[]){2, 2, 2, 2, 2, 2});
    free(run);
}

static void tells_counters_from_rates(void **state)
{
    static const int64_t at[] = {MIDNIGHT + 10, MIDNIGHT + 20, MIDNIGHT + 30, MIDNIGHT + 50};
    (void)state;
    struct run *run = new_run();
    read_file(run, TREE "app-3/interface-eth0/if_packets-2026-11-20"); /* reset in between */
    assert_samples(run, "app-3", RS_METRIC_NET_IN_PACKETS, RS_STATISTIC_SUM_RATE, 10, 4, at,
                   (const double[]){50, 100, 10, 20});
    static const struct {
        const char *text;
        double want;
        size_t count;
    } rows[] = {
        {"epoch,rx,tx\n1795132810,100,0\n1795132820,200,0\n1795132830,300,0\n", 10, 2},
        {"epoch,rx,tx\n1795132810,100.0,0\n1795132820,100.0,0\n1795132830,100.0,0\n", 100, 3},
        {"epoch,rx,tx\n1795132810,nan,nan\n1795132820,100.0,0\n1795132830,100.0,0\n", 100, 2},
        /* a gap of an hour is no interval */
        {"epoch,rx,tx\n1795132810,100,0\n1795132820,200,0\n1795136420,9000,0\n1795136430,9100,0\n",
         10, 2},
        {"epoch,rx,tx\n1795132810.999,100.5,0\n1795132820.001,100.5,0\n", 100.5, 2},
    };
    run->request.name = "nowhere/h/interface-eth0/if_octets-2026-11-20";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_string_equal(run->err.text, "");
        const struct kept_batch *k =
            find_batch(run, "h", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE);
        assert_non_null(k);
        assert_int_equal(k->count, rows[i].count);
        for (size_t n = 0; n < k->count; n++) {
            assert_true(fabs(k->values[n] - rows[i].want) < 1e-9);
        }
    }
    free(run);
}

static void reads_names_out_of_paths(void **state)
{
    static const struct {
        const char *path, *host, *plugin, *kind;
        bool good;
        enum rs_collectd_family family;
    } rows[] = {
        {"/var/lib/collectd/csv/web/cpu/percent-idle-2026-11-20", "web", "cpu", "percent-idle",
         true, RS_COLLECTD_CPU},
        {"web/interface-eth0/if_octets-2026-11-20.gz", "web", "interface-eth0", "if_octets", true,
         RS_COLLECTD_OCTETS},
        {"./web//disk-nvme0n1/disk_ops-2026-11-20", "web", "disk-nvme0n1", "disk_ops", true,
         RS_COLLECTD_DISK_OPS},
        {"memory/memory-used-2026-11-20", "", "memory", "memory-used", true, RS_COLLECTD_MEMORY},
        {"./memory/memory-used-2026-11-20", "", "memory", "memory-used", true, RS_COLLECTD_MEMORY},
        {"web/df-root/df_complex-free-2026-11-20", "web", "df-root", "df_complex-free", true,
         RS_COLLECTD_NONE},
        {"web/cpu/percent-idle", "", "", "", false, RS_COLLECTD_NONE},
        {"web/cpu/percent-idle-20261120", "", "", "", false, RS_COLLECTD_NONE},
        {"-2026-11-20", "", "", "", false, RS_COLLECTD_NONE},
        {"", "", "", "", false, RS_COLLECTD_NONE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_collectd_name name;
        assert_int_equal(rs_collectd_name_of(rows[i].path, &name), rows[i].good);
        if (rows[i].good) {
            assert_string_equal(name.host, rows[i].host);
            assert_string_equal(name.plugin, rows[i].plugin);
            assert_string_equal(name.kind, rows[i].kind);
            assert_string_equal(name.date, "2026-11-20");
            assert_int_equal(name.family, rows[i].family);
        }
    }
}

static void says_what_is_missing(void **state)
{
    static const char two[] = "epoch,value\n1795132810.000,1.000000\n1795132820.000,1.000000\n";
    static const struct {
        const char *name, *instance, *text, *part; /* a note when it begins with '+' */
        enum rs_status rc;
    } rows[] = {
        {"input", NULL, two, "HOST/PLUGIN/TYPE-YYYY-MM-DD", RS_EINPUT},
        {"memory/memory-used-2026-11-20", NULL, two, "does not name the host", RS_EINPUT},
        {"memory/memory-used-2026-11-20", "h", two, "+used and free", RS_OK},
        {"nowhere/h/cpu/percent-user-2026-11-20", NULL, two, "+idle", RS_OK},
        {"nowhere/h/interface-eth0/if_octets-2026-11-20", NULL, two, "two columns", RS_EINPUT},
        {"nowhere/h/interface-eth0/if_octets-2026-11-20", NULL,
         "epoch,rx,tx\n1795132810,1.0,1.0\n1795132817,1.0,1.0\n", "--step", RS_EINPUT},
        {"nowhere/h/interface-eth0/if_octets-2026-11-20", NULL,
         "epoch,rx,tx\n10,1.0,1.0\n20,1.0,1.0\n99999999999,1.0,1.0\n", "span more", RS_EINPUT},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.name = rows[i].name;
        run->request.instance = rows[i].instance;
        read_text(run, rows[i].text);
        if (rows[i].rc != RS_OK) {
            assert_refused(run, rows[i].rc, rows[i].part);
        } else {
            assert_int_equal(run->rc, RS_OK);
            assert_true(has_note(run, rows[i].part + 1));
        }
        assert_int_equal(run->batch_count, 0);
    }
    run->request.instance = NULL;
    run->request.name = "nowhere/h/interface-eth0/if_octets-2026-11-20";
    read_text(run, "epoch,rx,tx\n1795132810,1.0,1.0\n"); /* midnight has just passed */
    assert_int_equal(run->rc, RS_OK);
    read_text(run, "epoch,rx,tx\n1795132810,1.0,1.0\nsoon,1.0,1.0\n1795132820,x,1.0\n"
                   "1795132830,1.0\n1795132820,1.0,1.0\n");
    assert_int_equal(run->tally.rejected, 3);
    assert_int_equal(run->batch_count, 2);
    run->request.step = 7;
    read_text(run, "epoch,rx,tx\n1795132810,1.0,1.0\n1795132820,1.0,1.0\n");
    assert_refused(run, RS_EUSAGE, "--step 7");
    free(run);
}

static void averages_over_a_coarser_step(void **state)
{
    static const int64_t at[] = {MIDNIGHT, MIDNIGHT + 30};
    (void)state;
    struct run *run = new_run();
    run->request.step = 30;
    read_file(run, TREE "app-3/cpu/percent-idle-2026-11-20");
    assert_samples(run, "app-3", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 30, 2, at,
                   (const double[]){27, 30});
    free(run);
}

static void survives_truncation_of_files(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.name = "nowhere/h/interface-eth0/if_octets-2026-11-20";
    survives_truncation(run, "epoch,rx,tx\n1795132810.004,nan,nan\n1795132820.004,1.5,2.5\n"
                             "1795132830.004,1.5,2.5\n1795132840.004,1.5,2.5\n");
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_load_from_all_states_together),
        cmocka_unit_test(takes_processors_that_are_written_singly_in_jiffies),
        cmocka_unit_test(takes_memory_as_the_cloudwatch_agent_does),
        cmocka_unit_test(adds_up_physical_devices_only),
        cmocka_unit_test(tells_counters_from_rates),
        cmocka_unit_test(reads_names_out_of_paths),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(averages_over_a_coarser_step),
        cmocka_unit_test(survives_truncation_of_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
