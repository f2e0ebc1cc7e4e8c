/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a column a metric, and the options that say what their columns are. */
#include "source/columns.h"
#include "source_sink.h"

static void reads_canonical_columns(void **state)
{
    static const char *const texts[] = {
        "timestamp,cpu_percent,mem_used_bytes,net_in_bytes_per_s\n"
        "1795338600,12.5,1000,7\n1795338900,20,,8\n",
        "\xEF\xBB\xBFtimestamp;cpu_percent;mem_used_bytes;net_in_bytes_per_s\r\n"
        "2026-11-22T09:10:00Z;12,5;1000;7\r\n2026-11-22T10:15:00+01:00;20,0;;8\r\n",
        "Timestamp\tcpu_percent\tmem_used_bytes\tnet_in_bytes_per_s\n"
        "1795338900\t20\t\t8\n 1795338600 \t 12.5 \t1e3\t\"7\"\n",
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "web-1";
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        read_text(run, texts[i]);
        assert_int_equal(run->rc, RS_OK);
        assert_string_equal(run->source->name, "csv");
        assert_pair(run, "web-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 12.5, 20);
        assert_samples(run, "web-1", RS_METRIC_MEM_USED_BYTES, RS_STATISTIC_AVG, 300, 1, pair_at,
                       (const double[]){1000});
        assert_pair(run, "web-1", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 7, 8);
        assert_int_equal(run->tally.series, 3);
        assert_int_equal(run->tally.rejected, 0);
    }
    free(run);
}

static void takes_the_instance_from_a_column(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "timestamp,instance,cpu_percent\n1795338600,a,1\n1795338600,vol-b,2\n"
                   "1795338900,a,3\n1795338900,vol-b,4\n");
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 3);
    assert_pair(run, "vol-b", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 2, 4);
    assert_int_equal(find_batch(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG)->kind,
                     RS_KIND_INSTANCE);
    assert_int_equal(find_batch(run, "vol-b", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG)->kind,
                     RS_KIND_VOLUME);
    free(run);
}

static void takes_the_commonest_gap_for_the_step(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    read_text(run, "timestamp,cpu_percent\n1795338600,1\n1795338900,1\n1795339199,1\n"
                   "1795339500,1\n1795339800,1\n1795350000,1\n1795339800,2\n");
    assert_int_equal(run->batches[0].step, 300);
    assert_int_equal(run->batches[0].count, 6);
    assert_true(run->batches[0].values[4] == 2.0); /* of one instant the later line counts */
    run->request.step = 60;
    read_text(run, "timestamp,cpu_percent\n1795338600,1\n");
    assert_int_equal(run->batches[0].step, 60);
    free(run);
}

static void reads_two_column_tables_by_option(void **state)
{
    static const struct {
        const char *columns, *metric, *statistic, *text;
        enum rs_metric want;
        enum rs_statistic kept;
    } rows[] = {
        {"ts=1,value=2", "cpu_percent", NULL, "1795338600,1\n1795338900,2\n", RS_METRIC_CPU_PERCENT,
         RS_STATISTIC_AVG},
        {"value=1,ts=3", "cpu_percent", "max", "v;x;when\n1;;1795338600\n2;;1795338900\n",
         RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX},
        {"ts=1,net_out_bytes_per_s=2", NULL, NULL, "a,b\n1795338600,1\n1795338900,2\n",
         RS_METRIC_NET_OUT_BYTES, RS_STATISTIC_SUM_RATE},
        {NULL, "mem_percent", NULL, "timestamp,value\n1795338600,1\n1795338900,2\n",
         RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG},
        {NULL, "cpu_percent", "min",
         "timestamp,value,label,notes\n1795338600,1,0,\n1795338900,2,0,\n", RS_METRIC_CPU_PERCENT,
         RS_STATISTIC_MIN},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.columns = rows[i].columns;
        run->request.metric = rows[i].metric;
        run->request.statistic = rows[i].statistic;
        read_text(run, rows[i].text);
        assert_int_equal(run->rc, RS_OK);
        assert_pair(run, "a", rows[i].want, rows[i].kept, 300, 1, 2);
        assert_int_equal(run->tally.note_count, 0);
    }
    free(run);
}

