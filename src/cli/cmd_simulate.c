/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"
#include "cli/catalogs.h"
#include "cli/near.h"
#include "rightsize/proof.h"

#include <string.h>

#define PROSE_WIDTH 100 /* where no terminal says otherwise */

struct simulate_options {
    struct rs_advise_options advise;
    const char *type;
};

static const struct rs_option options_table[] = {
    {"type", 0, RS_OPTION_TEXT, offsetof(struct simulate_options, type), "TYPE",
     "the type to move to (else the one that the policy would choose for it alone)"},
    {"output", 'o', RS_OPTION_TEXT, offsetof(struct simulate_options, advise.output), "FORMAT",
     "table (default) or json"},
    RS_ADVISE_ROWS(struct simulate_options),
    {.name = NULL},
};

struct simulating { /* the scan's payload */
    struct rs_context *context;
    const struct simulate_options *options;
    struct rs_catalogs *catalogs;
    struct rs_policy policy;
    struct rs_window window;
    bool json;
    struct rs_buffer text;
};

/* The type to move to. */
static enum rs_status choose(struct simulating *s, const struct rs_workload *workload,
                             const struct rs_catalog *catalog, const struct rs_offer *own,
                             const struct rs_offer **out, struct rs_error *err)
{
    if (s->options->type != NULL) {
        return rs_type_find(catalog, s->options->type, out, err);
    }
    struct rs_entry entry = {.id = NULL};
    enum rs_status rc = rs_recommend(NULL, workload, catalog, &s->policy, &entry.advice, err);
    const struct rs_option_offer *choice = rc == RS_OK ? rs_entry_choice(&entry) : NULL;
    *out = choice != NULL ? choice->offer : own;
    if (rc == RS_OK && choice == NULL) {
        rs_say(s->context, RS_LEVEL_INFO, "policy %s would keep %s", s->policy.name, own->type);
    }
    return rc;
}

static enum rs_status render(struct simulating *s, const struct rs_simulation *simulation,
                             const struct rs_resource *resource, const struct rs_catalog *catalog,
                             struct rs_error *err)
{
    struct rs_proof_subject subject = {resource, rs_catalog_info(catalog), &s->policy,
                                       s->context->now};
    struct rs_page page = rs_page_of(s->context);
    page.width = page.width > 0 ? page.width : PROSE_WIDTH;
    return s->json ? rs_simulation_json(simulation, &subject, &s->text, err)
                   : rs_simulation_text(simulation, &subject, &page, &s->text, err);
}

static enum rs_status simulate_one(void *payload, const struct rs_stored *stored,
                                   struct rs_error *err)
{
    struct simulating *s = payload;
    const struct rs_resource *resource = stored->resource;
    struct rs_earlier earlier;
    const struct rs_catalog *catalog = NULL;
    const struct rs_offer *own = NULL, *offer = NULL;
    struct rs_workload workload;
    struct rs_simulation simulation;
    rs_advisor_workload(stored, s->window, &earlier, &workload);
    enum rs_status rc =
        rs_catalogs_get(s->catalogs, resource->provider, resource->region, &catalog, err);
    if (rc == RS_OK && (catalog == NULL || resource->type == NULL ||
                        (own = rs_catalog_find(catalog, resource->type)) == NULL)) {
        rc = rs_fail(err, RS_ENODATA, "what '%.100s' is today (%.64s) is in no catalog",
                     resource->id, resource->type != NULL ? resource->type : "type unknown");
    }
    if (rc != RS_OK || (rc = choose(s, &workload, catalog, own, &offer, err)) != RS_OK ||
        (rc = rs_simulate(&workload, own, offer, &s->policy, &simulation, err)) != RS_OK) {
        return rc;
    }
    rc = render(s, &simulation, resource, catalog, err);
    rs_simulation_release(&simulation);
    return rc;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc;
    const struct simulate_options *o = options;
    const char *format = o->advise.output != NULL ? o->advise.output : "table";
    struct simulating s = {.context = context, .options = o, .json = strcmp(format, "json") == 0};
    if (!s.json && strcmp(format, "table") != 0) {
        return rs_fail(err, RS_EUSAGE, "--output '%s' is not table or json", format);
    }
    rs_buffer_init(&s.text);
    enum rs_status rc = rs_advisor_policy(&o->advise, &s.policy, err);
    if (rc == RS_OK) {
        rc = rs_advisor_window(context, o->advise.until, s.policy.lookback, &s.window, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalogs_open(context, &s.catalogs, err);
    }
    if (rc == RS_OK) {
        struct rs_scan scan = {.window = s.window, .resource = argv[0], .samples = true};
        rc = rs_store_scan(context->store, &scan, simulate_one, &s, err);
    }
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &s.text, err);
    }
    rs_buffer_release(&s.text);
    rs_catalogs_close(s.catalogs);
    return rc;
}

const struct rs_command rs_cmd_simulate = {
    .name = "simulate",
    .operands = "INSTANCE [--type TYPE] [OPTIONS]",
    .summary = "what one instance would have lacked on another type",
    .about =
        "Goes through the stored samples of INSTANCE (its id, or its name when only one bears it)\n"
        "as if it had been of TYPE: how full each resource would have been, when and for how long\n"
        "it would have wanted more than there is, CPU credits, price and platform. The window is\n"
        "as long as the policy looks back.\n"
        "\n"
        "JSON: `dimensions` has, for each resource measured, the share of the new capacity in use\n"
        "(utilisation_then) and the time short `now` and `then`: short_share of the samples,\n"
        "depth (highest demand / capacity), first_short_at, worst_at, and the longest run. CPU\n"
        "that is held_to_baseline is the mean use of a burstable or flex type against its\n"
        "baseline. An unknown number or instant is null.",
    .min_operands = 1,
    .max_operands = 1,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct simulate_options),
    .run = run,
};
