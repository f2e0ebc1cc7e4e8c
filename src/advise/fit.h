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

/* The same question to many offers: what is asked of each dimension is worked out once. */
struct rs_fit {
    const struct rs_study *study;
    bool by_speed; /* vCPUs count by their speed */
    size_t count;
    enum rs_dimension asked[RS_DIM_COUNT];
    double least[RS_DIM_COUNT]; /* by place in `asked`: the least capacity that holds the need */
    double least_bursting;      /* of CPU, of a type that has credits; -INFINITY: any will do */
    bool unknown_is_no[RS_DIM_COUNT]; /* by place in `asked` */
};
enum { RS_FITS, RS_FIT_VERDICTS = 1 + 2 * RS_DIM_COUNT };
void rs_fit_prepare(const struct rs_study *study, bool memory_free, struct rs_fit *out);
/* RS_FITS, or what rs_fit_name calls by the words of rs_fit_reject. */
int rs_fit_verdict(const struct rs_fit *fit, const struct rs_item *item);
const char *rs_fit_name(int verdict);

/* Do CPU credits or a flex baseline hold? Same answer; slower, so it is asked last. */
const char *rs_fit_reject_burst(const struct rs_study *study, const struct rs_offer *offer);

#endif
