/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/catalog_diff.h"

#include "catalog/catalog_index.h"
#include "catalog/catalog_sheet.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

struct differ {
    rs_catalog_diff_fn *fn;
    void *payload;
};

static bool is_price(const char *column)
{
    return strcmp(column, "on_demand") == 0 || strcmp(column, "reserved_1y") == 0 ||
           strcmp(column, "reserved_3y") == 0;
}

static bool is_date(const char *column)
{
    return strcmp(column, "facts_date") == 0 || strcmp(column, "price_date") == 0;
}

static void report_cell(const struct differ *d, struct rs_catalog_difference *difference,
                        const struct rs_sheet_cell *a, const struct rs_sheet_cell *b)
{
    struct rs_buffer before, after;
    rs_buffer_init(&before);
    rs_buffer_init(&after);
    rs_sheet_cell_write(a, &before);
    rs_sheet_cell_write(b, &after);
    bool price = is_price(difference->column);
    difference->change = price ? RS_CHANGE_PRICE : RS_CHANGE_FACT;
    difference->before = before.data;
    difference->after = after.data;
    difference->percent =
        price && a->kind == RS_CELL_IS_NUMBER && b->kind == RS_CELL_IS_NUMBER && a->number > 0
            ? 100 * (b->number / a->number - 1)
            : NAN;
    d->fn(d->payload, difference);
    rs_buffer_release(&before);
    rs_buffer_release(&after);
}

/* Columns of both, then those that only the newer one has; one that went says nothing. */
static void diff_row(const struct differ *d, const struct rs_sheet *a,
                     const struct rs_sheet_cell *row_a, const struct rs_sheet *b,
                     const struct rs_sheet_cell *row_b, struct rs_catalog_difference *difference)
{
    static const struct rs_sheet_cell null = {RS_CELL_IS_NULL, 0, NULL};
    for (size_t c = 0; c < b->width; c++) {
        size_t at = rs_sheet_column(a, b->columns[c]);
        const struct rs_sheet_cell *old = at != RS_SHEET_NONE ? &row_a[at] : &null;
        if (c != b->key && !is_date(b->columns[c]) && !rs_sheet_same(old, &row_b[c])) {
            difference->column = b->columns[c];
            report_cell(d, difference, old, &row_b[c]);
        }
    }
}

static void diff_sheets(const struct differ *d, const struct rs_sheet *a, const struct rs_sheet *b)
{
    struct rs_catalog_difference base = {.provider = b->provider, .region = b->region};
    size_t i = 0, k = 0;
    while (i < a->count || k < b->count) {
        struct rs_catalog_difference difference = base;
        int order = i == a->count   ? 1
                    : k == b->count ? -1
                                    : strcmp(rs_sheet_key(a, i), rs_sheet_key(b, k));
        difference.type = order <= 0 ? rs_sheet_key(a, i) : rs_sheet_key(b, k);
        difference.percent = NAN;
        if (order == 0) {
            diff_row(d, a, a->rows[i], b, b->rows[k], &difference);
        } else {
            difference.change = order < 0 ? RS_CHANGE_REMOVED : RS_CHANGE_ADDED;
            d->fn(d->payload, &difference);
        }
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
    }
}

static enum rs_status diff_files(const struct differ *d, const char *before, const char *after,
                                 struct rs_error *err)
{
    struct rs_sheet a, b;
    enum rs_status rc = rs_sheet_read(before, &a, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_sheet_read(after, &b, err);
    if (rc == RS_OK) {
        if (a.kind == NULL || b.kind == NULL || strcmp(a.kind, b.kind) != 0) {
            rc = rs_fail(err, RS_EINPUT, "%s is of kind '%.20s' and %s of kind '%.20s'", before,
                         a.kind != NULL ? a.kind : "unknown", after,
                         b.kind != NULL ? b.kind : "unknown");
        } else {
            diff_sheets(d, &a, &b);
        }
        rs_sheet_release(&b);
    }
    rs_sheet_release(&a);
    return rc;
}

static const cJSON *find(const cJSON *array, const char *key, const char *name)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        const char *text = rs_json_optional_text(item, key);
        if (text != NULL && strcmp(text, name) == 0) {
            return item;
        }
    }
    return NULL;
}

