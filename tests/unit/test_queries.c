/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/queries.h"
#include "rightsize/source.h"

#include "../support/check.h"

#define QUERY(id, space, metric, dimensions)                                                       \
    "{\"Id\":\"" id "\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"" space                        \
    "\",\"MetricName\":\"" metric "\",\"Dimensions\":[" dimensions                                 \
    "]},\"Period\":300,\"Stat\":\"Sum\"}}"
#define DIMENSION(name, value) "{\"Name\":\"" name "\",\"Value\":\"" value "\"}"

static void reads_both_forms_of_a_query_file(void **state)
{
    static const char *const texts[] = {
        "[" QUERY("a", "AWS/EC2", "NetworkIn", DIMENSION("InstanceId", "i-1")) "]",
        "{\"StartTime\":1,\"MetricDataQueries\":[" QUERY("a", "AWS/EC2", "NetworkIn",
                                                         DIMENSION("InstanceId", "i-1")) "]}",
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rs_queries *queries = NULL;
        struct rs_error err = {RS_OK, ""};
        assert_int_equal(rs_queries_parse(texts[i], strlen(texts[i]), &queries, &err), RS_OK);
        const struct rs_query *query = rs_queries_find(queries, "a");
        assert_non_null(query);
        assert_string_equal(query->id, "a");
        assert_string_equal(query->name_space, "AWS/EC2");
        assert_string_equal(query->metric, "NetworkIn");
        assert_string_equal(query->statistic, "Sum");
        assert_string_equal(query->resource, "i-1");
        assert_string_equal(query->dimension, "InstanceId");
        assert_int_equal(query->period, 300);
        assert_null(rs_queries_find(queries, "A"));
        rs_queries_free(queries);
    }
    rs_queries_free(NULL);
}

static void knows_the_dimension_that_names_the_resource(void **state)
{
    static const char text[] =
        "[" QUERY("v", "AWS/EBS", "VolumeReadOps", DIMENSION("VolumeId", "vol-1")) "," QUERY(
            "g", "AWS/EC2", "CPUUtilization",
            DIMENSION("AutoScalingGroupName",
                      "g")) "," QUERY("m", "CWAgent", "mem_used_percent",
                                      DIMENSION("ImageId", "ami") "," DIMENSION(
                                          "InstanceId",
                                          "i-1")) ","
                                                  "{\"Id\":\"e\",\"Expression\":\"v/2\"}]";
    (void)state;
    struct rs_queries *queries = NULL;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_queries_parse(text, strlen(text), &queries, &err), RS_OK);
    assert_string_equal(rs_queries_find(queries, "v")->resource, "vol-1");
    assert_string_equal(rs_queries_find(queries, "v")->dimension, "VolumeId");
    assert_null(rs_queries_find(queries, "g")->resource);
    assert_string_equal(rs_queries_find(queries, "m")->resource, "i-1");
    assert_null(rs_queries_find(queries, "e")->name_space);
    assert_null(rs_queries_find(queries, "e")->resource);
    rs_queries_free(queries);
}

static void refuses_files_that_are_no_queries(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"{}", "no array MetricDataQueries"},
        {"[", "not JSON"},
        {"[{\"Label\":\"x\"}]", "'Id' is missing"},
        {"[{\"Id\":\"a\",\"MetricStat\":{}}]", "query 'a': 'Metric' is missing"},
        {"[{\"Id\":\"a\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"n\",\"MetricName\":\"m\"},"
         "\"Stat\":\"Sum\",\"Period\":0}}]",
         "query 'a': 'Period'"},
        {"[" QUERY("a", "n", "m", "") "," QUERY("a", "n", "other", "") "]",
         "query Id 'a' means two different metrics"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_queries *queries = NULL;
        struct rs_error err = {RS_OK, ""};
        assert_int_equal(rs_queries_parse(rows[i].text, strlen(rows[i].text), &queries, &err),
                         RS_EINPUT);
        assert_null(queries);
        if (strstr(err.text, rows[i].part) == NULL) {
            fail_msg("'%s' does not say '%s'", err.text, rows[i].part);
        }
    }
}

static void merges_files_that_agree(void **state)
{
    static const char first[] = "[" QUERY("a", "n", "m", "") "]",
                      second[] = "[" QUERY("b", "n", "m", "") "," QUERY("a", "n", "m", "") "]",
                      third[] = "[" QUERY("b", "n", "x", "") "]";
    (void)state;
    struct rs_queries *queries = NULL;
    struct rs_error err = {RS_OK, ""};
    assert_int_equal(rs_queries_parse(first, strlen(first), &queries, &err), RS_OK);
    assert_int_equal(rs_queries_merge(queries, second, strlen(second), &err), RS_OK);
    assert_int_equal(rs_queries_merge(queries, third, strlen(third), &err), RS_EINPUT);
    assert_string_equal(rs_queries_find(queries, "b")->metric, "m");
    rs_queries_free(queries);
}

static size_t count(const char *text, const char *part)
{
    size_t times = 0;
    for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part)) {
        times++;
    }
    return times;
}

