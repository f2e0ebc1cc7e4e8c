/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metadata.h - who this machine is, as its cloud's metadata service says (level 3, room cloud).
 *
 * EC2 by version 2 (a token first), Google and Azure by the header that each demands. All answer on
 * the link-local address, by plain HTTP, without a proxy or a redirect; each request has a second,
 * and the first that fails is the last.
 */
#ifndef RIGHTSIZE_METADATA_H
#define RIGHTSIZE_METADATA_H

#include "rightsize/status.h"

struct rs_metadata { /* printable ASCII; empty: not told */
    char id[128];    /* instance-id, id, vmId */
    char type[64], region[64], zone[64];
    char name[128]; /* not on EC2, where it is a tag */
};

/*
 * provider: "aws", "gcp" or "azure". base: where the service is, NULL for its own address.
 * RS_ENODATA: there is no such provider, nobody answers, or the answer names no machine;
 * RS_EUSAGE: `base` is neither link-local, nor of this machine, nor https; RS_EIO: no network
 * library; RS_ENOMEM.
 */
RS_CHECKED enum rs_status rs_metadata_read(const char *provider, const char *base,
                                           struct rs_metadata *out, struct rs_error *err);

#endif
