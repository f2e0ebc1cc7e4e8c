/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise_world.h"
#include "rightsize/replay.h"

#define CHANGE (WORLD_FROM + (int64_t)7 * 86400)

static struct rs_catalog *load(void)
{
    struct rs_error err;
    struct rs_catalog *catalog = NULL;
    check_ok(rs_catalog_load_file("tests/fixtures/group/catalog.json", &catalog, &err));
    return catalog;
}

/* 30 % of 8 vCPUs for a week, then so many percent of today's type. */
static void moved(struct world *w, const char *to, double percent)
{
    static const char *const earlier[] = {"a.large"};
    world_init(w, to);
    struct rs_series *cpu = world_cpu(w, percent);
    for (size_t i = 0; rs_series_at(cpu, i) < CHANGE; i++) {
        cpu->values[i] = 30.0;
    }
    world_ready(w);
    w->work.earlier_types = earlier;
    w->work.earlier_count = 1;
    w->work.last_type_change = CHANGE;
}

static void judge(struct world *w, const struct rs_catalog *catalog, struct rs_resize *out)
{
    if (rs_resize_judge(&w->work, catalog, out, &w->err) != RS_OK) {
        fail_msg("%s", w->err.text);
    }
}

static void a_move_that_went_well_saves(void **state)
{
    (void)state;
    struct world w;
    struct rs_resize r;
    struct rs_catalog *catalog = load();
    moved(&w, "a.medium", 60.0);
    judge(&w, catalog, &r);
    assert_string_equal(r.from, "a.large");
    assert_string_equal(r.to, "a.medium");
    assert_int_equal(r.at, CHANGE);
    check_near(r.monthly_before - r.monthly_after, 0.2 * RS_HOURS_PER_MONTH, 1e-9);
    check_near(r.days_before, 7, 1e-12);
    check_near(r.days_after, 7, 1e-12);
    check_near(r.short_after[RS_DIM_CPU], 0, 0);
    assert_true(isnan(r.short_after[RS_DIM_MEMORY]));
    assert_int_equal(r.regressed, 0);
    world_release(&w);
    rs_catalog_free(catalog);
}

static void a_move_to_too_little_is_a_regression(void **state)
{
    (void)state;
    struct world w;
    struct rs_resize r;
    struct rs_catalog *catalog = load();
    moved(&w, "a.small", 99.0);
    judge(&w, catalog, &r);
    check_near(r.short_before[RS_DIM_CPU], 0, 0);
    check_near(r.short_after[RS_DIM_CPU], 1, 0);
    assert_int_equal(r.regressed, 1U << RS_DIM_CPU);
    world_release(&w);
    rs_catalog_free(catalog);
}

static void what_was_short_before_is_no_regression(void **state)
{
    (void)state;
    struct world w;
    struct rs_resize r;
    struct rs_catalog *catalog = load();
    moved(&w, "a.small", 99.0);
    for (size_t i = 0; rs_series_at(&w.series[0], i) < CHANGE; i++) {
        w.series[0].values[i] = i % 50 == 0 ? 100.0 : 30.0; /* 2 % */
    }
    judge(&w, catalog, &r);
    check_near(r.short_before[RS_DIM_CPU], 0.02, 1e-3);
    assert_int_equal(r.regressed, 0);
    world_release(&w);
    rs_catalog_free(catalog);
}

static void tags_tell_the_size_of_today_only(void **state)
{
    (void)state;
    static const struct rs_tag tags[] = {{"rightsize:memory_mib", "1024"}};
    struct world w;
    struct rs_resize r;
    struct rs_catalog *catalog = load();
    moved(&w, "a.small", 50.0);
    world_memory(&w, 1.0);
    w.work.series_count = w.series_count;
    w.resource.tags = tags;
    w.resource.tag_count = 1;
    judge(&w, catalog, &r);
    check_near(r.short_before[RS_DIM_MEMORY], 0, 0); /* 1 GiB of 32 */
    check_near(r.short_after[RS_DIM_MEMORY], 1, 0);  /* 1 GiB of 1 */
    assert_int_equal(r.regressed, 1U << RS_DIM_MEMORY);
    world_release(&w);
    rs_catalog_free(catalog);
}

static void samples_of_a_type_before_that_do_not_count(void **state)
{
    (void)state;
    struct world w;
    struct rs_resize r;
    const int64_t since = CHANGE - (int64_t)2 * 86400;
    struct rs_catalog *catalog = load();
    moved(&w, "a.small", 50.0);
    w.work.earlier_since = &since;
    judge(&w, catalog, &r);
    check_near(r.days_before, 2, 1e-12);
    world_release(&w);
    rs_catalog_free(catalog);
}

static void without_a_change_or_its_types_there_is_nothing_to_tell(void **state)
{
    (void)state;
    static const char *const other[] = {"x.large"};
    struct world w;
    struct rs_resize r;
    struct rs_catalog *catalog = load();
    moved(&w, "a.small", 50.0);
    judge(&w, NULL, &r);
    assert_null(r.from);
    w.work.earlier_types = other;
    judge(&w, catalog, &r);
    assert_null(r.from);
    w.work.earlier_count = 0;
    judge(&w, catalog, &r);
    assert_null(r.from);
    assert_true(isnan(r.monthly_before));
    world_release(&w);
    rs_catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_that_went_well_saves),
        cmocka_unit_test(a_move_to_too_little_is_a_regression),
        cmocka_unit_test(what_was_short_before_is_no_regression),
        cmocka_unit_test(tags_tell_the_size_of_today_only),
        cmocka_unit_test(samples_of_a_type_before_that_do_not_count),
        cmocka_unit_test(without_a_change_or_its_types_there_is_nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
