/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/shelf.h"

#include "advise/desk.h"
#include "advise/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_prices(const void *left, const void *right)
{
    const struct rs_item *a = left, *b = right;
    int order = (isnan(a->price) ? 1 : 0) - (isnan(b->price) ? 1 : 0);
    if (order == 0 && a->price != b->price && !isnan(a->price)) {
        return a->price < b->price ? -1 : 1;
    }
    return order != 0 ? order : strcmp(a->offer->type, b->offer->type);
}

static void shelf_free(struct rs_shelf *shelf)
{
    if (shelf != NULL) {
        free(shelf->offers);
        free(shelf->items);
        free(shelf);
    }
}

struct rs_item rs_item_of(const struct rs_offer *offer, size_t place)
{
    struct rs_item item = {.price = offer->price,
                           .offer = offer,
                           .place = place,
                           .bursts = (offer->flags & RS_OFFER_BURSTABLE) != 0};
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        item.capacity[d] = rs_offer_capacity(offer, (enum rs_dimension)d);
    }
    return item;
}

static enum rs_status shelf_make(const struct rs_market *market, const struct rs_policy *policy,
                                 uint64_t serial, struct rs_shelf **out, struct rs_error *err)
{
    const struct rs_catalog *catalog = market->catalog;
    size_t count = catalog != NULL ? rs_catalog_count(catalog) : market->count;
    struct rs_shelf *shelf = calloc(1, sizeof(*shelf));
    if (shelf == NULL ||
        (shelf->offers = calloc(count + 1, sizeof(const struct rs_offer *))) == NULL ||
        (shelf->items = calloc(count + 1, sizeof(*shelf->items))) == NULL) {
        shelf_free(shelf);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    shelf->catalog = catalog;
    shelf->policy = *policy;
    shelf->serial = serial;
    shelf->count = count;
    shelf->least_enis = shelf->least_attachments = INFINITY;
    for (size_t i = 0; i < count; i++) {
        const struct rs_offer *offer =
            catalog != NULL ? rs_catalog_at(catalog, i) : market->offers[i];
        shelf->offers[i] = offer;
        shelf->items[i] = rs_item_of(offer, i);
        shelf->least_enis = fmin(shelf->least_enis, offer->max_enis); /* NaN gives way */
        shelf->least_attachments = fmin(shelf->least_attachments, offer->max_attachments);
    }
    shelf->unit_price = rs_unit_price(shelf->offers, count);
    qsort(shelf->items, count, sizeof(shelf->items[0]), compare_prices);
    *out = shelf;
    return RS_OK;
}

static enum rs_status get_loose(struct rs_shelves *shelves, const struct rs_market *market,
                                const struct rs_policy *policy, const struct rs_shelf **out,
                                struct rs_error *err)
{
    struct rs_shelf *made = NULL;
    enum rs_status rc = shelf_make(market, policy, ++shelves->serials, &made, err);
    if (rc == RS_OK) {
        shelf_free(shelves->loose);
        *out = shelves->loose = made;
    }
    return rc;
}

enum rs_status rs_shelf_get(const struct rs_study *study, const struct rs_market *market,
                            const struct rs_shelf **out, struct rs_error *err)
{
    struct rs_shelves *shelves = &study->desk->shelves;
    if (market->catalog == NULL) {
        return get_loose(shelves, market, study->policy, out, err);
    }
    for (size_t i = 0; i < RS_SHELVES && shelves->of_catalogs[i] != NULL; i++) {
        const struct rs_shelf *shelf = shelves->of_catalogs[i];
        if (shelf->catalog == market->catalog &&
            rs_gates_ask_alike(&shelf->policy, study->policy)) {
            *out = shelf;
            return RS_OK;
        }
    }
    struct rs_shelf *made = NULL;
    enum rs_status rc = shelf_make(market, study->policy, ++shelves->serials, &made, err);
    if (rc == RS_OK) {
        struct rs_shelf **place = &shelves->of_catalogs[shelves->next_shelf++ % RS_SHELVES];
        shelf_free(*place);
        *out = *place = made;
    }
    return rc;
}

static void lot_clear(struct rs_lot *lot)
{
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        rs_column_release(&lot->columns[d]);
    }
    memset(&lot->key, 0, sizeof(lot->key)); /* no shelf has the serial 0 */
    memset(lot->refused, 0, sizeof(lot->refused));
    lot->count = 0;
}

static void lot_free(struct rs_lot *lot)
{
    lot_clear(lot);
    free(lot->items);
    free(lot->prices);
    free(lot->places);
    free(lot->bursts);
    free(lot->limited);
    *lot = (struct rs_lot){.items = NULL};
}

