/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect.h - input files into the store, each wholly or not at all (level 5, private). */
#ifndef RIGHTSIZE_CLI_COLLECT_H
#define RIGHTSIZE_CLI_COLLECT_H

#include "cli/command.h"
#include "cli/walk.h"
#include "rightsize/source.h"

struct rs_collect_options {
    struct rs_option_list queries;
    const char *instance, *name_template, *metric, *columns, *statistic, *tz, *format;
    struct rs_option_list regions; /* one for files, any number for live sources */
    const char *from;
    int64_t step, as_of;
    const char *root; /* of --from proc */
    int64_t every, duration, flush;
    bool once, daemon;
    const char *profile, *endpoint; /* of --from cloudwatch */
    struct rs_option_list roles, tags, states;
    int64_t since;
    bool dry_run;
};

/*
 * One row a live source of `collect --from NAME`: live_table.c. It opens nothing but what it asks;
 * the store in the context is open for writing.
 */
struct rs_live {
    const char *name, *summary;
    enum rs_status (*run)(struct rs_context *context, const struct rs_collect_options *options,
                          struct rs_error *err);
};
extern const struct rs_live rs_lives[]; /* ends with name NULL */

/* The machine this runs on, from /proc and /sys; needs the store open for writing. */
RS_CHECKED enum rs_status rs_collect_proc(struct rs_context *context,
                                          const struct rs_collect_options *options,
                                          struct rs_error *err);

/* Instances and metrics from the AWS API. */
RS_CHECKED enum rs_status rs_collect_cloudwatch(struct rs_context *context,
                                                const struct rs_collect_options *options,
                                                struct rs_error *err);

struct rs_collected { /* what one file brought */
    const char *format;
    struct rs_tally tally;
    struct rs_put_tally put;
    int64_t resources_changed;
    bool unrecognised; /* failed because no source knows the format */
};

/* One file's end; rc and err: how it failed. Another status than RS_OK ends the collecting. */
typedef enum rs_status rs_collected_fn(void *payload, size_t file,
                                       const struct rs_collected *collected, enum rs_status rc,
                                       struct rs_error *err);
/*
 * Read the files ("-": standard input) with the source `format`, or the one recognised when NULL,
 * each inside one transaction, several at once. `fn` is told of each in their order, by one thread
 * at a time. On failure nothing of a file is in the store. What `fn` answered; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_collect_files(struct rs_context *context, const struct rs_paths *paths,
                                           const char *format,
                                           const struct rs_source_request *request,
                                           rs_collected_fn *fn, void *payload,
                                           struct rs_error *err);

#endif
