/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why.h - the reason of a finding in a few words with numbers. */
#ifndef REPORT_WHY_H
#define REPORT_WHY_H

#include "rightsize/buffer.h"
#include "rightsize/report.h"

#include <stdbool.h>

/*
 * "CPU P99.5 11 % of 8 vCPU, memory max 31 % of 32 GiB; then memory 62 %", or brief: "CPU 11 %,
 * mem 31 %". What is too small comes first;
 * credits that run out are named, a group that keeps it, and a risk of 3 or more of the choice.
 * Raw: may hold outside text.
 */
void rs_why(const struct rs_entry *entry, bool brief, struct rs_buffer *out);
/*
 * The reason that says that CPU credits run out: its limit is the baseline, not all the CPU there
 * is, and its instant the first without credits. NULL: none does.
 */
const struct rs_reason *rs_why_credits(const struct rs_advice *advice);

/* False of GPUs where the machine has none and measured none: to say so would tell nothing. */
bool rs_why_concerns(const struct rs_advice *advice, enum rs_dimension d);

#endif
