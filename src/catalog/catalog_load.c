/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the folder's index to a catalog: facts, prices of one region, custom shapes. */
#include "catalog/catalog_index.h"
#include "catalog/catalog_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Both files name their source; the reader of a report wants one sentence. */
static enum rs_status join_sources(struct rs_catalog *catalog, const char *prices,
                                   struct rs_error *err)
{
    struct rs_buffer text;
    if (catalog->info.source == NULL || prices == NULL) {
        catalog->info.source = prices != NULL ? prices : catalog->info.source;
        return RS_OK;
    }
    rs_buffer_init(&text);
    rs_buffer_printf(&text, "%.480s; %.480s", catalog->info.source, prices);
    enum rs_status rc = rs_buffer_status(&text, err);
    if (rc == RS_OK) {
        rc = rs_catalog_pool_text(&catalog->pool, text.data, text.length, NULL,
                                  &catalog->info.source, err);
    }
    rs_buffer_release(&text);
    return rc;
}

static enum rs_status keep(struct rs_catalog *catalog, const char *text, const char **out,
                           struct rs_error *err)
{
    return rs_catalog_pool_text(&catalog->pool, text, strlen(text), NULL, out, err);
}

static enum rs_status load_region(const char *directory, const cJSON *provider, const char *name,
                                  struct rs_catalog *catalog, struct rs_error *err)
{
    const cJSON *region = NULL;
    const char *source = NULL;
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = rs_catalog_index_region(provider, name, &region, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_path(directory, region, "prices", &path, err);
    }
    if (rc == RS_OK) {
        rc = keep(catalog, name, &catalog->info.region, err);
    }
    if (rc == RS_OK) {
        const char *title = rs_json_optional_text(region, "name");
        rc = keep(catalog, title != NULL ? title : name, &catalog->info.region_name, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_prices_read(path.data, catalog->info.provider, name, catalog, &source, err);
    }
    if (rc == RS_OK) {
        rc = join_sources(catalog, source, err);
    }
    rs_buffer_release(&path);
    return rc;
}

static enum rs_status load(const char *directory, const char *provider, const char *region,
                           struct rs_catalog *catalog, struct rs_error *err)
{
    cJSON *index = NULL;
    const cJSON *entry = NULL;
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = rs_catalog_index_load(directory, &index, err);
    if (rc == RS_OK) {
        rc = rs_catalog_index_provider(index, provider, &entry, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_index_path(directory, entry, "types", &path, err);
    }
    if (rc == RS_OK) {
        rc = keep(catalog, provider, &catalog->info.provider, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_types_read(path.data, provider, catalog, err);
    }
    if (rc == RS_OK && region != NULL) {
        rc = load_region(directory, entry, region, catalog, err);
    }
    if (rc == RS_OK && region != NULL && rs_json_member(entry, "custom") != NULL) {
        rc = rs_catalog_index_path(directory, entry, "custom", &path, err);
        if (rc == RS_OK) {
            rc = rs_catalog_custom_read(path.data, provider, catalog, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_catalog_order_by_price(catalog, err);
    }
    cJSON_Delete(index);
    rs_buffer_release(&path);
    return rc;
}

enum rs_status rs_catalog_load(const char *directory, const char *provider, const char *region,
                               struct rs_catalog **out, struct rs_error *err)
{
    assert(directory != NULL && provider != NULL && out != NULL);
    struct rs_catalog *catalog = calloc(1, sizeof(*catalog));
    if (catalog == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a catalog");
    }
    enum rs_status rc = load(directory, provider, region, catalog, err);
    if (rc != RS_OK) {
        rs_catalog_free(catalog);
        return rc;
    }
    *out = catalog;
    return RS_OK;
}
