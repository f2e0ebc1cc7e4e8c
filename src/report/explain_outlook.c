/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"
#include "report/grid.h"
#include "report/human.h"
#include "report/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEAST_TOLD 0.0005 /* less would be rounded to nothing */

static void cell_share(struct rs_grid *grid, double share)
{
    char text[RS_HUMAN_TEXT];
    rs_human_share(share, text);
    bool tiny = share > 0.0 && share < LEAST_TOLD;
    rs_grid_cell(grid, !isfinite(share) ? "-" : tiny ? "< 0.1 %" : text, NULL);
}

static void cell_money(struct rs_grid *grid, double value)
{
    char text[RS_HUMAN_TEXT];
    snprintf(text, sizeof(text), "%.2f", value);
    rs_grid_cell(grid, value > 0.0 ? text : "-", NULL);
}

static void begin_row(struct rs_grid *grid, const char *rank, const char *type)
{
    struct rs_buffer shown;
    rs_buffer_init(&shown);
    rs_page_text(&shown, grid->page, type);
    rs_grid_cell(grid, rank, NULL);
    rs_grid_cell(grid, shown.data, NULL);
    grid->failed = grid->failed || shown.failed;
    rs_buffer_release(&shown);
}

static void begin_option(struct rs_grid *grid, const struct rs_advice *advice, size_t i)
{
    char rank[RS_HUMAN_TEXT];
    snprintf(rank, sizeof(rank), "%zu", i + 1);
    begin_row(grid, rank, advice->options[i].offer->type);
}

static double highest(const double *shares)
{
    double most = NAN;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        most = fmax(most, shares[d]); /* NaN gives way */
    }
    return most;
}

/* The resources of which any option may be short. */
static unsigned in_doubt(const struct rs_advice *advice)
{
    unsigned bits = 0;
    for (size_t i = 0; i < advice->option_count; i++) {
        for (int d = 0; d < RS_DIM_COUNT; d++) {
            const struct rs_option_offer *option = &advice->options[i];
            bits |= option->chance[d] >= LEAST_TOLD || option->short_share[d] > 0.0 ? 1U << d : 0;
        }
    }
    return bits;
}

static enum rs_status put_chances(const struct rs_entry *entry, const struct rs_page *page,
                                  struct rs_buffer *out, struct rs_error *err)
{
    const struct rs_advice *advice = &entry->advice;
    unsigned shown = in_doubt(advice);
    struct rs_grid grid;
    if (shown == 0) {
        return RS_OK;
    }
    rs_explain_heading(out, "Chance to be short next week");
    rs_grid_init(&grid, page);
    rs_grid_column(&grid, "#", RS_GRID_RIGHT);
    rs_grid_column(&grid, "TYPE", 0);
    rs_grid_column(&grid, "RISK", 0);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if ((shown & 1U << d) != 0) {
            rs_grid_column(&grid, rs_dimension_info((enum rs_dimension)d)->title, RS_GRID_RIGHT);
        }
    }
    rs_grid_column(&grid, "SHORT SO FAR", RS_GRID_RIGHT);
    for (size_t i = 0; i < advice->option_count; i++) {
        begin_option(&grid, advice, i);
        rs_grid_cell(&grid, rs_risk_word(advice->options[i].performance_risk), NULL);
        for (int d = 0; d < RS_DIM_COUNT; d++) {
            if ((shown & 1U << d) != 0) {
                cell_share(&grid, advice->options[i].chance[d]);
            }
        }
        cell_share(&grid, highest(advice->options[i].short_share));
    }
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    rs_page_paragraph(out, page, 2, 0,
                      "The chance that next week's highest sample exceeds what the type has; SHORT "
                      "SO FAR is the share of these samples that it would not have held.");
    return rc;
}

static bool has_more_prices(const struct rs_advice *advice)
{
    bool any = false;
    for (size_t i = 0; i < advice->option_count; i++) {
        const struct rs_option_offer *option = &advice->options[i];
        any = any || option->monthly_reserved_1y > 0.0 || option->monthly_reserved_3y > 0.0 ||
              option->monthly_spot > 0.0 || option->monthly_surplus > 0.0;
    }
    return any;
}

static enum rs_status put_prices(const struct rs_entry *entry, const struct rs_page *page,
                                 struct rs_buffer *out, struct rs_error *err)
{
    const struct rs_advice *advice = &entry->advice;
    static const char *const titles[] = {"ON DEMAND", "1 YEAR", "3 YEARS", "SPOT",
                                         "SURPLUS CREDITS"};
    struct rs_grid grid;
    if (!has_more_prices(advice)) {
        return RS_OK;
    }
    rs_explain_heading(out, "Prices a month");
    rs_grid_init(&grid, page);
    rs_grid_column(&grid, "#", RS_GRID_RIGHT);
    rs_grid_column(&grid, "TYPE", 0);
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        rs_grid_column(&grid, titles[i], RS_GRID_RIGHT);
    }
    for (size_t i = 0; i < advice->option_count; i++) {
        const struct rs_option_offer *option = &advice->options[i];
        const double money[] = {option->monthly_price, option->monthly_reserved_1y,
                                option->monthly_reserved_3y, option->monthly_spot,
                                option->monthly_surplus};
        begin_option(&grid, advice, i);
        for (size_t k = 0; k < sizeof(money) / sizeof(money[0]); k++) {
            cell_money(&grid, money[k]);
        }
    }
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    return rc;
}

enum rs_status rs_explain_outlook(const struct rs_entry *entry, const struct rs_page *page,
                                  struct rs_buffer *out, struct rs_error *err)
{
    enum rs_status rc = put_chances(entry, page, out, err);
    return rc == RS_OK ? put_prices(entry, page, out, err) : rc;
}
