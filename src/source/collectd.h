/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * collectd.h - the tree that collectd's csv plug-in writes, host/plugin-instance/type-date: what a
 * file's path says, which files beside it make up one value, and the rows of one (private to
 * source).
 */
#ifndef RIGHTSIZE_SOURCE_COLLECTD_H
#define RIGHTSIZE_SOURCE_COLLECTD_H

#include "rightsize/source.h"

#define RS_COLLECTD_PARTS 1024 /* files that make up one value */

enum rs_collectd_family {
    RS_COLLECTD_CPU,
    RS_COLLECTD_MEMORY,
    RS_COLLECTD_SWAP,
    RS_COLLECTD_OCTETS,
    RS_COLLECTD_PACKETS,
    RS_COLLECTD_DISK_OCTETS,
    RS_COLLECTD_DISK_OPS,
    RS_COLLECTD_NONE /* load, errors, queue lengths ...: not read */
};

struct rs_collectd_name { /* cut out of a path */
    char folder[1024];    /* of the host; "" when the path does not name it */
    char host[256], plugin[256], file[256];
    char kind[128]; /* the file's name without its date: "percent-idle" */
    char date[11];
    enum rs_collectd_family family;
};

/* False: the path is too long, or its last part bears no date. */
bool rs_collectd_name_of(const char *path, struct rs_collectd_name *out);

struct rs_collectd_part {
    char *path;          /* owned */
    char *plugin, *kind; /* owned */
    bool own;            /* the file that is being read */
};

struct rs_collectd_parts { /* zeroed is empty */
    struct rs_collectd_part *items;
    size_t count, capacity;
};

/*
 * The files of the same host, family and day that together make up the value, in order of name:
 * devices that count (devices.h), the processors of one plug-in. Only the file itself where its
 * folder cannot be read, or the set does not include it. RS_EINPUT: too many.
 */
RS_CHECKED enum rs_status rs_collectd_gather(const struct rs_collectd_name *name, const char *path,
                                             struct rs_collectd_parts *out, struct rs_error *err);
void rs_collectd_parts_release(struct rs_collectd_parts *parts);

struct rs_collectd_row {
    int64_t ms;      /* Unix milliseconds; the end of the interval */
    double value[2]; /* NaN: nothing measured */
};

struct rs_collectd_table {
    struct rs_collectd_row *rows; /* owned */
    size_t count, capacity, columns;
    int64_t bad; /* rows that could not be read ... */
    int64_t bad_line;
    bool whole; /* no value has a decimal: StoreRates is off, these are counters */
};

/* The whole file. RS_EINPUT: no such table, or more rows than a file can have. */
RS_CHECKED enum rs_status rs_collectd_read(struct rs_input *input, struct rs_collectd_table *out,
                                           struct rs_error *err);
/*
 * Counters become rates per second; the first row, one after a reset, and one after a gap of more
 * than two usual intervals become NaN. Tables with a decimal, or that fall again and again, are
 * rates already and stay.
 */
void rs_collectd_rates(struct rs_collectd_table *table, int64_t step);
/* Read to the end without a look. */
RS_CHECKED enum rs_status rs_collectd_pass_over(struct rs_input *input, struct rs_error *err);
void rs_collectd_table_release(struct rs_collectd_table *table);

#endif
