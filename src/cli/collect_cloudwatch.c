/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect_cloudwatch.c - `collect --from cloudwatch`: the live API bound to the store. */
#include "cli/collect.h"
#include "rightsize/aws_collect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

struct bound { /* the keeper's payload */
    struct rs_context *context;
    bool dry;
    struct rs_put_tally put; /* of the region at hand */
    int64_t changed;
    int64_t batches, queries; /* of all */
    enum rs_status log_rc;
    struct rs_error log_err;
};

static const char *variable(void *payload, const char *name)
{
    (void)payload;
    return getenv(name);
}

static void warn(void *payload, const char *text)
{
    const struct bound *b = payload;
    rs_say(b->context, RS_LEVEL_WARNING, "%s", text);
}

static enum rs_status put_samples(void *payload, const struct rs_batch *batch, struct rs_error *err)
{
    struct bound *b = payload;
    return rs_store_put(b->context->store, batch, &b->put, err);
}

static enum rs_status put_resource(void *payload, const struct rs_resource *resource,
                                   struct rs_error *err)
{
    struct bound *b = payload;
    bool changed = false;
    enum rs_status rc = rs_store_put_resource(b->context->store, resource, &changed, err);
    b->changed += changed ? 1 : 0;
    return rc;
}

static enum rs_status put_attachment(void *payload, const struct rs_attachment *attachment,
                                     struct rs_error *err)
{
    struct bound *b = payload;
    bool changed = false;
    return rs_store_put_attachment(b->context->store, attachment, &changed, err);
}

static enum rs_status begin(void *payload, struct rs_error *err)
{
    const struct bound *b = payload;
    return rs_store_begin(b->context->store, err);
}

static enum rs_status commit(void *payload, struct rs_error *err)
{
    const struct bound *b = payload;
    return rs_store_commit(b->context->store, err);
}

static void rollback(void *payload)
{
    const struct bound *b = payload;
    rs_store_rollback(b->context->store);
}

static enum rs_status series_end(void *payload, const char *resource, enum rs_metric metric,
                                 enum rs_statistic statistic, int64_t step, int64_t *out,
                                 struct rs_error *err)
{
    const struct bound *b = payload;
    return rs_store_series_end(b->context->store, resource, metric, statistic, step, out, err);
}

static enum rs_status asked(void *payload, const char *resource, struct rs_window *out,
                            struct rs_error *err)
{
    const struct bound *b = payload;
    return rs_store_asked(b->context->store, resource, out, err);
}

static enum rs_status set_asked(void *payload, const char *resource, struct rs_window window,
                                struct rs_error *err)
{
    const struct bound *b = payload;
    return rs_store_set_asked(b->context->store, resource, window, err);
}

static void log_region(struct bound *b, const struct rs_aws_told *told)
{
    char source[320];
    snprintf(source, sizeof(source), "cloudwatch %.60s%s%.220s", told->region,
             told->role != NULL ? " " : "", told->role != NULL ? told->role : "");
    struct rs_collection entry = {
        .source = source,
        .format = "cloudwatch",
        .at = b->context->now,
        .bytes = told->bytes,
        .crc32 = (uint32_t)b->context->now, /* no file to sum up: a run a second is told apart */
        .series = told->tally.series,
        .fresh = b->put.fresh,
        .replaced = b->put.replaced,
        .unchanged = b->put.unchanged,
        .rejected = told->tally.rejected,
        .first_rejected = told->tally.rejected > 0 ? told->tally.first_rejected : NULL,
    };
    enum rs_status rc = rs_store_begin(b->context->store, &b->log_err);
    if (rc == RS_OK && ((rc = rs_store_log(b->context->store, &entry, &b->log_err)) != RS_OK ||
                        (rc = rs_store_commit(b->context->store, &b->log_err)) != RS_OK)) {
        rs_store_rollback(b->context->store);
    }
    b->log_rc = b->log_rc != RS_OK ? b->log_rc : rc;
}

static void tell(const struct bound *b, const struct rs_aws_told *told)
{
    FILE *out = b->context->out;
    if (b->context->globals.quiet && !b->dry) {
        return;
    }
    fprintf(out, "%s%s%s: %" PRId64 " machines", told->region, told->role != NULL ? " as " : "",
            told->role != NULL ? told->role : "", told->machines);
    if (b->dry) {
        fprintf(out, ", %" PRId64 " metrics in %" PRId64 " calls, $%.2f\n", told->queries,
                told->batches, (double)told->queries * RS_AWS_PRICE_PER_METRIC);
        return;
    }
    fprintf(out,
            ", %" PRId64 " changed, %" PRId64 " volumes, %" PRId64 " series in %" PRId64
            " calls, samples: %" PRId64 " new, %" PRId64 " replaced, %" PRId64 " known",
            b->changed, told->volumes, told->tally.series, told->calls, b->put.fresh,
            b->put.replaced, b->put.unchanged);
    if (told->tally.rejected > 0) {
        fprintf(out, ", %" PRId64 " rejected", told->tally.rejected);
    }
    fputc('\n', out);
}

