/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document's description is schema/recommendations-1.schema.json: change both or neither. */
#include "report/formats.h"
#include "report/frame.h"
#include "report/json_writer.h"
#include "rightsize/number.h"

#include <math.h>
#include <string.h>

#define MIB 1048576.0

/* "monthly_usd" where the currency is USD, else "monthly_cost". */
static void put_money(struct rs_writer *w, const char *stem, const char *currency, double value)
{
    char key[48];
    bool dollars = currency == NULL || strcmp(currency, "USD") == 0;
    size_t n = strlen(stem);
    memcpy(key, stem, n);
    memcpy(key + n, dollars ? "_usd" : "_cost", dollars ? 5 : 6);
    rs_writer_rounded(w, key, value);
}

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
        rs_writer_object(w, NULL);
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
    rs_writer_object(w, "policy");
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
    rs_writer_object(w, "by_finding");
    for (int f = 0; f < RS_FINDING_COUNT; f++) {
        rs_writer_count(w, rs_finding_name((enum rs_finding)f), (int64_t)totals->by_finding[f]);
    }
    rs_writer_end(w);
    rs_writer_text(w, "currency", totals->currency);
    put_money(w, "current_monthly", totals->currency, totals->current_monthly);
    put_money(w, "recommended_monthly", totals->currency, totals->recommended_monthly);
    put_money(w, "saving_monthly", totals->currency, totals->saving_monthly);
    put_money(w, "idle_monthly", totals->currency, totals->idle_monthly);
    rs_writer_count(w, "unpriced", (int64_t)totals->unpriced);
    rs_writer_count(w, "other_currency", (int64_t)totals->other_currency);
    rs_writer_count(w, "memory_unknown", (int64_t)totals->memory_unknown);
    rs_writer_count(w, "low_confidence", (int64_t)totals->low_confidence);
    rs_writer_count(w, "estimated_prices", (int64_t)totals->estimated);
    rs_writer_end(w);
}

static bool is_repeated(const struct rs_entry *entry, size_t tag)
{
    for (size_t i = 0; i < tag; i++) {
        if (entry->tags[i].key != NULL && strcmp(entry->tags[i].key, entry->tags[tag].key) == 0) {
            return true;
        }
    }
    return false;
}

static void put_resource(struct rs_writer *w, const struct rs_entry *entry)
{
    rs_writer_object(w, "resource");
    rs_writer_text(w, "id", entry->id);
    rs_writer_text(w, "name", entry->name);
    rs_writer_text(w, "provider", entry->provider);
    rs_writer_text(w, "account", entry->account);
    rs_writer_text(w, "region", entry->region);
    rs_writer_text(w, "state", entry->state);
    rs_writer_text(w, "platform", entry->platform);
    rs_writer_object(w, "tags");
    for (size_t i = 0; i < entry->tag_count; i++) {
        if (entry->tags[i].key != NULL && !is_repeated(entry, i)) {
            const char *value = entry->tags[i].value;
            rs_writer_outside(w, entry->tags[i].key, value != NULL ? value : "");
        }
    }
    rs_writer_end(w);
    rs_writer_end(w);
}

static void put_shape(struct rs_writer *w, const struct rs_offer *offer)
{
    rs_writer_number(w, "vcpus", offer != NULL ? offer->vcpus : NAN);
    rs_writer_number(w, "memory_mib", offer != NULL ? offer->memory_bytes / MIB : NAN);
    rs_writer_text(w, "architecture", offer != NULL ? offer->architecture : NULL);
}

