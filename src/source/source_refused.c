/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs that are well known but hold no samples we can read: each says what to do instead. */
#include "source/head.h"
#include "source/sources.h"

#include <string.h>

static enum rs_status refuse_list_metrics(const struct rs_source_request *request,
                                          struct rs_input *input, const struct rs_sink *sink,
                                          struct rs_tally *tally, struct rs_error *err)
{
    (void)request, (void)input, (void)sink, (void)tally;
    return rs_fail(err, RS_EINPUT,
                   "an answer of list-metrics holds names, no samples: `rightsize queries` "
                   "writes the commands that fetch them");
}

static enum rs_status refuse_query_file(const struct rs_source_request *request,
                                        struct rs_input *input, const struct rs_sink *sink,
                                        struct rs_tally *tally, struct rs_error *err)
{
    (void)request, (void)input, (void)sink, (void)tally;
    return rs_fail(err, RS_EINPUT,
                   "a query file holds no samples: pass it with --queries beside the answer of "
                   "get-metric-data");
}

static enum rs_status refuse_other(const struct rs_source_request *request, struct rs_input *input,
                                   const struct rs_sink *sink, struct rs_tally *tally,
                                   struct rs_error *err)
{
    (void)request, (void)input, (void)sink, (void)tally;
    return rs_fail(err, RS_EINPUT,
                   "an answer about types, prices or recommendations holds no samples; types and "
                   "prices are for `rightsize catalog`");
}

static enum rs_status refuse_text(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    (void)request, (void)input, (void)sink, (void)tally;
    return rs_fail(err, RS_EINPUT,
                   "an answer in --output text or table: ask again with --output json");
}

static enum rs_status refuse_otel(const struct rs_source_request *request, struct rs_input *input,
                                  const struct rs_sink *sink, struct rs_tally *tally,
                                  struct rs_error *err)
{
    (void)request, (void)input, (void)sink, (void)tally;
    return rs_fail(err, RS_EINPUT,
                   "a Metric Stream in OpenTelemetry format: set its OutputFormat to json");
}

static int is_list_metrics(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "Metrics") ? 80 : 0;
}

static int is_query_file(const char *head, size_t length)
{
    return rs_head_has_member(head, length, "{", "MetricDataQueries") ||
                   rs_head_has_member(head, length, "[{", "MetricStat") ||
                   rs_head_has_member(head, length, "[{", "Expression")
               ? 90
               : 0;
}

static int is_other_answer(const char *head, size_t length)
{
    static const char *const keys[] = {"InstanceTypes", "instanceRecommendations", "PriceList",
                                       "SpotPriceHistory", "recommendations"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (rs_head_has_member(head, length, "{", keys[i])) {
            return 40;
        }
    }
    return 0;
}

static int is_text_answer(const char *head, size_t length)
{
    static const char *const words[] = {"DATAPOINTS\t", "METRICDATARESULTS\t", "RESERVATIONS\t",
                                        "INSTANCES\t", "METRICS\t"};
    const char *begin = rs_head_trim(head, &length);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t width = strlen(words[i]);
        if (length >= width && memcmp(begin, words[i], width) == 0) {
            return 90;
        }
    }
    bool table = length >= 4 && memcmp(begin, "----", 4) == 0;
    bool statistics = rs_head_holds(head, length, "\nDATAPOINTS\t");
    return statistics || (table && rs_head_holds(head, length, "|  Get")) ||
                   (table && rs_head_holds(head, length, "Describe"))
               ? 90
               : 0;
}

static int is_opentelemetry(const char *head, size_t length)
{
    const char *begin = rs_head_trim(head, &length);
    if (length == 0 || begin[0] == '{' || begin[0] == '[') {
        return rs_head_has_member(head, length, "{", "resourceMetrics") ? 80 : 0;
    }
    return rs_head_holds(begin, length, "amazonaws.com/") && memchr(begin, '\0', length) != NULL
               ? 80
               : 0;
}

const struct rs_source rs_source_list_metrics = {
    "list-metrics", "answers of aws cloudwatch list-metrics (refused: no samples)", is_list_metrics,
    refuse_list_metrics, true};
const struct rs_source rs_source_query_file = {
    "query-file", "query files of get-metric-data (refused: for --queries)", is_query_file,
    refuse_query_file, true};
const struct rs_source rs_source_other_answer = {
    "other-answer", "answers about types and prices (refused: no samples)", is_other_answer,
    refuse_other, true};
const struct rs_source rs_source_text_answer = {
    "aws-text", "answers in --output text or table (refused: ask for json)", is_text_answer,
    refuse_text, true};
const struct rs_source rs_source_opentelemetry = {
    "opentelemetry", "Metric Streams in OpenTelemetry format (refused: ask for json)",
    is_opentelemetry, refuse_otel, true};
