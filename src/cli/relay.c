/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/relay.h"

#include <pthread.h>
#include <stddef.h>

#define BLOCKS 3 /* one is made, one taken, one makes up for the unevenness of both */

struct relay {
    const struct rs_relay_ends *ends;
    pthread_mutex_t lock; /* of what follows but the blocks, which belong to one end each */
    pthread_cond_t changed;
    struct rs_buffer blocks[BLOCKS];
    size_t made, taken;
    bool ended, stopped; /* no more will be made; no more will be taken */
    enum rs_status rc;   /* of making */
    struct rs_error err;
};

static enum rs_status make_block(const struct rs_relay_ends *ends, struct rs_buffer *block,
                                 bool *more, struct rs_error *err)
{
    rs_buffer_clear(block);
    enum rs_status rc = ends->make(ends->payload, block, more, err);
    return rc == RS_OK ? rs_buffer_status(block, err) : rc;
}

static struct rs_buffer *wait_for_room(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    while (r->made - r->taken == BLOCKS && !r->stopped) {
        pthread_cond_wait(&r->changed, &r->lock);
    }
    struct rs_buffer *block = r->stopped ? NULL : &r->blocks[r->made % BLOCKS];
    pthread_mutex_unlock(&r->lock);
    return block;
}

static void *make_all(void *payload)
{
    struct relay *r = payload;
    struct rs_buffer *block = NULL;
    bool more = true;
    while (more && (block = wait_for_room(r)) != NULL) {
        struct rs_error err;
        enum rs_status rc = make_block(r->ends, block, &more, &err);
        more = more && rc == RS_OK;
        pthread_mutex_lock(&r->lock);
        r->made += rc == RS_OK;
        r->ended = !more;
        if (rc != RS_OK) {
            r->rc = rc;
            r->err = err;
        }
        pthread_cond_signal(&r->changed);
        pthread_mutex_unlock(&r->lock);
    }
    return NULL;
}

static const struct rs_buffer *wait_for_block(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    while (r->made == r->taken && !r->ended) {
        pthread_cond_wait(&r->changed, &r->lock);
    }
    const struct rs_buffer *block = r->made != r->taken ? &r->blocks[r->taken % BLOCKS] : NULL;
    pthread_mutex_unlock(&r->lock);
    return block;
}

static enum rs_status take_all(struct relay *r, struct rs_error *err)
{
    const struct rs_buffer *block = NULL;
    enum rs_status rc = RS_OK;
    while (rc == RS_OK && (block = wait_for_block(r)) != NULL) {
        rc = r->ends->take(r->ends->payload, block, err);
        pthread_mutex_lock(&r->lock);
        r->taken++;
        r->stopped = rc != RS_OK;
        pthread_cond_signal(&r->changed);
        pthread_mutex_unlock(&r->lock);
    }
    return rc;
}

static enum rs_status run_by_turns(struct relay *r, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (bool more = true; more && rc == RS_OK;) {
        rc = make_block(r->ends, &r->blocks[0], &more, err);
        if (rc == RS_OK) {
            rc = r->ends->take(r->ends->payload, &r->blocks[0], err);
        }
    }
    return rc;
}

enum rs_status rs_relay_run(const struct rs_relay_ends *ends, bool apart, struct rs_error *err)
{
    struct relay r = {
        .ends = ends, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    pthread_t maker;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < BLOCKS; i++) {
        rs_buffer_init(&r.blocks[i]);
    }
    if (apart && pthread_create(&maker, NULL, make_all, &r) == 0) {
        rc = take_all(&r, err);
        pthread_join(maker, NULL);
        if (rc == RS_OK && r.rc != RS_OK) {
            rc = r.rc;
            *err = r.err;
        }
    } else {
        rc = run_by_turns(&r, err);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        rs_buffer_release(&r.blocks[i]);
    }
    pthread_cond_destroy(&r.changed);
    pthread_mutex_destroy(&r.lock);
    return rc;
}
