/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_fetch.h"

void rs_cw_fetch_miss(struct rs_cw_fetch *fetch, const struct rs_error *fault)
{
    if (fetch->told->err.code == RS_OK) {
        fetch->told->err = *fault;
    }
}
