/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PRICE_MIN 1e-6 /* a price of 0 would win every ranking */
#define PRICE_MAX 1e6

#define PRICE(column, member, needed)                                                              \
    {                                                                                              \
        column, RS_CELL_NUMBER, offsetof(struct rs_offer, member), 1, PRICE_MIN, PRICE_MAX, 0,     \
            needed, false                                                                          \
    }

const struct rs_catalog_column rs_catalog_price_columns[] = {
    {"type", RS_CELL_TEXT, offsetof(struct rs_offer, type), 1, 0, 0, 0, true, false},
    PRICE("on_demand", price, true),
    {"price_date", RS_CELL_TEXT, offsetof(struct rs_offer, price_date), 1, 0, 0, 0, false, false},
    {"estimated", RS_CELL_FLAG, offsetof(struct rs_offer, flags), 1, 0, 1, RS_OFFER_PRICE_ESTIMATED,
     true, false},
    PRICE("reserved_1y", reserved_1y, false),
    PRICE("reserved_3y", reserved_3y, false),
    {"spot_saving_pct", RS_CELL_NUMBER, offsetof(struct rs_offer, spot_saving), 0.01, -1e4, 100, 0,
     false, true},
    {"interruption", RS_CELL_NUMBER, offsetof(struct rs_offer, interruption), 1, 0, 4, 0, false,
     true},
};
const size_t rs_catalog_price_column_count =
    sizeof(rs_catalog_price_columns) / sizeof(rs_catalog_price_columns[0]);

enum rs_status rs_catalog_note_price(struct rs_catalog *catalog, struct rs_offer *offer,
                                     const char *date, struct rs_error *err)
{
    if (offer->price_date == NULL) {
        offer->price_date = date;
    } else {
        enum rs_status rc = rs_catalog_check_date("price_date", offer->price_date, err);
        if (rc != RS_OK) {
            return rc;
        }
    }
    catalog->info.priced++;
    catalog->info.estimated += (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0 ? 1 : 0;
    return RS_OK;
}

static enum rs_status take_price(void *context, const void *row, struct rs_error *err)
{
    struct rs_catalog *catalog = context;
    const struct rs_offer *price = row;
    struct rs_offer *offer = rs_catalog_offer(catalog, price->type);
    if (offer == NULL) {
        return rs_fail(err, RS_EINPUT, "type '%.64s' has a price but no facts", price->type);
    }
    if (!isnan(offer->price)) {
        return rs_fail(err, RS_EINPUT, "type '%.64s' is priced twice", price->type);
    }
    offer->price = price->price;
    offer->reserved_1y = price->reserved_1y;
    offer->reserved_3y = price->reserved_3y;
    offer->spot_saving = price->spot_saving;
    offer->interruption = price->interruption;
    offer->price_date = price->price_date;
    offer->flags |= price->flags;
    /* The head may follow the rows: a row without a date takes the file's afterwards. */
    return rs_catalog_note_price(catalog, offer, NULL, err);
}

static int compare_dates(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The longest run of equal dates among the sorted ones; the first, so the older, of two. */
static const char *commonest(const char *const *dates, size_t count)
{
    size_t best = 0, longest = 0;
    for (size_t i = 0, from = 0; i < count; i++) {
        if (strcmp(dates[i], dates[from]) != 0) {
            from = i;
        }
        if (i + 1 - from > longest) {
            longest = i + 1 - from;
            best = from;
        }
    }
    return dates[best];
}

enum rs_status rs_catalog_date_prices(struct rs_catalog *catalog, const char *date,
                                      struct rs_error *err)
{
    size_t count = 0;
    const char **dates = calloc(catalog->count + 1, sizeof(*dates));
    if (dates == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu dates", catalog->count);
    }
    for (size_t i = 0; i < catalog->count; i++) {
        struct rs_offer *offer = &catalog->offers[i];
        if (!isnan(offer->price)) {
            offer->price_date = offer->price_date != NULL ? offer->price_date : date;
            dates[count++] = offer->price_date;
        }
    }
    catalog->info.price_date = catalog->info.oldest_price_date = date;
    if (count > 0) {
        qsort(dates, count, sizeof(*dates), compare_dates);
        catalog->info.price_date = commonest(dates, count);
        catalog->info.oldest_price_date = dates[0];
    }
    free(dates);
    return RS_OK;
}

enum rs_status rs_catalog_check_currency(const char *currency, struct rs_error *err)
{
    enum rs_status rc = rs_catalog_check_member("currency", currency, NULL, err);
    if (rc == RS_OK &&
        (strlen(currency) != 3 || strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)) {
        rc = rs_fail(err, RS_EINPUT, "'currency' '%.16s' is not three capitals", currency);
    }
    return rc;
}

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
    return rc == RS_OK ? rs_catalog_check_currency(head->currency, err) : rc;
}

enum rs_status rs_catalog_prices_read(const char *path, const char *provider, const char *region,
                                      struct rs_catalog *catalog, const char **source,
                                      struct rs_error *err)
{
    const struct rs_catalog_table table = {"prices",
                                           rs_catalog_price_columns,
                                           rs_catalog_price_column_count,
                                           sizeof(struct rs_offer),
                                           rs_catalog_blank_offer,
                                           take_price};
    struct rs_catalog_head head;
    enum rs_status rc = rs_catalog_table_read(path, &table, &catalog->pool, catalog, &head, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = check(&head, provider, region, err);
    if (rc == RS_OK) {
        rc = rs_catalog_date_prices(catalog, head.date, err);
    }
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", path);
    }
    catalog->info.currency = head.currency;
    *source = head.source;
    return RS_OK;
}
