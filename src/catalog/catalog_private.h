/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_private.h - what the files of the room share about struct rs_catalog. */
#ifndef RIGHTSIZE_CATALOG_PRIVATE_H
#define RIGHTSIZE_CATALOG_PRIVATE_H

#include "catalog/catalog_pool.h"
#include "catalog/catalog_table.h"
#include "rightsize/catalog.h"

struct rs_catalog {
    struct rs_catalog_pool pool; /* every text below */
    struct rs_offer *offers;     /* sorted by type once loaded */
    size_t count, capacity;
    const struct rs_offer **by_price; /* into offers */
    struct rs_catalog_info info;
};

/* The offer of that type among the sorted offers, or NULL. */
struct rs_offer *rs_catalog_offer(const struct rs_catalog *catalog, const char *type);

/*
 * Fill catalog->offers from a file of kind "types" and sort them; info.facts_date and info.source.
 * RS_EIO, RS_EINPUT (two rows of one type, a baseline above its peak, ...), RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_types_read(const char *path, const char *provider,
                                                struct rs_catalog *catalog, struct rs_error *err);
/* The columns of the facts (type first) and of the prices, as offsets into struct rs_offer. */
extern const struct rs_catalog_column rs_catalog_type_columns[], rs_catalog_price_columns[];
extern const size_t rs_catalog_type_column_count, rs_catalog_price_column_count;

/* A row with everything unknown; take one into catalog->offers, names derived, figures checked. */
void rs_catalog_blank_offer(void *offer);
RS_CHECKED enum rs_status rs_catalog_take_offer(struct rs_catalog *catalog,
                                                const struct rs_offer *offer, struct rs_error *err);
/* Sort the offers by type. RS_EINPUT: there is none, or a type is there twice. */
RS_CHECKED enum rs_status rs_catalog_sort_offers(struct rs_catalog *catalog, struct rs_error *err);
/* Check the price's date; without one it takes `date`. Counts priced and estimated. */
RS_CHECKED enum rs_status rs_catalog_note_price(struct rs_catalog *catalog, struct rs_offer *offer,
                                                const char *date, struct rs_error *err);
/* info.price_date and oldest_price_date of the offers; `date` where no price is dated. */
RS_CHECKED enum rs_status rs_catalog_date_prices(struct rs_catalog *catalog, const char *date,
                                                 struct rs_error *err);
/* (Re)build by_price. */
RS_CHECKED enum rs_status rs_catalog_order_by_price(struct rs_catalog *catalog,
                                                    struct rs_error *err);
RS_CHECKED enum rs_status rs_catalog_check_currency(const char *currency, struct rs_error *err);

/*
 * Put the prices of a file of kind "prices" on the offers; info.currency, price dates,
 * priced, estimated, and *source. RS_EIO, RS_EINPUT (a type twice or without facts, ...),
 * RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_prices_read(const char *path, const char *provider,
                                                 const char *region, struct rs_catalog *catalog,
                                                 const char **source, struct rs_error *err);

/*
 * Add the shapes that a file of kind "custom" describes to the offers, where the region prices the
 * series. RS_EIO, RS_EINPUT, RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_custom_read(const char *path, const char *provider,
                                                 struct rs_catalog *catalog, struct rs_error *err);

/*
 * Checks of a file's head against what the index promised. RS_EINPUT without the path.
 * expected NULL: any; date "YYYY-MM" or "YYYY-MM-DD".
 */
RS_CHECKED enum rs_status rs_catalog_check_member(const char *key, const char *value,
                                                  const char *expected, struct rs_error *err);
RS_CHECKED enum rs_status rs_catalog_check_date(const char *key, const char *date,
                                                struct rs_error *err);

#endif
