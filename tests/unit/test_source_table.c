/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/accumulate.h"
#include "source/identity.h"
#include "source/names.h"
#include "source_sink.h"

static void each_source_has_its_name_and_is_found_by_it(void **state)
{
    (void)state;
    for (const struct rs_source *const *row = rs_sources; *row != NULL; row++) {
        assert_ptr_equal(rs_source_by_name((*row)->name), *row);
        assert_true(strlen((*row)->summary) > 10);
    }
    assert_null(rs_source_by_name("nonsense"));
}

static void recognises_inputs_by_their_first_bytes(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        {"\xEF\xBB\xBF \n{ \"Messages\" : [{\"Code\":\"}\"}], \"MetricDataResults\" :[]}",
         "get-metric-data"},
        {"{\"a\\\"MetricDataResults\":1,\"Datapoints\":[],\"Label\":\"x\"}",
         "get-metric-statistics"},
        {"{\"region\":\"r\",\"namespace\":\"n\",\"metric_name\":\"m\",\"dimensions\":{}}",
         "metric-stream"},
        {"{\"Reservations\":[", "describe-instances"},
        {"{\"Volumes\":[", "describe-volumes"},
        {"{\"Metrics\":[{\"Namespace\":\"x\"", "list-metrics"},
        {"{\"MetricDataQueries\":[", "query-file"},
        {"[{\"Id\":\"a\",\"MetricStat\":{", "query-file"},
        {"{\"InstanceTypes\":[", "other-answer"},
        {"CPUUtilization\nDATAPOINTS\t25.7\t2026-11-22T09:10:00Z\tPercent\n", "aws-text"},
        {"METRICDATARESULTS\tcpu\tx\tComplete\n", "aws-text"},
        {"timestamp,cpu_percent\n", "csv"},
        {"1392388200,0.132\n", "csv"},
        {"Id,m1\nStatusCode,Complete\n", "console-csv"},
        {"instance,instance_type\n", "inventory-csv"},
        {"timestamp,instance,type,cpu_percent\n", "csv"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_input *input = NULL;
        struct rs_error err = {RS_OK, ""};
        const struct rs_source *source = NULL;
        assert_int_equal(rs_input_open_memory(rows[i].text, strlen(rows[i].text), &input, &err),
                         RS_OK);
        assert_int_equal(rs_source_recognise(input, &source, &err), RS_OK);
        assert_string_equal(source->name, rows[i].name);
        rs_input_close(input);
    }
}

static void says_what_unknown_bytes_look_like(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *part;
    } rows[] = {
        {"", 0, "the input is empty"},
        {" \n\t", 3, "the input is empty"},
        {"SQLite format 3\0", 16, "a SQLite database"},
        {"PK\x03\x04", 4, "a zip archive"},
        {"<html>", 6, "XML or HTML"},
        {"{\"a\":1}", 7, "JSON, but none of the answers"},
        {"MetricDataResults", 17, "it begins with 'MetricDataResults'"},
        {"\x1b[31m", 5, "it begins with '\\x1B[31m'"},
        {"\0\0\0", 3, "it begins with ''"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_bytes(run, rows[i].text, rows[i].length);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    free(run);
}

static void refuses_what_holds_no_samples_with_its_use(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *part;
    } rows[] = {
        {"{\"Metrics\":[]}", 14, "rightsize queries"},
        {"[{\"Expression\":\"a\"}]", 20, "pass it with --queries"},
        {"{\"InstanceTypes\":[]}", 20, "rightsize catalog"},
        {"DATAPOINTS\t1", 12, "--output json"},
        {"\x0a\x30\0\x12 amazonaws.com/AWS/EC2", 26, "set its OutputFormat to json"},
        {"{\"resourceMetrics\":[]}", 22, "set its OutputFormat to json"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_bytes(run, rows[i].text, rows[i].length);
        assert_refused(run, RS_EINPUT, rows[i].part);
        assert_true(run->source->refuses);
    }
    free(run);
}

static void splits_labels_of_five_words(void **state)
{
    static const struct {
        const char *text, *metric;
    } rows[] = {
        {"i-1 AWS/EC2 CPUUtilization Average 300", "CPUUtilization"},
        {"i-1 CWAgent Memory % Committed Bytes In Use Average 60",
         "Memory % Committed Bytes In Use"},
        {"i-1 AWS/EC2 CPUUtilization 300", NULL},
        {"i-1 AWS/EC2 CPUUtilization Average", NULL},
        {"i-1 AWS/EC2 CPUUtilization Average 0", NULL},
        {"i-1 AWS/EC2 CPUUtilization Average 86401", NULL},
        {"i-1 AWS/EC2 CPUUtilization Average ", NULL},
        {"i-1  AWS/EC2 CPUUtilization Average 300", NULL},
        {"CPUUtilization", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_label label;
        assert_int_equal(rs_label_parse(rows[i].text, &label), rows[i].metric != NULL);
        assert_true(rows[i].metric == NULL || strcmp(label.metric, rows[i].metric) == 0);
    }
}

static void matches_file_names_against_templates(void **state)
{
    static const struct {
        const char *name_template, *path, *instance, *metric;
        bool matches;
    } rows[] = {
        {"{instance}_{metric}.json", "a/b/i-1_CPUUtilization.json", "i-1", "CPUUtilization", true},
        {"{instance}_{metric}.json", "i_1_CPU.json", "i", "1_CPU", true},
        {"{metric}@{instance}", "CPU@web@1", "web@1", "CPU", true},
        {"{instance}.json", "i-1.json.gz", "i-1", "", true},
        {"{instance}.json", ".json", "", "", false},
        {"{instance}-{period}.json", "i-1-x.json", "", "", false},
        {"{thing}.json", "{thing}.json", "", "", true},
        {"cpu.json", "CPU.json", "", "", false},
        {"{instance}{instance}{instance}{instance}{instance}", "aaaaa", "", "", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_file_identity file;
        assert_int_equal(rs_name_matches(rows[i].name_template, rows[i].path, &file),
                         rows[i].matches);
        if (rows[i].matches) {
            assert_string_equal(file.instance, rows[i].instance);
            assert_string_equal(file.metric, rows[i].metric);
        }
    }
}

static void a_set_of_names_numbers_each_once(void **state)
{
    (void)state;
    struct rs_names names = {0};
    struct rs_error err = {RS_OK, ""};
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < 1000; i++) {
            char text[16];
            size_t number = 0;
            bool added = false;
            snprintf(text, sizeof(text), "n%zu", i);
            assert_int_equal(rs_names_intern(&names, text, &number, &added, &err), RS_OK);
            assert_int_equal(number, i);
            assert_int_equal(added, round == 0);
        }
    }
    size_t number = 0;
    assert_false(rs_names_find(&names, "n1000", &number));
    rs_names_release(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_has_its_name_and_is_found_by_it),
        cmocka_unit_test(recognises_inputs_by_their_first_bytes),
        cmocka_unit_test(says_what_unknown_bytes_look_like),
        cmocka_unit_test(refuses_what_holds_no_samples_with_its_use),
        cmocka_unit_test(splits_labels_of_five_words),
        cmocka_unit_test(matches_file_names_against_templates),
        cmocka_unit_test(a_set_of_names_numbers_each_once),
    };
    return cmocka_run_group_tests_name("source_table", tests, NULL, NULL);
}
