/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.h - does a type hold what is needed? */
#ifndef RIGHTSIZE_ADVISE_FIT_H
#define RIGHTSIZE_ADVISE_FIT_H

#include "advise/shelf.h"

/*
 * The first thing the offer cannot be shown to hold, as "too small: memory" (static text), or NULL:
 * it fits. A capacity the catalog does not know proves nothing, except where that of the current
 * type is unknown too. Memory that was not measured must not shrink, unless `memory_free` asks what
 * a type without any need of memory would be.
 */
const char *rs_fit_reject(const struct rs_study *study, const struct rs_offer *offer,
                          bool memory_free);

/* The same question to all of a lot. */
enum { RS_FITS, RS_FIT_VERDICTS = 1 + 2 * RS_DIM_COUNT };
struct rs_sieved {
    uint64_t *left;                   /* the set of items that fit; borrowed from the desk */
    size_t verdicts[RS_FIT_VERDICTS]; /* how many of the others were refused by which words */
};
/* `today` is an item that is not asked; lot->count: there is none. RS_ENOMEM. */
RS_CHECKED enum rs_status rs_sieve(const struct rs_study *study, struct rs_lot *lot,
                                   bool memory_free, size_t today, struct rs_sieved *out,
                                   struct rs_error *err);
const char *rs_fit_name(int verdict); /* the words of rs_fit_reject */

/* Do CPU credits or a flex baseline hold? Same answer; slower, so it is asked last. */
const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer);

#endif
