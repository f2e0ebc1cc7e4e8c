/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_private.h"
#include "catalog/catalog_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PRICE_MIN 1e-6 /* a price of 0 would win every ranking */
#define PRICE_MAX 1e6

struct price {
    const char *type, *date;
    double on_demand, reserved_1y, reserved_3y;
    unsigned flags;
};

struct pricing {
    struct rs_catalog *catalog;
    const char *oldest; /* of the rows with a date of their own */
    bool undated;       /* some row takes the file's date */
};

#define PRICE(column, member, needed)                                                              \
    {                                                                                              \
        column, RS_CELL_NUMBER, offsetof(struct price, member), 1, PRICE_MIN, PRICE_MAX, 0,        \
            needed, false                                                                          \
    }

static const struct rs_catalog_column columns[] = {
    {"type", RS_CELL_TEXT, offsetof(struct price, type), 1, 0, 0, 0, true, false},
    PRICE("on_demand", on_demand, true),
    {"price_date", RS_CELL_TEXT, offsetof(struct price, date), 1, 0, 0, 0, false, false},
    {"estimated", RS_CELL_FLAG, offsetof(struct price, flags), 1, 0, 1, RS_OFFER_PRICE_ESTIMATED,
     true, false},
    PRICE("reserved_1y", reserved_1y, false),
    PRICE("reserved_3y", reserved_3y, false),
};

static void blank_price(void *row)
{
    *(struct price *)row = (struct price){NULL, NULL, NAN, NAN, NAN, 0};
}

static enum rs_status take_price(void *context, const void *row, struct rs_error *err)
{
    struct pricing *pricing = context;
    struct rs_catalog *catalog = pricing->catalog;
    const struct price *price = row;
    struct rs_offer *offer = rs_catalog_offer(catalog, price->type);
    if (offer == NULL) {
        return rs_fail(err, RS_EINPUT, "type '%.64s' has a price but no facts", price->type);
    }
    if (!isnan(offer->price)) {
        return rs_fail(err, RS_EINPUT, "type '%.64s' is priced twice", price->type);
    }
    if (price->date == NULL) {
        pricing->undated = true;
    } else {
        enum rs_status rc = rs_catalog_check_date("price_date", price->date, err);
        if (rc != RS_OK) {
            return rc;
        }
        if (pricing->oldest == NULL || strcmp(price->date, pricing->oldest) < 0) {
            pricing->oldest = price->date;
        }
    }
    offer->price = price->on_demand;
    offer->reserved_1y = price->reserved_1y;
    offer->reserved_3y = price->reserved_3y;
    offer->flags |= price->flags;
    catalog->info.priced++;
    catalog->info.estimated += (price->flags & RS_OFFER_PRICE_ESTIMATED) != 0 ? 1 : 0;
    return RS_OK;
}

static const struct rs_catalog_table table = {
    "prices",    columns,   sizeof(columns) / sizeof(columns[0]), sizeof(struct price),
    blank_price, take_price};

static enum rs_status check(const struct rs_catalog_head *head, const char *provider,
                            const char *region, struct rs_error *err)
{
    enum rs_status rc = rs_catalog_check_member("provider", head->provider, provider, err);
    if (rc == RS_OK) {
        rc = rs_catalog_check_member("region", head->region, region, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_check_date("date", head->date, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_check_member("currency", head->currency, NULL, err);
    }
    if (rc == RS_OK && (strlen(head->currency) != 3 ||
                        strspn(head->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)) {
        rc = rs_fail(err, RS_EINPUT, "'currency' '%.16s' is not three capitals", head->currency);
    }
    return rc;
}

enum rs_status rs_catalog_prices_read(const char *path, const char *provider, const char *region,
                                      struct rs_catalog *catalog, const char **source,
                                      struct rs_error *err)
{
    struct rs_catalog_head head;
    struct pricing pricing = {catalog, NULL, false};
    enum rs_status rc = rs_catalog_table_read(path, &table, &catalog->pool, &pricing, &head, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = check(&head, provider, region, err);
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", path);
    }
    bool file_is_oldest = pricing.oldest == NULL || strcmp(head.date, pricing.oldest) < 0;
    catalog->info.price_date =
        file_is_oldest && (pricing.undated || pricing.oldest == NULL) ? head.date : pricing.oldest;
    catalog->info.currency = head.currency;
    *source = head.source;
    return RS_OK;
}
