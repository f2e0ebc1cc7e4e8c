/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/collect.h"
#include "cli/crew.h"
#include "cli/fleet_run.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATE_LENGTH 10 /* "2026-11-15" */

struct lane { /* one file being read */
    struct rs_input *input;
    const struct rs_source *source;
    const char *path;
    struct rs_collected out;
    bool begun;    /* the transaction */
    bool progress; /* stderr is a terminal */
    int shown;     /* percent last shown, or -1 */
};

struct run { /* the crew's payload */
    struct rs_context *context;
    const struct rs_paths *paths;
    const char *format; /* or NULL */
    const struct rs_source_request *request;
    rs_collected_fn *fn;
    void *payload;
    struct lane lanes[RS_CREW_MAX];
};

static void show_progress(void *payload, size_t number)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    int64_t size = rs_input_size(lane->input);
    int percent = size > 0 ? (int)(rs_input_raw_bytes(lane->input) * 100 / size) : 0;
    if (lane->progress && percent != lane->shown && size > (int64_t)8 << 20) {
        lane->shown = percent;
        fprintf(run->context->notes, "\r\033[K%3d %% of %s", percent, lane->path);
        fflush(run->context->notes);
    }
}

/* When the first of the file is stored: others may write as long as it is only read. */
static enum rs_status begin(struct run *run, struct lane *lane, struct rs_error *err)
{
    if (lane->begun) {
        return RS_OK;
    }
    enum rs_status rc = rs_store_begin(run->context->store, err);
    lane->begun = rc == RS_OK;
    return rc;
}

static enum rs_status put_samples(void *payload, size_t number, const struct rs_batch *batch,
                                  struct rs_error *err)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    enum rs_status rc = begin(run, lane, err);
    return rc == RS_OK ? rs_store_put(run->context->store, batch, &lane->out.put, err) : rc;
}

static enum rs_status put_packed(void *payload, size_t number, const struct rs_parcel *packed,
                                 struct rs_error *err)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    enum rs_status rc = begin(run, lane, err);
    return rc == RS_OK ? rs_store_put_parcel(run->context->store, packed, &lane->out.put, err) : rc;
}

static enum rs_status put_resource(void *payload, size_t number, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    bool changed = false;
    enum rs_status rc = begin(run, lane, err);
    if (rc == RS_OK) {
        rc = rs_store_put_resource(run->context->store, resource, &changed, err);
    }
    lane->out.resources_changed += changed ? 1 : 0;
    return rc;
}

static enum rs_status put_attachment(void *payload, size_t number,
                                     const struct rs_attachment *attachment, struct rs_error *err)
{
    struct run *run = payload;
    bool changed = false;
    enum rs_status rc = begin(run, &run->lanes[number], err);
    return rc == RS_OK ? rs_store_put_attachment(run->context->store, attachment, &changed, err)
                       : rc;
}

static bool wants_packed(void *payload)
{
    const struct run *run = payload;
    return rs_store_expects_new(run->context->store);
}

/* A date in the file's name ("inventory-2026-11-15.json") is when the nightly job wrote it. */
static int64_t date_in_name(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name != NULL ? name + 1 : path;
    for (const char *p = name; strlen(p) >= DATE_LENGTH; p++) {
        char date[DATE_LENGTH + 1] = "";
        struct rs_error err;
        int64_t at = 0;
        memcpy(date, p, DATE_LENGTH);
        if (strchr(date, '-') != NULL && (p == name || !isdigit((unsigned char)p[-1])) &&
            !isdigit((unsigned char)p[DATE_LENGTH]) && rs_when_parse(date, &at, &err) == RS_OK) {
            return at;
        }
    }
    return -1;
}

static int64_t observed_at(const struct rs_context *context, const struct rs_input *input,
                           const char *path, int64_t asked)
{
    int64_t named = date_in_name(path), modified = rs_input_modified(input);
    int64_t at = asked >= 0 ? asked : named >= 0 ? named : modified >= 0 ? modified : context->now;
    return at < context->now ? at : context->now;
}

static enum rs_status log_file(struct rs_context *context, const char *path,
                               const struct rs_input *input, const struct rs_collected *c,
                               struct rs_error *err)
{
    struct rs_collection entry = {
        .source = path,
        .format = c->format,
        .at = context->now,
        .bytes = rs_input_raw_bytes(input),
        .crc32 = rs_input_crc32(input),
        .series = c->tally.series,
        .fresh = c->put.fresh,
        .replaced = c->put.replaced,
        .unchanged = c->put.unchanged,
        .rejected = c->tally.rejected,
        .first_rejected = c->tally.rejected > 0 ? c->tally.first_rejected : NULL,
    };
    return rs_store_log(context->store, &entry, err);
}

