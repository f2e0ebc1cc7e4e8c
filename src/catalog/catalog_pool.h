/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog_pool.h - the texts of a catalog, kept until the catalog is freed.
 *
 * Neighbouring rows of a sorted table repeat their family, vendor and so on, so comparing with the
 * text of the row before stores nearly every text once, without a hash table to overfill.
 */
#ifndef RIGHTSIZE_CATALOG_POOL_H
#define RIGHTSIZE_CATALOG_POOL_H

#include "rightsize/status.h"

#include <stddef.h>

#define RS_CATALOG_TEXT_LIMIT 1024 /* bytes of one text */

struct rs_catalog_block;

struct rs_catalog_pool { /* all zero is an empty pool */
    struct rs_catalog_block *blocks;
};

void rs_catalog_pool_release(struct rs_catalog_pool *pool);

/*
 * A NUL-terminated copy of length bytes, owned by the pool; `previous` itself when it is equal.
 * RS_EINPUT: longer than RS_CATALOG_TEXT_LIMIT, not UTF-8, or with control characters; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_pool_text(struct rs_catalog_pool *pool, const char *text,
                                               size_t length, const char *previous,
                                               const char **out, struct rs_error *err);

#endif
