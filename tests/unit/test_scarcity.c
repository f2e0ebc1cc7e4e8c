/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every allocation behind a recommendation fails once. The modules that allocate are compiled in
 * here with their allocators replaced, which works under sanitizers and valgrind as well.
 */
#include <stdlib.h>

static size_t allowed;

static int is_refused(void)
{
    if (allowed == 0) {
        return 1;
    }
    allowed--;
    return 0;
}

static void *scarce_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : calloc(count, size);
}

static void *scarce_malloc(size_t size)
{
    return is_refused() ? NULL : malloc(size);
}

#define calloc scarce_calloc
#define malloc scarce_malloc
#include "advise/arena.c"
#include "advise/column.c"
#include "advise/desk.c"
#include "advise/recommend.c"
#include "advise/shelf.c"
#include "stats/workspace.c"
#undef calloc
#undef malloc

#include "advise_world.h"

#define PLENTY 1000000

static void each_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    static const enum rs_metric metrics[] = {
        RS_METRIC_CPU_PERCENT,    RS_METRIC_MEM_USED_BYTES,  RS_METRIC_NET_IN_BYTES,
        RS_METRIC_EBS_READ_BYTES, RS_METRIC_EBS_WRITE_BYTES, RS_METRIC_CPU_CREDIT_BALANCE};
    struct world w;
    struct rs_catalog *catalog = NULL;
    allowed = PLENTY;
    world_init(&w, "aa1.xlarge");
    w.work.window.to = WORLD_FROM + 86400;
    for (size_t i = 0; i < COUNT_OF(metrics); i++) {
        world_series(&w, metrics[i], RS_STATISTIC_AVG, 3600, 10);
    }
    world_ready(&w);
    assert_int_equal(
        rs_catalog_load("tests/fixtures/catalog-tiny", "aws", "xx-north-1", &catalog, &w.err),
        RS_OK);
    size_t failures = 0;
    enum rs_status rc = RS_ENOMEM;
    for (size_t n = 0; rc != RS_OK; n++, failures++) {
        allowed = n;
        w.advice.samples = 4711;
        w.err = (struct rs_error){RS_OK, ""};
        rc = rs_recommend(NULL, &w.work, catalog, &w.policy, &w.advice, &w.err);
        if (rc != RS_OK) {
            assert_int_equal(rc, RS_ENOMEM);
            assert_int_equal(w.err.code, RS_ENOMEM);
            assert_non_null(strstr(w.err.text, "out of memory for "));
            assert_int_equal(w.advice.samples, 4711);
        }
        assert_true(n < 100);
    }
    assert_true(failures > 4);
    allowed = PLENTY;
    rs_catalog_free(catalog);
    world_release(&w);
}

static void a_burstable_machine_needs_its_balance(void **state)
{
    (void)state;
    struct world w;
    allowed = PLENTY;
    world_init(&w, "t.large");
    struct rs_offer *t = world_offer(&w, "t.large", 2, 8, 0.08);
    t->flags |= RS_OFFER_BURSTABLE;
    t->burst_baseline = 0.3;
    world_cpu(&w, 10);
    world_series(&w, RS_METRIC_CPU_CREDIT_BALANCE, RS_STATISTIC_AVG, 300, 100);
    enum rs_status rc = RS_ENOMEM;
    size_t n = 0;
    for (; rc != RS_OK; n++) {
        allowed = n;
        rc = world_try(&w);
        assert_true(rc == RS_OK || rc == RS_ENOMEM);
    }
    /* desk, traces, room for a summary; shelf with two lists, lot with five, three a column */
    assert_int_equal(n - 1, 3 + 3 + 5 + 2 * 3);
    allowed = PLENTY;
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failed_allocation_is_reported_and_leaks_nothing),
        cmocka_unit_test(a_burstable_machine_needs_its_balance),
    };
    return cmocka_run_group_tests_name("scarcity", tests, NULL, NULL);
}
