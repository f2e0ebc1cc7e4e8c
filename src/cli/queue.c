/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct slot {
    void *item;
    size_t bytes;
};

struct rs_queue {
    pthread_mutex_t lock;
    pthread_cond_t for_putter, for_taker;
    void (*discard)(void *item);
    struct slot *ring;
    size_t slots, first, count;
    size_t held, limit; /* bytes */
    bool ended, left;   /* the putter, the taker is gone */
    bool idle;          /* the taker waits for more */
};

enum rs_status rs_queue_open(size_t slots, size_t bytes, void (*discard)(void *item),
                             struct rs_queue **out, struct rs_error *err)
{
    struct rs_queue *q = calloc(1, sizeof(*q));
    struct slot *ring = calloc(slots, sizeof(*ring));
    if (q == NULL || ring == NULL || pthread_mutex_init(&q->lock, NULL) != 0) {
        free(q);
        free(ring);
        return rs_fail(err, RS_ENOMEM, "out of memory for a queue");
    }
    (void)pthread_cond_init(&q->for_putter, NULL); /* without attributes neither can fail */
    (void)pthread_cond_init(&q->for_taker, NULL);
    q->discard = discard;
    q->ring = ring;
    q->slots = slots;
    q->limit = bytes;
    *out = q;
    return RS_OK;
}

static void *remove_first(struct rs_queue *q)
{
    struct slot first = q->ring[q->first];
    q->first = (q->first + 1) % q->slots;
    q->count--;
    q->held -= first.bytes;
    return first.item;
}

void rs_queue_close(struct rs_queue *q)
{
    if (q == NULL) {
        return;
    }
    while (q->count > 0) {
        q->discard(remove_first(q));
    }
    pthread_cond_destroy(&q->for_putter);
    pthread_cond_destroy(&q->for_taker);
    pthread_mutex_destroy(&q->lock);
    free(q->ring);
    free(q);
}

static bool is_full(const struct rs_queue *q, size_t bytes)
{
    return q->count == q->slots ||
           (q->count > 0 && (q->held > q->limit || bytes > q->limit - q->held));
}

bool rs_queue_put(struct rs_queue *q, void *item, size_t bytes)
{
    pthread_mutex_lock(&q->lock);
    while (!q->left && is_full(q, bytes)) {
        pthread_cond_wait(&q->for_putter, &q->lock);
    }
    bool wanted = !q->left;
    if (wanted) {
        q->ring[(q->first + q->count) % q->slots] = (struct slot){item, bytes};
        q->count++;
        q->held += bytes;
        pthread_cond_signal(&q->for_taker);
    }
    pthread_mutex_unlock(&q->lock);
    return wanted;
}

bool rs_queue_drain(struct rs_queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (!q->left && !(q->count == 0 && q->idle)) {
        pthread_cond_wait(&q->for_putter, &q->lock);
    }
    bool wanted = !q->left;
    pthread_mutex_unlock(&q->lock);
    return wanted;
}

void rs_queue_end(struct rs_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->ended = true;
    pthread_cond_signal(&q->for_taker);
    pthread_mutex_unlock(&q->lock);
}

void *rs_queue_take(struct rs_queue *q)
{
    void *item = NULL;
    pthread_mutex_lock(&q->lock);
    while (q->count == 0 && !q->ended) {
        q->idle = true;
        pthread_cond_signal(&q->for_putter);
        pthread_cond_wait(&q->for_taker, &q->lock);
    }
    q->idle = false;
    if (q->count > 0) {
        item = remove_first(q);
        if (q->count <= q->slots / 2 && (q->count == 0 || q->held <= q->limit / 2)) {
            pthread_cond_signal(&q->for_putter); /* not for each item: waking is dear */
        }
    }
    pthread_mutex_unlock(&q->lock);
    return item;
}

void rs_queue_leave(struct rs_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->left = true;
    pthread_cond_signal(&q->for_putter);
    pthread_mutex_unlock(&q->lock);
}
