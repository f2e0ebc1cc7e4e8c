/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/frame.h"

#include <stdlib.h>
#include <string.h>

static int compare_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int compare(const struct rs_catalog_info *a, const struct rs_catalog_info *b)
{
    int order = compare_text(a->provider, b->provider);
    return order != 0 ? order : compare_text(a->region, b->region);
}

static enum rs_status add_catalog(struct rs_frame *frame, const struct rs_catalog_info *info,
                                  struct rs_error *err)
{
    size_t at = 0;
    while (at < frame->catalog_count && frame->catalogs[at] != info &&
           compare(frame->catalogs[at], info) < 0) {
        at++;
    }
    if (at < frame->catalog_count && compare(frame->catalogs[at], info) == 0) {
        return RS_OK;
    }
    size_t size = (frame->catalog_count + 1) * sizeof(*frame->catalogs);
    const struct rs_catalog_info **grown = realloc(frame->catalogs, size);
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu catalogs", frame->catalog_count + 1);
    }
    memmove(grown + at + 1, grown + at, (frame->catalog_count - at) * sizeof(*grown));
    grown[at] = info;
    frame->catalogs = grown;
    frame->catalog_count++;
    return RS_OK;
}

enum rs_status rs_frame_add(struct rs_frame *frame, const struct rs_gist *gist,
                            struct rs_error *err)
{
    rs_totals_add(&frame->totals, gist);
    return gist->catalog != NULL ? add_catalog(frame, gist->catalog, err) : RS_OK;
}

enum rs_status rs_frame_cover(struct rs_frame *frame, const struct rs_gist *const *gists,
                              size_t count, struct rs_error *err)
{
    const struct rs_report *report = frame->report;
    return rs_cover_of(report->commitments, report->generated_at, frame->totals.currency, gists,
                       count, &frame->cover, err);
}

static enum rs_status cover_entries(struct rs_frame *frame, struct rs_error *err)
{
    const struct rs_report *report = frame->report;
    const struct rs_gist **list = calloc(report->count + 1, sizeof(*list));
    if (list == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", report->count);
    }
    for (size_t i = 0; i < report->count; i++) {
        list[i] = rs_report_gist(report, i);
    }
    enum rs_status rc = rs_frame_cover(frame, list, report->count, err);
    free(list);
    return rc;
}

enum rs_status rs_frame_of(const struct rs_report *report, struct rs_frame *out,
                           struct rs_error *err)
{
    struct rs_frame frame = {.report = report};
    enum rs_status rc = RS_OK;
    rs_report_totals(report, &frame.totals);
    for (size_t i = 0; i < report->count && rc == RS_OK; i++) {
        const struct rs_catalog_info *info = rs_report_gist(report, i)->catalog;
        rc = info != NULL ? add_catalog(&frame, info, err) : RS_OK;
    }
    if (rc == RS_OK && report->commitments != NULL) {
        rc = cover_entries(&frame, err);
    }
    if (rc != RS_OK) {
        rs_frame_release(&frame);
        return rc;
    }
    *out = frame;
    return RS_OK;
}

void rs_frame_release(struct rs_frame *frame)
{
    free(frame->catalogs);
    rs_cover_release(&frame->cover);
    *frame = (struct rs_frame){.report = NULL};
}

static const char *older(const char *a, const char *b)
{
    return a == NULL || (b != NULL && strcmp(b, a) < 0) ? b : a;
}

const char *rs_frame_date(const struct rs_frame *frame)
{
    const char *prices = NULL, *facts = NULL;
    for (size_t i = 0; i < frame->catalog_count; i++) {
        prices = older(prices, frame->catalogs[i]->price_date);
        facts = older(facts, frame->catalogs[i]->facts_date);
    }
    return prices != NULL ? prices : facts;
}
