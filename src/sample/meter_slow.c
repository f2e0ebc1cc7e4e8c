/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meter_slow.c - pressure, load, OOM kills and filesystems. */
#include "sample/meters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

void rs_stall_meter_read(struct rs_stall_meter *m, struct rs_root *root, double elapsed, bool slow,
                         double values[])
{
    struct rs_cursor text, line;
    uint64_t total = 0;
    if (!rs_file_read(root, &m->file, slow, &text) || !rs_cursor_line(&text, &line) ||
        !rs_cursor_skip(&line, "some ")) {
        m->known = false;
        return;
    }
    while (line.at < line.end && !rs_cursor_skip(&line, "total=")) {
        line.at++;
    }
    if (!rs_cursor_u64(&line, &total)) {
        m->known = false;
        return;
    }
    if (m->known && total >= m->total && elapsed > 0) {
        values[m->metric] = rs_meter_percent((double)(total - m->total), elapsed * 1e6);
    }
    m->total = total;
    m->known = true;
}

static void read_load(struct rs_slow_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text;
    uint64_t whole = 0, hundredths = 0, all = 0;
    if (!rs_file_read(root, &m->load, true, &text) || !rs_cursor_u64(&text, &whole) ||
        !rs_cursor_skip(&text, ".") || !rs_cursor_u64(&text, &hundredths) || hundredths > 99 ||
        whole > 1000000) {
        return;
    }
    values[RS_METRIC_LOAD_1M] = (double)(whole * 100 + hundredths) / 100;
    while (text.at < text.end && *text.at != '/') { /* "0.10 0.20 0.30 2/345 678" */
        text.at++;
    }
    if (rs_cursor_skip(&text, "/") && rs_cursor_u64(&text, &all)) {
        values[RS_METRIC_PROCESSES] = (double)all;
    }
}

static void read_kills(struct rs_slow_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text, line;
    uint64_t kills = 0;
    bool found = false;
    if (!rs_file_read(root, &m->vmstat, true, &text)) {
        m->known = false;
        return;
    }
    while (!found && rs_cursor_line(&text, &line)) {
        found = rs_cursor_skip(&line, "oom_kill ") && rs_cursor_u64(&line, &kills);
    }
    if (found && m->known && kills >= m->oom_kills) {
        values[RS_METRIC_OOM_KILLS] = (double)(kills - m->oom_kills);
    }
    m->oom_kills = kills;
    m->known = found;
}

/* "\040" stands for a blank in a mount point. */
static void unescape(char *path)
{
    char *to = path;
    for (const char *from = path; *from != '\0'; to++) {
        if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
            from[2] <= '7' && from[3] >= '0' && from[3] <= '7') {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* Those that can fill up and cannot hang: images are always full, a server may be gone. */
static bool can_fill(const char *source, const char *type, const char *options)
{
    static const char *const images[] = {"squashfs", "iso9660", "erofs", "udf", "cramfs"};
    for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
        if (strcmp(type, images[i]) == 0) {
            return false;
        }
    }
    bool local = strncmp(source, "/dev/", 5) == 0 || strcmp(type, "overlay") == 0 ||
                 strcmp(type, "zfs") == 0 || strcmp(type, "btrfs") == 0;
    return local && strncmp(options, "ro,", 3) != 0 && strcmp(options, "ro") != 0;
}

static double fullness(const char *path)
{
    struct statvfs s;
    if (statvfs(path, &s) != 0 || s.f_blocks == 0 || s.f_bfree > s.f_blocks) {
        return -1;
    }
    double used = (double)(s.f_blocks - s.f_bfree); /* as df: what only root may use is no room */
    return rs_meter_percent(used, used + (double)s.f_bavail);
}

static void read_filesystems(struct rs_slow_meter *m, struct rs_root *root, const char *path,
                             double values[])
{
    struct rs_cursor text, line;
    double fullest = -1;
    if (!rs_file_read(root, &m->mounts, true, &text)) {
        return;
    }
    while (rs_cursor_line(&text, &line)) {
        char source[256], point[1024], type[32], options[256], full[2048];
        (void)rs_cursor_word(&line, "", source, sizeof(source));
        if (!rs_cursor_word(&line, "", point, sizeof(point)) ||
            !rs_cursor_word(&line, "", type, sizeof(type))) {
            continue;
        }
        (void)rs_cursor_word(&line, "", options, sizeof(options)); /* the start is enough */
        if (can_fill(source, type, options)) {
            unescape(point);
            snprintf(full, sizeof(full), "%s%s", strcmp(path, "/") == 0 ? "" : path, point);
            fullest = fmax(fullest, fullness(full));
        }
    }
    if (fullest >= 0) {
        values[RS_METRIC_FILESYSTEM_USED_PERCENT] = fullest;
    }
}

void rs_slow_meter_read(struct rs_slow_meter *m, struct rs_root *root, const char *path,
                        bool container, double values[])
{
    if (!container) { /* there they are the host's */
        read_load(m, root, values);
        read_kills(m, root, values);
    }
    read_filesystems(m, root, path, values);
}
