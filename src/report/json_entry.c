/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_parts.h"
#include "report/why.h"
#include "rightsize/group.h"

#include <math.h>
#include <string.h>

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
    rs_writer_row(w, "tags");
    for (size_t i = 0; i < entry->tag_count; i++) {
        if (entry->tags[i].key != NULL && !is_repeated(entry, i)) {
            const char *value = entry->tags[i].value;
            rs_writer_outside(w, entry->tags[i].key, value != NULL ? value : "");
        }
    }
    rs_writer_end(w);
    rs_writer_end(w);
}

static void put_current(struct rs_writer *w, const struct rs_entry *entry)
{
    rs_json_open(w, "current", rs_json_has_shares(entry->advice.current_short));
    rs_writer_text(w, "type", entry->type);
    rs_json_shape(w, entry->advice.current);
    rs_json_money(w, RS_MONEY("monthly"), rs_entry_currency(entry), entry->advice.current_monthly);
    rs_writer_bool(w, "price_estimated", rs_json_estimated(entry->advice.current));
    if (entry->advice.current_speed > 0.0) {
        rs_writer_rounded(w, "speed", entry->advice.current_speed);
    }
    rs_json_shares(w, "short_share", entry->advice.current_short);
    rs_writer_end(w);
}

static void put_window(struct rs_writer *w, const struct rs_report *report,
                       const struct rs_advice *advice)
{
    rs_writer_row(w, "window");
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
        rs_writer_row(w, NULL);
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

static void put_measured(struct rs_writer *w, const struct rs_demand *demand, bool resampled)
{
    rs_writer_text(w, "metric", demand->metric);
    rs_writer_text(w, "statistic", demand->statistic);
    rs_writer_count(w, "step_seconds", demand->step);
    rs_writer_number(w, "percentile", demand->percentile);
    rs_writer_number(w, "used", demand->used);
    rs_writer_when(w, "used_at", demand->used_at);
    rs_writer_number(w, "headroom", demand->headroom);
    rs_writer_number(w, "need", demand->need);
    if (resampled && isfinite(demand->need_low) && isfinite(demand->need_high)) {
        rs_writer_number(w, "need_low", demand->need_low);
        rs_writer_number(w, "need_high", demand->need_high);
    }
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
        if (!rs_why_concerns(advice, (enum rs_dimension)d)) {
            continue;
        }
        rs_writer_row(w, info->name);
        rs_writer_bool(w, "known", advice->demand[d].known);
        rs_writer_text(w, "unit", info->unit);
        rs_writer_number(w, "capacity", advice->demand[d].capacity);
        if (advice->demand[d].known) {
            put_measured(w, &advice->demand[d], advice->bootstrap.resamples > 0);
        }
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

static void put_observations(struct rs_writer *w, const struct rs_advice *advice,
                             const char *currency)
{
    rs_writer_array(w, "observations");
    for (size_t i = 0; i < advice->observation_count; i++) {
        const struct rs_observation *seen = &advice->observations[i];
        const struct {
            const char *key;
            double value;
        } rows[] = {{"value", seen->value},
                    {"reference", seen->reference},
                    {"strength", seen->strength},
                    {"p", seen->p}};
        rs_writer_row(w, NULL);
        rs_writer_text(w, "code", seen->code);
        rs_writer_text(w, "dimension", rs_dimension_info(seen->dimension)->name);
        rs_writer_when(w, "from", seen->from);
        rs_writer_when(w, "to", seen->to);
        for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            if (isfinite(rows[k].value)) {
                rs_writer_number(w, rows[k].key, rows[k].value);
            }
        }
        if (isfinite(seen->monthly_saving)) {
            rs_json_money(w, RS_MONEY("saving_monthly"), currency, seen->monthly_saving);
        }
        rs_writer_text(w, "text", seen->text);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

static void put_bootstrap(struct rs_writer *w, const struct rs_bootstrap *bootstrap)
{
    rs_writer_row(w, "bootstrap");
    rs_writer_count(w, "resamples", bootstrap->resamples);
    rs_writer_count(w, "days", bootstrap->days);
    rs_writer_rounded(w, "same_percent", 100.0 * bootstrap->same);
    rs_writer_rounded(w, "same_finding_percent", 100.0 * bootstrap->same_finding);
    rs_writer_end(w);
}

static void put_resize(struct rs_writer *w, const struct rs_resize *resize, const char *currency)
{
    rs_writer_object(w, "resize");
    rs_writer_text(w, "from", resize->from);
    rs_writer_text(w, "to", resize->to);
    rs_writer_when(w, "at", resize->at);
    rs_json_money(w, RS_MONEY("monthly_before"), currency, resize->monthly_before);
    rs_json_money(w, RS_MONEY("monthly_after"), currency, resize->monthly_after);
    rs_json_money(w, RS_MONEY("saving_monthly"), currency,
                  resize->monthly_before - resize->monthly_after);
    rs_json_dimensions(w, "short_before", resize->short_before, 1.0);
    rs_json_dimensions(w, "short_after", resize->short_after, 1.0);
    rs_json_bits(w, "regressed", resize->regressed);
    rs_writer_end(w);
}

static void put_group(struct rs_writer *w, const struct rs_group_answer *group)
{
    static const char *const verdicts[] = {[RS_GROUP_ALONE] = "alone",
                                           [RS_GROUP_UNTOLD] = "untold",
                                           [RS_GROUP_KEEP] = "keep",
                                           [RS_GROUP_MOVE] = "move",
                                           [RS_GROUP_NONE] = "none"};
    rs_writer_row(w, "group");
    rs_writer_text(w, "kind", group->kind == RS_GROUP_SCALING ? "auto_scaling_group" : "role");
    rs_writer_text(w, "name", group->name);
    rs_writer_text(w, "verdict", verdicts[group->verdict]);
    rs_writer_count(w, "members", (int64_t)group->members);
    rs_writer_count(w, "judged", (int64_t)group->judged);
    rs_writer_text(w, "type", group->offer != NULL ? group->offer->type : NULL);
    rs_writer_text(w, "outlier", group->outlier);
    rs_writer_text(w, "type_without_outlier", group->without != NULL ? group->without->type : NULL);
    rs_writer_end(w);
}

static void put_notes(struct rs_writer *w, const struct rs_advice *advice)
{
    rs_writer_row(w, "rejected_types");
    for (size_t i = 0; i < advice->gate_count; i++) {
        rs_writer_count(w, advice->gates[i].gate, (int64_t)advice->gates[i].rejected);
    }
    rs_writer_end(w);
    rs_writer_array(w, "notes");
    for (size_t i = 0; i < advice->note_count; i++) {
        rs_writer_row(w, NULL);
        rs_writer_text(w, "code", advice->notes[i].code);
        rs_writer_text(w, "text", advice->notes[i].text);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}

void rs_json_entry(struct rs_writer *w, const struct rs_report *report,
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
    rs_json_money(w, RS_MONEY("saving_monthly"), currency, rs_entry_saving(entry));
    rs_json_money(w, RS_MONEY("memory_unlock_monthly"), currency, advice->memory_unlock_monthly);
    put_reasons(w, advice);
    put_demand(w, advice);
    rs_writer_text(w, "binding",
                   advice->binding_known ? rs_dimension_info(advice->binding)->name : NULL);
    rs_writer_array(w, "options");
    for (size_t i = 0; i < advice->option_count; i++) {
        rs_json_option(w, &advice->options[i], i + 1, currency);
    }
    rs_writer_end(w);
    rs_writer_array(w, "elsewhere");
    for (size_t i = 0; i < entry->elsewhere_count; i++) {
        rs_json_elsewhere(w, &entry->elsewhere[i]);
    }
    rs_writer_end(w);
    put_observations(w, advice, currency);
    if (advice->bootstrap.resamples > 0) {
        put_bootstrap(w, &advice->bootstrap);
    }
    if (advice->resize.from != NULL) {
        put_resize(w, &advice->resize, currency);
    }
    if (advice->group != NULL) {
        put_group(w, advice->group);
    }
    if (entry->curve != NULL) {
        rs_json_curve(w, entry->curve, currency);
    }
    put_notes(w, advice);
    rs_writer_end(w);
}
