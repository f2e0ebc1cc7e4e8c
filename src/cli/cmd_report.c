/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"

struct report_options {
    struct rs_advise_options advise;
};

static const struct rs_option options_table[] = {
    {"output", 'o', RS_OPTION_TEXT, offsetof(struct report_options, advise.output), "FORMAT",
     "table (default), wide, json, csv, markdown or html"},
    {"output-file", 0, RS_OPTION_TEXT, offsetof(struct report_options, advise.output_file), "FILE",
     "write to FILE, whole or not at all"},
    RS_DEPTH_ROWS(struct report_options),
    RS_FILTER_ROWS(struct report_options),
    RS_ADVISE_ROWS(struct report_options),
    {.name = NULL},
};

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc, (void)argv;
    const struct report_options *o = options;
    const char *name = o->advise.output != NULL ? o->advise.output : "table";
    const struct rs_format *format = rs_format_by_name(name);
    if (format == NULL) {
        return rs_fail(err, RS_EUSAGE,
                       "--output '%s' is not table, wide, json, csv, markdown or html", name);
    }
    struct rs_advisor advisor;
    struct rs_page page = rs_page_of(context);
    enum rs_status rc = rs_advisor_open(context, &o->advise, &advisor, err);
    if (rc == RS_OK) {
        rc = rs_advisor_write(&advisor, NULL, format, &page, o->advise.output_file, err);
    }
    rs_advisor_release(&advisor);
    return rc;
}

const struct rs_command rs_cmd_report = {
    .name = "report",
    .operands = "[-o FORMAT] [OPTIONS]",
    .summary = "which instance should become what, why, and what it saves",
    .about = "Advises on every instance in the store. The window ends at the newest sample, or at\n"
             "--until, and is as long as the policy looks back.",
    .min_operands = 0,
    .max_operands = 0,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct report_options),
    .run = run,
};
