/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"
#include "source_sink.h"

#define RECORD(space, metric, dimensions, ms, value, unit)                                         \
    "{\"metric_stream_name\":\"s\",\"account_id\":\"123456789012\",\"region\":\"eu-west-1\","      \
    "\"namespace\":\"" space "\",\"metric_name\":\"" metric "\",\"dimensions\":{" dimensions       \
    "},\"timestamp\":" ms ",\"value\":{" value "},\"unit\":\"" unit "\"}"
#define ONE "\"InstanceId\":\"i-1\""
#define CPU(ms, value) RECORD("AWS/EC2", "CPUUtilization", ONE, ms, value, "Percent")

static void makes_average_and_extremes_of_a_gauge(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, CPU("1795338660000", "\"count\":2.0,\"sum\":30.0,\"max\":18.0,\"min\":12.0")
                       CPU("1795338600000", "\"count\":4,\"sum\":40,\"max\":20,\"min\":1,\"p99\":"
                                            "19"));
    assert_int_equal(run->rc, RS_OK);
    assert_string_equal(run->source->name, "metric-stream");
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 60, 10, 15);
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 60, 20, 18);
    assert_pair(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MIN, 60, 1, 12);
    assert_string_equal(run->batches[0].account, "123456789012");
    assert_string_equal(run->batches[0].region, "eu-west-1");
    free(run);
}

static void makes_a_rate_of_a_total(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run,
              RECORD("AWS/EC2", "NetworkIn", ONE, "1795338600000",
                     "\"count\":1,\"sum\":600,\"max\":600,\"min\":600",
                     "Bytes") "\n" RECORD("AWS/EC2", "NetworkIn", ONE, "1795338660000",
                                          "\"count\":1,\"sum\":60,\"max\":60,\"min\":60", "Bytes"));
    assert_pair(run, "i-1", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 60, 10, 1);
    assert_int_equal(run->batch_count, 1);
    assert_int_equal(run->tally.note_count, 0);
    free(run);
}

static void knows_basic_monitoring_by_its_gaps(void **state)
{
    static const char text[] =
        RECORD("AWS/EC2", "NetworkIn", ONE, "1795338600000",
               "\"count\":1,\"sum\":600,\"max\":600,\"min\":600",
               "Bytes") "\n" RECORD("AWS/EC2", "NetworkIn", ONE, "1795338900000",
                                    "\"count\":1,\"sum\":300,\"max\":60,\"min\":60", "Bytes");
    static const int64_t apart[] = {1795338600, 1795338900};
    (void)state;
    struct run *run = new_run();
    read_text(run, text);
    assert_samples(run, "i-1", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 2, apart,
                   (const double[]){2, 1});
    assert_true(has_note(run, "basic monitoring"));
    run->request.step = 60;
    read_text(run, text);
    assert_samples(run, "i-1", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 60, 2, apart,
                   (const double[]){10, 5});
    run->request.step = 7;
    read_text(run, text);
    assert_refused(run, RS_EUSAGE, "--step 7");
    free(run);
}

static void a_lone_total_is_read_with_a_warning(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, RECORD("AWS/EC2", "NetworkIn", ONE, "1795338600000",
                          "\"count\":1,\"sum\":600,\"max\":600,\"min\":600", "Bytes"));
    assert_int_equal(run->batches[0].step, 60);
    assert_true(has_note(run, "--step 300"));
    free(run);
}

static void credits_are_of_five_minutes(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_text(run, RECORD("AWS/EC2", "CPUCreditBalance", ONE, "1795338600000",
                          "\"count\":1,\"sum\":144,\"max\":144,\"min\":144", "Count"));
    assert_int_equal(run->batches[0].step, 300);
    assert_int_equal(run->tally.note_count, 0);
    free(run);
}

static void the_larger_count_wins_then_the_later(void **state)
{
    static const struct {
        const char *text;
        double want;
    } rows[] = {
        {CPU("1795338600000", "\"count\":5,\"sum\":50,\"max\":10,\"min\":10")
             CPU("1795338600000", "\"count\":3,\"sum\":60,\"max\":20,\"min\":20"),
         10},
        {CPU("1795338600000", "\"count\":3,\"sum\":60,\"max\":20,\"min\":20")
             CPU("1795338600000", "\"count\":5,\"sum\":50,\"max\":10,\"min\":10"),
         10},
        {CPU("1795338600000", "\"count\":3,\"sum\":60,\"max\":20,\"min\":20")
             CPU("1795338600000", "\"count\":3,\"sum\":30,\"max\":10,\"min\":10"),
         10},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_samples(run, "i-1", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 60, 1, pair_at,
                       &rows[i].want);
    }
    free(run);
}

