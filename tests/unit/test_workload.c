/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/workload.h"

#include "advise_world.h"

static struct rs_policy policy_with(bool infer)
{
    struct rs_policy policy;
    struct rs_error err = {RS_OK, ""};
    check_ok(rs_policy_preset(NULL, &policy, &err));
    assert_true(policy.infer_workload);
    check_ok(rs_policy_set(&policy, "workload.infer", infer ? "yes" : "no", &err));
    return policy;
}

static void each_workload_is_known_by_whole_words(void **state)
{
    static const struct {
        const char *name, *type; /* NULL: none */
    } rows[] = {
        {"shop-redis-1", "Redis"},
        {"REDIS", "Redis"},
        {"redistribution", NULL},
        {"shop_redis1", NULL},
        {"kafka.eu-1", "Kafka"},
        {"nginx", "Nginx"},
        {"my postgres", "PostgreSql"},
        {"postgresql/primary", "PostgreSql"},
        {"pgsql", "PostgreSql"},
        {"cassandra-03", "ApacheCassandra"},
        {"hadoop (data)", "ApacheHadoop"},
        {"hdfs-name", "ApacheHadoop"},
        {"emr", "AmazonEmr"},
        {"memcached", "Memcached"},
        {"memcache:2", "Memcached"},
        {"mssql-old", "SQLServer"},
        {"SQL Server 2019", "SQLServer"},
        {"sql-server", "SQLServer"},
        {"sql", NULL},
        {"server sql", NULL},
        {"redis and mssql", "SQLServer"}, /* what binds goes first */
        {"mssql and redis", "SQLServer"},
        {"kafka redis", "Kafka"},
        {"\u00fcredis", NULL},
        {"", NULL},
        {NULL, NULL},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
         "kafka",
         "Kafka"},
    };
    (void)state;
    struct rs_policy policy = policy_with(true), off = policy_with(false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_resource r = {.id = "i-1", .name = rows[i].name};
        struct rs_runs runs = rs_workload_of(&r, &policy);
        if ((runs.type == NULL) != (rows[i].type == NULL) ||
            (runs.type != NULL && strcmp(runs.type, rows[i].type) != 0)) {
            fail_msg("'%s' is %s", rows[i].name, runs.type != NULL ? runs.type : "nothing");
        }
        if (runs.type != NULL) {
            assert_string_equal(runs.source, "name");
            assert_string_equal(runs.text, rows[i].name);
            assert_false(runs.told);
        }
        assert_null(rs_workload_of(&r, &off).type);
    }
}

static void a_tag_that_tells_outbids_all(void **state)
{
    static const struct {
        const char *told, *name, *type;
        bool is_told;
    } rows[] = {
        {"Redis", "kafka", "Redis", true},
        {"postgresql", "kafka", "PostgreSql", true}, /* any case */
        {"Microsoft SQL Server", "kafka", "SQLServer", true},
        {"billing", "kafka", NULL, false}, /* the owner knows better than the name */
        {"", "kafka", "Kafka", false},
        {NULL, "kafka", "Kafka", false},
    };
    (void)state;
    struct rs_policy policy = policy_with(true), off = policy_with(false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_tag tags[] = {{"env", "prod"}, {"rightsize:workload", rows[i].told}};
        struct rs_resource r = {
            .id = "i-1", .name = rows[i].name, .tags = tags, .tag_count = COUNT_OF(tags)};
        struct rs_runs runs = rs_workload_of(&r, &policy);
        assert_int_equal(runs.told, rows[i].is_told);
        if (rows[i].type == NULL) {
            assert_null(runs.type);
        } else {
            assert_string_equal(runs.type, rows[i].type);
        }
        assert_int_equal(rs_workload_of(&r, &off).type != NULL, rows[i].is_told);
    }
}

