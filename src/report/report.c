/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/report.h"

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
        free(report->entries[i].memory);
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
    entry->memory = NULL;
}

void rs_entry_add_elsewhere(struct rs_entry *entry, const struct rs_elsewhere *elsewhere)
{
    if (entry->elsewhere_count < RS_MAX_ELSEWHERE) {
        entry->elsewhere[entry->elsewhere_count++] = *elsewhere;
    }
}

static size_t size_of(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

/* Points *text to a copy of it at *place, and that behind the copy. */
static void move_text(const char **text, char **place)
{
    size_t size = size_of(*text);
    if (size > 0) {
        memcpy(*place, *text, size);
        *text = *place;
        *place += size;
    }
}

/* All texts of an entry in one block: ten thousand entries are as many blocks, not ten times. */
static enum rs_status own_texts(struct rs_entry *entry, struct rs_error *err)
{
    const char **texts[] = {&entry->id,
                            &entry->name,
                            &entry->provider,
                            &entry->account,
                            &entry->region,
                            &entry->type,
                            &entry->state,
                            &entry->zone,
                            &entry->platform,
                            &entry->advice.resize.from,
                            &entry->advice.resize.to};
    const size_t count = sizeof(texts) / sizeof(texts[0]);
    size_t size = entry->tag_count * sizeof(*entry->tags);
    for (size_t i = 0; i < count; i++) {
        size += size_of(*texts[i]);
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        size += size_of(entry->tags[i].key) + size_of(entry->tags[i].value);
    }
    struct rs_tag *tags = malloc(size);
    if (tags == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the texts of a resource");
    }
    char *place = (char *)(tags + entry->tag_count);
    for (size_t i = 0; i < count; i++) {
        move_text(texts[i], &place);
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        tags[i] = entry->tags[i];
        move_text(&tags[i].key, &place);
        move_text(&tags[i].value, &place);
    }
    entry->tags = tags;
    entry->memory = tags;
    return RS_OK;
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

enum rs_status rs_report_add(struct rs_report *report, const struct rs_entry *entry,
                             struct rs_error *err)
{
    enum rs_status rc = reserve_one(report, err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_entry *copy = &report->entries[report->count];
    *copy = *entry;
    copy->curve = NULL;
    if ((rc = own_texts(copy, err)) == RS_OK) {
        report->count++;
    }
    return rc;
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
    struct rs_gist x, y;
    rs_gist_of(a, &x);
    rs_gist_of(b, &y);
    return rs_gist_compare(&x, &y, order);
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
    struct rs_gist gist;
    *out = (struct rs_totals){.currency = NULL};
    for (size_t i = 0; i < report->count; i++) {
        rs_gist_of(&report->entries[i], &gist);
        out->currency = rs_totals_currency(out->currency, &gist);
    }
    for (size_t i = 0; i < report->count; i++) {
        rs_gist_of(&report->entries[i], &gist);
        rs_totals_add(out, &gist);
    }
}
