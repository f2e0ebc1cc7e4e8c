/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notes.h - what a reader must know beside the numbers. */
#ifndef RIGHTSIZE_ADVISE_NOTES_H
#define RIGHTSIZE_ADVISE_NOTES_H

#include "advise/study.h"

/* Notes on the finding, the data, and the price, in that order. */
void rs_notes_add(struct rs_study *study);
/* The note that says why there is no answer, if there is none. False: there can be one. */
bool rs_notes_no_answer(struct rs_study *study, const struct rs_market *market);

#endif
