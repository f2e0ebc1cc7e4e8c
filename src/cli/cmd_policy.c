/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"

#include <string.h>

struct policy_options {
    struct rs_advise_options advise;
};

static const struct rs_option options_table[] = {
    {"set", 0, RS_OPTION_LIST, offsetof(struct policy_options, advise.set), "KEY=VALUE",
     "show: change one key"},
    {.name = NULL},
};

static void print_key(void *payload, const char *key, const char *value, bool is_number,
                      const char *meaning)
{
    (void)is_number;
    struct rs_context *context = payload;
    fprintf(context->out, "%-24s %-14s %s\n", key, *value != '\0' ? value : "-", meaning);
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct policy_options *o = options;
    if (strcmp(argv[0], "list") == 0 && argc == 1) {
        for (const struct rs_policy_preset *p = rs_policy_presets; p->name != NULL; p++) {
            fprintf(context->out, "%-20s %s%s\n", p->name, p->summary,
                    p == rs_policy_presets ? " (default)" : "");
        }
        return RS_OK;
    }
    if (strcmp(argv[0], "show") != 0) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize policy list | show [NAME]");
    }
    struct rs_advise_options advise = {.policy = argc > 1 ? argv[1] : NULL, .set = o->advise.set};
    struct rs_policy policy;
    enum rs_status rc = rs_advisor_policy(&advise, &policy, err);
    if (rc == RS_OK) {
        rs_policy_describe(&policy, print_key, context);
    }
    return rc;
}

const struct rs_command rs_cmd_policy = {
    .name = "policy",
    .operands = "list | show [NAME]",
    .summary = "the sizing presets and every figure in them",
    .about =
        "list  the presets\n"
        "show  every key of a preset (the default one without NAME) with its value and meaning",
    .min_operands = 1,
    .max_operands = 2,
    .options = options_table,
    .options_size = sizeof(struct policy_options),
    .run = run,
};
