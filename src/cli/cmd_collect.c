/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/collect.h"
#include "rightsize/queries.h"

#include <inttypes.h>
#include <string.h>

#define QUERY_FILE_LIMIT ((size_t)64 << 20)

#define AT(member) offsetof(struct rs_collect_options, member)
static const struct rs_option options_table[] = {
    {"queries", 0, RS_OPTION_LIST, AT(queries), "FILE",
     "query file of get-metric-data: what its Ids mean"},
    {"instance", 0, RS_OPTION_TEXT, AT(instance), "ID", "file samples without identity under ID"},
    {"name-template", 0, RS_OPTION_TEXT, AT(name_template), "T",
     "identity from file names, e.g. '{instance}_{metric}.json'"},
    {"metric", 0, RS_OPTION_TEXT, AT(metric), "NAME",
     "canonical metric of a CSV with one value column"},
    {"columns", 0, RS_OPTION_TEXT, AT(columns), "SPEC", "CSV columns, e.g. 'ts=1,value=2'"},
    {"statistic", 0, RS_OPTION_TEXT, AT(statistic), "NAME",
     "avg, max, min or sum_rate: what a CSV holds"},
    {"step", 0, RS_OPTION_DURATION, AT(step), "SPAN", "seconds a sample stands for, e.g. 300s"},
    {"tz", 0, RS_OPTION_TEXT, AT(tz), "ZONE", "zone of time stamps that name none"},
    {"region", 0, RS_OPTION_LIST, AT(regions), "REGION",
     "region of inputs that name none; cloudwatch: ask there (repeatable)"},
    {"as-of", 0, RS_OPTION_INSTANT, AT(as_of), "TIME",
     "when an inventory was true (else a date in its name, else file time)"},
    {"from", 0, RS_OPTION_TEXT, AT(from), "NAME", "a live source instead of files"},
    {"every", 0, RS_OPTION_DURATION, AT(every), "SPAN",
     "proc: a sample each SPAN, 1s to 1h, 60s unless given"},
    {"for", 0, RS_OPTION_DURATION, AT(duration), "SPAN", "proc: end after SPAN"},
    {"once", 0, RS_OPTION_FLAG, AT(once), NULL, "proc: one sample over --every, 1s unless given"},
    {"daemon", 0, RS_OPTION_FLAG, AT(daemon), NULL,
     "proc: until a signal comes, in the foreground (also without it)"},
    {"root", 0, RS_OPTION_TEXT, AT(root), "DIR", "proc: read DIR/proc and DIR/sys instead"},
    {"flush", 0, RS_OPTION_DURATION, AT(flush), "SPAN",
     "proc: store what was sampled each SPAN, 60s unless given"},
    {"profile", 0, RS_OPTION_TEXT, AT(profile), "NAME", "cloudwatch: profile of the AWS files"},
    {"account-role", 0, RS_OPTION_LIST, AT(roles), "ARN",
     "cloudwatch: ask as this role instead, an account each (repeatable)"},
    {"tag", 0, RS_OPTION_LIST, AT(tags), "KEY=VALUE",
     "cloudwatch: only instances with this tag (repeatable)"},
    {"state", 0, RS_OPTION_LIST, AT(states), "STATE",
     "cloudwatch: only instances in this state, e.g. running (repeatable)"},
    {"since", 0, RS_OPTION_DURATION, AT(since), "SPAN",
     "cloudwatch: how far back at most (default 63d)"},
    {"dry-run", 0, RS_OPTION_FLAG, AT(dry_run), NULL,
     "cloudwatch: only say how many calls it takes and what they cost"},
    {"endpoint-url", 0, RS_OPTION_TEXT, AT(endpoint), "URL", "cloudwatch: ask there instead"},
    {"format", 0, RS_OPTION_TEXT, AT(format), "NAME", "do not recognise the format, use NAME"},
    {.name = NULL},
};

struct totals {
    size_t files, failed, doubtful, passed_over;
    int64_t series, rejected;
    struct rs_put_tally put;
    struct rs_error last; /* of a file that failed */
};

