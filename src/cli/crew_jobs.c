/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/crew_jobs.h"

#include <stdlib.h>
#include <string.h>

void rs_jobs_append(struct rs_jobs *jobs, struct rs_job *job)
{
    job->next = NULL;
    *(jobs->first == NULL ? &jobs->first : &jobs->last->next) = job;
    jobs->last = job;
    jobs->bytes += job->bytes;
}

struct rs_job *rs_jobs_take(struct rs_jobs *jobs)
{
    struct rs_job *job = jobs->first;
    if (job != NULL) {
        jobs->first = job->next;
        jobs->bytes -= job->bytes;
    }
    return job;
}

static void free_job(struct rs_job *job)
{
    rs_parcel_free(job->packed);
    free(job);
}

void rs_jobs_clear(struct rs_jobs *jobs)
{
    for (struct rs_job *job; (job = rs_jobs_take(jobs)) != NULL;) {
        free_job(job);
    }
}

/* A block of so many bytes at least, or NULL. */
static struct rs_job *take_block(struct rs_job_pool *pool, size_t bytes)
{
    pthread_mutex_lock(&pool->lock);
    struct rs_job *job = pool->spare;
    if (job != NULL) {
        pool->spare = job->next;
        pool->bytes -= job->capacity;
    }
    pthread_mutex_unlock(&pool->lock);
    if (job != NULL && job->capacity < bytes) {
        free(job);
        job = NULL;
    }
    if (job == NULL && (job = malloc(bytes)) != NULL) {
        job->capacity = bytes;
    }
    return job;
}

static struct rs_job *copy_batch(struct rs_job_pool *pool, const struct rs_batch *batch)
{
    size_t bytes = sizeof(struct rs_job) + batch->count * (sizeof(int64_t) + sizeof(double)) +
                   rs_batch_names_size(batch);
    struct rs_job *job = take_block(pool, bytes);
    if (job == NULL) {
        return NULL;
    }
    int64_t *at = (int64_t *)(job + 1);
    /* cppcheck-suppress invalidPointerCast ; memory of the right size and alignment */
    double *values = (double *)(at + batch->count);
    *job = (struct rs_job){.capacity = job->capacity, .bytes = bytes, .batch = *batch};
    if (batch->count > 0) {
        memcpy(at, batch->at, batch->count * sizeof(*at));
        memcpy(values, batch->values, batch->count * sizeof(*values));
    }
    job->batch.at = at;
    job->batch.values = values;
    rs_batch_names_move(&job->batch, (char *)(values + batch->count));
    return job;
}

struct rs_job *rs_job_make(struct rs_job_pool *pool, const struct rs_batch *batch,
                           struct rs_parcel *packed)
{
    if (packed == NULL) {
        return copy_batch(pool, batch);
    }
    struct rs_job *job = malloc(sizeof(*job));
    if (job != NULL) {
        *job = (struct rs_job){.packed = packed,
                               .capacity = sizeof(*job),
                               .bytes = sizeof(*job) + rs_parcel_bytes(packed)};
    }
    return job;
}

void rs_job_give_back(struct rs_job_pool *pool, struct rs_job *job, size_t keep)
{
    pthread_mutex_lock(&pool->lock);
    bool kept = job->packed == NULL && pool->bytes + job->capacity <= keep;
    if (kept) {
        job->next = pool->spare;
        pool->spare = job;
        pool->bytes += job->capacity;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept) {
        free_job(job);
    }
}

void rs_job_pool_init(struct rs_job_pool *pool)
{
    *pool = (struct rs_job_pool){.spare = NULL};
    (void)pthread_mutex_init(&pool->lock, NULL); /* without attributes it cannot fail */
}

void rs_job_pool_release(struct rs_job_pool *pool)
{
    while (pool->spare != NULL) {
        struct rs_job *next = pool->spare->next;
        free(pool->spare);
        pool->spare = next;
    }
    (void)pthread_mutex_destroy(&pool->lock);
}
