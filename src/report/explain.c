/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"

#include "report/human.h"
#include "report/page.h"
#include "report/why.h"

#include <math.h>
#include <string.h>

#define GIB 1073741824.0

void rs_explain_line(struct rs_buffer *out, const struct rs_page *page, size_t indent, size_t hang,
                     struct rs_buffer *line)
{
    if (line->length > 0) {
        rs_page_paragraph(out, page, indent, hang, line->data);
    }
    out->failed = out->failed || line->failed;
    rs_buffer_clear(line);
}

void rs_explain_heading(struct rs_buffer *out, const char *text)
{
    rs_buffer_printf(out, "\n%s\n", text);
}

static void put_identity(const struct rs_entry *entry, const struct rs_page *page,
                         struct rs_buffer *line)
{
    const struct {
        const char *before, *text;
    } parts[] = {{", ", entry->provider},
                 {" ", entry->region},
                 {", account ", entry->account},
                 {", ", entry->state},
                 {", ", entry->platform}};
    if (entry->name != NULL && entry->name[0] != '\0') {
        rs_page_text(line, page, entry->name);
        rs_buffer_char(line, ' ');
    }
    rs_page_text(line, page, entry->id);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].text != NULL) {
            rs_buffer_text(line, parts[i].before);
            rs_page_text(line, page, parts[i].text);
        }
    }
}

