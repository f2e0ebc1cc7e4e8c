/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source_sink.h"

#define LABEL(metric, stat) "i-0a1 AWS/EC2 " metric " " stat " 300"

static void reads_numbers_newest_first(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"" LABEL(
                       "CPUUtilization", "Average") "\",\"Timestamps\":[1795338900,1795338600.0],"
                                                    "\"Values\":[20.5,100.00000001],"
                                                    "\"StatusCode\":\"Complete\"}]}");
    assert_int_equal(run->rc, RS_OK);
    assert_string_equal(run->source->name, "get-metric-data");
    assert_pair(run, "i-0a1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 100.00000001, 20.5);
    assert_string_equal(run->batches[0].provider, "aws");
    assert_int_equal(run->tally.series, 1);
    assert_int_equal(run->tally.samples, 2);
    free(run);
}

static void reads_every_way_of_writing_a_time(void **state)
{
    static const char *const stamps[] = {
        "\"2026-11-22T09:10:00Z\"",
        "\"2026-11-22T09:10:00+00:00\"",
        "\"2026-11-22T10:10:00+01:00\"",
        "\"2026-11-22T03:40:00-05:30\"",
        "\"2026-11-22T09:10:00.123Z\"",
        "\"2026-11-22T09:10:00.000000+00:00\"",
        "\"2026-11-21T23:10:00-10:00\"",
        "1795338600",
        "1795338600.75",
        "1.7953386e9",
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(stamps); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "{\"MetricDataResults\":[{\"Values\":[1,2],\"Timestamps\":"
                 "[\"2026-11-22T09:05:00Z\",%s],\"Label\":\"%s\",\"Id\":\"a\"}]}",
                 stamps[i], LABEL("CPUUtilization", "Maximum"));
        read_text(run, text);
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->batches[0].at[1], 1795338600);
    }
    free(run);
}

static void turns_totals_into_rates(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"" LABEL(
                       "NetworkIn", "Sum") "\",\"Timestamps\":[1795338600,1795338900],"
                                           "\"Values\":[300,31000000.0]}]}");
    assert_pair(run, "i-0a1", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 1,
                31000000.0 / 300);
    free(run);
}

static void reads_windows_counters_with_blanks(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"i-0a1 CWAgent Memory % "
                   "Committed Bytes In Use Maximum 300\",\"Timestamps\":[1795338600,1795338900],"
                   "\"Values\":[40,50]}]}");
    assert_pair(run, "i-0a1", RS_METRIC_MEM_COMMITTED_PERCENT, RS_STATISTIC_MAX, 300, 40, 50);
    free(run);
}

static void files_volumes_as_volumes(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"vol-1 AWS/EBS "
                   "VolumeReadOps Sum 60\",\"Timestamps\":[1795338600],\"Values\":[120]}]}");
    assert_int_equal(run->batch_count, 1);
    assert_int_equal(run->batches[0].kind, RS_KIND_VOLUME);
    assert_int_equal(run->batches[0].metric, RS_METRIC_EBS_READ_OPS);
    assert_true(fabs(run->batches[0].values[0] - 2.0) <= 1e-12);
    free(run);
}

static void joins_the_pages_of_an_id(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"" LABEL(
                       "CPUUtilization",
                       "Average") "\",\"Timestamps\":[1795338900],"
                                  "\"Values\":[2],\"StatusCode\":\"PartialData\"}"
                                  ",{\"Id\":\"a\",\"Label\":\"" LABEL(
                                      "CPUUtilization",
                                      "Average") "\",\"Timestamps\":[1795338600],"
                                                 "\"Values\":[1],\"StatusCode\":\"Complete\"}"
                                                 "]}");
    assert_pair(run, "i-0a1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_int_equal(run->tally.series, 1);
    assert_int_equal(run->tally.note_count, 0);
    free(run);
}

