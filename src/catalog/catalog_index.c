/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_index.h"

#include "catalog/catalog_table.h"
#include "rightsize/catalog.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT ((size_t)63) /* longer names are simply far from everything */
#define NEAR_COUNT ((size_t)3)

static enum rs_status check_head(const cJSON *index, struct rs_error *err)
{
    const char *format = rs_json_optional_text(index, "format");
    const char *kind = rs_json_optional_text(index, "kind");
    const cJSON *list = NULL;
    int64_t version = 0;
    if (format == NULL || strcmp(format, RS_CATALOG_FORMAT) != 0 || kind == NULL ||
        strcmp(kind, "index") != 0) {
        return rs_fail(err, RS_EINPUT, "not the index of a catalog");
    }
    enum rs_status rc =
        rs_json_int(index, "version", RS_CATALOG_VERSION, RS_CATALOG_VERSION, &version, err);
    return rc == RS_OK ? rs_json_array(index, "providers", &list, err) : rc;
}

enum rs_status rs_catalog_index_load(const char *directory, cJSON **out, struct rs_error *err)
{
    struct rs_buffer path, text;
    cJSON *tree = NULL;
    rs_buffer_init(&path);
    rs_buffer_init(&text);
    rs_buffer_printf(&path, "%s/index.json", directory);
    enum rs_status rc = rs_buffer_status(&path, err);
    if (rc == RS_OK) {
        rc = rs_buffer_read_file(&text, path.data, RS_CATALOG_INDEX_LIMIT, err);
    }
    if (rc != RS_OK) {
        goto out;
    }
    rc = rs_json_parse(text.data, text.length, &tree, err);
    if (rc == RS_OK) {
        rc = check_head(tree, err);
    }
    if (rc == RS_OK) {
        *out = tree;
        tree = NULL;
    } else if (rc == RS_EINPUT) {
        rc = rs_fail_where(err, "%s", path.data);
    }
out:
    cJSON_Delete(tree);
    rs_buffer_release(&text);
    rs_buffer_release(&path);
    return rc;
}

/* The element of the array whose member key is `name`, or NULL. */
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

enum rs_status rs_catalog_index_provider(const cJSON *index, const char *name, const cJSON **out,
                                         struct rs_error *err)
{
    const cJSON *list = rs_json_member(index, "providers"), *item = NULL;
    struct rs_buffer known;
    const cJSON *found = find(list, "provider", name);
    if (found != NULL) {
        *out = found;
        return RS_OK;
    }
    rs_buffer_init(&known);
    cJSON_ArrayForEach(item, list)
    {
        const char *text = rs_json_optional_text(item, "provider");
        if (text != NULL) {
            rs_buffer_text(&known, known.length > 0 ? ", " : "");
            rs_text_printable(&known, text, strlen(text));
        }
    }
    enum rs_status rc = rs_fail(err, RS_ENODATA, "provider '%.64s' is not in the catalog (%.200s)",
                                name, known.length > 0 ? known.data : "it has none");
    rs_buffer_release(&known);
    return rc;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's edit distance, for the hint only. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_LIMIT + 1];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > NAME_LIMIT || length_b > NAME_LIMIT) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= length_b; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1] ? 1U : 0U);
            diagonal = row[j];
            row[j] = least(changed, 1 + least(row[j - 1], row[j]));
        }
    }
    return row[length_b];
}

static void list_near(const cJSON *regions, const char *name, struct rs_buffer *out)
{
    const char *near[NEAR_COUNT] = {NULL};
    size_t far[NEAR_COUNT] = {0}, count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, regions)
    {
        const char *text = rs_json_optional_text(item, "region");
        size_t d = text != NULL ? distance(name, text) : SIZE_MAX;
        size_t at = count;
        while (at > 0 && d < far[at - 1]) {
            at--;
        }
        if (d == SIZE_MAX || at == NEAR_COUNT) {
            continue;
        }
        count = least(count + 1, NEAR_COUNT);
        for (size_t i = count - 1; i > at; i--) {
            near[i] = near[i - 1];
            far[i] = far[i - 1];
        }
        near[at] = text;
        far[at] = d;
    }
    for (size_t i = 0; i < count; i++) {
        rs_buffer_text(out, i > 0 ? ", " : "");
        rs_text_printable(out, near[i], strlen(near[i]));
    }
}

