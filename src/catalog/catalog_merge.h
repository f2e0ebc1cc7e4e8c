/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_merge.h - lay the rows of a patch over the sheet of a catalog. */
#ifndef RIGHTSIZE_CATALOG_MERGE_H
#define RIGHTSIZE_CATALOG_MERGE_H

#include "catalog/catalog_patch.h"

#define RS_MERGE_EXAMPLES 160 /* bytes of names in a report */

struct rs_merge_count {
    size_t added, changed, confirmed, left_out; /* left_out: without facts or a price */
    char examples[RS_MERGE_EXAMPLES];           /* names of what was added */
};

/* Facts: a null of the patch changes nothing; rows of `vague` come in only where `into` has none.
 * Rows that change carry `date` as their 'facts_date'. */
RS_CHECKED enum rs_status rs_merge_types(struct rs_sheet *into, const struct rs_patch_cloud *patch,
                                         const char *date, struct rs_merge_count *count,
                                         struct rs_error *err);
/* Prices of the types that `types` has. A listed price ends an estimate; a spot price becomes a
 * saving over the on-demand price. */
RS_CHECKED enum rs_status rs_merge_prices(struct rs_sheet *into, const struct rs_sheet *patch,
                                          const struct rs_sheet *types,
                                          struct rs_merge_count *count, struct rs_error *err);
/* Write out, and take back, the dates that a column leaves to the file's date; the file's date
 * becomes the commonest of the rows (the older of two as common). */
RS_CHECKED enum rs_status rs_merge_spread_dates(struct rs_sheet *sheet, struct rs_error *err);
RS_CHECKED enum rs_status rs_merge_gather_dates(struct rs_sheet *sheet, struct rs_error *err);

#endif
