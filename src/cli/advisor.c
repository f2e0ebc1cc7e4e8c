/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"

#include "cli/catalogs.h"
#include "cli/groups.h"
#include "cli/policy_file.h"
#include "rightsize/number.h"

#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define RESAMPLES 200 /* one in 200 is told apart from none */
#define GRID 300      /* the window is cut to whole 5 minutes, as demand is read on that grid */

enum rs_status rs_advisor_policy(const struct rs_advise_options *options, struct rs_policy *out,
                                 struct rs_error *err)
{
    struct rs_policy_file *file = NULL;
    enum rs_status rc = rs_policy_file_open(options->policy_file, &file, err);
    if (rc == RS_OK) {
        rc = rs_policy_file_take(file, options->policy, out, err);
    }
    rs_policy_file_close(file);
    for (size_t i = 0; i < options->set.count && rc == RS_OK; i++) {
        char key[64];
        const char *value = NULL;
        rc = rs_parse_key_value(options->set.items[i], key, sizeof(key), &value, err);
        if (rc == RS_OK) {
            rc = rs_policy_set(out, key, value, err);
        }
    }
    return rc;
}

/* No further back than the first day with samples: a window of nothing would only look empty. */
enum rs_status rs_advisor_window(struct rs_context *context, int64_t until, int64_t lookback,
                                 struct rs_window *out, struct rs_error *err)
{
    int64_t newest = 0, oldest = -1;
    enum rs_status rc = rs_store_newest(context->store, &newest, err);
    if (rc == RS_ENODATA) { /* inventory without a sample is still answered: unknown */
        newest = context->now;
    } else if (rc != RS_OK) {
        return rc;
    }
    if ((rc = rs_store_oldest(context->store, &oldest, err)) != RS_OK) {
        return rc;
    }
    int64_t to = until >= 0 ? until : newest < context->now ? newest : context->now;
    to = (to + GRID - 1) / GRID * GRID;
    int64_t from = to - lookback;
    bool later = oldest > from && oldest < to;
    *out = (struct rs_window){later ? oldest : from, to};
    return RS_OK;
}

/* Of more than there is room for, the last ones. */
static void add_earlier(struct rs_earlier *earlier, const struct rs_type_change *change,
                        int64_t since, size_t *count)
{
    if (*count == RS_MAX_EARLIER) {
        memmove(earlier->types, earlier->types + 1, sizeof(earlier->types) - sizeof(char *));
        memmove(earlier->since, earlier->since + 1, sizeof(earlier->since) - sizeof(int64_t));
        (*count)--;
    }
    earlier->since[*count] = since;
    earlier->types[(*count)++] = change->type;
}

void rs_advisor_workload(const struct rs_stored *stored, struct rs_window window,
                         struct rs_earlier *earlier, struct rs_workload *workload)
{
    *workload = (struct rs_workload){.resource = stored->resource,
                                     .series = stored->series,
                                     .series_count = stored->series_count,
                                     .volume_count = stored->volume_count,
                                     .window = window,
                                     .earlier_types = earlier->types,
                                     .earlier_since = earlier->since,
                                     .last_type_change = -1,
                                     .peaks = stored->peaks,
                                     .peak_count = stored->peak_count};
    if (stored->change_count < 2) {
        return;
    }
    int64_t last = stored->changes[stored->change_count - 1].at;
    if (last <= window.from) {
        return;
    }
    workload->last_type_change = last;
    for (size_t i = 0; i + 1 < stored->change_count; i++) {
        if (stored->changes[i + 1].at > window.from) {
            /* what it was before it was first seen it will have been all along */
            add_earlier(earlier, &stored->changes[i], i > 0 ? stored->changes[i].at : window.from,
                        &workload->earlier_count);
        }
    }
}

