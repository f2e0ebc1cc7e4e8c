/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cells.h"

#include "report/json_writer.h"
#include "rightsize/number.h"

#include <math.h>

#define MIB 1048576.0

static void put_text(struct rs_buffer *out, const char *text)
{
    rs_buffer_text(out, text != NULL ? text : "");
}

static void put_number(struct rs_buffer *out, double value)
{
    char text[RS_NUMBER_TEXT];
    if (isfinite(value)) {
        rs_number_format(value == 0.0 ? 0.0 : value, text);
        rs_buffer_text(out, text);
    }
}

static void put_when(struct rs_buffer *out, int64_t at)
{
    char text[RS_WHEN_TEXT];
    if (at >= 0) {
        rs_when_format(at, text);
        rs_buffer_text(out, text);
    }
}

static const struct rs_option_offer *option_of(const struct rs_cell *cell)
{
    const struct rs_advice *advice = &cell->entry->advice;
    return cell->option < advice->option_count ? &advice->options[cell->option] : NULL;
}

/* What is known of the machine */

void rs_show_instance(const struct rs_cell *cell, struct rs_buffer *out)
{
    const char *name = cell->entry->name;
    put_text(out, name != NULL && name[0] != '\0' ? name : cell->entry->id);
}

#define TEXT_COLUMN(member)                                                                        \
    void rs_show_##member(const struct rs_cell *cell, struct rs_buffer *out)                       \
    {                                                                                              \
        put_text(out, cell->entry->member);                                                        \
    }
TEXT_COLUMN(id)
TEXT_COLUMN(name)
TEXT_COLUMN(provider)
TEXT_COLUMN(account)
TEXT_COLUMN(region)
TEXT_COLUMN(state)
TEXT_COLUMN(platform)
TEXT_COLUMN(type)

void rs_show_tags(const struct rs_cell *cell, struct rs_buffer *out)
{
    for (size_t i = 0; i < cell->entry->tag_count; i++) {
        rs_buffer_text(out, i > 0 ? ";" : "");
        put_text(out, cell->entry->tags[i].key);
        rs_buffer_char(out, '=');
        put_text(out, cell->entry->tags[i].value);
    }
}

void rs_show_vcpus(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_offer *offer = cell->entry->advice.current;
    put_number(out, offer != NULL ? offer->vcpus : NAN);
}

void rs_show_memory(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_offer *offer = cell->entry->advice.current;
    put_number(out, offer != NULL ? offer->memory_bytes / MIB : NAN);
}

void rs_show_currency(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_text(out, rs_entry_currency(cell->entry));
}

void rs_show_monthly(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, rs_round4(cell->entry->advice.current_monthly));
}

/* What was found */

void rs_show_finding(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_text(out, rs_finding_name(cell->entry->advice.finding));
}

void rs_show_confidence(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_text(out, rs_confidence_name(cell->entry->advice.confidence));
}

void rs_show_reasons(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_advice *advice = &cell->entry->advice;
    for (size_t i = 0; i < advice->reason_count; i++) {
        rs_buffer_text(out, i > 0 ? " " : "");
        put_text(out, advice->reasons[i].code);
    }
}

void rs_show_notes(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_advice *advice = &cell->entry->advice;
    for (size_t i = 0; i < advice->note_count; i++) {
        rs_buffer_text(out, i > 0 ? " " : "");
        put_text(out, advice->notes[i].code);
    }
}

void rs_show_observations(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_advice *advice = &cell->entry->advice;
    for (size_t i = 0; i < advice->observation_count; i++) {
        rs_buffer_text(out, i > 0 ? " " : "");
        put_text(out, advice->observations[i].code);
    }
}

void rs_show_same(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_bootstrap *bootstrap = &cell->entry->advice.bootstrap;
    put_number(out, bootstrap->resamples > 0 ? rs_round4(100.0 * bootstrap->same) : NAN);
}

void rs_show_binding(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_advice *advice = &cell->entry->advice;
    put_text(out, advice->binding_known ? rs_dimension_info(advice->binding)->name : NULL);
}

