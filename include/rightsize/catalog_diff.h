/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_diff.h - what changed between two catalogs, or two files of one kind (level 2). */
#ifndef RIGHTSIZE_CATALOG_DIFF_H
#define RIGHTSIZE_CATALOG_DIFF_H

#include "rightsize/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum rs_catalog_change { RS_CHANGE_ADDED, RS_CHANGE_REMOVED, RS_CHANGE_FACT, RS_CHANGE_PRICE };

struct rs_catalog_difference { /* texts are borrowed and valid during the call */
    enum rs_catalog_change change;
    const char *provider, *region; /* region NULL: facts */
    const char *type;              /* NULL: the whole region, or provider, came or went */
    const char *column;            /* FACT and PRICE: its name */
    const char *before, *after;    /* as JSON */
    double percent;                /* PRICE: after over before, less 100; NaN: one is unknown */
};

typedef void rs_catalog_diff_fn(void *payload, const struct rs_catalog_difference *difference);

/*
 * Compare two folders with an index.json, or two files of one kind. Prices are 'on_demand',
 * 'reserved_1y' and 'reserved_3y'; the date of a fact or price alone is no change.
 * RS_EIO; RS_EINPUT: no catalog, with the path, or two of different kinds; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_diff(const char *before, const char *after,
                                          rs_catalog_diff_fn *fn, void *payload,
                                          struct rs_error *err);

#endif