static void put_today(const struct rs_entry *entry, const struct rs_page *page,
                      struct rs_buffer *line)
{
    const struct rs_offer *offer = entry->advice.current;
    char vcpus[RS_HUMAN_TEXT], memory[RS_HUMAN_TEXT], money[RS_HUMAN_TEXT];
    rs_buffer_text(line, "Today: ");
    rs_page_text(line, page, entry->type != NULL ? entry->type : "type unknown");
    if (offer == NULL) {
        rs_buffer_text(line, ", not in the catalog");
        return;
    }
    rs_human_amount(offer->vcpus, RS_DIM_CPU, vcpus);
    rs_human_amount(offer->memory_bytes, RS_DIM_MEMORY, memory);
    rs_buffer_printf(line, ", %s, %s", vcpus, memory);
    if (offer->architecture != NULL) {
        rs_buffer_text(line, ", ");
        rs_page_text(line, page, offer->architecture);
    }
    if (isnan(entry->advice.current_monthly)) {
        rs_buffer_text(line, ", price unknown");
        return;
    }
    rs_human_money(entry->advice.current_monthly, rs_entry_currency(entry), money);
    bool surplus = entry->advice.current_monthly > 1.00001 * offer->price * RS_HOURS_PER_MONTH;
    rs_buffer_printf(line, ", %s a month on demand%s%s", money,
                     surplus ? " with surplus CPU credits" : "",
                     (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0 ? " (estimated)" : "");
}

static void put_keep(const struct rs_entry *entry, struct rs_buffer *line)
{
    const struct rs_advice *advice = &entry->advice;
    char money[RS_HUMAN_TEXT];
    if (advice->finding == RS_FINDING_UNKNOWN) {
        rs_buffer_text(line, "; no recommendation");
    } else if (advice->finding == RS_FINDING_IDLE && !isnan(advice->current_monthly)) {
        rs_human_money(advice->current_monthly, rs_entry_currency(entry), money);
        rs_buffer_printf(line, "; to stop it would save %s a month", money);
    } else {
        rs_buffer_text(line, "; nothing better to move to");
    }
}

static void put_answer(const struct rs_entry *entry, const struct rs_page *page,
                       struct rs_buffer *line)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    const char *currency = rs_entry_currency(entry);
    char money[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    rs_buffer_printf(line, "Answer: %s, confidence %s", rs_finding_name(entry->advice.finding),
                     rs_confidence_name(entry->advice.confidence));
    if (choice == NULL) {
        put_keep(entry, line);
        return;
    }
    rs_human_money(choice->monthly_price, currency, money);
    rs_buffer_text(line, entry->advice.finding == RS_FINDING_OPTIMIZED ? "; would cost less as "
                                                                       : "; move to ");
    rs_page_text(line, page, choice->offer->type);
    rs_buffer_printf(line, ", %s a month", money);
    if (isfinite(choice->monthly_saving)) {
        rs_human_money(fabs(choice->monthly_saving), currency, money);
        rs_human_share(fabs(choice->saving_share), share);
        rs_buffer_printf(line, choice->monthly_saving < 0.0 ? ", %s (%s) more" : ", saves %s (%s)",
                         money, share);
    }
}

static void put_data(const struct rs_entry *entry, const struct rs_report *report,
                     const struct rs_page *page, struct rs_buffer *out, struct rs_buffer *line)
{
    const struct rs_advice *advice = &entry->advice;
    char from[RS_HUMAN_TEXT], to[RS_HUMAN_TEXT], span[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    rs_human_when(report->window.from, from);
    rs_human_when(report->window.to, to);
    rs_human_span(report->window.to - report->window.from, span);
    rs_buffer_printf(line, "Window: %s to %s UTC (%s)", from, to, span);
    if (report->policy != NULL) {
        rs_buffer_text(line, ", policy ");
        rs_page_text(line, page, report->policy->name);
    }
    rs_explain_line(out, page, 2, 0, line);
    if (advice->data_from < 0) {
        rs_buffer_text(line, "Samples: none");
        rs_explain_line(out, page, 2, 0, line);
        return;
    }
    rs_human_when(advice->data_from, from);
    rs_human_when(advice->data_to, to);
    rs_human_share(advice->coverage, share);
    rs_buffer_printf(line, "Samples: %zu, %s to %s UTC, %s of the window", advice->samples, from,
                     to, share);
    rs_human_share(advice->running_share, share);
    rs_buffer_printf(line, ", %s of the time between the first and the last", share);
    rs_explain_line(out, page, 2, 0, line);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        const struct rs_demand *demand = &advice->demand[d];
        if (demand->known && demand->metric != NULL) {
            rs_buffer_printf(line, "%s%s", line->length > 0 ? ", " : "Metrics: ", demand->metric);
        }
    }
    if (line->length > 0) {
        rs_explain_line(out, page, 2, 0, line);
    }
}

static void put_reason(const struct rs_entry *entry, const struct rs_reason *reason,
                       const struct rs_page *page, struct rs_buffer *line)
{
    const struct rs_dimension_info *info = rs_dimension_info(reason->dimension);
    bool under = info->under != NULL && strcmp(reason->code, info->under) == 0;
    char need[RS_HUMAN_TEXT], used[RS_HUMAN_TEXT], limit[RS_HUMAN_TEXT], at[RS_WHEN_TEXT] = "?";
    rs_human_amount(reason->value, reason->dimension, need);
    rs_human_amount(reason->used, reason->dimension, used);
    rs_human_amount(reason->limit, reason->dimension, limit);
    if (reason->at >= 0) {
        rs_when_format(reason->at, at);
    }
    bool credits = reason == rs_why_credits(&entry->advice);
    rs_buffer_printf(line, "%s: %s needed (%s used%s%s), ", reason->code, need, used,
                     credits ? "" : " at ", credits ? "" : at);
    if (under || entry->advice.option_count == 0) {
        rs_page_text(line, page, entry->type != NULL ? entry->type : "today's type");
    } else { /* though its group keeps it from that */
        rs_page_text(line, page, entry->advice.options[0].offer->type);
    }
    rs_buffer_printf(line, " has %s", limit);
    if (credits) {
        rs_buffer_printf(line, " without CPU credits, first at %s", at);
    }
}

static void put_findings(const struct rs_entry *entry, const struct rs_page *page,
                         struct rs_buffer *out, struct rs_buffer *line)
{
    const struct rs_advice *advice = &entry->advice;
    if (advice->reason_count + advice->note_count > 0) {
        rs_explain_heading(out, "Why");
    }
    for (size_t i = 0; i < advice->reason_count; i++) {
        put_reason(entry, &advice->reasons[i], page, line);
        rs_explain_line(out, page, 4, 2, line);
    }
    for (size_t i = 0; i < advice->note_count; i++) {
        rs_buffer_printf(line, "%s: ", advice->notes[i].code);
        rs_page_text(line, page, advice->notes[i].text);
        rs_explain_line(out, page, 4, 2, line);
    }
}

/* The gates with the most types first; equal ones in the order they are asked. */
static void put_gates(const struct rs_advice *advice, struct rs_buffer *line)
{
    bool told[RS_MAX_GATES] = {false};
    for (size_t n = 0; n < advice->gate_count; n++) {
        size_t best = advice->gate_count;
        for (size_t i = 0; i < advice->gate_count; i++) {
            if (!told[i] && (best == advice->gate_count ||
                             advice->gates[i].rejected > advice->gates[best].rejected)) {
                best = i;
            }
        }
        told[best] = true;
        rs_buffer_printf(line, "%s%zu %s", n > 0 ? "; " : "", advice->gates[best].rejected,
                         advice->gates[best].gate);
    }
}

static enum rs_status put_decision(const struct rs_entry *entry, const struct rs_report *report,
                                   const struct rs_page *page, struct rs_buffer *out,
                                   struct rs_buffer *line, struct rs_error *err)
{
    const struct rs_advice *advice = &entry->advice;
    const struct rs_catalog_info *info = entry->catalog;
    size_t rejected = 0;
    for (size_t i = 0; i < advice->gate_count; i++) {
        rejected += advice->gates[i].rejected;
    }
    if (rejected + advice->option_count == 0) {
        return RS_OK;
    }
    rs_explain_heading(out, "Choice");
    if (info != NULL) {
        rs_buffer_printf(line, "%zu types have a price in ", info->priced);
        rs_page_text(line, page, info->region != NULL ? info->region : "this region");
        rs_buffer_text(line, " (");
        rs_page_text(line, page, info->price_date != NULL ? info->price_date : "date unknown");
        rs_buffer_text(line, "). ");
    }
    if (rejected > 0) {
        rs_buffer_printf(line, "%zu types of the catalog fell out: ", rejected);
        put_gates(advice, line);
    }
    rs_explain_line(out, page, 2, 0, line);
    return advice->option_count > 0 ? rs_explain_options(entry, report->policy, page, out, err)
                                    : RS_OK;
}

static void put_other(const struct rs_elsewhere *other, const struct rs_page *page,
                      struct rs_buffer *line)
{
    char money[RS_HUMAN_TEXT];
    rs_page_text(line, page, other->catalog->provider);
    rs_buffer_char(line, ' ');
    rs_page_text(line, page, other->catalog->region);
    rs_buffer_text(line, other->region_is_default ? " (the default region): " : ": ");
    if (!other->found) {
        rs_buffer_text(line, "no type there holds it");
        return;
    }
    rs_human_money(other->option.monthly_price, other->catalog->currency, money);
    rs_page_text(line, page, other->option.offer->type);
    rs_buffer_printf(line, ", %.4g vCPU, %.4g GiB, %s a month, prices of ",
                     other->option.offer->vcpus, other->option.offer->memory_bytes / GIB, money);
    rs_page_text(line, page, other->catalog->price_date);
    const char *separator = "; not judged, since no limit is known there: ";
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if ((other->unjudged & 1U << d) != 0) {
            rs_buffer_printf(line, "%s%s", separator,
                             rs_dimension_info((enum rs_dimension)d)->title);
            separator = ", ";
        }
    }
}

