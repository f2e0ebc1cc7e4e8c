/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a patch and the catalogs there are to the files of a new one. */
#include "catalog/catalog_apply.h"

#include "catalog/catalog_index.h"
#include "catalog/catalog_private.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

#define LAST_IMPORT "; last import: "

struct applying {
    const char *const *folders;
    size_t count;
    const char *date;
    rs_catalog_write_fn *write;
    void *payload;
    struct rs_buffer *told;
};

/* The path of a file of a provider or region, by its key in the first index that has it. */
static enum rs_status find_file(const struct applying *a, const char *provider, const char *region,
                                const char *key, struct rs_buffer *path, struct rs_error *err)
{
    enum rs_status rc = RS_ENODATA;
    for (size_t i = 0; i < a->count && rc == RS_ENODATA; i++) {
        cJSON *index = NULL;
        const cJSON *entry = NULL, *place = NULL;
        rc = rs_catalog_apply_index(a->folders[i], &index, err);
        if (rc == RS_OK) {
            rc = rs_catalog_index_provider(index, provider, &entry, err);
        }
        place = entry;
        if (rc == RS_OK && region != NULL) {
            rc = rs_catalog_index_region(entry, region, &place, err);
        }
        if (rc == RS_OK) {
            rc = rs_json_member(place, key) != NULL
                     ? rs_catalog_index_path(a->folders[i], place, key, path, err)
                     : rs_fail(err, RS_ENODATA, "%s: no '%s'", provider, key);
        }
        cJSON_Delete(index);
    }
    return rc;
}

static enum rs_status make_empty(struct rs_sheet *out, const char *provider, const char *region,
                                 const char *date, struct rs_error *err)
{
    const char *names[80];
    bool prices = region != NULL;
    const struct rs_catalog_column *columns =
        prices ? rs_catalog_price_columns : rs_catalog_type_columns;
    size_t count = prices ? rs_catalog_price_column_count : rs_catalog_type_column_count;
    for (size_t i = 0; i < count; i++) {
        names[i] = columns[i].name;
    }
    enum rs_status rc = rs_sheet_init(out, prices ? "prices" : "types", names, count, err);
    if (rc != RS_OK) {
        return rc;
    }
    if ((rc = rs_sheet_keep(out, provider, &out->provider, err)) != RS_OK ||
        (rc = rs_sheet_keep(out, region, &out->region, err)) != RS_OK ||
        (rc = rs_sheet_keep(out, date, &out->date, err)) != RS_OK) {
        rs_sheet_release(out);
    }
    return rc;
}

static enum rs_status open_sheet(const struct applying *a, const char *provider, const char *region,
                                 struct rs_sheet *out, struct rs_error *err)
{
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc =
        find_file(a, provider, region, region != NULL ? "prices" : "types", &path, err);
    if (rc == RS_OK) {
        rc = rs_sheet_read(path.data, out, err);
        if (rc == RS_OK && out->date == NULL) {
            rs_sheet_release(out);
            rc = rs_fail(err, RS_EINPUT, "%s: 'date' is missing", path.data);
        }
    } else if (rc == RS_ENODATA) { /* a provider or region that is new */
        rc = make_empty(out, provider, region, a->date, err);
    }
    rs_buffer_release(&path);
    return rc;
}