static void says_when_an_id_stays_partial(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"" LABEL(
                       "CPUUtilization", "Average") "\",\"Timestamps\":[1795338900],"
                                                    "\"Values\":[2],\"StatusCode\":"
                                                    "\"PartialData\"}],\"NextToken\":\"AAA+/==\","
                                                    "\"Messages\":[{\"Code\":\"MaxMetrics\","
                                                    "\"Value\":\"too many\"}]}");
    assert_int_equal(run->rc, RS_OK);
    assert_true(has_note(run, "Id 'a' is partial; ask for the rest"));
    assert_true(has_note(run, "NextToken"));
    assert_true(has_note(run, "MaxMetrics too many"));
    free(run);
}

static void takes_meaning_from_the_query_file(void **state)
{
    static const char query_file[] =
        "[{\"Id\":\"cpu\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"AWS/EC2\",\"MetricName\":"
        "\"CPUUtilization\",\"Dimensions\":[{\"Name\":\"InstanceId\",\"Value\":\"i-q\"}]},"
        "\"Period\":300,\"Stat\":\"Average\"}},{\"Id\":\"e\",\"Expression\":\"cpu*2\"},"
        "{\"Id\":\"g\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"AWS/EC2\",\"MetricName\":"
        "\"CPUUtilization\",\"Dimensions\":[{\"Name\":\"AutoScalingGroupName\",\"Value\":\"x\"}]},"
        "\"Period\":300,\"Stat\":\"Average\"}}]";
    (void)state;
    struct run *run = new_run();
    struct rs_queries *queries = NULL;
    assert_int_equal(rs_queries_parse(query_file, strlen(query_file), &queries, &run->err), RS_OK);
    run->request.queries = queries;
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"cpu\",\"Label\":\"CPUUtilization\","
                   "\"Timestamps\":[1795338600,1795338900],\"Values\":[1,2]},{\"Id\":\"e\","
                   "\"Timestamps\":[1795338600],\"Values\":[4]},{\"Id\":\"g\",\"Timestamps\":"
                   "[1795338600],\"Values\":[4]}]}");
    assert_pair(run, "i-q", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    assert_int_equal(run->batch_count, 1);
    assert_int_equal(run->tally.ignored, 2);
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"other\",\"Label\":\"CPUUtilization\","
                   "\"Timestamps\":[1795338600],\"Values\":[1]}]}");
    assert_refused(run, RS_EINPUT, "in the query file");
    rs_queries_free(queries);
    free(run);
}

static void takes_the_instance_from_the_command_line(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.instance = "i-cmd";
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"cpu\",\"Label\":\"CPUUtilization Average\","
                   "\"Timestamps\":[1795338900,1795338600],\"Values\":[2,1]}]}");
    assert_pair(run, "i-cmd", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, 2);
    free(run);
}

static void refuses_what_cannot_be_understood(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"{\"MetricDataResults\":[\n{\"Id\":\"m1\",\"Label\":\"CPU\",\"Timestamps\":[1795338600],"
         "\"Values\":[1]}]}",
         "line 2: what Id 'm1' with Label 'CPU' is about is not said: give the query file with "
         "--queries Q.json, or ask by `rightsize queries`"},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Label\":\"CPU\",\"Timestamps\":[1795338600],"
         "\"Values\":[1,2]}]}",
         "Id 'm1' has 1 time stamps but 2 values"},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Timestamps\":[\"yesterday\"],\"Values\":[1]}]}",
         "line 1: "},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Timestamps\":[\"2026-11-22T09:10:00\"],"
         "\"Values\":[1]}]}",
         "names no zone"},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Timestamps\":[1795338600000],\"Values\":[1]}]}",
         "not in seconds"},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Timestamps\":[true],\"Values\":[1]}]}",
         "expected a time stamp"},
        {"{\"MetricDataResults\":[{\"Id\":\"m1\",\"Values\":[\"1\"]}]}", "expected a number"},
        {"{\"MetricDataResults\":[{\"Id\":1}]}", "Id is no text"},
        {"{\"MetricDataResults\":[1]}", "expected an object in MetricDataResults"},
        {"{\"MetricDataResults\":{}}", "MetricDataResults is no array"},
        {"{\"MetricDataResults\":[]", "cut off"},
        {"{\"MetricDataResults\":[]} 7", "expected an answer of get-metric-data"},
        {"{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\" AWS/EC2 CPUUtilization Average "
         "300\",\"Timestamps\":[1795338600],\"Values\":[1]}]}",
         "is about is not said"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
        assert_int_equal(run->batch_count, 0);
    }
    free(run);
}

