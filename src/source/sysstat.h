/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sysstat.h - one record of sysstat, whichever way sadf wrote it, and what it means in canonical
 * metrics (private to source). Units as sadf has them: shares in percent, memory in KiB, flows in
 * KiB/s, blocks and sectors of 512 bytes a second.
 */
#ifndef RIGHTSIZE_SOURCE_SYSSTAT_H
#define RIGHTSIZE_SOURCE_SYSSTAT_H

#include "source/devices.h"
#include "source/history.h"

enum rs_sysstat_field {
    RS_SYSSTAT_BUSY, /* user, system, irq ...: these add up */
    RS_SYSSTAT_IDLE,
    RS_SYSSTAT_IOWAIT,
    RS_SYSSTAT_STEAL,
    RS_SYSSTAT_MEMFREE,
    RS_SYSSTAT_AVAIL,
    RS_SYSSTAT_MEMUSED,
    RS_SYSSTAT_MEMUSED_PERCENT,
    RS_SYSSTAT_BUFFERS,
    RS_SYSSTAT_CACHED,
    RS_SYSSTAT_SLAB,
    RS_SYSSTAT_SWAP_FREE,
    RS_SYSSTAT_SWAP_USED,
    RS_SYSSTAT_READS,
    RS_SYSSTAT_WRITES,
    RS_SYSSTAT_BLOCKS_READ,
    RS_SYSSTAT_BLOCKS_WRITTEN,
    RS_SYSSTAT_FIELDS,
    /* of one device, by the place of its value in struct rs_devices */
    RS_SYSSTAT_NET_IN_PACKETS = RS_SYSSTAT_FIELDS,
    RS_SYSSTAT_NET_OUT_PACKETS,
    RS_SYSSTAT_NET_IN_KIB,
    RS_SYSSTAT_NET_OUT_KIB,
    RS_SYSSTAT_DISK_READ_KIB,
    RS_SYSSTAT_DISK_WRITE_KIB,
    RS_SYSSTAT_DISK_READ_SECTORS,
    RS_SYSSTAT_DISK_WRITE_SECTORS,
    RS_SYSSTAT_NONE
};

struct rs_sysstat_record {
    double field[RS_SYSSTAT_FIELDS]; /* NaN: not in the record */
    struct rs_devices interfaces, disks;
};

/* What a key of sadf -j, or a column of sadf -d, holds; RS_SYSSTAT_NONE: nothing that is read. */
enum rs_sysstat_field rs_sysstat_by_key(const char *key);
enum rs_sysstat_field rs_sysstat_by_column(const char *column);

void rs_sysstat_clear(struct rs_sysstat_record *record);
/* Put a value in; those of devices go to `device`, which may be NULL: then they are dropped. */
void rs_sysstat_set(struct rs_sysstat_record *record, enum rs_sysstat_field field, double value,
                    double *device);

/* Hand the record to the history, whose record was begun with its instant. */
RS_CHECKED enum rs_status rs_sysstat_hand_on(const struct rs_sysstat_record *record,
                                             struct rs_history *history, struct rs_error *err);

struct rs_sysstat_machine {    /* what a history tells of the machine itself */
    const char *host, *kernel; /* kernel: "x86_64", "aarch64" ..., or NULL */
    double vcpus;              /* 0: not known */
    double memory;             /* KiB; NaN: not known */
};
/* The memory there was in a record, in KiB; NaN: it does not tell. */
double rs_sysstat_memory(const struct rs_sysstat_record *record);
/*
 * Hand on the shape as a type, "local:4x16GiB", with tags as of the sampler of this machine
 * (rightsize/machine.h). It bears no date, so that every inventory counts for more.
 */
RS_CHECKED enum rs_status rs_sysstat_tell(const struct rs_source_request *request,
                                          const struct rs_sink *sink, struct rs_tally *tally,
                                          const struct rs_sysstat_machine *machine,
                                          struct rs_error *err);

#endif
