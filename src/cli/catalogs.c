/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/catalogs.h"

#include "cli/catalog_places.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CATALOGS 256 /* providers x regions of one run; there are fewer in the world */

struct slot {
    char *provider, *region;
    struct rs_catalog *catalog;
};

struct rs_catalogs {
    struct rs_catalog_places places;
    struct rs_price_list *prices; /* NULL: none */
    const struct rs_option_list *match_region;
    struct slot slots[MAX_CATALOGS];
    size_t count;
    struct {
        char *provider, *region;
    } defaults[RS_PLACES_MAX]; /* the default regions that were asked for */
    size_t default_count;
};

static enum rs_status check_match_region(const struct rs_option_list *list, struct rs_error *err)
{
    char provider[64];
    const char *region = NULL;
    for (size_t i = 0; i < list->count; i++) {
        enum rs_status rc =
            rs_parse_key_value(list->items[i], provider, sizeof(provider), &region, err);
        if (rc != RS_OK) {
            return rs_fail_where(err, "--match-region");
        }
    }
    return RS_OK;
}

enum rs_status rs_catalogs_open(const struct rs_context *context, struct rs_catalogs **out,
                                struct rs_error *err)
{
    struct rs_catalogs *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    c->match_region = &context->globals.match_region;
    enum rs_status rc = check_match_region(c->match_region, err);
    if (rc == RS_OK) {
        rc = rs_catalog_places_open(context, &c->places, err);
    }
    if (rc == RS_OK && context->globals.prices != NULL) {
        rc = rs_price_list_read(context->globals.prices, &c->prices, err);
    }
    for (size_t i = 0; i < c->places.file_count && rc == RS_OK && c->prices != NULL; i++) {
        rc = rs_catalog_set_prices(c->places.files[i], c->prices, err);
    }
    if (rc != RS_OK) {
        rs_catalogs_close(c);
        return rc;
    }
    *out = c;
    return RS_OK;
}

void rs_catalogs_close(struct rs_catalogs *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < c->count; i++) {
        free(c->slots[i].provider);
        free(c->slots[i].region);
        rs_catalog_free(c->slots[i].catalog);
    }
    for (size_t i = 0; i < c->default_count; i++) {
        free(c->defaults[i].provider);
        free(c->defaults[i].region);
    }
    rs_price_list_free(c->prices);
    rs_catalog_places_close(&c->places);
    free(c);
}

static const struct rs_catalog *find_file(const struct rs_catalogs *c, const char *provider,
                                          const char *region)
{
    for (size_t i = 0; i < c->places.file_count; i++) {
        const struct rs_catalog_info *info = rs_catalog_info(c->places.files[i]);
        if (strcmp(info->provider, provider) == 0 &&
            (region == NULL || info->region == NULL || strcmp(info->region, region) == 0)) {
            return c->places.files[i];
        }
    }
    return NULL;
}

/* The first folder that has the region; the message of a failure is that of the last one. */
static enum rs_status load_from_folders(const struct rs_catalogs *c, const char *provider,
                                        const char *region, struct rs_catalog **out,
                                        struct rs_error *err)
{
    enum rs_status rc = RS_ENODATA;
    for (size_t i = 0; i < c->places.folder_count && rc == RS_ENODATA; i++) {
        rc = rs_catalog_load(c->places.folders[i], provider, region, out, err);
    }
    return rc;
}

static enum rs_status load_slot(struct rs_catalogs *c, const char *provider, const char *region,
                                struct rs_error *err)
{
    if (c->count == MAX_CATALOGS) {
        return rs_fail(err, RS_EINPUT, "more than %d regions in one run", MAX_CATALOGS);
    }
    struct slot slot = {NULL, NULL, NULL};
    enum rs_status rc = load_from_folders(c, provider, region, &slot.catalog, err);
    if (rc == RS_OK && c->prices != NULL) {
        rc = rs_catalog_set_prices(slot.catalog, c->prices, err);
    }
    struct rs_error later;
    if ((rc == RS_OK || rc == RS_ENODATA) &&
        (rs_text_copy(provider, &slot.provider, &later) != RS_OK ||
         rs_text_copy(region, &slot.region, &later) != RS_OK)) {
        *err = later;
        rc = later.code;
    }
    if (rc != RS_OK && rc != RS_ENODATA) {
        free(slot.provider);
        rs_catalog_free(slot.catalog);
        return rc;
    }
    c->slots[c->count++] = slot;
    return rc;
}

enum rs_status rs_catalogs_load(struct rs_catalogs *c, const char *provider, const char *region,
                                const struct rs_catalog **out, struct rs_error *err)
{
    *out = find_file(c, provider, region);
    if (*out != NULL) {
        return RS_OK;
    }
    if (region == NULL) {
        return rs_fail(err, RS_ENODATA, "no region of provider '%.64s' is named", provider);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->slots[i].provider, provider) == 0 &&
            strcmp(c->slots[i].region, region) == 0) {
            *out = c->slots[i].catalog;
            return *out != NULL ? RS_OK
                                : rs_fail(err, RS_ENODATA, "%.64s %.64s is not in the catalog",
                                          provider, region);
        }
    }
    enum rs_status rc = load_slot(c, provider, region, err);
    if (rc == RS_OK) {
        *out = c->slots[c->count - 1].catalog;
    }
    return rc;
}

