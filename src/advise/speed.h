/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * speed.h - vCPUs of different speed on one scale.
 *
 * Demand is measured in vCPUs of the current type, so each capacity is told in them too: a type's
 * vCPUs x speed, with speed its score over the current type's (CoreMark per vCPU). The policy's
 * cpu.speed says how far that is believed: "off" never, "score" both ways, "guard" only where the
 * vCPU is slower. A score that is unknown on either side counts as the same speed.
 */
#ifndef RIGHTSIZE_ADVISE_SPEED_H
#define RIGHTSIZE_ADVISE_SPEED_H

#include "advise/study.h"

/* Of a vCPU of `to` in vCPUs of `from`; NaN: unknown. */
double rs_speed_ratio(const struct rs_offer *from, const struct rs_offer *to);
/* rs_offer_capacity, of CPU in vCPUs of the current type. */
double rs_speed_capacity(const struct rs_study *study, const struct rs_offer *offer,
                         enum rs_dimension d);
/* The offer with its vCPUs and credits in vCPUs of another speed. */
struct rs_offer rs_speed_scaled(const struct rs_offer *offer, double speed);

#endif
