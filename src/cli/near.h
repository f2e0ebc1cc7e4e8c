/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.h - a type by its name, with help where the name is wrong (level 5, private). */
#ifndef RIGHTSIZE_CLI_NEAR_H
#define RIGHTSIZE_CLI_NEAR_H

#include "rightsize/catalog.h"

#include <stddef.h>

/* RS_EUSAGE: the catalog has no such type; the message names up to three that are spelt alike. */
RS_CHECKED enum rs_status rs_type_find(const struct rs_catalog *catalog, const char *type,
                                       const struct rs_offer **out, struct rs_error *err);

/* Letters to change, add or drop (Levenshtein); what is beyond the 48th is not looked at. */
size_t rs_near_distance(const char *a, const char *b);

#endif
