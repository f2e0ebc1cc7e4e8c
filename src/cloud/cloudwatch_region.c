/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_region.h"

#include "cloud/cloudwatch_fetch.h"

enum rs_status rs_cw_region(struct rs_aws *aws, const struct rs_aws_collect *what,
                            const struct rs_aws_keeper *keeper, struct rs_aws_told *told,
                            struct rs_error *err)
{
    struct rs_cw_fetch fetch = {.aws = aws, .what = what, .keeper = keeper, .told = told};
    struct rs_window window;
    rs_cw_plan_init(&fetch.plan);
    enum rs_status rc = rs_cw_discover(&fetch, err);
    if (rc == RS_OK && told->rc == RS_OK) {
        rc = rs_cw_plan_finish(&fetch.plan, what->since, what->now, keeper, err);
    }
    if (rc == RS_OK && told->rc == RS_OK) {
        size_t first = 0, count;
        while ((count = rs_cw_plan_batch(&fetch.plan, first, &window)) > 0) {
            first += count;
            told->batches++;
        }
        told->queries = (int64_t)fetch.plan.query_count;
        rc = what->dry ? RS_OK : rs_cw_ask(&fetch, err);
    }
    rs_cw_plan_release(&fetch.plan);
    return rc;
}
