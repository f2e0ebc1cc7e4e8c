/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/workspace.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

void rs_workspace_init(struct rs_workspace *work)
{
    *work = (struct rs_workspace){0};
}

void rs_workspace_release(struct rs_workspace *work)
{
    free(work->memory);
    work->memory = NULL;
    work->slots = 0;
}

const struct rs_kernel *rs_workspace_kernel(const struct rs_workspace *work)
{
    return rs_kernel_of((enum rs_variant)work->variant);
}

/* Widest first, so that each part is aligned by the sizes before it. */
static struct rs_room lay_out(void *memory, size_t slots)
{
    struct rs_room room;
    room.tables = memory;
    room.sorted = (double *)(room.tables + 1);
    room.left = room.sorted + slots;
    room.right = room.left + slots;
    /* cppcheck-suppress invalidPointerCast ; memory of the right size and alignment */
    room.words = (uint64_t *)(room.right + slots);
    room.where = (uint32_t *)(room.words + slots / RS_LABELS);
    return room;
}

enum rs_status rs_workspace_room(struct rs_workspace *work, size_t slots, struct rs_room *out,
                                 struct rs_error *err)
{
    enum { BLOCK = RS_LABELS * RS_LANES_MOST };
    if (slots > work->slots || work->memory == NULL) {
        size_t rounded = (slots / BLOCK + 2) * BLOCK; /* whole blocks, and one slot to spare */
        size_t each = 3 * sizeof(double) + sizeof(uint64_t) / RS_LABELS + sizeof(uint32_t);
        rs_workspace_release(work); /* its content is of no use; less peak than realloc */
        /* ranks are int in GSL, where[] is of 32 bits */
        work->memory =
            slots <= INT_MAX - 2 * BLOCK && rounded < (SIZE_MAX - sizeof(struct rs_tables)) / each
                ? malloc(sizeof(struct rs_tables) + rounded * each)
                : NULL;
        if (work->memory == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu samples", slots);
        }
        work->slots = rounded - BLOCK;
    }
    *out = lay_out(work->memory, work->slots + BLOCK);
    return RS_OK;
}

enum rs_status rs_extent_of(const struct rs_kernel *kernel, const double *values, size_t count,
                            struct rs_extent *out, struct rs_error *err)
{
    struct rs_extent extent = {INFINITY, -INFINITY, 0};
    if (count > 0) {
        kernel->extent(values, count, &extent);
    }
    if (extent.count == 0) { /* GSL would answer 0.0, which reads as an idle machine */
        return rs_fail(err, RS_ENODATA, "no samples to take a quantile of");
    }
    if (isinf(extent.min) || isinf(extent.max)) {
        size_t i = 0;
        while (!isinf(values[i])) {
            i++;
        }
        return rs_fail(err, RS_EINPUT, "sample %zu is infinite", i);
    }
    *out = extent;
    return RS_OK;
}
