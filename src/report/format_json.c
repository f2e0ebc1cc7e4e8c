/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document's description is schema/recommendations-1.schema.json: change both or neither. */
#include "report/formats.h"
#include "report/frame.h"
#include "report/json_parts.h"
#include "rightsize/number.h"

#include <string.h>

static const char *common_provider(const struct rs_frame *frame)
{
    const char *first = frame->catalog_count > 0 ? frame->catalogs[0]->provider : NULL;
    for (size_t i = 1; i < frame->catalog_count && first != NULL; i++) {
        const char *other = frame->catalogs[i]->provider;
        first = other != NULL && strcmp(first, other) == 0 ? first : NULL;
    }
    return first;
}

static void put_catalog(struct rs_writer *w, const struct rs_frame *frame)
{
    const char *region = frame->catalog_count == 1 ? frame->catalogs[0]->region : NULL;
    rs_writer_object(w, "catalog");
    rs_writer_text(w, "provider", common_provider(frame));
    rs_writer_text(w, "region", region);
    rs_writer_text(w, "date", rs_frame_date(frame));
    rs_writer_array(w, "regions");
    for (size_t i = 0; i < frame->catalog_count; i++) {
        const struct rs_catalog_info *info = frame->catalogs[i];
        rs_writer_row(w, NULL);
        rs_writer_text(w, "provider", info->provider);
        rs_writer_text(w, "region", info->region);
        rs_writer_text(w, "currency", info->currency);
        rs_writer_text(w, "price_date", info->price_date);
        rs_writer_text(w, "facts_date", info->facts_date);
        rs_writer_end(w);
    }
    rs_writer_end(w);
    rs_writer_end(w);
}

static void put_policy_key(void *payload, const char *key, const char *value, bool is_number,
                           const char *meaning)
{
    struct rs_writer *w = payload;
    double number = 0.0;
    (void)meaning;
    if (is_number && rs_number_scan(value, strlen(value), &number)) {
        rs_writer_number(w, key, number);
    } else {
        rs_writer_text(w, key, value);
    }
}

static void put_policy(struct rs_writer *w, const struct rs_policy *policy)
{
    rs_writer_row(w, "policy");
    if (policy != NULL) {
        rs_writer_text(w, "name", policy->name);
        rs_policy_describe(policy, put_policy_key, w);
    }
    rs_writer_end(w);
}

static void put_summary(struct rs_writer *w, const struct rs_totals *totals)
{
    rs_writer_object(w, "summary");
    rs_writer_count(w, "resources", (int64_t)totals->resources);
    rs_writer_row(w, "by_finding");
    for (int f = 0; f < RS_FINDING_COUNT; f++) {
        rs_writer_count(w, rs_finding_name((enum rs_finding)f), (int64_t)totals->by_finding[f]);
    }
    rs_writer_end(w);
    rs_writer_text(w, "currency", totals->currency);
    rs_json_money(w, RS_MONEY("current_monthly"), totals->currency, totals->current_monthly);
    rs_json_money(w, RS_MONEY("recommended_monthly"), totals->currency,
                  totals->recommended_monthly);
    rs_json_money(w, RS_MONEY("saving_monthly"), totals->currency, totals->saving_monthly);
    rs_json_money(w, RS_MONEY("idle_monthly"), totals->currency, totals->idle_monthly);
    rs_writer_count(w, "unpriced", (int64_t)totals->unpriced);
    rs_writer_count(w, "other_currency", (int64_t)totals->other_currency);
    rs_writer_count(w, "memory_unknown", (int64_t)totals->memory_unknown);
    rs_writer_count(w, "low_confidence", (int64_t)totals->low_confidence);
    rs_writer_count(w, "estimated_prices", (int64_t)totals->estimated);
    rs_writer_end(w);
}

#define INSIDE "}]" /* an entry lies in the document's object, in its array */

static void write_head(const struct rs_frame *frame, struct rs_buffer *out)
{
    struct rs_writer w;
    rs_writer_init(&w, out);
    rs_writer_object(&w, NULL);
    rs_writer_text(&w, "schema_version", "1.0");
    rs_writer_when(&w, "generated_at", frame->report->generated_at);
    put_catalog(&w, frame);
    put_policy(&w, frame->report->policy);
    put_summary(&w, &frame->totals);
    if (frame->cover.commitments != NULL) {
        rs_json_cover(&w, &frame->cover);
    }
    rs_writer_array(&w, "recommendations");
}

static void write_entry(const struct rs_report *report, const struct rs_entry *entry,
                        struct rs_buffer *out)
{
    struct rs_writer w;
    rs_writer_resume(&w, out, INSIDE, false);
    rs_json_entry(&w, report, entry);
}

static void write_foot(const struct rs_frame *frame, struct rs_buffer *out)
{
    struct rs_writer w;
    rs_writer_resume(&w, out, INSIDE, frame->totals.resources > 0);
    rs_writer_end(&w);
    rs_writer_end(&w);
}

static const struct rs_pieces pieces = {write_head, write_entry, ",", write_foot};
const struct rs_format rs_format_json = {
    "json", "everything with its proofs; schema/recommendations-1.schema.json", &pieces, NULL};