static enum rs_status diff_entry(const struct differ *d, const char *const folders[2],
                                 const cJSON *const entries[2], const char *key,
                                 struct rs_error *err)
{
    struct rs_buffer before, after;
    rs_buffer_init(&before);
    rs_buffer_init(&after);
    enum rs_status rc = rs_catalog_index_path(folders[0], entries[0], key, &before, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_path(folders[1], entries[1], key, &after, err);
    }
    if (rc == RS_OK) {
        rc = diff_files(d, before.data, after.data, err);
    }
    rs_buffer_release(&before);
    rs_buffer_release(&after);
    return rc;
}

static void report_whole(const struct differ *d, enum rs_catalog_change change,
                         const char *provider, const char *region)
{
    const struct rs_catalog_difference difference = {
        .change = change, .provider = provider, .region = region, .percent = NAN};
    d->fn(d->payload, &difference);
}

/* What only `a` has: gone when a is the older one, new when it is the newer one. */
static void report_missing(const struct differ *d, const cJSON *a, const cJSON *b,
                           const char *provider, enum rs_catalog_change change)
{
    const char *key = provider != NULL ? "region" : "provider";
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, a)
    {
        const char *name = rs_json_optional_text(item, key);
        if (name != NULL && find(b, key, name) == NULL) {
            report_whole(d, change, provider != NULL ? provider : name,
                         provider != NULL ? name : NULL);
        }
    }
}

static enum rs_status diff_provider(const struct differ *d, const char *const folders[2],
                                    const cJSON *const entries[2], const char *provider,
                                    struct rs_error *err)
{
    const cJSON *before = rs_json_member(entries[0], "regions"), *region = NULL;
    const cJSON *after = rs_json_member(entries[1], "regions");
    enum rs_status rc = diff_entry(d, folders, entries, "types", err);
    report_missing(d, before, after, provider, RS_CHANGE_REMOVED);
    report_missing(d, after, before, provider, RS_CHANGE_ADDED);
    cJSON_ArrayForEach(region, after)
    {
        const char *name = rs_json_optional_text(region, "region");
        const cJSON *old = name != NULL ? find(before, "region", name) : NULL;
        const cJSON *const pair[2] = {old, region};
        if (rc == RS_OK && old != NULL) {
            rc = diff_entry(d, folders, pair, "prices", err);
        }
    }
    return rc;
}

static enum rs_status diff_folders(const struct differ *d, const char *before, const char *after,
                                   struct rs_error *err)
{
    const char *const folders[2] = {before, after};
    cJSON *a = NULL, *b = NULL;
    const cJSON *entry = NULL;
    enum rs_status rc = rs_catalog_index_load(before, &a, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_load(after, &b, err);
    }
    if (rc == RS_OK) {
        const cJSON *old = rs_json_member(a, "providers"), *new = rs_json_member(b, "providers");
        report_missing(d, old, new, NULL, RS_CHANGE_REMOVED);
        report_missing(d, new, old, NULL, RS_CHANGE_ADDED);
        cJSON_ArrayForEach(entry, new)
        {
            const char *name = rs_json_optional_text(entry, "provider");
            const cJSON *const pair[2] = {name != NULL ? find(old, "provider", name) : NULL, entry};
            if (rc == RS_OK && pair[0] != NULL) {
                rc = diff_provider(d, folders, pair, name, err);
            }
        }
    }
    cJSON_Delete(a);
    cJSON_Delete(b);
    return rc;
}

enum rs_status rs_catalog_diff(const char *before, const char *after, rs_catalog_diff_fn *fn,
                               void *payload, struct rs_error *err)
{
    const struct differ d = {fn, payload};
    struct stat a, b;
    bool folder_a = stat(before, &a) == 0 && S_ISDIR(a.st_mode);
    bool folder_b = stat(after, &b) == 0 && S_ISDIR(b.st_mode);
    if (folder_a != folder_b) {
        return rs_fail(err, RS_EINPUT, "%s is a folder and %s is none", folder_a ? before : after,
                       folder_a ? after : before);
    }
    return folder_a ? diff_folders(&d, before, after, err) : diff_files(&d, before, after, err);
}
