/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_apply.h - the index of a catalog that is being written. */
#ifndef RIGHTSIZE_CATALOG_APPLY_H
#define RIGHTSIZE_CATALOG_APPLY_H

#include "catalog/catalog_merge.h"

struct rs_catalog_index_draft {
    cJSON *index;               /* of folders[0], or an empty one */
    const char *const *folders; /* where the names of regions are looked up */
    size_t count;
};

/* The index of a folder; RS_ENODATA: it has none. Else as rs_catalog_index_load. */
RS_CHECKED enum rs_status rs_catalog_apply_index(const char *folder, cJSON **out,
                                                 struct rs_error *err);
RS_CHECKED enum rs_status rs_catalog_draft_open(struct rs_catalog_index_draft *draft,
                                                const char *const *folders, size_t count,
                                                struct rs_error *err);
/* Make sure that the provider, and the region where it is not NULL, are in the index. */
RS_CHECKED enum rs_status rs_catalog_draft_add(struct rs_catalog_index_draft *draft,
                                               const char *provider, const char *region,
                                               struct rs_error *err);
/* Name the provider's file of custom shapes. */
RS_CHECKED enum rs_status rs_catalog_draft_custom(struct rs_catalog_index_draft *draft,
                                                  const char *provider, const char *file,
                                                  struct rs_error *err);
void rs_catalog_draft_write(const struct rs_catalog_index_draft *draft, struct rs_buffer *out);
void rs_catalog_draft_close(struct rs_catalog_index_draft *draft);

#endif
