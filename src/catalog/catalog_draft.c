/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_apply.h"
#include "catalog/catalog_index.h"
#include "catalog/catalog_table.h"
#include "rightsize/text.h"

#include <string.h>
#include <unistd.h>

enum rs_status rs_catalog_apply_index(const char *folder, cJSON **out, struct rs_error *err)
{
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/index.json", folder);
    enum rs_status rc = rs_buffer_status(&path, err);
    if (rc == RS_OK && access(path.data, F_OK) != 0) {
        rc = rs_fail(err, RS_ENODATA, "%s: there is no catalog", folder);
    }
    rs_buffer_release(&path);
    return rc == RS_OK ? rs_catalog_index_load(folder, out, err) : rc;
}

enum rs_status rs_catalog_draft_open(struct rs_catalog_index_draft *draft,
                                     const char *const *folders, size_t count, struct rs_error *err)
{
    *draft = (struct rs_catalog_index_draft){NULL, folders, count};
    enum rs_status rc = rs_catalog_apply_index(folders[0], &draft->index, err);
    if (rc == RS_ENODATA) {
        draft->index = cJSON_CreateObject();
        rc = draft->index != NULL && cJSON_AddArrayToObject(draft->index, "providers") != NULL
                 ? RS_OK
                 : rs_fail(err, RS_ENOMEM, "out of memory for an index");
    }
    return rc;
}

void rs_catalog_draft_close(struct rs_catalog_index_draft *draft)
{
    cJSON_Delete(draft->index);
}

static cJSON *find(cJSON *array, const char *key, const char *name)
{
    cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        const char *text = rs_json_optional_text(item, key);
        if (text != NULL && strcmp(text, name) == 0) {
            return item;
        }
    }
    return NULL;
}

/* A member of the provider, or of its region, in some other index. */
static void copy_member(const struct rs_catalog_index_draft *draft, const char *provider,
                        const char *region, const char *key, cJSON *into)
{
    for (size_t i = 0; i < draft->count && rs_json_member(into, key) == NULL; i++) {
        struct rs_error err;
        cJSON *index = NULL;
        if (rs_catalog_apply_index(draft->folders[i], &index, &err) != RS_OK) {
            continue;
        }
        cJSON *entry =
            find(cJSON_GetObjectItemCaseSensitive(index, "providers"), "provider", provider);
        if (region != NULL) {
            entry = find(cJSON_GetObjectItemCaseSensitive(entry, "regions"), "region", region);
        }
        const char *text = rs_json_optional_text(entry, key);
        if (text != NULL) {
            cJSON_AddStringToObject(into, key, text);
        }
        cJSON_Delete(index);
    }
}

static cJSON *new_entry(cJSON *array, const char *key, const char *name, const char *file_key,
                        const char *provider, const char *file)
{
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/%s.json", provider, file);
    cJSON *entry = cJSON_CreateObject();
    if (entry == NULL || path.failed || cJSON_AddStringToObject(entry, key, name) == NULL ||
        cJSON_AddStringToObject(entry, file_key, path.data) == NULL) {
        cJSON_Delete(entry);
        entry = NULL;
    }
    if (entry != NULL) {
        cJSON_AddItemToArray(array, entry);
    }
    rs_buffer_release(&path);
    return entry;
}

/* What is written lies under the names made here, whatever an older index called it. */
static void rename_file(cJSON *entry, const char *key, const char *provider, const char *file)
{
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/%s.json", provider, file);
    cJSON *text = cJSON_CreateString(path.data);
    if (text != NULL && !cJSON_ReplaceItemInObjectCaseSensitive(entry, key, text)) {
        cJSON_Delete(text);
    }
    rs_buffer_release(&path);
}

