/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/help.h"

void rs_help_overview(struct rs_buffer *out)
{
    rs_buffer_text(out, "usage: rightsize [--db FILE] COMMAND [OPTIONS]\n\n"
                        "Finds the instance type that fits a workload, and proves it.\n\n"
                        "commands:\n");
    for (size_t i = 0; rs_commands[i] != NULL; i++) {
        rs_buffer_printf(out, "  %-10s %s\n", rs_commands[i]->name, rs_commands[i]->summary);
    }
    rs_buffer_text(out, "\noptions of every command:\n");
    rs_options_help(rs_global_options, out);
    rs_buffer_text(out, "\n'rightsize help COMMAND' tells the rest. Exit status: 0 done, 1 failed, "
                        "2 wrong command line,\n3 done but some input failed or lacked data.\n");
}

void rs_help_command(const struct rs_command *command, struct rs_buffer *out)
{
    rs_buffer_printf(out, "usage: rightsize %s %s\n\n%s\n", command->name, command->operands,
                     command->about);
    if (command->options != NULL) {
        rs_buffer_text(out, "\noptions:\n");
        rs_options_help(command->options, out);
    }
    rs_buffer_text(out, "\noptions of every command:\n");
    rs_options_help(rs_global_options, out);
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)options;
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = RS_OK;
    const struct rs_command *command = argc > 0 ? rs_command_by_name(argv[0]) : NULL;
    if (argc > 0 && command == NULL) {
        rc = rs_fail(err, RS_EUSAGE, "'%s' is not a command, see 'rightsize help'", argv[0]);
    } else if (command != NULL) {
        rs_help_command(command, &text);
    } else {
        rs_help_overview(&text);
    }
    if (rc == RS_OK && (rc = rs_buffer_status(&text, err)) == RS_OK) {
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    return rc;
}

const struct rs_command rs_cmd_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "list the commands, or tell all of one",
    .about = "Lists the commands, or tells what COMMAND does and which options it takes.",
    .min_operands = 0,
    .max_operands = 1,
    .run = run,
};
