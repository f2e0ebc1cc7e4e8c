/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.h - the help texts, made from the command and option tables (level 5, private). */
#ifndef RIGHTSIZE_CLI_HELP_H
#define RIGHTSIZE_CLI_HELP_H

#include "cli/command.h"

void rs_help_overview(struct rs_buffer *out);
void rs_help_command(const struct rs_command *command, struct rs_buffer *out);

#endif
