/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crew.h - several inputs read at once, stored one after the other (level 5, private).
 *
 * Each thread reads an input of its own. What the first one that is not finished yet brings goes to
 * the store at once; what others bring waits in memory, packed, and a thread that has read ahead
 * far enough stores for the first one until its own turn comes. So the store sees the same calls in
 * the same order whatever the number of threads.
 */
#ifndef RIGHTSIZE_CLI_CREW_H
#define RIGHTSIZE_CLI_CREW_H

#include "rightsize/source.h"
#include "rightsize/store.h"

#define RS_CREW_MAX 4 /* threads: storing is one's work, and each more holds memory */
/* What may wait for the store of one input. */
#define RS_CREW_AHEAD ((size_t)8 << 20)

/* What a crew does; each call with `payload` and the number of the lane that the input is read in,
 * 0 to RS_CREW_MAX - 1, which it keeps until it is finished. */
struct rs_crew_work {
    void *payload;
    size_t inputs, threads;
    bool one_by_one; /* reading shares something: an input is begun when the last is finished */
    size_t ahead;    /* RS_CREW_AHEAD; tests take less */
    /* Read input number `input` into the sink. By any thread, beside others. */
    enum rs_status (*read)(void *payload, size_t lane, size_t input, const struct rs_sink *sink,
                           struct rs_error *err);
    /* By the thread that reads, before each batch of the first input; or NULL. */
    void (*notice)(void *payload, size_t lane);
    /* All below by one thread at a time, in the order of inputs. */
    enum rs_status (*samples)(void *payload, size_t lane, const struct rs_batch *batch,
                              struct rs_error *err);
    enum rs_status (*packed)(void *payload, size_t lane, const struct rs_parcel *packed,
                             struct rs_error *err);
    enum rs_status (*resource)(void *payload, size_t lane, const struct rs_resource *resource,
                               struct rs_error *err);
    enum rs_status (*attachment)(void *payload, size_t lane, const struct rs_attachment *attachment,
                                 struct rs_error *err);
    bool (*wants_packed)(void *payload); /* see rs_store_expects_new */
    /*
     * Once for each input that was read, with the status of storing it or else of reading it: of
     * two failures that of storing, since it concerns what was read before. Another status than
     * RS_OK ends the work.
     */
    enum rs_status (*finish)(void *payload, size_t lane, size_t input, enum rs_status rc,
                             struct rs_error *err);
    /* In the place of `finish`, where the work has ended before. By any thread. */
    void (*drop)(void *payload, size_t lane, size_t input);
};

/* All inputs. What `finish` answered; RS_ENOMEM. */
RS_CHECKED enum rs_status rs_crew_run(const struct rs_crew_work *work, struct rs_error *err);

#endif
