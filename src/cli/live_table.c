/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The live sources of `collect --from NAME`. To add one: write src/cli/collect_NAME.c, which binds
 * the source's module to the store and the clock, declare its function here, list it, put its
 * options into the table of cmd_collect.c and into the manual page.
 */
#include "cli/collect.h"

const struct rs_live rs_lives[] = {
    {"proc", "the machine this runs on, sampled", rs_collect_proc},
    {"cloudwatch", "EC2 and CloudWatch, by the AWS API", rs_collect_cloudwatch},
    {.name = NULL},
};