static void other_places_are_read_in_their_order(void **state)
{
    (void)state;
    struct rs_policy policy = policy_with(true);
    struct rs_tag tags[] = {{"aws:elasticmapreduce:job-flow-id", "j-1"}, {"role", "nginx"}};
    struct rs_resource r = {
        .id = "i-1", .name = "a", .group = "kafka-brokers", .tags = tags, .tag_count = 2};
    struct rs_runs runs = rs_workload_of(&r, &policy);
    assert_string_equal(runs.type, "Kafka");
    assert_string_equal(runs.source, "Auto Scaling group");
    r.group = NULL;
    runs = rs_workload_of(&r, &policy);
    assert_string_equal(runs.type, "AmazonEmr");
    assert_string_equal(runs.text, "aws:elasticmapreduce:job-flow-id");
    r.tag_count = 0;
    r.platform = "Windows with SQL Server Standard";
    r.name = "redis";
    runs = rs_workload_of(&r, &policy);
    assert_string_equal(runs.type, "SQLServer");
    assert_string_equal(runs.source, "platform");
    assert_true(runs.windows);
}

static void the_effort_follows_from_what_runs(void **state)
{
    static const struct {
        struct rs_runs runs;
        const char *architecture, *effort;
    } rows[] = {
        {{.type = NULL}, "arm64", "Medium"},
        {{.type = "Redis", .arm64 = true}, "arm64", "Low"},
        {{.type = "SQLServer"}, "arm64", "High"},
        {{.windows = true}, "arm64", "High"},
        {{.type = "Redis", .arm64 = true, .windows = true}, "arm64", "High"},
        {{.type = "Redis", .arm64 = true}, "x86_64", "Low"},
        {{.type = "SQLServer"}, "x86_64", "Low"},
        {{.type = NULL}, "x86_64", "Medium"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_offer offer = {.type = "o", .architecture = rows[i].architecture};
        assert_string_equal(rs_workload_effort(&rows[i].runs, RS_DIFFERS_ARCHITECTURE, &offer),
                            rows[i].effort);
        assert_string_equal(rs_workload_effort(&rows[i].runs, RS_DIFFERS_HYPERVISOR, &offer),
                            "VeryLow");
    }
}

static void an_answer_says_from_what_it_was_inferred(void **state)
{
    static const struct {
        const char *name, *platform, *told, *effort, *code, *part;
    } rows[] = {
        {"shop-redis", NULL, NULL, "Low", "WorkloadInferred",
         "seems to run Redis, by its name 'shop-redis'; there are builds for arm64"},
        {"shop", NULL, "Kafka", "Low", "WorkloadTold",
         "runs Kafka, by its tag rightsize:workload 'Kafka'; there are builds for arm64"},
        {"mssql", NULL, NULL, "High", "WorkloadInferred", "there is no build for arm64"},
        {"shop", "Windows", NULL, "High", "WorkloadNeedsX86", "it runs Windows"},
        {"shop", NULL, NULL, "Medium", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        struct rs_error err = {RS_OK, ""};
        struct rs_tag tag = {"rightsize:workload", rows[i].told};
        world_init(&w, "m.xlarge");
        world_offer(&w, "g.large", 2, 8, 0.02)->architecture = "arm64";
        world_cpu(&w, 10);
        world_memory(&w, 3);
        w.resource.name = rows[i].name;
        w.resource.platform = rows[i].platform;
        w.resource.tags = &tag;
        w.resource.tag_count = rows[i].told != NULL ? 1 : 0;
        check_ok(rs_policy_set(&w.policy, "architecture", "any", &err));
        const struct rs_advice *a = world_advise(&w);
        assert_string_equal(world_first(a), "g.large");
        assert_string_equal(a->options[0].migration_effort, rows[i].effort);
        if (rows[i].code != NULL) {
            const char *note = world_note(a, rows[i].code);
            assert_non_null(note);
            assert_non_null(strstr(note, rows[i].part));
        } else {
            assert_null(world_note(a, "WorkloadInferred"));
        }
        check_ok(rs_policy_set(&w.policy, "architecture", "current", &err));
        a = world_advise(&w);
        assert_string_equal(a->options[0].migration_effort, "VeryLow");
        assert_true(rows[i].code == NULL || world_note(a, rows[i].code) == NULL);
        world_release(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_workload_is_known_by_whole_words),
        cmocka_unit_test(a_tag_that_tells_outbids_all),
        cmocka_unit_test(other_places_are_read_in_their_order),
        cmocka_unit_test(the_effort_follows_from_what_runs),
        cmocka_unit_test(an_answer_says_from_what_it_was_inferred),
    };
    return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
