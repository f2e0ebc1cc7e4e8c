/* SPDX-License-Identifier: GPL-3.0-or-later */
/* command.h - one row per sub-command, and what every command is given (level 5, private). */
#ifndef RIGHTSIZE_CLI_COMMAND_H
#define RIGHTSIZE_CLI_COMMAND_H

#include "cli/option.h"
#include "rightsize/status.h"
#include "rightsize/store.h"
#include "rightsize/when.h"

#include <stdio.h>

enum rs_needs { /* what main opens before, and closes after, the command runs */
                RS_NEEDS_STORE_READ = 1 << 0,
                RS_NEEDS_STORE_WRITE = 1 << 1
};

struct rs_globals { /* the options that every command takes */
    const char *db, *catalog, *prices, *color, *log_format;
    struct rs_option_list match_region; /* PROVIDER=REGION, see catalogs.h */
    int64_t now;                        /* --now, or -1 */
    int64_t threads;                    /* --threads, or -1 */
    bool quiet, verbose, help, version;
};

struct rs_context {
    struct rs_globals globals;
    struct rs_store *store; /* as the command's row asks */
    int64_t now;            /* the program's clock, read once */
    FILE *out, *notes;      /* stdout: the answer; stderr: everything said about it */
};

struct rs_command {
    const char *name, *operands, *summary;
    const char *about;              /* the paragraph of `help NAME` */
    int min_operands, max_operands; /* max -1: any number */
    unsigned needs;                 /* enum rs_needs */
    const struct rs_option *options;
    size_t options_size; /* of the struct that the offsets count from */
    enum rs_status (*run)(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err);
};

extern const struct rs_option rs_global_options[];
extern const struct rs_command *const rs_commands[]; /* NULL-terminated: command_table.c */
const struct rs_command *rs_command_by_name(const char *name);

extern const struct rs_command rs_cmd_collect, rs_cmd_queries, rs_cmd_report, rs_cmd_export,
    rs_cmd_explain, rs_cmd_catalog, rs_cmd_policy, rs_cmd_store, rs_cmd_iam_policy, rs_cmd_sql,
    rs_cmd_help, rs_cmd_simulate, rs_cmd_backtest;

enum rs_level { RS_LEVEL_ERROR, RS_LEVEL_WARNING, RS_LEVEL_INFO, RS_LEVEL_DETAIL };

/* One line on stderr; INFO is silent under --quiet, DETAIL needs -v. Outside text is made safe. */
RS_PRINTF(3, 4)
void rs_say(const struct rs_context *context, enum rs_level level, const char *format, ...);

/* The path of the store: --db, RIGHTSIZE_DB, or the state folder. RS_EUSAGE: no home is known. */
RS_CHECKED enum rs_status rs_context_store_path(const struct rs_context *context,
                                                struct rs_buffer *out, struct rs_error *err);

/*
 * Write `text` to stdout, or with `path` to that file: a temporary file beside it, flushed to disk,
 * then renamed, so that a reader sees the old or the new file whole.
 */
RS_CHECKED enum rs_status rs_output(struct rs_context *context, const char *path,
                                    const struct rs_buffer *text, struct rs_error *err);

#endif
