/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.h - what is in struct rs_desk: all that one recommendation leaves for the next. */
#ifndef RIGHTSIZE_ADVISE_DESK_H
#define RIGHTSIZE_ADVISE_DESK_H

#include "advise/arena.h"
#include "advise/credits.h"
#include "advise/risk.h"
#include "advise/shelf.h"
#include "advise/study.h"

struct rs_desk {
    struct rs_arena arena;     /* traces and lists, emptied for each recommendation */
    struct rs_workspace stats; /* of quantiles */
    struct rs_shelves shelves; /* the markets so far */
    struct rs_series traces[RS_DIM_COUNT];
    struct rs_tail tails[RS_DIM_COUNT];
    struct rs_credits_memo credits; /* of study->use */
    struct rs_advice advice;        /* in the making; the caller's is written when all went well */
};

/* Sets what of `study` lies on the desk; its `work` must be set. Whatever was read before is gone.
 */
void rs_desk_clear(struct rs_desk *desk, struct rs_study *study);

#endif
