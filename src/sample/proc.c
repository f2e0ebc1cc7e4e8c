/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/proc.h"

#include "sample/meters.h"
#include "sample/proc_private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void name_files(struct rs_proc *p)
{
    static const enum rs_metric stalls[3] = {
        RS_METRIC_PSI_CPU_PERCENT, RS_METRIC_PSI_MEMORY_PERCENT, RS_METRIC_PSI_IO_PERCENT};
    static const char *const paths[3] = {"proc/pressure/cpu", "proc/pressure/memory",
                                         "proc/pressure/io"};
    p->cpu.file = (struct rs_file){"proc/stat", -1, false, true};
    p->memory.file = (struct rs_file){"proc/meminfo", -1, false, true};
    p->net.file = (struct rs_file){"proc/net/dev", -1, false, false};
    p->disk.file = (struct rs_file){"proc/diskstats", -1, false, false};
    p->slow.load = (struct rs_file){"proc/loadavg", -1, false, true};
    p->slow.vmstat = (struct rs_file){"proc/vmstat", -1, false, false};
    p->slow.mounts = (struct rs_file){"proc/self/mounts", -1, false, false};
    for (size_t i = 0; i < 3; i++) {
        const char *path =
            p->container.inside && p->container.version2 ? p->container.stall_path[i] : paths[i];
        p->stall[i].metric = stalls[i];
        p->stall[i].file = (struct rs_file){path, -1, false, true};
    }
}

enum rs_status rs_proc_open(const char *root, struct rs_proc **out, struct rs_error *err)
{
    struct rs_cursor text;
    struct rs_proc *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    p->path = root;
    p->root.fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->root.fd < 0) {
        enum rs_status rc = rs_fail(err, RS_EIO, "%s: cannot open: %s", root, strerror(errno));
        free(p);
        return rc;
    }
    rs_container_meter_init(&p->container, &p->root);
    name_files(p);
    p->net.whole_namespace = p->container.inside;
    if (!rs_file_read(&p->root, &p->cpu.file, true, &text) || text.at == text.end) {
        rs_proc_close(p);
        return rs_fail(err, RS_EIO, "%s: has no readable proc/stat; only Linux can be sampled",
                       root);
    }
    *out = p;
    return RS_OK;
}

void rs_proc_close(struct rs_proc *p)
{
    if (p == NULL) {
        return;
    }
    struct rs_file *const files[] = {
        &p->cpu.file,    &p->memory.file, &p->net.file,      &p->disk.file,     &p->slow.load,
        &p->slow.vmstat, &p->slow.mounts, &p->stall[0].file, &p->stall[1].file, &p->stall[2].file,
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        rs_file_close(files[i]);
    }
    rs_container_meter_close(&p->container);
    (void)close(p->root.fd);
    free(p);
}

/* What the host says of all its processors and memory is not the container's. */
static void read_container(struct rs_proc *p, double elapsed, bool slow, double values[])
{
    double host[RS_METRIC_COUNT];
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        host[i] = NAN;
    }
    rs_cpu_meter_read(&p->cpu, &p->root, host);
    rs_memory_meter_read(&p->memory, &p->root, host);
    if (slow || p->container.cpus <= 0) {
        rs_container_meter_limits(&p->container, &p->root, rs_cpu_meter_count(&p->cpu),
                                  p->memory.total);
    }
    rs_container_meter_read(&p->container, &p->root, elapsed, slow, values);
}

static void drop_impossible(double values[])
{
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        const struct rs_metric_info *info = rs_metric_info((enum rs_metric)i);
        if (!(values[i] >= info->min && values[i] <= info->max)) {
            values[i] = NAN;
        }
    }
}

void rs_proc_read(struct rs_proc *p, double elapsed, bool slow, double values[RS_METRIC_COUNT])
{
    for (size_t i = 0; i < RS_METRIC_COUNT; i++) {
        values[i] = NAN;
    }
    if (p->container.inside) {
        read_container(p, elapsed, slow, values);
    } else {
        rs_cpu_meter_read(&p->cpu, &p->root, values);
        rs_memory_meter_read(&p->memory, &p->root, values);
        rs_disk_meter_read(&p->disk, &p->root, elapsed, values);
    }
    rs_net_meter_read(&p->net, &p->root, elapsed, values);
    for (size_t i = 0; i < 3; i++) {
        rs_stall_meter_read(&p->stall[i], &p->root, elapsed, slow, values);
    }
    if (slow) {
        rs_slow_meter_read(&p->slow, &p->root, p->path, p->container.inside, values);
    }
    if (!(elapsed > 0)) { /* a mean over no known time is none */
        values[RS_METRIC_CPU_PERCENT] = values[RS_METRIC_CPU_USER_PERCENT] = NAN;
        values[RS_METRIC_CPU_SYSTEM_PERCENT] = values[RS_METRIC_CPU_IOWAIT_PERCENT] = NAN;
        values[RS_METRIC_CPU_STEAL_PERCENT] = values[RS_METRIC_CPU_BUSIEST_PERCENT] = NAN;
        values[RS_METRIC_OOM_KILLS] = NAN;
    }
    drop_impossible(values);
}

void rs_proc_shape(struct rs_proc *p, struct rs_proc_shape *out)
{
    double values[RS_METRIC_COUNT];
    if (p->memory.total == 0) {
        rs_memory_meter_read(&p->memory, &p->root, values);
    }
    if (p->cpu.count == 0) {
        rs_cpu_meter_read(&p->cpu, &p->root, values);
        p->cpu.known = false;
    }
    *out = (struct rs_proc_shape){p->cpu.count, (int64_t)p->memory.total, p->container.inside};
    if (p->container.inside) {
        rs_container_meter_limits(&p->container, &p->root, p->cpu.count, p->memory.total);
        out->vcpus = p->container.cpus;
        out->memory = (int64_t)p->container.limit;
    }
}
