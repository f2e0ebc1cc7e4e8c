/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated move over time. */
#include "report/proof.h"

#include "report/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROWS 14 /* of the table: two weeks by day, a quarter by week */

/* The highest share of the new capacity in the window; NaN: no sample, or no capacity known. */
static double highest(const struct rs_simulation *s, enum rs_dimension d, struct rs_window window)
{
    const struct rs_series *demand = &s->traces.demand[d];
    double most = NAN;
    int64_t first = window.from <= demand->from ? 0 : (window.from - demand->from) / demand->step;
    for (size_t i = (size_t)first; i < demand->slots && rs_series_at(demand, i) < window.to; i++) {
        if (rs_series_at(demand, i) >= window.from) {
            most = fmax(most, demand->values[i]); /* NaN gives way */
        }
    }
    return most / rs_simulation_capacity(s, d);
}

/* The span of `seconds` that begins with the UTC day of the window's start, or follows it. */
static struct rs_window span_at(struct rs_window window, int64_t seconds, int64_t index)
{
    int64_t start = window.from - window.from % RS_DAY_SECONDS + index * seconds;
    int64_t end = start + seconds;
    return (struct rs_window){start > window.from ? start : window.from,
                              end < window.to ? end : window.to};
}

static void span_row(struct rs_grid *grid, const struct rs_simulation *s, struct rs_window span)
{
    char text[RS_HUMAN_TEXT];
    rs_human_when(span.from, text);
    text[10] = '\0'; /* the day */
    rs_grid_cell(grid, text, NULL);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_traces_has(&s->traces, (enum rs_dimension)d)) {
            double share = highest(s, (enum rs_dimension)d, span);
            rs_human_share(share, text);
            rs_grid_cell(grid, isnan(share) ? "-" : text, share > 1.0 ? "red" : NULL);
        }
    }
}

enum rs_status rs_simulation_spans(const struct rs_simulation *simulation,
                                   const struct rs_page *page, struct rs_buffer *out,
                                   struct rs_error *err)
{
    struct rs_window window = simulation->window;
    int64_t first = window.from - window.from % RS_DAY_SECONDS;
    int64_t days = (window.to - first + RS_DAY_SECONDS - 1) / RS_DAY_SECONDS;
    int64_t each = (days + ROWS - 1) / ROWS;
    char title[RS_HUMAN_TEXT] = "DAY";
    struct rs_grid grid;
    if (each > 1) {
        snprintf(title, sizeof(title), "%lld DAYS FROM", (long long)each);
    }
    rs_grid_init(&grid, page);
    rs_grid_column(&grid, title, 0);
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        if (rs_traces_has(&simulation->traces, (enum rs_dimension)d)) {
            rs_grid_column(&grid, rs_dimension_info((enum rs_dimension)d)->title, RS_GRID_RIGHT);
        }
    }
    for (int64_t i = 0; i * each < days; i++) {
        span_row(&grid, simulation, span_at(window, each * RS_DAY_SECONDS, i));
    }
    rs_buffer_text(out, "\n  The highest use, as a share of what it would have\n");
    enum rs_status rc = rs_grid_print(&grid, 2, out, err);
    rs_grid_release(&grid);
    return rc;
}

void rs_simulation_write_days(const struct rs_simulation *s, struct rs_writer *w)
{
    rs_writer_array(w, "days");
    for (int64_t i = 0;; i++) {
        struct rs_window span = span_at(s->window, RS_DAY_SECONDS, i);
        if (span.from >= s->window.to) {
            break;
        }
        rs_writer_object(w, NULL);
        rs_writer_when(w, "from", span.from);
        rs_writer_row(w, "max_utilisation_then");
        for (int d = 0; d < RS_DIM_COUNT; d++) {
            if (rs_traces_has(&s->traces, (enum rs_dimension)d)) {
                rs_writer_rounded(w, rs_dimension_info((enum rs_dimension)d)->name,
                                  highest(s, (enum rs_dimension)d, span));
            }
        }
        rs_writer_end(w);
        rs_writer_end(w);
    }
    rs_writer_end(w);
}
