/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <inttypes.h>
#include <string.h>

struct store_options {
    int64_t keep;
};

static const struct rs_option options_table[] = {
    {"keep", 0, RS_OPTION_DURATION, offsetof(struct store_options, keep), "SPAN",
     "prune: keep the samples of the last SPAN, e.g. 93d"},
    {.name = NULL},
};

static enum rs_status open_as(struct rs_context *context, enum rs_store_mode mode,
                              struct rs_buffer *path, struct rs_error *err)
{
    enum rs_status rc = rs_context_store_path(context, path, err);
    return rc == RS_OK ? rs_store_open(path->data, mode, &context->store, err) : rc;
}

static void print_instant(struct rs_context *context, const char *label, int64_t at)
{
    char text[RS_WHEN_TEXT];
    if (at >= 0) {
        rs_when_format(at, text);
    }
    fprintf(context->out, "%-16s %s\n", label, at >= 0 ? text : "never");
}

static enum rs_status info(struct rs_context *context, const char *path, struct rs_error *err)
{
    struct rs_store_info i;
    enum rs_status rc = rs_store_info(context->store, &i, err);
    if (rc != RS_OK) {
        return rc;
    }
    fprintf(context->out, "%-16s %s\n", "file", path);
    fprintf(context->out, "%-16s %d\n", "schema version", i.schema_version);
    fprintf(context->out, "%-16s %" PRId64 "\n", "bytes", i.file_bytes);
    fprintf(context->out, "%-16s %" PRId64 "\n", "instances", i.resources);
    fprintf(context->out, "%-16s %" PRId64 "\n", "volumes", i.volumes);
    fprintf(context->out, "%-16s %" PRId64 "\n", "series", i.series);
    fprintf(context->out, "%-16s %" PRId64 "\n", "samples", i.samples);
    if (i.samples > 0) {
        fprintf(context->out, "%-16s %.2f\n", "bytes a sample",
                (double)i.file_bytes / (double)i.samples);
    }
    fprintf(context->out, "%-16s %" PRId64 "\n", "day chunks", i.chunks);
    fprintf(context->out, "%-16s %" PRId64 "\n", "files collected", i.collections);
    print_instant(context, "first day", i.oldest);
    print_instant(context, "last day", i.newest);
    print_instant(context, "last collected", i.last_collected);
    return RS_OK;
}

static enum rs_status check(struct rs_context *context, const char *path, struct rs_error *err)
{
    int64_t checked = 0;
    enum rs_status rc = rs_store_check(context->store, &checked, err);
    if (rc == RS_OK) {
        fprintf(context->out, "%s: ok, %" PRId64 " day chunks checked\n", path, checked);
    }
    return rc;
}

static enum rs_status prune(struct rs_context *context, int64_t keep, struct rs_error *err)
{
    int64_t deleted = 0;
    enum rs_status rc = rs_store_prune(context->store, context->now - keep, &deleted, err);
    if (rc == RS_OK && !context->globals.quiet) {
        fprintf(context->out, "%" PRId64 " samples deleted\n", deleted);
    }
    return rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc;
    const struct store_options *o = options;
    bool pruning = strcmp(argv[0], "prune") == 0;
    if (!pruning && strcmp(argv[0], "info") != 0 && strcmp(argv[0], "check") != 0) {
        return rs_fail(err, RS_EUSAGE, "'store %s' is not info, check or prune", argv[0]);
    }
    if (pruning != (o->keep > 0)) {
        return rs_fail(err, RS_EUSAGE,
                       pruning ? "store prune needs --keep SPAN, e.g. --keep 93d"
                               : "--keep goes with store prune");
    }
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = open_as(context, pruning ? RS_STORE_WRITE : RS_STORE_READ, &path, err);
    if (rc == RS_OK) {
        rc = pruning                        ? prune(context, o->keep, err)
             : strcmp(argv[0], "info") == 0 ? info(context, path.data, err)
                                            : check(context, path.data, err);
    }
    rs_buffer_release(&path);
    return rc;
}

const struct rs_command rs_cmd_store = {
    .name = "store",
    .operands = "info | check | prune --keep SPAN",
    .summary = "tell about the store, check it, delete old samples",
    .about = "info   what the store holds\n"
             "check  SQLite's integrity check, and every day of samples against its checksum\n"
             "prune  delete samples older than --keep, by whole UTC days; the inventory stays",
    .min_operands = 1,
    .max_operands = 1,
    .options = options_table,
    .options_size = sizeof(struct store_options),
    .run = run,
};
