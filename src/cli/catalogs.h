/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalogs.h - the catalogs of one run, loaded on demand, one a provider and region (level 5,
 * private).
 *
 * --catalog (else RIGHTSIZE_CATALOG) is a list of items apart by commas: a folder with an
 * index.json, a file of kind "catalog" (a user's own shapes and prices), or a provider's name.
 * Folders are looked through in order; without one these are the user's folder
 * ($XDG_DATA_HOME/rightsize/catalog, where `catalog import` writes) and then the one beside the
 * program or installed. A file serves its provider before any folder.
 */
#ifndef RIGHTSIZE_CLI_CATALOGS_H
#define RIGHTSIZE_CLI_CATALOGS_H

#include "cli/command.h"
#include "rightsize/catalog.h"

struct rs_catalogs;

/* RS_EUSAGE: an item is nothing known, or --match-region is malformed; what rs_catalog_load_file
 * and rs_price_list_read answer. The catalogs borrow from context. */
RS_CHECKED enum rs_status rs_catalogs_open(const struct rs_context *context,
                                           struct rs_catalogs **out, struct rs_error *err);
void rs_catalogs_close(struct rs_catalogs *catalogs); /* NULL is fine */

/* The catalog, own prices laid over it; owned by `catalogs`. RS_ENODATA: there is none, the
 * message names what is near; and what rs_catalog_load answers. */
RS_CHECKED enum rs_status rs_catalogs_load(struct rs_catalogs *catalogs, const char *provider,
                                           const char *region, const struct rs_catalog **out,
                                           struct rs_error *err);
/* The same, *out NULL where there is none. provider NULL: none; region NULL: only a file's. */
RS_CHECKED enum rs_status rs_catalogs_get(struct rs_catalogs *catalogs, const char *provider,
                                          const char *region, const struct rs_catalog **out,
                                          struct rs_error *err);

/* The providers that --catalog names, by name or as those of its files, in that order: what a
 * workload is to be compared with. *count 0: none is named. */
const char *const *rs_catalogs_provider_list(const struct rs_catalogs *catalogs, size_t *count);

/* Where the prices of a provider are compared, and why there. */
enum rs_region_basis {
    RS_REGION_ASKED,  /* --match-region, or the file's own */
    RS_REGION_DEFAULT /* the default of the provider in the index; say so */
};
/* *region is owned by `catalogs`. RS_ENODATA: no catalog has the provider. */
RS_CHECKED enum rs_status rs_catalogs_region(struct rs_catalogs *catalogs, const char *provider,
                                             const char **region, enum rs_region_basis *basis,
                                             struct rs_error *err);

/*
 * fn for each provider of rs_catalogs_provider_list (for `all`, and none named: of every provider
 * of the folders) with its catalog in the region of rs_catalogs_region. Stops at a failure.
 */
typedef enum rs_status rs_catalogs_fn(void *payload, const struct rs_catalog *catalog,
                                      enum rs_region_basis basis, struct rs_error *err);
RS_CHECKED enum rs_status rs_catalogs_each(struct rs_catalogs *catalogs, bool all,
                                           rs_catalogs_fn *fn, void *payload, struct rs_error *err);

/* The folders in the order in which they are looked through; never none. */
const char *const *rs_catalogs_folders(const struct rs_catalogs *catalogs, size_t *count);
/* The user's folder, whether it is there or not. RS_EUSAGE: no home is known. */
RS_CHECKED enum rs_status rs_catalogs_user_folder(struct rs_buffer *out, struct rs_error *err);

/* Warn of the types of --prices that no catalog loaded so far has. */
void rs_catalogs_warn_prices(const struct rs_catalogs *catalogs, const struct rs_context *context);
/* Warn when the catalog's prices are older than 90 days. */
void rs_catalogs_warn_age(const struct rs_catalog *catalog, const struct rs_context *context);

#endif
