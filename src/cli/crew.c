/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/crew.h"

#include "cli/crew_jobs.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define NO_INPUT SIZE_MAX
#define WORTH_WAKING ((size_t)128 << 10) /* bytes that wait: waking a thread is dear */

struct lane { /* a thread and the input it reads */
    struct crew *crew;
    size_t number, input;
    struct rs_jobs jobs;
    struct rs_packer *packer; /* made when needed */
    enum rs_status rc;        /* of storing */
    struct rs_error err;
    pthread_t thread;
};

struct crew {
    const struct rs_crew_work *work;
    size_t ahead;
    struct rs_job_pool pool;
    pthread_mutex_t lock; /* of all below and the lanes, but their packers */
    pthread_cond_t change;
    struct lane lanes[RS_CREW_MAX];
    size_t next, turn;    /* the input to be read next, and the one to be stored */
    size_t idle, blocked; /* threads that wait: those that would store, and those for room */
    bool storing;         /* a thread does, and no other may */
    bool pack;            /* what waits is worth packing */
    bool ended;
    enum rs_status rc;
    struct rs_error err;
};

struct call { /* one of these for the store */
    const struct rs_batch *batch;
    const struct rs_parcel *packed;
    const struct rs_resource *resource;
    const struct rs_attachment *attachment;
};

static bool is_first(const struct lane *lane)
{
    return lane->input == lane->crew->turn;
}

static struct lane *first_lane(struct crew *crew)
{
    for (size_t i = 0; i < RS_CREW_MAX; i++) {
        if (crew->lanes[i].input == crew->turn) {
            return &crew->lanes[i];
        }
    }
    return NULL;
}

static void wait_as(struct crew *crew, size_t *count)
{
    ++*count;
    pthread_cond_wait(&crew->change, &crew->lock);
    --*count;
}

static enum rs_status call_store(const struct rs_crew_work *w, size_t lane, const struct call *call,
                                 struct rs_error *err)
{
    if (call->batch != NULL) {
        return w->samples(w->payload, lane, call->batch, err);
    }
    if (call->packed != NULL) {
        return w->packed(w->payload, lane, call->packed, err);
    }
    return call->resource != NULL ? w->resource(w->payload, lane, call->resource, err)
                                  : w->attachment(w->payload, lane, call->attachment, err);
}

/* Under the lock, which is given up meanwhile. After a failure nothing of the input is stored. */
static void store(struct lane *lane, const struct call *call)
{
    struct crew *crew = lane->crew;
    const struct rs_crew_work *w = crew->work;
    struct rs_error err = {RS_OK, ""};
    if (lane->rc != RS_OK) {
        return;
    }
    crew->storing = true;
    pthread_mutex_unlock(&crew->lock);
    enum rs_status rc = call_store(w, lane->number, call, &err);
    bool pack = w->wants_packed(w->payload);
    pthread_mutex_lock(&crew->lock);
    crew->storing = false;
    crew->pack = pack;
    if (rc != RS_OK) {
        lane->rc = rc;
        lane->err = err;
    }
    if (crew->blocked > 0) {
        pthread_cond_broadcast(&crew->change);
    }
}

/* Store one batch that waits, whoever read it. False: none does, or another thread stores. */
static bool help(struct crew *crew)
{
    struct lane *lane = crew->storing ? NULL : first_lane(crew);
    struct rs_job *job = lane != NULL ? rs_jobs_take(&lane->jobs) : NULL;
    if (job == NULL) {
        return false;
    }
    store(lane,
          &(struct call){.batch = job->packed == NULL ? &job->batch : NULL, .packed = job->packed});
    rs_job_give_back(&crew->pool, job, crew->ahead);
    return true;
}

static void help_or_wait(struct crew *crew, size_t *count)
{
    if (!help(crew)) {
        wait_as(crew, count);
    }
}

static void wait_for_turn(struct lane *lane)
{
    struct crew *crew = lane->crew;
    while (!is_first(lane) && !crew->ended) {
        help_or_wait(crew, &crew->idle);
    }
}

