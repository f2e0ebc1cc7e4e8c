/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/relay.h"

#include "../support/check.h"

#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#define BLOCKS_MADE 200

struct ends {
    size_t made, taken;
    size_t make_fails, take_fails, starves; /* at which block; BLOCKS_MADE: never */
    bool slow_maker, slow_taker, unclean;
    struct rs_buffer got;
};

static void rest(bool slow)
{
    for (int i = 0; slow && i < 20; i++) {
        sched_yield();
    }
}

static enum rs_status make(void *payload, struct rs_buffer *block, bool *more, struct rs_error *err)
{
    struct ends *e = payload;
    e->unclean = e->unclean || block->length > 0 || block->failed;
    rest(e->slow_maker);
    if (e->made == e->make_fails) {
        return rs_fail(err, RS_EIO, "cannot make block %zu", e->made);
    }
    rs_buffer_printf(block, "%zu,", e->made);
    block->failed = e->made == e->starves;
    *more = ++e->made < BLOCKS_MADE;
    return RS_OK;
}

static enum rs_status take(void *payload, const struct rs_buffer *block, struct rs_error *err)
{
    struct ends *e = payload;
    rest(e->slow_taker);
    if (e->taken == e->take_fails) {
        return rs_fail(err, RS_EIO, "cannot take block %zu", e->taken);
    }
    e->taken++;
    rs_buffer_append(&e->got, block->data, block->length);
    return RS_OK;
}

/* Those below `end`, in their order and nothing else. */
static void check_got(const struct ends *e, size_t end)
{
    struct rs_buffer want;
    rs_buffer_init(&want);
    for (size_t i = 0; i < end; i++) {
        rs_buffer_printf(&want, "%zu,", i);
    }
    assert_string_equal(e->got.data, want.data);
    rs_buffer_release(&want);
}

static enum rs_status run(struct ends *e, bool apart, struct rs_error *err)
{
    struct rs_relay_ends ends = {.make = make, .take = take, .payload = e};
    rs_buffer_init(&e->got);
    enum rs_status rc = rs_relay_run(&ends, apart, err);
    assert_false(e->unclean);
    return rc;
}

static void blocks_arrive_once_and_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct rs_error err = {RS_OK, ""};
        struct ends e = {.make_fails = BLOCKS_MADE,
                         .take_fails = BLOCKS_MADE,
                         .starves = BLOCKS_MADE,
                         .slow_maker = (i & 2) != 0,
                         .slow_taker = (i & 4) != 0};
        check_ok(run(&e, (i & 1) != 0, &err));
        check_got(&e, BLOCKS_MADE);
        rs_buffer_release(&e.got);
    }
}

static void a_maker_that_fails_is_heard_behind_what_it_made(void **state)
{
    (void)state;
    static const size_t at[] = {0, 1, 7, BLOCKS_MADE - 1};
    for (size_t i = 0; i < 2 * COUNT_OF(at); i++) {
        struct rs_error err;
        struct ends e = {
            .make_fails = at[i / 2], .take_fails = BLOCKS_MADE, .starves = BLOCKS_MADE};
        check_fails(run(&e, i % 2 != 0, &err), RS_EIO, "cannot make block");
        check_got(&e, at[i / 2]);
        rs_buffer_release(&e.got);
    }
}

static void a_taker_that_fails_stops_the_maker(void **state)
{
    (void)state;
    static const size_t at[] = {0, 1, 7, BLOCKS_MADE - 1};
    for (size_t i = 0; i < 2 * COUNT_OF(at); i++) {
        struct rs_error err;
        struct ends e = {
            .make_fails = BLOCKS_MADE, .take_fails = at[i / 2], .starves = BLOCKS_MADE};
        check_fails(run(&e, i % 2 != 0, &err), RS_EIO, "cannot take block");
        check_got(&e, at[i / 2]);
        assert_true(e.made <= at[i / 2] + 4); /* not more than there are blocks */
        rs_buffer_release(&e.got);
    }
}

static void a_block_without_memory_is_told(void **state)
{
    (void)state;
    for (int apart = 0; apart < 2; apart++) {
        struct rs_error err;
        struct ends e = {.make_fails = BLOCKS_MADE, .take_fails = BLOCKS_MADE, .starves = 5};
        check_fails(run(&e, apart != 0, &err), RS_ENOMEM, "out of memory");
        check_got(&e, 5);
        rs_buffer_release(&e.got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_arrive_once_and_in_order),
        cmocka_unit_test(a_maker_that_fails_is_heard_behind_what_it_made),
        cmocka_unit_test(a_taker_that_fails_stops_the_maker),
        cmocka_unit_test(a_block_without_memory_is_told),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
