/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/formats.h"
#include "report/human.h"
#include "report/page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define STALE_DAYS 90 /* prices older than that are said to be */

static void put_policy(struct rs_buffer *out, const struct rs_page *page,
                       const struct rs_policy *policy)
{
    char percentile[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    if (policy == NULL) {
        return;
    }
    rs_buffer_text(out, ", policy ");
    rs_page_text(out, page, policy->name);
    rs_human_percentile(policy->cpu_percentile, percentile);
    rs_human_share(policy->cpu_headroom, share);
    rs_buffer_printf(out, " (CPU %s with %s free, ", percentile, share);
    rs_human_percentile(policy->memory_percentile, percentile);
    rs_human_share(policy->memory_headroom, share);
    rs_buffer_printf(out, "memory %s with %s free)", percentile, share);
}

static void put_or(struct rs_buffer *out, const struct rs_page *page, const char *text,
                   const char *otherwise)
{
    rs_page_text(out, page, text != NULL ? text : otherwise);
}

/* Whole days between a "2026-07-20" and an instant; -1: no such date. */
static int64_t days_since(const char *date, int64_t at)
{
    struct rs_error err;
    int64_t then = 0;
    if (date == NULL || rs_when_parse(date, &then, &err) != RS_OK || at < then) {
        return -1;
    }
    return (at - then) / RS_DAY_SECONDS;
}

static void put_catalogs(struct rs_buffer *out, const struct rs_page *page,
                         const struct rs_frame *frame, int64_t now)
{
    rs_buffer_text(out, "On-demand prices: ");
    for (size_t i = 0; i < frame->catalog_count; i++) {
        const struct rs_catalog_info *info = frame->catalogs[i];
        rs_buffer_text(out, i > 0 ? ", " : "");
        put_or(out, page, info->provider, "?");
        rs_buffer_char(out, ' ');
        put_or(out, page, info->region, "without a region");
        rs_buffer_text(out, " of ");
        put_or(out, page, info->price_date, "an unknown date");
        int64_t days = days_since(info->price_date, now);
        if (days > STALE_DAYS) {
            rs_buffer_printf(out, " (%" PRId64 " days old)", days);
        }
    }
    if (frame->catalog_count == 0) {
        rs_buffer_text(out, "none");
    }
}

enum rs_status rs_text_head(const struct rs_report *report, const struct rs_page *page,
                            struct rs_buffer *out, struct rs_error *err)
{
    struct rs_frame frame;
    enum rs_status rc = rs_frame_of(report, &frame, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_buffer line;
    char from[RS_HUMAN_TEXT], to[RS_HUMAN_TEXT], span[RS_HUMAN_TEXT];
    rs_human_when(report->window.from, from);
    rs_human_when(report->window.to, to);
    rs_human_span(report->window.to - report->window.from, span);
    rs_buffer_init(&line);
    rs_buffer_printf(&line, "%s to %s UTC (%s)", from, to, span);
    put_policy(&line, page, report->policy);
    rs_page_paragraph(out, page, 2, 2, line.data);
    out->failed = out->failed || line.failed;
    rs_buffer_clear(&line);
    put_catalogs(&line, page, &frame, report->generated_at);
    rs_page_paragraph(out, page, 2, 2, line.data);
    out->failed = out->failed || line.failed;
    rs_buffer_release(&line);
    rs_frame_release(&frame);
    return RS_OK;
}

static void put_counts(struct rs_buffer *line, const struct rs_totals *totals)
{
    const char *separator = ": ";
    rs_buffer_printf(line, "%zu resource%s", totals->resources, totals->resources == 1 ? "" : "s");
    for (int f = 0; f < RS_FINDING_COUNT; f++) {
        if (totals->by_finding[f] > 0) {
            rs_buffer_printf(line, "%s%zu %s", separator, totals->by_finding[f],
                             rs_human_finding((enum rs_finding)f));
            separator = ", ";
        }
    }
}

static void put_sums(struct rs_buffer *line, const struct rs_totals *totals)
{
    char now[RS_HUMAN_TEXT], then[RS_HUMAN_TEXT], saving[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    bool dearer = totals->saving_monthly < 0.0;
    rs_human_money(totals->current_monthly, totals->currency, now);
    rs_human_money(totals->recommended_monthly, totals->currency, then);
    rs_human_money(fabs(totals->saving_monthly), totals->currency, saving);
    rs_human_share(fabs(totals->saving_monthly) / totals->current_monthly, share);
    rs_buffer_printf(line, "%s a month today, %s as recommended: %s %s", now, then,
                     dearer ? "costs" : "saves", saving);
    if (totals->current_monthly > 0.0) {
        rs_buffer_printf(line, " (%s)", share);
    }
    rs_buffer_text(line, dearer ? " more" : "");
    if (totals->cheaper > 0 && totals->dearer > 0) {
        rs_human_money(totals->cheaper_monthly, totals->currency, now);
        rs_human_money(totals->dearer_monthly, totals->currency, then);
        rs_buffer_printf(line, "; %zu cheaper type%s save%s %s, %zu larger one%s cost%s %s",
                         totals->cheaper, totals->cheaper == 1 ? "" : "s",
                         totals->cheaper == 1 ? "s" : "", now, totals->dearer,
                         totals->dearer == 1 ? "" : "s", totals->dearer == 1 ? "s" : "", then);
    }
    if (totals->idle_monthly > 0.0) {
        rs_human_money(totals->idle_monthly, totals->currency, saving);
        rs_buffer_printf(line, "; stopping what is idle would save %s more", saving);
    }
}

static void put_missing(struct rs_buffer *line, const struct rs_totals *totals)
{
    const struct {
        size_t count;
        const char *text;
    } rows[] = {
        {totals->memory_unknown, "without a memory metric"},
        {totals->type_unknown, "of a type that is not in the catalog"},
        {totals->unpriced, "without a price"},
        {totals->other_currency, "priced in another currency and not in the sums"},
        {totals->low_confidence, "with low confidence (?)"},
        {totals->estimated, "with an estimated price"},
    };
    const char *separator = "Missing: ";
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].count > 0) {
            rs_buffer_printf(line, "%s%zu %s", separator, rows[i].count, rows[i].text);
            separator = ", ";
        }
    }
}

