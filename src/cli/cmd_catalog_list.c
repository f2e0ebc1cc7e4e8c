/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rightsize catalog list`, `find` and `show`. */
#include "cli/cmd_catalog.h"
#include "cli/offer_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum rs_status note_catalog(void *payload, const struct rs_catalog *catalog,
                                   enum rs_region_basis basis, struct rs_error *err)
{
    struct rs_listing *listing = payload;
    if (listing->catalog_count == sizeof(listing->catalogs) / sizeof(listing->catalogs[0])) {
        return rs_fail(err, RS_EUSAGE, "too many catalogs at once");
    }
    listing->by_default[listing->catalog_count] = basis == RS_REGION_DEFAULT;
    listing->catalogs[listing->catalog_count++] = catalog;
    return RS_OK;
}

/* --region is that of --provider, or of the first provider that --catalog names. */
static enum rs_status choose(struct rs_catalogs *catalogs, const struct rs_catalog_options *o,
                             struct rs_listing *listing, struct rs_error *err)
{
    size_t count = 0;
    const char *const *named = rs_catalogs_provider_list(catalogs, &count);
    const char *first = o->provider != NULL ? o->provider : count > 0 ? named[0] : "aws";
    bool alone = o->provider != NULL || (count == 0 && o->like == NULL);
    if (o->region == NULL && !alone) {
        return rs_catalogs_each(catalogs, true, note_catalog, listing, err);
    }
    const struct rs_catalog *catalog = NULL;
    enum rs_region_basis basis = RS_REGION_ASKED;
    const char *region = o->region;
    enum rs_status rc =
        region == NULL ? rs_catalogs_region(catalogs, first, &region, &basis, err) : RS_OK;
    if (rc == RS_OK) {
        rc = rs_catalogs_load(catalogs, first, region, &catalog, err);
    }
    if (rc == RS_OK) {
        rc = note_catalog(listing, catalog, basis, err);
    }
    if (rc != RS_OK || alone) {
        return rc;
    }
    struct rs_listing others = {.count = 0};
    rc = rs_catalogs_each(catalogs, true, note_catalog, &others, err);
    for (size_t i = 0; i < others.catalog_count && rc == RS_OK; i++) {
        if (strcmp(rs_catalog_info(others.catalogs[i])->provider, first) != 0) {
            basis = others.by_default[i] ? RS_REGION_DEFAULT : RS_REGION_ASKED;
            rc = note_catalog(listing, others.catalogs[i], basis, err);
        }
    }
    return rc;
}

static int compare_prices(const void *a, const void *b)
{
    const struct rs_listed *x = a, *y = b;
    int order = isnan(x->offer->price) - isnan(y->offer->price);
    if (order == 0) {
        order = (x->offer->price > y->offer->price) - (x->offer->price < y->offer->price);
    }
    return order != 0 ? order : strcmp(x->offer->type, y->offer->type);
}

static enum rs_status filter_all(const struct rs_catalog_filter *filter, struct rs_listing *listing,
                                 bool by_price, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t c = 0; c < listing->catalog_count; c++) {
        const struct rs_catalog *catalog = listing->catalogs[c];
        for (size_t i = 0; i < rs_catalog_count(catalog) && rc == RS_OK; i++) {
            const struct rs_offer *offer = rs_catalog_at(catalog, i);
            /* What is not sold in the region cannot be found there. */
            if (rs_catalog_filter_accepts(filter, offer) && !(by_price && isnan(offer->price))) {
                rc = rs_listing_add(listing, catalog, offer, NAN, NAN, err);
            }
        }
    }
    if (rc == RS_OK && by_price && listing->count > 0) {
        qsort(listing->items, listing->count, sizeof(*listing->items), compare_prices);
    }
    return rc;
}

static void say_where(const struct rs_context *context, const struct rs_listing *listing)
{
    for (size_t i = 0; i < listing->catalog_count; i++) {
        const struct rs_catalog_info *info = rs_catalog_info(listing->catalogs[i]);
        rs_say(context, RS_LEVEL_INFO, "prices of %s%s%s%s: %s an hour, %s%s", info->provider,
               info->region != NULL ? " " : "", info->region != NULL ? info->region : "",
               listing->by_default[i] && listing->catalog_count > 1
                   ? " (its default; --match-region names another)"
                   : "",
               info->currency, info->price_date,
               info->estimated > 0 ? ", some estimated (price_estimated)" : "");
        rs_catalogs_warn_age(listing->catalogs[i], context);
    }
}

static enum rs_status fill(struct rs_catalogs *catalogs, const struct rs_catalog_options *o,
                           const char *command, const char *pattern, struct rs_listing *listing,
                           struct rs_error *err)
{
    struct rs_catalog_filter filter;
    enum rs_status rc = rs_catalog_parse_filter(o, &filter, err);
    if (rc != RS_OK || (rc = choose(catalogs, o, listing, err)) != RS_OK) {
        return rc;
    }
    filter.pattern = pattern;
    listing->like = o->like != NULL;
    rc = listing->like ? rs_catalog_like(o, &filter, listing, err)
                       : filter_all(&filter, listing, strcmp(command, "find") == 0, err);
    int64_t limit = o->limit < 0 && listing->like ? 20 : o->limit;
    if (limit >= 0 && listing->count > (uint64_t)limit) {
        listing->count = (size_t)limit;
    }
    return rc;
}

enum rs_status rs_catalog_cmd_list(struct rs_context *context, const struct rs_catalog_options *o,
                                   int argc, char **argv, struct rs_error *err)
{
    struct rs_catalogs *catalogs = NULL;
    struct rs_listing listing = {.count = 0};
    struct rs_buffer text;
    if (argc > 2 || (o->like != NULL && strcmp(argv[0], "find") != 0)) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize catalog %s [PATTERN]%s", argv[0],
                       o->like != NULL ? "; --like is for find" : "");
    }
    rs_buffer_init(&text);
    enum rs_status rc = rs_catalogs_open(context, &catalogs, err);
    if (rc == RS_OK) {
        rc = fill(catalogs, o, argv[0], argc > 1 ? argv[1] : NULL, &listing, err);
    }
    if (rc == RS_OK) {
        rc = rs_listing_render(&listing, o->output, &text, err);
    }
    if (rc == RS_OK && listing.count == 0) {
        rc = rs_fail(err, RS_ENODATA, "no type of the catalog passes these filters");
    }
    if (rc == RS_OK) {
        say_where(context, &listing);
        rs_catalogs_warn_prices(catalogs, context);
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    rs_listing_release(&listing);
    rs_catalogs_close(catalogs);
    return rc;
}

static void show_info(const struct rs_catalog_info *info, struct rs_buffer *out)
{
    const struct {
        const char *key, *value;
    } rows[] = {
        {"provider", info->provider},     {"region", info->region}, {"currency", info->currency},
        {"facts_date", info->facts_date}, {"source", info->source},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rs_buffer_printf(out, "%-24s %s\n", rows[i].key,
                         rows[i].value != NULL ? rows[i].value : "unknown");
    }
}

static enum rs_status show(const struct rs_listing *listing, const char *type, const char *format,
                           struct rs_buffer *out, struct rs_error *err)
{
    struct rs_listing found = {.count = 0};
    enum rs_status rc = RS_OK;
    for (size_t c = 0; c < listing->catalog_count && rc == RS_OK; c++) {
        const struct rs_offer *offer = rs_catalog_find(listing->catalogs[c], type);
        if (offer != NULL) {
            found.catalogs[found.catalog_count++] = listing->catalogs[c];
            rc = rs_listing_add(&found, listing->catalogs[c], offer, NAN, NAN, err);
        }
    }
    if (rc == RS_OK && found.count == 0) {
        rc = rs_fail(err, RS_ENODATA, "'%.64s' is not in the catalog of %s%s", type,
                     rs_catalog_info(listing->catalogs[0])->provider,
                     listing->catalog_count > 1 ? " and the others" : "");
    }
    if (rc == RS_OK && format != NULL && strcmp(format, "table") != 0) {
        rc = rs_listing_render(&found, format, out, err);
    } else {
        for (size_t i = 0; rc == RS_OK && i < found.count; i++) {
            rs_buffer_text(out, i > 0 ? "\n" : "");
            for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
                rs_buffer_printf(out, "%-24s ", c->key);
                size_t before = out->length;
                c->render(found.items[i].offer, out);
                rs_buffer_text(out, out->length == before ? "unknown\n" : "\n");
            }
            show_info(rs_catalog_info(found.items[i].catalog), out);
        }
    }
    rs_listing_release(&found);
    return rc == RS_OK ? rs_buffer_status(out, err) : rc;
}

enum rs_status rs_catalog_cmd_show(struct rs_context *context, const struct rs_catalog_options *o,
                                   int argc, char **argv, struct rs_error *err)
{
    struct rs_catalogs *catalogs = NULL;
    struct rs_listing listing = {.count = 0};
    struct rs_buffer text;
    if (argc != 2) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize catalog show TYPE");
    }
    rs_buffer_init(&text);
    enum rs_status rc = rs_catalogs_open(context, &catalogs, err);
    if (rc == RS_OK) {
        rc = choose(catalogs, o, &listing, err);
    }
    if (rc == RS_OK) {
        rc = show(&listing, argv[1], o->output, &text, err);
    }
    if (rc == RS_OK) {
        rs_catalogs_warn_prices(catalogs, context);
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    rs_listing_release(&listing);
    rs_catalogs_close(catalogs);
    return rc;
}
