/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_fixture.h - hand-made reports, the same on every run. */
#ifndef SUPPORT_REPORT_FIXTURE_H
#define SUPPORT_REPORT_FIXTURE_H

#include "rightsize/format.h"
#include "rightsize/report.h"

#define FIXTURE_FLEET 8

/* One resource of every kind of answer. */
void fixture_fleet(struct rs_report *out);
/* The i-th of them only; i < FIXTURE_FLEET. */
void fixture_add(struct rs_report *report, size_t i);
/* Any resource and advice. */
void fixture_put(struct rs_report *report, const struct rs_resource *resource,
                 const struct rs_advice *advice, const struct rs_catalog_info *catalog);
/* Names, tags and types as an attacker would choose them. */
void fixture_hostile(struct rs_report *out);
/* Everything that may be NaN, -1 or NULL is. */
void fixture_unknown(struct rs_report *out);
void fixture_empty(struct rs_report *out);
/* Prices in CNY only. */
void fixture_yuan(struct rs_report *out);

/*
 * Compare with tests/golden/NAME, or write it when the environment says GOLDEN=write. Fails the
 * test with the first line that differs.
 */
void check_golden(const char *name, const char *text);
/* The format's text of the report; release the buffer. */
void fixture_write(const char *format, const struct rs_report *report, const struct rs_page *page,
                   struct rs_buffer *out);
/* LC_CTYPE such that UTF-8 can be shown; false: this system has no such locale. */
bool fixture_utf8_locale(void);

#endif
