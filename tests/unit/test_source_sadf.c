/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/buffer.h"
#include "source_sink.h"

#define FOLDER "tests/fixtures/source-sysstat/"
#define MIDNIGHT INT64_C(1795132800) /* 2026-11-20T00:00:00Z */

/* Records end at 00:10:01, 00:20:02, 00:30:01, 01:10:01 and 01:20:01; the machine began anew. */
static const int64_t slots[] = {MIDNIGHT, MIDNIGHT + 600, MIDNIGHT + 1200, MIDNIGHT + 3600,
                                MIDNIGHT + 4200};

static void assert_day(const struct run *run)
{
    static const struct {
        enum rs_metric metric;
        enum rs_statistic statistic;
        double first, more; /* value of record i: first + i * more */
    } rows[] = {
        {RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 16.5, 1.0},
        {RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG, 8192000 * 1024.0, -4096 * 1024.0},
        {RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, 8192000 * 1024.0, 4096 * 1024.0},
        {RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, 50.0, 0.025},
        {RS_METRIC_SWAP_USED_PERCENT, RS_STATISTIC_AVG, 25.0, 0.0},
        {RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 102400.0, 1024.0},
        {RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE, 51712.0, 0.0},
        {RS_METRIC_NET_IN_PACKETS, RS_STATISTIC_SUM_RATE, 200.0, 0.0},
        {RS_METRIC_NET_OUT_PACKETS, RS_STATISTIC_SUM_RATE, 150.25, 0.0},
        {RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 1048576.0, 0.0},
        {RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, 2097152.0, 262144.0},
        {RS_METRIC_EBS_READ_OPS, RS_STATISTIC_SUM_RATE, 12.5, 1.0},
        {RS_METRIC_EBS_WRITE_OPS, RS_STATISTIC_SUM_RATE, 30.0, 0.0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double values[5];
        for (int k = 0; k < 5; k++) {
            values[k] = rows[i].first + k * rows[i].more;
        }
        assert_samples(run, "db-7", rows[i].metric, rows[i].statistic, 600, 5, slots, values);
    }
    assert_int_equal(run->batch_count, COUNT_OF(rows));
    assert_int_equal(run->tally.series, COUNT_OF(rows));
    assert_int_equal(run->tally.rejected, 0);
    assert_string_equal(run->batches[0].provider, "local");
}

static void reads_one_day_alike_from_every_form_of_sadf(void **state)
{
    static const struct {
        const char *file, *source;
    } rows[] = {
        {FOLDER "all.json", "sadf-json"},    {FOLDER "plain.json", "sadf-json"},
        {FOLDER "table.csv", "sadf-csv"},    {FOLDER "comma.csv", "sadf-csv"},
        {FOLDER "one-line.csv", "sadf-csv"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_fixture(run, rows[i].file);
        assert_string_equal(run->err.text, "");
        assert_string_equal(run->source->name, rows[i].source);
        assert_day(run);
    }
    free(run);
}

static void tells_the_shape_of_the_machine_so_that_any_inventory_outbids_it(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_fixture(run, FOLDER "all.json");
    assert_int_equal(run->resource_count, 1);
    assert_string_equal(run->resources[0].id, "db-7");
    assert_string_equal(run->resources[0].text, "-|-|-|-|local:4x16GiB|-|arm64|-|-|-|-|-|-|-");
    assert_int_equal(run->resources[0].tag_count, 2);
    assert_int_equal(run->resources[0].observed_at, -1);
    read_fixture(run, FOLDER "comma.csv"); /* by its restart */
    assert_string_equal(run->resources[0].text, "-|-|-|-|local:4x16GiB|-|-|-|-|-|-|-|-|-");
    read_text(run, "# hostname;interval;timestamp;CPU;%user;%idle\n"
                   "h;600;2026-11-20 01:00:00 UTC;-1;10;90\n");
    assert_int_equal(run->resource_count, 0);
    run->request.instance = "i-0abc";
    read_fixture(run, FOLDER "table.csv");
    assert_non_null(find_batch(run, "i-0abc", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG));
    free(run);
}

#define JSON(stamp, cpu)                                                                           \
    "{\"sysstat\":{\"hosts\":[{\"nodename\":\"h\",\"statistics\":[{\"timestamp\":{" stamp          \
    "},\"cpu-load\":[{\"cpu\":\"all\"," cpu "}]}]}]}}"
#define IDLE "\"user\":10,\"idle\":90"
#define TEN "\"date\":\"2026-11-20\",\"time\":\"01:00:00\",\"interval\":600"

static void takes_local_stamps_only_with_a_zone(void **state)
{
    static const struct {
        const char *text, *zone;
        int64_t at; /* 0: refused */
    } rows[] = {
        {JSON(TEN ",\"utc\":1", IDLE), NULL, MIDNIGHT + 3000},
        {JSON(TEN ",\"utc\":true", IDLE), NULL, MIDNIGHT + 3000},
        {JSON(TEN ",\"tz\":\"UTC\"", IDLE), "+01:00", MIDNIGHT + 3000},
        {JSON(TEN ",\"utc\":0", IDLE), "+01:00", MIDNIGHT - 600},
        {JSON(TEN ",\"tz\":\"CET\"", IDLE), "+01:00", MIDNIGHT - 600},
        {JSON(TEN ",\"utc\":0", IDLE), NULL, 0},
        {JSON(TEN ",\"tz\":\"CET\"", IDLE), NULL, 0},
        {JSON(TEN, IDLE), NULL, 0},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;600;2026-11-20 01:00:00 UTC;-1;10;90\n",
         "+01:00", MIDNIGHT + 3000},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;600;2026-11-20 01:00:00;-1;10;90\n",
         "+01:00", MIDNIGHT - 600},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;600;1795136400;-1;10;90\n", NULL,
         MIDNIGHT + 3000},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;600;2026-11-20 01:00:00;-1;10;90\n",
         NULL, 0},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.zone = rows[i].zone;
        read_text(run, rows[i].text);
        if (rows[i].at == 0) {
            assert_refused(run, RS_EINPUT, "--tz ZONE");
        } else {
            assert_samples(run, "h", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 600, 1, &rows[i].at,
                           (const double[]){10});
        }
    }
    free(run);
}

