/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_patch.h"

#include "catalog/catalog_private.h"
#include "rightsize/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS ((size_t)80)

static const char *const providers[RS_PATCH_CLOUDS] = {"aws", "azure", "gcp"};

/* A sheet with the columns of the format. */
static enum rs_status make_sheet(struct rs_sheet *sheet, const char *kind,
                                 const struct rs_catalog_column *columns, size_t count,
                                 const char *more, struct rs_error *err)
{
    const char *names[MAX_COLUMNS];
    size_t n = 0;
    for (; n < count && n < MAX_COLUMNS - 1; n++) {
        names[n] = columns[n].name;
    }
    if (more != NULL) {
        names[n++] = more;
    }
    return rs_sheet_init(sheet, kind, names, n, err);
}

enum rs_status rs_catalog_patch_new(struct rs_catalog_patch **out, struct rs_error *err)
{
    struct rs_catalog_patch *patch = calloc(1, sizeof(*patch));
    enum rs_status rc = RS_OK;
    if (patch == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for an import");
    }
    for (size_t i = 0; i < RS_PATCH_CLOUDS && rc == RS_OK; i++) {
        struct rs_patch_cloud *cloud = &patch->clouds[i];
        cloud->provider = providers[i];
        rs_buffer_init(&cloud->source);
        rc = make_sheet(&cloud->types, "types", rs_catalog_type_columns,
                        rs_catalog_type_column_count, NULL, err);
        if (rc == RS_OK) {
            rc = make_sheet(&cloud->vague, "types", rs_catalog_type_columns,
                            rs_catalog_type_column_count, NULL, err);
        }
    }
    if (rc != RS_OK) {
        rs_catalog_patch_free(patch);
        return rc;
    }
    *out = patch;
    return RS_OK;
}

static void free_region(struct rs_patch_region *region)
{
    if (region != NULL) {
        free(region->name);
        free(region->currency);
        rs_sheet_release(&region->prices);
        free(region);
    }
}

void rs_catalog_patch_free(struct rs_catalog_patch *patch)
{
    for (size_t i = 0; patch != NULL && i < RS_PATCH_CLOUDS; i++) {
        struct rs_patch_cloud *cloud = &patch->clouds[i];
        for (size_t k = 0; k < cloud->region_count; k++) {
            free_region(cloud->regions[k]);
        }
        rs_sheet_release(&cloud->types);
        rs_sheet_release(&cloud->vague);
        if (cloud->provider != NULL) {
            rs_buffer_release(&cloud->source);
        }
    }
    free(patch);
}

bool rs_patch_is_name(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    return length > 0 && length < 64 && text[0] != '.' && text[0] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

static enum rs_status add_region(struct rs_patch_cloud *cloud, const char *name,
                                 const char *currency, struct rs_patch_region **out,
                                 struct rs_error *err)
{
    if (cloud->region_count == RS_PATCH_REGIONS) {
        return rs_fail(err, RS_EINPUT, "more than %d regions", RS_PATCH_REGIONS);
    }
    struct rs_patch_region *region = calloc(1, sizeof(*region));
    if (region == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a region");
    }
    enum rs_status rc = rs_text_copy(name, &region->name, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(currency, &region->currency, err);
    }
    if (rc == RS_OK) {
        rc = make_sheet(&region->prices, "prices", rs_catalog_price_columns,
                        rs_catalog_price_column_count, RS_PATCH_SPOT, err);
    }
    if (rc != RS_OK) {
        free_region(region);
        return rc;
    }
    *out = cloud->regions[cloud->region_count++] = region;
    return RS_OK;
}

enum rs_status rs_patch_prices(struct rs_patch_cloud *cloud, const char *name, const char *currency,
                               struct rs_sheet **out, struct rs_error *err)
{
    struct rs_patch_region *region = NULL;
    if (strcmp(name, "types") == 0 || strcmp(name, "custom") == 0) { /* names of other files */
        return rs_fail(err, RS_EINPUT, "'%s' is no region", name);
    }
    for (size_t i = cloud->region_count; i > 0 && region == NULL; i--) {
        region = strcmp(cloud->regions[i - 1]->name, name) == 0 ? cloud->regions[i - 1] : NULL;
    }
    if (region == NULL) {
        enum rs_status rc = add_region(cloud, name, currency, &region, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    if (strcmp(region->currency, currency) != 0) {
        return rs_fail(err, RS_EINPUT, "prices of %.63s in %.8s and in %.8s", name,
                       region->currency, currency);
    }
    *out = &region->prices;
    return RS_OK;
}

enum rs_status rs_patch_price(struct rs_patch_cloud *cloud, const char *region,
                              const char *currency, const char *type, const char *column,
                              double price, const char *date, bool *taken, struct rs_error *err)
{
    struct rs_sheet *sheet = NULL;
    struct rs_sheet_cell *row = NULL;
    bool fresh = false;
    *taken = false;
    if (!(price >= 1e-6 && price <= 1e6)) { /* list prices of 0 mean that it is not sold so */
        return RS_OK;
    }
    enum rs_status rc = rs_patch_prices(cloud, region, currency, &sheet, err);
    if (rc == RS_OK) {
        rc = rs_sheet_row(sheet, type, &row, &fresh, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(sheet, row, column, price, err);
    }
    if (rc == RS_OK && strcmp(column, "on_demand") == 0) {
        rc = rs_sheet_set_text(sheet, row, "price_date", date, err);
    }
    *taken = rc == RS_OK;
    return rc;
}

void rs_patch_note(struct rs_patch_cloud *cloud, const char *what, const char *date)
{
    if (strstr(cloud->source.data, what) == NULL) {
        rs_buffer_printf(&cloud->source, "%s%s of %s", cloud->source.length > 0 ? ", " : "", what,
                         date);
    }
}

void rs_patch_set_date(struct rs_patch_reader *r, const char *text)
{
    char day[11] = "";
    struct rs_error err;
    strncat(day, text, sizeof(day) - 1);
    if (strlen(day) == 10 && rs_catalog_check_date("date", day, &err) == RS_OK) {
        memcpy(r->date, day, sizeof(day));
    }
}

double rs_patch_number(const cJSON *object, const char *key)
{
    const cJSON *item = rs_json_member(object, key);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

const cJSON *rs_patch_path(const cJSON *object, const char *key, const char *inner)
{
    return rs_json_member(rs_json_member(object, key), inner);
}
