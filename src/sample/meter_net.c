/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/meters.h"

#include <stdio.h>
#include <string.h>

#define SYS "sys/class/net"
enum { COUNTS = 1 };

struct asking {
    struct rs_net_meter *meter;
    struct rs_root *root;
};

static bool has(const struct rs_root *root, const char *name, const char *what)
{
    char path[128];
    snprintf(path, sizeof(path), SYS "/%s/%s", name, what);
    return rs_root_has(root, path);
}

/* The lower half of another device (a virtual function under its hv_netvsc) shows the same bytes
 * a second time; under a bond, which has no device, they are the only ones that count. */
static uint8_t kind_of(void *payload, const char *name)
{
    const struct asking *a = payload;
    if (strcmp(name, "lo") == 0 || strchr(name, '/') != NULL || name[0] == '.') {
        return 0;
    }
    if (a->meter->whole_namespace) {
        return COUNTS;
    }
    if (a->meter->no_sys) { /* no /sys to ask: by the names that udev and old kernels give */
        return strchr(name, '.') == NULL && strchr(name, ':') == NULL &&
               (strncmp(name, "eth", 3) == 0 || strncmp(name, "en", 2) == 0 ||
                strncmp(name, "wl", 2) == 0 || strncmp(name, "ib", 2) == 0);
    }
    return has(a->root, name, "device") && !has(a->root, name, "master/device");
}

static bool read_counters(struct rs_cursor *line, uint64_t out[RS_DEVICE_COUNTERS])
{
    uint64_t f[16];
    for (size_t i = 0; i < 16; i++) {
        if (!rs_cursor_u64(line, &f[i])) {
            return false;
        }
    }
    const uint64_t wanted[RS_DEVICE_COUNTERS] = {f[0], f[1], f[8], f[9], f[3], f[11]};
    memcpy(out, wanted, sizeof(wanted));
    return true;
}

void rs_net_meter_read(struct rs_net_meter *m, struct rs_root *root, double elapsed,
                       double values[])
{
    struct rs_cursor text, line;
    struct asking asking = {m, root};
    if (!rs_file_read(root, &m->file, true, &text)) {
        m->known = false;
        return;
    }
    if (!m->known) {
        m->no_sys = !rs_root_has(root, SYS);
    }
    rs_device_table_begin(&m->table);
    while (rs_cursor_line(&text, &line)) {
        char name[RS_DEVICE_NAME];
        uint64_t counters[RS_DEVICE_COUNTERS];
        bool named = rs_cursor_word(&line, ":", name, sizeof(name));
        if (named && rs_cursor_skip(&line, ":") && read_counters(&line, counters)) {
            rs_device_table_add(&m->table, name, counters, kind_of, &asking);
        }
    }
    rs_device_table_end(&m->table);
    if (m->known && !m->table.broken && elapsed > 0) {
        const uint64_t *d = m->table.sums[COUNTS];
        values[RS_METRIC_NET_IN_BYTES] = rs_meter_round((double)d[0] / elapsed, 1);
        values[RS_METRIC_NET_IN_PACKETS] = rs_meter_round((double)d[1] / elapsed, 100);
        values[RS_METRIC_NET_OUT_BYTES] = rs_meter_round((double)d[2] / elapsed, 1);
        values[RS_METRIC_NET_OUT_PACKETS] = rs_meter_round((double)d[3] / elapsed, 100);
        values[RS_METRIC_NET_DROPPED_PACKETS] =
            rs_meter_round(((double)d[4] + (double)d[5]) / elapsed, 100);
    }
    m->known = true;
}