static void counts_as_load_what_is_neither_idle_nor_waiting_nor_stolen(void **state)
{
    static const struct {
        const char *text;
        double want; /* negative: rejected; -2: no sample at all */
    } rows[] = {
        {JSON(TEN ",\"utc\":1",
              "\"user\":20.5,\"system\":9.5,\"iowait\":30,\"steal\":15,\"idle\":25"),
         30},
        {JSON(TEN ",\"utc\":1", "\"usr\":1,\"sys\":2,\"irq\":3,\"soft\":4,\"guest\":5,\"gnice\":6,"
                                "\"nice\":7,\"idle\":72"),
         28},
        {JSON(TEN ",\"utc\":1", "\"user\":0.01,\"idle\":100.01"), 0},
        {JSON(TEN ",\"utc\":1", "\"user\":0,\"idle\":0"), -1}, /* no processor was there */
        {JSON(TEN ",\"utc\":1", "\"user\":60,\"idle\":60"), -1},
        {JSON(TEN ",\"utc\":1", "\"user\":60"), -2},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->tally.rejected, rows[i].want > -2 && rows[i].want < 0);
        assert_int_equal(run->batch_count, rows[i].want >= 0);
        if (rows[i].want >= 0) {
            assert_true(fabs(run->batches[0].values[0] - rows[i].want) < 1e-9);
        }
    }
    free(run);
}

#define MEMORY                                                                                     \
    "# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused;kbbuffers;kbcached"
#define AT "h;600;2026-11-20 01:00:00 UTC;"

