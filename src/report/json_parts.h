/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_parts.h - the parts of an entry of the JSON document, and what they share. */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

#include "report/json_writer.h"
#include "rightsize/format.h"
#include "rightsize/replay.h"

/* The first key where the currency is USD or unknown, else the other; RS_MONEY has both. */
#define RS_MONEY(stem) stem "_usd", stem "_cost"
void rs_json_money(struct rs_writer *w, const char *dollars, const char *others,
                   const char *currency, double value);
/* One number per dimension; the unknown ones are absent. */
void rs_json_dimensions(struct rs_writer *w, const char *key, const double *values, double factor);
/* An object whose last members do, or do not, nest. */
void rs_json_open(struct rs_writer *w, const char *key, bool nests);
/* Shares of time that are above 0; where none is, the member is absent. */
bool rs_json_has_shares(const double *values);
void rs_json_shares(struct rs_writer *w, const char *key, const double *values);
/* The names of the dimensions of the bits. */
void rs_json_bits(struct rs_writer *w, const char *key, unsigned bits);
/* Members of an open object: vCPUs, memory, architecture; offer NULL: unknown. */
void rs_json_shape(struct rs_writer *w, const struct rs_offer *offer);
bool rs_json_estimated(const struct rs_offer *offer); /* its price; false for NULL */

void rs_json_option(struct rs_writer *w, const struct rs_option_offer *option, size_t rank,
                    const char *currency);
void rs_json_elsewhere(struct rs_writer *w, const struct rs_elsewhere *other);
void rs_json_curve(struct rs_writer *w, const struct rs_curve *curve, const char *currency);
/* The member "commitments". */
void rs_json_cover(struct rs_writer *w, const struct rs_cover *cover);
void rs_json_entry(struct rs_writer *w, const struct rs_report *report,
                   const struct rs_entry *entry);

#endif