static enum rs_status load_queries(const struct rs_option_list *files, struct rs_queries **out,
                                   struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    struct rs_buffer text;
    rs_buffer_init(&text);
    for (size_t i = 0; i < files->count && rc == RS_OK; i++) {
        rs_buffer_clear(&text);
        rc = rs_buffer_read_file(&text, files->items[i], QUERY_FILE_LIMIT, err);
        if (rc != RS_OK) {
            break;
        }
        rc = *out == NULL ? rs_queries_parse(text.data, text.length, out, err)
                          : rs_queries_merge(*out, text.data, text.length, err);
        if (rc != RS_OK) {
            rc = rs_fail_where(err, "%s", files->items[i]);
        }
    }
    rs_buffer_release(&text);
    if (rc != RS_OK) {
        rs_queries_free(*out);
        *out = NULL;
    }
    return rc;
}

static void tell_file(struct rs_context *context, const char *path, const struct rs_collected *c)
{
    if (context->globals.quiet) {
        return;
    }
    fprintf(context->out, "%s: %s", path, c->format);
    if (c->tally.resources > 0 || c->tally.attachments > 0) {
        fprintf(context->out, ", %" PRId64 " machines, %" PRId64 " changed", c->tally.resources,
                c->resources_changed);
    }
    if (c->tally.attachments > 0) {
        fprintf(context->out, ", %" PRId64 " volumes", c->tally.attachments);
    }
    if (c->tally.series > 0) {
        fprintf(context->out,
                ", %" PRId64 " series, samples: %" PRId64 " new, %" PRId64 " replaced, %" PRId64
                " known",
                c->tally.series, c->put.fresh, c->put.replaced, c->put.unchanged);
    }
    if (c->put.merged > 0) {
        fprintf(context->out, ", %" PRId64 " on a slot already taken", c->put.merged);
    }
    if (c->tally.rejected > 0) {
        fprintf(context->out, ", %" PRId64 " rejected", c->tally.rejected);
    }
    if (c->tally.ignored > 0) {
        fprintf(context->out, ", %" PRId64 " not about one instance", c->tally.ignored);
    }
    fputc('\n', context->out);
}

static void warn_file(struct rs_context *context, const char *path, const struct rs_collected *c)
{
    for (size_t i = 0; i < c->tally.note_count; i++) {
        rs_say(context, RS_LEVEL_WARNING, "%s: %s", path, c->tally.note[i]);
    }
    if (c->tally.notes_dropped > 0) {
        rs_say(context, RS_LEVEL_WARNING, "%s: and %zu more of that kind", path,
               c->tally.notes_dropped);
    }
    if (c->tally.rejected > 0) {
        rs_say(context, RS_LEVEL_WARNING, "%s: %" PRId64 " samples rejected, the first: %s", path,
               c->tally.rejected, c->tally.first_rejected);
    }
}

static void add_up(struct totals *t, const struct rs_collected *c)
{
    t->series += c->tally.series;
    t->rejected += c->tally.rejected;
    t->put.fresh += c->put.fresh;
    t->put.replaced += c->put.replaced;
    t->put.unchanged += c->put.unchanged;
    /* More than one sample in a hundred refused: the answer must not look complete. */
    if (c->tally.rejected * 100 > c->tally.samples + c->tally.rejected) {
        t->doubtful++;
    }
}

struct telling { /* what is said of each file, in their order */
    struct rs_context *context;
    const struct rs_paths *paths;
    struct totals *totals;
};

static enum rs_status tell(void *payload, size_t file, const struct rs_collected *collected,
                           enum rs_status rc, struct rs_error *err)
{
    struct telling *telling = payload;
    struct rs_context *context = telling->context;
    struct totals *totals = telling->totals;
    const char *path = telling->paths->items[file].name;
    totals->files++;
    if (rc == RS_OK) {
        warn_file(context, path, collected);
        tell_file(context, path, collected);
        add_up(totals, collected);
        return RS_OK;
    }
    if (collected->unrecognised && telling->paths->items[file].in_folder) {
        totals->files--;
        totals->passed_over++;
        rs_say(context, RS_LEVEL_DETAIL, "%s: passed over: %s", path, err->text);
        return RS_OK;
    }
    totals->failed++;
    if (strncmp(err->text, path, strlen(path)) != 0) {
        rs_fail_where(err, "%s", path);
    }
    totals->last = *err;
    if (rc == RS_ENOMEM || rc == RS_EUSAGE) {
        return rc;
    }
    if (telling->paths->count > 1) {
        rs_say(context, RS_LEVEL_ERROR, "%s", err->text);
    }
    return RS_OK;
}

