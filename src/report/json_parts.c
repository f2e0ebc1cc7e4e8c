/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_parts.h"

#include <math.h>
#include <string.h>

#define MIB 1048576.0

void rs_json_money(struct rs_writer *w, const char *dollars, const char *others,
                   const char *currency, double value)
{
    bool other = currency != NULL && strcmp(currency, "USD") != 0;
    rs_writer_rounded(w, other ? others : dollars, value);
}

void rs_json_shape(struct rs_writer *w, const struct rs_offer *offer)
{
    rs_writer_number(w, "vcpus", offer != NULL ? offer->vcpus : NAN);
    rs_writer_number(w, "memory_mib", offer != NULL ? offer->memory_bytes / MIB : NAN);
    rs_writer_text(w, "architecture", offer != NULL ? offer->architecture : NULL);
}

bool rs_json_estimated(const struct rs_offer *offer)
{
    return offer != NULL && (offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0;
}

void rs_json_dimensions(struct rs_writer *w, const char *key, const double *values, double factor)
{
    rs_writer_row(w, key);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (isfinite(values[d])) {
            rs_writer_rounded(w, rs_dimension_info((enum rs_dimension)d)->name, factor * values[d]);
        }
    }
    rs_writer_end(w);
}

void rs_json_open(struct rs_writer *w, const char *key, bool nests)
{
    if (nests) {
        rs_writer_object(w, key);
    } else {
        rs_writer_row(w, key);
    }
}

bool rs_json_has_shares(const double *values)
{
    bool has = false;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        has = has || rs_round4(values[d]) > 0.0;
    }
    return has;
}

void rs_json_shares(struct rs_writer *w, const char *key, const double *values)
{
    if (!rs_json_has_shares(values)) {
        return;
    }
    rs_writer_row(w, key);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_round4(values[d]) > 0.0) {
            rs_writer_rounded(w, rs_dimension_info((enum rs_dimension)d)->name, values[d]);
        }
    }
    rs_writer_end(w);
}

void rs_json_bits(struct rs_writer *w, const char *key, unsigned bits)
{
    rs_writer_list(w, key);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if ((bits & 1U << d) != 0) {
            rs_writer_text(w, NULL, rs_dimension_info((enum rs_dimension)d)->name);
        }
    }
    rs_writer_end(w);
}
