/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_index.h - index.json: which providers and regions there are, and their files. */
#ifndef RIGHTSIZE_CATALOG_INDEX_H
#define RIGHTSIZE_CATALOG_INDEX_H

#include "rightsize/buffer.h"
#include "rightsize/json.h"

#define RS_CATALOG_INDEX_LIMIT ((size_t)1 << 20) /* bytes; parsed into a tree, hence small */

/* The caller frees the tree with cJSON_Delete. RS_EIO, RS_EINPUT with the path, RS_ENOMEM. */
RS_CHECKED enum rs_status rs_catalog_index_load(const char *directory, cJSON **out,
                                                struct rs_error *err);
/* RS_ENODATA: not there, the message lists the providers; RS_EINPUT. *out belongs to the tree. */
RS_CHECKED enum rs_status rs_catalog_index_provider(const cJSON *index, const char *name,
                                                    const cJSON **out, struct rs_error *err);
/* RS_ENODATA: not there, the message has the three nearest names; RS_EINPUT. */
RS_CHECKED enum rs_status rs_catalog_index_region(const cJSON *provider, const char *name,
                                                  const cJSON **out, struct rs_error *err);
/*
 * "directory/file" where file is object's member key. RS_EINPUT: no text, or a name that could
 * leave the directory (absolute, "..", other bytes than letters, digits, '.', '_', '-', '/').
 */
RS_CHECKED enum rs_status rs_catalog_index_path(const char *directory, const cJSON *object,
                                                const char *key, struct rs_buffer *out,
                                                struct rs_error *err);

#endif