void rs_show_recommended(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    put_text(out, choice != NULL ? choice->offer->type : NULL);
}

void rs_show_saving(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, rs_round4(rs_entry_saving(cell->entry)));
}

/* The data behind it */

void rs_show_window_from(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_when(out, cell->report->window.from);
}

void rs_show_window_to(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_when(out, cell->report->window.to);
}

void rs_show_data_from(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_when(out, cell->entry->advice.data_from);
}

void rs_show_data_to(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_when(out, cell->entry->advice.data_to);
}

void rs_show_samples(const struct rs_cell *cell, struct rs_buffer *out)
{
    rs_buffer_printf(out, "%zu", cell->entry->advice.samples);
}

void rs_show_coverage(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, cell->entry->advice.coverage);
}

void rs_show_running_share(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, cell->entry->advice.running_share);
}

static const struct rs_demand *demand_of(const struct rs_cell *cell)
{
    return &cell->entry->advice.demand[cell->dimension];
}

void rs_show_used(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, demand_of(cell)->known ? demand_of(cell)->used : NAN);
}

void rs_show_used_at(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_when(out, demand_of(cell)->known ? demand_of(cell)->used_at : -1);
}

void rs_show_need(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, demand_of(cell)->known ? demand_of(cell)->need : NAN);
}

void rs_show_peak(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, demand_of(cell)->known ? demand_of(cell)->peak : NAN);
}

void rs_show_capacity(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_number(out, demand_of(cell)->capacity);
}

/* One option of the CSV */

static void put_differences(const struct rs_option_offer *option, struct rs_buffer *out)
{
    const char *separator = "";
    for (unsigned bit = 1; option != NULL && bit <= RS_DIFFERS_VIRTUALIZATION; bit <<= 1) {
        if ((option->differences & bit) != 0) {
            rs_buffer_printf(out, "%s%s", separator, rs_difference_name(bit));
            separator = " ";
        }
    }
}

void rs_show_option_type(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_text(out, option != NULL ? option->offer->type : NULL);
}

void rs_show_option_vcpus(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? option->offer->vcpus : NAN);
}

void rs_show_option_memory(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? option->offer->memory_bytes / MIB : NAN);
}

void rs_show_option_monthly(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? rs_round4(option->monthly_price) : NAN);
}

void rs_show_option_saving(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? rs_round4(option->monthly_saving) : NAN);
}

void rs_show_option_share(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? rs_round4(100.0 * option->saving_share) : NAN);
}

void rs_show_option_risk(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? option->performance_risk : NAN);
}

void rs_show_option_cpu(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? rs_round4(100.0 * option->utilisation[RS_DIM_CPU]) : NAN);
}

void rs_show_option_mem_use(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_number(out, option != NULL ? rs_round4(100.0 * option->utilisation[RS_DIM_MEMORY]) : NAN);
}

static void put_price(double monthly, struct rs_buffer *out)
{
    put_number(out, monthly > 0.0 ? rs_round4(monthly) : NAN);
}

void rs_show_option_1y(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_price(option != NULL ? option->monthly_reserved_1y : NAN, out);
}

void rs_show_option_3y(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_price(option != NULL ? option->monthly_reserved_3y : NAN, out);
}

void rs_show_option_spot(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_price(option != NULL ? option->monthly_spot : NAN, out);
}

void rs_show_option_effort(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *option = option_of(cell);
    put_text(out, option != NULL ? option->migration_effort : NULL);
}

void rs_show_option_differences(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_differences(option_of(cell), out);
}

void rs_show_effort(const struct rs_cell *cell, struct rs_buffer *out)
{
    const struct rs_option_offer *choice = rs_entry_choice(cell->entry);
    put_text(out, choice != NULL ? choice->migration_effort : NULL);
}

void rs_show_differences(const struct rs_cell *cell, struct rs_buffer *out)
{
    put_differences(rs_entry_choice(cell->entry), out);
}
