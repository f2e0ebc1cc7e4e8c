/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * packed.h - an entry in one block, with its texts and only those elements of its lists that are in
 * use: some 4 KiB where struct rs_entry has 24, so that a large fleet fits in memory.
 */
#ifndef REPORT_PACKED_H
#define REPORT_PACKED_H

#include "rightsize/report.h"

struct rs_packed;
/* Without the curve. NULL: no memory. free() it. */
struct rs_packed *rs_packed_of(const struct rs_entry *entry);
/* Elements that are not in use stay as they are in *out; its texts lie in the block. */
void rs_packed_open(const struct rs_packed *packed, struct rs_entry *out);
const struct rs_gist *rs_packed_gist(const struct rs_packed *packed);

#endif
