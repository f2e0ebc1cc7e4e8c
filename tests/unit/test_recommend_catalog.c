/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice out of a catalog that was loaded: the machine's own, and another provider's. */
#include "rightsize/recommend.h"

#include "advise_world.h"

static void types_of_a_loaded_catalog_are_offered(void **state)
{
    (void)state;
    struct world w;
    struct rs_catalog *catalog = NULL;
    world_init(&w, "aa1.xlarge");
    assert_int_equal(
        rs_catalog_load("tests/fixtures/catalog-tiny", "aws", "xx-north-1", &catalog, &w.err),
        RS_OK);
    world_cpu(&w, 10);
    world_ready(&w);
    assert_int_equal(rs_recommend(NULL, &w.work, catalog, &w.policy, &w.advice, &w.err), RS_OK);
    assert_ptr_equal(w.advice.current, rs_catalog_find(catalog, "aa1.xlarge"));
    w.resource.type = NULL;
    assert_int_equal(rs_recommend(NULL, &w.work, catalog, &w.policy, &w.advice, &w.err), RS_OK);
    assert_null(w.advice.current);
    assert_non_null(world_note(&w.advice, "TypeUnknown"));
    assert_int_equal(rs_recommend(NULL, &w.work, NULL, &w.policy, &w.advice, &w.err), RS_OK);
    assert_non_null(world_note(&w.advice, "TypeUnknown"));
    w.resource.type = "aa1.xlarge";
    assert_int_equal(rs_recommend(NULL, &w.work, NULL, &w.policy, &w.advice, &w.err), RS_OK);
    assert_non_null(world_note(&w.advice, "NoCatalog"));
    rs_catalog_free(catalog);
    world_release(&w);
}

static void the_same_workload_is_matched_against_another_catalog(void **state)
{
    (void)state;
    struct world w;
    struct rs_catalog *home = NULL, *other = NULL;
    struct rs_elsewhere found;
    world_init(&w, "aa1.xlarge");
    const char *folder = "tests/fixtures/catalog-tiny";
    assert_int_equal(rs_catalog_load(folder, "aws", "xx-north-1", &home, &w.err), RS_OK);
    assert_int_equal(rs_catalog_load(folder, "aws", "xx-north-1", &other, &w.err), RS_OK);
    world_cpu(&w, 1);
    world_ready(&w);
    const double types[] = {rs_catalog_find(home, "aa1.xlarge")->vcpus,
                            rs_catalog_find(home, "aa1.xlarge")->memory_bytes};
    char shape[32];
    snprintf(shape, sizeof(shape), "local:%.0fx%.0f", types[0], types[1] / GIB);
    const struct {
        const char *type;
        const struct rs_catalog *home;
        bool answered;
    } rows[] = {{"aa1.xlarge", home, true}, {shape, NULL, true},         {"nosuch", home, false},
                {"local:0x4", NULL, false}, {"local:4x8x", NULL, false}, {NULL, home, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        w.resource.type = rows[i].type;
        w.resource.architecture = "x86_64";
        assert_int_equal(
            rs_recommend_elsewhere(NULL, &w.work, rows[i].home, other, &w.policy, &found, &w.err),
            RS_OK);
        assert_ptr_equal(found.catalog, rs_catalog_info(other));
        assert_int_equal(found.found, rows[i].answered);
        if (found.found) {
            assert_ptr_equal(found.option.offer, rs_catalog_find(other, found.option.offer->type));
            assert_true(found.option.offer->memory_bytes >= types[1]); /* memory is unknown */
        }
    }
    rs_catalog_free(home);
    rs_catalog_free(other);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_of_a_loaded_catalog_are_offered),
        cmocka_unit_test(the_same_workload_is_matched_against_another_catalog),
    };
    return cmocka_run_group_tests_name("recommend_catalog", tests, NULL, NULL);
}
