/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To add a source: write source_NAME.c with a `const struct rs_source rs_source_NAME` - recognise()
 * looks at the first bytes (head.h), read() hands batches to the sink in canonical units and lets
 * each sample pass rs_door_admits() - then declare it in sources.h and give it a row below. A file
 * of tests with its own small fixtures completes it. Nothing else knows the list.
 */
#include "source/sources.h"

#include "source/head.h"
#include "source/shown.h"

#include <string.h>

const struct rs_source *const rs_sources[] = {
    &rs_source_get_metric_data,    &rs_source_get_metric_statistics,
    &rs_source_metric_stream,      &rs_source_csv,
    &rs_source_console_csv,        &rs_source_inventory_csv,
    &rs_source_describe_instances, &rs_source_describe_volumes,
    &rs_source_sadf_json,          &rs_source_sadf_csv,
    &rs_source_collectd,           &rs_source_pmrep,
    &rs_source_list_metrics,       &rs_source_query_file,
    &rs_source_other_answer,       &rs_source_text_answer,
    &rs_source_opentelemetry,      NULL,
};

const struct rs_source *rs_source_by_name(const char *name)
{
    for (const struct rs_source *const *row = rs_sources; *row != NULL; row++) {
        if (strcmp((*row)->name, name) == 0) {
            return *row;
        }
    }
    return NULL;
}

static enum rs_status refuse(const char *head, size_t length, struct rs_error *err)
{
    static const struct {
        const char *magic, *what;
    } known[] = {
        {"SQLite format 3", "a SQLite database, which collect does not read"},
        {"PK\x03\x04", "a zip archive: unpack it first"},
        {"\x28\xB5\x2F\xFD", "compressed with zstd: unpack it, or use gzip"},
        {"BZh", "compressed with bzip2: unpack it, or use gzip"},
        {"\xFD"
         "7zXZ",
         "compressed with xz: unpack it, or use gzip"},
        {"\x96\xD5", "a day's file of sysstat: LC_ALL=C sadf -j FILE -- -u ALL -r ALL -b -d -n DEV "
                     "writes what is read"},
        {"\x1F\x8B", "compressed twice: unpack it once"},
        {"\xFF\xFE", "UTF-16 text: save it as UTF-8"},
        {"\xFE\xFF", "UTF-16 text: save it as UTF-8"},
        {"<", "XML or HTML: ask again with --output json"},
        {"{", "JSON, but none of the answers that are read"},
        {"[", "JSON, but none of the answers that are read"},
    };
    const char *begin = rs_head_trim(head, &length);
    if (length == 0) {
        return rs_fail(err, RS_EINPUT, "the input is empty");
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t width = strlen(known[i].magic);
        if (length >= width && memcmp(begin, known[i].magic, width) == 0) {
            return rs_fail(err, RS_EINPUT, "not a format that is read: this is %s", known[i].what);
        }
    }
    char line[41], shown[RS_SHOWN];
    size_t width = length < sizeof(line) - 1 ? length : sizeof(line) - 1;
    memcpy(line, begin, width);
    line[width] = '\0';
    return rs_fail(err, RS_EINPUT, "not a format that is read: it begins with '%s'",
                   rs_shown(line, shown));
}

#define SUREST 95 /* none answers more, and among equals the first row counts */

enum rs_status rs_source_recognise(struct rs_input *input, const struct rs_source **out,
                                   struct rs_error *err)
{
    const size_t head_limit = 65536;
    enum rs_status rc = rs_input_need(input, head_limit, err);
    if (rc != RS_OK) {
        return rc;
    }
    const char *head = rs_input_data(input);
    size_t length = rs_input_available(input);
    length = length < head_limit ? length : head_limit;
    const struct rs_source *best = NULL;
    int highest = 0;
    for (const struct rs_source *const *row = rs_sources; *row != NULL && highest < SUREST; row++) {
        int sure = (*row)->recognise(head, length);
        if (sure > highest) {
            highest = sure;
            best = *row;
        }
    }
    if (best == NULL) {
        return refuse(head, length, err);
    }
    *out = best;
    return RS_OK;
}
