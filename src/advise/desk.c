/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advise/desk.h"

#include <stdlib.h>

enum rs_status rs_desk_open(struct rs_desk **out, struct rs_error *err)
{
    struct rs_desk *desk = calloc(1, sizeof(*desk));
    if (desk == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu bytes", sizeof(*desk));
    }
    rs_workspace_init(&desk->stats);
    *out = desk;
    return RS_OK;
}

void rs_desk_close(struct rs_desk *desk)
{
    if (desk != NULL) {
        rs_arena_release(&desk->arena);
        rs_workspace_release(&desk->stats);
        rs_shelves_release(&desk->shelves);
        free(desk);
    }
}

void rs_desk_clear(struct rs_desk *desk, struct rs_study *study)
{
    rs_arena_reset(&desk->arena);
    rs_reader_init(&study->reader, study->work, &desk->arena);
    study->desk = desk;
    desk->credits.count = desk->credits.next = 0;
    study->traces = desk->traces;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        rs_series_init(&desk->traces[d]);
    }
    rs_series_init(&study->use);
}
