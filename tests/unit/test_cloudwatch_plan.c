/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_plan.h"

#include "../support/check.h"

#define NOW INT64_C(1795400200) /* 100 s past a multiple of 300 */
#define END (NOW - NOW % 300)
#define DAY INT64_C(86400)

struct held { /* what the keeper says it has */
    int64_t newest;
    const char *only; /* metric's name, or NULL: of all */
    struct rs_window asked;
};

static enum rs_status series_end(void *payload, const char *resource, enum rs_metric metric,
                                 enum rs_statistic statistic, int64_t step, int64_t *out,
                                 struct rs_error *err)
{
    const struct held *h = payload;
    (void)resource, (void)statistic, (void)err;
    assert_int_equal(step, 300);
    *out = h->only == NULL || strcmp(h->only, rs_metric_info(metric)->name) == 0 ? h->newest : -1;
    return RS_OK;
}

static enum rs_status asked(void *payload, const char *resource, struct rs_window *out,
                            struct rs_error *err)
{
    (void)resource, (void)err;
    *out = ((const struct held *)payload)->asked;
    return RS_OK;
}

static void add(struct rs_cw_plan *plan, const char *id, const char *type, const char *state)
{
    struct rs_error err = {RS_OK, ""};
    const struct rs_resource r = {.id = id, .type = type, .state = state};
    check_ok(rs_cw_plan_add_instance(plan, &r, &err));
}

static void finish(struct rs_cw_plan *plan, int64_t since, struct held *held)
{
    struct rs_error err = {RS_OK, ""};
    const struct rs_aws_keeper keeper = {
        .sink = {.payload = held}, .series_end = series_end, .asked = asked};
    check_ok(rs_cw_plan_finish(plan, since, NOW, &keeper, &err));
}

static size_t asks_for(const struct rs_cw_plan *plan, const char *metric)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->query_count; i++) {
        count += strcmp(plan->queries[i].query.mapping->metric, metric) == 0 ? 1 : 0;
    }
    return count;
}

static void a_type_is_asked_for_what_it_has(void **state)
{
    static const struct {
        const char *type;
        size_t cpu, ebs, balance, disk, credits, volume, all;
    } rows[] = {{"m5.large", 2, 1, 1, 0, 0, 0, 14},    {"m5.24xlarge", 2, 1, 0, 0, 0, 0, 12},
                {"m5d.metal", 2, 1, 0, 1, 0, 0, 16},   {"t3.micro", 2, 1, 1, 0, 1, 0, 18},
                {"t2.micro", 2, 0, 0, 0, 1, 2, 18},    {"m4.large", 2, 0, 0, 0, 0, 2, 14},
                {"c3.large", 2, 0, 0, 1, 0, 2, 18},    {"i3.large", 2, 0, 0, 1, 0, 2, 18},
                {"i3.metal", 2, 1, 0, 1, 0, 0, 16},    {"trn1.32xlarge", 2, 1, 0, 0, 0, 0, 12},
                {"c6gd.medium", 2, 1, 1, 1, 0, 0, 18}, {NULL, 2, 1, 1, 1, 0, 2, 26}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_cw_plan plan;
        struct rs_error err = {RS_OK, ""};
        struct held held = {.newest = -1};
        rs_cw_plan_init(&plan);
        add(&plan, "i-1", rows[i].type, "running");
        check_ok(rs_cw_plan_add_volume(&plan, "vol-1", &err));
        check_ok(rs_cw_plan_add_volume(&plan, "vol-2", &err));
        finish(&plan, DAY, &held);
        if (plan.query_count != rows[i].all) {
            print_error("%s: %zu queries\n", rows[i].type != NULL ? rows[i].type : "-",
                        plan.query_count);
        }
        assert_int_equal(asks_for(&plan, "CPUUtilization"), rows[i].cpu);
        assert_int_equal(asks_for(&plan, "EBSReadBytes"), rows[i].ebs);
        assert_int_equal(asks_for(&plan, "EBSIOBalance%"), rows[i].balance);
        assert_int_equal(asks_for(&plan, "DiskReadOps"), rows[i].disk);
        assert_int_equal(asks_for(&plan, "CPUCreditBalance"), rows[i].credits);
        assert_int_equal(asks_for(&plan, "VolumeReadOps"), rows[i].volume);
        assert_int_equal(plan.query_count, rows[i].all);
        assert_int_equal(plan.targets[0].pending, rows[i].all);
        rs_cw_plan_release(&plan);
    }
}

