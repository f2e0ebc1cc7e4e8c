/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A move that was only simulated, as text and JSON. */
#include "report/proof.h"

#include "report/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SATURATED 0.99   /* of the CPU: what lies beyond cannot be seen */
#define LEAST_TOLD 0.005 /* as seldom as that it is chance */

static void put_line(struct rs_buffer *out, const struct rs_page *page, size_t indent, size_t hang,
                     struct rs_buffer *line)
{
    rs_page_paragraph(out, page, indent, hang, line->data);
    out->failed = out->failed || line->failed;
    rs_buffer_clear(line);
}

static void put_head(const struct rs_simulation *s, const struct rs_proof_subject *subject,
                     const struct rs_page *page, struct rs_buffer *out, struct rs_buffer *line)
{
    const struct rs_resource *r = subject->resource;
    char from[RS_HUMAN_TEXT], to[RS_HUMAN_TEXT], span[RS_HUMAN_TEXT];
    rs_page_text(line, page, rs_proof_name(r->id, r->name));
    rs_buffer_text(line, ": ");
    rs_page_text(line, page, s->now.offer->type);
    rs_buffer_printf(line, " %s ", rs_page_arrow(page));
    rs_page_text(line, page, s->then.offer->type);
    put_line(out, page, 2, 2, line);
    rs_human_when(s->window.from, from);
    rs_human_when(s->window.to, to);
    rs_human_span(s->window.to - s->window.from, span);
    rs_buffer_printf(line, "Window: %s to %s UTC (%s), policy ", from, to, span);
    rs_page_text(line, page, subject->policy->name);
    put_line(out, page, 4, 2, line);
}

static void put_price(const struct rs_simulation *s, const struct rs_proof_subject *subject,
                      const struct rs_page *page, struct rs_buffer *line)
{
    char now[RS_HUMAN_TEXT], then[RS_HUMAN_TEXT], more[RS_HUMAN_TEXT], share[RS_HUMAN_TEXT];
    const char *currency = subject->catalog != NULL ? subject->catalog->currency : NULL;
    double saving = s->monthly_now - s->monthly_then;
    rs_human_money(s->monthly_now, currency, now);
    rs_human_money(s->monthly_then, currency, then);
    rs_buffer_printf(line, "Price: %s %s %s a month", now, rs_page_arrow(page), then);
    if (isfinite(saving)) {
        rs_human_money(fabs(saving), currency, more);
        rs_human_share(fabs(saving) / s->monthly_now, share);
        rs_buffer_printf(line, saving < 0.0 ? ", %s (%s) more" : ", saves %s (%s)", more, share);
    }
}

static void put_platform(const struct rs_simulation *s, struct rs_buffer *line)
{
    const char *separator = "; differs in ";
    rs_buffer_printf(line, "Migration effort: %s", s->migration_effort);
    for (unsigned bit = 1; bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((s->differences & bit) != 0) {
            rs_buffer_printf(line, "%s%s", separator, rs_difference_name(bit));
            separator = ", ";
        }
    }
    if (s->differences == 0) {
        rs_buffer_text(line, "; no platform difference");
    }
}

static void load_row(struct rs_grid *grid, const struct rs_simulation *s, enum rs_dimension d)
{
    const struct rs_summary *summary = &s->traces.summary[d];
    const struct rs_shortfall *now = &s->now.dimension[d], *then = &s->then.dimension[d];
    double capacity = rs_simulation_capacity(s, d), had = rs_offer_capacity(s->now.offer, d);
    const double uses[] = {summary->p50, summary->p95, summary->p995, summary->max};
    struct rs_scale scale =
        rs_human_scale(fmax(fmax(capacity, had), isfinite(capacity) ? 0.0 : summary->max), d);
    char text[RS_HUMAN_TEXT];
    rs_grid_cell(grid, rs_dimension_info(d)->title, NULL);
    rs_human_digits(had / scale.divisor, text);
    rs_grid_cell(grid, text, NULL);
    rs_human_digits(capacity / scale.divisor, text);
    rs_grid_cell(grid, text, NULL);
    rs_grid_cell(grid, scale.unit, NULL);
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        rs_proof_cell_share(grid, uses[i] / capacity);
    }
    rs_proof_cell_share(grid, now->share);
    rs_proof_cell_share(grid, then->share);
}

