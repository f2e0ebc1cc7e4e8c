/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.h - the Unit that an answer states, against the one we expect (private to source). */
#ifndef RIGHTSIZE_SOURCE_UNIT_H
#define RIGHTSIZE_SOURCE_UNIT_H

#include "rightsize/cloudwatch.h"

struct rs_unit {
    bool known;    /* false: its meaning is not exact, "Kilobytes" may be 1000 or 1024 bytes */
    bool is_rate;  /* "Bytes/Second": the value is canonical after the factor, no period */
    double factor; /* to the mapping's own unit, or, of a rate, to the canonical unit */
};

/* "" and "None" mean that the answer does not say: the mapping's own unit is taken. */
struct rs_unit rs_unit_of(const struct rs_cw_mapping *mapping, const char *unit);

/* As rs_cw_statistic; of a total published as a rate it is the Average that is the mean rate. */
bool rs_unit_statistic(const struct rs_unit *unit, const struct rs_cw_mapping *mapping,
                       const char *statistic, enum rs_statistic *out);

#endif
