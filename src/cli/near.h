/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.h - a type by its name, with help where the name is wrong (level 5, private). */
#ifndef RIGHTSIZE_CLI_NEAR_H
#define RIGHTSIZE_CLI_NEAR_H

#include "rightsize/catalog.h"

/* RS_EUSAGE: the catalog has no such type; the message names up to three that are spelt alike. */
RS_CHECKED enum rs_status rs_type_find(const struct rs_catalog *catalog, const char *type,
                                       const struct rs_offer **out, struct rs_error *err);

#endif
