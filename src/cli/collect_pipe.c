/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/collect_pipe.h"

#include "cli/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_SLOTS ((size_t)1 << 14)
/* What a source holds until it hands all of it on, so that reading goes on meanwhile. */
#define QUEUE_BYTES ((size_t)9 << 20)

struct job {          /* one call of the sink */
    struct job *next; /* among those free */
    size_t capacity;  /* bytes of the block */
    struct rs_batch batch;
    const struct rs_resource *resource; /* borrowed while the reader waits, or NULL */
    const struct rs_attachment *attachment;
};

struct reading { /* what the reading thread is given and leaves behind */
    const struct rs_pipe *pipe;
    const struct rs_source *source;
    const struct rs_source_request *request;
    struct rs_input *input;
    struct rs_tally *tally;
    struct rs_queue *queue;
    /* Blocks that were sent, to be filled again: fresh pages for each batch are dear. */
    pthread_mutex_t lock; /* of these two */
    struct job *spare;
    size_t spare_bytes;
    enum rs_status rc;
    struct rs_error err;
};

static size_t size_of_text(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static const char *copy_text(char **to, const char *text)
{
    size_t size = size_of_text(text);
    if (size == 0) {
        return NULL;
    }
    char *copy = memcpy(*to, text, size);
    *to += size;
    return copy;
}

/* A block of so many bytes at least, or NULL. */
static struct job *take_block(struct reading *r, size_t bytes)
{
    pthread_mutex_lock(&r->lock);
    struct job *job = r->spare;
    if (job != NULL) {
        r->spare = job->next;
        r->spare_bytes -= job->capacity;
    }
    pthread_mutex_unlock(&r->lock);
    if (job != NULL && job->capacity < bytes) {
        free(job);
        job = NULL;
    }
    if (job == NULL && (job = malloc(bytes)) != NULL) {
        job->capacity = bytes;
    }
    return job;
}

static void give_back(struct reading *r, struct job *job)
{
    pthread_mutex_lock(&r->lock);
    bool keep = r->spare_bytes + job->capacity <= QUEUE_BYTES;
    if (keep) {
        job->next = r->spare;
        r->spare = job;
        r->spare_bytes += job->capacity;
    }
    pthread_mutex_unlock(&r->lock);
    if (!keep) {
        free(job);
    }
}

static void free_spare(struct reading *r)
{
    while (r->spare != NULL) {
        struct job *next = r->spare->next;
        free(r->spare);
        r->spare = next;
    }
}

/* The batch with all it borrows in one block. */
static struct job *copy_batch(struct reading *r, const struct rs_batch *batch, size_t *bytes)
{
    size_t samples = batch->count * (sizeof(*batch->at) + sizeof(*batch->values));
    *bytes = sizeof(struct job) + samples + size_of_text(batch->resource) +
             size_of_text(batch->provider) + size_of_text(batch->account) +
             size_of_text(batch->region);
    struct job *job = take_block(r, *bytes);
    if (job == NULL) {
        return NULL;
    }
    int64_t *at = (int64_t *)(job + 1);
    /* cppcheck-suppress invalidPointerCast ; memory of the right size and alignment */
    double *values = (double *)(at + batch->count);
    char *text = (char *)(values + batch->count);
    *job = (struct job){.capacity = job->capacity, .batch = *batch};
    if (batch->count > 0) {
        memcpy(at, batch->at, batch->count * sizeof(*at));
        memcpy(values, batch->values, batch->count * sizeof(*values));
    }
    job->batch.at = at;
    job->batch.values = values;
    job->batch.resource = copy_text(&text, batch->resource);
    job->batch.provider = copy_text(&text, batch->provider);
    job->batch.account = copy_text(&text, batch->account);
    job->batch.region = copy_text(&text, batch->region);
    return job;
}

/* The source must stop; what the sink said is told in its place. */
static enum rs_status stopped(struct rs_error *err)
{
    return rs_fail(err, RS_EIO, "nothing more is stored");
}

static enum rs_status send_samples(void *payload, const struct rs_batch *batch,
                                   struct rs_error *err)
{
    struct reading *r = payload;
    size_t bytes = 0;
    if (r->pipe->notice != NULL) {
        r->pipe->notice(r->pipe->sink.payload);
    }
    struct job *job = copy_batch(r, batch, &bytes);
    if (job == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", batch->count);
    }
    if (!rs_queue_put(r->queue, job, bytes)) {
        free(job);
        return stopped(err);
    }
    return RS_OK;
}

/* Records of an inventory are few, so that they are not copied but waited for. */
static enum rs_status send_record(struct reading *r, const struct rs_resource *resource,
                                  const struct rs_attachment *attachment, struct rs_error *err)
{
    struct job *job = take_block(r, sizeof(*job));
    if (job == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a record");
    }
    *job = (struct job){.capacity = job->capacity, .resource = resource, .attachment = attachment};
    if (!rs_queue_put(r->queue, job, sizeof(*job))) {
        free(job);
        return stopped(err);
    }
    return rs_queue_drain(r->queue) ? RS_OK : stopped(err);
}

static enum rs_status send_resource(void *payload, const struct rs_resource *resource,
                                    struct rs_error *err)
{
    return send_record(payload, resource, NULL, err);
}

static enum rs_status send_attachment(void *payload, const struct rs_attachment *attachment,
                                      struct rs_error *err)
{
    return send_record(payload, NULL, attachment, err);
}

static void *read_in_thread(void *payload)
{
    struct reading *r = payload;
    struct rs_sink sink = {send_samples, send_resource, send_attachment, r};
    r->rc = r->source->read(r->request, r->input, &sink, r->tally, &r->err);
    rs_queue_end(r->queue);
    return NULL;
}

static enum rs_status do_job(const struct rs_sink *sink, const struct job *job,
                             struct rs_error *err)
{
    if (job->resource != NULL) {
        return sink->resource(sink->payload, job->resource, err);
    }
    if (job->attachment != NULL) {
        return sink->attachment(sink->payload, job->attachment, err);
    }
    return sink->samples(sink->payload, &job->batch, err);
}

static enum rs_status do_jobs(struct reading *r, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (struct job *job; rc == RS_OK && (job = rs_queue_take(r->queue)) != NULL;) {
        rc = do_job(&r->pipe->sink, job, err);
        give_back(r, job);
    }
    rs_queue_leave(r->queue);
    return rc;
}

/* The same in one thread: the calls go straight on. */
static enum rs_status pass_samples(void *payload, const struct rs_batch *batch,
                                   struct rs_error *err)
{
    const struct rs_pipe *pipe = ((const struct reading *)payload)->pipe;
    if (pipe->notice != NULL) {
        pipe->notice(pipe->sink.payload);
    }
    return pipe->sink.samples(pipe->sink.payload, batch, err);
}

static enum rs_status pass_resource(void *payload, const struct rs_resource *resource,
                                    struct rs_error *err)
{
    const struct rs_sink *sink = &((const struct reading *)payload)->pipe->sink;
    return sink->resource(sink->payload, resource, err);
}

static enum rs_status pass_attachment(void *payload, const struct rs_attachment *attachment,
                                      struct rs_error *err)
{
    const struct rs_sink *sink = &((const struct reading *)payload)->pipe->sink;
    return sink->attachment(sink->payload, attachment, err);
}

static enum rs_status read_threaded(struct reading *r, bool *begun, struct rs_error *err)
{
    pthread_t thread;
    enum rs_status rc = rs_queue_open(QUEUE_SLOTS, QUEUE_BYTES, free, &r->queue, err);
    if (rc != RS_OK) {
        return rc;
    }
    (void)pthread_mutex_init(&r->lock, NULL);
    *begun = pthread_create(&thread, NULL, read_in_thread, r) == 0;
    if (*begun) {
        rc = do_jobs(r, err);
        (void)pthread_join(thread, NULL);
    }
    free_spare(r);
    (void)pthread_mutex_destroy(&r->lock);
    rs_queue_close(r->queue);
    if (rc == RS_OK && r->rc != RS_OK) {
        *err = r->err;
        rc = r->rc;
    }
    return rc;
}

enum rs_status rs_pipe_read(const struct rs_pipe *pipe, const struct rs_source *source,
                            const struct rs_source_request *request, struct rs_input *input,
                            struct rs_tally *tally, struct rs_error *err)
{
    struct reading r = {.pipe = pipe,
                        .source = source,
                        .request = request,
                        .input = input,
                        .tally = tally,
                        .rc = RS_OK};
    struct rs_sink direct = {pass_samples, pass_resource, pass_attachment, &r};
    bool begun = false;
    enum rs_status rc = pipe->threaded ? read_threaded(&r, &begun, err) : RS_OK;
    return begun || rc != RS_OK ? rc : source->read(request, input, &direct, tally, err);
}
