/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meter_container.c - the control group as the machine. Sources: the kernel's
 * Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/.
 */
#include "sample/meters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOP "sys/fs/cgroup"
#define UNLIMITED ((uint64_t)1 << 60) /* v1 says "none" as a number near 2^63 */

/* A service in its own control group is no container: the names that container engines give. */
static bool is_named_so(struct rs_root *root)
{
    static const char *const words[] = {"/docker", "kubepods", "/lxc", "containerd", "libpod"};
    struct rs_cursor text;
    bool named = false;
    if (rs_file_read_once(root, "proc/self/cgroup", &text)) {
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            named = named || strstr(text.at, words[i]) != NULL;
        }
    }
    return named;
}

/* A namespace, or a mount as engines make it, shows the container's own group as the top: it lacks
 * or has what only the true top has or lacks. */
static bool is_own_top(struct rs_root *root, bool version2)
{
    return version2 ? rs_root_has(root, TOP "/cgroup.type")
                    : rs_root_has(root, TOP "/memory/memory.limit_in_bytes") &&
                          !rs_root_has(root, TOP "/memory/release_agent");
}

/* The group of a controller ("" in v2): as /proc/self/cgroup names it where that is mounted, else
 * the top, which a namespace makes the container's own. */
static void find_group(struct rs_root *root, const char *controller, const char *mount,
                       const char *probe, char out[300])
{
    struct rs_cursor text, line;
    char path[500], name[160] = "";
    if (rs_file_read_once(root, "proc/self/cgroup", &text)) {
        while (rs_cursor_line(&text, &line)) {
            char fields[96];
            uint64_t number;
            if (!rs_cursor_u64(&line, &number) || !rs_cursor_skip(&line, ":")) {
                continue;
            }
            if (!rs_cursor_word(&line, ":", fields, sizeof(fields))) {
                fields[0] = '\0';
            }
            bool mine =
                controller[0] == '\0' ? fields[0] == '\0' : strstr(fields, controller) != NULL;
            if (mine && rs_cursor_skip(&line, ":") && rs_cursor_copy(line, name, sizeof(name))) {
                break;
            }
            name[0] = '\0';
        }
    }
    if (strcmp(name, "/") == 0 || strstr(name, "..") != NULL) {
        name[0] = '\0';
    }
    snprintf(path, sizeof(path), "%s%s/%s", mount, name, probe);
    snprintf(out, 300, "%s%s", mount, rs_root_has(root, path) ? name : "");
}

static void point(struct rs_file *file, char path[400], const char *folder, const char *name)
{
    snprintf(path, 400, "%s/%s", folder, name);
    *file = (struct rs_file){path, -1, false, false};
}

static void init_v2(struct rs_container_meter *m, struct rs_root *root)
{
    static const char *const stalls[] = {"cpu.pressure", "memory.pressure", "io.pressure"};
    char group[300];
    find_group(root, "", TOP, "cpu.stat", group);
    m->version2 = true;
    snprintf(m->quota_path, sizeof(m->quota_path), "%s/cpu.max", group);
    snprintf(m->limit_path, sizeof(m->limit_path), "%s/memory.max", group);
    point(&m->cpu, m->cpu_path, group, "cpu.stat");
    point(&m->memory, m->memory_path, group, "memory.current");
    point(&m->stat, m->stat_path, group, "memory.stat");
    point(&m->io, m->io_path, group, "io.stat");
    point(&m->events, m->events_path, group, "memory.events");
    for (size_t i = 0; i < 3; i++) {
        snprintf(m->stall_path[i], sizeof(m->stall_path[i]), "%s/%s", group, stalls[i]);
    }
}