static void what_the_store_has_is_not_asked_for_again(void **state)
{
    const int64_t first = END + 300 - 7 * DAY; /* 7 days before NOW, rounded up */
    const struct {
        struct held held;
        int64_t cpu, network; /* from when on */
    } rows[] = {
        {{-1, NULL, {0, 0}}, first, first},
        {{END - DAY, NULL, {0, 0}}, END - DAY - 7200, END - DAY - 7200},
        {{END - DAY, "cpu_percent", {0, 0}}, END - DAY - 7200, first},
        /* asked for everything until an hour ago: what did not answer is not asked from its start
         */
        {{END - DAY, "cpu_percent", {first - DAY, END - 3600}}, END - 10800, END - 10800},
        {{END - 600, "cpu_percent", {first, END - 3600}}, END - 7800, END - 10800},
        /* but not so far back as is wanted now */
        {{END - DAY, NULL, {first + DAY, END - 3600}}, first, first},
        {{END - 30 * DAY, NULL, {0, 0}}, first, first},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_cw_plan plan;
        struct held held = rows[i].held;
        rs_cw_plan_init(&plan);
        add(&plan, "i-1", "m4.large", NULL);
        finish(&plan, 7 * DAY, &held);
        assert_int_equal(plan.query_count, 6);
        for (size_t k = 0; k < plan.query_count; k++) {
            bool cpu = plan.queries[k].query.mapping->canonical == RS_METRIC_CPU_PERCENT;
            assert_int_equal(plan.queries[k].from, cpu ? rows[i].cpu : rows[i].network);
        }
        rs_cw_plan_release(&plan);
    }
}

static void more_than_63_days_are_not_kept(void **state)
{
    (void)state;
    struct rs_cw_plan plan;
    struct held held = {.newest = -1};
    rs_cw_plan_init(&plan);
    add(&plan, "i-1", "m4.large", NULL);
    add(&plan, "i-0", "m4.large", "terminated"); /* nothing is asked of it */
    finish(&plan, 400 * DAY, &held);
    assert_int_equal(plan.query_count, 6);
    assert_int_equal(plan.queries[0].from, END + 300 - 63 * DAY);
    rs_cw_plan_release(&plan);
}

static void calls_are_as_full_as_the_limits_allow(void **state)
{
    static const struct {
        int64_t since;
        size_t instances, batches, first;
    } rows[] = {
        {DAY, 100, 2, 351}, {7 * DAY, 100, 12, 50}, {63 * DAY, 10, 12, 5}, {3600, 100, 2, 500}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_cw_plan plan;
        struct held held = {.newest = -1};
        struct rs_window window = {0, 0};
        size_t batches = 0;
        rs_cw_plan_init(&plan);
        for (size_t k = 0; k < rows[i].instances; k++) {
            char id[32];
            snprintf(id, sizeof(id), "i-%zu", k);
            add(&plan, id, "m4.large", NULL);
        }
        finish(&plan, rows[i].since, &held);
        assert_int_equal(plan.query_count, 6 * rows[i].instances);
        for (size_t at = 0, n; (n = rs_cw_plan_batch(&plan, at, &window)) > 0; at += n) {
            assert_true(n <= 500 && n * (size_t)((window.to - window.from) / 300) <= 100800);
            assert_int_equal(window.to, END);
            assert_true(at > 0 || n == rows[i].first);
            batches++;
        }
        assert_int_equal(batches, rows[i].batches);
        rs_cw_plan_release(&plan);
    }
}

