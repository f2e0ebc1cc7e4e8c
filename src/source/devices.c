/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/devices.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rs_devices_clear(struct rs_devices *devices, enum rs_device_kind kind)
{
    devices->kind = kind;
    devices->count = 0;
}

static bool is_known(const struct rs_devices *devices, const char *name)
{
    for (size_t i = 0; i < devices->count; i++) {
        if (strcmp(devices->item[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

double *rs_devices_add(struct rs_devices *devices, const char *name)
{
    size_t length = strlen(name);
    if (devices->count == RS_DEVICES_MAX || length == 0 || length >= RS_DEVICE_NAME ||
        is_known(devices, name)) {
        return NULL;
    }
    double *value = devices->item[devices->count].value;
    memcpy(devices->item[devices->count].name, name, length + 1);
    for (size_t v = 0; v < RS_DEVICE_VALUES; v++) {
        value[v] = (double)NAN;
    }
    devices->count++;
    return value;
}

/* "eth" then anything when `digits` is false; else "br" and digits only. */
static bool begins(const char *name, const char *prefix, bool digits)
{
    size_t width = strlen(prefix);
    if (strncmp(name, prefix, width) != 0) {
        return false;
    }
    return !digits || strspn(name + width, "0123456789") == strlen(name + width);
}

static bool is_virtual_interface(const char *name)
{
    static const char *const prefixes[] = {
        "veth",  "docker",    "br-",   "virbr",     "vnet",   "ifb",   "tun",    "tap",
        "wg",    "dummy",     "bond",  "team",      "cni",    "cali",  "cilium", "lxc",
        "lxd",   "flannel",   "kube",  "nodelocal", "sit",    "gre",   "ip6",    "ip_vti",
        "tunl",  "erspan",    "vxlan", "geneve",    "genev_", "macv",  "ipvl",   "podman",
        "ovs-",  "tailscale", "zt",    "ppp",       "vlan",   "vmnet", "nlmon",  "teql",
        "weave", "fwbr",      "fwpr",  "fwln",
    };
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (begins(name, prefixes[i], false)) {
            return true;
        }
    }
    /* a VLAN or an alias has its traffic in the interface below, too */
    return begins(name, "lo", true) || begins(name, "br", true) || strpbrk(name, ".:@") != NULL;
}

/* Azure's and Hyper-V's virtual functions: the synthetic eth0 counts their traffic already. */
static bool is_shadow(const struct rs_devices *devices, const char *name)
{
    bool shadow = begins(name, "enP", false);
    for (size_t i = 0; shadow && i < devices->count; i++) {
        if (begins(devices->item[i].name, "eth", true)) {
            return true;
        }
    }
    return false;
}

static size_t letters(const char *text)
{
    size_t n = 0;
    while (islower((unsigned char)text[n])) {
        n++;
    }
    return n;
}

/*
 * The name of the disk a partition lies on: "sda1" -> "sda", "nvme0n1p1" -> "nvme0n1". False: the
 * name is that of no physical disk. Of a whole disk *whole is set.
 */
static bool disk_of(const char *name, char parent[static RS_DEVICE_NAME], bool *whole)
{
    static const char *const lettered[] = {"sd", "vd", "xvd", "hd", "dasd"};
    static const char *const numbered[] = {"nvme", "mmcblk"};
    size_t end = 0;
    for (size_t i = 0; i < sizeof(lettered) / sizeof(lettered[0]) && end == 0; i++) {
        size_t width = strlen(lettered[i]);
        size_t more = begins(name, lettered[i], false) ? letters(name + width) : 0;
        end = more > 0 ? width + more : 0;
    }
    for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]) && end == 0; i++) {
        size_t width = strlen(numbered[i]);
        if (begins(name, numbered[i], false) && isdigit((unsigned char)name[width])) {
            end = width + strspn(name + width, "0123456789");
            if (i == 0 && name[end] == 'n') {
                end += 1 + strspn(name + end + 1, "0123456789");
            } else if (i == 0) {
                return false; /* nvme0c0n1: a path to a disk, not the disk */
            }
        }
    }
    if (end == 0 || strspn(name + end, "p0123456789") != strlen(name + end)) {
        return false;
    }
    memcpy(parent, name, end);
    parent[end] = '\0';
    *whole = name[end] == '\0';
    return true;
}

/*
 * "dev8-1" as older sysstat writes it: major and minor. Majors of SCSI, IDE and Xen disks have 16
 * minors a disk; those from the dynamic range are taken for disks only where no other is known,
 * since device-mapper has its major from there, too.
 */
static bool numbered_disk(const struct rs_devices *devices, const char *name)
{
    unsigned major = 0, minor = 0;
    int used = 0;
    if (sscanf(name, "dev%5u-%7u%n", &major, &minor, &used) != 2 || name[used] != '\0') {
        return false;
    }
    bool scsi = major == 8 || (major >= 65 && major <= 71) || (major >= 128 && major <= 135);
    if (scsi || major == 202 || major == 3 || major == 22) {
        unsigned minors = major == 3 || major == 22 ? 64 : 16;
        char parent[RS_DEVICE_NAME];
        snprintf(parent, sizeof(parent), "dev%u-%u", major, minor - minor % minors);
        return minor % minors == 0 || !is_known(devices, parent);
    }
    if (major == 259) {
        return true;
    }
    bool lone = major >= 252 && major <= 254 && minor % 16 == 0;
    for (size_t i = 0; lone && i < devices->count; i++) {
        const char *other = devices->item[i].name;
        lone = !(begins(other, "dev8-", false) || begins(other, "dev259-", false) ||
                 begins(other, "dev202-", false));
    }
    return lone;
}

bool rs_devices_counts(const struct rs_devices *devices, size_t i)
{
    const char *name = devices->item[i].name;
    char parent[RS_DEVICE_NAME];
    bool whole = false;
    if (devices->kind == RS_DEVICE_INTERFACE) {
        return !is_virtual_interface(name) && !is_shadow(devices, name);
    }
    if (disk_of(name, parent, &whole)) { /* Xen has xvda1 without an xvda */
        return whole || !is_known(devices, parent);
    }
    return numbered_disk(devices, name);
}

double rs_devices_sum(const struct rs_devices *devices, size_t v)
{
    double sum = 0.0;
    bool any = false;
    for (size_t i = 0; i < devices->count; i++) {
        double value = devices->item[i].value[v];
        if (!isnan(value) && rs_devices_counts(devices, i)) {
            sum += value;
            any = true;
        }
    }
    return any ? sum : (double)NAN;
}