#define VALUE "\"count\":1,\"sum\":1,\"max\":1,\"min\":1"

static void keeps_only_what_is_about_one_instance(void **state)
{
    static const struct {
        const char *text;
        bool kept;
    } rows[] = {
        {RECORD("AWS/EC2", "CPUUtilization", "", "1795338600000", VALUE, "Percent"), false},
        {RECORD("AWS/EC2", "CPUUtilization", "\"AutoScalingGroupName\":\"g\"", "1795338600000",
                VALUE, "Percent"),
         false},
        {RECORD("AWS/EC2", "CPUUtilization", ONE ",\"ImageId\":\"ami\"", "1795338600000", VALUE,
                "Percent"),
         false},
        {RECORD("AWS/EBS", "VolumeReadOps", "\"VolumeId\":\"vol-1\"", "1795338600000", VALUE,
                "Count"),
         true},
        {RECORD("AWS/EBS", "VolumeReadOps", ONE, "1795338600000", VALUE, "Count"), false},
        {RECORD("CWAgent", "mem_used_percent", ONE ",\"ImageId\":\"a\",\"InstanceType\":\"m5\"",
                "1795338600000", VALUE, "Percent"),
         true},
        {RECORD("CWAgent", "mem_used_percent", ONE ",\"device\":\"x\"", "1795338600000", VALUE,
                "Percent"),
         true},
        {RECORD("CWAgent", "swap_used_percent", ONE ",\"device\":\"x\"", "1795338600000", VALUE,
                "Percent"),
         false},
        {RECORD("CWAgent", "Paging File % Usage", ONE ",\"instance\":\"_Total\"", "1795338600000",
                VALUE, "Percent"),
         true},
        {RECORD("CWAgent", "Paging File % Usage", ONE ",\"instance\":\"c:\"", "1795338600000",
                VALUE, "Percent"),
         false},
        {RECORD("AWS/RDS", "CPUUtilization", "\"DBInstanceIdentifier\":\"d\"", "1795338600000",
                VALUE, "Percent"),
         false},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->batch_count > 0, rows[i].kept);
        assert_int_equal(run->tally.ignored, !rows[i].kept);
    }
    free(run);
}

static void says_when_an_agent_names_no_instance(void **state)
{
    static const char without[] =
        RECORD("CWAgent", "mem_used_percent", "\"host\":\"h\"", "1795338600000", VALUE, "Percent");
    (void)state;
    struct run *run = new_run();
    read_text(run, without);
    assert_true(has_note(run, "mem_used_percent lacks the dimension InstanceId"));
    char both[2048];
    snprintf(both, sizeof(both), "%s%s", without,
             RECORD("CWAgent", "mem_used_percent", ONE, "1795338600000", VALUE, "Percent"));
    read_text(run, both);
    assert_int_equal(run->tally.note_count, 0);
    assert_int_equal(run->tally.ignored, 1);
    free(run);
}

static void rejects_bad_records_and_keeps_the_rest(void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {CPU("1795338600", VALUE), "not in milliseconds"},
        {CPU("1795338600000", "\"count\":0,\"sum\":0,\"max\":0,\"min\":0"), "count is not above 0"},
        {CPU("1795338600000", "\"sum\":0"), "count is not above 0"},
        {RECORD("CWAgent", "mem_used_percent", ONE, "1795338600000", VALUE, "Gigabytes"),
         "'Gigabytes', not in Percent"},
        {RECORD("AWS/EC2", "NetworkIn", ONE, "1795338600000", "\"count\":1", "Bytes"),
         "net_in_bytes_per_s is not a finite number"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_int_equal(run->rc, RS_OK);
        assert_int_equal(run->tally.rejected, 1);
        assert_non_null(strstr(run->tally.first_rejected, rows[i].reason));
        assert_int_equal(run->batch_count, 0);
    }
    free(run);
}