/* What the figures rest on: the source of before, and the import that was the last one. */
static enum rs_status set_source(struct rs_sheet *sheet, const struct rs_buffer *what,
                                 struct rs_error *err)
{
    struct rs_buffer text;
    rs_buffer_init(&text);
    if (sheet->source != NULL) {
        const char *last = strstr(sheet->source, LAST_IMPORT);
        size_t length = last != NULL ? (size_t)(last - sheet->source) : strlen(sheet->source);
        rs_buffer_append(&text, sheet->source, length < 700 ? length : 700);
        rs_buffer_text(&text, LAST_IMPORT);
    }
    rs_buffer_append(&text, what->data, what->length < 300 ? what->length : 300);
    enum rs_status rc = rs_buffer_status(&text, err);
    if (rc == RS_OK) {
        rc = rs_sheet_keep(sheet, text.data, &sheet->source, err);
    }
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status put(const struct applying *a, const char *provider, const char *name,
                          const struct rs_sheet *sheet, struct rs_error *err)
{
    struct rs_buffer path, text;
    rs_buffer_init(&path);
    rs_buffer_init(&text);
    rs_buffer_printf(&path, "%s/%s.json", provider, name);
    rs_sheet_write(sheet, &text);
    enum rs_status rc = rs_buffer_status(&path, err);
    if (rc == RS_OK) {
        rc = rs_buffer_status(&text, err);
    }
    if (rc == RS_OK) {
        rc = a->write(a->payload, path.data, &text, err);
    }
    rs_buffer_release(&path);
    rs_buffer_release(&text);
    return rc;
}

static void tell(const struct applying *a, const char *provider, const char *what,
                 const struct rs_merge_count *count)
{
    rs_buffer_printf(
        a->told, "%s %s: %zu new%s%s%s%s, %zu changed, %zu as before", provider, what, count->added,
        count->added > 0 ? " (" : "", count->examples,
        count->added > 0 && strlen(count->examples) + 40 > sizeof(count->examples) ? ", ..." : "",
        count->added > 0 ? ")" : "", count->changed, count->confirmed);
    if (count->left_out > 0) {
        rs_buffer_printf(a->told, ", %zu left out (no facts or no on-demand price)",
                         count->left_out);
    }
    rs_buffer_char(a->told, '\n');
}

static enum rs_status apply_region(const struct applying *a, const struct rs_patch_cloud *cloud,
                                   const struct rs_patch_region *region,
                                   const struct rs_sheet *types, bool *written,
                                   struct rs_error *err)
{
    struct rs_sheet prices;
    struct rs_merge_count count = {.added = 0};
    *written = false;
    enum rs_status rc = open_sheet(a, cloud->provider, region->name, &prices, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (prices.currency == NULL) {
        rc = rs_sheet_keep(&prices, region->currency, &prices.currency, err);
    } else if (strcmp(prices.currency, region->currency) != 0) {
        rc = rs_fail(err, RS_EINPUT, "prices of %s in %s, those of the catalog are in %s",
                     region->name, region->currency, prices.currency);
    }
    if (rc != RS_OK || (rc = rs_merge_spread_dates(&prices, err)) != RS_OK ||
        (rc = rs_merge_prices(&prices, &region->prices, types, &count, err)) != RS_OK ||
        (rc = rs_merge_gather_dates(&prices, err)) != RS_OK ||
        (rc = set_source(&prices, &cloud->source, err)) != RS_OK) {
        goto out;
    }
    tell(a, cloud->provider, region->name, &count);
    if (count.added + count.changed + count.confirmed > 0) {
        rc = put(a, cloud->provider, region->name, &prices, err);
        *written = rc == RS_OK;
    }
out:
    rs_sheet_release(&prices);
    return rc;
}

/* The rules of custom shapes come along unchanged. */
static enum rs_status copy_custom(const struct applying *a, const char *provider,
                                  struct rs_catalog_index_draft *draft, struct rs_error *err)
{
    struct rs_buffer path, text;
    rs_buffer_init(&path);
    rs_buffer_init(&text);
    enum rs_status rc = find_file(a, provider, NULL, "custom", &path, err);
    if (rc == RS_OK) {
        rc = rs_buffer_read_file(&text, path.data, 1 << 20, err);
    }
    if (rc == RS_OK) {
        rs_buffer_clear(&path);
        rs_buffer_printf(&path, "%s/custom.json", provider);
        rc = rs_buffer_status(&path, err);
    }
    if (rc == RS_OK) {
        rc = a->write(a->payload, path.data, &text, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_draft_custom(draft, provider, path.data, err);
    }
    rs_buffer_release(&path);
    rs_buffer_release(&text);
    return rc == RS_ENODATA ? RS_OK : rc;
}

static enum rs_status apply_cloud(const struct applying *a, const struct rs_patch_cloud *cloud,
                                  struct rs_catalog_index_draft *draft, struct rs_error *err)
{
    struct rs_sheet types;
    struct rs_merge_count count = {.added = 0};
    bool facts = cloud->types.count > 0, written = false;
    enum rs_status rc = open_sheet(a, cloud->provider, NULL, &types, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_merge_types(&types, cloud, a->date, &count, err);
    if (rc == RS_OK && (facts || count.added > 0)) {
        rc = set_source(&types, &cloud->source, err);
        tell(a, cloud->provider, "types", &count);
    }
    /* The types lie beside every region that is written: one folder must be able to serve alone. */
    if (rc == RS_OK && types.count > 0) {
        rc = put(a, cloud->provider, "types", &types, err);
        written = rc == RS_OK;
    }
    if (written) {
        rc = rs_catalog_draft_add(draft, cloud->provider, NULL, err);
        if (rc == RS_OK) {
            rc = copy_custom(a, cloud->provider, draft, err);
        }
    }
    for (size_t i = 0; i < cloud->region_count && rc == RS_OK; i++) {
        rc = apply_region(a, cloud, cloud->regions[i], &types, &written, err);
        if (rc == RS_OK && written) {
            rc = rs_catalog_draft_add(draft, cloud->provider, cloud->regions[i]->name, err);
        }
    }
    rs_sheet_release(&types);
    return rc;
}

enum rs_status rs_catalog_patch_apply(struct rs_catalog_patch *patch, const char *const *folders,
                                      size_t count, const char *date, rs_catalog_write_fn *write,
                                      void *payload, struct rs_buffer *told, struct rs_error *err)
{
    const struct applying a = {folders, count, date, write, payload, told};
    struct rs_catalog_index_draft draft;
    struct rs_buffer text;
    bool any = false;
    rs_buffer_init(&text);
    enum rs_status rc = rs_catalog_draft_open(&draft, folders, count, err);
    for (size_t i = 0; i < RS_PATCH_CLOUDS && rc == RS_OK; i++) {
        const struct rs_patch_cloud *cloud = &patch->clouds[i];
        if (cloud->types.count > 0 || cloud->region_count > 0) {
            rc = apply_cloud(&a, cloud, &draft, err);
            any = true;
        }
    }
    if (rc == RS_OK && !any) {
        rc = rs_fail(err, RS_ENODATA, "nothing was read that a catalog could take");
    }
    if (rc == RS_OK) {
        rs_catalog_draft_write(&draft, &text);
        rc = rs_buffer_status(&text, err);
    }
    if (rc == RS_OK) {
        rc = write(payload, "index.json", &text, err);
    }
    rs_catalog_draft_close(&draft);
    rs_buffer_release(&text);
    return rc;
}
