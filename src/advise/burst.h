/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * burst.h - what lives on bursting: network and EBS above the baseline of a type.
 *
 * AWS gives smaller types two figures for the network and for EBS: a baseline that holds for ever,
 * and a peak ("up to 10 Gbit/s"). Above the baseline a type spends I/O credits that it saved below
 * it; they last minutes at the peak (EBS: at least 30 minutes once a day), the bursts are best
 * effort, and nothing tells the balance of the network's. Sources, in AWS's EC2 user guide: "Amazon
 * EC2 instance network bandwidth" and "Amazon EBS-optimized instance types". Need is held against
 * the baseline; here is told how much of the time more was used.
 */
#ifndef RIGHTSIZE_ADVISE_BURST_H
#define RIGHTSIZE_ADVISE_BURST_H

#include "advise/study.h"

/* What an offer reaches while its credits last, above its baseline; NaN: there is no such figure.
 */
double rs_burst_peak(const struct rs_offer *offer, enum rs_dimension d);
/*
 * The share of the samples above the offer's baseline, 0..1; NaN where it does not burst or the
 * dimension was not measured. study->traces is needed.
 */
double rs_burst_share(const struct rs_study *study, const struct rs_offer *offer,
                      enum rs_dimension d);
/* Notes "NetworkBursts" and "EbsBursts" of the current type, each once. */
void rs_burst_note(struct rs_study *study);

#endif
