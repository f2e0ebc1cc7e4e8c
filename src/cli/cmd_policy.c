/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"
#include "cli/policy_file.h"

#include <string.h>

struct policy_options {
    struct rs_advise_options advise;
};

static const struct rs_option options_table[] = {
    {"set", 0, RS_OPTION_LIST, offsetof(struct policy_options, advise.set), "KEY=VALUE",
     "show: change one key"},
    {"policy-file", 0, RS_OPTION_TEXT, offsetof(struct policy_options, advise.policy_file), "FILE",
     "your own policies (RIGHTSIZE_POLICY_FILE; else below $XDG_CONFIG_HOME)"},
    {.name = NULL},
};

static void print_key(void *payload, const char *key, const char *value, bool is_number,
                      const char *meaning)
{
    (void)is_number;
    struct rs_context *context = payload;
    fprintf(context->out, "%-24s %-14s %s\n", key, *value != '\0' ? value : "-", meaning);
}

static void list_one(struct rs_context *context, const char *name, const char *summary,
                     const char *chosen)
{
    fprintf(context->out, "%-20s %s%s\n", name, summary,
            strcmp(name, chosen) == 0 ? " (default)" : "");
}

/* The presets, then the file's own with where they come from. */
static enum rs_status list(struct rs_context *context, const char *path, struct rs_error *err)
{
    struct rs_policy_file *file = NULL;
    enum rs_status rc = rs_policy_file_open(path, &file, err);
    if (rc != RS_OK) {
        return rc;
    }
    const char *chosen = rs_policy_file_default(file), *name = NULL, *summary = NULL;
    chosen = chosen != NULL ? chosen : rs_policy_presets[0].name;
    for (const struct rs_policy_preset *p = rs_policy_presets; p->name != NULL; p++) {
        list_one(context, p->name, p->summary, chosen);
    }
    struct rs_buffer text;
    rs_buffer_init(&text);
    for (size_t i = 0; (name = rs_policy_file_name(file, i, &summary)) != NULL; i++) {
        rs_buffer_clear(&text);
        rs_buffer_printf(&text, "%s%sfrom %s", summary != NULL ? summary : "",
                         summary != NULL ? ", " : "", rs_policy_file_path(file));
        rc = rs_buffer_status(&text, err);
        if (rc != RS_OK) {
            break;
        }
        list_one(context, name, text.data, chosen);
    }
    rs_buffer_release(&text);
    rs_policy_file_close(file);
    return rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct policy_options *o = options;
    if (strcmp(argv[0], "list") == 0 && argc == 1) {
        return list(context, o->advise.policy_file, err);
    }
    if (strcmp(argv[0], "show") != 0) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize policy list | show [NAME]");
    }
    struct rs_advise_options advise = {.policy = argc > 1 ? argv[1] : NULL,
                                       .policy_file = o->advise.policy_file,
                                       .set = o->advise.set};
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
        "list  the presets, and the policies of your own file\n"
        "show  every key of a policy (the default one without NAME) with its value and meaning",
    .min_operands = 1,
    .max_operands = 2,
    .options = options_table,
    .options_size = sizeof(struct policy_options),
    .run = run,
};
