/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_sink.h"

static void makes_each_statistic_a_series(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-1";
    read_text(run, "{\"Label\":\"CPUUtilization\",\"Datapoints\":["
                   "{\"Timestamp\":\"2026-11-22T09:15:00+00:00\",\"SampleCount\":5.0,\"Average\":"
                   "20,\"Minimum\":10,\"Maximum\":30,\"Sum\":100,\"Unit\":\"Percent\","
                   "\"ExtendedStatistics\":{\"p95\":29}},"
                   "{\"Timestamp\":1795338600,\"Average\":21,\"Minimum\":11,\"Maximum\":31,"
                   "\"Sum\":105,\"Unit\":\"Percent\"}]}");
    assert_int_equal(run->rc, RS_OK);
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 21, 20);
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 300, 31, 30);
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MIN, 300, 11, 10);
    assert_int_equal(run->batch_count, 3);
    free(run);
}

static void takes_instance_metric_and_period_from_the_name(void **state)
{
    static const struct {
        const char *name_template, *name, *instance;
        int64_t step;
    } rows[] = {
        {"{instance}_{metric}.json", "data/i-7_CPUUtilization.json", "i-7", 300},
        {"{instance}_{metric}.json", "i-7_CPUUtilization.json.gz", "i-7", 300},
        {"cpu-{instance}-{period}.json", "cpu-i-7-60.json", "i-7", 60},
        {"{period}.{instance}", "3600.web-1", "web-1", 3600},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.name = rows[i].name;
        run->request.name_template = rows[i].name_template;
        read_text(run, "{\"Datapoints\":[{\"Timestamp\":1795338600,\"Average\":1},{\"Timestamp\":"
                       "1795338900,\"Average\":2}],\"Label\":\"CPUUtilization\"}");
        assert_int_equal(run->rc, RS_OK);
        assert_samples(run, rows[i].instance, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, rows[i].step,
                       2, pair_at, (const double[]){1, 2});
    }
    run->request.name = "other.json";
    read_text(run, "{\"Label\":\"CPUUtilization\",\"Datapoints\":[]}");
    assert_refused(run, RS_EINPUT, "does not match --name-template");
    free(run);
}

static void converts_units_of_exact_meaning(void **state)
{
    static const struct {
        const char *label, *statistic, *unit;
        double value, want;
        enum rs_metric metric;
        enum rs_statistic kept;
    } rows[] = {
        {"NetworkIn", "Sum", "Bytes", 600, 2, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE},
        {"NetworkIn", "Sum", "Bits", 4800, 2, RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE},
        {"NetworkIn", "Average", "Bytes/Second", 2, 2, RS_METRIC_NET_IN_BYTES,
         RS_STATISTIC_SUM_RATE},
        {"NetworkIn", "Average", "Bits/Second", 16, 2, RS_METRIC_NET_IN_BYTES,
         RS_STATISTIC_SUM_RATE},
        {"NetworkPacketsOut", "Sum", "Count", 600, 2, RS_METRIC_NET_OUT_PACKETS,
         RS_STATISTIC_SUM_RATE},
        {"mem_used_percent", "Maximum", "Percent", 50, 50, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX},
        {"mem_used_percent", "Average", "None", 50, 50, RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG},
        {"mem_available_percent", "Maximum", "Percent", 30, 70, RS_METRIC_MEM_PERCENT,
         RS_STATISTIC_MIN},
        {"Memory Available MBytes", "Minimum", "Megabytes", 2, 2097152,
         RS_METRIC_MEM_AVAILABLE_BYTES, RS_STATISTIC_MIN},
        {"Available KBytes", "Average", "Kilobytes", 2, 2048, RS_METRIC_MEM_AVAILABLE_BYTES,
         RS_STATISTIC_AVG},
    };
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-1";
    run->request.step = 300;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "{\"Label\":\"%s\",\"Datapoints\":[{\"Timestamp\":1795338600,\"%s\":%.17g,"
                 "\"Unit\":\"%s\"}]}",
                 rows[i].label, rows[i].statistic, rows[i].value, rows[i].unit);
        read_text(run, text);
        assert_int_equal(run->rc, RS_OK);
        assert_samples(run, "i-1", rows[i].metric, rows[i].kept, 300, 1, pair_at, &rows[i].want);
    }
    free(run);
}

