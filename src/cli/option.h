/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * option.h - typed option tables: one row parses, checks and documents (level 5, private).
 *
 * A row's target is an offset into the command's own struct of options, so that the tables are
 * constant and the help needs no command to run.
 */
#ifndef RIGHTSIZE_CLI_OPTION_H
#define RIGHTSIZE_CLI_OPTION_H

#include "rightsize/buffer.h"
#include "rightsize/status.h"

#include <stddef.h>
#include <stdint.h>

#define RS_OPTION_LIST_MAX 64

struct rs_option_list { /* a repeatable option */
    const char *items[RS_OPTION_LIST_MAX];
    size_t count;
};

enum rs_option_kind {
    RS_OPTION_FLAG,     /* bool */
    RS_OPTION_TEXT,     /* const char *, NULL when not given; borrowed from argv */
    RS_OPTION_LIST,     /* struct rs_option_list */
    RS_OPTION_NUMBER,   /* double, NaN when not given */
    RS_OPTION_INSTANT,  /* int64_t Unix seconds, -1 when not given */
    RS_OPTION_DURATION, /* int64_t seconds, 0 when not given */
    RS_OPTION_COUNT     /* int64_t >= 0, -1 when not given */
};

struct rs_option { /* a table ends with name NULL */
    const char *name;
    char letter; /* or 0 */
    enum rs_option_kind kind;
    size_t offset;
    const char *operand; /* "FILE"; NULL for flags */
    const char *help;
};

struct rs_option_group {
    const struct rs_option *options;
    void *base; /* what the offsets count from */
};

/* Set every target of the table to "not given". */
void rs_options_init(const struct rs_option *table, void *base);

/*
 * Parse argv[1..argc-1] with the rows of all `count` groups together; operands move to the end and
 * *operands_at is the index of the first. stop_early: the first operand ends the options.
 * RS_EUSAGE names the option and what it takes.
 */
RS_CHECKED enum rs_status rs_options_parse(const struct rs_option_group *groups, size_t count,
                                           int argc, char **argv, bool stop_early, int *operands_at,
                                           struct rs_error *err);

/* "  -o, --output FORMAT   help text" a row. */
void rs_options_help(const struct rs_option *table, struct rs_buffer *out);

#endif
