/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.h - a made-up fleet: what its machines are, and every sample as a pure function of machine,
 * column and instant. Integers only, so that each compiler and machine gives the same bytes.
 */
#ifndef FLEET_H
#define FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum fleet_shape {
    FLEET_FLAT,    /* day and night alike */
    FLEET_OFFICE,  /* highest at 14:00 local time, less at weekends */
    FLEET_NIGHTLY, /* 01:00 to 05:00 UTC, else almost nothing */
    FLEET_CRON,    /* the first minutes of every hour */
    FLEET_WORKDAYS /* as OFFICE, and switched off outside Monday to Friday, 08:00 to 19:00 */
};

enum fleet_flags {
    FLEET_NO_MEMORY = 1 << 0, /* no agent on it */
    FLEET_WINDOWS = 1 << 1,
    FLEET_VOLUMES = 1 << 2, /* a Xen type: its EBS load is in AWS/EBS, by volume */
    FLEET_EBS = 1 << 3,     /* EBSReadBytes and its like are in the export */
    FLEET_NEW = 1 << 4,     /* launched 20 hours before the end */
    FLEET_RESIZED = 1 << 5, /* twice as large until FLEET_RESIZED_BEFORE the end */
    FLEET_BURSTS = 1 << 6   /* credits are in the export */
};

enum fleet_carrier { /* which of the sample files bears the machine's samples; bits */
                     FLEET_IN_US = 1 << 0,
                     FLEET_IN_EU = 1 << 1,
                     FLEET_IN_STREAM = 1 << 2,
                     FLEET_IN_CSV = 1 << 3,
                     FLEET_IN_CONSOLE = 1 << 4,
                     FLEET_IN_ANY = (1 << 5) - 1
};

struct fleet_range { /* at level 0 and at level FLEET_FULL */
    uint32_t low, high;
};

struct fleet_role {
    const char *name, *type, *environment, *team, *owner, *group; /* group NULL: none */
    enum fleet_shape shape;
    enum fleet_carrier carrier;
    unsigned flags;
    struct fleet_range cpu, memory; /* hundredths of a percent */
    struct fleet_range in, out;     /* network, bytes per second */
    struct fleet_range read, write; /* EBS, bytes per second */
    uint32_t io_bytes;              /* of one EBS operation */
    uint32_t credits, drain;        /* credits at the start, and lost an hour */
};

struct fleet_type {
    const char *name;
    uint32_t memory_mib;
    const char *architecture;
};

#define FLEET_MAX_VOLUMES 2

struct fleet_machine {
    const struct fleet_role *role;
    const struct fleet_type *type, *old_type; /* old_type: before FLEET_RESIZED, else NULL */
    uint64_t seed;
    uint32_t scale; /* of the load; 64 is as the role says */
    uint32_t pages; /* of memory the operating system sees */
    int64_t launched, resized;
    bool steady; /* works at office hours, but is not switched off outside them */
    char id[20], image[22], name[40], zone[16];
    char volume[FLEET_MAX_VOLUMES][22];
    size_t volume_count;
};

enum fleet_metric {
    FLEET_CPU_AVERAGE,
    FLEET_CPU_MAXIMUM,
    FLEET_MEMORY,
    FLEET_NET_IN,
    FLEET_NET_OUT,
    FLEET_READ_BYTES,
    FLEET_WRITE_BYTES,
    FLEET_READ_OPS,
    FLEET_WRITE_OPS,
    FLEET_CREDIT_BALANCE,
    FLEET_CREDITS_CHARGED,
    FLEET_METRIC_COUNT
};

struct fleet_column { /* one exported series of a machine; texts are CloudWatch's */
    enum fleet_metric metric;
    int volume; /* whose it is, or -1: the instance's own */
    const char *resource, *name_space, *name, *statistic, *unit;
};

#define FLEET_MAX_COLUMNS (FLEET_METRIC_COUNT + 4 * FLEET_MAX_VOLUMES)

struct fleet_plan {
    int64_t from, to, step; /* seconds; whole multiples of the step */
    uint64_t seed;
    uint32_t gaps; /* missing samples of a thousand */
    bool mixed;
    bool steady;         /* no machine is ever switched off */
    unsigned carriers;   /* machines of these files only; 0: all */
    int64_t observed_at; /* of an inventory */
    size_t count;
    struct fleet_machine *machines;
};

struct fleet_value {
    uint64_t numerator;
    uint32_t denominator; /* 0: no sample */
};

#define FLEET_FULL 1024
#define FLEET_OFF UINT32_MAX /* a level: the machine is not running */
#define FLEET_RESIZED_BEFORE (6 * 86400 - 2 * 3600)

extern const struct fleet_role fleet_demo_roles[];  /* ended by name NULL */
extern const struct fleet_role fleet_mixed_roles[]; /* ended by name NULL */
const struct fleet_type *fleet_type_find(const char *name);
const struct fleet_type *fleet_type_draw(uint64_t dice); /* for the mixed fleet */

uint64_t fleet_mix(uint64_t x); /* splitmix64: the only source of chance */

/* Fill plan->machines, to be freed by the caller. False: out of memory. */
bool fleet_build(struct fleet_plan *plan, size_t wanted);
/* How busy a machine is: 0..FLEET_FULL and a little more, or FLEET_OFF. */
uint32_t fleet_level(const struct fleet_machine *machine, int64_t at);
size_t fleet_columns(const struct fleet_machine *machine, bool mixed,
                     struct fleet_column out[static FLEET_MAX_COLUMNS]);
struct fleet_value fleet_sample(const struct fleet_plan *plan, const struct fleet_machine *machine,
                                const struct fleet_column *column, int64_t at, uint32_t level);

/* Text on its way to a file. */
struct fleet_out {
    FILE *file;
    size_t length;
    bool failed;
    char *bytes;
};

bool fleet_out_open(struct fleet_out *out, const char *path); /* NULL or "-": standard output */
bool fleet_out_close(struct fleet_out *out);                  /* false: something was not written */
void fleet_put(struct fleet_out *out, const char *text);
void fleet_put_bytes(struct fleet_out *out, const char *bytes, size_t n); /* n <= 4096 */
void fleet_put_int(struct fleet_out *out, uint64_t n);
void fleet_put_padded(struct fleet_out *out, uint64_t n, unsigned width);
/* numerator / denominator with at most `decimals` (0, 3 or 14), rounded, no zeros at the end. */
void fleet_put_ratio(struct fleet_out *out, uint64_t numerator, uint64_t denominator,
                     unsigned decimals);
void fleet_put_hex(struct fleet_out *out, uint64_t n, unsigned width);
/* "2026-11-16T00:00:00", if the separators are "-T". */
void fleet_put_when(struct fleet_out *out, int64_t at, const char separators[static 2]);

typedef bool fleet_writer_fn(const struct fleet_plan *plan, struct fleet_out *out);
fleet_writer_fn fleet_write_gmd, fleet_write_gmd_v1; /* get-metric-data: fleet_gmd.c */
fleet_writer_fn fleet_write_csv, fleet_write_csv_long, fleet_write_console; /* fleet_csv.c */
fleet_writer_fn fleet_write_stream;                         /* Metric Streams: fleet_stream.c */
fleet_writer_fn fleet_write_inventory, fleet_write_volumes; /* describe-*: fleet_inventory.c */

#endif