static void rejects_bad_samples_and_keeps_the_rest(void **state)
{
    static const struct {
        const char *stamp, *value, *reason;
    } rows[] = {
        {"1795338900", "140", "line 1: cpu_percent 140 is outside 0..100.5"},
        {"1795338900", "-1", "line 1: cpu_percent -1 is outside"},
        {"1795338900", "null", "line 1: cpu_percent is not a finite number"},
        {"1795410000", "5", "lies in the future"},
        {"1100000000", "5", "is before 2006-01-01"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"%s\",\"Timestamps\":"
                 "[1795338600,%s],\"Values\":[1,%s]}]}",
                 LABEL("CPUUtilization", "Average"), rows[i].stamp, rows[i].value);
        const double values[] = {1};
        read_text(run, text);
        assert_int_equal(run->rc, RS_OK);
        assert_samples(run, "i-0a1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 1, pair_at,
                       values);
        assert_int_equal(run->tally.rejected, 1);
        assert_non_null(strstr(run->tally.first_rejected, rows[i].reason));
    }
    free(run);
}

static void passes_over_what_it_does_not_keep(void **state)
{
    static const struct {
        const char *label, *note;
    } rows[] = {
        {"i-1 AWS/EC2 NetworkIn Average 300", "ask for Sum"},
        {"i-1 AWS/EC2 CPUUtilization p99 300", "ask for Average, Maximum or Minimum"},
        {"i-1 AWS/EC2 cpuutilization Average 300", "'AWS/EC2 CPUUtilization' is meant"},
        {"i-1 MyApp mem_used_percent Average 300", "publish it in 'CWAgent'"},
        {"db1 AWS/RDS CPUUtilization Average 300", NULL},
        {"i-1 AWS/EC2 MetadataNoToken Sum 300", NULL},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"%s\",\"Timestamps\":"
                 "[1795338600],\"Values\":[1]}]}",
                 rows[i].label);
        read_text(run, text);
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->batch_count, 0);
        assert_int_equal(run->tally.ignored, 1);
        assert_int_equal(run->tally.note_count, rows[i].note != NULL ? 1 : 0);
        assert_true(rows[i].note == NULL || has_note(run, rows[i].note));
    }
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"i-1 AWS/EC2 CPUUtilization "
                   "Average 420\",\"Timestamps\":[1795338600],\"Values\":[1]}]}");
    assert_int_equal(run->tally.rejected, 1);
    assert_non_null(strstr(run->tally.first_rejected, "420 s does not divide a day"));
    free(run);
}

static void reads_the_fixture_of_both_clients(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_fixture(run, "tests/fixtures/source-aws/get-metric-data.text-stamps.json");
    assert_pair(run, "i-0f1xture", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 7.25, 3.5);
    read_fixture(run, "tests/fixtures/source-aws/get-metric-data.number-stamps.json");
    assert_pair(run, "i-0f1xture", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 7.25, 3.5);
    free(run);
}

static void survives_a_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    survives_truncation(
        run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"i-0a1 AWS/EC2 CPUUtilization "
             "Average 300\",\"Timestamps\":[\"2026-11-22T09:10:00Z\",1795338900],\"Values\":[2.5,"
             "1e1],\"StatusCode\":\"PartialData\",\"Messages\":[{\"Code\":\"x\",\"Value\":\"y\"}]}"
             "],\"NextToken\":\"t\",\"Messages\":[]}");
    free(run);
}