static enum rs_status put_loads(const struct rs_simulation *s, const struct rs_page *page,
                                struct rs_buffer *out, struct rs_error *err)
{
    static const char *const titles[] = {"RESOURCE", "HAS",   "THEN", "UNIT",      "P50",
                                         "P95",      "P99.5", "MAX",  "SHORT NOW", "SHORT THEN"};
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        rs_grid_column(&grid, titles[i], i == 0 || i == 3 ? 0 : RS_GRID_RIGHT);
    }
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_traces_has(&s->traces, (enum rs_dimension)d)) {
            load_row(&grid, s, (enum rs_dimension)d);
        }
    }
    rs_buffer_char(out, '\n');
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    return rc;
}

static void put_shortfall(const struct rs_shortfall *s, enum rs_dimension d, int64_t step,
                          struct rs_buffer *line)
{
    char share[RS_HUMAN_TEXT], span[RS_HUMAN_TEXT], longest[RS_HUMAN_TEXT];
    char first[RS_HUMAN_TEXT], from[RS_HUMAN_TEXT], worst[RS_HUMAN_TEXT];
    rs_human_share(s->share, share);
    rs_human_span((int64_t)s->short_samples * step, span);
    rs_human_span(s->longest, longest);
    rs_proof_moment(s->first_at, first);
    rs_proof_moment(s->longest_from, from);
    rs_proof_moment(s->worst_at, worst);
    rs_buffer_printf(line,
                     "Short of %s: %s of the samples (%s), first at %s; for %s at a time at most "
                     "(from %s); at worst it wanted %.2f times what it would have, at %s",
                     rs_dimension_info(d)->title, share, span, first, longest, from, s->depth,
                     worst);
    if (s->throttled) {
        rs_buffer_text(line, "; this is the mean use against the baseline, to which it is held");
    }
    rs_buffer_char(line, '.');
}

static int64_t step_of(const struct rs_simulation *s, enum rs_dimension d)
{
    return s->then.dimension[d].throttled ? s->traces.use.step : s->traces.demand[d].step;
}

static void put_limit(const struct rs_simulation *s, struct rs_buffer *line)
{
    char share[RS_HUMAN_TEXT];
    double full =
        rs_series_share_above(&s->traces.use, SATURATED * s->now.dimension[RS_DIM_CPU].capacity);
    if (full > LEAST_TOLD) {
        rs_human_share(full, share);
        rs_buffer_printf(line,
                         "In %s of the time today's CPU was at its limit: what it wanted beyond "
                         "cannot be seen and is in none of these figures.",
                         share);
    }
}

static void put_verdict(const struct rs_simulation *s, const struct rs_page *page,
                        struct rs_buffer *out, struct rs_buffer *line)
{
    bool never = true;
    for (int i = 0; i < RS_DIM_COUNT; i++) {
        enum rs_dimension d = (enum rs_dimension)i;
        if (s->then.dimension[d].short_samples > 0) {
            put_shortfall(&s->then.dimension[d], d, step_of(s, d), line);
            put_line(out, page, 4, 2, line);
            never = false;
        }
    }
    if (never) {
        rs_buffer_text(line, "Never short of anything that was measured and has a known limit.");
        put_line(out, page, 4, 2, line);
    }
    put_limit(s, line);
    if (line->length > 0) {
        put_line(out, page, 4, 2, line);
    }
    if (s->then.credits_known) {
        char at[RS_HUMAN_TEXT];
        rs_human_when(s->then.lowest_credits_at, at);
        rs_buffer_printf(line, "CPU credits: never below %.0f (%s).", s->then.lowest_credits, at);
        put_line(out, page, 4, 2, line);
    }
    if (s->refusal != NULL) {
        rs_buffer_printf(line, "The policy would not offer it: %s.", s->refusal);
        put_line(out, page, 4, 2, line);
    }
    if (!rs_traces_has(&s->traces, RS_DIM_MEMORY)) {
        rs_buffer_text(line, "Memory was not measured: nothing is said of it.");
        put_line(out, page, 4, 2, line);
    }
}