static void rejects_units_of_doubtful_meaning(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-1";
    run->request.step = 300;
    read_text(run, "{\"Label\":\"NetworkIn\",\"Datapoints\":[{\"Timestamp\":1795338600,\"Sum\":1,"
                   "\"Unit\":\"Kilobytes\"}]}");
    assert_int_equal(run->rc, RS_OK);
    assert_int_equal(run->batch_count, 0);
    assert_int_equal(run->tally.rejected, 1);
    assert_string_equal(run->tally.first_rejected,
                        "line 1: NetworkIn is in 'Kilobytes', not in Bytes");
    read_text(run, "{\"Label\":\"NetworkIn\",\"Datapoints\":[{\"Timestamp\":1795338600,"
                   "\"Average\":1,\"Unit\":\"Bytes\"}]}");
    assert_true(has_note(run, "NetworkIn: ask for --statistics Sum"));
    free(run);
}

static void refuses_what_does_not_say_enough(void **state)
{
    static const struct {
        const char *instance;
        int64_t step;
        const char *text, *part;
        enum rs_status rc;
    } rows[] = {
        {NULL, 0, "{\"Label\":\"CPUUtilization\",\"Datapoints\":[]}", "give --instance ID",
         RS_EINPUT},
        {"i-1", 0,
         "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Timestamp\":1795338600,"
         "\"Average\":1}]}",
         "give --step SECONDS", RS_EINPUT},
        {"i-1", 0,
         "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Timestamp\":1795338600,"
         "\"Average\":1},{\"Timestamp\":1795338667,\"Average\":1}]}",
         "the smallest gap between time stamps, 67 s", RS_EINPUT},
        {"i-1", 7,
         "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Timestamp\":1795338600,"
         "\"Average\":1}]}",
         "--step 7 does not divide a day", RS_EUSAGE},
        {"i-1", 60, "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Average\":1}]}",
         "has no Timestamp", RS_EINPUT},
        {"i-1", 60, "{\"Label\":\"CPUUtilization\",\"Datapoints\":[3]}", "expected an object",
         RS_EINPUT},
        {"i-1", 60,
         "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Timestamp\":1795338600,"
         "\"Average\":\"x\"}]}",
         "Average is no number", RS_EINPUT},
        {"i-1", 60, "{\"Label\":\"C\",\"Datapoints\":[]}[]", "expected an answer", RS_EINPUT},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        run->request.instance = rows[i].instance;
        run->request.step = rows[i].step;
        read_text(run, rows[i].text);
        assert_refused(run, rows[i].rc, rows[i].part);
    }
    free(run);
}

static void passes_over_metrics_that_are_not_read(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"Label\":\"Latency\",\"Datapoints\":[{\"Timestamp\":1795338600}]}");
    assert_int_equal(run->rc, RS_OK);
    assert_int_equal(run->tally.ignored, 1);
    assert_true(has_note(run, "'Latency' is no metric that is read"));
    free(run);
}

static void survives_a_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-1";
    survives_truncation(run, "{\"Label\":\"CPUUtilization\",\"Datapoints\":[{\"Timestamp\":"
                             "\"2026-11-22T09:15:00+00:00\",\"Average\":20,\"Unit\":\"Percent\"},"
                             "{\"Timestamp\":1795338600,\"Average\":21,\"Unit\":\"Percent\"}]}");
    free(run);
}

static void wants_to_know_which_gpu_it_is(void **state)
{
    static const char text[] =
        "{\"Label\":\"nvidia_smi_memory_used\",\"Datapoints\":[{\"Timestamp\":1795338600,"
        "\"Maximum\":3,\"Unit\":\"Megabytes\"},{\"Timestamp\":1795338900,\"Maximum\":4,"
        "\"Unit\":\"Megabytes\"}]}";
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-7";
    read_text(run, text);
    assert_int_equal(run->rc, RS_OK);
    assert_int_equal(run->batch_count, 0);
    assert_int_equal(run->tally.ignored, 1);
    assert_true(has_note(run, "does not say which GPU"));
    run->request.instance = "i-7/gpu-1";
    read_text(run, text);
    assert_pair(run, "i-7/gpu-1", RS_METRIC_GPU_MEMORY_USED_BYTES, RS_STATISTIC_MAX, 300, 3145728,
                4194304);
    assert_int_equal(run->batches[0].kind, RS_KIND_GPU);
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_each_statistic_a_series),
        cmocka_unit_test(takes_instance_metric_and_period_from_the_name),
        cmocka_unit_test(converts_units_of_exact_meaning),
        cmocka_unit_test(rejects_units_of_doubtful_meaning),
        cmocka_unit_test(refuses_what_does_not_say_enough),
        cmocka_unit_test(passes_over_metrics_that_are_not_read),
        cmocka_unit_test(survives_a_text_cut_anywhere),
        cmocka_unit_test(wants_to_know_which_gpu_it_is),
    };
    return cmocka_run_group_tests_name("source_get_metric_statistics", tests, NULL, NULL);
}