enum rs_status rs_catalog_index_region(const cJSON *provider, const char *name, const cJSON **out,
                                       struct rs_error *err)
{
    const cJSON *regions = NULL;
    struct rs_buffer near;
    enum rs_status rc = rs_json_array(provider, "regions", &regions, err);
    if (rc != RS_OK) {
        return rc;
    }
    const cJSON *found = find(regions, "region", name);
    if (found != NULL) {
        *out = found;
        return RS_OK;
    }
    rs_buffer_init(&near);
    list_near(regions, name, &near);
    rc = rs_fail(err, RS_ENODATA, "region '%.64s' is not in the catalog; near it: %.200s", name,
                 near.length > 0 ? near.data : "none");
    rs_buffer_release(&near);
    return rc;
}

static bool is_safe(const char *file)
{
    bool at_start = true; /* of a component */
    for (const char *p = file; *p != '\0'; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        bool digit = *p >= '0' && *p <= '9';
        bool mark = *p == '_' || *p == '-' || (*p == '.' && !at_start) || (*p == '/' && !at_start);
        if (!letter && !digit && !mark) {
            return false;
        }
        at_start = *p == '/';
    }
    return !at_start;
}

enum rs_status rs_catalog_index_path(const char *directory, const cJSON *object, const char *key,
                                     struct rs_buffer *out, struct rs_error *err)
{
    const char *file = NULL;
    enum rs_status rc = rs_json_text(object, key, &file, err);
    if (rc == RS_OK && !is_safe(file)) {
        rc = rs_fail(err, RS_EINPUT, "'%s' is not the name of a file below the index", key);
    }
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s/index.json", directory);
    }
    rs_buffer_clear(out);
    rs_buffer_printf(out, "%s/%s", directory, file);
    return rs_buffer_status(out, err);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum rs_status copy_names(const cJSON *array, const char *key, char **names, size_t *count,
                                 struct rs_error *err)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        const char *text = NULL;
        enum rs_status rc = rs_json_text(item, key, &text, err);
        if (rc == RS_OK) {
            rc = rs_text_copy(text, &names[*count], err);
        }
        if (rc != RS_OK) {
            return rc;
        }
        (*count)++;
    }
    return RS_OK;
}

static enum rs_status list_names(const cJSON *array, const char *key, bool sorted, char ***out,
                                 struct rs_error *err)
{
    size_t count = 0;
    char **names = calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof(*names));
    if (names == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for names");
    }
    enum rs_status rc = copy_names(array, key, names, &count, err);
    if (rc != RS_OK) {
        rs_catalog_regions_free(names);
        return rc;
    }
    if (sorted) {
        qsort(names, count, sizeof(*names), compare_names);
    }
    *out = names;
    return RS_OK;
}

enum rs_status rs_catalog_regions(const char *directory, const char *provider, char ***out,
                                  struct rs_error *err)
{
    cJSON *index = NULL;
    const cJSON *entry = NULL, *regions = NULL;
    enum rs_status rc = rs_catalog_index_load(directory, &index, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_provider(index, provider, &entry, err);
    }
    if (rc == RS_OK) {
        rc = rs_json_array(entry, "regions", &regions, err);
    }
    if (rc == RS_OK) {
        rc = list_names(regions, "region", true, out, err);
    }
    cJSON_Delete(index);
    return rc;
}

enum rs_status rs_catalog_providers(const char *directory, char ***out, struct rs_error *err)
{
    cJSON *index = NULL;
    enum rs_status rc = rs_catalog_index_load(directory, &index, err);
    if (rc == RS_OK) {
        rc = list_names(rs_json_member(index, "providers"), "provider", false, out, err);
    }
    cJSON_Delete(index);
    return rc;
}

enum rs_status rs_catalog_default_region(const char *directory, const char *provider, char **out,
                                         struct rs_error *err)
{
    cJSON *index = NULL;
    const cJSON *entry = NULL;
    enum rs_status rc = rs_catalog_index_load(directory, &index, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_provider(index, provider, &entry, err);
    }
    if (rc == RS_OK) {
        const char *name = rs_json_optional_text(entry, "default_region");
        const cJSON *regions = rs_json_member(entry, "regions");
        if (name == NULL || find(regions, "region", name) == NULL) {
            name = rs_json_optional_text(cJSON_GetArrayItem(regions, 0), "region");
        }
        rc = name != NULL ? rs_text_copy(name, out, err)
                          : rs_fail(err, RS_ENODATA, "provider '%.64s' has no region", provider);
    }
    cJSON_Delete(index);
    return rc;
}

void rs_catalog_regions_free(char **regions)
{
    for (char **name = regions; name != NULL && *name != NULL; name++) {
        free(*name);
    }
    free(regions);
}