/* All that was read before is stored, and no other thread stores. */
static void drain(struct lane *lane)
{
    struct crew *crew = lane->crew;
    while (crew->storing || lane->jobs.first != NULL) {
        help_or_wait(crew, &crew->blocked);
    }
}

static void wait_for_room(struct lane *lane)
{
    struct crew *crew = lane->crew;
    while (lane->jobs.bytes > crew->ahead && !crew->ended) {
        help_or_wait(crew, is_first(lane) ? &crew->blocked : &crew->idle);
    }
}

/* The source must stop; what storing said is told in its place. */
static enum rs_status outcome(const struct lane *lane, struct rs_error *err)
{
    return lane->rc == RS_OK && !lane->crew->ended ? RS_OK
                                                   : rs_fail(err, RS_EIO, "nothing more is stored");
}

/* Without the lock. */
static struct rs_job *make_job(struct lane *lane, const struct rs_batch *batch, bool pack)
{
    struct rs_parcel *packed = NULL;
    struct rs_error unused;
    if (pack && (lane->packer != NULL || rs_packer_create(&lane->packer, &unused) == RS_OK)) {
        packed = rs_packer_pack(lane->packer, batch);
    }
    struct rs_job *job = rs_job_make(&lane->crew->pool, batch, packed);
    if (job == NULL) {
        rs_parcel_free(packed);
    }
    return job;
}

/* For another thread, or for later. False: out of memory. */
static bool put_by(struct lane *lane, const struct rs_batch *batch)
{
    struct crew *crew = lane->crew;
    bool pack = crew->pack && (!is_first(lane) || lane->jobs.bytes > crew->ahead / 2);
    pthread_mutex_unlock(&crew->lock);
    struct rs_job *job = make_job(lane, batch, pack);
    pthread_mutex_lock(&crew->lock);
    if (job == NULL) {
        return false;
    }
    rs_jobs_append(&lane->jobs, job);
    if (is_first(lane) && crew->idle > 0 && lane->jobs.bytes >= WORTH_WAKING) {
        pthread_cond_broadcast(&crew->change);
    }
    wait_for_room(lane);
    return true;
}

static enum rs_status take_samples(void *payload, const struct rs_batch *batch,
                                   struct rs_error *err)
{
    struct lane *lane = payload;
    struct crew *crew = lane->crew;
    bool done = true;
    pthread_mutex_lock(&crew->lock);
    bool first = is_first(lane);
    if (first && crew->work->notice != NULL) {
        crew->work->notice(crew->work->payload, lane->number);
    }
    if (first && crew->idle == 0 && !crew->storing) {
        drain(lane);
        store(lane, &(struct call){.batch = batch});
    } else {
        done = put_by(lane, batch);
    }
    enum rs_status rc = outcome(lane, err);
    pthread_mutex_unlock(&crew->lock);
    return done || rc != RS_OK
               ? rc
               : rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", batch->count);
}

/* Records of an inventory are few, so that they are not copied but wait for their turn. */
static enum rs_status take_record(struct lane *lane, const struct call *call, struct rs_error *err)
{
    pthread_mutex_lock(&lane->crew->lock);
    wait_for_turn(lane);
    if (is_first(lane)) {
        drain(lane);
        store(lane, call);
    }
    enum rs_status rc = outcome(lane, err);
    pthread_mutex_unlock(&lane->crew->lock);
    return rc;
}

static enum rs_status take_resource(void *payload, const struct rs_resource *resource,
                                    struct rs_error *err)
{
    return take_record(payload, &(struct call){.resource = resource}, err);
}

static enum rs_status take_attachment(void *payload, const struct rs_attachment *attachment,
                                      struct rs_error *err)
{
    return take_record(payload, &(struct call){.attachment = attachment}, err);
}

