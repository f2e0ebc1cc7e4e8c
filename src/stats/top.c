/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/top.h"

#include "stats/workspace.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Never equal, so that the order does not hang on the C library's qsort. */
static int highest_first(const void *left, const void *right)
{
    const struct rs_top *a = left, *b = right;
    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }
    return a->slot < b->slot ? -1 : 1;
}

/* All above `least`, and the first `ties` that equal it. */
static size_t collect(const struct rs_kernel *kernel, const double *values, size_t count,
                      double least, size_t ties, struct rs_top *out)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        i += kernel->find(values + i, count - i, least);
        if (i < count && (values[i] > least || ties > 0)) {
            ties -= values[i] > least ? 0 : 1;
            out[found++] = (struct rs_top){values[i], i};
        }
    }
    return found;
}

enum rs_status rs_top_of(struct rs_workspace *work, const double *values, size_t count, size_t most,
                         struct rs_top *out, size_t *found, struct rs_error *err)
{
    assert(out != NULL && found != NULL);
    struct rs_extent extent;
    struct rs_room room;
    const struct rs_kernel *kernel = rs_workspace_kernel(work);
    enum rs_status rc = rs_extent_of(kernel, values, count, &extent, err);
    if (rc == RS_OK) {
        rc = rs_workspace_room(work, count, &room, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    size_t wanted = most < extent.count ? most : extent.count;
    if (wanted > 0) {
        size_t rank = extent.count - wanted;
        (void)rs_select(kernel, &room, values, count, &extent, &rank, 1);
        double least = room.sorted[rank];
        size_t ties = wanted - kernel->above(values, count, least);
        wanted = collect(kernel, values, count, least, ties, out);
        qsort(out, wanted, sizeof(*out), highest_first);
    }
    *found = wanted;
    return RS_OK;
}

double rs_highest_of(const double *values, size_t count)
{
    double highest = rs_kernel_of(RS_VARIANT_BEST)->highest(values, count);
    return highest > -INFINITY ? highest : (double)NAN;
}