static void needs_a_zone_for_local_stamps(void **state)
{
    static const char text[] = "timestamp,cpu_percent\n2026-11-22 09:10:00,1\n"
                               "2026-11-22 09:15:00,2\n";
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    read_text(run, text);
    assert_refused(run, RS_EINPUT,
                   "line 2: time stamp '2026-11-22 09:10:00' names no zone: give "
                   "--tz ZONE");
    run->request.zone = "UTC";
    read_text(run, text);
    assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    run->request.zone = "+01:00";
    read_text(run, text);
    assert_int_equal(run->batches[0].at[0], 1795338600 - 3600);
    run->request.zone = "Nowhere/Atall";
    read_text(run, text);
    assert_int_equal(run->rc, RS_EUSAGE);
    free(run);
}

static void leaves_out_hours_that_exist_twice(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    run->request.zone = "Europe/Berlin";
    run->request.step = 300;
    read_text(run, "timestamp,cpu_percent\n2026-10-25 01:30:00,1\n2026-10-25 02:30:00,2\n"
                   "2026-10-25 03:30:00,3\n");
    if (run->rc != RS_EUSAGE) { /* a system without a zone database */
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->batches[0].count, 2);
        assert_int_equal(run->tally.rejected, 1);
        assert_non_null(strstr(run->tally.first_rejected, "line 3: "));
        assert_true(has_note(run, "export in UTC"));
    }
    free(run);
}

static void refuses_tables_it_cannot_place(void **state)
{
    static const struct {
        const char *instance, *text, *part;
        enum rs_status rc;
    } rows[] = {
        {"a", "timestamp,cpu\n1795338600,1\n",
         "line 1: no column bears the name of a metric, like cpu_percent or mem_used_bytes: column "
         "'cpu' is not read: did you mean cpu_percent?",
         RS_EINPUT},
        {"a", "when,cpu_percent\n1795338600,1\n", "no column is named timestamp", RS_EINPUT},
        {NULL, "timestamp,cpu_percent\n1795338600,1\n", "give --instance ID, or an 'instance'",
         RS_EINPUT},
        {"a", "timestamp,cpu_percent,cpu_percent\n1795338600,1,2\n", "two columns hold cpu_percent",
         RS_EINPUT},
        {"a", "timestamp,timestamp,cpu_percent\n1,1,2\n", "two columns are named timestamp",
         RS_EINPUT},
        {"a", "timestamp,cpu_percent\n1795338600000,1\n", "divide milliseconds by 1000", RS_EINPUT},
        {"a", "timestamp,cpu_percent\n1795338600000000000,1\n", "not in seconds", RS_EINPUT},
        {"a", "timestamp,cpu_percent\n1795338600,1\n", "one time stamp does not tell its step",
         RS_EINPUT},
        {"a", "timestamp,cpu_percent\n1795338600,1\n1795338671,1\n", "71 s, is no step", RS_EINPUT},
        {"a", "timestamp,cpu_percent\nsoon,1\nlater,2\n",
         "no row has a time stamp that can be read: line 2: 'soon' is no time stamp", RS_EINPUT},
        {"a", "timestamp;cpu_percent;mem_percent\n1795338600;1,5;2.5\n",
         "line 2: a decimal point, but line 2 has a decimal comma", RS_EINPUT},
        {"a", "timestamp\tcpu_percent\n1795338600\t1.5\n1795338900\t1,5\n",
         "line 3: a decimal comma, but line 2 has a decimal point", RS_EINPUT},
        {"a", "timestamp,value\n1795338600,1\n", "give --metric", RS_EUSAGE},
        {NULL, "timestamp,instance,cpu_percent\n1795338600,,1\n",
         "line 2: the name of the instance", RS_EINPUT},
        {NULL, "timestamp,instance,cpu_percent\n1795338600,a\x01,1\n", "control characters",
         RS_EINPUT},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.instance = rows[i].instance;
        read_text(run, rows[i].text);
        assert_refused(run, rows[i].rc, rows[i].part);
    }
    free(run);
}

