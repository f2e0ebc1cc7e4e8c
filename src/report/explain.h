/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - the tables inside an explanation. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "rightsize/format.h"

/* What every measured resource needs, has today, and would have; then what was not measured. */
RS_CHECKED enum rs_status rs_explain_demand(const struct rs_entry *entry,
                                            const struct rs_page *page, struct rs_buffer *out,
                                            struct rs_error *err);
/* The ranked options, then what each changes. */
RS_CHECKED enum rs_status rs_explain_options(const struct rs_entry *entry,
                                             const struct rs_page *page, struct rs_buffer *out,
                                             struct rs_error *err);

#endif
