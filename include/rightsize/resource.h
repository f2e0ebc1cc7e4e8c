/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resource.h - what is known of a machine beside its samples (level 1). */
#ifndef RIGHTSIZE_RESOURCE_H
#define RIGHTSIZE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rs_tag {
    const char *key, *value;
};

/*
 * An inventory record. Every text may be NULL and every number -1: not known. As input to a sink
 * all is borrowed for the call; as output of the store all is owned by the store and valid during
 * the callback.
 */
struct rs_resource {
    const char *id;       /* never NULL */
    const char *provider; /* "aws", "gcp", "azure", "local" */
    const char *account, *region, *zone, *name, *type;
    const char *state;          /* "running", "stopped", "terminated", ... */
    const char *architecture;   /* "x86_64", "arm64", "i386" */
    const char *platform;       /* "Linux/UNIX", "Windows", ... as the provider says */
    const char *tenancy;        /* "default", "dedicated", "host" */
    const char *hypervisor;     /* "nitro", "xen" */
    const char *virtualization; /* "hvm", "paravirtual" */
    const char *lifecycle;      /* "spot", "scheduled", ... ; NULL for on-demand */
    const char *group;          /* Auto Scaling group */
    const char *image;          /* AMI */
    const struct rs_tag *tags;
    size_t tag_count;
    int64_t launch_time;           /* Unix seconds */
    int64_t observed_at;           /* when this was true (file time, or --as-of) */
    int64_t network_interfaces;    /* attached now */
    int64_t volumes;               /* block devices attached now */
    bool ena;                      /* enhanced networking driver declared */
    int64_t first_seen, last_seen; /* output of the store only: over samples and inventory */
};

/* "i-0abc" and "3" -> "i-0abc/gpu-3". False: no number of a card (0..999), or longer than 255. */
bool rs_gpu_name(const char *instance, const char *index, char out[static 256]);
/* Of "i-0abc/gpu-3" the length of "i-0abc"; 0: not the id of a GPU. */
size_t rs_gpu_owner(const char *id);

struct rs_attachment { /* a volume on an instance */
    const char *volume, *instance, *device;
    int64_t since; /* attach time, or -1 */
    int64_t observed_at;
};

/* A high moment of a machine and the process that took most of its processor time then. */
struct rs_peak_cause {
    int64_t at;         /* start of the sample */
    double cpu_percent; /* of the machine */
    const char *name;   /* of the process */
    const char *unit;   /* service, scope or control group, or NULL */
    double share;       /* percent of all processors' time */
};

#endif