static enum rs_status lot_make_room(struct rs_lot *lot, size_t count, struct rs_error *err)
{
    size_t words = rs_set_words(count) + 1;
    if (lot->capacity >= count) {
        return RS_OK;
    }
    lot_free(lot);
    if ((lot->items = calloc(count, sizeof(*lot->items))) == NULL ||
        (lot->prices = calloc(count, sizeof(*lot->prices))) == NULL ||
        (lot->places = calloc(count, sizeof(*lot->places))) == NULL ||
        (lot->bursts = calloc(words, sizeof(*lot->bursts))) == NULL ||
        (lot->limited = calloc(words, sizeof(*lot->limited))) == NULL) {
        lot_free(lot);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    lot->capacity = count;
    return RS_OK;
}

static void lot_add(struct rs_lot *lot, const struct rs_item *item)
{
    size_t i = lot->count++;
    lot->items[i] = *item;
    lot->prices[i] = item->price;
    lot->places[i] = (uint32_t)item->place;
    if (item->bursts) {
        rs_set_add(lot->bursts, i);
    }
    if (item->bursts || (item->offer->flags & RS_OFFER_FLEX) != 0) {
        rs_set_add(lot->limited, i);
    }
}

static enum rs_status lot_pick(const struct rs_study *study, struct rs_lot *lot,
                               struct rs_error *err)
{
    const struct rs_shelf *shelf = study->shelf;
    lot_clear(lot);
    enum rs_status rc = lot_make_room(lot, shelf->count, err);
    if (rc != RS_OK) {
        return rc;
    }
    rs_set_clear(lot->bursts, shelf->count);
    rs_set_clear(lot->limited, shelf->count);
    for (size_t i = 0; i < shelf->count; i++) {
        size_t gate = rs_gates_first(study, shelf->items[i].offer);
        if (gate < RS_GATES) {
            lot->refused[gate]++;
        } else {
            lot_add(lot, &shelf->items[i]);
        }
    }
    return RS_OK;
}

enum rs_status rs_lot_column(struct rs_lot *lot, enum rs_dimension d, const struct rs_column **out,
                             struct rs_error *err)
{
    struct rs_column *column = &lot->columns[d];
    enum rs_status rc = RS_OK;
    if (column->memory == NULL) {
        double *values = calloc(lot->count + 1, sizeof(*values));
        for (size_t i = 0; i < lot->count && values != NULL; i++) {
            values[i] = lot->items[i].capacity[d];
        }
        rc = values != NULL ? rs_column_make(values, lot->count, column, err)
                            : rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", lot->count);
        free(values);
    }
    *out = column;
    return rc;
}

size_t rs_lot_from_price(const struct rs_lot *lot, double price)
{
    size_t low = 0, high = lot->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool below = lot->prices[middle] < price;
        low = below ? middle + 1 : low;
        high = below ? high : middle;
    }
    return low;
}

size_t rs_lot_find(const struct rs_lot *lot, const struct rs_offer *offer)
{
    size_t i = offer != NULL ? rs_lot_from_price(lot, offer->price) : lot->count;
    while (i < lot->count && lot->prices[i] == offer->price && lot->items[i].offer != offer) {
        i++;
    }
    return i < lot->count && lot->items[i].offer == offer ? i : lot->count;
}

enum rs_status rs_lot_get(const struct rs_study *study, struct rs_lot **out, struct rs_error *err)
{
    struct rs_shelves *shelves = &study->desk->shelves;
    struct rs_gate_key key;
    bool whole = rs_gates_key(study, &key);
    for (size_t i = 0; i < RS_LOTS && whole; i++) {
        if (memcmp(&shelves->lots[i].key, &key, sizeof(key)) == 0) {
            *out = &shelves->lots[i];
            return RS_OK;
        }
    }
    struct rs_lot *lot = &shelves->lots[shelves->next_lot++ % RS_LOTS];
    enum rs_status rc = lot_pick(study, lot, err);
    if (rc == RS_OK) {
        lot->key = whole ? key : lot->key;
        *out = lot;
    }
    return rc;
}

void rs_shelves_release(struct rs_shelves *shelves)
{
    for (size_t i = 0; i < RS_SHELVES; i++) {
        shelf_free(shelves->of_catalogs[i]);
    }
    shelf_free(shelves->loose);
    for (size_t i = 0; i < RS_LOTS; i++) {
        lot_free(&shelves->lots[i]);
    }
    *shelves = (struct rs_shelves){.next_lot = 0};
}
