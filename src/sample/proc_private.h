/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proc_private.h - one machine's meters, shared by the modules that read it. */
#ifndef SAMPLE_PROC_PRIVATE_H
#define SAMPLE_PROC_PRIVATE_H

#include "rightsize/proc.h"
#include "sample/meters.h"

struct rs_proc {
    struct rs_root root;
    const char *path;
    struct rs_cpu_meter cpu;
    struct rs_memory_meter memory;
    struct rs_net_meter net;
    struct rs_disk_meter disk;
    struct rs_stall_meter stall[3];
    struct rs_slow_meter slow;
    struct rs_container_meter container;
};

#endif