enum rs_status rs_catalogs_get(struct rs_catalogs *c, const char *provider, const char *region,
                               const struct rs_catalog **out, struct rs_error *err)
{
    struct rs_error none;
    *out = NULL;
    if (provider == NULL) {
        return RS_OK;
    }
    enum rs_status rc = rs_catalogs_load(c, provider, region, out, &none);
    if (rc == RS_ENODATA) { /* an answer: the resource is reported as not in the catalog */
        return RS_OK;
    }
    if (rc != RS_OK) {
        *err = none;
    }
    return rc;
}

const char *const *rs_catalogs_provider_list(const struct rs_catalogs *c, size_t *count)
{
    *count = c->places.provider_count;
    return c->places.providers;
}

static const char *matched_region(const struct rs_catalogs *c, const char *provider)
{
    size_t length = strlen(provider);
    const char *found = NULL;
    for (size_t i = 0; i < c->match_region->count; i++) { /* the last one given holds */
        const char *item = c->match_region->items[i];
        if (strncmp(item, provider, length) == 0 && item[length] == '=') {
            found = item + length + 1;
        }
    }
    return found;
}

enum rs_status rs_catalogs_region(struct rs_catalogs *c, const char *provider, const char **region,
                                  enum rs_region_basis *basis, struct rs_error *err)
{
    const char *asked = matched_region(c, provider);
    const struct rs_catalog *file = find_file(c, provider, asked);
    *basis = RS_REGION_ASKED;
    if (asked != NULL || file != NULL) {
        *region = asked != NULL ? asked : rs_catalog_info(file)->region;
        return RS_OK;
    }
    *basis = RS_REGION_DEFAULT;
    for (size_t i = 0; i < c->default_count; i++) {
        if (strcmp(c->defaults[i].provider, provider) == 0) {
            *region = c->defaults[i].region;
            return RS_OK;
        }
    }
    if (c->default_count == RS_PLACES_MAX) {
        return rs_fail(err, RS_EUSAGE, "more than %d providers in one run", RS_PLACES_MAX);
    }
    char *name = NULL, *found = NULL;
    enum rs_status rc = rs_text_copy(provider, &name, err);
    rc = rc == RS_OK ? RS_ENODATA : rc;
    /* The last folder is the shipped one, which knows a default best. */
    for (size_t i = c->places.folder_count; i > 0 && rc == RS_ENODATA; i--) {
        rc = rs_catalog_default_region(c->places.folders[i - 1], provider, &found, err);
    }
    if (rc != RS_OK) {
        free(name);
        return rc;
    }
    c->defaults[c->default_count].provider = name;
    c->defaults[c->default_count].region = found;
    *region = c->defaults[c->default_count++].region;
    return RS_OK;
}

static enum rs_status visit(struct rs_catalogs *c, const char *provider, rs_catalogs_fn *fn,
                            void *payload, struct rs_error *err)
{
    const struct rs_catalog *catalog = NULL;
    const char *region = NULL;
    enum rs_region_basis basis = RS_REGION_DEFAULT;
    enum rs_status rc = rs_catalogs_region(c, provider, &region, &basis, err);
    if (rc == RS_OK) {
        rc = rs_catalogs_load(c, provider, region, &catalog, err);
    }
    return rc == RS_OK ? fn(payload, catalog, basis, err) : rc;
}

enum rs_status rs_catalogs_each(struct rs_catalogs *c, bool all, rs_catalogs_fn *fn, void *payload,
                                struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < c->places.provider_count && rc == RS_OK; i++) {
        rc = visit(c, c->places.providers[i], fn, payload, err);
    }
    if (!all || c->places.provider_count > 0) {
        return rc;
    }
    char **names = NULL;
    rc = rs_catalog_providers(c->places.folders[c->places.folder_count - 1], &names, err);
    for (size_t i = 0; rc == RS_OK && names[i] != NULL; i++) {
        rc = visit(c, names[i], fn, payload, err);
    }
    rs_catalog_regions_free(names);
    return rc;
}

const char *const *rs_catalogs_folders(const struct rs_catalogs *c, size_t *count)
{
    *count = c->places.folder_count;
    return (const char *const *)c->places.folders;
}

void rs_catalogs_warn_prices(const struct rs_catalogs *c, const struct rs_context *context)
{
    const char *type = c->prices != NULL ? rs_price_list_unmet(c->prices, 0) : NULL;
    size_t count = 0;
    while (type != NULL && rs_price_list_unmet(c->prices, count) != NULL && count < 1000) {
        count++;
    }
    if (type != NULL) {
        rs_say(context, RS_LEVEL_WARNING, "%s: %zu %s of no catalog used here: '%.64s'%s",
               context->globals.prices, count, count == 1 ? "type is" : "types are", type,
               count > 1 ? ", ..." : "");
    }
}

void rs_catalogs_warn_age(const struct rs_catalog *catalog, const struct rs_context *context)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    int64_t age = rs_catalog_price_age(catalog, context->now);
    if (age > RS_CATALOG_OLD_SECONDS) {
        rs_say(context, RS_LEVEL_WARNING,
               "the prices of %s%s%s are of %s, %lld days old; see 'rightsize help catalog'",
               info->provider, info->region != NULL ? " " : "",
               info->region != NULL ? info->region : "", info->price_date,
               (long long)(age / RS_DAY_SECONDS));
    }
}
