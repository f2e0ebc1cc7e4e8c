/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bootstrap.h - whole days drawn anew, with replacement (level 2, pure).
 *
 * Samples of one day hang together, so days are drawn, not samples: the block bootstrap of
 * H. R. Künsch (Annals of Statistics 17, 1989) with blocks that do not overlap. The generator is
 * GSL's mt19937 from a fixed seed: the same draws on every machine.
 */
#ifndef RIGHTSIZE_BOOTSTRAP_H
#define RIGHTSIZE_BOOTSTRAP_H

#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

struct rs_draws {
    uint16_t *weights; /* [resample * days + day]: how often the day was drawn; owned */
    size_t resamples, days;
};

/* `drawn` days of `days` for each resample; 1 <= days, drawn <= 65535. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_draws_make(size_t days, size_t drawn, size_t resamples,
                                        unsigned long seed, struct rs_draws *out,
                                        struct rs_error *err);
const uint16_t *rs_draws_at(const struct rs_draws *draws, size_t resample);
void rs_draws_release(struct rs_draws *draws); /* a zeroed one is fine */

#endif