enum rs_status rs_catalog_draft_add(struct rs_catalog_index_draft *draft, const char *provider,
                                    const char *region, struct rs_error *err)
{
    cJSON *providers = cJSON_GetObjectItemCaseSensitive(draft->index, "providers");
    cJSON *entry = find(providers, "provider", provider), *place = NULL;
    if (entry == NULL) {
        entry = new_entry(providers, "provider", provider, "types", provider, "types");
        if (entry == NULL || cJSON_AddArrayToObject(entry, "regions") == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for an index");
        }
        copy_member(draft, provider, NULL, "default_region", entry);
    } else {
        rename_file(entry, "types", provider, "types");
    }
    if (region == NULL) {
        return RS_OK;
    }
    cJSON *regions = cJSON_GetObjectItemCaseSensitive(entry, "regions");
    place = find(regions, "region", region);
    if (place == NULL) {
        place = new_entry(regions, "region", region, "prices", provider, region);
        if (place == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for an index");
        }
        copy_member(draft, provider, region, "name", place);
    } else {
        rename_file(place, "prices", provider, region);
    }
    return RS_OK;
}

enum rs_status rs_catalog_draft_custom(struct rs_catalog_index_draft *draft, const char *provider,
                                       const char *file, struct rs_error *err)
{
    cJSON *entry =
        find(cJSON_GetObjectItemCaseSensitive(draft->index, "providers"), "provider", provider);
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "custom");
    return cJSON_AddStringToObject(entry, "custom", file) != NULL
               ? RS_OK
               : rs_fail(err, RS_ENOMEM, "out of memory for an index");
}

static void write_text(struct rs_buffer *out, const char *before, const cJSON *object,
                       const char *key)
{
    const char *text = rs_json_optional_text(object, key);
    rs_buffer_printf(out, "%s\"%s\": ", before, key);
    if (text != NULL) {
        rs_text_json(out, text);
    } else {
        rs_buffer_text(out, "null");
    }
}

/* Sorted by selection: an index has a hundred regions. */
static const cJSON *next_region(const cJSON *regions, const char *after)
{
    const cJSON *item = NULL, *best = NULL;
    cJSON_ArrayForEach(item, regions)
    {
        const char *name = rs_json_optional_text(item, "region");
        if (name != NULL && (after == NULL || strcmp(name, after) > 0) &&
            (best == NULL || strcmp(name, rs_json_optional_text(best, "region")) < 0)) {
            best = item;
        }
    }
    return best;
}

static void write_provider(const cJSON *entry, struct rs_buffer *out)
{
    const cJSON *regions = rs_json_member(entry, "regions");
    const char *preferred = rs_json_optional_text(entry, "default_region"), *last = NULL;
    write_text(out, "{", entry, "provider");
    write_text(out, ", ", entry, "types");
    if (preferred != NULL) {
        write_text(out, ", ", entry, "default_region");
    }
    if (rs_json_optional_text(entry, "custom") != NULL) {
        write_text(out, ", ", entry, "custom");
    }
    rs_buffer_text(out, ", \"regions\": [");
    const cJSON *region = NULL;
    while ((region = next_region(regions, last)) != NULL) {
        write_text(out, last != NULL ? ",\n{" : "\n{", region, "region");
        write_text(out, ", ", region, "name");
        write_text(out, ", ", region, "prices");
        rs_buffer_char(out, '}');
        last = rs_json_optional_text(region, "region");
    }
    rs_buffer_text(out, "\n]}");
}

void rs_catalog_draft_write(const struct rs_catalog_index_draft *draft, struct rs_buffer *out)
{
    const cJSON *entry = NULL;
    bool first = true;
    rs_buffer_printf(out,
                     "{\"format\": \"%s\", \"version\": %d, \"kind\": \"index\", \"providers\": [",
                     RS_CATALOG_FORMAT, RS_CATALOG_VERSION);
    cJSON_ArrayForEach(entry, rs_json_member(draft->index, "providers"))
    {
        rs_buffer_text(out, first ? "\n" : ",\n");
        write_provider(entry, out);
        first = false;
    }
    rs_buffer_text(out, "\n]}\n");
}
