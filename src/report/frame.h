/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.h - what the formats ask of a frame. */
#ifndef REPORT_FRAME_H
#define REPORT_FRAME_H

#include "rightsize/format.h"

/* The oldest price date, else the oldest facts date, or NULL. */
const char *rs_frame_date(const struct rs_frame *frame);

#endif
