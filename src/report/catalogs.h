/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogs.h - the catalogs a report's prices come from, each once. */
#ifndef REPORT_CATALOGS_H
#define REPORT_CATALOGS_H

#include "rightsize/report.h"

struct rs_catalogs {
    const struct rs_catalog_info *
        *items; /* by provider, then region; owned, what they point to not */
    size_t count;
};

/* RS_ENOMEM. */
RS_CHECKED enum rs_status rs_catalogs_of(const struct rs_report *report, struct rs_catalogs *out,
                                         struct rs_error *err);
void rs_catalogs_release(struct rs_catalogs *catalogs);
/* The oldest price date, else the oldest facts date, or NULL. */
const char *rs_catalogs_date(const struct rs_catalogs *catalogs);

#endif
