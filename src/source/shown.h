/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shown.h - names out of an input made fit for a message (private to source). */
#ifndef RIGHTSIZE_SOURCE_SHOWN_H
#define RIGHTSIZE_SOURCE_SHOWN_H

#include <stddef.h>

#define RS_SHOWN 80

/* `text` printable and cut to fit `out`; returns out. NULL shows as "". */
const char *rs_shown(const char *text, char out[static RS_SHOWN]);
/* The same for a whole line into `size` bytes. */
void rs_shown_line(const char *text, char *out, size_t size);

#endif
