/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shelf.h - a market laid out once for all machines that are held against it.
 *
 * A shelf holds the offers of a catalog by price. What passes the gates depends on few facts of a
 * machine and its type (struct rs_gate_key), and a fleet has few different ones: each such lot is
 * picked once, with the gates in gates.c, and kept. Which of a lot's items have enough for a
 * machine is looked up in columns (column.h), and only those that have are looked at one by one.
 */
#ifndef RIGHTSIZE_ADVISE_SHELF_H
#define RIGHTSIZE_ADVISE_SHELF_H

#include "advise/column.h"
#include "advise/gates.h"

struct rs_item {
    double capacity[RS_DIM_COUNT]; /* rs_offer_capacity */
    double price;
    const struct rs_offer *offer;
    size_t place; /* among the offers of its shelf */
    bool bursts;  /* it has CPU credits */
};

struct rs_shelf {
    const struct rs_catalog *catalog; /* NULL: of an array, for one call */
    struct rs_policy policy;          /* what the gates ask of it counts */
    uint64_t serial;                  /* no two shelves of a desk have the same */
    const struct rs_offer **offers;   /* as in the catalog; owned */
    struct rs_item *items;            /* by price, then by name; unpriced last; owned */
    size_t count;
    double unit_price;                    /* rs_unit_price */
    double least_enis, least_attachments; /* that any offer takes */
};

struct rs_lot { /* owned by its desk, as all below; valid until the next one is asked for */
    struct rs_gate_key key;
    size_t refused[RS_GATES]; /* by gate */
    struct rs_item *items;    /* what passed, in the order of the shelf: all have a price */
    double *prices;           /* theirs */
    uint32_t *places;         /* theirs */
    uint64_t *bursts;         /* the set of those with CPU credits */
    uint64_t *limited;        /* of those with credits or a flex baseline */
    size_t count, capacity;
    struct rs_column columns[RS_DIM_COUNT]; /* made when they are first asked for */
};

struct rs_item rs_item_of(const struct rs_offer *offer, size_t place);

/* The market of a study under its policy; borrowed from study->desk. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_shelf_get(const struct rs_study *study, const struct rs_market *market,
                                       const struct rs_shelf **out, struct rs_error *err);
/* What of study->shelf passes the gates for the study; today's type too. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_lot_get(const struct rs_study *study, struct rs_lot **out,
                                     struct rs_error *err);
/* Its items by one capacity. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_lot_column(struct rs_lot *lot, enum rs_dimension d,
                                        const struct rs_column **out, struct rs_error *err);
/* The first item whose price is not below `price`; 0 for NaN. */
size_t rs_lot_from_price(const struct rs_lot *lot, double price);
/* The item of an offer; lot->count: there is none, as for NULL. */
size_t rs_lot_find(const struct rs_lot *lot, const struct rs_offer *offer);

enum { RS_SHELVES = 64, RS_LOTS = 64 };

struct rs_shelves { /* the shelves and lots of a desk, the oldest given up for a new one */
    struct rs_shelf *of_catalogs[RS_SHELVES];
    struct rs_shelf *loose; /* of an array; NULL: none yet */
    struct rs_lot lots[RS_LOTS];
    size_t next_shelf, next_lot;
    uint64_t serials; /* given out so far */
};
void rs_shelves_release(struct rs_shelves *shelves);

#endif
