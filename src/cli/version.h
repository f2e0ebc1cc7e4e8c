/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RIGHTSIZE_CLI_VERSION_H
#define RIGHTSIZE_CLI_VERSION_H

#include "cli/command.h"

/* "rightsize X.Y.Z" on the first line, then the licence. */
RS_CHECKED enum rs_status rs_version_print(struct rs_context *context, struct rs_error *err);

#endif
