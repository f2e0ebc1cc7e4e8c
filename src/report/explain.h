/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - the parts of an explanation. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "rightsize/format.h"

/* What every measured resource needs, has today, and would have; then what was not measured. */
RS_CHECKED enum rs_status rs_explain_demand(const struct rs_entry *entry,
                                            const struct rs_page *page, struct rs_buffer *out,
                                            struct rs_error *err);
/* The ranked options, then what each changes. */
RS_CHECKED enum rs_status rs_explain_options(const struct rs_entry *entry,
                                             const struct rs_policy *policy,
                                             const struct rs_page *page, struct rs_buffer *out,
                                             struct rs_error *err);

/* The shape of the load: what was seen in it. */
void rs_explain_shape(const struct rs_entry *entry, const struct rs_page *page,
                      struct rs_buffer *out, struct rs_buffer *line);
/* The options' chances to be short next week and their other prices, each where any is known. */
RS_CHECKED enum rs_status rs_explain_outlook(const struct rs_entry *entry,
                                             const struct rs_page *page, struct rs_buffer *out,
                                             struct rs_error *err);
/* What the last change of type brought. */
void rs_explain_resize(const struct rs_entry *entry, const struct rs_page *page,
                       struct rs_buffer *out, struct rs_buffer *line);
/* How often its days, drawn anew, give the same answer, into `line`. */
void rs_explain_bootstrap(const struct rs_entry *entry, struct rs_buffer *line);

void rs_explain_heading(struct rs_buffer *out, const char *text);
/* A paragraph as rs_page_paragraph, or nothing for an empty line; the line is cleared. */
void rs_explain_line(struct rs_buffer *out, const struct rs_page *page, size_t indent, size_t hang,
                     struct rs_buffer *line);

#endif
