/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meters.h - one meter a file of /proc: keeps the last reading, gives means since. */
#ifndef SAMPLE_METERS_H
#define SAMPLE_METERS_H

#include "rightsize/metric.h"
#include "sample/files.h"

#define RS_CPU_FIELDS 8 /* user nice system idle iowait irq softirq steal */
#define RS_CPUS_MAX 2048
#define RS_DEVICES_MAX 512
#define RS_DEVICE_COUNTERS 6
#define RS_DEVICE_NAME 32

/* Round to a decimal that the store packs into few bytes; NaN stays. */
double rs_meter_round(double value, double scale);
double rs_meter_percent(double part, double whole); /* held within 0..100, two decimals */

struct rs_cpu_meter {
    struct rs_file file;
    bool known;
    uint64_t all[RS_CPU_FIELDS];
    uint32_t count;
    uint64_t busy[RS_CPUS_MAX], total[RS_CPUS_MAX]; /* by line */
    uint16_t number[RS_CPUS_MAX];
};
void rs_cpu_meter_read(struct rs_cpu_meter *m, struct rs_root *root, double values[]);
/* Processors that are online, from the last reading. */
uint32_t rs_cpu_meter_count(const struct rs_cpu_meter *m);

struct rs_memory_meter {
    struct rs_file file;
    uint64_t total; /* bytes, of the last reading; 0: none */
};
void rs_memory_meter_read(struct rs_memory_meter *m, struct rs_root *root, double values[]);

struct rs_device {
    char name[RS_DEVICE_NAME];
    uint8_t kind; /* 0: does not count */
    bool seen;
    uint64_t counters[RS_DEVICE_COUNTERS];
};
struct rs_device_table { /* devices and their counters, in the order of the file */
    struct rs_device devices[RS_DEVICES_MAX];
    size_t count;
    bool overflown;                       /* more than fit: no sum is right */
    bool broken;                          /* in this reading one came or went, or a counter fell */
    uint64_t sums[3][RS_DEVICE_COUNTERS]; /* of the differences, by kind */
    uint64_t busiest;                     /* greatest difference of counter `peak` */
    size_t peak;
};
typedef uint8_t rs_device_kind_fn(void *payload, const char *name);
void rs_device_table_begin(struct rs_device_table *t);
void rs_device_table_add(struct rs_device_table *t, const char *name, const uint64_t *counters,
                         rs_device_kind_fn *kind, void *payload);
void rs_device_table_end(struct rs_device_table *t);

struct rs_net_meter {
    struct rs_file file;
    struct rs_device_table table;
    bool known, whole_namespace; /* a container's: all but lo */
    bool no_sys;
};
void rs_net_meter_read(struct rs_net_meter *m, struct rs_root *root, double elapsed,
                       double values[]);

struct rs_disk_meter {
    struct rs_file file;
    struct rs_device_table table;
    bool known, no_sys;
};
void rs_disk_meter_read(struct rs_disk_meter *m, struct rs_root *root, double elapsed,
                        double values[]);

struct rs_stall_meter { /* pressure stall information of one resource */
    struct rs_file file;
    enum rs_metric metric;
    bool known;
    uint64_t total; /* microseconds */
};
void rs_stall_meter_read(struct rs_stall_meter *m, struct rs_root *root, double elapsed, bool slow,
                         double values[]);

struct rs_slow_meter { /* what is looked at once a minute */
    struct rs_file load, vmstat, mounts;
    bool known;
    uint64_t oom_kills;
};
void rs_slow_meter_read(struct rs_slow_meter *m, struct rs_root *root, const char *path,
                        bool container, double values[]);

struct rs_container_meter {
    char quota_path[400], limit_path[400], cpu_path[400], memory_path[400], stat_path[400],
        io_path[400], events_path[400], stall_path[3][400];
    struct rs_file cpu, memory, stat, io, events;
    bool inside, version2, known, io_known, oom_known;
    uint64_t usage, oom_kills, io_counters[4]; /* microseconds; read and write bytes and ops */
    double cpus;                               /* 0: no quota */
    uint64_t limit;                            /* bytes; 0: none */
};
void rs_container_meter_init(struct rs_container_meter *m, struct rs_root *root);
void rs_container_meter_read(struct rs_container_meter *m, struct rs_root *root, double elapsed,
                             bool slow, double values[]);
void rs_container_meter_close(struct rs_container_meter *m);
/* The quota and the limit as they are now, within those of the host. */
void rs_container_meter_limits(struct rs_container_meter *m, struct rs_root *root,
                               uint32_t host_cpus, uint64_t host_memory);

#endif
