/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The price-performance curve as a table. */
#include "report/proof.h"

#include "report/page.h"

#include <math.h>
#include <stdio.h>

static bool is_judged(const struct rs_curve *curve, int d)
{
    for (size_t i = 0; i < curve->count; i++) {
        if (!isnan(curve->points[i].share[d])) {
            return true;
        }
    }
    return false;
}

static void columns(struct rs_grid *grid, const struct rs_curve *curve)
{
    static const char *const titles[RS_DIM_COUNT] = {"CPU",      "MEMORY",  "NET IN",  "NET OUT",
                                                     "PACKETS",  "EBS B/s", "EBS OPS", "DISK B/s",
                                                     "DISK OPS", "GPU",     "GPU MEM"};
    rs_grid_column(grid, "TYPE", 0);
    rs_grid_column(grid, "VCPU", RS_GRID_RIGHT);
    rs_grid_column(grid, "GiB", RS_GRID_RIGHT);
    rs_grid_column(grid, "A MONTH", RS_GRID_RIGHT);
    rs_grid_column(grid, "SHORT", RS_GRID_RIGHT);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (is_judged(curve, d)) {
            rs_grid_column(grid, titles[d], RS_GRID_RIGHT);
        }
    }
    rs_grid_column(grid, "", 0);
}

static void row(struct rs_grid *grid, const struct rs_curve *curve,
                const struct rs_curve_point *point)
{
    char text[RS_HUMAN_TEXT];
    rs_proof_cell_text(grid, point->offer->type);
    rs_human_digits(point->offer->vcpus, text);
    rs_grid_cell(grid, text, NULL);
    rs_human_digits(point->offer->memory_bytes / 1073741824.0, text);
    rs_grid_cell(grid, text, NULL);
    snprintf(text, sizeof(text), isfinite(point->monthly_price) ? "%.2f" : "?",
             point->monthly_price);
    rs_grid_cell(grid, text, NULL);
    rs_proof_cell_share(grid, point->worst);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (is_judged(curve, d)) {
            rs_proof_cell_share(grid, point->share[d]);
        }
    }
    rs_grid_cell(grid, point->current ? "today" : "", NULL);
}

enum rs_status rs_curve_text(const struct rs_curve *curve, const struct rs_page *page,
                             struct rs_buffer *out, struct rs_error *err)
{
    char text[256];
    struct rs_grid grid;
    rs_grid_init(&grid, page);
    columns(&grid, curve);
    for (size_t i = 0; i < curve->count; i++) {
        row(&grid, curve, &curve->points[i]);
    }
    rs_buffer_text(out, "\nPrice and performance\n");
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    if (rc == RS_OK) {
        snprintf(text, sizeof(text),
                 "Share of the samples that want more than the type has. Of %zu types that pass "
                 "the gates, those to which no type as cheap is less short; SHORT is the worst "
                 "resource.",
                 curve->judged);
        rs_page_paragraph(out, page, 2, 0, text);
        rc = rs_buffer_status(out, err);
    }
    return rc;
}
