/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloudwatch_asks.h - what CloudWatch measures of a type, by its name (private to cloud). */
#ifndef RIGHTSIZE_CLOUD_CLOUDWATCH_ASKS_H
#define RIGHTSIZE_CLOUD_CLOUDWATCH_ASKS_H

#include <stdbool.h>

enum rs_cw_subject {
    RS_CW_EVERY,
    RS_CW_NITRO,
    RS_CW_NITRO_BURST,
    RS_CW_LOCAL_DISKS,
    RS_CW_BURSTABLE,
    RS_CW_XEN_VOLUMES
};

struct rs_cw_ask { /* what is asked for without looking whether it is there */
    enum rs_cw_subject subject;
    const char *name_space, *metric, *stat;
};
extern const struct rs_cw_ask rs_cw_asks[]; /* ended by metric NULL */

/* type NULL, not known: whatever it may have. */
bool rs_cw_ask_applies(const char *type, enum rs_cw_subject subject);

#endif
