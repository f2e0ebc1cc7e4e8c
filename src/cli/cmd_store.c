/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <inttypes.h>
#include <string.h>

struct store_options {
    int64_t keep;
    bool prefer_other;
};

static const struct rs_option options_table[] = {
    {"keep", 0, RS_OPTION_DURATION, offsetof(struct store_options, keep), "SPAN",
     "prune: keep the samples of the last SPAN, e.g. 93d"},
    {"prefer-other", 0, RS_OPTION_FLAG, offsetof(struct store_options, prefer_other), NULL,
     "merge: where values differ take the other store's"},
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

static void tell_merge(struct rs_context *context, const char *path, const struct rs_merge_tally *t,
                       bool prefer_other)
{
    for (size_t i = 0; i < t->note_count; i++) {
        rs_say(context, RS_LEVEL_WARNING, "%s", t->note[i]);
    }
    if (t->notes_dropped > 0) {
        rs_say(context, RS_LEVEL_WARNING, "%s: and %zu more conflicts of types", path,
               t->notes_dropped);
    }
    if (t->conflicts > 0) {
        rs_say(context, RS_LEVEL_WARNING,
               "%s: %" PRId64 " samples differ from the store's, which %s", path, t->conflicts,
               prefer_other ? "were replaced" : "stay (--prefer-other replaces them)");
    }
    if (!context->globals.quiet) {
        fprintf(context->out,
                "%s: %" PRId64 " machines and volumes, %" PRId64 " changed, samples: %" PRId64
                " new, %" PRId64 " known, %" PRId64 " different\n",
                path, t->resources, t->resources_changed, t->put.fresh, t->put.unchanged,
                t->conflicts);
    }
}

static enum rs_status merge_one(struct rs_context *context, const char *path, bool prefer_other,
                                struct rs_error *err)
{
    struct rs_store *other = NULL;
    struct rs_merge_tally tally = {.conflicts = 0};
    enum rs_status rc = rs_store_open(path, RS_STORE_READ, &other, err);
    if (rc == RS_OK) {
        rc = rs_store_merge(context->store, other, prefer_other, &tally, err);
    }
    if (rc == RS_OK) {
        tell_merge(context, path, &tally, prefer_other);
    }
    rs_store_close(other);
    return rc;
}

/* Each wholly or not at all; one that cannot be read does not hold up the others. */
static enum rs_status merge(struct rs_context *context, bool prefer_other, int count, char **paths,
                            struct rs_error *err)
{
    int failed = 0;
    enum rs_status rc = RS_OK;
    for (int i = 0; i < count; i++) {
        rc = merge_one(context, paths[i], prefer_other, err);
        if (rc == RS_ENOMEM || rc == RS_EUSAGE) {
            return rc;
        }
        failed += rc != RS_OK ? 1 : 0;
        if (rc != RS_OK && count > 1) {
            rs_say(context, RS_LEVEL_ERROR, "%s", err->text);
        }
    }
    if (failed == 0) {
        return RS_OK;
    }
    if (count == 1) {
        return err->code;
    }
    return rs_fail(err, failed == count ? RS_EINPUT : RS_EPARTIAL,
                   "%d of %d stores could not be merged", failed, count);
}

enum action { INFO, CHECK, PRUNE, MERGE, UNKNOWN };

static enum action action_of(const char *word)
{
    static const char *const words[] = {"info", "check", "prune", "merge"};
    for (int i = 0; i < UNKNOWN; i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum action)i;
        }
    }
    return UNKNOWN;
}

static enum rs_status check_line(enum action action, const struct store_options *o, int argc,
                                 char **argv, struct rs_error *err)
{
    if (action == UNKNOWN) {
        return rs_fail(err, RS_EUSAGE, "'store %s' is not info, check, prune or merge", argv[0]);
    }
    if ((action == PRUNE) != (o->keep > 0)) {
        return rs_fail(err, RS_EUSAGE,
                       action == PRUNE ? "store prune needs --keep SPAN, e.g. --keep 93d"
                                       : "--keep goes with store prune");
    }
    if (o->prefer_other && action != MERGE) {
        return rs_fail(err, RS_EUSAGE, "--prefer-other goes with store merge");
    }
    if (action == MERGE && argc == 1) {
        return rs_fail(err, RS_EUSAGE, "store merge needs the stores to merge in");
    }
    if (action != MERGE && argc > 1) {
        return rs_fail(err, RS_EUSAGE, "'%s' is one word too many", argv[1]);
    }
    return RS_OK;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct store_options *o = options;
    enum action action = action_of(argv[0]);
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = check_line(action, o, argc, argv, err);
    if (rc == RS_OK) {
        bool writes = action == PRUNE || action == MERGE;
        rc = open_as(context, writes ? RS_STORE_WRITE : RS_STORE_READ, &path, err);
    }
    if (rc == RS_OK) {
        rc = action == PRUNE   ? prune(context, o->keep, err)
             : action == MERGE ? merge(context, o->prefer_other, argc - 1, argv + 1, err)
             : action == INFO  ? info(context, path.data, err)
                               : check(context, path.data, err);
    }
    rs_buffer_release(&path);
    return rc;
}

const struct rs_command rs_cmd_store = {
    .name = "store",
    .operands = "info | check | prune --keep SPAN | merge OTHER.db...",
    .summary = "tell about the store, check it, delete old samples, merge others in",
    .about = "info   what the store holds\n"
             "check  SQLite's integrity check, and every day of samples against its checksum\n"
             "prune  delete samples older than --keep, by whole UTC days; the inventory stays\n"
             "merge  add what other stores hold, each wholly or not at all; twice changes nothing",
    .min_operands = 1,
    .max_operands = -1,
    .options = options_table,
    .options_size = sizeof(struct store_options),
    .run = run,
};
