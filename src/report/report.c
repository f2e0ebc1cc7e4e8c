/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/packed.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void rs_report_init(struct rs_report *report)
{
    *report = (struct rs_report){0};
}

void rs_report_release(struct rs_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->entries[i]);
    }
    free(report->entries);
    *report = (struct rs_report){0};
}

void rs_entry_borrow(struct rs_entry *entry, const struct rs_resource *resource,
                     const struct rs_catalog_info *catalog)
{
    assert(resource->id != NULL);
    entry->id = resource->id;
    entry->name = resource->name;
    entry->provider = resource->provider;
    entry->account = resource->account;
    entry->region = resource->region;
    entry->zone = resource->zone;
    entry->type = resource->type;
    entry->state = resource->state;
    entry->platform = resource->platform;
    entry->tags = resource->tags;
    entry->tag_count = resource->tag_count;
    entry->catalog = catalog;
    entry->elsewhere_count = 0;
    entry->curve = NULL;
}

void rs_entry_add_elsewhere(struct rs_entry *entry, const struct rs_elsewhere *elsewhere)
{
    if (entry->elsewhere_count < RS_MAX_ELSEWHERE) {
        entry->elsewhere[entry->elsewhere_count++] = *elsewhere;
    }
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
    struct rs_packed **grown = realloc(report->entries, wanted * sizeof(*grown));
    if (grown == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu resources", wanted);
    }
    report->entries = grown;
    report->capacity = wanted;
    return RS_OK;
}

enum rs_status rs_report_add(struct rs_report *report, const struct rs_entry *entry,
                             struct rs_error *err)
{
    enum rs_status rc = reserve_one(report, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_packed *packed = rs_packed_of(entry);
    if (packed == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the advice on a resource");
    }
    report->entries[report->count++] = packed;
    return RS_OK;
}

void rs_report_entry(const struct rs_report *report, size_t i, struct rs_entry *out)
{
    rs_packed_open(report->entries[i], out);
}

const struct rs_gist *rs_report_gist(const struct rs_report *report, size_t i)
{
    return rs_packed_gist(report->entries[i]);
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

bool rs_filter_wants(const struct rs_report_filter *filter, const struct rs_entry *entry)
{
    return has_text(entry->region, filter->region) &&
           (filter->tag_key == NULL || has_tag(entry, filter->tag_key, filter->tag_value));
}

bool rs_filter_passes(const struct rs_report_filter *filter, const struct rs_entry *entry)
{
    return (filter->finding < 0 || filter->finding == (int)entry->advice.finding) &&
           (isnan(filter->min_saving) || rs_entry_saving(entry) >= filter->min_saving);
}

static int compare(const void *a, const void *b, enum rs_report_order order)
{
    const struct rs_packed *const *x = a, *const *y = b;
    return rs_gist_compare(rs_packed_gist(*x), rs_packed_gist(*y), order);
}

static int by_saving(const void *a, const void *b)
{
    return compare(a, b, RS_ORDER_SAVING);
}

static int by_id(const void *a, const void *b)
{
    return compare(a, b, RS_ORDER_ID);
}

static int by_name(const void *a, const void *b)
{
    return compare(a, b, RS_ORDER_NAME);
}

static int by_cost(const void *a, const void *b)
{
    return compare(a, b, RS_ORDER_COST);
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

void rs_report_totals(const struct rs_report *report, struct rs_totals *out)
{
    *out = (struct rs_totals){.currency = NULL};
    for (size_t i = 0; i < report->count; i++) {
        out->currency = rs_totals_currency(out->currency, rs_report_gist(report, i));
    }
    for (size_t i = 0; i < report->count; i++) {
        rs_totals_add(out, rs_report_gist(report, i));
    }
}
