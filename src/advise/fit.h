/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.h - does a type hold what is needed? */
#ifndef RIGHTSIZE_ADVISE_FIT_H
#define RIGHTSIZE_ADVISE_FIT_H

#include "advise/study.h"

/*
 * The first thing the offer cannot be shown to hold, as "too small: memory" (static text), or NULL:
 * it fits. A capacity the catalog does not know proves nothing, except where that of the current
 * type is unknown too. Memory that was not measured must not shrink, unless `memory_free` asks what
 * a type without any need of memory would be.
 */
const char *rs_fit_reject(const struct rs_study *study, const struct rs_offer *offer,
                          bool memory_free);
/* Do CPU credits or a flex baseline hold? Same answer; slower, so it is asked last. */
const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer);

#endif
