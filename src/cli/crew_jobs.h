/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crew_jobs.h - batches that wait for the store, first in, first out (level 5, private). */
#ifndef RIGHTSIZE_CLI_CREW_JOBS_H
#define RIGHTSIZE_CLI_CREW_JOBS_H

#include "rightsize/store.h"

#include <pthread.h>

struct rs_job { /* a copy of a batch, or a packed one */
    struct rs_job *next;
    struct rs_parcel *packed; /* or NULL; owned */
    struct rs_batch batch;
    size_t capacity; /* bytes of the block */
    size_t bytes;    /* in use, of the packed one too */
};

struct rs_jobs { /* zeroed is empty */
    struct rs_job *first, *last;
    size_t bytes;
};

void rs_jobs_append(struct rs_jobs *jobs, struct rs_job *job);
struct rs_job *rs_jobs_take(struct rs_jobs *jobs); /* NULL: none */
void rs_jobs_clear(struct rs_jobs *jobs);

/* Blocks to be filled again, since fresh pages for each batch are dear. For any thread. */
struct rs_job_pool {
    pthread_mutex_t lock;
    struct rs_job *spare;
    size_t bytes;
};

void rs_job_pool_init(struct rs_job_pool *pool);
void rs_job_pool_release(struct rs_job_pool *pool);

/* `packed` goes to the job, and the batch is copied otherwise. NULL: out of memory. */
struct rs_job *rs_job_make(struct rs_job_pool *pool, const struct rs_batch *batch,
                           struct rs_parcel *packed);
/* `keep`: how many bytes of blocks are kept at most. */
void rs_job_give_back(struct rs_job_pool *pool, struct rs_job *job, size_t keep);

#endif
