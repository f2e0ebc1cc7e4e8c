/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cells.h"

#include "report/human.h"
#include "report/page.h"
#include "report/why.h"

#include <math.h>
#include <string.h>

#define GIB 1073741824.0

void rs_show_finding_word(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_advice *advice = &cell->entry->advice;
    rs_buffer_text(out, rs_human_finding(advice->finding));
    if (advice->confidence == RS_CONFIDENCE_LOW && advice->finding != RS_FINDING_UNKNOWN) {
        rs_buffer_char(out, '?');
    }
}

void rs_show_why(const struct rs_cell *cell, struct rs_buffer *out)
{
    rs_why(cell->entry, cell->page->width > 0 && cell->page->width < RS_BRIEF_BELOW, out);
}

void rs_show_coverage_percent(const struct rs_cell *cell, struct rs_buffer *out)
{
    if (isfinite(cell->entry->advice.coverage)) {
        rs_buffer_printf(out, "%.0f", 100.0 * cell->entry->advice.coverage);
    }
}

/* The move, for people: today's and the new figure */

void rs_show_move(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    rs_buffer_text(out, cell->entry->type != NULL ? cell->entry->type : "?");
    if (choice != NULL) {
        rs_buffer_printf(out, " %s %s", rs_page_arrow(cell->page), choice->offer->type);
    }
}

static void append_currency(const struct rs_cell *cell, struct rs_buffer *out)
{
    const char *own = rs_entry_currency(cell->entry);
    if (own != NULL && cell->currency != NULL && strcmp(own, cell->currency) != 0) {
        rs_buffer_printf(out, " %s", own);
    }
}

void rs_show_prices(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    double now = cell->entry->advice.current_monthly;
    double then = choice != NULL ? choice->monthly_price : now;
    char text[RS_HUMAN_TEXT];
    rs_human_price(now, then, text);
    rs_buffer_text(out, text);
    if (choice != NULL) {
        rs_human_price(then, now, text);
        rs_buffer_printf(out, " %s %s", rs_page_arrow(cell->page), text);
    }
    append_currency(cell, out);
}

void rs_show_saves(const struct rs_cell *cell, struct rs_buffer *out)
{
    char text[RS_HUMAN_TEXT];
    if (rs_entry_choice(cell->entry) == NULL && cell->entry->advice.finding != RS_FINDING_UNKNOWN) {
        rs_buffer_char(out, '-');
        return;
    }
    rs_human_price(rs_entry_saving(cell->entry), cell->entry->advice.current_monthly, text);
    rs_buffer_text(out, text);
    append_currency(cell, out);
}

void rs_show_saves_share(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    if (choice != NULL && isfinite(choice->saving_share)) {
        rs_buffer_printf(out, "%.0f", 100.0 * choice->saving_share);
    }
}

static void put_capacity(const struct rs_offer *offer, enum rs_dimension d, double unit,
                         struct rs_buffer *out)
{
    double capacity = offer != NULL ? rs_offer_capacity(offer, d) : NAN;
    if (isfinite(capacity)) {
        rs_buffer_printf(out, "%.6g", capacity / unit);
    } else {
        rs_buffer_char(out, '?');
    }
}

static void put_pair(const struct rs_cell *cell, enum rs_dimension d, double unit,
                     struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    put_capacity(cell->entry->advice.current, d, unit, out);
    if (choice != NULL) {
        rs_buffer_printf(out, " %s ", rs_page_arrow(cell->page));
        put_capacity(choice->offer, d, unit, out);
    }
}

void rs_show_vcpus_move(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_pair(cell, RS_DIM_CPU, 1.0, out);
}

void rs_show_memory_move(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_pair(cell, RS_DIM_MEMORY, GIB, out);
}

static void put_then(const struct rs_cell *cell, enum rs_dimension d, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    const struct rs_demand *demand = &cell->entry->advice.demand[d];
    double share = choice != NULL ? choice->utilisation[d] : demand->used / demand->capacity;
    if (demand->known && isfinite(share)) {
        rs_buffer_printf(out, "%.0f", 100.0 * share);
    } else {
        rs_buffer_char(out, '?');
    }
}

void rs_show_cpu_then(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_then(cell, RS_DIM_CPU, out);
}

void rs_show_memory_then(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_then(cell, RS_DIM_MEMORY, out);
}

void rs_show_risk(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    if (choice != NULL && isfinite(choice->performance_risk)) {
        rs_buffer_printf(out, "%.1f", choice->performance_risk);
    }
}

/* The resource that is most likely short next week. */
void rs_show_chance(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    double most = NAN;
    for (int d = 0; choice != NULL && d < RS_DIM_COUNT; d++) {
        most = fmax(most, choice->chance[d]); /* NaN gives way */
    }
    if (isfinite(most)) {
        rs_buffer_printf(out, "%.0f", 100.0 * most);
    }
}

void rs_show_reserved(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    if (choice != NULL && choice->monthly_reserved_1y > 0.0) {
        rs_buffer_printf(out, "%.2f", choice->monthly_reserved_1y);
        append_currency(cell, out);
    }
}
