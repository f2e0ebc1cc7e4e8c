/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that are not samples by name: the console's download, and an inventory. */
#include "source_sink.h"

static void reads_the_console_download(void **state)
{
    (void)state;
    struct run *run = new_run();
    read_fixture(run, "tests/fixtures/source-csv/console.csv");
    assert_int_equal(run->rc, RS_OK);
    assert_string_equal(run->source->name, "console-csv");
    assert_pair(run, "i-0f1xture", RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 300, 2.5, 2.75);
    assert_samples(run, "i-0f1xture", RS_METRIC_NET_IN_BYTES, RS_STATISTIC_SUM_RATE, 300, 1,
                   pair_at, (const double[]){2});
    assert_pair(run, "i-0f1xture", RS_METRIC_MEM_COMMITTED_PERCENT, RS_STATISTIC_MAX, 300, 60, 61);
    assert_int_equal(run->tally.ignored, 1);
    assert_string_equal(run->batches[0].region, "us-east-1");
    assert_true(has_note(run, "UTC was assumed"));
    run->request.zone = "-02:00";
    read_fixture(run, "tests/fixtures/source-csv/console.csv");
    assert_int_equal(run->batches[0].at[0], 1795338600 + 7200);
    assert_false(has_note(run, "UTC was assumed"));
    free(run);
}

#define CONSOLE(label) "Id,m1\nStatusCode,Complete\nFull label," label "\nLabel,x\n"

static void refuses_console_files_without_identity(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {CONSOLE("CPUUtilization"), "line 3: the full label 'CPUUtilization' of column 2 is not"},
        {CONSOLE("us-east-1:AWS/EC2 InstanceId:i-1 CPUUtilization Average often"), "is not REGION"},
        {CONSOLE("AWS/EC2 InstanceId:i-1 CPUUtilization Average 300"), "is not REGION"},
        {"Id,m1\nStatusCode,Complete\n2026/11/22 09:10:00,1\n",
         "line 3: values before the row 'Full label'"},
        {"Id,m1\nStatusCode,Complete\n", "the row 'Full label' is missing"},
        {"Id,m1\nStatusCode,x\nFull label,\nFull label,\n", "the full label ''"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    read_text(
        run,
        CONSOLE(
            "us-east-1:AWS/EC2 InstanceId:i-1 NetworkIn Average 300") "2026/11/22 09:10:00,1\n");
    assert_true(has_note(run, "show Sum in the console"));
    read_text(
        run, CONSOLE("us-east-1:AWS/EC2 InstanceId:i-1 CPUUtilization Average 420") "2026/11/22 "
                                                                                    "09:10:00,1\n");
    assert_true(has_note(run, "420 s does not divide a day"));
    free(run);
}

static void reads_an_inventory_table(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.region = "eu-west-1";
    read_text(run, "instance,type,name,region,tag:team,tag:env,colour\n"
                   "i-1,m5.large,web,us-east-1,shop,,red\ni-2,,,,,,\n");
    assert_int_equal(run->rc, RS_OK);
    assert_string_equal(run->source->name, "inventory-csv");
    assert_int_equal(run->tally.resources, 2);
    assert_string_equal(run->resources[0].id, "i-1");
    assert_string_equal(run->resources[0].text, "-|us-east-1|-|web|m5.large|-|-|-|-|-|-|-|-|-");
    assert_int_equal(run->resources[0].tag_count, 1);
    assert_int_equal(run->resources[0].launch_time, -1);
    assert_int_equal(run->resources[0].observed_at, NOW - 60);
    assert_string_equal(run->resources[1].text, "-|eu-west-1|-|-|-|-|-|-|-|-|-|-|-|-");
    assert_true(has_note(run, "column 'colour' is not read"));
    read_text(run, "instance,instance_type\n,m5.large\n");
    assert_refused(run, RS_EINPUT, "line 2: the name of the instance is empty");
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_console_download),
        cmocka_unit_test(refuses_console_files_without_identity),
        cmocka_unit_test(reads_an_inventory_table),
    };
    return cmocka_run_group_tests_name("source_csv_other", tests, NULL, NULL);
}
