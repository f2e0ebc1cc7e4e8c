/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Volumes and GPUs, whose samples count for the instance that has them. */
#include "scan_text.h"

/* The scan's view of an instance must be that of the SQL view `samples`. */
static void expect_agreement(struct world *w, const char *instance, const char *head)
{
    struct rs_error err = {RS_OK, ""};
    struct seen seen = {.samples = true};
    char sql[256];
    rs_buffer_init(&seen.text);
    struct rs_scan scan = world_scan(T0 - 10 * DAY, T0 + 10 * DAY);
    scan.resource = instance;
    check_ok(rs_store_scan(w->store, &scan, see, &seen, &err));
    snprintf(sql, sizeof(sql),
             "SELECT metric, statistic, ts, value FROM samples WHERE resource = '%s' "
             "ORDER BY metric, statistic, ts",
             instance);
    char *rows = world_sql(w, sql);
    assert_int_equal(strncmp(seen.text.data, head, strlen(head)), 0);
    assert_string_equal(seen.text.data + strlen(head), rows);
    free(rows);
    rs_buffer_release(&seen.text);
}

static void volumes_are_summed_over_their_instance(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 3, 50);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 10);
    world_ramp(w, "vol-2", RS_METRIC_EBS_READ_BYTES, 300, T0 + 600, 3, 100);
    world_ramp(w, "vol-3", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 1000); /* on nobody */
    world_attach(w, "vol-1", "i-1", -1, T0);
    world_attach(w, "vol-2", "i-1", -1, T0);
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    scan.resource = "i-1";
    expect_scan(w, &scan, true,
                "i-1: series 2 volumes 2\n"
                "cpu_percent|avg|1700006400|50\ncpu_percent|avg|1700006700|51\n"
                "cpu_percent|avg|1700007000|52\n"
                "ebs_read_bytes_per_s|avg|1700006400|10\nebs_read_bytes_per_s|avg|1700006700|11\n"
                "ebs_read_bytes_per_s|avg|1700007000|112\nebs_read_bytes_per_s|avg|1700007300|101\n"
                "ebs_read_bytes_per_s|avg|1700007600|102\n");
    expect_agreement(w, "i-1", "i-1: series 2 volumes 2\n");
    world_expect(w, "SELECT value FROM samples WHERE resource = 'vol-2' ORDER BY ts",
                 "100\n101\n102\n");
}

static void samples_from_before_the_attachment_do_not_count(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 5, 10);
    world_attach(w, "vol-1", "i-1", T0 + 301, T0 + DAY);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    world_expect(w, "SELECT group_concat(value, ' ') FROM samples WHERE resource = 'i-1'",
                 "12.0 13.0 14.0\n");
    world_attach(w, "vol-1", "i-2", T0 + DAY, T0 + 2 * DAY);
    struct rs_scan scan = world_scan(T0, T0 + 3 * DAY);
    scan.resource = "i-2";
    expect_scan(w, &scan, true, "i-2: series 0 volumes 0\n");
}

static void a_volume_that_moved_counts_where_it_was(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 3600, T0 - DAY, 72, 1);
    world_attach(w, "vol-1", "i-1", T0 - 2 * DAY, T0 - DAY);
    world_attach(w, "vol-1", "i-2", T0 + HOUR, T0 + 2 * HOUR);
    world_attach(w, "vol-1", "i-1", T0 + DAY, T0 + DAY + HOUR);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    expect_agreement(w, "i-2", "i-2: series 1 volumes 1\n");
    world_expect(w,
                 "SELECT resource, count(*), min(value), max(value) FROM samples "
                 "WHERE resource LIKE 'i-%' GROUP BY 1 ORDER BY 1",
                 "i-1|49|1|72\ni-2|23|26|48\n");
}

static void a_volume_on_two_instances_counts_on_both(void **state)
{
    struct world *w = *state;
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 10, 1);
    world_attach(w, "vol-1", "i-1", T0, T0 + DAY);
    world_attach(w, "vol-1", "i-2", T0 + 600, T0 + DAY);
    expect_agreement(w, "i-1", "i-1: series 1 volumes 1\n");
    world_expect(w,
                 "SELECT resource, count(*) FROM samples WHERE resource LIKE 'i-%' GROUP BY 1 "
                 "ORDER BY 1",
                 "i-1|10\ni-2|8\n");
}