static void files_each_gpu_under_its_own_name(void **state)
{
    static const char query_file[] =
        "[{\"Id\":\"g\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"CWAgent\",\"MetricName\":"
        "\"nvidia_smi_memory_used\",\"Dimensions\":[{\"Name\":\"index\",\"Value\":\"3\"},"
        "{\"Name\":\"name\",\"Value\":\"Tesla T4\"},{\"Name\":\"InstanceId\",\"Value\":\"i-q\"}]},"
        "\"Period\":300,\"Stat\":\"Maximum\"}},{\"Id\":\"s\",\"Expression\":\"SEARCH('x')\"}]";
    (void)state;
    struct run *run = new_run();
    struct rs_queries *queries = NULL;
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"a\",\"Label\":\"i-1/gpu-0 CWAgent "
                   "nvidia_smi_utilization_gpu Maximum 300\",\"Timestamps\":[1795338600],"
                   "\"Values\":[98]},{\"Id\":\"b\",\"Label\":\"i-1 CWAgent "
                   "nvidia_smi_utilization_gpu Maximum 300\",\"Timestamps\":[1795338600],"
                   "\"Values\":[97]}]}");
    assert_samples(run, "i-1/gpu-0", RS_METRIC_GPU_PERCENT, RS_STATISTIC_MAX, 300, 1, pair_at,
                   (const double[]){98});
    assert_int_equal(run->batches[0].kind, RS_KIND_GPU);
    assert_int_equal(run->batch_count, 1);
    assert_int_equal(run->tally.ignored, 1);
    assert_true(has_note(run, "does not say which GPU"));
    assert_int_equal(rs_queries_parse(query_file, strlen(query_file), &queries, &run->err), RS_OK);
    run->request.queries = queries;
    read_text(run, "{\"MetricDataResults\":[{\"Id\":\"g\",\"Timestamps\":[1795338600],"
                   "\"Values\":[2]},{\"Id\":\"s\",\"Label\":\"i-1/gpu-1 CWAgent "
                   "nvidia_smi_utilization_gpu Average 300\",\"Timestamps\":[1795338600],"
                   "\"Values\":[5]}]}");
    assert_samples(run, "i-q/gpu-3", RS_METRIC_GPU_MEMORY_USED_BYTES, RS_STATISTIC_MAX, 300, 1,
                   pair_at, (const double[]){2097152});
    assert_samples(run, "i-1/gpu-1", RS_METRIC_GPU_PERCENT, RS_STATISTIC_AVG, 300, 1, pair_at,
                   (const double[]){5});
    assert_int_equal(run->batch_count, 2);
    rs_queries_free(queries);
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers_newest_first),
        cmocka_unit_test(reads_every_way_of_writing_a_time),
        cmocka_unit_test(turns_totals_into_rates),
        cmocka_unit_test(reads_windows_counters_with_blanks),
        cmocka_unit_test(files_volumes_as_volumes),
        cmocka_unit_test(joins_the_pages_of_an_id),
        cmocka_unit_test(says_when_an_id_stays_partial),
        cmocka_unit_test(takes_meaning_from_the_query_file),
        cmocka_unit_test(takes_the_instance_from_the_command_line),
        cmocka_unit_test(refuses_what_cannot_be_understood),
        cmocka_unit_test(rejects_bad_samples_and_keeps_the_rest),
        cmocka_unit_test(passes_over_what_it_does_not_keep),
        cmocka_unit_test(reads_the_fixture_of_both_clients),
        cmocka_unit_test(files_each_gpu_under_its_own_name),
        cmocka_unit_test(survives_a_text_cut_anywhere),
    };
    return cmocka_run_group_tests_name("source_get_metric_data", tests, NULL, NULL);
}