static void refuses_what_is_no_record(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {CPU("1795338600000", VALUE) "\n{\"region\":\"x\"}",
         "line 2: no record of a Metric Stream"},
        {CPU("1795338600000", VALUE) "[1]", "expected a record"},
        {CPU("null", VALUE), "timestamp is missing"},
        {"{\"namespace\":\"AWS/EC2\",\"metric_name\":\"x\",\"dimensions\":[]}",
         "dimensions is no object"},
        {"{\"namespace\":\"AWS/EC2\",\"metric_name\":\"x\",\"dimensions\":{\"a\":1}}",
         "the value of a dimension is no text"},
        {"{\"namespace\":\"AWS/EC2\",\"metric_name\":\"x\",\"dimensions\":{},\"value\":3}",
         "value is no object"},
        {RECORD("AWS/EC2", "CPUUtilization", "\"InstanceId\":\"\"", "1795338600000", VALUE,
                "Percent"),
         "the name of the instance is empty"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    free(run);
}

static void hands_on_in_between_without_losing_any(void **state)
{
    (void)state;
    struct run *run = new_run();
    struct rs_sink sink = {keep_samples, keep_resource, keep_attachment, run};
    struct rs_accumulator acc;
    struct rs_error err = {RS_OK, ""};
    rs_accumulate_init(&acc, &sink, &run->tally);
    acc.held_max = 10;
    for (int64_t i = 0; i < 35; i++) {
        struct rs_held_series *series = NULL;
        struct rs_origin origin = {i % 2 == 0 ? "i-even" : "i-odd", RS_KIND_INSTANCE, NULL, NULL};
        assert_int_equal(rs_accumulate_series(&acc, &origin, RS_METRIC_CPU_PERCENT,
                                              RS_STATISTIC_AVG, 60, &series, &err),
                         RS_OK);
        assert_int_equal(
            rs_accumulate_add(&acc, series, 1795338600 + 60 * (i / 2), (double)i, 0, &err), RS_OK);
    }
    assert_int_equal(rs_accumulate_flush(&acc, &err), RS_OK);
    assert_int_equal(run->tally.samples, 35);
    assert_int_equal(run->tally.series, 2);
    assert_int_equal(run->batch_count, 8);
    rs_accumulate_release(&acc);
    free(run);
}

static void survives_a_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    survives_truncation(run, CPU("1795338660000", VALUE) CPU("1795338600000", VALUE));
    free(run);
}

static void reads_the_fixture(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_fixture(run, "tests/fixtures/source-stream/records.ndjson");
    assert_int_equal(run->rc, RS_OK);
    assert_pair(run, "i-0f1xture", RS_METRIC_CPU_PERCENT, RS_STATISTIC_MAX, 60, 12, 14);
    assert_pair(run, "i-0f1xture", RS_METRIC_MEM_PERCENT, RS_STATISTIC_AVG, 60, 61.5, 62.25);
    assert_int_equal(run->tally.ignored, 1);
    free(run);
}

static void each_gpu_of_an_instance_is_a_part_of_it(void **state)
{
    (void)state;
    struct run *run = new_run();
#define CARD_OF(index)                                                                             \
    "\"InstanceId\":\"i-1\",\"arch\":\"Turing\",\"index\":\"" index "\",\"name\":\"Tesla T4\""
    read_text(run,
              RECORD("CWAgent", "nvidia_smi_utilization_gpu", CARD_OF("0"), "1795338600000",
                     "\"count\":2,\"sum\":60,\"max\":50,\"min\":10",
                     "Percent") "\n" RECORD("CWAgent", "nvidia_smi_utilization_gpu", CARD_OF("1"),
                                            "1795338600000",
                                            "\"count\":2,\"sum\":160,\"max\":90,\"min\":70",
                                            "Percent") "\n" RECORD("CWAgent",
                                                                   "nvidia_smi_utilization_gpu",
                                                                   ONE, "1795338600000",
                                                                   "\"count\":2,\"sum\":9,\"max\":"
                                                                   "9,\"min\":0",
                                                                   "Percent"));
    assert_samples(run, "i-1/gpu-0", RS_METRIC_GPU_PERCENT, RS_STATISTIC_AVG, 60, 1, pair_at,
                   (const double[]){30});
    assert_samples(run, "i-1/gpu-1", RS_METRIC_GPU_PERCENT, RS_STATISTIC_MAX, 60, 1, pair_at,
                   (const double[]){90});
    assert_int_equal(run->batches[0].kind, RS_KIND_GPU);
    assert_int_equal(run->tally.ignored, 1); /* a mean of all cards, or of one? */
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_average_and_extremes_of_a_gauge),
        cmocka_unit_test(makes_a_rate_of_a_total),
        cmocka_unit_test(knows_basic_monitoring_by_its_gaps),
        cmocka_unit_test(a_lone_total_is_read_with_a_warning),
        cmocka_unit_test(credits_are_of_five_minutes),
        cmocka_unit_test(the_larger_count_wins_then_the_later),
        cmocka_unit_test(keeps_only_what_is_about_one_instance),
        cmocka_unit_test(says_when_an_agent_names_no_instance),
        cmocka_unit_test(rejects_bad_records_and_keeps_the_rest),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(hands_on_in_between_without_losing_any),
        cmocka_unit_test(survives_a_text_cut_anywhere),
        cmocka_unit_test(reads_the_fixture),
        cmocka_unit_test(each_gpu_of_an_instance_is_a_part_of_it),
    };
    return cmocka_run_group_tests_name("source_metric_stream", tests, NULL, NULL);
}
