/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/proof.h"

#include "report/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_line(struct rs_buffer *out, const struct rs_page *page, struct rs_buffer *line)
{
    rs_page_paragraph(out, page, 2, 2, line->data);
    out->failed = out->failed || line->failed;
    rs_buffer_clear(line);
}

static void cell_count(struct rs_grid *grid, size_t count)
{
    char text[RS_HUMAN_TEXT];
    snprintf(text, sizeof(text), "%zu", count);
    rs_grid_cell(grid, text, NULL);
}

static void cell_price(struct rs_grid *grid, double value, double size)
{
    char text[RS_HUMAN_TEXT];
    rs_human_price(value, size, text);
    rs_grid_cell(grid, text, NULL);
}

static void put_head(const struct rs_backtest *test, size_t machines, const struct rs_page *page,
                     struct rs_buffer *out, struct rs_buffer *line)
{
    char from[RS_HUMAN_TEXT], cut[RS_HUMAN_TEXT], to[RS_HUMAN_TEXT], span[RS_HUMAN_TEXT];
    rs_human_when(test->seen_from, from);
    rs_human_when(test->hidden.from, cut);
    rs_human_when(test->hidden.to, to);
    rs_human_span(test->hidden.to - test->hidden.from, span);
    rs_buffer_printf(line,
                     "Advised from %s to %s UTC, judged on the %s after, to %s; %zu machine%s",
                     from, cut, span, to, machines, machines == 1 ? "" : "s");
    put_line(out, page, line);
}

static void total_row(struct rs_grid *grid, const char *name, const struct rs_backtest_totals *t,
                      bool as_it_is)
{
    double then = as_it_is ? t->monthly_now : t->monthly_then;
    size_t lacking = as_it_is ? t->short_now : t->short_then;
    rs_proof_cell_text(grid, name);
    cell_count(grid, as_it_is ? 0 : t->moves);
    cell_price(grid, then, t->monthly_now);
    cell_price(grid, t->monthly_now - then, t->monthly_now);
    rs_proof_cell_share(grid, then / t->monthly_now);
    cell_count(grid, lacking);
    rs_proof_cell_share(grid, (double)lacking / (double)t->machines);
    cell_count(grid, as_it_is ? 0 : t->newly_short);
}

static enum rs_status put_totals(const struct rs_backtest *test, const struct rs_page *page,
                                 struct rs_buffer *out, struct rs_error *err)
{
    static const char *const titles[] = {"POLICY", "MOVES", "MONTHLY", "SAVES",
                                         "COST",   "SHORT", "SHARE",   "NEWLY SHORT"};
    struct rs_backtest_totals totals;
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        rs_grid_column(&grid, titles[i], i == 0 ? 0 : RS_GRID_RIGHT);
    }
    for (size_t p = 0; p < test->policy_count; p++) {
        rs_backtest_totals(test, p, &totals);
        if (p == 0) {
            total_row(&grid, "(as it is)", &totals, true);
        }
        total_row(&grid, test->policies[p].name, &totals, false);
    }
    rs_buffer_char(out, '\n');
    enum rs_status rc = rs_grid_print(&grid, 0, out, err);
    rs_grid_release(&grid);
    return rc;
}

static void put_legend(const struct rs_backtest *test, const struct rs_page *page,
                       struct rs_buffer *out, struct rs_buffer *line)
{
    struct rs_backtest_totals totals;
    rs_backtest_totals(test, 0, &totals);
    rs_buffer_printf(line,
                     "MONTHLY in %s, COST as a share of what it costs as it is. SHORT: CPU, "
                     "network or disk wanted more than there is in more than %.0f %% of the "
                     "samples, or memory at all; NEWLY: and as it is, not.",
                     totals.currency != NULL ? totals.currency : "(no price)",
                     100.0 * RS_SHORT_SHARE);
    put_line(out, page, line);
    if (totals.other_currency > 0) {
        rs_buffer_printf(line,
                         "%zu machine%s with another currency or no price %s not in the sums.",
                         totals.other_currency, totals.other_currency == 1 ? "" : "s",
                         totals.other_currency == 1 ? "is" : "are");
        put_line(out, page, line);
    }
}

