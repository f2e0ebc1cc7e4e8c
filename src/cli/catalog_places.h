/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_places.h - what --catalog and RIGHTSIZE_CATALOG name: folders, files, providers (level 5,
 * private to catalogs.c). */
#ifndef RIGHTSIZE_CLI_CATALOG_PLACES_H
#define RIGHTSIZE_CLI_CATALOG_PLACES_H

#include "cli/command.h"
#include "rightsize/catalog.h"

#define RS_PLACES_MAX 16

struct rs_catalog_places {
    char *folders[RS_PLACES_MAX]; /* at least one once opened */
    struct rs_catalog *files[RS_PLACES_MAX];
    const char *providers[RS_PLACES_MAX]; /* of `names` or of a file */
    char *names[RS_PLACES_MAX];
    size_t folder_count, file_count, provider_count, name_count;
};

/* The caller releases with rs_catalog_places_close, after a failure too. */
RS_CHECKED enum rs_status rs_catalog_places_open(const struct rs_context *context,
                                                 struct rs_catalog_places *out,
                                                 struct rs_error *err);
void rs_catalog_places_close(struct rs_catalog_places *places);

#endif
