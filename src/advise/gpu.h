/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gpu.h - what is particular about GPUs: nobody publishes how fast one model is beside another, and
 * a machine that has some may work while its CPU rests.
 */
#ifndef RIGHTSIZE_ADVISE_GPU_H
#define RIGHTSIZE_ADVISE_GPU_H

#include "advise/study.h"

/* Whether the GPUs of two types are of one model, so that their number can be compared. */
bool rs_gpu_alike(const struct rs_offer *a, const struct rs_offer *b);
/* What one card of the type counts: 1, or the slice of a card that it is. */
double rs_gpu_card(const struct rs_offer *offer);
/*
 * Whether the offer may take the place of the current type's GPUs and other accelerators. Fewer
 * cards only where their load was measured, for rs_fit_reject then judges it; as for memory.
 */
bool rs_gpu_suffices(const struct rs_study *study, const struct rs_offer *offer);
/*
 * Compute Optimizer's rule: no work in more than 99 % of the time, and less than 5 % of the memory
 * in use. False as well where either was not measured; true where there are none.
 */
bool rs_gpu_is_idle(const struct rs_study *study);
void rs_gpu_note(struct rs_study *study);

#endif
