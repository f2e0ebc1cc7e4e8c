/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_asks.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const struct rs_cw_ask rs_cw_asks[] = {
    {RS_CW_EVERY, "AWS/EC2", "CPUUtilization", "Average"},
    {RS_CW_EVERY, "AWS/EC2", "CPUUtilization", "Maximum"},
    {RS_CW_EVERY, "AWS/EC2", "NetworkIn", "Sum"},
    {RS_CW_EVERY, "AWS/EC2", "NetworkOut", "Sum"},
    {RS_CW_EVERY, "AWS/EC2", "NetworkPacketsIn", "Sum"},
    {RS_CW_EVERY, "AWS/EC2", "NetworkPacketsOut", "Sum"},
    {RS_CW_NITRO, "AWS/EC2", "EBSReadBytes", "Sum"},
    {RS_CW_NITRO, "AWS/EC2", "EBSWriteBytes", "Sum"},
    {RS_CW_NITRO, "AWS/EC2", "EBSReadOps", "Sum"},
    {RS_CW_NITRO, "AWS/EC2", "EBSWriteOps", "Sum"},
    {RS_CW_NITRO, "AWS/EC2", "InstanceEBSIOPSExceededCheck", "Maximum"},
    {RS_CW_NITRO, "AWS/EC2", "InstanceEBSThroughputExceededCheck", "Maximum"},
    {RS_CW_NITRO_BURST, "AWS/EC2", "EBSIOBalance%", "Minimum"},
    {RS_CW_NITRO_BURST, "AWS/EC2", "EBSByteBalance%", "Minimum"},
    {RS_CW_LOCAL_DISKS, "AWS/EC2", "DiskReadBytes", "Sum"},
    {RS_CW_LOCAL_DISKS, "AWS/EC2", "DiskWriteBytes", "Sum"},
    {RS_CW_LOCAL_DISKS, "AWS/EC2", "DiskReadOps", "Sum"},
    {RS_CW_LOCAL_DISKS, "AWS/EC2", "DiskWriteOps", "Sum"},
    {RS_CW_BURSTABLE, "AWS/EC2", "CPUCreditBalance", "Minimum"},
    {RS_CW_BURSTABLE, "AWS/EC2", "CPUCreditUsage", "Sum"},
    {RS_CW_BURSTABLE, "AWS/EC2", "CPUSurplusCreditBalance", "Maximum"},
    {RS_CW_BURSTABLE, "AWS/EC2", "CPUSurplusCreditsCharged", "Sum"},
    {RS_CW_XEN_VOLUMES, "AWS/EBS", "VolumeReadBytes", "Sum"},
    {RS_CW_XEN_VOLUMES, "AWS/EBS", "VolumeWriteBytes", "Sum"},
    {RS_CW_XEN_VOLUMES, "AWS/EBS", "VolumeReadOps", "Sum"},
    {RS_CW_XEN_VOLUMES, "AWS/EBS", "VolumeWriteOps", "Sum"},
    {RS_CW_EVERY, NULL, NULL, NULL},
};

/* Families before Nitro: their volumes are measured one by one, and theirs alone. */
static const char *const xen[] = {"c1",  "c3", "c4",  "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3",
                                  "g3s", "h1", "hi1", "hs1", "i2",  "i3",  "m1", "m2", "m3", "m4",
                                  "p2",  "p3", "r3",  "r4",  "t1",  "t2",  "x1", "x1e"};
/* Those of them with disks of their own. */
static const char *const old_disks[] = {"c1", "c3", "cc2", "cg1", "cr1", "d2", "f1",
                                        "g2", "h1", "hi1", "hs1", "i2",  "i3", "m1",
                                        "m2", "m3", "r3",  "x1",  "x1e"};

static bool family_in(const char *type, const char *const *families, size_t count)
{
    size_t length = strcspn(type, ".");
    for (size_t i = 0; i < count; i++) {
        if (strlen(families[i]) == length && strncmp(type, families[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_xen(const char *type)
{
    return family_in(type, xen, sizeof(xen) / sizeof(xen[0])) && strcmp(type, "i3.metal") != 0;
}

/* "m5d", "c6gd", "i4i", "d3en": a d behind the generation, or a family made for its disks. */
static bool has_disks(const char *type)
{
    size_t length = strcspn(type, "."), digit = strcspn(type, "0123456789");
    if (family_in(type, old_disks, sizeof(old_disks) / sizeof(old_disks[0]))) {
        return true;
    }
    return strchr("idh", type[0]) != NULL || strncmp(type, "g5", 2) == 0 ||
           strncmp(type, "g6", 2) == 0 || strncmp(type, "p5", 2) == 0 ||
           (digit < length && memchr(type + digit, 'd', length - digit) != NULL);
}

/* The balances exist where EBS may burst: up to 4xlarge. */
static bool may_burst(const char *type)
{
    const char *size = strchr(type, '.');
    long times = size != NULL ? strtol(size + 1, NULL, 10) : 0;
    return times <= 4 && (size == NULL || strncmp(size, ".metal", 6) != 0);
}

bool rs_cw_ask_applies(const char *type, enum rs_cw_subject subject)
{
    bool known = type != NULL;
    switch (subject) {
    case RS_CW_NITRO:
        return !known || !is_xen(type);
    case RS_CW_NITRO_BURST:
        return !known || (!is_xen(type) && may_burst(type));
    case RS_CW_LOCAL_DISKS:
        return !known || has_disks(type);
    case RS_CW_BURSTABLE:
        return known && type[0] == 't' && type[1] >= '1' && type[1] <= '9';
    case RS_CW_XEN_VOLUMES:
        return !known || is_xen(type);
    case RS_CW_EVERY:
        break;
    }
    return true;
}
