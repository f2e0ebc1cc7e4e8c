/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/collect.h"
#include "cli/collect_pipe.h"
#include "cli/fleet_run.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define DATE_LENGTH 10 /* "2026-11-15" */

struct bound { /* the sink's payload */
    struct rs_context *context;
    struct rs_input *input;
    struct rs_collected *out;
    const char *path;
    bool progress; /* stderr is a terminal */
    int shown;     /* percent last shown, or -1 */
};

/* Called by the thread that reads. */
static void show_progress(void *payload)
{
    struct bound *b = payload;
    int64_t size = rs_input_size(b->input);
    int percent = size > 0 ? (int)(rs_input_raw_bytes(b->input) * 100 / size) : 0;
    if (b->progress && percent != b->shown && size > (int64_t)8 << 20) {
        b->shown = percent;
        fprintf(b->context->notes, "\r\033[K%3d %% of %s", percent, b->path);
        fflush(b->context->notes);
    }
}

static enum rs_status put_samples(void *payload, const struct rs_batch *batch, struct rs_error *err)
{
    struct bound *b = payload;
    return rs_store_put(b->context->store, batch, &b->out->put, err);
}

static enum rs_status put_resource(void *payload, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    struct bound *b = payload;
    bool changed = false;
    enum rs_status rc = rs_store_put_resource(b->context->store, resource, &changed, err);
    b->out->resources_changed += changed ? 1 : 0;
    return rc;
}

static enum rs_status put_attachment(void *payload, const struct rs_attachment *attachment,
                                     struct rs_error *err)
{
    struct bound *b = payload;
    bool changed = false;
    return rs_store_put_attachment(b->context->store, attachment, &changed, err);
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

enum rs_status rs_collect_file(struct rs_context *context, const char *path, const char *format,
                               const struct rs_source_request *request, struct rs_collected *out,
                               struct rs_error *err)
{
    *out = (struct rs_collected){.format = NULL};
    struct rs_input *input = NULL;
    const struct rs_source *source = NULL;
    enum rs_status rc = rs_input_open(path, &input, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct bound bound = {.context = context,
                          .input = input,
                          .out = out,
                          .path = path,
                          .progress = !context->globals.quiet && isatty(STDERR_FILENO),
                          .shown = -1};
    struct rs_pipe pipe = {.sink = {put_samples, put_resource, put_attachment, &bound},
                           .threaded = rs_fleet_threads(context) > 1,
                           .notice = show_progress};
    struct rs_source_request own = *request;
    own.name = path;
    own.observed_at = observed_at(context, input, path, request->observed_at);
    if ((rc = choose(format, input, &source, err)) != RS_OK) {
        out->unrecognised = rc == RS_EINPUT;
        goto out;
    }
    out->unrecognised = source->refuses; /* known, but nothing to collect from */
    if ((rc = rs_store_begin(context->store, err)) != RS_OK) {
        goto out;
    }
    out->format = source->name;
    if ((rc = rs_pipe_read(&pipe, source, &own, input, &out->tally, err)) != RS_OK ||
        (rc = log_file(context, path, input, out, err)) != RS_OK ||
        (rc = rs_store_commit(context->store, err)) != RS_OK) {
        rs_store_rollback(context->store);
    }
out:
    if (bound.shown >= 0) {
        fprintf(context->notes, "\r\033[K");
    }
    rs_input_close(input);
    return rc;
}
