/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices.h - the interfaces and disks of a host that count, so that nothing counts twice: virtual
 * ones, partitions beside their disk and what lies on top of other devices are left out (private
 * to source).
 */
#ifndef RIGHTSIZE_SOURCE_DEVICES_H
#define RIGHTSIZE_SOURCE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

#define RS_DEVICES_MAX 512
#define RS_DEVICE_NAME 32
#define RS_DEVICE_VALUES 4

enum rs_device_kind { RS_DEVICE_INTERFACE, RS_DEVICE_DISK };

struct rs_devices { /* of one kind and one instant; zeroed is empty */
    enum rs_device_kind kind;
    size_t count;
    struct {
        char name[RS_DEVICE_NAME];
        double value[RS_DEVICE_VALUES]; /* NaN: not known */
    } item[RS_DEVICES_MAX];
};

/* Forget all; `kind` is that of those that follow. */
void rs_devices_clear(struct rs_devices *devices, enum rs_device_kind kind);
/* The values of a device, all NaN when new; NULL when there are too many or the name is too long.
 */
double *rs_devices_add(struct rs_devices *devices, const char *name);
/* Whether device `i` counts beside the others. */
bool rs_devices_counts(const struct rs_devices *devices, size_t i);
/* The sum of value `v` over the devices that count; NaN: none of them knows it. */
double rs_devices_sum(const struct rs_devices *devices, size_t v);

#endif
