/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"

#include "report/grid.h"
#include "report/human.h"
#include "report/page.h"
#include "report/why.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NARROW 97   /* below, when the peak was and how samples were read is left out */
#define TIGHTEST 92 /* below, the tightest resource of an option is left out */

static bool is_at_least(const struct rs_page *page, int width)
{
    return page->width <= 0 || page->width >= width;
}

/* The option that the columns "THEN" are about. */
static const struct rs_option_offer *best_option(const struct rs_entry *entry)
{
    const struct rs_option_offer *choice = rs_entry_choice(entry);
    return choice == NULL && entry->advice.option_count > 0 ? &entry->advice.options[0] : choice;
}

static void cell_digits(struct rs_grid *grid, double value)
{
    char text[RS_HUMAN_TEXT];
    rs_human_digits(value, text);
    rs_grid_cell(grid, text, NULL);
}

static void cell_share(struct rs_grid *grid, double share)
{
    char text[RS_HUMAN_TEXT];
    rs_human_share(share, text);
    rs_grid_cell(grid, text, NULL);
}

static void cell_moment(struct rs_grid *grid, int64_t at)
{
    char text[RS_HUMAN_TEXT];
    rs_human_when(at, text);
    rs_grid_cell(grid, at < 0 ? text : text + 5, NULL); /* the year is in the window's line */
}

static void demand_columns(struct rs_grid *grid, bool roomy, bool then)
{
    const struct {
        const char *title;
        unsigned flags;
        bool shown;
    } columns[] = {{"RESOURCE", 0, true},
                   {"UNIT", 0, true},
                   {"READ AS", 0, roomy},
                   {"USE", RS_GRID_RIGHT, true},
                   {"AT", 0, true},
                   {"PEAK", RS_GRID_RIGHT, true},
                   {"AT", 0, roomy},
                   {"FREE", RS_GRID_RIGHT, true},
                   {"NEED", RS_GRID_RIGHT, true},
                   {"HAS", RS_GRID_RIGHT, true},
                   {"NOW", RS_GRID_RIGHT, true},
                   {"THEN", RS_GRID_RIGHT, then}};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (columns[i].shown) {
            rs_grid_column(grid, columns[i].title, columns[i].flags);
        }
    }
}

static void demand_row(struct rs_grid *grid, const struct rs_entry *entry, enum rs_dimension d,
                       bool roomy)
{
    const struct rs_demand *demand = &entry->advice.demand[d];
    const struct rs_option_offer *best = best_option(entry);
    struct rs_scale scale = rs_human_scale(fmax(demand->peak, demand->need), d);
    char percentile[RS_HUMAN_TEXT], read_as[2 * RS_HUMAN_TEXT];
    rs_human_percentile(demand->percentile, percentile);
    snprintf(read_as, sizeof(read_as), "%.20s %s",
             demand->statistic != NULL ? demand->statistic : "?", percentile);
    rs_grid_cell(grid, rs_dimension_info(d)->title, NULL);
    rs_grid_cell(grid, scale.unit, NULL);
    if (roomy) {
        rs_grid_cell(grid, read_as, NULL);
    }
    cell_digits(grid, demand->used / scale.divisor);
    cell_moment(grid, demand->used_at);
    cell_digits(grid, demand->peak / scale.divisor);
    if (roomy) {
        cell_moment(grid, demand->peak_at);
    }
    cell_share(grid, demand->headroom);
    cell_digits(grid, demand->need / scale.divisor);
    cell_digits(grid, demand->capacity / scale.divisor);
    cell_share(grid, demand->used / demand->capacity);
    if (best != NULL) {
        cell_share(grid, best->utilisation[d]);
    }
}

static void put_legend(const struct rs_entry *entry, const struct rs_page *page,
                       struct rs_buffer *out)
{
    const struct rs_option_offer *best = best_option(entry);
    struct rs_buffer line;
    rs_buffer_init(&line);
    rs_buffer_text(&line, "USE is the percentile of use, AT the first sample that reaches it "
                          "(UTC), NEED = USE / (1 - FREE), NOW = USE / HAS");
    if (best != NULL) {
        rs_buffer_text(&line, ", THEN the same on ");
        rs_page_text(&line, page, best->offer->type);
    }
    rs_buffer_char(&line, '.');
    rs_page_paragraph(out, page, 2, 0, line.data);
    out->failed = out->failed || line.failed;
    rs_buffer_release(&line);
}

static void put_unmeasured(const struct rs_advice *advice, const struct rs_page *page,
                           struct rs_buffer *out)
{
    struct rs_buffer line;
    const char *separator =
        advice->current != NULL
            ? "Not measured, so no say in this: "
            : "Not measured, or of no use without the type's size, so no say in this: ";
    rs_buffer_init(&line);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (!advice->demand[d].known && rs_why_concerns(advice, (enum rs_dimension)d)) {
            rs_buffer_printf(&line, "%s%s", separator,
                             rs_dimension_info((enum rs_dimension)d)->title);
            separator = ", ";
        }
    }
    if (line.length > 0) {
        rs_buffer_char(&line, '.');
        rs_page_paragraph(out, page, 2, 0, line.data);
    }
    out->failed = out->failed || line.failed;
    rs_buffer_release(&line);
}

enum rs_status rs_explain_demand(const struct rs_entry *entry, const struct rs_page *page,
                                 struct rs_buffer *out, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    bool roomy = is_at_least(page, NARROW), any = false;
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    demand_columns(&grid, roomy, best_option(entry) != NULL);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (entry->advice.demand[d].known) {
            demand_row(&grid, entry, (enum rs_dimension)d, roomy);
            any = true;
        }
    }
    if (any) {
        rc = rs_grid_print(&grid, 2, out, err);
        put_legend(entry, page, out);
    }
    put_unmeasured(&entry->advice, page, out);
    rs_grid_release(&grid);
    return rc;
}

