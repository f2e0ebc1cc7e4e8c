/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/policy.h"

#include "../support/check.h"

#include <math.h>

static struct rs_policy preset(const char *name)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_policy policy;
    check_ok(rs_policy_preset(name, &policy, &err));
    return policy;
}

static void presets_are_what_compute_optimizer_publishes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double percentile, cpu, memory;
    } rows[] = {{"compute-optimizer", 99.5, 0.20, 0.20},
                {"co-max-savings", 90, 0.0, 0.10},
                {"co-balanced", 95, 0.30, 0.30},
                {"co-max-performance", 99.5, 0.30, 0.30}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_policy p = preset(rows[i].name);
        assert_string_equal(p.name, rows[i].name);
        check_same_double(p.crowding, 0.0);
        check_same_double(p.memory_pad, 0.0);
        assert_int_equal(p.recent_weeks, 0);
        assert_false(p.capped);
        assert_true(p.burst_headroom);
        check_same_double(p.cpu_percentile, rows[i].percentile);
        check_same_double(p.cpu_headroom, rows[i].cpu);
        check_same_double(p.memory_percentile, 100.0);
        check_same_double(p.memory_headroom, rows[i].memory);
        check_same_double(p.io_percentile, 99.5);
        check_same_double(p.io_headroom, 0.0);
        assert_int_equal(p.lookback, 14 * 86400);
        assert_int_equal(p.min_data, 30 * 3600);
        assert_int_equal(p.options, 3);
        assert_string_equal(p.architecture, "current");
        assert_string_equal(p.burstable, "yes");
        assert_string_equal(p.generation, "any");
    }
}

static void every_listed_preset_can_be_taken_and_the_first_is_the_default(void **state)
{
    (void)state;
    size_t count = 0;
    for (; rs_policy_presets[count].name != NULL; count++) {
        assert_string_equal(preset(rs_policy_presets[count].name).name,
                            rs_policy_presets[count].name);
    }
    assert_int_equal(count, 10);
    struct rs_policy p = preset(NULL);
    assert_string_equal(p.name, "balanced");
    assert_true(fabs(1.0 / (1.0 - p.memory_headroom) - 1.25) < 1e-12);
    assert_true(fabs(1.0 / (1.0 - p.cpu_headroom) - 1.10) < 1e-12);
    assert_int_equal(p.recent_weeks, 2);
    assert_true(p.capped && !p.burst_headroom);
    assert_string_equal(p.generation, "current");
    check_same_double(p.min_saving, 0.20);
    check_same_double(p.crowding, 1.0);
    check_same_double(preset("savings").crowding, 0.6);
    check_same_double(preset("performance").crowding, 2.0);
    assert_int_equal(preset("gcp").lookback, 8 * 86400);
}

static void an_unknown_preset_lists_the_known_ones(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_policy p = {.options = 77};
    check_fails(rs_policy_preset("frugal", &p, &err), RS_EUSAGE,
                "no policy 'frugal'; there are balanced, savings, performance, compute-optimizer, "
                "co-max-savings, co-balanced, co-max-performance, krr, azure, gcp");
    assert_int_equal(p.options, 77);
}

struct wanted {
    const char *key, *value;
    bool is_number;
    size_t seen;
};

static void compare_key(void *payload, const char *key, const char *value, bool is_number,
                        const char *meaning)
{
    struct wanted *want = payload;
    assert_true(strlen(meaning) > 10);
    if (strcmp(want->key, key) == 0) {
        assert_string_equal(value, want->value);
        assert_int_equal(is_number, want->is_number);
        want->seen++;
    }
}