static void put_elsewhere(const struct rs_entry *entry, const struct rs_page *page,
                          struct rs_buffer *out, struct rs_buffer *line)
{
    if (entry->elsewhere_count > 0) {
        rs_explain_heading(out, "The same workload elsewhere");
    }
    for (size_t i = 0; i < entry->elsewhere_count; i++) {
        put_other(&entry->elsewhere[i], page, line);
        rs_explain_line(out, page, 4, 2, line);
    }
}

static void put_confidence(const struct rs_entry *entry, const struct rs_report *report,
                           struct rs_buffer *line)
{
    const struct rs_advice *advice = &entry->advice;
    char span[RS_HUMAN_TEXT], least[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    rs_human_span(advice->data_from < 0 ? 0 : advice->data_to - advice->data_from, span);
    rs_human_share(advice->coverage, share);
    rs_buffer_printf(line, "Confidence is %s: %s of data", rs_confidence_name(advice->confidence),
                     span);
    if (report->policy != NULL) {
        rs_human_span(report->policy->min_data, least);
        rs_buffer_printf(line, " (at least %s are asked for)", least);
    }
    rs_buffer_printf(line, ", %s of the window has samples, ", share);
    if (advice->current == NULL) { /* percentages of an unknown machine may well be there */
        rs_buffer_text(line, "percentages of CPU and memory say nothing without the type's size");
        return;
    }
    rs_buffer_printf(line, "CPU is %s, memory is %s",
                     advice->demand[RS_DIM_CPU].known ? "measured" : "not measured",
                     advice->demand[RS_DIM_MEMORY].known ? "measured" : "not measured");
}

enum rs_status rs_explain(const struct rs_entry *entry, const struct rs_report *report,
                          const struct rs_page *page, struct rs_buffer *out, struct rs_error *err)
{
    struct rs_buffer line;
    rs_buffer_init(&line);
    put_identity(entry, page, &line);
    rs_explain_line(out, page, 2, 2, &line);
    put_today(entry, page, &line);
    rs_explain_line(out, page, 4, 2, &line);
    put_answer(entry, page, &line);
    rs_explain_line(out, page, 4, 2, &line);
    rs_explain_heading(out, "Data");
    put_data(entry, report, page, out, &line);
    rs_explain_heading(out, "Demand");
    enum rs_status rc = rs_explain_demand(entry, page, out, err);
    if (rc == RS_OK) {
        rs_explain_shape(entry, page, out, &line);
        rc = put_decision(entry, report, page, out, &line, err);
    }
    if (rc == RS_OK) {
        rc = rs_explain_outlook(entry, page, out, err);
    }
    if (rc == RS_OK) {
        rs_explain_resize(entry, page, out, &line);
        put_findings(entry, page, out, &line);
        put_elsewhere(entry, page, out, &line);
        rs_buffer_char(out, '\n');
        put_confidence(entry, report, &line);
        rs_explain_line(out, page, 2, 2, &line);
        rs_explain_bootstrap(entry, &line);
        rs_explain_line(out, page, 2, 2, &line);
        rc = rs_buffer_status(out, err);
    }
    rs_buffer_release(&line);
    return rc;
}