enum rs_status rs_simulation_text(const struct rs_simulation *simulation,
                                  const struct rs_proof_subject *subject,
                                  const struct rs_page *page, struct rs_buffer *out,
                                  struct rs_error *err)
{
    struct rs_buffer line;
    rs_buffer_init(&line);
    put_head(simulation, subject, page, out, &line);
    put_price(simulation, subject, page, &line);
    put_line(out, page, 4, 2, &line);
    put_platform(simulation, &line);
    put_line(out, page, 4, 2, &line);
    enum rs_status rc = put_loads(simulation, page, out, err);
    if (rc == RS_OK) {
        rs_buffer_text(&line, "P50 to MAX are shares of what it would have; SHORT is the share of "
                              "samples that wanted more than there is. Times are UTC.");
        put_line(out, page, 2, 0, &line);
        rs_buffer_char(out, '\n');
        put_verdict(simulation, page, out, &line);
        rc = rs_simulation_spans(simulation, page, out, err);
    }
    if (rc == RS_OK) {
        rc = rs_buffer_status(out, err);
    }
    rs_buffer_release(&line);
    return rc;
}

static void put_dimension(struct rs_writer *w, const struct rs_simulation *s, enum rs_dimension d)
{
    const struct rs_summary *summary = &s->traces.summary[d];
    double capacity = rs_simulation_capacity(s, d);
    rs_writer_object(w, rs_dimension_info(d)->name);
    rs_writer_text(w, "unit", rs_dimension_info(d)->unit);
    rs_writer_count(w, "step_seconds", step_of(s, d));
    rs_writer_number(w, "capacity_now", rs_offer_capacity(s->now.offer, d));
    rs_writer_number(w, "capacity_then", capacity);
    rs_writer_row(w, "utilisation_then");
    rs_writer_rounded(w, "p50", summary->p50 / capacity);
    rs_writer_rounded(w, "p95", summary->p95 / capacity);
    rs_writer_rounded(w, "p99_5", summary->p995 / capacity);
    rs_writer_rounded(w, "max", summary->max / capacity);
    rs_writer_end(w);
    rs_writer_row(w, "now");
    rs_proof_shortfall(w, &s->now.dimension[d]);
    rs_writer_end(w);
    rs_writer_row(w, "then");
    rs_proof_shortfall(w, &s->then.dimension[d]);
    rs_writer_end(w);
    rs_writer_end(w);
}

static void put_side(struct rs_writer *w, const char *key, const struct rs_replay *replay,
                     double monthly)
{
    rs_writer_row(w, key);
    rs_writer_text(w, "type", replay->offer->type);
    rs_writer_rounded(w, "monthly_price", monthly);
    rs_writer_rounded(w, "lowest_credits", replay->lowest_credits);
    rs_writer_when(w, "lowest_credits_at", replay->lowest_credits_at);
    rs_writer_end(w);
}

enum rs_status rs_simulation_json(const struct rs_simulation *s,
                                  const struct rs_proof_subject *subject, struct rs_buffer *out,
                                  struct rs_error *err)
{
    struct rs_writer w;
    rs_writer_init(&w, out);
    rs_writer_object(&w, NULL);
    rs_writer_text(&w, "schema_version", "1.0");
    rs_writer_when(&w, "generated_at", subject->generated_at);
    rs_writer_text(&w, "resource", subject->resource->id);
    rs_writer_text(&w, "name", subject->resource->name);
    rs_writer_text(&w, "policy", subject->policy->name);
    rs_writer_when(&w, "from", s->window.from);
    rs_writer_when(&w, "to", s->window.to);
    rs_writer_text(&w, "currency", subject->catalog != NULL ? subject->catalog->currency : NULL);
    put_side(&w, "now", &s->now, s->monthly_now);
    put_side(&w, "then", &s->then, s->monthly_then);
    rs_writer_rounded(&w, "monthly_saving", s->monthly_now - s->monthly_then);
    rs_writer_text(&w, "migration_effort", s->migration_effort);
    rs_writer_list(&w, "platform_differences");
    for (unsigned bit = 1; bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((s->differences & bit) != 0) {
            rs_writer_text(&w, NULL, rs_difference_name(bit));
        }
    }
    rs_writer_end(&w);
    rs_writer_text(&w, "policy_refuses", s->refusal);
    rs_writer_bool(&w, "short", rs_replay_is_short(&s->then));
    rs_writer_object(&w, "dimensions");
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_traces_has(&s->traces, (enum rs_dimension)d)) {
            put_dimension(&w, s, (enum rs_dimension)d);
        }
    }
    rs_writer_end(&w);
    rs_simulation_write_days(s, &w);
    rs_writer_end(&w);
    return rs_buffer_status(out, err);
}