static enum rs_status parse_filter(const struct rs_advise_options *o, char *key, size_t key_size,
                                   struct rs_report_filter *filter, struct rs_error *err)
{
    *filter =
        (struct rs_report_filter){.region = o->region, .finding = -1, .min_saving = o->min_saving};
    if (o->tag != NULL && strchr(o->tag, '=') != NULL) {
        enum rs_status rc = rs_parse_key_value(o->tag, key, key_size, &filter->tag_value, err);
        if (rc != RS_OK) {
            return rs_fail_where(err, "--tag");
        }
        filter->tag_key = key;
    } else {
        filter->tag_key = o->tag;
    }
    enum rs_finding finding;
    if (o->finding != NULL) {
        if (!rs_finding_by_name(o->finding, &finding)) {
            return rs_fail(err, RS_EUSAGE,
                           "--finding '%s' is not UNDER_PROVISIONED, OVER_PROVISIONED, OPTIMIZED, "
                           "IDLE or UNKNOWN",
                           o->finding);
        }
        filter->finding = (int)finding;
    }
    return RS_OK;
}

static enum rs_status parse_order(const char *text, enum rs_report_order *out, struct rs_error *err)
{
    static const char *const names[] = {"saving", "id", "name", "cost"};
    static const enum rs_report_order orders[] = {RS_ORDER_SAVING, RS_ORDER_ID, RS_ORDER_NAME,
                                                  RS_ORDER_COST};
    *out = RS_ORDER_SAVING;
    for (size_t i = 0; text != NULL; i++) {
        if (i == sizeof(names) / sizeof(names[0])) {
            return rs_fail(err, RS_EUSAGE, "--sort '%s' is not saving, id, name or cost", text);
        }
        if (strcmp(text, names[i]) == 0) {
            *out = orders[i];
            break;
        }
    }
    return RS_OK;
}

/* Every "[REGION=]FILE"; a path with '=' in it has a '/' or '.' before it, a region has not. */
static enum rs_status read_commitments(const struct rs_option_list *files, struct rs_advisor *out,
                                       struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < files->count && rc == RS_OK; i++) {
        const char *item = files->items[i], *path = item, *region = NULL;
        char name[64];
        size_t length = strcspn(item, "=/.");
        if (item[length] == '=' && length > 0 && length < sizeof(name)) {
            memcpy(name, item, length);
            name[length] = '\0';
            region = name;
            path = item + length + 1;
        }
        rc = rs_commitments_read(&out->commitments, path, region, err);
    }
    out->report.commitments = files->count > 0 ? &out->commitments : NULL;
    return rc;
}

enum rs_status rs_advisor_open(struct rs_context *context, const struct rs_advise_options *o,
                               struct rs_advisor *out, struct rs_error *err)
{
    *out = (struct rs_advisor){.context = context};
    rs_report_init(&out->report);
    enum rs_status rc = rs_advisor_policy(o, &out->policy, err);
    if (rc != RS_OK ||
        (rc = parse_filter(o, out->tag_key, sizeof(out->tag_key), &out->filter, err)) != RS_OK ||
        (rc = parse_order(o->sort, &out->order, err)) != RS_OK ||
        (rc = rs_advisor_window(context, o->until, out->policy.lookback, &out->report.window,
                                err)) != RS_OK ||
        (rc = read_commitments(&o->commitments, out, err)) != RS_OK) {
        return rc;
    }
    if (o->confidence && out->policy.resamples == 0) {
        out->policy.resamples = RESAMPLES;
    }
    out->curve = o->curve;
    out->report.generated_at = context->now;
    out->report.policy = &out->policy;
    return rs_catalogs_open(context, &out->catalogs, err);
}

void rs_advisor_release(struct rs_advisor *advisor)
{
    rs_report_release(&advisor->report);
    rs_groups_free(advisor->groups);
    rs_commitments_release(&advisor->commitments);
    rs_catalogs_close(advisor->catalogs);
    advisor->groups = NULL;
    advisor->catalogs = NULL;
}

static int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct rs_error err;
    int64_t asked = 0;
    if (columns != NULL && rs_parse_int(columns, 20, 10000, &asked, &err) == RS_OK) {
        return (int)asked;
    }
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 0;
}

struct rs_page rs_page_of(const struct rs_context *context)
{
    const char *color = context->globals.color, *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    bool automatic = isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
                     (term == NULL || strcmp(term, "dumb") != 0);
    bool chosen = color != NULL && strcmp(color, "auto") != 0;
    return (struct rs_page){
        .width = terminal_width(),
        .color = chosen ? strcmp(color, "always") == 0 : automatic,
        .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
}
