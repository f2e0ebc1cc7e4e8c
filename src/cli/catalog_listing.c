/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that `catalog list` and `find --like` gather. */
#include "cli/cmd_catalog.h"

#include <stdlib.h>

void rs_listing_release(struct rs_listing *listing)
{
    free(listing->items);
}

enum rs_status rs_listing_add(struct rs_listing *listing, const struct rs_catalog *catalog,
                              const struct rs_offer *offer, double distance, double ratio,
                              struct rs_error *err)
{
    if (listing->count == listing->capacity) { /* a catalog's rows are limited */
        size_t capacity = listing->capacity == 0 ? 256 : 2 * listing->capacity;
        struct rs_listed *grown = realloc(listing->items, capacity * sizeof(*grown));
        if (grown == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu types", capacity);
        }
        listing->items = grown;
        listing->capacity = capacity;
    }
    listing->items[listing->count++] = (struct rs_listed){offer, catalog, distance, ratio};
    return RS_OK;
}
