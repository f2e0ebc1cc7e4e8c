/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog_import.h - what the vendors' own tools and feeds say, merged into a catalog (level 2).
 *
 * Known by content, read as streams in flat memory:
 *   aws ec2 describe-instance-types, describe-spot-price-history   JSON
 *   AWS price list of AmazonEC2 (offer file)                       JSON or CSV
 *   gcloud compute machine-types list --format=json                JSON
 *   az vm list-sizes; a page of the Azure Retail Prices API        JSON
 */
#ifndef RIGHTSIZE_CATALOG_IMPORT_H
#define RIGHTSIZE_CATALOG_IMPORT_H

#include "rightsize/buffer.h"
#include "rightsize/input.h"

#include <stdint.h>

struct rs_catalog_patch; /* what was read so far, of any number of files */

struct rs_catalog_import {
    const char *region; /* take this region's prices only; the region of files that name none */
    const char *date;   /* "2026-11-24": the day of facts and prices that carry no date */
};

struct rs_catalog_read {   /* what one file held */
    const char *format;    /* "aws-price-list", ...; a constant */
    size_t records, taken; /* records seen, and those that say something for a catalog */
    char next_page[2048];  /* Azure: where the answer goes on, or "" */
};

RS_CHECKED enum rs_status rs_catalog_patch_new(struct rs_catalog_patch **out, struct rs_error *err);
void rs_catalog_patch_free(struct rs_catalog_patch *patch); /* NULL is fine */

/*
 * Read one file into the patch; a later file overrules an earlier one.
 * RS_EINPUT: not one of the formats, or malformed: the message says where, not the file's name.
 * RS_ENODATA: well-formed, but nothing in it is for a catalog. RS_EIO, RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_catalog_patch_read(struct rs_catalog_patch *patch,
                                                struct rs_input *input,
                                                const struct rs_catalog_import *import,
                                                struct rs_catalog_read *out, struct rs_error *err);

/*
 * Lay the patch over what is known and hand the files of the result to `write`, the index last:
 * names relative to the folder that they are for, which is folders[0]; the facts of a provider and
 * of a region come from the first of `folders` that has them. Unknown stays null. A price without
 * facts is left out. `told` gets a line on each file that changed.
 * RS_ENODATA: the patch changes nothing that can be written. RS_EINPUT: an existing file is no
 * catalog, or its currency is another. RS_EIO, RS_ENOMEM; and what `write` answers.
 */
typedef enum rs_status rs_catalog_write_fn(void *payload, const char *name,
                                           const struct rs_buffer *text, struct rs_error *err);
RS_CHECKED enum rs_status rs_catalog_patch_apply(struct rs_catalog_patch *patch,
                                                 const char *const *folders, size_t count,
                                                 const char *date, rs_catalog_write_fn *write,
                                                 void *payload, struct rs_buffer *told,
                                                 struct rs_error *err);

#endif
