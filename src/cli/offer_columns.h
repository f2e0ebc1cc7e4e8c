/* SPDX-License-Identifier: GPL-3.0-or-later */
/* offer_columns.h - a catalog entry as named texts, for tables, CSV and JSON (level 5, private). */
#ifndef RIGHTSIZE_CLI_OFFER_COLUMNS_H
#define RIGHTSIZE_CLI_OFFER_COLUMNS_H

#include "rightsize/buffer.h"
#include "rightsize/catalog.h"

struct rs_offer_column {
    const char *key; /* CSV header and JSON member, with its unit */
    bool number;     /* JSON: bare; nothing or null where unknown */
    bool listed;     /* also in the narrow table of `catalog list` */
    void (*render)(const struct rs_offer *offer, struct rs_buffer *out); /* nothing: unknown */
};

extern const struct rs_offer_column rs_offer_columns[]; /* ends with key NULL */

#endif