static void tells_all_memory_by_the_definition_in_use(void **state)
{
    static const struct {
        const char *text;
        double used, percent, available; /* KiB; NaN: not told */
    } rows[] = {
        /* 12.7.8: used is what is not available */
        {MEMORY "\n" AT "1000;6000;4000;40.00;500;4500\n", 4000, 40, 6000},
        /* 12.1: neither free nor buffers, cache, slab */
        {MEMORY ";kbslab\n" AT "1000;6000;3500;35.00;500;4500;500\n", 4000, 40, 6000},
        /* before: all that is not free */
        {MEMORY "\n" AT "1000;6000;9000;90.00;500;4500\n", 4000, 40, 6000},
        /* a kernel that does not say what is available */
        {"# hostname;interval;timestamp;kbmemfree;kbmemused;%memused;kbbuffers;kbcached\n" AT
         "1000;9000;90.00;500;4500\n",
         4000, 40, 6000},
        /* none of them: the percentage must do */
        {MEMORY "\n" AT "1000;6000;3333;33.33;500;4500\n", 4000, 40, 6000},
        /* two decimals of almost nothing do not */
        {MEMORY "\n" AT "1000;6000;33;0.33;500;4500\n", NAN, NAN, 6000},
        {MEMORY "\n" AT "1000;6000;0;0.00;500;4500\n", NAN, NAN, 6000},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct kept_batch *used, *percent, *available;
        read_text(run, rows[i].text);
        assert_string_equal(run->err.text, "");
        used = find_batch(run, "h", RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG);
        percent = find_batch(run, "h", RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG);
        available = find_batch(run, "h", RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_AVG);
        assert_non_null(available);
        assert_true(fabs(available->values[0] - rows[i].available * 1024) < 1e-3);
        assert_int_equal(used == NULL, isnan(rows[i].used));
        assert_int_equal(percent == NULL, isnan(rows[i].percent));
        if (used != NULL && percent != NULL) {
            assert_true(fabs(used->values[0] / 1024 - rows[i].used) < 1.0);
            assert_true(fabs(percent->values[0] - rows[i].percent) < 0.01);
        }
    }
    free(run);
}

static void prefers_what_is_said_by_device_to_blocks_of_all(void **state)
{
    static const int64_t at = MIDNIGHT + 3000;
    (void)state;
    struct run *run = new_run();
    read_text(run,
              "# hostname;interval;timestamp;tps;rtps;wtps;bread/s;bwrtn/s\n" AT "1;2;3;100;200\n");
    assert_samples(run, "h", RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){51200});
    read_text(run, "# hostname;interval;timestamp;DEV;tps;rkB/s;wkB/s\n" AT "sda;1;10;20\n" AT
                   "sdb;1;1;2\n# hostname;interval;timestamp;tps;rtps;wtps;bread/s;bwrtn/s\n" AT
                   "1;2;3;100;200\n");
    assert_samples(run, "h", RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){11264});
    assert_samples(run, "h", RS_METRIC_EBS_WRITE_OPS, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){3});
    read_text(run, "# hostname;interval;timestamp;DEV;tps;rd_sec/s;wr_sec/s\n" AT
                   "dev8-0;1;10;20\n" AT "dev8-1;1;10;20\n");
    assert_samples(run, "h", RS_METRIC_EBS_WRITE_BYTES, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){10240});
    free(run);
}

static void deals_one_line_out_to_disks_and_interfaces_of_the_same_width(void **state)
{
    static const char head[] = "# hostname;interval;timestamp;DEV;rkB/s;wkB/s[...];IFACE;rxkB/s;"
                               "txkB/s[...]\n";
    static const int64_t at = MIDNIGHT + 3000;
    char text[512];
    (void)state;
    struct run *run = new_run();
    snprintf(text, sizeof(text), "%s" AT "sda;1;2;sdb;3;4;lo;9;9;eth0;5;6;eth1;7;8\n", head);
    read_text(run, text);
    assert_samples(run, "h", RS_METRIC_EBS_READ_BYTES, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){4096});
    assert_samples(run, "h", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 600, 1, &at,
                   (const double[]){12288});
    snprintf(text, sizeof(text), "%s" AT "sda;1;2;sdb;3;4;eth0;5;6\n", head);
    read_text(run, text); /* where do the disks end? */
    assert_int_equal(run->tally.rejected, 1);
    assert_int_equal(run->batch_count, 0);
    assert_true(has_note(run, "without -h"));
    free(run);
}

