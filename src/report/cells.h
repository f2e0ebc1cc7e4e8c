/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.h - the render functions of rs_columns: cells.c for programs, cells_people.c for people. */
#ifndef REPORT_CELLS_H
#define REPORT_CELLS_H

#include "report/columns.h"

typedef void rs_render_fn(const struct rs_cell *cell, struct rs_buffer *out);

extern rs_render_fn rs_show_account, rs_show_binding, rs_show_capacity, rs_show_confidence,
    rs_show_coverage, rs_show_coverage_percent, rs_show_cpu_then, rs_show_currency,
    rs_show_data_from, rs_show_data_to, rs_show_differences, rs_show_effort, rs_show_finding,
    rs_show_finding_word, rs_show_id, rs_show_instance, rs_show_memory, rs_show_memory_move,
    rs_show_memory_then, rs_show_monthly, rs_show_move, rs_show_name, rs_show_need, rs_show_notes,
    rs_show_option_cpu, rs_show_option_differences, rs_show_option_effort, rs_show_option_mem_use,
    rs_show_option_memory, rs_show_option_monthly, rs_show_option_risk, rs_show_option_saving,
    rs_show_option_share, rs_show_option_type, rs_show_option_vcpus, rs_show_peak, rs_show_platform,
    rs_show_prices, rs_show_provider, rs_show_reasons, rs_show_recommended, rs_show_region,
    rs_show_risk, rs_show_running_share, rs_show_samples, rs_show_saves, rs_show_saves_share,
    rs_show_saving, rs_show_state, rs_show_tags, rs_show_type, rs_show_used, rs_show_used_at,
    rs_show_vcpus, rs_show_vcpus_move, rs_show_why, rs_show_window_from, rs_show_window_to,
    rs_show_chance, rs_show_reserved, rs_show_observations, rs_show_same, rs_show_option_1y,
    rs_show_option_3y, rs_show_option_spot;

#endif
