/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/report.h"

#include "rightsize/text.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void rs_report_init(struct rs_report *report)
{
    *report = (struct rs_report){0};
}

static void entry_release(struct rs_entry *entry)
{
    char *texts[] = {entry->id,     entry->name, entry->provider, entry->account,
                     entry->region, entry->type, entry->state,    entry->platform};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        free(texts[i]);
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        free(entry->tags[i].key);
        free(entry->tags[i].value);
    }
    free(entry->tags);
    *entry = (struct rs_entry){0};
}

void rs_report_release(struct rs_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        entry_release(&report->entries[i]);
    }
    free(report->entries);
    *report = (struct rs_report){0};
}

static enum rs_status copy_tags(struct rs_entry *entry, const struct rs_resource *resource,
                                struct rs_error *err)
{
    if (resource->tag_count == 0) {
        return RS_OK;
    }
    entry->tags = calloc(resource->tag_count, sizeof(*entry->tags));
    if (entry->tags == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu tags", resource->tag_count);
    }
    entry->tag_count = resource->tag_count;
    for (size_t i = 0; i < resource->tag_count; i++) {
        enum rs_status rc = rs_text_copy(resource->tags[i].key, &entry->tags[i].key, err);
        if (rc == RS_OK) {
            rc = rs_text_copy(resource->tags[i].value, &entry->tags[i].value, err);
        }
        if (rc != RS_OK) {
            return rc;
        }
    }
    return RS_OK;
}

static enum rs_status copy_resource(struct rs_entry *entry, const struct rs_resource *resource,
                                    struct rs_error *err)
{
    const struct {
        const char *from;
        char **to;
    } texts[] = {{resource->id, &entry->id},
                 {resource->name, &entry->name},
                 {resource->provider, &entry->provider},
                 {resource->account, &entry->account},
                 {resource->region, &entry->region},
                 {resource->type, &entry->type},
                 {resource->state, &entry->state},
                 {resource->platform, &entry->platform}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        enum rs_status rc = rs_text_copy(texts[i].from, texts[i].to, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    return copy_tags(entry, resource, err);
}

static enum rs_status reserve_one(struct rs_report *report, struct rs_error *err)
{
    if (report->count < report->capacity) {
        return RS_OK;
    }
    size_t wanted = report->capacity == 0 ? 16 : 2 * report->capacity;
    if (wanted > SIZE_MAX / sizeof(*report->entries)) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu resources", wanted);
    }
    struct rs_entry *grown = realloc(report->entries, wanted * sizeof(*grown));
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu resources", wanted);
    }
    report->entries = grown;
    report->capacity = wanted;
    return RS_OK;
}

enum rs_status rs_report_add(struct rs_report *report, const struct rs_resource *resource,
                             const struct rs_advice *advice, const struct rs_catalog_info *catalog,
                             struct rs_error *err)
{
    assert(resource->id != NULL);
    struct rs_entry entry = {.advice = *advice, .catalog = catalog};
    enum rs_status rc = reserve_one(report, err);
    if (rc == RS_OK) {
        rc = copy_resource(&entry, resource, err);
    }
    if (rc != RS_OK) {
        entry_release(&entry);
        return rc;
    }
    report->entries[report->count++] = entry;
    return RS_OK;
}

void rs_report_add_elsewhere(struct rs_report *report, const struct rs_elsewhere *elsewhere)
{
    assert(report->count > 0);
    struct rs_entry *entry = &report->entries[report->count - 1];
    if (entry->elsewhere_count < RS_MAX_ELSEWHERE) {
        entry->elsewhere[entry->elsewhere_count++] = *elsewhere;
    }
}

const struct rs_option_offer *rs_entry_choice(const struct rs_entry *entry)
{
    const struct rs_advice *advice = &entry->advice;
    if (advice->option_count == 0 || advice->finding == RS_FINDING_UNKNOWN) {
        return NULL;
    }
    if (advice->finding == RS_FINDING_OPTIMIZED && !(advice->options[0].monthly_saving > 0.0)) {
        return NULL;
    }
    return &advice->options[0];
}

double rs_entry_saving(const struct rs_entry *entry)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    if (choice != NULL) {
        return choice->monthly_saving;
    }
    return entry->advice.finding == RS_FINDING_UNKNOWN ? NAN : 0.0;
}

const char *rs_entry_currency(const struct rs_entry *entry)
{
    return entry->catalog != NULL ? entry->catalog->currency : NULL;
}

static bool has_text(const char *have, const char *wanted)
{
    return wanted == NULL || (have != NULL && strcmp(have, wanted) == 0);
}

static bool has_tag(const struct rs_entry *entry, const char *key, const char *value)
{
    for (size_t i = 0; i < entry->tag_count; i++) {
        if (entry->tags[i].key != NULL && strcmp(entry->tags[i].key, key) == 0 &&
            has_text(entry->tags[i].value, value)) {
            return true;
        }
    }
    return false;
}

