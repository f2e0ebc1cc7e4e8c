/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"

#include "report/cells.h"

#include <stddef.h>
#include <string.h>

#define TABLE RS_COLUMN_TABLE
#define WIDE RS_COLUMN_WIDE
#define MARKDOWN RS_COLUMN_MARKDOWN
#define CSV RS_COLUMN_CSV
#define DEMAND RS_COLUMN_CSV_DEMAND
#define OPTION RS_COLUMN_CSV_OPTION
#define NUMBER RS_COLUMN_NUMBER
#define NAME RS_COLUMN_NAME
#define PEOPLE (TABLE | WIDE | MARKDOWN)

const struct rs_column rs_columns[] = {
    {"instance", "INSTANCE", NULL, TABLE | MARKDOWN | NAME, rs_show_instance},
    {"id", "ID", NULL, WIDE | CSV, rs_show_id},
    {"name", "NAME", NULL, WIDE | CSV | NAME, rs_show_name},
    {"provider", "PROVIDER", NULL, CSV, rs_show_provider},
    {"account", "ACCOUNT", NULL, WIDE | CSV, rs_show_account},
    {"region", "REGION", NULL, WIDE | CSV | MARKDOWN, rs_show_region},
    {"state", "STATE", NULL, CSV, rs_show_state},
    {"platform", "PLATFORM", NULL, CSV, rs_show_platform},
    {"tags", "TAGS", NULL, CSV, rs_show_tags},
    {"type", "TYPE", NULL, CSV, rs_show_type},
    {"vcpus", "VCPU", NULL, CSV | NUMBER, rs_show_vcpus},
    {"memory_mib", "MEMORY", "MiB", CSV | NUMBER, rs_show_memory},
    {"currency", "CURRENCY", NULL, CSV, rs_show_currency},
    {"monthly_cost", "MONTHLY", "$", CSV | NUMBER, rs_show_monthly},
    {"finding", "FINDING", NULL, CSV, rs_show_finding},
    {"found", "FINDING", NULL, PEOPLE | RS_COLUMN_FINDING, rs_show_finding_word},
    {"recommended_type", "BEST", NULL, CSV, rs_show_recommended},
    {"saving_monthly", "SAVES", "$", CSV | NUMBER, rs_show_saving},
    {"move", "TYPE", NULL, PEOPLE, rs_show_move},
    {"prices", "MONTHLY", "$", PEOPLE | NUMBER, rs_show_prices},
    {"saves", "SAVES", "$", PEOPLE | NUMBER, rs_show_saves},
    {"saves_percent", "SAVES", "%", WIDE | MARKDOWN | NUMBER, rs_show_saves_share},
    {"vcpus_move", "VCPU", NULL, WIDE | NUMBER, rs_show_vcpus_move},
    {"memory_move", "MEMORY", "GiB", WIDE | NUMBER, rs_show_memory_move},
    {"cpu_then", "CPU THEN", "%", WIDE | NUMBER, rs_show_cpu_then},
    {"memory_then", "MEMORY THEN", "%", WIDE | NUMBER, rs_show_memory_then},
    {"risk", "RISK", "0-4", WIDE | MARKDOWN | NUMBER, rs_show_risk},
    {"chance", "CHANCE", "%", WIDE | NUMBER, rs_show_chance},
    {"reserved_1y", "1 YEAR", "$", WIDE | NUMBER, rs_show_reserved},
    {"effort", "EFFORT", NULL, WIDE, rs_show_effort},
    {"differences", "DIFFERENCES", NULL, WIDE, rs_show_differences},
    {"confidence", "CONFIDENCE", NULL, WIDE | CSV | MARKDOWN, rs_show_confidence},
    {"binding", "BINDING", NULL, CSV, rs_show_binding},
    {"window_from", "FROM", NULL, CSV, rs_show_window_from},
    {"window_to", "TO", NULL, CSV, rs_show_window_to},
    {"data_from", "DATA FROM", NULL, CSV, rs_show_data_from},
    {"data_to", "DATA TO", NULL, CSV, rs_show_data_to},
    {"samples", "SAMPLES", NULL, WIDE | CSV | NUMBER, rs_show_samples},
    {"coverage", "COVERAGE", NULL, CSV | NUMBER, rs_show_coverage},
    {"coverage_percent", "COVERAGE", "%", WIDE | NUMBER, rs_show_coverage_percent},
    {"running_share", "RUNNING", NULL, CSV | NUMBER, rs_show_running_share},
    {"reasons", "REASONS", NULL, WIDE | CSV, rs_show_reasons},
    {"notes", "NOTES", NULL, CSV, rs_show_notes},
    {"observations", "SEEN", NULL, WIDE | CSV, rs_show_observations},
    {"same_percent", "SAME", "%", WIDE | CSV | NUMBER, rs_show_same},
    {"why", "WHY", NULL, PEOPLE | RS_COLUMN_WRAP, rs_show_why},
    {"used", "USE", NULL, DEMAND | NUMBER, rs_show_used},
    {"used_at", "WHEN", NULL, DEMAND, rs_show_used_at},
    {"peak", "PEAK", NULL, DEMAND | NUMBER, rs_show_peak},
    {"need", "NEED", NULL, DEMAND | NUMBER, rs_show_need},
    {"capacity", "HAS", NULL, DEMAND | NUMBER, rs_show_capacity},
    {"option_type", "TYPE", NULL, OPTION, rs_show_option_type},
    {"option_vcpus", "VCPU", NULL, OPTION | NUMBER, rs_show_option_vcpus},
    {"option_memory_mib", "MEMORY", "MiB", OPTION | NUMBER, rs_show_option_memory},
    {"option_monthly_cost", "MONTHLY", "$", OPTION | NUMBER, rs_show_option_monthly},
    {"option_saving_monthly", "SAVES", "$", OPTION | NUMBER, rs_show_option_saving},
    {"option_saving_percent", "SAVES", "%", OPTION | NUMBER, rs_show_option_share},
    {"option_performance_risk", "RISK", "0-4", OPTION | NUMBER, rs_show_option_risk},
    {"option_cpu_percent", "CPU", "%", OPTION | NUMBER, rs_show_option_cpu},
    {"option_memory_percent", "MEMORY", "%", OPTION | NUMBER, rs_show_option_mem_use},
    {"option_reserved_1y_monthly", "1 YEAR", "$", OPTION | NUMBER, rs_show_option_1y},
    {"option_reserved_3y_monthly", "3 YEARS", "$", OPTION | NUMBER, rs_show_option_3y},
    {"option_spot_monthly", "SPOT", "$", OPTION | NUMBER, rs_show_option_spot},
    {"option_migration_effort", "EFFORT", NULL, OPTION, rs_show_option_effort},
    {"option_platform_differences", "DIFFERENCES", NULL, OPTION, rs_show_option_differences},
    {NULL, NULL, NULL, 0, NULL}};

void rs_column_heading(const struct rs_column *column, const char *currency, struct rs_buffer *out)
{
    const char *unit = column->unit;
    if (unit != NULL && strcmp(unit, "$") == 0 && currency != NULL &&
        strcmp(currency, "USD") != 0) {
        unit = currency;
    }
    rs_buffer_text(out, column->title);
    if (unit != NULL) {
        rs_buffer_printf(out, " %s", unit);
    }
}
