/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/cloudwatch.h"

#include "../support/check.h"

static void every_row_is_found_and_fits_its_metric(void **state)
{
    (void)state;
    size_t rows = 0;
    for (const struct rs_cw_mapping *row = rs_cw_mappings; row->name_space != NULL; row++, rows++) {
        const char *unit = rs_metric_info(row->canonical)->unit;
        enum rs_statistic statistic;
        bool rate = strstr(unit, "/s") != NULL;
        assert_ptr_equal(rs_cw_find(row->name_space, row->metric, NULL), row);
        assert_int_equal(row->per_period, rate);
        assert_int_equal(row->kind == RS_KIND_VOLUME, strcmp(row->name_space, "AWS/EBS") == 0);
        bool spent = row->canonical == RS_METRIC_CPU_CREDIT_USAGE ||
                     row->canonical == RS_METRIC_CPU_SURPLUS_CREDITS_CHARGED;
        assert_int_equal(rs_cw_statistic(row, "Sum", &statistic), rate || spent);
        assert_int_equal(rs_cw_statistic(row, "Average", &statistic), !rate);
    }
    assert_true(rows > 40);
}

static void converts_to_canonical_units(void **state)
{
    static const struct {
        const char *name_space, *metric, *statistic;
        double value;
        int64_t period;
        enum rs_statistic kept;
        double want;
    } rows[] = {
        {"AWS/EC2", "CPUUtilization", "Average", 12.5, 300, RS_STATISTIC_AVG, 12.5},
        {"AWS/EC2", "CPUUtilization", "Minimum", 12.5, 300, RS_STATISTIC_MIN, 12.5},
        {"AWS/EC2", "NetworkIn", "Sum", 600, 300, RS_STATISTIC_SUM_RATE, 2},
        {"AWS/EC2", "DiskWriteOps", "Sum", 600, 60, RS_STATISTIC_SUM_RATE, 10},
        {"AWS/EBS", "VolumeWriteBytes", "Sum", 600, 60, RS_STATISTIC_SUM_RATE, 10},
        {"CWAgent", "mem_available_percent", "Average", 30, 60, RS_STATISTIC_AVG, 70},
        {"CWAgent", "mem_available_percent", "Minimum", 10, 60, RS_STATISTIC_MAX, 90},
        {"CWAgent", "mem_available_percent", "Maximum", 40, 60, RS_STATISTIC_MIN, 60},
        {"CWAgent", "Available MBytes", "Average", 1, 60, RS_STATISTIC_AVG, 1048576},
        {"CWAgent", "Memory Available KBytes", "Average", 1, 60, RS_STATISTIC_AVG, 1024},
        {"CWAgent", "Memory Available Bytes", "Average", 1, 60, RS_STATISTIC_AVG, 1},
        {"System/Linux", "MemoryUtilization", "Maximum", 50, 300, RS_STATISTIC_MAX, 50},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rs_cw_mapping *row = rs_cw_find(rows[i].name_space, rows[i].metric, NULL);
        enum rs_statistic kept = RS_STATISTIC_COUNT;
        assert_non_null(row);
        assert_true(rs_cw_statistic(row, rows[i].statistic, &kept));
        assert_int_equal(kept, rows[i].kept);
        double got = rs_cw_convert(row, kept, rows[i].value, rows[i].period);
        assert_true(fabs(got - rows[i].want) <= 1e-9);
    }
}

static void notes_near_misses_and_only_those(void **state)
{
    static const struct {
        const char *name_space, *metric, *note;
    } rows[] = {
        {"AWS/EC2", "CpuUtilization", "'AWS/EC2 CPUUtilization' is meant"},
        {"aws/ec2", "CPUUtilization", "'AWS/EC2 CPUUtilization' is meant"},
        {"cwagent", "mem_used_percent", "'CWAgent mem_used_percent' is meant"},
        {"Custom/App", "mem_used_percent", "in namespace 'Custom/App' is not read"},
        {"AWS/EC2", "mem_used_percent", "publish it in 'CWAgent'"},
        {"CWAgent", "MemoryUtilization", "publish it in 'System/Linux'"},
        {"AWS/ECS", "MemoryUtilization", NULL},
        {"AWS/RDS", "CPUUtilization", NULL},
        {"Custom/App", "Latency", NULL},
        {"CWAgent", "cpu_usage_idle", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_tally tally = {.series = 0};
        assert_null(rs_cw_find(rows[i].name_space, rows[i].metric, &tally));
        assert_null(rs_cw_find(rows[i].name_space, rows[i].metric, &tally)); /* noted once */
        assert_int_equal(tally.note_count, rows[i].note != NULL ? 1 : 0);
        assert_true(rows[i].note == NULL || strstr(tally.note[0], rows[i].note) != NULL);
    }
}

static void a_name_alone_is_enough_when_it_means_one_thing(void **state)
{
    (void)state;
    assert_string_equal(rs_cw_find_unique("CPUUtilization")->name_space, "AWS/EC2");
    assert_string_equal(rs_cw_find_unique("mem_used_percent")->name_space, "CWAgent");
    assert_string_equal(rs_cw_find_unique("MemoryUtilization")->name_space, "System/Linux");
    assert_null(rs_cw_find_unique("Latency"));
    assert_null(rs_cw_find_unique("cpuutilization"));
}

static void a_tally_keeps_sixteen_notes_and_the_first_rejection(void **state)
{
    (void)state;
    struct rs_tally tally = {.series = 0};
    for (int i = 0; i < 20; i++) {
        rs_tally_note(&tally, "note %d \x1b[31m", i);
        rs_tally_note(&tally, "note %d \x1b[31m", i < RS_TALLY_NOTES ? i : 0);
    }
    assert_int_equal(tally.note_count, RS_TALLY_NOTES);
    assert_int_equal(tally.notes_dropped, 4);
    assert_null(strchr(tally.note[0], '\x1b')); /* outside text must not steer a terminal */
    rs_tally_reject(&tally, 0, "nothing");
    rs_tally_reject(&tally, 2, "line %d", 17);
    rs_tally_reject(&tally, 3, "line %d", 18);
    assert_int_equal(tally.rejected, 5);
    assert_string_equal(tally.first_rejected, "line 17");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_and_fits_its_metric),
        cmocka_unit_test(converts_to_canonical_units),
        cmocka_unit_test(notes_near_misses_and_only_those),
        cmocka_unit_test(a_name_alone_is_enough_when_it_means_one_thing),
        cmocka_unit_test(a_tally_keeps_sixteen_notes_and_the_first_rejection),
    };
    return cmocka_run_group_tests_name("cloudwatch", tests, NULL, NULL);
}