static void option_row(struct rs_grid *grid, const struct rs_option_offer *option, size_t rank,
                       bool tightest)
{
    char text[RS_HUMAN_TEXT], both[2 * RS_HUMAN_TEXT];
    struct rs_buffer type;
    rs_buffer_init(&type);
    snprintf(text, sizeof(text), "%zu", rank);
    rs_grid_cell(grid, text, NULL);
    rs_page_text(&type, grid->page, option->offer->type);
    rs_grid_cell(grid, type.data, NULL);
    grid->failed = grid->failed || type.failed;
    rs_buffer_release(&type);
    cell_digits(grid, option->offer->vcpus);
    cell_digits(grid, option->offer->memory_bytes / 1073741824.0);
    const double money[] = {option->monthly_price, option->monthly_saving};
    for (size_t i = 0; i < 2; i++) {
        snprintf(text, sizeof(text), isfinite(money[i]) ? "%.*f" : "?", 2, money[i]);
        rs_grid_cell(grid, text, NULL);
    }
    cell_share(grid, option->saving_share);
    cell_share(grid, option->utilisation[RS_DIM_CPU]);
    cell_share(grid, option->utilisation[RS_DIM_MEMORY]);
    if (tightest) {
        rs_human_share(option->utilisation[option->binding], text);
        snprintf(both, sizeof(both), "%.40s %s", rs_dimension_info(option->binding)->title, text);
        rs_grid_cell(grid, both, NULL);
    }
    snprintf(text, sizeof(text), isfinite(option->performance_risk) ? "%.1f" : "?",
             option->performance_risk);
    rs_grid_cell(grid, text, NULL);
}

static void put_speed(const struct rs_entry *entry, const struct rs_option_offer *option,
                      const struct rs_policy *policy, struct rs_buffer *line)
{
    if (entry->advice.current == NULL || !isfinite(option->speed) ||
        fabs(option->speed - 1.0) < 0.005) {
        return;
    }
    bool counts = rs_policy_speed(policy, entry->advice.current, option->offer) != 1.0;
    rs_buffer_printf(line, "; a vCPU has %.2f of today's speed%s", option->speed,
                     counts ? "" : ", not counted");
}

static void put_changes(const struct rs_entry *entry, const struct rs_policy *policy, size_t rank,
                        const struct rs_page *page, struct rs_buffer *out)
{
    const struct rs_option_offer *option = &entry->advice.options[rank - 1];
    const char *separator = "; differs in ";
    struct rs_buffer line;
    rs_buffer_init(&line);
    rs_buffer_printf(&line, "%zu: migration effort %s", rank,
                     option->migration_effort != NULL ? option->migration_effort : "unknown");
    for (unsigned bit = 1; bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((option->differences & bit) != 0) {
            rs_buffer_printf(&line, "%s%s", separator, rs_difference_name(bit));
            separator = ", ";
        }
    }
    if (option->differences == 0) {
        rs_buffer_text(&line, "; no platform difference");
    }
    if (option->monthly_charge > 0.0) {
        char charge[RS_HUMAN_TEXT];
        rs_human_money(option->monthly_charge, rs_entry_currency(entry), charge);
        rs_buffer_printf(&line, "; ranked with %s a month for the free memory given up", charge);
    }
    put_speed(entry, option, policy, &line);
    if (isfinite(option->lowest_credits)) {
        char at[RS_HUMAN_TEXT];
        rs_human_when(option->lowest_credits_at, at);
        rs_buffer_printf(&line, "; CPU credits, simulated on these samples, never below %.0f (%s)",
                         option->lowest_credits, at);
    }
    if ((option->offer->flags & RS_OFFER_PRICE_ESTIMATED) != 0) {
        rs_buffer_text(&line, "; the price is an estimate");
    }
    rs_page_paragraph(out, page, 5, 3, line.data);
    out->failed = out->failed || line.failed;
    rs_buffer_release(&line);
}

static void option_columns(struct rs_grid *grid, bool tightest)
{
    const struct {
        const char *title;
        unsigned flags;
        bool shown;
    } columns[] = {{"#", RS_GRID_RIGHT, true},       {"TYPE", 0, true},
                   {"VCPU", RS_GRID_RIGHT, true},    {"GiB", RS_GRID_RIGHT, true},
                   {"A MONTH", RS_GRID_RIGHT, true}, {"SAVES", RS_GRID_RIGHT, true},
                   {"SHARE", RS_GRID_RIGHT, true},   {"CPU", RS_GRID_RIGHT, true},
                   {"MEMORY", RS_GRID_RIGHT, true},  {"TIGHTEST", 0, tightest},
                   {"RISK 0-4", RS_GRID_RIGHT, true}};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (columns[i].shown) {
            rs_grid_column(grid, columns[i].title, columns[i].flags);
        }
    }
}

enum rs_status rs_explain_options(const struct rs_entry *entry, const struct rs_policy *policy,
                                  const struct rs_page *page, struct rs_buffer *out,
                                  struct rs_error *err)
{
    const struct rs_advice *advice = &entry->advice;
    bool tightest = is_at_least(page, TIGHTEST);
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    option_columns(&grid, tightest);
    for (size_t i = 0; i < advice->option_count; i++) {
        option_row(&grid, &advice->options[i], i + 1, tightest);
    }
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    for (size_t i = 0; rc == RS_OK && i < advice->option_count; i++) {
        put_changes(entry, policy, i + 1, page, out);
    }
    return rc;
}
