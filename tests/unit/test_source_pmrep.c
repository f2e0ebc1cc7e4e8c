/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_sink.h"

#define FOLDER "tests/fixtures/source-pcp/"

static const int64_t at[] = {1795132800, 1795132860, 1795132920};

static void reads_a_table_of_pmrep(void **state)
{
    static const struct {
        enum rs_metric metric;
        enum rs_statistic statistic;
        double values[3];
    } rows[] = {
        {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, {25, 50, 75}},
        {RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG, {4096000, 2048000, 1024000}},
        {RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, {4096000, 6144000, 7168000}},
        {RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, {50, 75, 87.5}},
        {RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, {100, 200, 300}},
        {RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, {10, 20, 30}},
        {RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, {1024, 2048, 3072}},
        {RS_METRIC_EBS_WRITE_OPS, RS_STATISTIC_SUM_RATE, {5, 6, 7}},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "h";
    run->request.zone = "UTC";
    read_fixture(run, FOLDER "minutes.csv");
    assert_string_equal(run->err.text, "");
    assert_string_equal(run->source->name, "pmrep-csv");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_samples(run, "h", rows[i].metric, rows[i].statistic, 60, 3, at, rows[i].values);
    }
    assert_int_equal(run->batch_count, COUNT_OF(rows));
    assert_int_equal(run->tally.rejected, 0);
    free(run);
}

#define ROW(values) "2026-11-20 00:01:00," values "\n2026-11-20 00:02:00," values "\n"

static void tells_the_load_from_idle_time_in_any_unit(void **state)
{
    static const struct {
        const char *text;
        double want; /* NaN: not told */
    } rows[] = {
        {"Time,kernel.all.cpu.idle,hinv.ncpu\n" ROW("1500,2"), 25},
        {"Time,\"kernel.all.cpu.idle (s/s)\",hinv.ncpu\n" ROW("1.5,2"), 25},
        {"Time,\"kernel.all.cpu.idle (millisec / sec)\",hinv.ncpu\n" ROW("1500,2"), 25},
        {"Time,kernel.all.cpu.idle,kernel.all.cpu.wait.total,kernel.all.cpu.steal,hinv.ncpu\n" ROW(
             "900,300,300,2"),
         25},
        {"Time,kernel.all.cpu.user,kernel.all.cpu.sys,kernel.all.cpu.idle\n" ROW("300,200,1500"),
         25},
        {"Time,kernel.cpu.util.idle,kernel.cpu.util.wait\n" ROW("70,5"), 25},
        {"Time,kernel.all.cpu.user,kernel.all.cpu.sys,hinv.ncpu\n" ROW("300,200,2"), NAN},
        {"Time,kernel.all.cpu.idle,mem.util.available\n" ROW(",1"), NAN},
        {"Time,\"kernel.all.cpu.idle (Kbyte)\",mem.util.available\n" ROW("5,1"), NAN},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "h";
    run->request.zone = "UTC";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_string_equal(run->err.text, "");
        const struct kept_batch *k = find_batch(run, "h", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG);
        assert_int_equal(k == NULL, isnan(rows[i].want));
        assert_true(k == NULL || fabs(k->values[0] - rows[i].want) < 1e-9);
    }
    read_text(run, rows[6].text);
    assert_true(has_note(run, "kernel.all.cpu.idle"));
    read_text(run, rows[8].text);
    assert_true(has_note(run, "unit 'Kbyte'"));
    free(run);
}

static void takes_sizes_in_the_unit_of_the_header(void **state)
{
    static const struct {
        const char *text;
        double want;
    } rows[] = {
        {"Time,mem.util.available\n" ROW("2048"), 2097152},
        {"Time,\"mem.util.available (Kbyte)\"\n" ROW("2048"), 2097152},
        {"Time,\"mem.util.available (MB)\"\n" ROW("2"), 2097152},
        {"Time,\"mem.util.available (byte)\"\n" ROW("2097152"), 2097152},
        {"Time;\"mem.util.available\"\n2026-11-20 00:01:00;2048,5\n2026-11-20 00:02:00;2048,5\n",
         2097664},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "h";
    run->request.zone = "UTC";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_samples(run, "h", RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG, 60, 2, at,
                       (const double[]){rows[i].want, rows[i].want});
    }
    free(run);
}

static void takes_disks_singly_where_their_sum_is_not_given(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "h";
    run->request.zone = "UTC";
    read_text(run, "Time,disk.dev.read-sda,disk.dev.read-sdb,disk.dev.read-dm-0\n" ROW("1,2,3"));
    assert_samples(run, "h", RS_METRIC_EBS_READ_OPS, RS_STATISTIC_SUM_RATE, 60, 2, at,
                   (const double[]){3, 3});
    read_text(run, "Time,disk.dev.read-sda,disk.all.read\n" ROW("1,2"));
    assert_samples(run, "h", RS_METRIC_EBS_READ_OPS, RS_STATISTIC_SUM_RATE, 60, 2, at,
                   (const double[]){2, 2});
    free(run);
}

static void refuses_what_cannot_be_understood(void **state)
{
    static const struct {
        const char *instance, *zone, *text, *part;
        enum rs_status rc;
    } rows[] = {
        {NULL, "UTC", "Time,mem.util.available\n" ROW("1"), "--instance ID", RS_EINPUT},
        {"h", NULL, "Time,mem.util.available\n" ROW("1"), "--tz ZONE", RS_EINPUT},
        {"h", "UTC", "Time,mem.util.slab\n" ROW("1"), "none of the columns", RS_EINPUT},
        {"h", "UTC", "Time,mem.util.available\n2026-11-20 00:01:00,1\n", "--step", RS_EINPUT},
        {"h", "Nowhere/Land", "Time,mem.util.available\n" ROW("1"), "Nowhere", RS_EUSAGE},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.instance = rows[i].instance;
        run->request.zone = rows[i].zone;
        read_text(run, rows[i].text);
        assert_refused(run, rows[i].rc, rows[i].part);
    }
    run->request.zone = "UTC";
    read_text(run,
              "Time,mem.util.available\n2026-11-20 00:01:00,1,2\n2026-11-20 00:02:00,x\n" ROW("1"));
    assert_int_equal(run->tally.rejected, 2);
    survives_truncation(run, "Time,\"mem.util.available (Kbyte)\",\"hinv.ncpu\"\n" ROW("1,2"));
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_table_of_pmrep),
        cmocka_unit_test(tells_the_load_from_idle_time_in_any_unit),
        cmocka_unit_test(takes_sizes_in_the_unit_of_the_header),
        cmocka_unit_test(takes_disks_singly_where_their_sum_is_not_given),
        cmocka_unit_test(refuses_what_cannot_be_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
