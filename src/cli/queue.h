/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queue.h - a bounded queue between two threads, one that puts and one that takes (level 5).
 *
 * Either side may leave at any time and the other learns of it. What is put belongs to the queue
 * until it is taken; what nobody took goes to `discard` when the queue is closed.
 */
#ifndef RIGHTSIZE_CLI_QUEUE_H
#define RIGHTSIZE_CLI_QUEUE_H

#include "rightsize/status.h"

#include <stdbool.h>
#include <stddef.h>

struct rs_queue;

/*
 * At most `slots` items and, unless it is a single one, `bytes` of them together, by what is told
 * to rs_queue_put. RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_queue_open(size_t slots, size_t bytes, void (*discard)(void *item),
                                        struct rs_queue **out, struct rs_error *err);
void rs_queue_close(struct rs_queue *queue); /* both threads are done with it; NULL is fine */

/* Waits for room. False: the taker left, and `item` still is the caller's. */
RS_CHECKED bool rs_queue_put(struct rs_queue *queue, void *item, size_t bytes);
/* Wait until the taker is done with all that was put: it asks for more. False: the taker left. */
RS_CHECKED bool rs_queue_drain(struct rs_queue *queue);
void rs_queue_end(struct rs_queue *queue); /* the putter leaves: nothing more will come */

/* Waits for an item; NULL: the putter left and all was taken. */
void *rs_queue_take(struct rs_queue *queue);
void rs_queue_leave(struct rs_queue *queue); /* the taker leaves: nothing more is wanted */

#endif
