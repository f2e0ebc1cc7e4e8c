/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/series.h"

#include "../support/check.h"

#include <stdlib.h>
#include <string.h>

static void a_step_divides_the_day(void **state)
{
    (void)state;
    static const int64_t good[] = {1, 5, 10, 30, 60, 300, 900, 3600, 86400};
    static const int64_t bad[] = {0, -60, 7, 61, 86401, 172800, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(rs_step_is_valid(good[i]));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(rs_step_is_valid(bad[i]));
    }
}

static void a_new_series_is_all_gaps(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_series s;
    rs_series_init(&s);
    rs_series_release(&s);
    struct rs_window window = {-600, 900};
    check_ok(rs_series_allocate(&s, RS_METRIC_MEM_PERCENT, RS_STATISTIC_MAX, 300, window, &err));
    assert_int_equal(s.slots, 5);
    assert_int_equal(s.metric, RS_METRIC_MEM_PERCENT);
    assert_int_equal(s.statistic, RS_STATISTIC_MAX);
    assert_int_equal(rs_series_count(&s), 0);
    assert_int_equal(rs_series_at(&s, 0), -600);
    assert_int_equal(rs_series_at(&s, 4), 600);
    s.values[1] = 0.0;
    s.values[4] = -1.0;
    assert_int_equal(rs_series_count(&s), 2);
    rs_series_release(&s);
    assert_null(s.values);
    assert_int_equal(rs_series_count(&s), 0);
}

static void a_series_beyond_memory_is_refused(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_series s;
    rs_series_init(&s);
    struct rs_window window = {INT64_MIN, INT64_MAX};
    check_fails(rs_series_allocate(&s, RS_METRIC_CPU_PERCENT, RS_STATISTIC_AVG, 1, window, &err),
                RS_ENOMEM, "out of memory for");
    assert_null(s.values);
}

static void the_names_of_a_batch_move_into_one_block(void **state)
{
    (void)state;
    static const struct {
        const char *resource, *provider, *account, *region;
        size_t size;
    } rows[] = {
        {"i-1", "aws", "1234", "eu-west-1", 4 + 4 + 5 + 10},
        {"i-1", NULL, "", NULL, 4 + 1},
        {NULL, NULL, NULL, NULL, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_batch batch = {.resource = rows[i].resource,
                                 .provider = rows[i].provider,
                                 .account = rows[i].account,
                                 .region = rows[i].region};
        const char *const want[] = {rows[i].resource, rows[i].provider, rows[i].account,
                                    rows[i].region};
        char block[32];
        memset(block, '#', sizeof(block));
        assert_int_equal(rs_batch_names_size(&batch), rows[i].size);
        rs_batch_names_move(&batch, block);
        const char *const moved[] = {batch.resource, batch.provider, batch.account, batch.region};
        const char *next = block;
        for (size_t k = 0; k < COUNT_OF(moved); k++) {
            if (want[k] == NULL) {
                assert_null(moved[k]);
                continue;
            }
            assert_ptr_equal(moved[k], next);
            assert_string_equal(moved[k], want[k]);
            next += strlen(next) + 1;
        }
        assert_int_equal(next - block, rows[i].size);
        assert_int_equal(*next, '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_divides_the_day),
        cmocka_unit_test(a_new_series_is_all_gaps),
        cmocka_unit_test(a_series_beyond_memory_is_refused),
        cmocka_unit_test(the_names_of_a_batch_move_into_one_block),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
