/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "rightsize/queries.h"
#include "rightsize/source.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SPAN (7 * (int64_t)RS_DAY_SECONDS)
#define DEFAULT_PERIOD 300
#define MAX_VOLUMES 64
#define TEXTS 6

struct queries_options {
    const char *region, *profile;
    int64_t since, period;
};

#define AT(member) offsetof(struct queries_options, member)
static const struct rs_option options_table[] = {
    {"region", 'r', RS_OPTION_TEXT, AT(region), "REGION", "region of instances given by id"},
    {"since", 0, RS_OPTION_DURATION, AT(since), "SPAN", "how far back (default 7d)"},
    {"period", 0, RS_OPTION_DURATION, AT(period), "SPAN", "period of the metrics (default 5m)"},
    {"profile", 0, RS_OPTION_TEXT, AT(profile), "NAME", "aws --profile NAME in the command lines"},
    {.name = NULL},
};

struct target {         /* owned copies, so that they outlive the input */
    char *texts[TEXTS]; /* id, region, type, image, group, platform */
    char *volumes[MAX_VOLUMES];
    size_t volume_count;
};

struct targets {
    struct target *items;
    size_t count, capacity;
};

static enum rs_status add_target(struct targets *t, const char *const texts[TEXTS],
                                 struct rs_error *err)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity > 0 ? 2 * t->capacity : 64;
        struct target *items = realloc(t->items, capacity * sizeof(*items));
        if (items == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu instances", capacity);
        }
        t->items = items;
        t->capacity = capacity;
    }
    struct target *target = &t->items[t->count++];
    *target = (struct target){.volume_count = 0};
    enum rs_status rc = RS_OK;
    for (int i = 0; i < TEXTS && rc == RS_OK; i++) {
        rc = rs_text_copy(texts[i], &target->texts[i], err);
    }
    return rc;
}

static enum rs_status take_resource(void *payload, const struct rs_resource *r,
                                    struct rs_error *err)
{
    if (r->state != NULL && strcmp(r->state, "terminated") == 0) {
        return RS_OK;
    }
    const char *const texts[TEXTS] = {r->id, r->region, r->type, r->image, r->group, r->platform};
    return add_target(payload, texts, err);
}

static enum rs_status take_attachment(void *payload, const struct rs_attachment *a,
                                      struct rs_error *err)
{
    struct targets *t = payload;
    for (size_t i = t->count; i-- > 0;) { /* an instance's volumes follow it: found at once */
        struct target *target = &t->items[i];
        if (strcmp(target->texts[0], a->instance) == 0) {
            return target->volume_count < MAX_VOLUMES
                       ? rs_text_copy(a->volume, &target->volumes[target->volume_count++], err)
                       : RS_OK;
        }
    }
    return RS_OK;
}

static enum rs_status take_samples(void *payload, const struct rs_batch *batch,
                                   struct rs_error *err)
{
    (void)payload;
    return rs_fail(err, RS_EUSAGE, "holds samples of '%s', not an inventory", batch->resource);
}

static enum rs_status read_inventory(struct rs_context *context, const char *path,
                                     struct targets *t, struct rs_error *err)
{
    struct rs_input *input = NULL;
    const struct rs_source *source = NULL;
    struct rs_tally tally = {.series = 0};
    struct rs_sink sink = {take_samples, take_resource, take_attachment, t};
    struct rs_source_request request = {
        .name = path, .now = context->now, .observed_at = context->now};
    enum rs_status rc = rs_input_open(path, &input, err);
    if (rc == RS_OK && (rc = rs_source_recognise(input, &source, err)) == RS_OK) {
        rc = source->read(&request, input, &sink, &tally, err);
    }
    rs_input_close(input);
    return rc == RS_OK || strncmp(err->text, path, strlen(path)) == 0
               ? rc
               : rs_fail_where(err, "%s", path);
}

static void release(struct targets *t, struct rs_query_target *plain)
{
    for (size_t i = 0; i < t->count; i++) {
        for (int k = 0; k < TEXTS; k++) {
            free(t->items[i].texts[k]);
        }
        for (size_t k = 0; k < t->items[i].volume_count; k++) {
            free(t->items[i].volumes[k]);
        }
    }
    free(t->items);
    free(plain);
}

static enum rs_status write_script(struct rs_context *context, const struct queries_options *o,
                                   const struct targets *t, struct rs_query_target *plain,
                                   struct rs_error *err)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct target *target = &t->items[i];
        const char *region = target->texts[1] != NULL ? target->texts[1] : o->region;
        plain[i] = (struct rs_query_target){.id = target->texts[0],
                                            .region = region,
                                            .type = target->texts[2],
                                            .image = target->texts[3],
                                            .group = target->texts[4],
                                            .platform = target->texts[5],
                                            .volumes = (const char *const *)target->volumes,
                                            .volume_count = target->volume_count};
    }
    int64_t since = o->since > 0 ? o->since : DEFAULT_SPAN;
    struct rs_query_plan plan = {.targets = plain,
                                 .target_count = t->count,
                                 .window = {context->now - since, context->now},
                                 .period = o->period > 0 ? o->period : DEFAULT_PERIOD,
                                 .profile = o->profile};
    struct rs_buffer script;
    rs_buffer_init(&script);
    enum rs_status rc = rs_queries_script(&plan, &script, err);
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &script, err);
    }
    rs_buffer_release(&script);
    return rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct queries_options *o = options;
    struct targets targets = {NULL, 0, 0};
    struct rs_query_target *plain = NULL;
    enum rs_status rc = RS_OK;
    for (int i = 0; i < argc && rc == RS_OK; i++) {
        if (strcmp(argv[i], "-") == 0 || access(argv[i], F_OK) == 0) {
            rc = read_inventory(context, argv[i], &targets, err);
        } else if (strchr(argv[i], '/') != NULL || strchr(argv[i], '.') != NULL) {
            rc = rs_fail(err, RS_EIO, "%s: no such file", argv[i]);
        } else {
            const char *const texts[TEXTS] = {argv[i], o->region, NULL, NULL, NULL, NULL};
            rc = add_target(&targets, texts, err);
        }
    }
    if (rc == RS_OK && targets.count == 0) {
        rc = rs_fail(err, RS_ENODATA, "no instances to ask for");
    }
    if (rc == RS_OK) {
        plain = calloc(targets.count, sizeof(*plain));
        rc = plain != NULL ? write_script(context, o, &targets, plain, err)
                           : rs_fail(err, RS_ENOMEM, "out of memory");
    }
    release(&targets, plain);
    return rc;
}

const struct rs_command rs_cmd_queries = {
    .name = "queries",
    .operands = "INSTANCE...|DESCRIBE-INSTANCES.json [OPTIONS]",
    .summary = "print what to ask CloudWatch for, as a shell script of aws commands",
    .about =
        "Prints a shell script that writes the query files of `aws cloudwatch get-metric-data` "
        "and\n"
        "runs it for the last --since, split at the API's limits (500 queries and 100,800 data\n"
        "points a call). Its answers name instance, metric, statistic and period, so that\n"
        "'rightsize collect' needs nothing else. Give describe-instances output where you can: it\n"
        "names volumes, regions and the dimensions of the CloudWatch agent.",
    .min_operands = 1,
    .max_operands = -1,
    .options = options_table,
    .options_size = sizeof(struct queries_options),
    .run = run,
};