static void writes_a_script_of_batches(void **state)
{
    static const char *const volumes[] = {"vol-1", "vol-2"};
    static const struct rs_query_target targets[] = {
        {.id = "i-2", .region = "us-west-2"},
        {.id = "i-1",
         .region = "eu-west-1",
         .type = "t3.micro",
         .image = "ami-1",
         .group = "shop \"a\"\nb",
         .volumes = volumes,
         .volume_count = 2},
        {.id = "i-3", .platform = "Windows with SQL", .type = "m5.large", .image = "ami-2"},
    };
    struct rs_query_plan plan = {.targets = targets,
                                 .target_count = 3,
                                 .window = {1795338601, 1795338601 + 7 * RS_DAY_SECONDS},
                                 .period = 300,
                                 .profile = "it's"};
    (void)state;
    struct rs_buffer out;
    struct rs_error err = {RS_OK, ""};
    rs_buffer_init(&out);
    assert_int_equal(rs_queries_script(&plan, &out, &err), RS_OK);
    const char *text = out.data;
    /* i-1: 14 + 2 memory + 1 credits + 8 of volumes; i-2: 16; i-3: 14 + 4 */
    assert_int_equal(count(text, "\"Id\":\"q"), 25 + 16 + 18);
    assert_int_equal(count(text, "aws cloudwatch get-metric-data"), 3);
    assert_int_equal(count(text, "--profile 'it'\\''s'"), 3);
    assert_int_equal(count(text, "--start-time 2026-11-22T09:10:00Z --end-time "
                                 "2026-11-29T09:15:00Z"),
                     3);
    assert_non_null(strstr(text, "<<'RIGHTSIZE_QUERIES'\n["));
    assert_non_null(strstr(text, "--region eu-west-1 "));
    assert_non_null(strstr(text, "file://queries-eu-west-1-001.json"));
    assert_non_null(strstr(text, "--output json > metrics-us-west-2-001.json"));
    assert_non_null(strstr(text, "> metrics-default-001.json"));
    assert_non_null(strstr(text, "${PROP('Dim.InstanceId')} ${PROP('Namespace')} "
                                 "${PROP('MetricName')} ${PROP('Stat')} ${PROP('Period')}"));
    assert_int_equal(count(text, "${PROP('Dim.VolumeId')}"), 8);
    assert_int_equal(count(text, "CPUCreditBalance"), 1);
    assert_non_null(strstr(text,
                           "{\"Name\":\"InstanceId\",\"Value\":\"i-1\"},{\"Name\":\"ImageId\","
                           "\"Value\":\"ami-1\"},{\"Name\":\"InstanceType\",\"Value\":"
                           "\"t3.micro\"},{\"Name\":\"AutoScalingGroupName\",\"Value\":"
                           "\"shop \\\"a\\\"\\nb\"}]"));
    assert_non_null(strstr(text, "{\"Name\":\"objectname\",\"Value\":\"Memory\"}"));
    assert_non_null(strstr(text, "rightsize collect metrics-*.json"));
    assert_non_null(strstr(text, "set -eu"));
    rs_buffer_release(&out);
}

/* Every query file of the script is one that rs_queries_parse understands, with Ids of its own. */
static void its_query_files_can_be_merged(void **state)
{
    struct rs_query_target targets[80];
    char ids[80][8];
    for (size_t i = 0; i < 80; i++) {
        snprintf(ids[i], sizeof(ids[i]), "i-%zu", i);
        targets[i] = (struct rs_query_target){.id = ids[i], .region = "us-east-1"};
    }
    struct rs_query_plan plan = {.targets = targets,
                                 .target_count = 80,
                                 .window = {1795305600, 1795305600 + 7 * RS_DAY_SECONDS},
                                 .period = 300};
    (void)state;
    struct rs_buffer out;
    struct rs_error err = {RS_OK, ""};
    struct rs_queries *queries = NULL;
    rs_buffer_init(&out);
    assert_int_equal(rs_queries_parse("[]", 2, &queries, &err), RS_OK);
    assert_int_equal(rs_queries_script(&plan, &out, &err), RS_OK);
    size_t files = 0;
    for (const char *p = strstr(out.data, "QUERIES'\n["); p != NULL; files++) {
        const char *begin = p + strlen("QUERIES'\n"), *end = strstr(begin, "\nRIGHTSIZE_QUERIES\n");
        assert_non_null(end);
        assert_int_equal(rs_queries_merge(queries, begin, (size_t)(end - begin), &err), RS_OK);
        p = strstr(end, "QUERIES'\n[");
    }
    assert_int_equal(files, 26); /* 80 * 16 queries, 50 a call: 100800 / 2016 points */
    assert_string_equal(rs_queries_find(queries, "q1280")->resource, "i-9");
    assert_null(rs_queries_find(queries, "q1281"));
    rs_queries_free(queries);
    rs_buffer_release(&out);
}