static void refuses_options_it_cannot_follow(void **state)
{
    static const struct {
        const char *columns, *metric, *statistic, *part;
    } rows[] = {
        {"ts=1", NULL, NULL, "--columns needs ts=N and a value"},
        {"ts=1,value=2", NULL, NULL, "give --metric"},
        {"ts=1,value=2", "cpu", NULL, "did you mean cpu_percent"},
        {"ts=0,value=2", "cpu_percent", NULL, "'0' is no column"},
        {"ts=1,value=x", "cpu_percent", NULL, "'x' is no column"},
        {"ts=1,speed=2", "cpu_percent", NULL, "'speed' is not ts, value, instance"},
        {"ts=1,value=2,cpu_percent=3", "cpu_percent", NULL, "two columns hold cpu_percent"},
        {"ts=1,value=2", "cpu_percent", "median", "--statistic 'median' is not one of"},
        {"ts=1,value=2", "cpu_percent", "sum_rate", "does not fit cpu_percent"},
        {"ts", "cpu_percent", NULL, "ts"},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.columns = rows[i].columns;
        run->request.metric = rows[i].metric;
        run->request.statistic = rows[i].statistic;
        read_text(run, "1795338600,1\n");
        assert_refused(run, RS_EUSAGE, rows[i].part);
    }
    free(run);
}

static void rejects_bad_cells_and_keeps_the_rest(void **state)
{
    static const struct {
        const char *line, *reason;
    } rows[] = {
        {"1795339200,140", "line 4: cpu_percent 140 is outside 0..100.5"},
        {"1795339200,NaN", "line 4: 'NaN' is not a number"},
        {"1795339200,1e999", "line 4: '1e999' is not a number"},
        {"1795339200,0x10", "line 4: '0x10' is not a number"},
        {"1795339200,1,5", "line 4: 3 cells where the first row has 2"},
        {"1795339200,\"1,5\"", "a decimal comma needs ';' or TAB"},
        {"tomorrow,1", "line 4: 'tomorrow' is no time stamp"},
        {"2026-02-30T00:00:00Z,1", "line 4: '2026-02-30T00:00:00Z' is no time stamp"},
        {"1895339200,1", "lies in the future"},
        {"1000000000,1", "is before 2006-01-01"},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text), "timestamp,cpu_percent\n1795338600,1\n1795338900,2\n%s\n",
                 rows[i].line);
        read_text(run, text);
        assert_int_equal(run->rc, RS_OK);
        assert_pair(run, "a", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
        assert_int_equal(run->tally.rejected, 1);
        assert_non_null(strstr(run->tally.first_rejected, rows[i].reason));
    }
    free(run);
}

static void names_the_column_that_may_be_meant(void **state)
{
    static const struct {
        const char *name, *near;
    } rows[] = {
        {"cpu", "cpu_percent"},     {"CPU_Percent", "cpu_percent"},
        {"cpu_pct", "cpu_percent"}, {"net_in_bytes_per_sec", "net_in_bytes_per_s"},
        {"memory", "mem_percent"},  {"mem_used_byte", "mem_used_bytes"},
        {"colour", NULL},           {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = rs_columns_nearest(rows[i].name);
        assert_int_equal(got == NULL, rows[i].near == NULL);
        assert_true(got == NULL || strcmp(got, rows[i].near) == 0);
    }
}

static void survives_a_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "a";
    survives_truncation(run, "timestamp;cpu_percent;mem_percent\n2026-11-22T09:10:00Z;1,5;2,5\n"
                             "\"2026-11-22T09:15:00Z\";\"1,5\";2,5\n");
    survives_truncation(
        run,
        "Id,m1\nStatusCode,Complete\nFull label,us-east-1:AWS/EC2 InstanceId:i-1 CPUUtilization "
        "Average 300\nLabel,x\n2026/11/22 09:10:00,1\n2026/11/22 09:15:00,2\n");
    survives_truncation(run, "instance,instance_type,tag:a\ni-1,m5.large,b\ni-2,m5.large,c\n");
    free(run);
}

/* Rows that are alike are taken at once: neither the line nor the reason of a refusal may change.
 */