static void what_an_instance_measures_itself_is_not_summed(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 5);
    world_ramp(w, "vol-1", RS_METRIC_EBS_READ_BYTES, 300, T0, 3, 10);
    world_ramp(w, "vol-1", RS_METRIC_EBS_WRITE_BYTES, 300, T0, 3, 20);
    world_attach(w, "vol-1", "i-1", -1, T0);
    expect_agreement(w, "i-1", "i-1: series 2 volumes 1\n");
    world_expect(w,
                 "SELECT metric, sum(value) FROM samples WHERE resource = 'i-1' GROUP BY 1 "
                 "ORDER BY 1",
                 "ebs_read_bytes_per_s|18\nebs_write_bytes_per_s|63\n");
}

static void gpus_are_parts_of_their_instance(void **state)
{
    struct world *w = *state;
    world_ramp(w, "i-1/gpu-1", RS_METRIC_GPU_PERCENT, 300, T0, 2, 70);
    world_ramp(w, "i-1/gpu-0", RS_METRIC_GPU_PERCENT, 300, T0, 1, 50);
    world_ramp(w, "i-1/gpu-0", RS_METRIC_GPU_MEMORY_USED_BYTES, 300, T0, 2, 2000);
    world_ramp(w, "i-1/gpu-1", RS_METRIC_GPU_MEMORY_USED_BYTES, 300, T0, 2, 1000);
    world_ramp(w, "i-1", RS_METRIC_CPU_PERCENT, 300, T0, 1, 9);
    world_ramp(w, "i-10/gpu-0", RS_METRIC_GPU_PERCENT, 300, T0, 1, 1); /* of another */
    struct rs_scan scan = world_scan(T0, T0 + DAY);
    scan.resource = "i-1";
    expect_scan(w, &scan, true,
                "i-1: series 3 volumes 0\n"
                "cpu_percent|avg|1700006400|9\n"
                "gpu_percent|avg|1700006400|120\ngpu_percent|avg|1700006700|71\n"
                "gpu_memory_used_bytes|avg|1700006400|2000\n"
                "gpu_memory_used_bytes|avg|1700006700|2001\n");
    world_expect(w,
                 "SELECT metric, ts - 1700006400, value FROM samples WHERE resource = 'i-1' "
                 "ORDER BY metric, ts",
                 "cpu_percent|0|9\ngpu_memory_used_bytes|0|2000\n"
                 "gpu_memory_used_bytes|300|2001\ngpu_percent|0|120\ngpu_percent|300|71\n");
    world_expect(w, "SELECT count(*) FROM volumes", "0\n");
    world_expect(w, "SELECT resource FROM resources ORDER BY 1", "i-1\ni-10\n");
}

static void samples_of_a_gpu_need_its_name(void **state)
{
    struct world *w = *state;
    struct rs_error err = {RS_OK, ""};
    struct rs_put_tally tally = {0};
    const int64_t at = T0;
    const double value = 1;
    struct rs_batch batch = world_batch("i-1", &at, &value, 1);
    batch.kind = RS_KIND_GPU;
    world_begin(w);
    check_fails(rs_store_put(w->store, &batch, &tally, &err), RS_EINPUT, "INSTANCE/gpu-NUMBER");
    rs_store_rollback(w->store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(volumes_are_summed_over_their_instance),
        world_test(samples_from_before_the_attachment_do_not_count),
        world_test(a_volume_that_moved_counts_where_it_was),
        world_test(a_volume_on_two_instances_counts_on_both),
        world_test(what_an_instance_measures_itself_is_not_summed),
        world_test(gpus_are_parts_of_their_instance),
        world_test(samples_of_a_gpu_need_its_name),
    };
    return cmocka_run_group_tests_name("store_parts", tests, NULL, NULL);
}
