/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_catalog.h - what the parts of `rightsize catalog` share (level 5, private). */
#ifndef RIGHTSIZE_CLI_CMD_CATALOG_H
#define RIGHTSIZE_CLI_CMD_CATALOG_H

#include "cli/catalogs.h"
#include "rightsize/catalog_import.h"

struct rs_catalog_options {
    const char *provider, *region, *arch, *vcpus, *memory, *burstable, *generation, *gpu, *custom,
        *like;
    const char *into, *url, *output;
    double max_price;
    int64_t limit;
};

struct rs_listed { /* one line of an answer */
    const struct rs_offer *offer;
    const struct rs_catalog *catalog;
    double distance, ratio; /* from and to the price of the type asked for; NaN: not asked */
};

struct rs_listing {
    struct rs_listed *items;
    size_t count, capacity;
    const struct rs_catalog *catalogs[32]; /* those that were looked into, in order */
    bool by_default[32];                   /* its region was not asked for */
    size_t catalog_count;
    bool like; /* distance and ratio are columns */
};

void rs_listing_release(struct rs_listing *listing);
RS_CHECKED enum rs_status rs_listing_add(struct rs_listing *listing,
                                         const struct rs_catalog *catalog,
                                         const struct rs_offer *offer, double distance,
                                         double ratio, struct rs_error *err);
/* As "table", "csv" or "json". RS_EUSAGE: another format. */
RS_CHECKED enum rs_status rs_listing_render(const struct rs_listing *listing, const char *format,
                                            struct rs_buffer *out, struct rs_error *err);

/* The options as a filter. RS_EUSAGE names the option. */
RS_CHECKED enum rs_status rs_catalog_parse_filter(const struct rs_catalog_options *options,
                                                  struct rs_catalog_filter *out,
                                                  struct rs_error *err);
/* Fill the listing with the types nearest to options->like, one of each other family. */
RS_CHECKED enum rs_status rs_catalog_like(const struct rs_catalog_options *options,
                                          const struct rs_catalog_filter *filter,
                                          struct rs_listing *listing, struct rs_error *err);

/* The sub-commands; argv[0] is the sub-command's name. */
enum rs_status rs_catalog_cmd_list(struct rs_context *context,
                                   const struct rs_catalog_options *options, int argc, char **argv,
                                   struct rs_error *err);
enum rs_status rs_catalog_cmd_show(struct rs_context *context,
                                   const struct rs_catalog_options *options, int argc, char **argv,
                                   struct rs_error *err);
enum rs_status rs_catalog_cmd_diff(struct rs_context *context,
                                   const struct rs_catalog_options *options, int argc, char **argv,
                                   struct rs_error *err);
enum rs_status rs_catalog_cmd_import(struct rs_context *context,
                                     const struct rs_catalog_options *options, int argc,
                                     char **argv, struct rs_error *err);
enum rs_status rs_catalog_cmd_update(struct rs_context *context,
                                     const struct rs_catalog_options *options, int argc,
                                     char **argv, struct rs_error *err);

/* Lay the patch over the catalog in --into, else in the user's folder, and tell what changed. */
RS_CHECKED enum rs_status rs_catalog_write_patch(struct rs_context *context,
                                                 const struct rs_catalog_options *options,
                                                 struct rs_catalog_patch *patch, const char *date,
                                                 struct rs_error *err);
/* The program's clock as "2026-11-24". */
void rs_catalog_today(const struct rs_context *context, char out[static RS_WHEN_TEXT]);

#endif
