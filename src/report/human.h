/* SPDX-License-Identifier: GPL-3.0-or-later */
/* human.h - numbers as people read them: three digits and a unit; unknown is "?". */
#ifndef REPORT_HUMAN_H
#define REPORT_HUMAN_H

#include "rightsize/recommend.h"

#include <stdint.h>

#define RS_HUMAN_TEXT 48

/* In the dimension's unit: "1.9 vCPU", "12.4 GiB", "35.1 MB/s", "1230 ops/s". */
void rs_human_amount(double value, enum rs_dimension d, char out[static RS_HUMAN_TEXT]);
/* The unit that `value` of dimension d is best told in: "GiB", and how much of the base unit it is.
 */
struct rs_scale {
    double divisor;
    const char *unit;
};
struct rs_scale rs_human_scale(double value, enum rs_dimension d);
/* Three significant digits, no exponent, no zeros behind a point that say nothing. */
void rs_human_digits(double value, char out[static RS_HUMAN_TEXT]);
/* A share, 1 is all: "11 %", below 10 "3.2 %". */
void rs_human_share(double share, char out[static RS_HUMAN_TEXT]);
/* "$280.32", "-$12.00", "CNY 12.00"; currency NULL: USD. */
void rs_human_money(double value, const char *currency, char out[static RS_HUMAN_TEXT]);
/* A plain amount of money, with cents where `size`, the largest amount beside it, is below 10. */
void rs_human_price(double value, double size, char out[static RS_HUMAN_TEXT]);
/* "P99.5", or "max" for 100. */
void rs_human_percentile(double percentile, char out[static RS_HUMAN_TEXT]);
/* "14 days", "30 hours", "5 minutes". */
void rs_human_span(int64_t seconds, char out[static RS_HUMAN_TEXT]);
/* "2026-11-14 10:05" in UTC; negative: "?". */
void rs_human_when(int64_t at, char out[static RS_HUMAN_TEXT]);
/* "under", "over", "optimized", "idle", "unknown". */
const char *rs_human_finding(enum rs_finding finding);

#endif
