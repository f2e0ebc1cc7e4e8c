/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sources.h - every source there is, one a file; source_table.c lists them (private to source). */
#ifndef RIGHTSIZE_SOURCE_SOURCES_H
#define RIGHTSIZE_SOURCE_SOURCES_H

#include "rightsize/source.h"

extern const struct rs_source rs_source_get_metric_data;
extern const struct rs_source rs_source_get_metric_statistics;
extern const struct rs_source rs_source_metric_stream;
extern const struct rs_source rs_source_csv;
extern const struct rs_source rs_source_console_csv;
extern const struct rs_source rs_source_inventory_csv;
extern const struct rs_source rs_source_describe_instances;
extern const struct rs_source rs_source_describe_volumes;
extern const struct rs_source rs_source_sadf_json;
extern const struct rs_source rs_source_sadf_csv;
extern const struct rs_source rs_source_collectd;
extern const struct rs_source rs_source_pmrep;
/* Recognised in order to be refused with what they are for: source_refused.c. */
extern const struct rs_source rs_source_list_metrics;
extern const struct rs_source rs_source_query_file;
extern const struct rs_source rs_source_other_answer;
extern const struct rs_source rs_source_text_answer;
extern const struct rs_source rs_source_opentelemetry;

#endif
