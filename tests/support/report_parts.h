/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_parts.h - what the reports of report_fixture.h are made of. */
#ifndef SUPPORT_REPORT_PARTS_H
#define SUPPORT_REPORT_PARTS_H

#include "rightsize/report.h"

#define GIB 1073741824.0
#define FIXTURE_FROM INT64_C(1794614400) /* 2026-11-14T00:00:00Z */
#define FIXTURE_TO (FIXTURE_FROM + 14 * RS_DAY_SECONDS)
#define HOUR INT64_C(3600)

/* Without resources; window, policy and instant as every fixture has them. */
void part_begin(struct rs_report *out);
/* Only the CPU and, unless NAN, memory are known; `current` may be NULL. */
struct rs_advice part_advice(const struct rs_offer *current, enum rs_finding finding, double cpu,
                             double memory);
struct rs_advice part_unknown_type(void);
void part_demand(struct rs_advice *advice, enum rs_dimension d, double used, double peak);
void part_option(struct rs_advice *advice, const struct rs_offer *offer, enum rs_dimension binding,
                 double risk, unsigned differences);
/* After the demand of `d`, which it cites. */
void part_reason(struct rs_advice *advice, enum rs_dimension d, bool under, double limit);
void part_note(struct rs_advice *advice, const char *code, const char *text);

#endif
