/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_patch.h - what importers gather: facts and prices as sheets, by provider and region. */
#ifndef RIGHTSIZE_CATALOG_PATCH_H
#define RIGHTSIZE_CATALOG_PATCH_H

#include "catalog/catalog_sheet.h"
#include "rightsize/catalog_import.h"
#include "rightsize/json.h"
#include "rightsize/pull.h"

#include <stdbool.h>

#define RS_PATCH_REGIONS 512              /* of one provider */
#define RS_PATCH_RECORD ((size_t)1 << 18) /* bytes of one JSON record that is taken as a tree */

/* A price sheet of a patch has the columns of the format and this one, the spot price an hour. */
#define RS_PATCH_SPOT "spot"

struct rs_patch_region {
    char *name, *currency;
    struct rs_sheet prices;
};

struct rs_patch_cloud {
    const char *provider;         /* a constant */
    struct rs_sheet types, vague; /* facts; facts only good enough for types not known at all */
    struct rs_patch_region *regions[RS_PATCH_REGIONS];
    size_t region_count;
    struct rs_buffer source; /* the formats read, for the files' 'source' */
};

enum { RS_PATCH_AWS, RS_PATCH_AZURE, RS_PATCH_GCP, RS_PATCH_CLOUDS };

struct rs_catalog_patch {
    struct rs_patch_cloud clouds[RS_PATCH_CLOUDS];
};

struct rs_patch_reader { /* one file being read */
    struct rs_catalog_patch *patch;
    const struct rs_catalog_import *import;
    struct rs_catalog_read *out;
    struct rs_pull pull;
    struct rs_sheet skus;  /* AWS price list: sku -> region, type */
    struct rs_sheet spots; /* "region|type|zone" -> region, type, price, time */
    char date[11];         /* of the file, else import->date */
    char currency[4];      /* Azure */
};

/* Letters, digits, '.', '_', '-', 1 to 63 of them: what a type or region may be called. */
bool rs_patch_is_name(const char *text);
/* The prices of a region. RS_EINPUT: another currency than before, too many regions. */
RS_CHECKED enum rs_status rs_patch_prices(struct rs_patch_cloud *cloud, const char *region,
                                          const char *currency, struct rs_sheet **out,
                                          struct rs_error *err);
/* Set a price column of a type; prices out of range are passed over, *taken says so. */
RS_CHECKED enum rs_status rs_patch_price(struct rs_patch_cloud *cloud, const char *region,
                                         const char *currency, const char *type, const char *column,
                                         double price, const char *date, bool *taken,
                                         struct rs_error *err);
/* Remember the format in the source of the cloud, once. */
void rs_patch_note(struct rs_patch_cloud *cloud, const char *what, const char *date);

/* The day of a time stamp becomes the file's date; other text does not. */
void rs_patch_set_date(struct rs_patch_reader *r, const char *text);

/* One record of a format, as a tree. */
typedef enum rs_status rs_patch_record_fn(struct rs_patch_reader *r, const cJSON *record,
                                          struct rs_error *err);
enum rs_status rs_patch_aws_type(struct rs_patch_reader *r, const cJSON *record,
                                 struct rs_error *err);
enum rs_status rs_patch_aws_spot(struct rs_patch_reader *r, const cJSON *record,
                                 struct rs_error *err);
enum rs_status rs_patch_azure_price(struct rs_patch_reader *r, const cJSON *record,
                                    struct rs_error *err);
enum rs_status rs_patch_machine(struct rs_patch_reader *r, const cJSON *record,
                                struct rs_error *err); /* gcloud or az vm list-sizes */
/* The spot prices gathered so far into the regions, the mean of a region's zones. */
RS_CHECKED enum rs_status rs_patch_aws_spot_end(struct rs_patch_reader *r, struct rs_error *err);

/* The value of 'products' and of 'terms' of the price list; and the whole of one as CSV. */
RS_CHECKED enum rs_status rs_patch_offer_products(struct rs_patch_reader *r, struct rs_error *err);
RS_CHECKED enum rs_status rs_patch_offer_terms(struct rs_patch_reader *r, struct rs_error *err);
RS_CHECKED enum rs_status rs_patch_offer_csv(struct rs_patch_reader *r, struct rs_input *input,
                                             struct rs_error *err);

/* Numbers and texts of a tree: NaN and NULL where they are not there or of another type. */
double rs_patch_number(const cJSON *object, const char *key);
const cJSON *rs_patch_path(const cJSON *object, const char *key, const char *inner);

#endif
