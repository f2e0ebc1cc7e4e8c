/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/queries.h"

#include "rightsize/json.h"
#include "rightsize/text.h"
#include "source/identity.h"
#include "source/names.h"
#include "source/shown.h"

#include <stdlib.h>
#include <string.h>

#define DIMENSIONS_MAX 30

struct held_query {
    struct rs_query query; /* id is the set's; the other texts are owned */
    char *name_space, *metric, *statistic, *resource;
};

struct rs_queries {
    struct rs_names ids;
    struct held_query *held; /* by number of the id */
    size_t capacity;
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_query(const struct rs_query *a, const struct rs_query *b)
{
    return same_text(a->name_space, b->name_space) && same_text(a->metric, b->metric) &&
           same_text(a->statistic, b->statistic) && same_text(a->resource, b->resource) &&
           a->period == b->period;
}

static void release_texts(struct held_query *held)
{
    free(held->name_space);
    free(held->metric);
    free(held->statistic);
    free(held->resource);
}

static enum rs_status copy_query(const struct rs_query *from, struct held_query *to,
                                 struct rs_error *err)
{
    memset(to, 0, sizeof(*to));
    enum rs_status rc = rs_text_copy(from->name_space, &to->name_space, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(from->metric, &to->metric, err);
    }
    if (rc == RS_OK) {
        rc = rs_text_copy(from->statistic, &to->statistic, err);
    }
    if (rc == RS_OK) {
        rc = rs_text_copy(from->resource, &to->resource, err);
    }
    if (rc != RS_OK) {
        release_texts(to);
        return rc;
    }
    to->query = *from;
    to->query.name_space = to->name_space;
    to->query.metric = to->metric;
    to->query.statistic = to->statistic;
    to->query.resource = to->resource;
    return RS_OK;
}

static enum rs_status add_query(struct rs_queries *queries, const struct rs_query *query,
                                struct rs_error *err)
{
    size_t number = 0;
    char shown[RS_SHOWN];
    struct held_query held;
    if (rs_names_find(&queries->ids, query->id, &number)) {
        return same_query(&queries->held[number].query, query)
                   ? RS_OK
                   : rs_fail(err, RS_EINPUT, "query Id '%s' means two different metrics",
                             rs_shown(query->id, shown));
    }
    enum rs_status rc = copy_query(query, &held, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_array_reserve(&queries->held, &queries->capacity, queries->ids.count + 1,
                          sizeof(*queries->held), err);
    if (rc == RS_OK) { /* last, so that every number has its query */
        rc = rs_names_intern(&queries->ids, query->id, &number, NULL, err);
    }
    if (rc != RS_OK) {
        release_texts(&held);
        return rc;
    }
    held.query.id = queries->ids.text[number];
    queries->held[number] = held;
    return RS_OK;
}

static void take_resource(const cJSON *metric, char card[static RS_CARD_TEXT],
                          struct rs_query *query)
{
    struct rs_dimension dimensions[DIMENSIONS_MAX];
    size_t count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, rs_json_member(metric, "Dimensions"))
    {
        const char *name = rs_json_optional_text(item, "Name");
        const char *value = rs_json_optional_text(item, "Value");
        if (name == NULL || value == NULL || count == DIMENSIONS_MAX) {
            return;
        }
        dimensions[count++] = (struct rs_dimension){name, value};
    }
    query->resource = rs_dimensions_resource(query->name_space, query->metric, dimensions, count,
                                             card, &query->dimension);
}

static enum rs_status take_metric(const cJSON *stat, char card[static RS_CARD_TEXT],
                                  struct rs_query *query, struct rs_error *err)
{
    const cJSON *metric = NULL;
    enum rs_status rc = rs_json_object(stat, "Metric", &metric, err);
    if (rc == RS_OK) {
        rc = rs_json_text(metric, "Namespace", &query->name_space, err);
    }
    if (rc == RS_OK) {
        rc = rs_json_text(metric, "MetricName", &query->metric, err);
    }
    if (rc == RS_OK) {
        rc = rs_json_text(stat, "Stat", &query->statistic, err);
    }
    if (rc == RS_OK) {
        rc = rs_json_int(stat, "Period", 1, 86400, &query->period, err);
    }
    if (rc == RS_OK) {
        take_resource(metric, card, query);
    }
    return rc;
}

static enum rs_status take_query(struct rs_queries *queries, const cJSON *item,
                                 struct rs_error *err)
{
    char shown[RS_SHOWN], card[RS_CARD_TEXT];
    struct rs_query query = {.id = NULL};
    enum rs_status rc = rs_json_text(item, "Id", &query.id, err);
    const cJSON *stat = rs_json_member(item, "MetricStat");
    if (rc == RS_OK && stat != NULL) {
        rc = take_metric(stat, card, &query, err);
    }
    if (rc == RS_EINPUT && query.id != NULL) {
        return rs_fail_where(err, "query '%s'", rs_shown(query.id, shown));
    }
    return rc == RS_OK ? add_query(queries, &query, err) : rc;
}

enum rs_status rs_queries_merge(struct rs_queries *into, const char *json, size_t length,
                                struct rs_error *err)
{
    cJSON *tree = NULL;
    const cJSON *list = NULL, *item = NULL;
    enum rs_status rc = rs_json_parse(json, length, &tree, err);
    if (rc != RS_OK) {
        return rc;
    }
    list = cJSON_IsArray(tree) ? tree : rs_json_member(tree, "MetricDataQueries");
    if (!cJSON_IsArray(list)) {
        rc = rs_fail(err, RS_EINPUT, "not a query file: no array MetricDataQueries");
    }
    cJSON_ArrayForEach(item, list)
    {
        if (rc == RS_OK) {
            rc = take_query(into, item, err);
        }
    }
    cJSON_Delete(tree);
    return rc;
}

enum rs_status rs_queries_parse(const char *json, size_t length, struct rs_queries **out,
                                struct rs_error *err)
{
    struct rs_queries *queries = calloc(1, sizeof(*queries));
    if (queries == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for the query file");
    }
    enum rs_status rc = rs_queries_merge(queries, json, length, err);
    if (rc != RS_OK) {
        rs_queries_free(queries);
        return rc;
    }
    *out = queries;
    return RS_OK;
}

const struct rs_query *rs_queries_find(const struct rs_queries *queries, const char *id)
{
    size_t number = 0;
    return rs_names_find(&queries->ids, id, &number) ? &queries->held[number].query : NULL;
}

void rs_queries_free(struct rs_queries *queries)
{
    if (queries == NULL) {
        return;
    }
    for (size_t i = 0; i < queries->ids.count; i++) {
        release_texts(&queries->held[i]);
    }
    free(queries->held);
    rs_names_release(&queries->ids);
    free(queries);
}
