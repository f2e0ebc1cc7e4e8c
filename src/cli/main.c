/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - table-driven dispatch: options, the store a command needs, exit codes. */
#include "cli/command.h"
#include "cli/fleet_run.h"
#include "cli/help.h"
#include "cli/version.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool one_of(const char *value, const char *a, const char *b, const char *c)
{
    return value == NULL || strcmp(value, a) == 0 || strcmp(value, b) == 0 ||
           (c != NULL && strcmp(value, c) == 0);
}

static enum rs_status check_globals(const struct rs_globals *g, struct rs_error *err)
{
    if (!one_of(g->color, "auto", "always", "never")) {
        return rs_fail(err, RS_EUSAGE, "--color '%s' is not auto, always or never", g->color);
    }
    if (!one_of(g->log_format, "text", "json", NULL)) {
        return rs_fail(err, RS_EUSAGE, "--log-format '%s' is not text or json", g->log_format);
    }
    if (g->threads == 0 || g->threads > RS_THREADS_MAX) {
        return rs_fail(err, RS_EUSAGE, "--threads is 1 to %d", RS_THREADS_MAX);
    }
    return RS_OK;
}

static enum rs_status check_operands(const struct rs_command *command, int count,
                                     struct rs_error *err)
{
    if (count < command->min_operands ||
        (command->max_operands >= 0 && count > command->max_operands)) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize %s %s", command->name, command->operands);
    }
    return RS_OK;
}

static enum rs_status open_store(struct rs_context *context, unsigned needs, struct rs_error *err)
{
    if ((needs & (RS_NEEDS_STORE_READ | RS_NEEDS_STORE_WRITE)) == 0) {
        return RS_OK;
    }
    struct rs_buffer path;
    rs_buffer_init(&path);
    enum rs_status rc = rs_context_store_path(context, &path, err);
    if (rc == RS_OK) {
        enum rs_store_mode mode = needs & RS_NEEDS_STORE_WRITE ? RS_STORE_WRITE : RS_STORE_READ;
        rc = rs_store_open(path.data, mode, &context->store, err);
    }
    rs_buffer_release(&path);
    return rc;
}

static enum rs_status run_with_options(struct rs_context *context, const struct rs_command *command,
                                       int argc, char **argv, struct rs_error *err)
{
    void *options = calloc(1, command->options_size + 1);
    if (options == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    if (command->options != NULL) {
        rs_options_init(command->options, options);
    }
    struct rs_option_group groups[] = {{rs_global_options, &context->globals},
                                       {command->options, options}};
    int first = 0;
    enum rs_status rc =
        rs_options_parse(groups, command->options != NULL ? 2 : 1, argc, argv, false, &first, err);
    struct rs_buffer help;
    rs_buffer_init(&help);
    if (rc == RS_OK && context->globals.help) {
        rs_help_command(command, &help);
        rc = rs_output(context, NULL, &help, err);
        goto out;
    }
    if (rc != RS_OK || (rc = check_globals(&context->globals, err)) != RS_OK ||
        (rc = check_operands(command, argc - first, err)) != RS_OK) {
        goto out;
    }
    if (context->globals.now >= 0) {
        context->now = context->globals.now;
    }
    rc = open_store(context, command->needs, err);
    if (rc == RS_OK) {
        rc = command->run(context, options, argc - first, argv + first, err);
    }
    rs_store_close(context->store);
    context->store = NULL;
out:
    rs_buffer_release(&help);
    free(options);
    return rc;
}

/* Options of every command may also stand before it; then the command's own begin. */
static enum rs_status dispatch(struct rs_context *context, int argc, char **argv,
                               struct rs_error *err)
{
    struct rs_option_group group = {rs_global_options, &context->globals};
    int first = 0;
    rs_options_init(rs_global_options, &context->globals);
    enum rs_status rc = rs_options_parse(&group, 1, argc, argv, true, &first, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (context->globals.version) {
        return rs_version_print(context, err);
    }
    if (first == argc) {
        return rs_cmd_help.run(context, NULL, 0, argv + argc, err);
    }
    const struct rs_command *command = rs_command_by_name(argv[first]);
    if (command == NULL) {
        return rs_fail(err, RS_EUSAGE, "'%s' is not a command, see 'rightsize help'", argv[first]);
    }
    return run_with_options(context, command, argc - first, argv + first, err);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* for the width of characters in tables; numbers stay in "C" */
    struct rs_error err = {RS_OK, ""};
    struct rs_context context = {.now = rs_clock_system.now(NULL), .out = stdout, .notes = stderr};
    enum rs_status rc = dispatch(&context, argc, argv, &err);
    if ((fflush(stdout) != 0 || ferror(stdout)) && rc == RS_OK) { /* a full disk is no success */
        rc = rs_fail(&err, RS_EIO, "cannot write to standard output: %s", strerror(errno));
    }
    if (rc != RS_OK && err.text[0] != '\0') {
        rs_say(&context, RS_LEVEL_ERROR, "%s", err.text);
    }
    return rs_status_exit_code(rc);
}
