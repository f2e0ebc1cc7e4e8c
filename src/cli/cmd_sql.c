/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "rightsize/text.h"

#include <string.h>

struct sql_options {
    bool header;
};

static const struct rs_option options_table[] = {
    {"header", 'H', RS_OPTION_FLAG, offsetof(struct sql_options, header), NULL,
     "column names on the first line"},
    {.name = NULL},
};

struct printing {
    struct rs_context *context;
    struct rs_buffer line;
    bool header;
};

static void print_line(struct printing *p, int columns, const char *const *texts)
{
    rs_buffer_clear(&p->line);
    for (int i = 0; i < columns; i++) {
        rs_buffer_text(&p->line, i > 0 ? "\t" : "");
        if (texts[i] != NULL) { /* NULL prints as nothing */
            rs_text_printable(&p->line, texts[i], strlen(texts[i]));
        }
    }
    rs_buffer_char(&p->line, '\n');
}

static enum rs_status print_row(void *payload, int columns, const char *const *names,
                                const char *const *values, struct rs_error *err)
{
    struct printing *p = payload;
    enum rs_status rc = RS_OK;
    if (p->header) {
        p->header = false;
        print_line(p, columns, names);
        rc = rs_output(p->context, NULL, &p->line, err);
    }
    if (rc == RS_OK) {
        print_line(p, columns, values);
        rc = rs_buffer_status(&p->line, err);
    }
    return rc == RS_OK ? rs_output(p->context, NULL, &p->line, err) : rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc;
    const struct sql_options *o = options;
    struct printing p = {.context = context, .header = o->header};
    rs_buffer_init(&p.line);
    enum rs_status rc = rs_store_sql(context->store, argv[0], print_row, &p, err);
    rs_buffer_release(&p.line);
    return rc;
}

const struct rs_command rs_cmd_sql = {
    .name = "sql",
    .operands = "\"SELECT ...\" [-H]",
    .summary = "read-only SQL on the store",
    .about =
        "Runs one SELECT on the store and prints a row a line, values separated by TAB.\n"
        "Relations: samples(resource, metric, statistic, ts, value), ts in Unix seconds UTC, and\n"
        "resources(resource, provider, account, region, type, name, state, first_seen, "
        "last_seen).\n"
        "schema/README.md tells the others.",
    .min_operands = 1,
    .max_operands = 1,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct sql_options),
    .run = run,
};
