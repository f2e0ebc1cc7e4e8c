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

static enum rs_status lot_pick(const struct rs_study *study, struct rs_lot *lot,
                               struct rs_error *err)
{
    const struct rs_shelf *shelf = study->shelf;
    if (lot->capacity < shelf->count) {
        struct rs_item *items = calloc(shelf->count, sizeof(*items));
        if (items == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", shelf->count);
        }
        free(lot->items);
        lot->items = items;
        lot->capacity = shelf->count;
    }
    lot->count = 0;
    memset(lot->refused, 0, sizeof(lot->refused));
    for (size_t i = 0; i < shelf->count; i++) {
        size_t gate = rs_gates_first(study, shelf->items[i].offer);
        if (gate < RS_GATES) {
            lot->refused[gate]++;
        } else {
            lot->items[lot->count++] = shelf->items[i];
        }
    }
    return RS_OK;
}

enum rs_status rs_lot_get(const struct rs_study *study, const struct rs_lot **out,
                          struct rs_error *err)
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
    memset(&lot->key, 0, sizeof(lot->key)); /* no shelf has the serial 0 */
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
        free(shelves->lots[i].items);
    }
    *shelves = (struct rs_shelves){.next_lot = 0};
}
