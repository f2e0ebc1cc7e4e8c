/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * proc.h - what Linux says in /proc and /sys of the machine it runs, as samples (level 2).
 *
 * Files are opened once and read with pread into one buffer; nothing is allocated by a reading.
 * What counts:
 *   cpu_percent        all but idle and iowait, of all processors; guest time is within user time
 *   mem_percent        (MemTotal - MemFree - Buffers - Cached - SReclaimable) / MemTotal, the
 *                      CloudWatch agent's formula; mem_available_bytes is MemAvailable
 *   network            interfaces with a device behind them (/sys/class/net/X/device) that are not
 *                      the lower half of another such one (a virtual function under its hv_netvsc):
 *                      no lo, bond, bridge, vlan, veth, tunnel, whose bytes pass one of those
 *   disks              whole ones with a device behind them (/sys/block/X/device): no partition,
 *                      dm, md, loop, ram; EC2's instance store (NVMe by its model) goes to disk_*,
 *                      all others to ebs_*: outside EC2 they play the part of EBS
 *   pressure           time in which "some" task was stalled, from the totals, not the averages
 *   filesystem         the fullest of those on a block device or network, as df computes it
 * Inside a container the cgroup (v2, or v1) is the machine: its limits, its processor time, its
 * memory without inactive file pages, its pressure and I/O; the network is all of its namespace but
 * lo; load and processes are the host's and are left out.
 *
 * A mean is over the time since the last reading. A counter that fell (reset or wrapped), a
 * processor, disk or interface that came or went, makes a gap in what it counts into, never a
 * spike. A file that is missing (an old kernel) or unreadable is a gap too, and is looked for
 * again.
 */
#ifndef RIGHTSIZE_PROC_H
#define RIGHTSIZE_PROC_H

#include "rightsize/metric.h"
#include "rightsize/status.h"

#include <stdbool.h>
#include <stdint.h>

struct rs_proc;

/*
 * root: "/" , or a folder holding a recorded proc and sys.
 * RS_EIO: it cannot be opened, or it has no readable proc/stat; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_proc_open(const char *root, struct rs_proc **out,
                                       struct rs_error *err);
void rs_proc_close(struct rs_proc *proc); /* NULL is fine */

/*
 * Read now. `elapsed` is the time since the last reading in seconds: means and rates are over it.
 * elapsed <= 0: only gauges have values. `slow` reads those too that change slowly or are dear:
 * filesystems, load, processes, OOM kills (since the last slow reading).
 * values[metric]: NaN where there is nothing to say.
 */
void rs_proc_read(struct rs_proc *proc, double elapsed, bool slow, double values[RS_METRIC_COUNT]);

struct rs_proc_shape { /* of the machine, or of the container */
    double vcpus;      /* 0: not known; a container's quota may be a fraction */
    int64_t memory;    /* bytes; 0: not known */
    bool container;
};
void rs_proc_shape(struct rs_proc *proc, struct rs_proc_shape *out);

#endif
