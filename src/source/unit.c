/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/unit.h"

#include <string.h>

struct rs_unit rs_unit_of(const struct rs_cw_mapping *mapping, const char *unit)
{
    static const struct {
        const char *own, *stated;
        bool is_rate;
        double factor;
    } rows[] = {
        {"Bytes", "Bits", false, 0.125},
        {"Bytes", "Bytes/Second", true, 1.0},
        {"Bytes", "Bits/Second", true, 0.125},
        {"Count", "Count/Second", true, 1.0},
    };
    struct rs_unit none = {false, false, 0.0}, same = {true, false, 1.0};
    if (unit[0] == '\0' || strcmp(unit, "None") == 0 || strcmp(unit, mapping->unit) == 0) {
        return same;
    }
    if (strcmp(mapping->unit, "None") == 0) {
        return strcmp(unit, "Count") == 0 ? same : none;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool fits = strcmp(rows[i].own, mapping->unit) == 0 && strcmp(rows[i].stated, unit) == 0;
        if (fits && (!rows[i].is_rate || mapping->per_period)) {
            return (struct rs_unit){true, rows[i].is_rate, rows[i].factor};
        }
    }
    return none;
}

bool rs_unit_statistic(const struct rs_unit *unit, const struct rs_cw_mapping *mapping,
                       const char *statistic, enum rs_statistic *out)
{
    if (!unit->known) {
        return false;
    }
    if (unit->is_rate) {
        *out = RS_STATISTIC_SUM_RATE;
        return strcmp(statistic, "Average") == 0;
    }
    return rs_cw_statistic(mapping, statistic, out);
}
