/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.h - who this machine is, as far as it can say without a network, and what is learnt from
 * one (level 2, room sample).
 *
 * On EC2 (sys_vendor "Amazon EC2") the firmware's board_asset_tag is the instance id and its
 * product_name the type; the region is not in it. On Google's and Microsoft's clouds, told by
 * product_name and chassis_asset_tag, and everywhere else, the id is the host name; a host named
 * "localhost" or not at all is "machine-" and its machine-id. A machine whose type no provider
 * names has the shape it has: type "local:<vCPUs>x<GiB>", both rounded up. The exact shape is in
 * the tags rightsize:vcpus, rightsize:memory_mib and rightsize:cpu_model.
 * On EC2 neither name nor tags are told, so that they do not take the place of the inventory's.
 */
#ifndef RIGHTSIZE_MACHINE_H
#define RIGHTSIZE_MACHINE_H

#include "rightsize/proc.h"
#include "rightsize/resource.h"

#define RS_MACHINE_TAGS 5

struct rs_machine { /* texts of its own; `resource` points into it, so it must not be moved */
    struct rs_resource resource;
    struct rs_tag tags[RS_MACHINE_TAGS];
    char id[256], name[256], type[64], provider[16], region[64], zone[64], model[128],
        machine_id[64], vcpus[32], memory[32], hypervisor[16], architecture[16];
    bool named; /* by the caller, and stays so */
    struct rs_proc_shape shape;
};

/*
 * id: the name to bear, or NULL for its own. now: when this is true.
 * RS_EIO: the root is not that of a Linux machine; RS_ENODATA: it has no name of any kind;
 * RS_EUSAGE: `id` is empty or too long.
 */
RS_CHECKED enum rs_status rs_machine_read(const char *root, const char *id, int64_t now,
                                          struct rs_machine *out, struct rs_error *err);

struct rs_machine_facts { /* borrowed; NULL or empty: not told */
    const char *provider, *id, *type, *region, *zone, *name;
};
/* What a cloud says of its machine goes before what firmware and kernel do. What does not fit is
 * not taken. */
void rs_machine_learn(struct rs_machine *machine, const struct rs_machine_facts *facts);

#endif