static void keeps_within_the_limits_of_a_call(void **state)
{
    static const struct {
        int64_t days, period;
        size_t calls; /* for 40 instances of 16 queries */
    } rows[] = {{1, 300, 2}, {7, 300, 13}, {7, 60, 64}, {70, 60, 640}};
    struct rs_query_target targets[40];
    (void)state;
    for (size_t i = 0; i < 40; i++) {
        targets[i] = (struct rs_query_target){.id = "i-1", .region = "us-east-1"};
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_query_plan plan = {
            .targets = targets,
            .target_count = 40,
            .window = {1795305600, 1795305600 + rows[i].days * RS_DAY_SECONDS},
            .period = rows[i].period};
        struct rs_buffer out;
        struct rs_error err = {RS_OK, ""};
        rs_buffer_init(&out);
        assert_int_equal(rs_queries_script(&plan, &out, &err), RS_OK);
        assert_int_equal(count(out.data, "aws cloudwatch get-metric-data"), rows[i].calls);
        rs_buffer_release(&out);
    }
}

static void refuses_plans_it_cannot_write(void **state)
{
    static const struct {
        struct rs_query_target target;
        int64_t seconds, period;
        enum rs_status rc;
        const char *part;
    } rows[] = {
        {{.id = "i-1; rm -rf ~"}, 3600, 300, RS_EINPUT, "instance 'i-1; rm -rf ~' has other"},
        {{.id = "--help"}, 3600, 300, RS_EINPUT, "instance '--help'"},
        {{.id = ""}, 3600, 300, RS_EINPUT, "instance ''"},
        {{.id = "i-1", .region = "$(x)"}, 3600, 300, RS_EINPUT, "region"},
        {{.id = "i-1", .region = "a/b"}, 3600, 300, RS_EINPUT, "region 'a/b'"},
        {{.id = "i-1", .type = "m5'large"}, 3600, 300, RS_EINPUT, "type"},
        {{.id = "i-1", .image = "a b"}, 3600, 300, RS_EINPUT, "image"},
        {{.id = "i-1"}, 3600, 7, RS_EUSAGE, "period 7 s"},
        {{.id = "i-1"}, 3600, 420, RS_EUSAGE, "period 420 s"},
        {{.id = "i-1"}, 0, 300, RS_EUSAGE, "window to ask for is empty"},
        {{.id = "i-1"}, 71 * RS_DAY_SECONDS, 60, RS_EUSAGE, "one call gives 100800"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_query_plan plan = {.targets = &rows[i].target,
                                     .target_count = 1,
                                     .window = {1795305600, 1795305600 + rows[i].seconds},
                                     .period = rows[i].period};
        struct rs_buffer out;
        struct rs_error err = {RS_OK, ""};
        rs_buffer_init(&out);
        assert_int_equal(rs_queries_script(&plan, &out, &err), rows[i].rc);
        assert_int_equal(out.length, 0);
        if (strstr(err.text, rows[i].part) == NULL) {
            fail_msg("'%s' does not say '%s'", err.text, rows[i].part);
        }
        plan.target_count = 0;
        assert_int_equal(rs_queries_script(&plan, &out, &err), RS_ENODATA);
        rs_buffer_release(&out);
    }
}

static void gpus_are_searched_for_five_a_call(void **state)
{
    static const struct rs_query_target targets[] = {
        {.id = "i-1", .region = "us-east-1", .type = "g5.12xlarge"},
        {.id = "i-2", .region = "us-east-1", .type = "m5.large"},
        {.id = "i-3", .region = "us-east-1", .type = "p4d.24xlarge"},
    };
    struct rs_query_plan plan = {.targets = targets,
                                 .target_count = 3,
                                 .window = {1795338600, 1795338600 + RS_DAY_SECONDS},
                                 .period = 300};
    (void)state;
    struct rs_buffer out;
    struct rs_error err = {RS_OK, ""};
    rs_buffer_init(&out);
    assert_int_equal(rs_queries_script(&plan, &out, &err), RS_OK);
    const char *text = out.data;
    assert_int_equal(count(text, "SEARCH("), 6);
    assert_int_equal(count(text, "aws cloudwatch get-metric-data"), 3); /* others, 5, 1 */
    assert_non_null(strstr(text, "\"Label\":\"${PROP('Dim.InstanceId')}/gpu-${PROP('Dim.index')} "
                                 "CWAgent nvidia_smi_utilization_gpu Average 300\",\"Expression\":"
                                 "\"SEARCH('Namespace=\\\"CWAgent\\\" MetricName="
                                 "\\\"nvidia_smi_utilization_gpu\\\" InstanceId=\\\"i-1\\\"', "
                                 "'Average', 300)\""));
    assert_non_null(strstr(text, "> metrics-us-east-1-003.json"));
    rs_buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_forms_of_a_query_file),
        cmocka_unit_test(knows_the_dimension_that_names_the_resource),
        cmocka_unit_test(refuses_files_that_are_no_queries),
        cmocka_unit_test(merges_files_that_agree),
        cmocka_unit_test(writes_a_script_of_batches),
        cmocka_unit_test(its_query_files_can_be_merged),
        cmocka_unit_test(keeps_within_the_limits_of_a_call),
        cmocka_unit_test(gpus_are_searched_for_five_a_call),
        cmocka_unit_test(refuses_plans_it_cannot_write),
    };
    return cmocka_run_group_tests_name("queries", tests, NULL, NULL);
}
