/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"
#include "cli/samples.h"

#include <string.h>

struct export_options {
    struct rs_advise_options advise;
    const char *instance;
    int64_t since;
    bool samples;
};

static const struct rs_option options_table[] = {
    {"output", 'o', RS_OPTION_TEXT, offsetof(struct export_options, advise.output), "FORMAT",
     "json (default) or csv"},
    {"output-file", 0, RS_OPTION_TEXT, offsetof(struct export_options, advise.output_file), "FILE",
     "write to FILE, whole or not at all"},
    {"samples", 0, RS_OPTION_FLAG, offsetof(struct export_options, samples), NULL,
     "the stored samples instead of recommendations"},
    {"instance", 0, RS_OPTION_TEXT, offsetof(struct export_options, instance), "ID",
     "only this instance"},
    {"since", 0, RS_OPTION_DURATION, offsetof(struct export_options, since), "SPAN",
     "--samples: only the last SPAN, e.g. 7d (else all)"},
    {"curve", 0, RS_OPTION_FLAG, offsetof(struct export_options, advise.curve), NULL,
     "JSON: also the types by price and by the time they would have been short"},
    RS_DEPTH_ROWS(struct export_options),
    RS_FILTER_ROWS(struct export_options),
    RS_ADVISE_ROWS(struct export_options),
    {.name = NULL},
};

static enum rs_status export_advice(struct rs_context *context, const struct export_options *o,
                                    const char *name, struct rs_error *err)
{
    struct rs_advisor advisor;
    struct rs_page page = {.width = 0, .color = false, .unicode = true};
    enum rs_status rc = rs_advisor_open(context, &o->advise, &advisor, err);
    if (rc == RS_OK) {
        rc = rs_advisor_write(&advisor, o->instance, rs_format_by_name(name), &page,
                              o->advise.output_file, err);
    }
    rs_advisor_release(&advisor);
    return rc;
}

/* What samples do not know must not seem to have been heeded. */
static const char *unheeded(const struct export_options *o)
{
    const struct rs_advise_options *a = &o->advise;
    const struct {
        bool given;
        const char *name;
    } rows[] = {{a->tag != NULL, "--tag"},
                {a->finding != NULL, "--finding"},
                {a->min_saving > 0.0, "--min-saving"},
                {a->sort != NULL, "--sort"},
                {a->policy != NULL, "--policy"},
                {a->policy_file != NULL, "--policy-file"},
                {a->set.count > 0, "--set"},
                {a->commitments.count > 0, "--commitments"},
                {a->confidence, "--confidence"},
                {a->curve, "--curve"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].given) {
            return rows[i].name;
        }
    }
    return NULL;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc, (void)argv;
    const struct export_options *o = options;
    const char *name = o->advise.output != NULL ? o->advise.output : o->samples ? "csv" : "json";
    if (strcmp(name, "json") != 0 && strcmp(name, "csv") != 0) {
        return rs_fail(err, RS_EUSAGE, "--output '%s' is not json or csv", name);
    }
    if (o->since > 0 && !o->samples) {
        return rs_fail(err, RS_EUSAGE,
                       "--since goes with --samples; recommendations look back as the policy says "
                       "(--set lookback=7d)");
    }
    if (o->advise.curve && !o->samples && strcmp(name, "json") != 0) {
        return rs_fail(err, RS_EUSAGE, "--curve goes with -o json");
    }
    if (o->samples && unheeded(o) != NULL) {
        return rs_fail(err, RS_EUSAGE,
                       "%s does not go with --samples, which knows --instance, --region, --since "
                       "and --until",
                       unheeded(o));
    }
    if (!o->samples) {
        return export_advice(context, o, name, err);
    }
    struct rs_sample_export what = {.instance = o->instance,
                                    .region = o->advise.region,
                                    .since = o->since,
                                    .until = o->advise.until,
                                    .json = strcmp(name, "json") == 0,
                                    .path = o->advise.output_file};
    return rs_samples_export(context, &what, err);
}

const struct rs_command rs_cmd_export = {
    .name = "export",
    .operands = "[-o json|csv] [--samples] [OPTIONS]",
    .summary = "recommendations as JSON or CSV, or the samples themselves",
    .about =
        "Writes the recommendations of every instance for programs (schema:\n"
        "recommendations-1.schema.json). The same store, catalog and --now give the same bytes.\n"
        "With --samples the stored samples, in canonical units, one row each (CSV) or one array\n"
        "a series (JSON).",
    .min_operands = 0,
    .max_operands = 0,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct export_options),
    .run = run,
};