static void init_v1(struct rs_container_meter *m, struct rs_root *root)
{
    char cpu[300], usage[300], memory[300];
    find_group(root, "cpu", TOP "/cpu", "cpu.cfs_quota_us", cpu);
    find_group(root, "cpuacct", TOP "/cpuacct", "cpuacct.usage", usage);
    find_group(root, "memory", TOP "/memory", "memory.usage_in_bytes", memory);
    snprintf(m->quota_path, sizeof(m->quota_path), "%s/cpu.cfs_quota_us", cpu);
    snprintf(m->limit_path, sizeof(m->limit_path), "%s/memory.limit_in_bytes", memory);
    point(&m->cpu, m->cpu_path, usage, "cpuacct.usage");
    point(&m->memory, m->memory_path, memory, "memory.usage_in_bytes");
    point(&m->stat, m->stat_path, memory, "memory.stat");
    point(&m->events, m->events_path, memory, "memory.oom_control");
    m->io = (struct rs_file){"", -1, true, false};
}

void rs_container_meter_init(struct rs_container_meter *m, struct rs_root *root)
{
    m->inside = false;
    bool v2 = rs_root_has(root, TOP "/cgroup.controllers");
    if (!is_own_top(root, v2) && !is_named_so(root)) {
        return;
    }
    if (v2) {
        init_v2(m, root);
    } else {
        init_v1(m, root);
    }
    m->inside = rs_root_has(root, m->cpu_path) || rs_root_has(root, m->memory_path);
}

static bool read_number(struct rs_root *root, const char *path, uint64_t *out)
{
    char text[64];
    if (!rs_root_peek(root, path, text, sizeof(text))) {
        return false;
    }
    struct rs_cursor cursor = {text, text + strlen(text)};
    return rs_cursor_u64(&cursor, out);
}

static double read_quota(struct rs_container_meter *m, struct rs_root *root)
{
    char text[64];
    uint64_t quota = 0, period = 0;
    if (!rs_root_peek(root, m->quota_path, text, sizeof(text))) {
        return 0;
    }
    struct rs_cursor cursor = {text, text + strlen(text)};
    if (!rs_cursor_u64(&cursor, &quota)) { /* "max 100000", or -1 in v1 */
        return 0;
    }
    if (!m->version2) {
        char path[400];
        snprintf(path, sizeof(path), "%.*scpu.cfs_period_us",
                 (int)(strlen(m->quota_path) - strlen("cpu.cfs_quota_us")), m->quota_path);
        if (!read_number(root, path, &period)) {
            return 0;
        }
    } else if (!rs_cursor_u64(&cursor, &period)) {
        return 0;
    }
    return period > 0 ? (double)quota / (double)period : 0;
}

void rs_container_meter_limits(struct rs_container_meter *m, struct rs_root *root,
                               uint32_t host_cpus, uint64_t host_memory)
{
    uint64_t limit = 0;
    double quota = read_quota(m, root);
    m->cpus = quota > 0 && (host_cpus == 0 || quota < host_cpus) ? quota : host_cpus;
    bool limited = read_number(root, m->limit_path, &limit) && limit > 0 && limit < UNLIMITED;
    m->limit = limited && (host_memory == 0 || limit < host_memory) ? limit : host_memory;
}

static bool find_field(struct rs_cursor text, const char *label, uint64_t *out)
{
    struct rs_cursor line;
    while (rs_cursor_line(&text, &line)) {
        if (rs_cursor_skip(&line, label)) {
            return rs_cursor_u64(&line, out);
        }
    }
    return false;
}

static void read_cpu(struct rs_container_meter *m, struct rs_root *root, double elapsed,
                     double values[])
{
    struct rs_cursor text;
    uint64_t usage = 0;
    bool read =
        rs_file_read(root, &m->cpu, true, &text) &&
        (m->version2 ? find_field(text, "usage_usec ", &usage) : rs_cursor_u64(&text, &usage));
    usage = m->version2 ? usage : usage / 1000;
    if (read && m->known && usage >= m->usage && elapsed > 0 && m->cpus > 0) {
        values[RS_METRIC_CPU_PERCENT] =
            rs_meter_percent((double)(usage - m->usage), elapsed * 1e6 * m->cpus);
    }
    m->usage = usage;
    m->known = read;
}

