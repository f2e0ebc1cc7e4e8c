/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/catalog.h"

#include "catalog/catalog_private.h"
#include "rightsize/when.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rs_status rs_catalog_check_member(const char *key, const char *value, const char *expected,
                                       struct rs_error *err)
{
    if (value == NULL) {
        return rs_fail(err, RS_EINPUT, "'%s' is missing", key);
    }
    if (expected != NULL && strcmp(value, expected) != 0) {
        return rs_fail(err, RS_EINPUT, "'%s' is '%.64s', not '%.64s' as the index says", key, value,
                       expected);
    }
    return RS_OK;
}

enum rs_status rs_catalog_check_date(const char *key, const char *date, struct rs_error *err)
{
    static const char shape[] = "dddd-dd-dd";
    size_t length = date == NULL ? 0 : strlen(date);
    bool good = length == 7 || length == 10;
    for (size_t i = 0; good && i < length; i++) {
        good = shape[i] == 'd' ? date[i] >= '0' && date[i] <= '9' : date[i] == shape[i];
    }
    if (!good) {
        return rs_fail(err, RS_EINPUT, "'%s' %.32s is not YYYY-MM-DD or YYYY-MM", key,
                       date == NULL ? "(missing)" : date);
    }
    return RS_OK;
}

static int compare_key(const void *key, const void *element)
{
    return strcmp(key, ((const struct rs_offer *)element)->type);
}

struct rs_offer *rs_catalog_offer(const struct rs_catalog *catalog, const char *type)
{
    return bsearch(type, catalog->offers, catalog->count, sizeof(*catalog->offers), compare_key);
}

static int compare_prices(const void *a, const void *b)
{
    const struct rs_offer *x = *(const struct rs_offer *const *)a;
    const struct rs_offer *y = *(const struct rs_offer *const *)b;
    int order = (x->price > y->price) - (x->price < y->price);
    return order != 0 ? order : strcmp(x->type, y->type);
}

enum rs_status rs_catalog_order_by_price(struct rs_catalog *catalog, struct rs_error *err)
{
    size_t n = 0;
    free(catalog->by_price);
    catalog->by_price = calloc(catalog->count + 1, sizeof(struct rs_offer *));
    if (catalog->by_price == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu prices", catalog->count);
    }
    for (size_t i = 0; i < catalog->count; i++) {
        if (!isnan(catalog->offers[i].price)) {
            catalog->by_price[n++] = &catalog->offers[i];
        }
    }
    catalog->info.priced = n;
    qsort(catalog->by_price, n, sizeof(struct rs_offer *), compare_prices);
    return RS_OK;
}

void rs_catalog_free(struct rs_catalog *catalog)
{
    if (catalog == NULL) {
        return;
    }
    rs_catalog_pool_release(&catalog->pool);
    free(catalog->by_price);
    free(catalog->offers);
    free(catalog);
}

const struct rs_catalog_info *rs_catalog_info(const struct rs_catalog *catalog)
{
    return &catalog->info;
}

size_t rs_catalog_count(const struct rs_catalog *catalog)
{
    return catalog->count;
}

const struct rs_offer *rs_catalog_at(const struct rs_catalog *catalog, size_t i)
{
    assert(i < catalog->count);
    return &catalog->offers[i];
}

const struct rs_offer *rs_catalog_by_price(const struct rs_catalog *catalog, size_t i)
{
    assert(i < catalog->info.priced);
    return catalog->by_price[i];
}

const struct rs_offer *rs_catalog_find(const struct rs_catalog *catalog, const char *type)
{
    return type != NULL ? rs_catalog_offer(catalog, type) : NULL;
}

int64_t rs_catalog_price_age(const struct rs_catalog *catalog, int64_t now)
{
    const char *date = catalog->info.priced > 0 ? catalog->info.price_date : NULL;
    struct rs_error err;
    char day[16];
    int64_t at = 0;
    if (date == NULL) {
        return -1;
    }
    snprintf(day, sizeof(day), "%.10s%s", date, strlen(date) == 7 ? "-01" : "");
    if (rs_when_parse(day, &at, &err) != RS_OK) { /* "2026-02-30" has the shape of a date */
        return -1;
    }
    return now > at ? now - at : 0;
}