static void told_region(void *payload, const struct rs_aws_told *told)
{
    struct bound *b = payload;
    if (told->rc == RS_OK || told->rc == RS_EPARTIAL) {
        tell(b, told);
    }
    for (size_t i = 0; i < told->tally.note_count; i++) {
        rs_say(b->context, RS_LEVEL_WARNING, "%s: %s", told->region, told->tally.note[i]);
    }
    if (told->tally.rejected > 0) {
        rs_say(b->context, RS_LEVEL_WARNING, "%s: %" PRId64 " samples rejected, the first: %s",
               told->region, told->tally.rejected, told->tally.first_rejected);
    }
    if (told->throttled > 0) {
        rs_say(b->context, RS_LEVEL_DETAIL, "%s: throttled %" PRId64 " times", told->region,
               told->throttled);
    }
    if (told->rc != RS_OK) { /* the first fault is told again at the end, whatever comes between */
        rs_say(b->context, RS_LEVEL_WARNING, "%s%s%s: %s", told->region,
               told->role != NULL ? " as " : "", told->role != NULL ? told->role : "",
               told->err.text);
    }
    if (!b->dry && (told->rc == RS_OK || told->rc == RS_EPARTIAL)) {
        log_region(b, told);
    }
    b->batches += told->batches;
    b->queries += told->queries;
    b->put = (struct rs_put_tally){0, 0, 0, 0};
    b->changed = 0;
}

static enum rs_status run(struct bound *bound, struct rs_aws *aws,
                          const struct rs_collect_options *o, struct rs_error *err)
{
    const char *only = NULL;
    struct rs_aws_collect what = {.regions = o->regions.items,
                                  .region_count = o->regions.count,
                                  .roles = o->roles.items,
                                  .role_count = o->roles.count,
                                  .tags = o->tags.items,
                                  .tag_count = o->tags.count,
                                  .states = o->states.items,
                                  .state_count = o->states.count,
                                  .since = o->since > 0 ? o->since : RS_AWS_BACKFILL,
                                  .now = bound->context->now,
                                  .dry = o->dry_run,
                                  .told = told_region,
                                  .payload = bound};
    const struct rs_aws_keeper keeper = {.sink = {put_samples, put_resource, put_attachment, bound},
                                         .begin = begin,
                                         .commit = commit,
                                         .rollback = rollback,
                                         .series_end = series_end,
                                         .asked = asked,
                                         .set_asked = set_asked};
    if (what.region_count == 0) {
        enum rs_status rc = rs_aws_region(aws, &only, err);
        if (rc != RS_OK) {
            return rc;
        }
        what.regions = &only;
        what.region_count = 1;
    }
    enum rs_status rc = rs_aws_collect(aws, &what, &keeper, err);
    if (o->dry_run && (rc == RS_OK || rc == RS_EPARTIAL)) {
        fprintf(bound->context->out,
                "would ask CloudWatch for %" PRId64 " metrics in %" PRId64
                " calls of GetMetricData, about $%.2f\n",
                bound->queries, bound->batches, (double)bound->queries * RS_AWS_PRICE_PER_METRIC);
    }
    return rc;
}

enum rs_status rs_collect_cloudwatch(struct rs_context *context, const struct rs_collect_options *o,
                                     struct rs_error *err)
{
    struct bound bound = {.context = context, .dry = o->dry_run};
    const struct rs_aws_world world = {variable, warn, &bound, rs_clock_system};
    const struct rs_aws_settings settings = {o->profile, o->endpoint,
                                             o->regions.count > 0 ? o->regions.items[0] : NULL};
    struct rs_aws *aws = NULL;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && i < o->regions.count; i++) {
        rc = rs_aws_check_region(o->regions.items[i], err);
    }
    for (size_t i = 0; rc == RS_OK && i < o->tags.count; i++) {
        if (strchr(o->tags.items[i], '=') == NULL || o->tags.items[i][0] == '=') {
            rc = rs_fail(err, RS_EUSAGE, "--tag '%.100s' is not KEY=VALUE", o->tags.items[i]);
        }
    }
    if (rc != RS_OK) {
        return rc;
    }
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* keys are in memory from here on */
    rc = rs_aws_open(&settings, &world, &aws, err);
    if (rc == RS_OK) {
        rc = run(&bound, aws, o, err);
    }
    rs_aws_close(aws);
    if (rc == RS_OK && bound.log_rc != RS_OK) {
        *err = bound.log_err;
        rc = bound.log_rc;
    }
    return rc;
}
