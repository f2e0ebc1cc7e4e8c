/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/meters.h"

#include <stdbool.h>
#include <string.h>

enum {
    TOTAL,
    FREE,
    AVAILABLE,
    BUFFERS,
    CACHED,
    SWAP_TOTAL,
    SWAP_FREE,
    DIRTY,
    WRITEBACK,
    RECLAIMABLE,
    LABELS
};
static const char *const labels[LABELS] = {
    [TOTAL] = "MemTotal:",           [FREE] = "MemFree:",  [AVAILABLE] = "MemAvailable:",
    [BUFFERS] = "Buffers:",          [CACHED] = "Cached:", [SWAP_TOTAL] = "SwapTotal:",
    [SWAP_FREE] = "SwapFree:",       [DIRTY] = "Dirty:",   [WRITEBACK] = "Writeback:",
    [RECLAIMABLE] = "SReclaimable:",
};

/* The kernel writes them in this order, so each label is looked for from the last one on. */
static unsigned read_labels(struct rs_cursor text, uint64_t bytes[LABELS])
{
    struct rs_cursor line;
    unsigned found = 0, next = 0;
    while (next < LABELS && rs_cursor_line(&text, &line)) {
        for (unsigned i = next; i < LABELS; i++) {
            if (rs_cursor_skip(&line, labels[i])) {
                uint64_t kib = 0;
                if (rs_cursor_u64(&line, &kib) && kib <= UINT64_MAX >> 10) {
                    bytes[i] = kib << 10;
                    found |= 1U << i;
                }
                next = i + 1;
                break;
            }
        }
    }
    return found;
}

void rs_memory_meter_read(struct rs_memory_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text;
    uint64_t b[LABELS] = {0};
    const unsigned needed = 1U << TOTAL | 1U << FREE | 1U << BUFFERS | 1U << CACHED;
    unsigned found = rs_file_read(root, &m->file, true, &text) ? read_labels(text, b) : 0;
    m->total = found & 1U << TOTAL ? b[TOTAL] : 0;
    if ((found & needed) == needed && b[TOTAL] > 0) { /* SReclaimable: since 2.6.19 */
        double unused =
            (double)b[FREE] + (double)b[BUFFERS] + (double)b[CACHED] + (double)b[RECLAIMABLE];
        if (unused <= (double)b[TOTAL]) {
            values[RS_METRIC_MEM_USED_BYTES] = (double)b[TOTAL] - unused;
            values[RS_METRIC_MEM_PERCENT] =
                rs_meter_percent((double)b[TOTAL] - unused, (double)b[TOTAL]);
        }
    }
    if (found & 1U << AVAILABLE && b[AVAILABLE] <= b[TOTAL]) {
        values[RS_METRIC_MEM_AVAILABLE_BYTES] = (double)b[AVAILABLE];
    }
    if (found & 1U << SWAP_TOTAL && found & 1U << SWAP_FREE && b[SWAP_FREE] <= b[SWAP_TOTAL]) {
        double used = (double)(b[SWAP_TOTAL] - b[SWAP_FREE]);
        values[RS_METRIC_SWAP_USED_BYTES] = used;
        if (b[SWAP_TOTAL] > 0) { /* without swap there is no share of it */
            values[RS_METRIC_SWAP_USED_PERCENT] = rs_meter_percent(used, (double)b[SWAP_TOTAL]);
        }
    }
    if (found & 1U << DIRTY) {
        values[RS_METRIC_MEM_DIRTY_BYTES] = (double)b[DIRTY] + (double)b[WRITEBACK];
    }
}