static bool is_estimated(const struct rs_offer *offer)
{
    return offer != NULL && (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0;
}

static void put_current(struct rs_writer *w, const struct rs_entry *entry)
{
    rs_writer_object(w, "current");
    rs_writer_text(w, "type", entry->type);
    put_shape(w, entry->advice.current);
    put_money(w, "monthly", rs_entry_currency(entry), entry->advice.current_monthly);
    rs_writer_bool(w, "price_estimated", is_estimated(entry->advice.current));
    rs_writer_end(w);
}

static void put_window(struct rs_writer *w, const struct rs_report *report,
                       const struct rs_advice *advice)
{
    rs_writer_object(w, "window");
    rs_writer_when(w, "from", report->window.from);
    rs_writer_when(w, "to", report->window.to);
    rs_writer_when(w, "data_from", advice->data_from);
    rs_writer_when(w, "data_to", advice->data_to);
    rs_writer_count(w, "samples", (int64_t)advice->samples);
    rs_writer_number(w, "coverage", advice->coverage);
    rs_writer_number(w, "running_share", advice->running_share);
    rs_writer_end(w);
}

static void put_reasons(struct rs_writer *w, const struct rs_advice *advice)
{
    rs_writer_array(w, "reasons");
    for (size_t i = 0; i < advice->reason_count; i++) {
        const struct rs_reason *reason = &advice->reasons[i];
        const struct rs_dimension_info *info = rs_dimension_info(reason->dimension);
        const struct rs_demand *demand = &advice->demand[reason->dimension];
        rs_writer_object(w, NULL);
        rs_writer_text(w, "code", reason->code);
        rs_writer_text(w, "dimension", info->name);
        rs_writer_text(w, "metric", demand->metric);
        rs_writer_text(w, "statistic", demand->statistic);
        rs_writer_number(w, "percentile", demand->percentile);
        rs_writer_number(w, "used", reason->used);
        rs_writer_number(w, "value", reason->value);
        rs_writer_number(w, "limit", reason->limit);
        rs_writer_text(w, "unit", info->unit);
        rs_writer_when(w, "at", reason->at);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

static void put_measured(struct rs_writer *w, const struct rs_demand *demand)
{
    rs_writer_text(w, "metric", demand->metric);
    rs_writer_text(w, "statistic", demand->statistic);
    rs_writer_count(w, "step_seconds", demand->step);
    rs_writer_number(w, "percentile", demand->percentile);
    rs_writer_number(w, "used", demand->used);
    rs_writer_when(w, "used_at", demand->used_at);
    rs_writer_number(w, "headroom", demand->headroom);
    rs_writer_number(w, "need", demand->need);
    rs_writer_number(w, "mean", demand->mean);
    rs_writer_number(w, "peak", demand->peak);
    rs_writer_when(w, "peak_at", demand->peak_at);
    rs_writer_count(w, "samples", (int64_t)demand->samples);
    rs_writer_number(w, "coverage", demand->coverage);
    rs_writer_rounded(w, "utilisation_percent", 100.0 * demand->used / demand->capacity);
}

static void put_demand(struct rs_writer *w, const struct rs_advice *advice)
{
    rs_writer_object(w, "demand");
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        const struct rs_dimension_info *info = rs_dimension_info((enum rs_dimension)d);
        rs_writer_object(w, info->name);
        rs_writer_bool(w, "known", advice->demand[d].known);
        rs_writer_text(w, "unit", info->unit);
        rs_writer_number(w, "capacity", advice->demand[d].capacity);
        if (advice->demand[d].known) {
            put_measured(w, &advice->demand[d]);
        }
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

/* One number per dimension; the unknown ones are absent. */
static void put_dimensions(struct rs_writer *w, const char *key, const double *values,
                           double factor)
{
    rs_writer_object(w, key);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (isfinite(values[d])) {
            rs_writer_rounded(w, rs_dimension_info((enum rs_dimension)d)->name, factor * values[d]);
        }
    }
    rs_writer_end(w);
}

static void put_differences(struct rs_writer *w, unsigned differences)
{
    rs_writer_array(w, "platform_differences");
    for (unsigned bit = 1; bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((differences & bit) != 0) {
            rs_writer_text(w, NULL, rs_difference_name(bit));
        }
    }
    rs_writer_end(w);
}

static void put_option(struct rs_writer *w, const struct rs_option_offer *option, size_t rank,
                       const char *currency)
{
    rs_writer_object(w, NULL);
    rs_writer_count(w, "rank", (int64_t)rank);
    rs_writer_text(w, "type", option->offer->type);
    put_shape(w, option->offer);
    put_money(w, "monthly", currency, option->monthly_price);
    put_money(w, "saving_monthly", currency, option->monthly_saving);
    put_money(w, "crowding_monthly", currency, option->monthly_charge);
    rs_writer_rounded(w, "saving_percent", 100.0 * option->saving_share);
    rs_writer_bool(w, "price_estimated", is_estimated(option->offer));
    rs_writer_rounded(w, "performance_risk", option->performance_risk);
    put_dimensions(w, "risk", option->risk, 1.0);
    put_dimensions(w, "projected", option->utilisation, 100.0);
    put_dimensions(w, "projected_peak", option->peak_utilisation, 100.0);
    rs_writer_text(w, "binding", rs_dimension_info(option->binding)->name);
    put_differences(w, option->differences);
    rs_writer_text(w, "migration_effort", option->migration_effort);
    rs_writer_rounded(w, "lowest_credits", option->lowest_credits);
    rs_writer_when(w, "lowest_credits_at",
                   isnan(option->lowest_credits) ? -1 : option->lowest_credits_at);
    rs_writer_end(w);
}

static void put_elsewhere(struct rs_writer *w, const struct rs_elsewhere *other)
{
    const struct rs_catalog_info *info = other->catalog;
    rs_writer_object(w, NULL);
    rs_writer_text(w, "provider", info->provider);
    rs_writer_text(w, "region", info->region);
    rs_writer_bool(w, "region_is_default", other->region_is_default);
    rs_writer_text(w, "currency", info->currency);
    rs_writer_text(w, "price_date", info->price_date);
    rs_writer_text(w, "type", other->found ? other->option.offer->type : NULL);
    if (other->found) {
        put_shape(w, other->option.offer);
        put_money(w, "monthly", info->currency, other->option.monthly_price);
        rs_writer_bool(w, "price_estimated", is_estimated(other->option.offer));
        put_dimensions(w, "projected", other->option.utilisation, 100.0);
        rs_writer_array(w, "unjudged");
        for (int d = 0; d < RS_DIM_COUNT; d++) {
            if ((other->unjudged & 1U << d) != 0) {
                rs_writer_text(w, NULL, rs_dimension_info((enum rs_dimension)d)->name);
            }
        }
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

static void put_notes(struct rs_writer *w, const struct rs_advice *advice)
{
    rs_writer_object(w, "rejected_types");
    for (size_t i = 0; i < advice->gate_count; i++) {
        rs_writer_count(w, advice->gates[i].gate, (int64_t)advice->gates[i].rejected);
    }
    rs_writer_end(w);
    rs_writer_array(w, "notes");
    for (size_t i = 0; i < advice->note_count; i++) {
        rs_writer_object(w, NULL);
        rs_writer_text(w, "code", advice->notes[i].code);
        rs_writer_text(w, "text", advice->notes[i].text);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

static void put_entry(struct rs_writer *w, const struct rs_report *report,
                      const struct rs_entry *entry)
{
    const struct rs_advice *advice = &entry->advice;
    const char *currency = rs_entry_currency(entry);
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    rs_writer_object(w, NULL);
    put_resource(w, entry);
    put_current(w, entry);
    rs_writer_text(w, "finding", rs_finding_name(advice->finding));
    rs_writer_text(w, "confidence", rs_confidence_name(advice->confidence));
    put_window(w, report, advice);
    rs_writer_text(w, "currency", currency);
    if (choice != NULL) {
        rs_writer_count(w, "recommended_rank", 1 + (choice - advice->options));
    } else {
        rs_writer_null(w, "recommended_rank");
    }
    put_money(w, "saving_monthly", currency, rs_entry_saving(entry));
    put_money(w, "memory_unlock_monthly", currency, advice->memory_unlock_monthly);
    put_reasons(w, advice);
    put_demand(w, advice);
    rs_writer_text(w, "binding",
                   advice->binding_known ? rs_dimension_info(advice->binding)->name : NULL);
    rs_writer_array(w, "options");
    for (size_t i = 0; i < advice->option_count; i++) {
        put_option(w, &advice->options[i], i + 1, currency);
    }
    rs_writer_end(w);
    rs_writer_array(w, "elsewhere");
    for (size_t i = 0; i < entry->elsewhere_count; i++) {
        put_elsewhere(w, &entry->elsewhere[i]);
    }
    rs_writer_end(w);
    put_notes(w, advice);
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
    rs_writer_array(&w, "recommendations");
}

static void write_entry(const struct rs_report *report, const struct rs_entry *entry,
                        struct rs_buffer *out)
{
    struct rs_writer w;
    rs_writer_resume(&w, out, INSIDE, false);
    put_entry(&w, report, entry);
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
