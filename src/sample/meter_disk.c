/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/meters.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SYS "sys/block"
#define SECTOR 512 /* of diskstats, whatever the disk's own */
#define LOCAL_MODEL "Amazon EC2 NVMe Instance Storage"

enum { LOCAL = 1, EBS = 2 };
enum { READS, SECTORS_READ, WRITES, SECTORS_WRITTEN, BUSY_MS, QUEUED_MS };

struct asking {
    struct rs_disk_meter *meter;
    struct rs_root *root;
};

static bool by_name(const char *name)
{
    static const char *const letters[] = {"sd", "vd", "hd", "xvd"};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        size_t n = strlen(letters[i]);
        if (strncmp(name, letters[i], n) == 0) {
            return !isdigit((unsigned char)name[strlen(name) - 1]);
        }
    }
    return strncmp(name, "nvme", 4) == 0 && strchr(name, 'p') == NULL;
}

/* Only Amazon's NVMe disks say that they are the instance's own. On Xen ephemeral ones have the
 * names of the others; elsewhere any disk may be what a volume would be after a move. */
static bool is_local(const struct rs_root *root, const char *folder)
{
    char path[128], model[64];
    snprintf(path, sizeof(path), "%s/device/model", folder);
    return rs_root_peek(root, path, model, sizeof(model)) && strstr(model, LOCAL_MODEL) != NULL;
}

static uint8_t kind_of(void *payload, const char *name)
{
    const struct asking *a = payload;
    char folder[64], path[96];
    if (strncmp(name, "sr", 2) == 0 || strncmp(name, "fd", 2) == 0 || name[0] == '.') {
        return 0;
    }
    if (a->meter->no_sys) {
        return by_name(name) ? EBS : 0;
    }
    snprintf(folder, sizeof(folder), SYS "/%s", name);
    for (char *p = folder + sizeof(SYS); *p != '\0'; p++) {
        *p = *p == '/' ? '!' : *p; /* cciss/c0d0 */
    }
    snprintf(path, sizeof(path), "%s/device", folder);
    if (!rs_root_has(a->root, path)) {
        return 0;
    }
    return is_local(a->root, folder) ? LOCAL : EBS;
}

/* major minor name, then reads merged sectors ms writes merged sectors ms in-flight busy queued */
static bool read_line(struct rs_cursor *line, char *name, size_t size,
                      uint64_t out[RS_DEVICE_COUNTERS])
{
    uint64_t f[11], number = 0;
    if (!rs_cursor_u64(line, &number) || !rs_cursor_u64(line, &number) ||
        !rs_cursor_word(line, "", name, size)) {
        return false;
    }
    for (size_t i = 0; i < 11; i++) {
        if (!rs_cursor_u64(line, &f[i])) {
            return false; /* partitions of kernels before 2.6.25 have four fields */
        }
    }
    out[READS] = f[0];
    out[SECTORS_READ] = f[2];
    out[WRITES] = f[4];
    out[SECTORS_WRITTEN] = f[6];
    out[BUSY_MS] = f[9];
    out[QUEUED_MS] = f[10];
    return true;
}

static void say(const struct rs_disk_meter *m, double elapsed, double values[])
{
    static const struct {
        int kind, counter;
        enum rs_metric metric;
        double unit;
    } rows[] = {
        {LOCAL, READS, RS_METRIC_DISK_READ_OPS, 1},
        {LOCAL, SECTORS_READ, RS_METRIC_DISK_READ_BYTES, SECTOR},
        {LOCAL, WRITES, RS_METRIC_DISK_WRITE_OPS, 1},
        {LOCAL, SECTORS_WRITTEN, RS_METRIC_DISK_WRITE_BYTES, SECTOR},
        {EBS, READS, RS_METRIC_EBS_READ_OPS, 1},
        {EBS, SECTORS_READ, RS_METRIC_EBS_READ_BYTES, SECTOR},
        {EBS, WRITES, RS_METRIC_EBS_WRITE_OPS, 1},
        {EBS, SECTORS_WRITTEN, RS_METRIC_EBS_WRITE_BYTES, SECTOR},
    };
    bool there[3] = {false, false, false};
    for (size_t i = 0; i < m->table.count; i++) {
        there[m->table.devices[i].kind] = true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (there[rows[i].kind]) { /* a machine without such a disk has no such load, not zero */
            double sum = (double)m->table.sums[rows[i].kind][rows[i].counter];
            values[rows[i].metric] =
                rs_meter_round(sum * rows[i].unit / elapsed, rows[i].unit > 1 ? 1 : 100);
        }
    }
    if (there[LOCAL] || there[EBS]) {
        double queued =
            (double)m->table.sums[LOCAL][QUEUED_MS] + (double)m->table.sums[EBS][QUEUED_MS];
        values[RS_METRIC_DISK_BUSY_PERCENT] =
            rs_meter_percent((double)m->table.busiest, elapsed * 1000);
        values[RS_METRIC_DISK_QUEUE] = rs_meter_round(queued / (elapsed * 1000), 100);
    }
}

void rs_disk_meter_read(struct rs_disk_meter *m, struct rs_root *root, double elapsed,
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
        m->table.peak = BUSY_MS;
    }
    rs_device_table_begin(&m->table);
    while (rs_cursor_line(&text, &line)) {
        char name[RS_DEVICE_NAME];
        uint64_t counters[RS_DEVICE_COUNTERS];
        if (read_line(&line, name, sizeof(name), counters)) {
            rs_device_table_add(&m->table, name, counters, kind_of, &asking);
        }
    }
    rs_device_table_end(&m->table);
    if (m->known && !m->table.broken && elapsed > 0) {
        say(m, elapsed, values);
    }
    m->known = true;
}
