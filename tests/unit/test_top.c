/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/top.h"
#include "stats/kernel.h"

#include "../support/check.h"

#include <stdbool.h>

static void says_the_highest_and_where_they_stand(void **state)
{
    (void)state;
    static const double values[] = {3, NAN, 9, 1, 9, -2, 4};
    static const struct rs_top want[] = {{9, 2}, {9, 4}, {4, 6}, {3, 0}, {1, 3}, {-2, 5}};
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    for (size_t most = 0; most < 9; most++) {
        struct rs_top got[9];
        size_t found = 77;
        check_ok(rs_top_of(&work, values, COUNT_OF(values), most, got, &found, &err));
        assert_int_equal(found, most < 6 ? most : 6);
        for (size_t i = 0; i < found; i++) {
            check_same_double(got[i].value, want[i].value);
            assert_int_equal(got[i].slot, want[i].slot);
        }
    }
    rs_workspace_release(&work);
}

/* Value and slot of the next highest after `last`, by looking at all. */
static struct rs_top next_of(const double *values, size_t count, const struct rs_top *last)
{
    struct rs_top best = {-INFINITY, count};
    for (size_t i = 0; i < count; i++) {
        bool below =
            last == NULL || values[i] < last->value || (values[i] == last->value && i > last->slot);
        if (below && values[i] > best.value) {
            best = (struct rs_top){values[i], i};
        }
    }
    return best;
}

static void agrees_with_looking_at_all_of_them(void **state)
{
    (void)state;
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    uint64_t seed = 5;
    for (int round = 0; round < 300; round++) {
        double values[800];
        struct rs_top got[40], want;
        size_t n = 1 + check_random(&seed) % 800, most = 1 + check_random(&seed) % 40, found = 0;
        uint64_t span = round % 3 == 0 ? 3 : round % 3 == 1 ? 200 : 1U << 30;
        for (size_t i = 0; i < n; i++) {
            double value = (double)(check_random(&seed) % span) - 1.0;
            values[i] = i > 0 && check_random(&seed) % 10 == 0 ? (double)NAN : value;
        }
        work.variant = RS_VARIANT_BEST + round % RS_VARIANT_COUNT;
        work.variant = rs_kernel_of((enum rs_variant)work.variant) != NULL ? work.variant : 0;
        check_ok(rs_top_of(&work, values, n, most, got, &found, &err));
        for (size_t i = 0; i < found; i++) {
            want = next_of(values, n, i > 0 ? &got[i - 1] : NULL);
            check_same_double(got[i].value, want.value);
            assert_int_equal(got[i].slot, want.slot);
        }
        check_same_double(rs_highest_of(values, n), got[0].value);
    }
    rs_workspace_release(&work);
}

static void zeros_are_equal_whatever_their_sign(void **state)
{
    (void)state;
    static const double values[] = {-0.0, 0.0, -0.0, 0.0};
    struct rs_error err = {RS_OK, ""};
    struct rs_workspace work = {0};
    struct rs_top got[3];
    size_t found = 0;
    check_ok(rs_top_of(&work, values, 4, 3, got, &found, &err));
    assert_int_equal(found, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(got[i].slot, i);
        check_same_double(got[i].value, values[i]);
    }
    rs_workspace_release(&work);
}

static void refuses_what_has_no_order(void **state)
{
    (void)state;
    static const double gap[] = {NAN}, infinite[] = {1, INFINITY};
    struct rs_error err;
    struct rs_workspace work = {0};
    struct rs_top got[2];
    size_t found = 77;
    check_fails(rs_top_of(&work, gap, 1, 2, got, &found, &err), RS_ENODATA, "no samples");
    check_fails(rs_top_of(&work, infinite, 2, 2, got, &found, &err), RS_EINPUT, "infinite");
    assert_int_equal(found, 77);
    assert_true(isnan(rs_highest_of(gap, 1)));
    assert_true(isnan(rs_highest_of(NULL, 0)));
    rs_workspace_release(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_the_highest_and_where_they_stand),
        cmocka_unit_test(agrees_with_looking_at_all_of_them),
        cmocka_unit_test(zeros_are_equal_whatever_their_sign),
        cmocka_unit_test(refuses_what_has_no_order),
    };
    return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
