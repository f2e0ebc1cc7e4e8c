/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fleet_run.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#define THREADS_UNASKED 8 /* more wait for the one who reads */

size_t rs_fleet_threads(const struct rs_context *context)
{
    if (context->globals.threads > 0) {
        return (size_t)context->globals.threads;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > THREADS_UNASKED ? THREADS_UNASKED : (size_t)online;
}

struct fleet {
    struct rs_cursor *cursor;
    rs_fleet_fn *fn;
    void *payload;
    pthread_mutex_t lock; /* of the cursor and all that follows */
    bool stopped;
    enum rs_status rc;
    struct rs_error err;
    int64_t failed; /* ordinal of the resource that *err is about */
};

struct worker {
    struct fleet *fleet;
    size_t index;
    pthread_t thread;
};

/* Those handed out before are still worked on, so the first of all failures is always seen. */
static void fail(struct fleet *fleet, int64_t ordinal, enum rs_status rc,
                 const struct rs_error *err)
{
    if (fleet->rc == RS_OK || ordinal < fleet->failed) {
        fleet->rc = rc;
        fleet->err = *err;
        fleet->failed = ordinal;
    }
    fleet->stopped = true;
}

static bool take(struct fleet *fleet, struct rs_load *load)
{
    struct rs_error err;
    bool more = false;
    pthread_mutex_lock(&fleet->lock);
    if (!fleet->stopped) {
        enum rs_status rc = rs_cursor_next(fleet->cursor, load, &more, &err);
        if (rc != RS_OK) {
            fail(fleet, INT64_MAX, rc, &err);
            more = false;
        }
        fleet->stopped = fleet->stopped || !more;
    }
    pthread_mutex_unlock(&fleet->lock);
    return more;
}

static void *work(void *payload)
{
    struct worker *worker = payload;
    struct fleet *fleet = worker->fleet;
    struct rs_load *load = NULL;
    struct rs_error err;
    enum rs_status rc = rs_load_create(&load, &err);
    int64_t ordinal = INT64_MAX;
    while (rc == RS_OK && take(fleet, load)) {
        const struct rs_stored *stored = NULL;
        ordinal = rs_load_ordinal(load);
        rc = rs_load_unpack(load, &stored, &err);
        if (rc == RS_OK) {
            rc = fleet->fn(fleet->payload, worker->index, ordinal, stored, &err);
        }
    }
    if (rc != RS_OK) {
        pthread_mutex_lock(&fleet->lock);
        fail(fleet, ordinal, rc, &err);
        pthread_mutex_unlock(&fleet->lock);
    }
    rs_load_release(load);
    return NULL;
}

enum rs_status rs_fleet_run(struct rs_store *store, const struct rs_scan *scan, size_t threads,
                            rs_fleet_fn *fn, void *payload, struct rs_error *err)
{
    struct fleet fleet = {.fn = fn, .payload = payload, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct worker workers[RS_THREADS_MAX];
    size_t started = 1;
    enum rs_status rc = rs_store_cursor_open(store, scan, &fleet.cursor, err);
    if (rc != RS_OK) {
        return rc;
    }
    for (size_t i = 0; i < threads && i < RS_THREADS_MAX; i++) {
        workers[i] = (struct worker){.fleet = &fleet, .index = i};
    }
    while (started < threads && started < RS_THREADS_MAX &&
           pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0) {
        started++; /* where the system gives no more, fewer do the same work */
    }
    (void)work(&workers[0]);
    for (size_t i = 1; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    rs_cursor_close(fleet.cursor);
    pthread_mutex_destroy(&fleet.lock);
    if (fleet.rc != RS_OK) {
        *err = fleet.err;
    }
    return fleet.rc;
}
