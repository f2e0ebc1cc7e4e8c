/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_offer.h - a product of AWS's EC2 price list: which ones are prices of a catalog. */
#ifndef RIGHTSIZE_CATALOG_OFFER_H
#define RIGHTSIZE_CATALOG_OFFER_H

#include "catalog/catalog_patch.h"

struct rs_offer_product { /* texts cut off at their sizes; longer ones are none that count */
    char sku[64], family[40], type[64], system[24], tenancy[24], software[24], capacity[40];
    char operation[32], market[24], region[64], vcpus[16], memory[24], current[8];
};

struct rs_offer_field {
    const char *attribute; /* in the JSON file */
    const char *column;    /* in the CSV file */
    size_t offset, size;
};
extern const struct rs_offer_field rs_offer_fields[]; /* ends with attribute NULL */

void rs_offer_set(struct rs_offer_product *product, const struct rs_offer_field *field,
                  const char *text);
/* Linux, shared tenancy, no software installed before, capacity in use, an instance. */
bool rs_offer_counts(const struct rs_offer_product *product, const char *region);
/* Its size, for a type that is not known otherwise. */
RS_CHECKED enum rs_status rs_offer_note_type(struct rs_patch_reader *r,
                                             const struct rs_offer_product *product,
                                             struct rs_error *err);
/* The price column that terms of a reservation are for, or NULL. */
const char *rs_offer_reserved(const char *length, const char *class, const char *option);

#endif