static enum rs_status choose(const char *format, struct rs_input *input,
                             const struct rs_source **out, struct rs_error *err)
{
    if (format == NULL) {
        return rs_source_recognise(input, out, err);
    }
    *out = rs_source_by_name(format);
    if (*out != NULL) {
        return RS_OK;
    }
    struct rs_buffer names;
    rs_buffer_init(&names);
    for (size_t i = 0; rs_sources[i] != NULL; i++) {
        rs_buffer_printf(&names, "%s%s", i > 0 ? ", " : "", rs_sources[i]->name);
    }
    rs_fail(err, RS_EUSAGE, "'%s' is not a format; there are %s", format, names.data);
    rs_buffer_release(&names);
    return RS_EUSAGE;
}

static enum rs_status read_file(void *payload, size_t number, size_t file,
                                const struct rs_sink *sink, struct rs_error *err)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    struct rs_source_request own = *run->request;
    *lane = (struct lane){.path = run->paths->items[file].name,
                          .progress = !run->context->globals.quiet && isatty(STDERR_FILENO),
                          .shown = -1};
    enum rs_status rc = rs_input_open(lane->path, &lane->input, err);
    if (rc != RS_OK) {
        return rc;
    }
    own.name = lane->path;
    own.observed_at = observed_at(run->context, lane->input, lane->path, own.observed_at);
    rc = choose(run->format, lane->input, &lane->source, err);
    if (rc != RS_OK) {
        lane->out.unrecognised = rc == RS_EINPUT;
        return rc;
    }
    lane->out.unrecognised = lane->source->refuses; /* known, but nothing to collect from */
    lane->out.format = lane->source->name;
    return lane->source->read(&own, lane->input, sink, &lane->out.tally, err);
}

static void drop_file(void *payload, size_t number, size_t file)
{
    struct run *run = payload;
    (void)file;
    rs_input_close(run->lanes[number].input);
    run->lanes[number].input = NULL;
}

static enum rs_status finish_file(void *payload, size_t number, size_t file, enum rs_status rc,
                                  struct rs_error *err)
{
    struct run *run = payload;
    struct lane *lane = &run->lanes[number];
    struct rs_store *store = run->context->store;
    if (rc == RS_OK && (rc = begin(run, lane, err)) == RS_OK) {
        rc = log_file(run->context, lane->path, lane->input, &lane->out, err);
    }
    if (rc == RS_OK) {
        rc = rs_store_commit(store, err);
    }
    if (rc != RS_OK && lane->begun) {
        rs_store_rollback(store);
    }
    if (lane->shown >= 0) {
        fprintf(run->context->notes, "\r\033[K");
    }
    drop_file(run, number, file);
    return run->fn(run->payload, file, &lane->out, rc, err);
}

/* Named zones are the process's, and standard input is read by one at a time. */
static bool must_go_one_by_one(const struct rs_paths *paths,
                               const struct rs_source_request *request)
{
    bool shared = request->zone != NULL;
    for (size_t i = 0; i < paths->count; i++) {
        shared = shared || strcmp(paths->items[i].name, "-") == 0;
    }
    return shared;
}

/* Of many files, one wait for the disk at the end stands for one after each. */
static enum rs_status run_unsynced(const struct rs_crew_work *work, struct rs_store *store,
                                   struct rs_error *err)
{
    struct rs_error why = {RS_OK, ""};
    enum rs_status rc = rs_store_defer_sync(store, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_crew_run(work, err);
    enum rs_status synced = rs_store_sync(store, &why); /* what came before a failure, too */
    if (rc == RS_OK && synced != RS_OK) {
        *err = why;
        rc = synced;
    }
    return rc;
}

enum rs_status rs_collect_files(struct rs_context *context, const struct rs_paths *paths,
                                const char *format, const struct rs_source_request *request,
                                rs_collected_fn *fn, void *payload, struct rs_error *err)
{
    struct run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for collecting");
    }
    run->context = context;
    run->paths = paths;
    run->format = format;
    run->request = request;
    run->fn = fn;
    run->payload = payload;
    const struct rs_crew_work work = {.payload = run,
                                      .inputs = paths->count,
                                      .threads = rs_fleet_threads(context),
                                      .one_by_one = must_go_one_by_one(paths, request),
                                      .read = read_file,
                                      .notice = show_progress,
                                      .samples = put_samples,
                                      .packed = put_packed,
                                      .resource = put_resource,
                                      .attachment = put_attachment,
                                      .wants_packed = wants_packed,
                                      .finish = finish_file,
                                      .drop = drop_file};
    enum rs_status rc =
        paths->count > 1 ? run_unsynced(&work, context->store, err) : rs_crew_run(&work, err);
    free(run);
    return rc;
}
