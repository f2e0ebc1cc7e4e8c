/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/samples.h"

#include "rightsize/number.h"
#include "rightsize/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct writing { /* the scan's payload */
    FILE *out;
    struct rs_buffer text;
    bool json, first;
};

static void csv_rows(struct rs_buffer *out, const char *id, const struct rs_series *s)
{
    struct rs_buffer stem;
    rs_buffer_init(&stem);
    rs_text_csv(&stem, id);
    rs_buffer_printf(&stem, ",%s,%s,", rs_metric_info(s->metric)->name,
                     rs_statistic_name(s->statistic));
    for (size_t i = 0; i < s->slots; i++) {
        char number[RS_NUMBER_TEXT];
        if (isnan(s->values[i])) {
            continue;
        }
        rs_number_format(s->values[i], number);
        rs_buffer_append(out, stem.data, stem.length);
        rs_buffer_printf(out, "%lld,%s\n", (long long)rs_series_at(s, i), number);
    }
    out->failed = out->failed || stem.failed;
    rs_buffer_release(&stem);
}

static void json_series(struct rs_buffer *out, const char *id, const struct rs_series *s,
                        bool first)
{
    char from[RS_WHEN_TEXT];
    rs_when_format(s->from, from);
    rs_buffer_text(out, first ? "\n  {\"resource\": " : ",\n  {\"resource\": ");
    rs_text_json(out, id);
    rs_buffer_printf(out,
                     ", \"metric\": \"%s\", \"statistic\": \"%s\", \"step_seconds\": %lld, "
                     "\"from\": \"%s\", \"values\": [",
                     rs_metric_info(s->metric)->name, rs_statistic_name(s->statistic),
                     (long long)s->step, from);
    for (size_t i = 0; i < s->slots; i++) {
        char number[RS_NUMBER_TEXT];
        rs_buffer_text(out, i > 0 ? ", " : "");
        if (isnan(s->values[i])) {
            rs_buffer_text(out, "null");
        } else {
            rs_number_format(s->values[i], number);
            rs_buffer_text(out, number);
        }
    }
    rs_buffer_text(out, "]}");
}

static enum rs_status flush_text(struct writing *w, struct rs_error *err)
{
    enum rs_status rc = rs_buffer_status(&w->text, err);
    if (rc == RS_OK && fwrite(w->text.data, 1, w->text.length, w->out) != w->text.length) {
        rc = rs_fail(err, RS_EIO, "cannot write the samples: %s", strerror(errno));
    }
    rs_buffer_clear(&w->text);
    return rc;
}

static enum rs_status write_resource(void *payload, const struct rs_stored *stored,
                                     struct rs_error *err)
{
    struct writing *w = payload;
    for (size_t i = 0; i < stored->series_count; i++) {
        if (w->json) {
            json_series(&w->text, stored->resource->id, &stored->series[i], w->first);
        } else {
            csv_rows(&w->text, stored->resource->id, &stored->series[i]);
        }
        w->first = false;
        enum rs_status rc = flush_text(w, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    return RS_OK;
}

static enum rs_status window_of(struct rs_context *context, const struct rs_sample_export *what,
                                struct rs_window *out, struct rs_error *err)
{
    int64_t newest = 0, oldest = -1;
    enum rs_status rc = rs_store_oldest(context->store, &oldest, err);
    if (rc != RS_OK || (rc = rs_store_newest(context->store, &newest, err)) != RS_OK) {
        return rc;
    }
    out->to = what->until >= 0 ? what->until : newest;
    out->from = what->since > 0 ? out->to - what->since : oldest;
    if (out->from >= out->to) {
        return rs_fail(err, RS_ENODATA, "no samples lie before the end of the window");
    }
    return RS_OK;
}

enum rs_status rs_samples_export(struct rs_context *context, const struct rs_sample_export *what,
                                 struct rs_error *err)
{
    struct writing w = {.out = context->out, .json = what->json, .first = true};
    struct rs_scan scan = {.resource = what->instance, .region = what->region, .samples = true};
    struct rs_buffer temporary;
    rs_buffer_init(&temporary);
    rs_buffer_init(&w.text);
    enum rs_status rc = window_of(context, what, &scan.window, err);
    if (rc == RS_OK && what->path != NULL) {
        rs_buffer_printf(&temporary, "%s.part", what->path);
        rc = rs_buffer_status(&temporary, err);
        w.out = rc == RS_OK ? fopen(temporary.data, "we") : NULL;
        if (rc == RS_OK && w.out == NULL) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be written: %s", temporary.data, strerror(errno));
        }
    }
    if (rc == RS_OK) {
        rs_buffer_text(&w.text,
                       w.json ? "{\"samples\": [" : "resource,metric,statistic,ts,value\n");
        rc = rs_store_scan(context->store, &scan, write_resource, &w, err);
    }
    if (rc == RS_OK) {
        rs_buffer_text(&w.text, w.json ? "\n]}\n" : "");
        rc = flush_text(&w, err);
    }
    if (what->path != NULL && w.out != NULL) {
        if (rc == RS_OK && (fflush(w.out) != 0 || fsync(fileno(w.out)) != 0)) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be written: %s", what->path, strerror(errno));
        }
        if (fclose(w.out) != 0 && rc == RS_OK) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be written: %s", what->path, strerror(errno));
        }
        if (rc == RS_OK && rename(temporary.data, what->path) != 0) {
            rc = rs_fail(err, RS_EIO, "%s: cannot be replaced: %s", what->path, strerror(errno));
        }
        if (rc != RS_OK) {
            remove(temporary.data);
        }
    }
    rs_buffer_release(&temporary);
    rs_buffer_release(&w.text);
    return rc;
}
