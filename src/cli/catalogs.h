/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogs.h - catalogs loaded on demand, one a provider and region (level 5, private). */
#ifndef RIGHTSIZE_CLI_CATALOGS_H
#define RIGHTSIZE_CLI_CATALOGS_H

#include "cli/command.h"
#include "rightsize/catalog.h"

struct rs_catalogs;

/* The folder: --catalog, RIGHTSIZE_CATALOG, beside the program, or where it was installed. */
RS_CHECKED enum rs_status rs_catalogs_folder(const struct rs_context *context,
                                             struct rs_buffer *out, struct rs_error *err);
RS_CHECKED enum rs_status rs_catalogs_open(const struct rs_context *context,
                                           struct rs_catalogs **out, struct rs_error *err);
void rs_catalogs_close(struct rs_catalogs *catalogs); /* NULL is fine */

/* *out NULL: the catalog has no such provider or region, or one of them is NULL. */
RS_CHECKED enum rs_status rs_catalogs_get(struct rs_catalogs *catalogs, const char *provider,
                                          const char *region, const struct rs_catalog **out,
                                          struct rs_error *err);

#endif
