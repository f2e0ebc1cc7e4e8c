/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/replay.h"

#include "advise/demand.h"
#include "advise/study.h"

#include <math.h>

/* A machine cannot be seen to use more than it has: this near to it, it may have wanted more. */
#define RUNS_SHORT 0.95

struct side { /* before or after */
    double days;
    double share[RS_DIM_COUNT]; /* of the samples short; NaN: not known */
};

/*
 * The samples of one side on the type that they were measured on. What the machine says of its own
 * size in tags is of today's type, so the earlier side goes by its type alone.
 */
static enum rs_status look(const struct rs_workload *workload, struct rs_window window,
                           const struct rs_offer *offer, bool today, struct side *out,
                           struct rs_error *err)
{
    struct rs_resource resource = *workload->resource;
    struct rs_workload part = *workload;
    struct rs_traces traces;
    struct rs_study study = {.work = &part};
    resource.tag_count = today ? resource.tag_count : 0;
    part.resource = &resource;
    part.window = window;
    part.earlier_count = 0;
    part.last_type_change = -1;
    rs_study_take_current(&study, offer);
    enum rs_status rc = rs_traces_read(&part, offer, &traces, err);
    if (rc != RS_OK) {
        return rc;
    }
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        bool whole = rs_demand_is_work(d);
        double limit = rs_offer_capacity(study.current, d) * (whole ? RUNS_SHORT : 1.0);
        bool known = rs_traces_has(&traces, d) && limit > 0.0;
        out->share[d] = known ? rs_series_share_above(&traces.demand[d], limit) : NAN;
    }
    if (rs_traces_has(&traces, RS_DIM_CPU)) {
        const struct rs_series *cpu = &traces.demand[RS_DIM_CPU];
        out->days = (double)rs_series_count(cpu) * (double)cpu->step / RS_DAY_SECONDS;
    }
    rs_traces_release(&traces);
    return RS_OK;
}

static bool is_short(double share, enum rs_dimension d)
{
    return share > (rs_dimension_info(d)->kills ? 0.0 : RS_SHORT_SHARE);
}

static void fill(const struct side *before, const struct side *after, struct rs_resize *out)
{
    out->days_before = before->days;
    out->days_after = after->days;
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        out->short_before[d] = before->share[d];
        out->short_after[d] = after->share[d];
        if (is_short(after->share[d], d) && !isnan(before->share[d]) &&
            !is_short(before->share[d], d)) {
            out->regressed |= 1U << d;
        }
    }
}

static struct rs_window before_of(const struct rs_workload *workload)
{
    struct rs_window out = {workload->window.from, workload->last_type_change};
    if (workload->earlier_since != NULL) {
        int64_t since = workload->earlier_since[workload->earlier_count - 1];
        out.from = since > out.from ? since : out.from;
    }
    return out;
}

enum rs_status rs_resize_judge(const struct rs_workload *workload, const struct rs_catalog *catalog,
                               struct rs_resize *out, struct rs_error *err)
{
    *out = (struct rs_resize){.at = -1, .monthly_before = NAN, .monthly_after = NAN};
    const char *to = workload->resource->type;
    if (catalog == NULL || to == NULL || workload->earlier_count == 0 ||
        workload->last_type_change <= workload->window.from ||
        workload->last_type_change >= workload->window.to) {
        return RS_OK;
    }
    const char *from = workload->earlier_types[workload->earlier_count - 1];
    const struct rs_offer *old = rs_catalog_find(catalog, from);
    const struct rs_offer *new = rs_catalog_find(catalog, to);
    if (old == NULL || new == NULL) {
        return RS_OK;
    }
    struct side before = {.days = 0.0}, after = {.days = 0.0};
    struct rs_window then = {workload->last_type_change, workload->window.to};
    enum rs_status rc = look(workload, before_of(workload), old, false, &before, err);
    if (rc == RS_OK) {
        rc = look(workload, then, new, true, &after, err);
    }
    if (rc == RS_OK) {
        out->from = from;
        out->to = to;
        out->at = workload->last_type_change;
        out->monthly_before = old->price * RS_HOURS_PER_MONTH;
        out->monthly_after = new->price *RS_HOURS_PER_MONTH;
        fill(&before, &after, out);
    }
    return rc;
}
