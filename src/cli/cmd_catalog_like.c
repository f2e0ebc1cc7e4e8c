/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rightsize catalog find --like TYPE`: the nearest types of other families and clouds. */
#include "cli/cmd_catalog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OTHER_ARCHITECTURE 0.5 /* as far as 1.41 times the vCPUs: another build, same work */

static const unsigned kinds = RS_OFFER_BURSTABLE | RS_OFFER_BARE_METAL;

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static double distance(const struct rs_offer *a, const struct rs_offer *b)
{
    bool foreign = a->architecture != NULL && b->architecture != NULL &&
                   strcmp(a->architecture, b->architecture) != 0;
    return fabs(log2(a->vcpus / b->vcpus)) + fabs(log2(a->memory_bytes / b->memory_bytes)) +
           (foreign ? OTHER_ARCHITECTURE : 0);
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_near(const void *a, const void *b)
{
    const struct rs_listed *x = a, *y = b;
    int by = order(x->distance, y->distance);
    by = by != 0 ? by : order(x->offer->price, y->offer->price);
    return by != 0 ? by : strcmp(x->offer->type, y->offer->type);
}

static const char *family_of(const struct rs_offer *offer)
{
    return offer->family != NULL ? offer->family : offer->type;
}

static int compare_families(const void *a, const void *b)
{
    const struct rs_listed *x = a, *y = b;
    int by = strcmp(rs_catalog_info(x->catalog)->provider, rs_catalog_info(y->catalog)->provider);
    by = by != 0 ? by : strcmp(family_of(x->offer), family_of(y->offer));
    return by != 0 ? by : compare_near(a, b);
}

/* The first of each family stays. */
static void keep_nearest(struct rs_listing *listing)
{
    size_t kept = 0;
    if (listing->count == 0) {
        return;
    }
    qsort(listing->items, listing->count, sizeof(*listing->items), compare_families);
    for (size_t i = 0; i < listing->count; i++) {
        const struct rs_listed *item = &listing->items[i],
                               *last = &listing->items[kept > 0 ? kept - 1 : 0];
        if (kept == 0 || item->catalog != last->catalog ||
            strcmp(family_of(item->offer), family_of(last->offer)) != 0) {
            listing->items[kept++] = *item;
        }
    }
    listing->count = kept;
    qsort(listing->items, kept, sizeof(*listing->items), compare_near);
}

enum rs_status rs_catalog_like(const struct rs_catalog_options *o,
                               const struct rs_catalog_filter *filter, struct rs_listing *listing,
                               struct rs_error *err)
{
    const struct rs_offer *model = NULL;
    const struct rs_catalog *home = NULL;
    for (size_t c = 0; c < listing->catalog_count && model == NULL; c++) {
        home = listing->catalogs[c];
        model = rs_catalog_find(home, o->like);
    }
    if (model == NULL) {
        return rs_fail(err, RS_ENODATA, "--like: '%.64s' is in no catalog looked into", o->like);
    }
    const struct rs_catalog_info *info = rs_catalog_info(home);
    enum rs_status rc = RS_OK;
    for (size_t c = 0; c < listing->catalog_count; c++) {
        const struct rs_catalog *catalog = listing->catalogs[c];
        bool comparable = same_text(rs_catalog_info(catalog)->currency, info->currency);
        for (size_t i = 0; i < rs_catalog_count(catalog) && rc == RS_OK; i++) {
            const struct rs_offer *offer = rs_catalog_at(catalog, i);
            if (isnan(offer->price) || (offer->flags & RS_OFFER_DELISTED) != 0 ||
                ((offer->flags ^ model->flags) & kinds) != 0 ||
                (offer->gpu_count > 0) != (model->gpu_count > 0) ||
                (catalog == home && strcmp(family_of(offer), family_of(model)) == 0) ||
                !rs_catalog_filter_accepts(filter, offer)) {
                continue;
            }
            rc = rs_listing_add(listing, catalog, offer, distance(offer, model),
                                comparable ? offer->price / model->price : NAN, err);
        }
    }
    keep_nearest(listing);
    return rc;
}