static enum rs_status conclude(struct rs_context *context, const struct totals *t,
                               struct rs_error *err)
{
    if (!context->globals.quiet && t->files > 1) {
        fprintf(context->out,
                "%zu files, %" PRId64 " series, samples: %" PRId64 " new, %" PRId64
                " replaced, %" PRId64 " known, %" PRId64 " rejected\n",
                t->files - t->failed, t->series, t->put.fresh, t->put.replaced, t->put.unchanged,
                t->rejected);
    }
    if (t->passed_over > 0) {
        rs_say(context, RS_LEVEL_INFO, "%zu files in folders were passed over: of no known format",
               t->passed_over);
    }
    if (t->files == 0) {
        return rs_fail(err, RS_ENODATA, "no file of a known format was found");
    }
    if (t->failed > 0 && t->files == 1) {
        *err = t->last;
        return err->code;
    }
    if (t->failed == t->files) {
        return rs_fail(err, RS_EINPUT, "none of the %zu files could be collected", t->files);
    }
    if (t->failed > 0) {
        return rs_fail(err, RS_EPARTIAL, "%zu of %zu files could not be collected", t->failed,
                       t->files);
    }
    if (t->doubtful > 0) {
        return rs_fail(err, RS_EPARTIAL, "%zu files had more than 1 %% of their samples rejected",
                       t->doubtful);
    }
    return RS_OK;
}

static enum rs_status collect_live(struct rs_context *context,
                                   const struct rs_collect_options *options, struct rs_error *err)
{
    struct rs_buffer names;
    for (const struct rs_live *live = rs_lives; live->name != NULL; live++) {
        if (strcmp(live->name, options->from) == 0) {
            return live->run(context, options, err);
        }
    }
    rs_buffer_init(&names);
    for (const struct rs_live *live = rs_lives; live->name != NULL; live++) {
        rs_buffer_printf(&names, "%s%s", live == rs_lives ? "" : ", ", live->name);
    }
    rs_fail(err, RS_EUSAGE, "--from '%s' is not one of: %s", options->from, names.data);
    rs_buffer_release(&names);
    return RS_EUSAGE;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct rs_collect_options *o = options;
    if (o->from != NULL && argc == 0) {
        return collect_live(context, o, err);
    }
    if (o->from != NULL || argc == 0) {
        return rs_fail(err, RS_EUSAGE, "collect takes files and folders, or --from NAME");
    }
    if (o->regions.count > 1) {
        return rs_fail(err, RS_EUSAGE, "files come from one --region each");
    }
    struct rs_queries *queries = NULL;
    struct rs_paths paths = {NULL, 0, 0};
    struct totals totals = {.files = 0};
    enum rs_status rc = load_queries(&o->queries, &queries, err);
    for (int i = 0; i < argc && rc == RS_OK; i++) {
        rc = rs_paths_add(&paths, argv[i], err);
    }
    if (rc == RS_OK && paths.count == 0) {
        rc = rs_fail(err, RS_ENODATA, "%s: no files are in it", argv[0]);
    }
    struct rs_source_request request = {.instance = o->instance,
                                        .name_template = o->name_template,
                                        .metric = o->metric,
                                        .columns = o->columns,
                                        .statistic = o->statistic,
                                        .zone = o->tz,
                                        .region = o->regions.count > 0 ? o->regions.items[0] : NULL,
                                        .step = o->step,
                                        .queries = queries,
                                        .now = context->now,
                                        .observed_at = o->as_of};
    if (rc == RS_OK &&
        (rc = rs_collect_files(context, &paths, o->format, &request, tell,
                               &(struct telling){context, &paths, &totals}, err)) == RS_OK) {
        rc = conclude(context, &totals, err);
    }
    rs_paths_release(&paths);
    rs_queries_free(queries);
    return rc;
}

const struct rs_command rs_cmd_collect = {
    .name = "collect",
    .operands = "FILE|DIR|-... | --from NAME",
    .summary = "read metrics and inventory from files into the store",
    .about =
        "Reads exported metrics and inventories into the store. Each file is recognised by its\n"
        "content (gzip too) and is taken wholly or not at all; the same file twice changes "
        "nothing.\n"
        "A folder stands for the files below it, '-' for standard input. What was read is told at\n"
        "the end; what looks wrong is told on stderr with its remedy.",
    .min_operands = 0,
    .max_operands = -1,
    .needs = RS_NEEDS_STORE_WRITE,
    .options = options_table,
    .options_size = sizeof(struct rs_collect_options),
    .run = run,
};
