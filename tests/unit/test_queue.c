/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/queue.h"

#include "../support/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define MANY 20000

struct item {
    int number;
};

static struct item *new_item(int number)
{
    struct item *item = malloc(sizeof(*item));
    assert_non_null(item);
    item->number = number;
    return item;
}

static struct rs_queue *open_queue(size_t slots, size_t bytes)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_queue *q = NULL;
    check_ok(rs_queue_open(slots, bytes, free, &q, &err));
    return q;
}

struct putter {
    struct rs_queue *queue;
    int count;           /* how many are to be put */
    _Atomic int put;     /* how many were */
    size_t bytes;        /* each */
    bool drain, drained; /* after each; the last answer */
    int *done;           /* how many the taker was done with, read after draining */
    bool late;           /* it was not done when draining returned */
};

static void *put_all(void *payload)
{
    struct putter *p = payload;
    for (int i = 0; i < p->count; i++) {
        struct item *item = malloc(sizeof(*item));
        item->number = i;
        if (!rs_queue_put(p->queue, item, p->bytes)) {
            free(item);
            break;
        }
        p->put++;
        if (p->drain) {
            p->drained = rs_queue_drain(p->queue);
            p->late = p->late || (p->drained && *p->done != i + 1);
        }
    }
    rs_queue_end(p->queue);
    return NULL;
}

static void rest(long microseconds)
{
    struct timespec t = {0, microseconds * 1000};
    nanosleep(&t, NULL);
}

static void start(struct putter *p, pthread_t *thread)
{
    assert_int_equal(pthread_create(thread, NULL, put_all, p), 0);
}

static void items_come_in_order_and_the_end_is_seen(void **state)
{
    static const struct {
        size_t slots, limit, bytes;
    } rows[] = {{1, 100, 1}, {3, 100, 1}, {1000, 10, 3}, {1000, 10, 11}, {64, 1000000, 1}};
    (void)state;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct putter p = {.queue = open_queue(rows[r].slots, rows[r].limit),
                           .count = MANY,
                           .bytes = rows[r].bytes};
        pthread_t thread;
        start(&p, &thread);
        int next = 0;
        for (struct item *item; (item = rs_queue_take(p.queue)) != NULL; next++) {
            assert_int_equal(item->number, next);
            free(item);
        }
        assert_int_equal(next, MANY);
        assert_null(rs_queue_take(p.queue));
        pthread_join(thread, NULL);
        rs_queue_close(p.queue);
    }
}

/* Until so many were put, and a little longer, to see whether more are. */
static void wait_for(struct putter *p, int put)
{
    while (p->put < put) {
        rest(100);
    }
    rest(5000);
}

static void never_more_is_held_than_allowed(void **state)
{
    (void)state;
    struct putter p = {.queue = open_queue(5, 1000), .count = 100, .bytes = 10};
    pthread_t thread;
    start(&p, &thread);
    wait_for(&p, 5);
    rs_queue_leave(p.queue); /* it took nothing */
    pthread_join(thread, NULL);
    assert_int_equal(p.put, 5);
    rs_queue_close(p.queue);

    p = (struct putter){.queue = open_queue(100, 35), .count = 100, .bytes = 10};
    start(&p, &thread);
    wait_for(&p, 3);
    rs_queue_leave(p.queue);
    pthread_join(thread, NULL);
    assert_int_equal(p.put, 3);
    rs_queue_close(p.queue);
}

static void one_item_larger_than_the_limit_passes(void **state)
{
    (void)state;
    struct rs_queue *q = open_queue(10, 10);
    assert_true(rs_queue_put(q, new_item(1), 1000));
    struct item *item = rs_queue_take(q);
    assert_int_equal(item->number, 1);
    free(item);
    rs_queue_close(q);
}

static void a_taker_that_left_stops_the_putter(void **state)
{
    (void)state;
    struct putter p = {.queue = open_queue(4, 1000), .count = MANY, .bytes = 1};
    pthread_t thread;
    start(&p, &thread);
    for (int i = 0; i < 10; i++) {
        free(rs_queue_take(p.queue));
    }
    rs_queue_leave(p.queue);
    pthread_join(thread, NULL);
    assert_true(p.put >= 10 && p.put <= 14);
    assert_false(rs_queue_drain(p.queue));
    rs_queue_close(p.queue); /* the rest is discarded: the sanitizer would see it */
}

static void draining_waits_until_the_taker_is_done(void **state)
{
    (void)state;
    int done = 0;
    struct putter p = {
        .queue = open_queue(4, 1000), .count = 300, .bytes = 1, .drain = true, .done = &done};
    pthread_t thread;
    start(&p, &thread);
    for (struct item *item; (item = rs_queue_take(p.queue)) != NULL;) {
        if (item->number % 50 == 0) {
            rest(1000);
        }
        done++; /* read by the other thread only while this one waits */
        free(item);
    }
    pthread_join(thread, NULL);
    assert_int_equal(done, 300);
    assert_false(p.late);
    assert_true(p.drained);
    rs_queue_close(p.queue);
}

static void nothing_put_is_an_end_too(void **state)
{
    (void)state;
    struct rs_queue *q = open_queue(4, 1000);
    rs_queue_end(q);
    assert_null(rs_queue_take(q));
    rs_queue_close(q);
    rs_queue_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_in_order_and_the_end_is_seen),
        cmocka_unit_test(never_more_is_held_than_allowed),
        cmocka_unit_test(one_item_larger_than_the_limit_passes),
        cmocka_unit_test(a_taker_that_left_stops_the_putter),
        cmocka_unit_test(draining_waits_until_the_taker_is_done),
        cmocka_unit_test(nothing_put_is_an_end_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
