/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/owners.h"

#include "../support/check.h"

#include <stdlib.h>

static struct rs_held_series *mark(size_t n) /* only compared */
{
    static char marks[64];
    return (struct rs_held_series *)(void *)&marks[n % sizeof(marks)];
}

static void what_was_put_is_found_again_until_there_is_no_room(void **state)
{
    static const size_t widths[] = {1, 3, RS_COLUMNS_VALUES};
    (void)state;
    for (size_t w = 0; w < COUNT_OF(widths); w++) {
        static struct rs_owners owners;
        memset(&owners, 0, sizeof(owners));
        owners.width = widths[w];
        struct rs_error err = {RS_OK, ""};
        struct rs_held_series **series = NULL;
        size_t room = RS_OWNERS_SERIES / widths[w], all = room < 20000 ? room + 5 : 20000;
        for (size_t i = 0; i < 2 * all; i++) {
            char name[32];
            snprintf(name, sizeof(name), "i-%zu", i % all);
            check_ok(rs_owners_find(&owners, name, &series, &err));
            bool again = i >= all && i % all < room;
            assert_ptr_equal(series[0], again ? mark(i % all) : NULL);
            assert_ptr_equal(series[widths[w] - 1], again ? mark(i % all) : NULL);
            series[0] = series[widths[w] - 1] = mark(i % all);
        }
        rs_owners_release(&owners);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_again_until_there_is_no_room),
    };
    return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
