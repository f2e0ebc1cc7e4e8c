/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own prices and limits: a CSV that is laid over a catalog. */
#include "catalog/catalog_private.h"
#include "rightsize/csv.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PRICES ((size_t)100000)

/* Of the facts only what vendors do not tell can be said here. */
static const char *const limit_columns[] = {"net_pps", "disk_mbytes_per_s", "disk_iops"};
enum { LIMITS = sizeof(limit_columns) / sizeof(limit_columns[0]) };

struct own_price {
    char *type;
    double price;          /* NaN: the catalog's */
    double limits[LIMITS]; /* NaN: the catalog's; in the units of struct rs_offer */
    bool met;
};

struct rs_price_list {
    struct own_price *items; /* sorted by type */
    size_t count, capacity;
    const struct rs_catalog_column *limits[LIMITS]; /* of the header, by place */
    size_t limit_count;
};

void rs_price_list_free(struct rs_price_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].type);
    }
    free(list->items);
    free(list);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct own_price *)a)->type, ((const struct own_price *)b)->type);
}

static enum rs_status add(struct rs_price_list *list, struct own_price *item, const char *type,
                          struct rs_error *err)
{
    if (list->count == MAX_PRICES) {
        return rs_fail(err, RS_EINPUT, "more than %zu prices", MAX_PRICES);
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct own_price *grown = realloc(list->items, capacity * sizeof(*grown));
        if (grown == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu prices", capacity);
        }
        list->items = grown;
        list->capacity = capacity;
    }
    enum rs_status rc = rs_text_copy(type, &item->type, err);
    if (rc == RS_OK) {
        list->items[list->count++] = *item;
    }
    return rc;
}

static const struct rs_catalog_column *limit_column(const char *name)
{
    for (size_t i = 0; i < LIMITS; i++) {
        if (strcmp(name, limit_columns[i]) != 0) {
            continue;
        }
        const struct rs_catalog_column *column = rs_catalog_type_columns;
        while (strcmp(column->name, name) != 0) {
            column++;
        }
        return column;
    }
    return NULL;
}

static enum rs_status take_header(struct rs_price_list *list, const struct rs_csv *csv,
                                  struct rs_error *err)
{
    for (size_t i = 2; i < csv->count; i++) {
        const struct rs_catalog_column *column = limit_column(csv->fields[i]);
        bool known = column != NULL && list->limit_count < LIMITS;
        for (size_t k = 0; k < list->limit_count; k++) {
            known = known && list->limits[k] != column;
        }
        if (!known) {
            return rs_fail(err, RS_EINPUT,
                           "column %zu is no limit, or there twice: type, price, net_pps, "
                           "disk_mbytes_per_s and disk_iops are known",
                           i + 1);
        }
        list->limits[list->limit_count++] = column;
    }
    return RS_OK;
}

static enum rs_status take_limits(const struct rs_price_list *list, const struct rs_csv *csv,
                                  struct own_price *item, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < list->limit_count && rc == RS_OK; i++) {
        const struct rs_catalog_column *column = list->limits[i];
        const char *text = csv->fields[i + 2];
        item->limits[i] = NAN;
        if (text[0] != '\0') {
            rc = rs_parse_double(text, column->min, column->max, &item->limits[i], err);
            item->limits[i] *= column->unit;
        }
    }
    return rc;
}

/* A first row whose second field is a word is a header. */
static enum rs_status take_row(struct rs_price_list *list, const struct rs_csv *csv, bool first,
                               struct rs_error *err)
{
    struct own_price item = {.price = NAN};
    const char *text = csv->count > 1 ? csv->fields[1] : "";
    if (first && csv->count > 1 && csv->fields[0][0] != '\0' && text[0] != '\0' &&
        strspn(text, "0123456789.+-") == 0) {
        return take_header(list, csv, err);
    }
    if (csv->count != 2 + list->limit_count || csv->fields[0][0] == '\0') {
        return list->limit_count > 0
                   ? rs_fail(err, RS_EINPUT, "as many fields as in the header are expected")
                   : rs_fail(err, RS_EINPUT,
                             "two fields are expected, a type and its price per hour");
    }
    enum rs_status rc = RS_OK;
    if (list->limit_count == 0 || text[0] != '\0') {
        rc = rs_parse_double(text, 1e-6, 1e6, &item.price, err);
    }
    if (rc == RS_OK) {
        rc = take_limits(list, csv, &item, err);
    }
    return rc == RS_OK ? add(list, &item, csv->fields[0], err) : rc;
}

static enum rs_status read_rows(struct rs_input *input, struct rs_price_list *list,
                                struct rs_error *err)
{
    struct rs_csv csv;
    bool more = false, first = true;
    rs_csv_init(&csv, input);
    enum rs_status rc = rs_csv_next(&csv, &more, err);
    while (rc == RS_OK && more) {
        rc = take_row(list, &csv, first, err);
        if (rc != RS_OK) {
            rc = rs_fail_where(err, "line %lld", (long long)csv.line);
            break;
        }
        first = false;
        rc = rs_csv_next(&csv, &more, err);
    }
    rs_csv_release(&csv);
    return rc;
}

enum rs_status rs_price_list_read(const char *path, struct rs_price_list **out,
                                  struct rs_error *err)
{
    struct rs_input *input = NULL;
    struct rs_price_list *list = calloc(1, sizeof(*list));
    if (list == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for prices");
    }
    enum rs_status rc = rs_input_open(path, &input, err);
    if (rc == RS_OK) {
        rc = read_rows(input, list, err);
        if (list->count > 0) {
            qsort(list->items, list->count, sizeof(*list->items), compare);
        }
        for (size_t i = 1; i < list->count && rc == RS_OK; i++) {
            if (compare(&list->items[i - 1], &list->items[i]) == 0) {
                rc = rs_fail(err, RS_EINPUT, "'%.64s' has two prices", list->items[i].type);
            }
        }
        if (rc != RS_OK) {
            rc = rs_fail_where(err, "%s", path);
        }
    }
    rs_input_close(input);
    if (rc != RS_OK) {
        rs_price_list_free(list);
        return rc;
    }
    *out = list;
    return RS_OK;
}

static void set_price(struct rs_catalog *catalog, struct rs_offer *offer, double price)
{
    bool counted =
        (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0 && (offer->flags & RS_OFFER_CUSTOM) == 0;
    catalog->info.estimated -= counted ? 1 : 0;
    offer->flags &= ~(unsigned)RS_OFFER_PRICE_ESTIMATED;
    offer->flags |= RS_OFFER_PRICE_OVERRIDE;
    offer->price = price;
    offer->price_date = NULL; /* the vendor's would mislead */
}

enum rs_status rs_catalog_set_prices(struct rs_catalog *catalog, struct rs_price_list *list,
                                     struct rs_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        struct own_price *item = &list->items[i];
        struct rs_offer *offer = rs_catalog_offer(catalog, item->type);
        if (offer == NULL) {
            continue;
        }
        item->met = true;
        if (!isnan(item->price)) {
            set_price(catalog, offer, item->price);
        }
        for (size_t k = 0; k < list->limit_count; k++) {
            if (!isnan(item->limits[k])) {
                memcpy((char *)offer + list->limits[k]->offset, &item->limits[k], sizeof(double));
            }
        }
    }
    return rs_catalog_order_by_price(catalog, err);
}

const char *rs_price_list_unmet(const struct rs_price_list *list, size_t i)
{
    for (size_t k = 0; k < list->count; k++) {
        if (!list->items[k].met && i-- == 0) {
            return list->items[k].type;
        }
    }
    return NULL;
}
