/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samples.h - the stored samples as CSV rows or JSON series (level 5, private). */
#ifndef RIGHTSIZE_CLI_SAMPLES_H
#define RIGHTSIZE_CLI_SAMPLES_H

#include "cli/command.h"

struct rs_sample_export {
    const char *instance, *region, *path; /* NULL: all, all, stdout */
    int64_t since;                        /* seconds back from the newest sample; 0: all */
    int64_t until;                        /* or -1 */
    bool json;
};

/*
 * CSV: resource,metric,statistic,ts,value, ts in Unix seconds. JSON: {"samples": [{resource,
 * metric, statistic, step_seconds, from, values}]}, null where nothing was measured. Streamed:
 * memory is that of one resource.
 */
RS_CHECKED enum rs_status rs_samples_export(struct rs_context *context,
                                            const struct rs_sample_export *what,
                                            struct rs_error *err);

#endif
