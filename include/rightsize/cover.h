/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cover.h - what commitments leave of a fleet's savings (level 4): what is paid for already cannot
 * be saved by moving away from it.
 *
 * The commitments are handed out twice (commitment.h), to the machines as they are and to those
 * that they would be. What is left uncovered is paid on demand; only its change leaves the bill.
 * The rate of a savings plan is taken from the catalog's 1-year price without upfront payment.
 */
#ifndef RIGHTSIZE_COVER_H
#define RIGHTSIZE_COVER_H

#include "rightsize/commitment.h"
#include "rightsize/report.h"

struct rs_covered {   /* a machine of which a part is covered, now or then */
    const char *id;   /* borrowed */
    double now, then; /* share covered, 0..1 */
    double saving;    /* a month of what is not covered; NaN: a price is unknown */
};

struct rs_cover {
    const struct rs_commitments *commitments; /* borrowed */
    double *used_now, *used_then;             /* owned; one a commitment, 0..1; NaN: not in force */
    struct rs_covered *machines;              /* owned; in the order of the gists */
    size_t count;
    const char *currency;                 /* of the sums, as of rs_totals */
    double uncovered_now, uncovered_then; /* a month */
    double saving;                        /* their difference */
};

/*
 * Of the machines that run; one that is stopped or gone uses no commitment, and its price is left
 * out. The `used` of the commitments is overwritten. RS_ENOMEM; *out needs no release then.
 */
RS_CHECKED enum rs_status rs_cover_of(struct rs_commitments *commitments, int64_t at,
                                      const char *currency, const struct rs_gist *const *gists,
                                      size_t count, struct rs_cover *out, struct rs_error *err);
void rs_cover_release(struct rs_cover *cover); /* a zeroed one is fine */

#endif