static void read_memory(struct rs_container_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text;
    uint64_t used = 0, inactive = 0;
    if (!rs_file_read(root, &m->memory, true, &text) || !rs_cursor_u64(&text, &used) ||
        !rs_file_read(root, &m->stat, true, &text) ||
        !find_field(text, m->version2 ? "inactive_file " : "total_inactive_file ", &inactive)) {
        return;
    }
    used = used > inactive ? used - inactive : 0;
    values[RS_METRIC_MEM_USED_BYTES] = (double)used;
    if (m->limit > 0) {
        values[RS_METRIC_MEM_PERCENT] = rs_meter_percent((double)used, (double)m->limit);
        values[RS_METRIC_MEM_AVAILABLE_BYTES] = (double)(m->limit > used ? m->limit - used : 0);
    }
}

/* "254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6" */
static void add_io(struct rs_cursor line, uint64_t sums[4])
{
    static const char *const keys[4] = {"rbytes=", "wbytes=", "rios=", "wios="};
    char word[48];
    while (rs_cursor_word(&line, "", word, sizeof(word))) {
        struct rs_cursor pair = {word, word + strlen(word)};
        for (size_t i = 0; i < 4; i++) {
            uint64_t value = 0;
            if (rs_cursor_skip(&pair, keys[i]) && rs_cursor_u64(&pair, &value)) {
                sums[i] += value;
                break;
            }
        }
    }
}

static void read_io(struct rs_container_meter *m, struct rs_root *root, double elapsed, bool slow,
                    double values[])
{
    static const enum rs_metric metrics[4] = {RS_METRIC_EBS_READ_BYTES, RS_METRIC_EBS_WRITE_BYTES,
                                              RS_METRIC_EBS_READ_OPS, RS_METRIC_EBS_WRITE_OPS};
    struct rs_cursor text, line;
    uint64_t now[4] = {0, 0, 0, 0};
    bool fell = false;
    if (m->io.path[0] == '\0' || !rs_file_read(root, &m->io, slow, &text)) {
        m->io_known = false;
        return;
    }
    while (rs_cursor_line(&text, &line)) {
        add_io(line, now);
    }
    for (size_t i = 0; i < 4; i++) {
        fell = fell || now[i] < m->io_counters[i];
    }
    for (size_t i = 0; i < 4 && m->io_known && !fell && elapsed > 0; i++) {
        values[metrics[i]] =
            rs_meter_round((double)(now[i] - m->io_counters[i]) / elapsed, i < 2 ? 1 : 100);
    }
    memcpy(m->io_counters, now, sizeof(now));
    m->io_known = true;
}

static void read_kills(struct rs_container_meter *m, struct rs_root *root, double values[])
{
    struct rs_cursor text;
    uint64_t kills = 0;
    bool read =
        rs_file_read(root, &m->events, true, &text) && find_field(text, "oom_kill ", &kills);
    if (read && m->oom_known && kills >= m->oom_kills) {
        values[RS_METRIC_OOM_KILLS] = (double)(kills - m->oom_kills);
    }
    m->oom_kills = kills;
    m->oom_known = read;
}

void rs_container_meter_read(struct rs_container_meter *m, struct rs_root *root, double elapsed,
                             bool slow, double values[])
{
    read_cpu(m, root, elapsed, values);
    read_memory(m, root, values);
    read_io(m, root, elapsed, slow, values);
    if (slow) {
        read_kills(m, root, values);
    }
}

void rs_container_meter_close(struct rs_container_meter *m)
{
    struct rs_file *const files[] = {&m->cpu, &m->memory, &m->stat, &m->io, &m->events};
    for (size_t i = 0; m->inside && i < sizeof(files) / sizeof(files[0]); i++) {
        rs_file_close(files[i]);
    }
}