static bool passes(const struct rs_entry *entry, const struct rs_report_filter *filter)
{
    return has_text(entry->region, filter->region) &&
           (filter->tag_key == NULL || has_tag(entry, filter->tag_key, filter->tag_value)) &&
           (filter->finding < 0 || filter->finding == (int)entry->advice.finding) &&
           (isnan(filter->min_saving) || rs_entry_saving(entry) >= filter->min_saving);
}

void rs_report_filter(struct rs_report *report, const struct rs_report_filter *filter)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (passes(&report->entries[i], filter)) {
            report->entries[kept++] = report->entries[i];
        } else {
            entry_release(&report->entries[i]);
        }
    }
    report->count = kept;
}

static int compare_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a == NULL) - (b == NULL);
    }
    return strcmp(a, b);
}

static int compare_falling(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return (isnan(a) != 0) - (isnan(b) != 0);
    }
    return (a < b) - (a > b);
}

static int break_tie(const struct rs_entry *a, const struct rs_entry *b)
{
    int order = strcmp(a->id, b->id);
    if (order == 0) {
        order = compare_text(a->region, b->region);
    }
    return order != 0 ? order : compare_text(a->account, b->account);
}

static int by_saving(const void *a, const void *b)
{
    int order = compare_falling(rs_entry_saving(a), rs_entry_saving(b));
    return order != 0 ? order : break_tie(a, b);
}

static int by_id(const void *a, const void *b)
{
    return break_tie(a, b);
}

static int by_name(const void *a, const void *b)
{
    const struct rs_entry *x = a, *y = b;
    int order = compare_text(x->name, y->name);
    return order != 0 ? order : break_tie(x, y);
}

static int by_cost(const void *a, const void *b)
{
    const struct rs_entry *x = a, *y = b;
    int order = compare_falling(x->advice.current_monthly, y->advice.current_monthly);
    return order != 0 ? order : break_tie(x, y);
}

void rs_report_sort(struct rs_report *report, enum rs_report_order order)
{
    static int (*const orders[])(const void *, const void *) = {[RS_ORDER_SAVING] = by_saving,
                                                                [RS_ORDER_ID] = by_id,
                                                                [RS_ORDER_NAME] = by_name,
                                                                [RS_ORDER_COST] = by_cost};
    if (report->count > 1) {
        qsort(report->entries, report->count, sizeof(*report->entries), orders[order]);
    }
}

static bool is_terminated(const struct rs_entry *entry)
{
    return entry->state != NULL && strcmp(entry->state, "terminated") == 0;
}

static bool is_priced(const struct rs_entry *entry)
{
    return !isnan(entry->advice.current_monthly) && !is_terminated(entry);
}

static const char *currency_of(const struct rs_entry *entry)
{
    const char *currency = rs_entry_currency(entry);
    return currency != NULL ? currency : "USD";
}

static const char *sum_currency(const struct rs_report *report)
{
    const char *best = NULL;
    for (size_t i = 0; i < report->count; i++) {
        const struct rs_entry *entry = &report->entries[i];
        if (!is_priced(entry)) {
            continue;
        }
        const char *currency = currency_of(entry);
        if (strcmp(currency, "USD") == 0) {
            return currency;
        }
        if (best == NULL || strcmp(currency, best) < 0) {
            best = currency;
        }
    }
    return best;
}

static bool is_estimated(const struct rs_entry *entry)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    const struct rs_offer *offers[] = {entry->advice.current,
                                       choice != NULL ? choice->offer : NULL};
    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        if (offers[i] != NULL && !isnan(offers[i]->price) &&
            (offers[i]->flags & RS_OFFER_PRICE_ESTIMATED) != 0) {
            return true;
        }
    }
    return false;
}

static void add_prices(const struct rs_entry *entry, struct rs_totals *out)
{
    if (is_terminated(entry)) {
        return;
    }
    if (!is_priced(entry)) {
        out->unpriced++;
    } else if (strcmp(currency_of(entry), out->currency) != 0) {
        out->other_currency++;
    } else {
        const struct rs_option_offer *choice = rs_entry_choice(entry);
        double now = entry->advice.current_monthly;
        bool moves = choice != NULL && !isnan(choice->monthly_price);
        out->current_monthly += now;
        double then = moves ? choice->monthly_price : now;
        out->recommended_monthly += then;
        out->cheaper += then < now;
        out->dearer += then > now;
        out->cheaper_monthly += fmax(now - then, 0.0);
        out->dearer_monthly += fmax(then - now, 0.0);
        out->idle_monthly += entry->advice.finding == RS_FINDING_IDLE ? then : 0.0;
    }
}

void rs_report_totals(const struct rs_report *report, struct rs_totals *out)
{
    *out = (struct rs_totals){.resources = report->count, .currency = sum_currency(report)};
    for (size_t i = 0; i < report->count; i++) {
        const struct rs_entry *entry = &report->entries[i];
        out->by_finding[entry->advice.finding]++;
        out->memory_unknown += !entry->advice.demand[RS_DIM_MEMORY].known;
        out->low_confidence += entry->advice.confidence == RS_CONFIDENCE_LOW;
        out->estimated += is_estimated(entry);
        add_prices(entry, out);
    }
    out->saving_monthly = out->current_monthly - out->recommended_monthly;
}
