/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect_identity.h - what a cloud's metadata service adds to what a machine knows of itself. */
#ifndef RIGHTSIZE_CLI_COLLECT_IDENTITY_H
#define RIGHTSIZE_CLI_COLLECT_IDENTITY_H

#include "cli/command.h"
#include "rightsize/machine.h"

/*
 * Ask the service of the cloud that the firmware names, unless `root` is not this machine's; EC2's
 * also where AWS_EC2_METADATA_SERVICE_ENDPOINT says it is. No answer changes nothing and is said.
 */
void rs_collect_identity(struct rs_context *context, const char *root, struct rs_machine *machine);

#endif