static void names_the_line_of_a_bad_row_among_a_thousand_like_it(void **state)
{
    static const struct {
        const char *row, *reason;
        bool fails;
    } rows[] = {
        {"h,1795338600,140", "line 502: cpu_percent 140 is outside 0..100.5", false},
        {"h,1795338600,1.2.3", "line 502: '1.2.3' is not a number", false},
        {"h,1795338600,1,2", "line 502: 4 cells where the first row has 3", false},
        {"h,1e9,1", "line 502: '1e9' is no time stamp", false},
        {"h,09795338600,1", "line 502: '09795338600' is no time stamp", true},
        {"h,1795338600000,1",
         "line 502: time stamp 1795338600000 is not in seconds: divide milliseconds by 1000", true},
        {"h,3795338600,1", "line 502: time stamp 2090-04-08T12:43:20Z lies in the future", false},
        {"h,2026-02-30T00:00:00Z,1", "line 502: '2026-02-30T00:00:00Z' is no time stamp", false},
        {"h,2026-11-22T00:00:00,1",
         "line 502: time stamp '2026-11-22T00:00:00' names no zone: "
         "give --tz ZONE, for example --tz UTC",
         true},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_buffer text;
        rs_buffer_init(&text);
        rs_buffer_text(&text, "instance,timestamp,cpu_percent\n");
        for (int line = 2; line < 1000; line++) {
            if (line == 502) {
                rs_buffer_printf(&text, "%s\n", rows[i].row);
            } else {
                rs_buffer_printf(&text, "h,%d,0.5\n", 1795338600 + 10 * (line % 40));
            }
        }
        read_text(run, text.data);
        assert_int_equal(run->rc, rows[i].fails ? RS_EINPUT : RS_OK);
        assert_string_equal(rows[i].fails ? run->err.text : run->tally.first_rejected,
                            rows[i].reason);
        rs_buffer_release(&text);
    }
    free(run);
}

static void gpus_have_names_of_their_own(void **state)
{
    static const struct {
        const char *name, *metric;
        enum rs_metric canonical;
        enum rs_resource_kind kind;
    } rows[] = {
        {"i-1/gpu-0", "gpu_percent", RS_METRIC_GPU_PERCENT, RS_KIND_GPU},
        {"i-1/gpu-0", "gpu_memory_used_bytes", RS_METRIC_GPU_MEMORY_USED_BYTES, RS_KIND_GPU},
        {"i-1", "gpu_percent", RS_METRIC_GPU_PERCENT, RS_KIND_INSTANCE},
        {"rack/gpu-0", "cpu_percent", RS_METRIC_CPU_PERCENT, RS_KIND_INSTANCE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct run *run = new_run();
        char text[256];
        snprintf(text, sizeof(text), "timestamp,instance,%s\n1795338600,%s,1\n1795338900,%s,3\n",
                 rows[i].metric, rows[i].name, rows[i].name);
        read_text(run, text);
        assert_pair(run, rows[i].name, rows[i].canonical, RS_STATISTIC_AVG, 300, 1, 3);
        assert_int_equal(run->batches[0].kind, rows[i].kind);
        free(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_canonical_columns),
        cmocka_unit_test(takes_the_instance_from_a_column),
        cmocka_unit_test(names_the_line_of_a_bad_row_among_a_thousand_like_it),
        cmocka_unit_test(takes_the_commonest_gap_for_the_step),
        cmocka_unit_test(reads_two_column_tables_by_option),
        cmocka_unit_test(needs_a_zone_for_local_stamps),
        cmocka_unit_test(leaves_out_hours_that_exist_twice),
        cmocka_unit_test(refuses_tables_it_cannot_place),
        cmocka_unit_test(refuses_options_it_cannot_follow),
        cmocka_unit_test(rejects_bad_cells_and_keeps_the_rest),
        cmocka_unit_test(names_the_column_that_may_be_meant),
        cmocka_unit_test(survives_a_text_cut_anywhere),
        cmocka_unit_test(gpus_have_names_of_their_own),
    };
    return cmocka_run_group_tests_name("source_csv", tests, NULL, NULL);
}
