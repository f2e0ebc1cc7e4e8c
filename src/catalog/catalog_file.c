/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own catalog: facts and prices of one provider in one file. */
#include "catalog/catalog_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum rs_status take(void *context, const void *row, struct rs_error *err)
{
    const struct rs_offer *offer = row;
    if (isnan(offer->price) &&
        (!isnan(offer->reserved_1y) || !isnan(offer->reserved_3y) || !isnan(offer->spot_saving))) {
        return rs_fail(err, RS_EINPUT, "'%.64s' has a reserved or spot price but no 'on_demand'",
                       offer->type);
    }
    return rs_catalog_take_offer(context, offer, err);
}

/* Whoever writes a catalog by hand knows few columns: all but the name and the size may lack. */
static size_t columns_of(struct rs_catalog_column *out)
{
    size_t count = 0;
    for (size_t i = 0; i < rs_catalog_type_column_count; i++) {
        out[count] = rs_catalog_type_columns[i];
        out[count].optional = !out[count].needed;
        count++;
    }
    for (size_t i = 1; i < rs_catalog_price_column_count; i++) { /* 0 is the type again */
        out[count] = rs_catalog_price_columns[i];
        out[count].optional = true;
        out[count].needed = false;
        count++;
    }
    return count;
}

static enum rs_status finish(struct rs_catalog *catalog, const struct rs_catalog_head *head,
                             struct rs_error *err)
{
    struct rs_catalog_info *info = &catalog->info;
    enum rs_status rc = rs_catalog_check_member("provider", head->provider, NULL, err);
    if (rc == RS_OK) {
        rc = rs_catalog_check_date("date", head->date, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_check_currency(head->currency, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_sort_offers(catalog, err);
    }
    for (size_t i = 0; i < catalog->count && rc == RS_OK; i++) {
        if (!isnan(catalog->offers[i].price)) {
            rc = rs_catalog_note_price(catalog, &catalog->offers[i], head->date, err);
        }
    }
    if (rc == RS_OK) {
        rc = rs_catalog_date_prices(catalog, head->date, err);
    }
    info->provider = head->provider;
    info->region = info->region_name = head->region;
    info->currency = head->currency;
    info->facts_date = head->date;
    info->source = head->source;
    return rc;
}

enum rs_status rs_catalog_load_file(const char *path, struct rs_catalog **out, struct rs_error *err)
{
    assert(path != NULL && out != NULL);
    struct rs_catalog_head head;
    size_t total = rs_catalog_type_column_count + rs_catalog_price_column_count;
    struct rs_catalog_column *columns = calloc(total, sizeof(*columns));
    struct rs_catalog *catalog = calloc(1, sizeof(*catalog));
    enum rs_status rc = RS_OK;
    if (columns == NULL || catalog == NULL) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for a catalog");
        goto out;
    }
    const struct rs_catalog_table table = {
        "catalog", columns, columns_of(columns), sizeof(struct rs_offer), rs_catalog_blank_offer,
        take};
    rc = rs_catalog_table_read(path, &table, &catalog->pool, catalog, &head, err);
    if (rc == RS_OK) {
        rc = finish(catalog, &head, err);
        if (rc == RS_EINPUT) {
            rc = rs_fail_where(err, "%s", path);
        }
    }
    if (rc == RS_OK) {
        rc = rs_catalog_order_by_price(catalog, err);
    }
out:
    free(columns);
    if (rc != RS_OK) {
        rs_catalog_free(catalog);
        return rc;
    }
    *out = catalog;
    return RS_OK;
}