static void short_row(struct rs_grid *grid, const struct rs_backtest *test,
                      const struct rs_trial *trial, enum rs_dimension d)
{
    const struct rs_shortfall *s = &trial->then.dimension[d];
    char text[RS_HUMAN_TEXT], both[2 * RS_HUMAN_TEXT];
    rs_proof_cell_text(grid, test->policies[trial->policy].name);
    rs_proof_cell_text(grid, rs_proof_name(trial->id, trial->name));
    rs_proof_cell_text(grid, trial->then.offer->type);
    snprintf(both, sizeof(both), "%s%s", rs_dimension_info(d)->title,
             s->throttled ? " baseline" : "");
    rs_grid_cell(grid, both, NULL);
    rs_proof_cell_share(grid, s->share);
    snprintf(text, sizeof(text), "%.2f", s->depth);
    rs_grid_cell(grid, text, NULL);
    rs_proof_moment(s->worst_at, text);
    rs_grid_cell(grid, text, NULL);
    rs_human_span(s->longest, text);
    rs_grid_cell(grid, text, NULL);
    const struct rs_shortfall *now = &trial->now.dimension[d];
    rs_grid_cell(grid, rs_shortfall_counts(now, d) ? "yes" : "no", NULL);
}

static enum rs_status put_short(const struct rs_backtest *test, const struct rs_page *page,
                                struct rs_buffer *out, struct rs_error *err)
{
    static const char *const titles[] = {"POLICY", "INSTANCE", "TYPE",    "SHORT OF", "SHARE",
                                         "TIMES",  "WORST AT", "LONGEST", "AS IT IS"};
    bool any = false;
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        unsigned flags = i == 4 || i == 5 || i == 7 ? RS_GRID_RIGHT : 0;
        rs_grid_column(&grid, titles[i], i == 1 ? RS_GRID_NAME : flags);
    }
    for (size_t p = 0; p < test->policy_count; p++) {
        for (size_t i = 0; i < test->trial_count; i++) {
            const struct rs_trial *trial = &test->trials[i];
            for (int d = 0; trial->policy == p && d < RS_DIM_COUNT; d++) {
                if (rs_shortfall_counts(&trial->then.dimension[d], (enum rs_dimension)d)) {
                    short_row(&grid, test, trial, (enum rs_dimension)d);
                    any = true;
                }
            }
        }
    }
    rs_buffer_text(out,
                   any ? "\nWould have been short\n" : "\nNo policy would have left one short.\n");
    enum rs_status rc = any ? rs_grid_print(&grid, 0, out, err) : RS_OK;
    rs_grid_release(&grid);
    return rc;
}

static void put_untried(const struct rs_backtest *test, const struct rs_page *page,
                        struct rs_buffer *out, struct rs_buffer *line)
{
    for (size_t i = 0; i < test->untried_count; i++) {
        const struct rs_untried *u = &test->untried[i];
        rs_buffer_text(line, i == 0 ? "Not judged: " : "; ");
        rs_page_text(line, page, rs_proof_name(u->id, u->name));
        rs_buffer_text(line, " (");
        rs_page_text(line, page, u->reason);
        rs_buffer_char(line, ')');
    }
    if (test->untried_count > 0) {
        rs_buffer_char(out, '\n');
        put_line(out, page, line);
    }
}

enum rs_status rs_backtest_text(const struct rs_backtest *test, const struct rs_page *page,
                                struct rs_buffer *out, struct rs_error *err)
{
    struct rs_buffer line;
    rs_buffer_init(&line);
    put_head(test, test->trial_count / test->policy_count, page, out, &line);
    enum rs_status rc = put_totals(test, page, out, err);
    if (rc == RS_OK) {
        put_legend(test, page, out, &line);
        rc = put_short(test, page, out, err);
    }
    if (rc == RS_OK) {
        put_untried(test, page, out, &line);
        rc = rs_buffer_status(out, err);
    }
    rs_buffer_release(&line);
    return rc;
}
