/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/arena.h"

#include "../support/check.h"

#include <string.h>

static void pieces_are_aligned_and_do_not_overlap(void **state)
{
    (void)state;
    struct rs_arena arena = {NULL, 0};
    unsigned char *pieces[200];
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        pieces[i] = rs_arena_take(&arena, i * 7, 13);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 64, 0);
        memset(pieces[i], (int)i, i * 7 * 13);
    }
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        for (size_t j = 0; j < i * 7 * 13; j++) {
            assert_int_equal(pieces[i][j], i);
        }
    }
    rs_arena_release(&arena);
}

static void the_same_round_again_takes_no_more_memory(void **state)
{
    (void)state;
    struct rs_arena arena = {NULL, 0};
    const void *first = NULL;
    for (int round = 0; round < 4; round++) {
        rs_arena_reset(&arena);
        const void *begin = rs_arena_take(&arena, 100000, 1);
        for (int i = 0; i < 20; i++) {
            assert_non_null(rs_arena_take(&arena, 50000, 1));
        }
        if (round > 0) { /* after the first, one block holds all */
            first = first != NULL ? first : begin;
            assert_ptr_equal(begin, first);
        }
    }
    rs_arena_release(&arena);
    assert_non_null(rs_arena_take(&arena, 1, 1));
    rs_arena_release(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct rs_arena arena = {NULL, 0};
    assert_null(rs_arena_take(&arena, SIZE_MAX, 2));
    assert_null(rs_arena_take(&arena, SIZE_MAX / 8 + 1, 8));
    assert_non_null(rs_arena_take(&arena, 0, 8));
    assert_non_null(rs_arena_take(&arena, 8, 0));
    rs_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_do_not_overlap),
        cmocka_unit_test(the_same_round_again_takes_no_more_memory),
        cmocka_unit_test(sizes_that_overflow_are_refused),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