static void agents_metrics_are_asked_for_as_they_were_published(void **state)
{
    (void)state;
    struct rs_cw_plan plan;
    struct rs_error err = {RS_OK, ""};
    struct held held = {.newest = -1};
    const struct rs_cw_mapping *used = rs_cw_find("CWAgent", "mem_used_percent", NULL);
    const struct rs_cw_mapping *available = rs_cw_find("CWAgent", "mem_available_percent", NULL);
    const struct rs_cw_listed all[] = {{"i-1", "", "[1]"}, {"i-1", "", "[1]"},
                                       {"i-1", "", "[2]"}, {"i-9", "", "[1]"},
                                       {"i-2", "", "[1]"}, {"i-gone", "", "[1]"}};
    rs_cw_plan_init(&plan);
    add(&plan, "i-2", "m4.large", NULL);
    add(&plan, "i-1", "m4.large", NULL);
    add(&plan, "i-gone", "m4.large", "terminated");
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        check_ok(rs_cw_plan_add_listing(&plan, used, &all[i], &err));
    }
    check_ok(rs_cw_plan_add_listing(&plan, available, &all[4], &err));
    finish(&plan, DAY, &held);
    assert_int_equal(asks_for(&plan, "mem_used_percent"), 6);
    assert_int_equal(asks_for(&plan, "mem_available_percent"), 2);
    for (size_t i = 0; i < plan.query_count; i++) {
        if (plan.queries[i].query.mapping == available) { /* the least free is the most used */
            assert_true(plan.queries[i].statistic == RS_STATISTIC_AVG ||
                        plan.queries[i].statistic == RS_STATISTIC_MAX);
            assert_string_equal(plan.queries[i].query.resource, "i-2");
        }
    }
    assert_true(rs_cw_plan_is_listed(&plan, used));
    assert_false(rs_cw_plan_is_listed(&plan, rs_cw_find("AWS/EC2", "CPUUtilization", NULL)));
    rs_cw_plan_release(&plan);
}

static void gpus_are_looked_for_where_a_type_may_have_some(void **state)
{
    static const struct {
        const char *type, *state;
        bool listed;
    } rows[] = {
        {"g5.12xlarge", NULL, true},        {"p4d.24xlarge", "running", true},
        {"gr6.4xlarge", NULL, true},        {NULL, NULL, true},
        {"g5.xlarge", "terminated", false}, {"m5.large", NULL, false},
        {"inf2.xlarge", NULL, false},       {"i3.large", NULL, false},
    };
    (void)state;
    const struct rs_cw_mapping *gpu = rs_cw_find("CWAgent", "nvidia_smi_utilization_gpu", NULL);
    assert_non_null(gpu);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_cw_plan plan;
        rs_cw_plan_init(&plan);
        assert_false(rs_cw_plan_is_listed(&plan, gpu));
        add(&plan, "i-1", rows[i].type, rows[i].state);
        assert_int_equal(rs_cw_plan_is_listed(&plan, gpu), rows[i].listed);
        rs_cw_plan_release(&plan);
    }
}

static void each_gpu_is_asked_for_under_its_own_name(void **state)
{
    (void)state;
    struct rs_cw_plan plan;
    struct rs_error err = {RS_OK, ""};
    struct held held = {.newest = -1};
    const struct rs_cw_mapping *gpu = rs_cw_find("CWAgent", "nvidia_smi_utilization_gpu", NULL);
    const struct rs_cw_listed all[] = {
        {"i-1", "0", "[0]"}, {"i-1", "1", "[1]"}, {"i-1", "", "[2]"}, {"i-1", "x", "[3]"}};
    rs_cw_plan_init(&plan);
    add(&plan, "i-1", "g5.12xlarge", NULL);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        check_ok(rs_cw_plan_add_listing(&plan, gpu, &all[i], &err));
    }
    finish(&plan, DAY, &held);
    assert_int_equal(asks_for(&plan, "nvidia_smi_utilization_gpu"), 4);
    size_t found = 0;
    for (size_t i = 0; i < plan.query_count; i++) {
        const struct rs_cw_query *q = &plan.queries[i].query;
        if (q->mapping == gpu) {
            const char *card = found < 2 ? "i-1/gpu-0" : "i-1/gpu-1";
            assert_string_equal(q->resource, card);
            assert_string_equal(q->dimensions, found < 2 ? "[0]" : "[1]");
            found++;
        }
    }
    rs_cw_plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_is_asked_for_what_it_has),
        cmocka_unit_test(what_the_store_has_is_not_asked_for_again),
        cmocka_unit_test(more_than_63_days_are_not_kept),
        cmocka_unit_test(calls_are_as_full_as_the_limits_allow),
        cmocka_unit_test(agents_metrics_are_asked_for_as_they_were_published),
        cmocka_unit_test(gpus_are_looked_for_where_a_type_may_have_some),
        cmocka_unit_test(each_gpu_is_asked_for_under_its_own_name),
    };
    return cmocka_run_group_tests_name("cloudwatch_plan", tests, NULL, NULL);
}