static size_t left_idle(const struct rs_cover *cover)
{
    size_t count = 0;
    for (size_t i = 0; i < cover->commitments->count; i++) {
        count += cover->used_then[i] < cover->used_now[i] ? 1 : 0;
    }
    return count;
}

static void put_cover(struct rs_buffer *line, const struct rs_cover *cover)
{
    char saving[RS_HUMAN_TEXT], now[RS_HUMAN_TEXT];
    size_t idle = left_idle(cover), count = cover->commitments->count;
    rs_human_money(fabs(cover->saving), cover->currency, saving);
    rs_human_money(cover->uncovered_now, cover->currency, now);
    rs_buffer_printf(line,
                     "After %zu commitment%s that %s paid for already: %s %s of %s a month that is "
                     "still on demand",
                     count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
                     cover->saving < 0.0 ? "adds" : "saves", saving, now);
    if (idle > 0) {
        rs_buffer_printf(line, "; %zu of them would be used less than today", idle);
    }
}

static void put_line(struct rs_buffer *out, const struct rs_page *page, struct rs_buffer *line)
{
    if (line->length > 0) {
        rs_page_paragraph(out, page, 2, 2, line->data);
    }
    out->failed = out->failed || line->failed;
    rs_buffer_clear(line);
}

enum rs_status rs_text_foot(const struct rs_report *report, const struct rs_page *page,
                            struct rs_buffer *out, struct rs_error *err)
{
    struct rs_frame frame;
    struct rs_buffer line;
    enum rs_status rc = rs_frame_of(report, &frame, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_buffer_init(&line);
    put_counts(&line, &frame.totals);
    put_line(out, page, &line);
    if (frame.totals.currency != NULL) {
        put_sums(&line, &frame.totals);
        put_line(out, page, &line);
    }
    if (frame.totals.currency != NULL && frame.cover.commitments != NULL) {
        put_cover(&line, &frame.cover);
        put_line(out, page, &line);
    }
    put_missing(&line, &frame.totals);
    put_line(out, page, &line);
    rs_buffer_release(&line);
    rs_frame_release(&frame);
    return RS_OK;
}