static void what_is_set_is_described(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *shown;
        bool is_number;
    } rows[] = {
        {"cpu.percentile", "99", "99", true},
        {"cpu.percentile", "0", "0", true},
        {"cpu.headroom", "0.25", "0.25", true},
        {"cpu.headroom", "20%", "0.2", true},
        {"cpu.headroom", "95%", "0.95", true},
        {"memory.percentile", "99.9", "99.9", true},
        {"memory.headroom", "0", "0", true},
        {"io.percentile", "100", "100", true},
        {"io.headroom", "12.5%", "0.125", true},
        {"lookback", "7d", "7d", false},
        {"lookback", "2w", "14d", false},
        {"min_data", "90m", "90m", false},
        {"min_data", "24h", "1d", false},
        {"min_data", "61s", "61s", false},
        {"min_saving", "10%", "0.1", true},
        {"min_saving", "1", "1", true},
        {"idle.cpu_percent", "2", "2", true},
        {"idle.net_bytes_per_day", "1000000", "1000000", true},
        {"architecture", "any", "any", false},
        {"architecture", "arm64", "arm64", false},
        {"burstable", "same", "same", false},
        {"generation", "current", "current", false},
        {"include", "m5*,c5.large", "m5*,c5.large", false},
        {"exclude", "", "", false},
        {"down_only", "yes", "yes", false},
        {"down_only", "false", "no", false},
        {"options", "10", "10", true},
        {"recent_weeks", "4", "4", true},
        {"memory.pad", "1e6", "1000000", true},
        {"capped", "no", "no", false},
        {"burstable.headroom", "yes", "yes", false},
        {"crowding", "1.5", "1.5", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        struct rs_policy p = preset(NULL);
        check_ok(rs_policy_set(&p, rows[i].key, rows[i].value, &err));
        struct wanted want = {rows[i].key, rows[i].shown, rows[i].is_number, 0};
        rs_policy_describe(&p, compare_key, &want);
        assert_int_equal(want.seen, 1);
    }
}

static void refuses_values_out_of_range_and_leaves_the_policy_alone(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *part;
    } rows[] = {
        {"cpu.percentile", "101", "policy key 'cpu.percentile': "},
        {"cpu.percentile", "99.5%", "'99.5%'"}, /* only shares are percentages */
        {"cpu.percentile", "", "policy key 'cpu.percentile': "},
        {"cpu.headroom", "20", "'20'"},
        {"cpu.headroom", "96%", "96"},
        {"cpu.headroom", "%", "policy key 'cpu.headroom': "},
        {"cpu.headroom", "-1%", "-1"},
        {"cpu.headroom", "nan", "nan"},
        {"cpu.headroom",
         "0.20000000000000000000000000000000000000000000000000000000000000000000001x%", "0.2"},
        {"min_saving", "1.5", "1.5"},
        {"lookback", "10s", "'10s' is outside 300s..400d"},
        {"lookback", "401d", "'401d' is outside"},
        {"lookback", "soon", "soon"},
        {"architecture", "mips", "'mips' is none of its values"},
        {"burstable", "Yes", "'Yes' is none of its values"},
        {"down_only", "maybe", "'maybe' is neither yes nor no"},
        {"options", "0", "0"},
        {"options", "11", "11"},
        {"options", "2.5", "2.5"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err;
        struct rs_policy p = preset(NULL), before = preset(NULL);
        check_fails(rs_policy_set(&p, rows[i].key, rows[i].value, &err), RS_EUSAGE, rows[i].part);
        assert_memory_equal(&p, &before, sizeof(p));
    }
}

static void refuses_a_list_that_does_not_fit(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_policy p = preset(NULL);
    char list[RS_POLICY_LIST + 1];
    memset(list, 'm', sizeof(list));
    list[RS_POLICY_LIST] = '\0';
    check_fails(rs_policy_set(&p, "include", list, &err), RS_EUSAGE, "longer than 511 bytes");
    list[RS_POLICY_LIST - 1] = '\0';
    check_ok(rs_policy_set(&p, "include", list, &err));
    assert_string_equal(p.include, list);
}

static void an_unknown_key_lists_the_known_ones(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_policy p = preset(NULL);
    check_fails(rs_policy_set(&p, "cpu", "1", &err), RS_EUSAGE, "no policy key 'cpu'; there are ");
    assert_non_null(strstr(err.text, "cpu.percentile, cpu.headroom, "));
    assert_non_null(strstr(err.text, ", down_only, recent_weeks"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_are_what_compute_optimizer_publishes),
        cmocka_unit_test(every_listed_preset_can_be_taken_and_the_first_is_the_default),
        cmocka_unit_test(an_unknown_preset_lists_the_known_ones),
        cmocka_unit_test(what_is_set_is_described),
        cmocka_unit_test(refuses_values_out_of_range_and_leaves_the_policy_alone),
        cmocka_unit_test(refuses_a_list_that_does_not_fit),
        cmocka_unit_test(an_unknown_key_lists_the_known_ones),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