static void leaves_single_processors_alone(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "# hostname;interval;timestamp;CPU;%user;%idle\n" AT "0;10;90\n" AT "1;5;95\n");
    assert_int_equal(run->batch_count, 0);
    assert_true(has_note(run, "without -P"));
    read_text(run,
              "{\"sysstat\":{\"hosts\":[{\"nodename\":\"h\",\"statistics\":[{\"timestamp\":{" TEN
              ",\"utc\":1},\"cpu-load\":[{\"cpu\":\"0\"," IDLE "}]}]}]}}");
    assert_int_equal(run->batch_count, 0);
    assert_true(has_note(run, "without -P"));
    free(run);
}

static void refuses_what_cannot_be_understood(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"h;600;2026-11-20 01:00:00 UTC;-1;10;90\n# hostname;interval;timestamp;CPU;%user\n",
         "line 1: values before the line"},
        {"{\"sysstat\":{\"hosts\":[{\"statistics\":[]}]}}", "no nodename"},
        {"{\"sysstat\":[]}", "sysstat is no object"},
        {"{\"sysstat\":{\"hosts\":[{\"nodename\":\"h\",\"statistics\":[{\"timestamp\":{}}]}]}}",
         "no timestamp"},
        {"{\"sysstat\":{\"hosts\":[{\"nodename\":\"h\",\"statistics\":[{\"timestamp\":", "line 1"},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;600;yesterday;-1;10;90\n",
         "no row has a time stamp"},
        {"# hostname;interval;timestamp;CPU;%user;%idle\nh;7;2026-11-20 01:00:00 UTC;-1;10;90\n",
         "--step"},
        {"# hostname;interval;timestamp;CPU;%user;%idle\n;600;2026-11-20 01:00:00 UTC;-1;10;90\n",
         "name of the instance is empty"},
        {"\x96\xD5\x75\x21\x0C\x06", "sadf -j FILE"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    free(run);
}

static void passes_over_rows_that_are_no_records(void **state)
{
    static const int64_t at[] = {MIDNIGHT + 3000, MIDNIGHT + 3600};
    (void)state;
    struct run *run = new_run();
    read_text(run, "h;-1;2026-11-20 00:00:00 UTC;LINUX-RESTART\t(8 CPU)\n"
                   "# hostname;interval;timestamp;CPU;%user;%idle\n" AT "-1;10;90\n"
                   "h;-1;2026-11-20 01:01:00 UTC;COM a, b, c; d\n"
                   "h;-1;2026-11-20 01:02:00 UTC;LINUX-RESTART\t(2 CPU)\n"
                   "h;600;2026-11-20 01:10:00 UTC;-1;20;80\n");
    assert_string_equal(run->source->name, "sadf-csv");
    assert_samples(run, "h", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 600, 2, at,
                   (const double[]){10, 20});
    assert_int_equal(run->tally.rejected, 0);
    free(run);
}

static void survives_truncation_of_every_form(void **state)
{
    static const char *const files[] = {FOLDER "all.json", FOLDER "table.csv",
                                        FOLDER "one-line.csv"};
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct rs_buffer text;
        rs_buffer_init(&text);
        assert_int_equal(rs_buffer_read_file(&text, files[i], 1 << 20, &run->err), RS_OK);
        survives_truncation(run, text.data);
        rs_buffer_release(&text);
    }
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_day_alike_from_every_form_of_sadf),
        cmocka_unit_test(tells_the_shape_of_the_machine_so_that_any_inventory_outbids_it),
        cmocka_unit_test(takes_local_stamps_only_with_a_zone),
        cmocka_unit_test(counts_as_load_what_is_neither_idle_nor_waiting_nor_stolen),
        cmocka_unit_test(tells_all_memory_by_the_definition_in_use),
        cmocka_unit_test(prefers_what_is_said_by_device_to_blocks_of_all),
        cmocka_unit_test(deals_one_line_out_to_disks_and_interfaces_of_the_same_width),
        cmocka_unit_test(leaves_single_processors_alone),
        cmocka_unit_test(refuses_what_cannot_be_understood),
        cmocka_unit_test(passes_over_rows_that_are_no_records),
        cmocka_unit_test(survives_truncation_of_every_form),
    };
    return cmocka_run_group_tests_name("source_sadf", tests, NULL, NULL);
}