/* Under the lock. False: none is left. */
static bool begin(struct lane *lane)
{
    struct crew *crew = lane->crew;
    const struct rs_crew_work *w = crew->work;
    while (w->one_by_one && crew->turn < crew->next && !crew->ended) {
        help_or_wait(crew, &crew->idle);
    }
    if (crew->ended || crew->next == w->inputs) {
        return false;
    }
    lane->input = crew->next++;
    lane->rc = RS_OK;
    return true;
}

/* Under the lock. */
static void finish(struct lane *lane, enum rs_status rc, struct rs_error *err)
{
    struct crew *crew = lane->crew;
    const struct rs_crew_work *w = crew->work;
    wait_for_turn(lane);
    if (!is_first(lane)) {
        w->drop(w->payload, lane->number, lane->input);
    } else {
        drain(lane);
        if (lane->rc != RS_OK) {
            rc = lane->rc;
            *err = lane->err;
        }
        crew->storing = true;
        pthread_mutex_unlock(&crew->lock);
        rc = w->finish(w->payload, lane->number, lane->input, rc, err);
        pthread_mutex_lock(&crew->lock);
        crew->storing = false;
        if (rc == RS_OK) {
            crew->turn++;
        } else { /* the turn is nobody's any more */
            crew->ended = true;
            crew->rc = rc;
            crew->err = *err;
        }
    }
    rs_jobs_clear(&lane->jobs);
    lane->input = NO_INPUT;
    pthread_cond_broadcast(&crew->change);
}

static void *work_in_lane(void *payload)
{
    struct lane *lane = payload;
    struct crew *crew = lane->crew;
    const struct rs_crew_work *w = crew->work;
    const struct rs_sink sink = {take_samples, take_resource, take_attachment, lane};
    pthread_mutex_lock(&crew->lock);
    while (begin(lane)) {
        struct rs_error err = {RS_OK, ""};
        pthread_mutex_unlock(&crew->lock);
        enum rs_status rc = w->read(w->payload, lane->number, lane->input, &sink, &err);
        pthread_mutex_lock(&crew->lock);
        finish(lane, rc, &err);
    }
    while (crew->turn < w->inputs && !crew->ended) {
        help_or_wait(crew, &crew->idle);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

static size_t threads_of(const struct rs_crew_work *work)
{
    size_t most = work->inputs < 2 ? 2 : work->inputs; /* one reads, one stores */
    size_t n = work->threads < most ? work->threads : most;
    return n < 1 ? 1 : n > RS_CREW_MAX ? RS_CREW_MAX : n;
}

enum rs_status rs_crew_run(const struct rs_crew_work *work, struct rs_error *err)
{
    struct crew crew;
    size_t threads = threads_of(work), begun = 1;
    memset(&crew, 0, sizeof(crew));
    crew.work = work;
    crew.ahead = work->ahead > 0 ? work->ahead : RS_CREW_AHEAD;
    crew.pack = work->wants_packed(work->payload);
    (void)pthread_mutex_init(&crew.lock, NULL); /* without attributes none can fail */
    (void)pthread_cond_init(&crew.change, NULL);
    rs_job_pool_init(&crew.pool);
    for (size_t i = 0; i < RS_CREW_MAX; i++) {
        crew.lanes[i].crew = &crew;
        crew.lanes[i].number = i;
        crew.lanes[i].input = NO_INPUT;
    }
    while (begun < threads &&
           pthread_create(&crew.lanes[begun].thread, NULL, work_in_lane, &crew.lanes[begun]) == 0) {
        begun++; /* fewer take longer */
    }
    (void)work_in_lane(&crew.lanes[0]);
    for (size_t i = 1; i < begun; i++) {
        (void)pthread_join(crew.lanes[i].thread, NULL);
    }
    for (size_t i = 0; i < RS_CREW_MAX; i++) {
        rs_packer_free(crew.lanes[i].packer);
    }
    rs_job_pool_release(&crew.pool);
    (void)pthread_cond_destroy(&crew.change);
    (void)pthread_mutex_destroy(&crew.lock);
    if (crew.rc != RS_OK) {
        *err = crew.err;
    }
    return crew.rc;
}
