/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own prices: a CSV of types and prices that is laid over a catalog. */
#include "catalog/catalog_private.h"
#include "rightsize/csv.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PRICES ((size_t)100000)

struct own_price {
    char *type;
    double price;
    bool met;
};

struct rs_price_list {
    struct own_price *items; /* sorted by type */
    size_t count, capacity;
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

static enum rs_status add(struct rs_price_list *list, const char *type, double price,
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
    struct own_price *item = &list->items[list->count];
    *item = (struct own_price){NULL, price, false};
    enum rs_status rc = rs_text_copy(type, &item->type, err);
    list->count += rc == RS_OK ? 1 : 0;
    return rc;
}

/* A first row whose second field is a word is a header. */
static enum rs_status take_row(struct rs_price_list *list, const struct rs_csv *csv, bool first,
                               struct rs_error *err)
{
    double price = NAN;
    if (csv->count != 2 || csv->fields[0][0] == '\0') {
        return rs_fail(err, RS_EINPUT, "two fields are expected, a type and its price per hour");
    }
    const char *text = csv->fields[1];
    if (first && strspn(text, "0123456789.+-") == 0) {
        return RS_OK;
    }
    enum rs_status rc = rs_parse_double(text, 1e-6, 1e6, &price, err);
    return rc == RS_OK ? add(list, csv->fields[0], price, err) : rc;
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

enum rs_status rs_catalog_set_prices(struct rs_catalog *catalog, struct rs_price_list *list,
                                     struct rs_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        struct rs_offer *offer = rs_catalog_offer(catalog, list->items[i].type);
        if (offer == NULL) {
            continue;
        }
        list->items[i].met = true;
        bool counted =
            (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0 && (offer->flags & RS_OFFER_CUSTOM) == 0;
        catalog->info.estimated -= counted ? 1 : 0;
        offer->flags &= ~(unsigned)RS_OFFER_PRICE_ESTIMATED;
        offer->flags |= RS_OFFER_PRICE_OVERRIDE;
        offer->price = list->items[i].price;
        offer->price_date = NULL; /* the vendor's would mislead */
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
