/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fleet_run.h - every resource of a scan through one function, by several threads (level 5). */
#ifndef RIGHTSIZE_CLI_FLEET_RUN_H
#define RIGHTSIZE_CLI_FLEET_RUN_H

#include "cli/command.h"
#include "rightsize/store.h"

#define RS_THREADS_MAX 64

/* What --threads says, else a thread for each processor at hand, at most 8. */
size_t rs_fleet_threads(const struct rs_context *context);

/*
 * One resource; `worker` counts from 0 to `threads` - 1 and is one thread's alone, so that what
 * belongs to it needs no lock. `ordinal` is the resource's place in the scan.
 */
typedef enum rs_status rs_fleet_fn(void *payload, size_t worker, int64_t ordinal,
                                   const struct rs_stored *stored, struct rs_error *err);

/*
 * fn for every resource of the scan, in any order; the caller's thread is worker 0. Returns after
 * the last call. A failure stops the run; of several, that of the first resource in the order of
 * the scan is returned, whatever the number of threads. Statuses as for rs_store_scan.
 */
RS_CHECKED enum rs_status rs_fleet_run(struct rs_store *store, const struct rs_scan *scan,
                                       size_t threads, rs_fleet_fn *fn, void *payload,
                                       struct rs_error *err);

#endif
