/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/advisor.h"
#include "cli/catalogs.h"
#include "rightsize/proof.h"

#include <math.h>
#include <string.h>

#define PROSE_WIDTH 100 /* where no terminal says otherwise */

struct explain_options {
    struct rs_advise_options advise;
    bool curve;
};

static const struct rs_option options_table[] = {
    {"curve", 0, RS_OPTION_FLAG, offsetof(struct explain_options, curve), NULL,
     "also the types by price and by the time they would have been short"},
    RS_ADVISE_ROWS(struct explain_options),
    {.name = NULL},
};

struct drawing { /* the scan's payload */
    struct rs_advisor *advisor;
    const struct rs_page *page;
    struct rs_buffer *out;
};

static enum rs_status draw_one(void *payload, const struct rs_stored *stored, struct rs_error *err)
{
    struct drawing *d = payload;
    struct rs_earlier earlier;
    const struct rs_catalog *catalog = NULL;
    struct rs_workload workload;
    struct rs_curve curve;
    rs_advisor_workload(stored, d->advisor->report.window, &earlier, &workload);
    enum rs_status rc = rs_catalogs_get(d->advisor->catalogs, stored->resource->provider,
                                        stored->resource->region, &catalog, err);
    if (rc != RS_OK ||
        (rc = rs_curve_draw(&workload, catalog, &d->advisor->policy, &curve, err)) != RS_OK) {
        return rc;
    }
    rc = rs_curve_text(&curve, d->page, d->out, err);
    rs_curve_release(&curve);
    return rc;
}

/* The report keeps no samples, so the one machine is read once more. */
static enum rs_status draw(struct rs_context *context, struct drawing *drawing,
                           const char *instance, struct rs_error *err)
{
    struct rs_scan scan = {
        .window = drawing->advisor->report.window, .resource = instance, .samples = true};
    enum rs_status rc = rs_store_scan(context->store, &scan, draw_one, drawing, err);
    if (rc == RS_ENODATA) { /* the explanation stands without it */
        rs_say(context, RS_LEVEL_WARNING, "no curve: %s", err->text);
        rc = RS_OK;
    }
    return rc;
}

/* One machine's confidence costs little, so it is told unless it is refused. */
static bool says_resamples(const struct rs_option_list *set)
{
    static const char key[] = "confidence.resamples=";
    bool found = false;
    for (size_t i = 0; i < set->count; i++) {
        found = found || strncmp(set->items[i], key, sizeof(key) - 1) == 0;
    }
    return found;
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)argc;
    const struct explain_options *o = options;
    struct rs_advise_options advise = {.policy = o->advise.policy,
                                       .policy_file = o->advise.policy_file,
                                       .set = o->advise.set,
                                       .until = o->advise.until,
                                       .min_saving = NAN,
                                       .confidence = !says_resamples(&o->advise.set)};
    struct rs_advisor advisor;
    struct rs_page page = rs_page_of(context);
    page.width = page.width > 0 ? page.width : PROSE_WIDTH;
    struct rs_buffer text;
    rs_buffer_init(&text);
    enum rs_status rc = rs_advisor_open(context, &advise, &advisor, err);
    if (rc == RS_OK) {
        rc = rs_advisor_run(&advisor, argv[0], err);
    }
    if (rc == RS_OK && advisor.report.count == 0) {
        rc = rs_fail(err, RS_ENODATA, "'%s' is not in the store", argv[0]);
    }
    if (rc == RS_OK) {
        struct rs_entry entry;
        rs_report_entry(&advisor.report, 0, &entry);
        rc = rs_explain(&entry, &advisor.report, &page, &text, err);
    }
    if (rc == RS_OK && o->curve) {
        struct drawing drawing = {&advisor, &page, &text};
        rc = draw(context, &drawing, argv[0], err);
    }
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &text, err);
    }
    rs_buffer_release(&text);
    rs_advisor_release(&advisor);
    return rc;
}

const struct rs_command rs_cmd_explain = {
    .name = "explain",
    .operands = "INSTANCE [OPTIONS]",
    .summary = "the whole reasoning for one instance on one screen",
    .about = "Tells for INSTANCE (its id, or its name when only one bears it) which samples were\n"
             "used, what each resource needs and when, which types were refused and why, and what\n"
             "each option would mean.",
    .min_operands = 1,
    .max_operands = 1,
    .needs = RS_NEEDS_STORE_READ,
    .options = options_table,
    .options_size = sizeof(struct explain_options),
    .run = run,
};
