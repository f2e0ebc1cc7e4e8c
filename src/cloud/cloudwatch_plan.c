/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/cloudwatch_plan.h"

#include "cloud/cloudwatch_asks.h"
#include "rightsize/queries.h"
#include "rightsize/text.h"

#include <stdlib.h>
#include <string.h>

#define VOLUMES_MAX 128
#define LISTINGS_MAX                                                                               \
    4 /* dimension sets of one metric of one instance: it may have been resized                    \
       */

#define CARDS_MAX 16 /* of one instance */

void rs_cw_plan_init(struct rs_cw_plan *plan)
{
    memset(plan, 0, sizeof(*plan));
}

static void free_target(struct rs_cw_target *t)
{
    for (size_t i = 0; i < t->volume_count; i++) {
        free(t->volumes[i]);
    }
    free(t->volumes);
    free(t->id);
    free(t->type);
}

void rs_cw_plan_cut(struct rs_cw_plan *plan, size_t count)
{
    while (plan->target_count > count) {
        free_target(&plan->targets[--plan->target_count]);
    }
}

void rs_cw_plan_release(struct rs_cw_plan *plan)
{
    rs_cw_plan_cut(plan, 0);
    for (size_t i = 0; i < plan->listing_count; i++) {
        free(plan->listings[i].dimensions);
        free(plan->listings[i].card);
    }
    free(plan->targets);
    free(plan->listings);
    free(plan->queries);
    rs_cw_plan_init(plan);
}

/* Room for one more element; *array is a pointer to elements of `size` bytes. */
static enum rs_status grow(void *array, size_t *capacity, size_t count, size_t size,
                           struct rs_error *err)
{
    void *items;
    memcpy(&items, array, sizeof(items));
    if (count < *capacity) {
        return RS_OK;
    }
    size_t more = *capacity > 0 ? 2 * *capacity : 64;
    items = more < SIZE_MAX / size ? realloc(items, more * size) : NULL;
    if (items == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu series", more);
    }
    memcpy(array, &items, sizeof(items));
    *capacity = more;
    return RS_OK;
}

enum rs_status rs_cw_plan_add_instance(struct rs_cw_plan *plan, const struct rs_resource *resource,
                                       struct rs_error *err)
{
    struct rs_cw_target t = {.id = strdup(resource->id)};
    enum rs_status rc = grow(&plan->targets, &plan->target_capacity, plan->target_count,
                             sizeof(*plan->targets), err);
    t.type = resource->type != NULL ? strdup(resource->type) : NULL;
    t.gone = resource->state != NULL && strcmp(resource->state, "terminated") == 0;
    if (rc == RS_OK && (t.id == NULL || (resource->type != NULL && t.type == NULL))) {
        rc = rs_fail(err, RS_ENOMEM, "out of memory for an instance");
    }
    if (rc != RS_OK) {
        free_target(&t);
        return rc;
    }
    plan->targets[plan->target_count++] = t;
    return RS_OK;
}

enum rs_status rs_cw_plan_add_volume(struct rs_cw_plan *plan, const char *volume,
                                     struct rs_error *err)
{
    struct rs_cw_target *t = &plan->targets[plan->target_count - 1];
    if (t->volume_count == VOLUMES_MAX || !rs_cw_ask_applies(t->type, RS_CW_XEN_VOLUMES)) {
        return RS_OK;
    }
    char **volumes = realloc(t->volumes, (t->volume_count + 1) * sizeof(*volumes));
    if (volumes == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a volume");
    }
    t->volumes = volumes;
    t->volumes[t->volume_count] = NULL;
    enum rs_status rc = rs_text_copy(volume, &t->volumes[t->volume_count], err);
    t->volume_count += rc == RS_OK ? 1 : 0;
    return rc;
}

static bool may_have_gpus(const struct rs_cw_target *t)
{
    return !t->gone && (t->type == NULL || rs_cw_may_have_gpus(t->type));
}

bool rs_cw_plan_is_listed(const struct rs_cw_plan *plan, const struct rs_cw_mapping *mapping)
{
    enum rs_metric m = mapping->canonical;
    if (mapping->kind != RS_KIND_GPU) {
        return strncmp(mapping->name_space, "AWS/", 4) != 0 &&
               (m == RS_METRIC_MEM_PERCENT || m == RS_METRIC_MEM_USED_BYTES ||
                m == RS_METRIC_MEM_AVAILABLE_BYTES || m == RS_METRIC_MEM_COMMITTED_PERCENT);
    }
    size_t i = 0;
    while (i < plan->target_count && !may_have_gpus(&plan->targets[i])) {
        i++;
    }
    return i < plan->target_count;
}

static int by_id(const void *a, const void *b)
{
    const struct rs_cw_target *x = a, *y = b;
    return strcmp(x->id, y->id);
}

static void sort_targets(struct rs_cw_plan *plan)
{
    if (!plan->sorted && plan->target_count > 0) {
        qsort(plan->targets, plan->target_count, sizeof(*plan->targets), by_id);
    }
    plan->sorted = true;
}

/* The same set may come once a page, and an instance may have published under several. */
static bool is_known(const struct rs_cw_plan *plan, size_t target,
                     const struct rs_cw_mapping *mapping, const char *dimensions)
{
    size_t others = 0;
    for (size_t i = plan->listing_count; i-- > 0 && plan->listings[i].mapping == mapping;) {
        const struct rs_cw_listing *l = &plan->listings[i];
        if (l->target == target) {
            if (strcmp(l->dimensions, dimensions) == 0) {
                return true;
            }
            others++;
        }
        if (plan->listing_count - i > 2000) { /* four pages back is far enough for repetitions */
            break;
        }
    }
    return others >= (mapping->kind == RS_KIND_GPU ? CARDS_MAX * LISTINGS_MAX : LISTINGS_MAX);
}

enum rs_status rs_cw_plan_add_listing(struct rs_cw_plan *plan, const struct rs_cw_mapping *mapping,
                                      const struct rs_cw_listed *listed, struct rs_error *err)
{
    struct rs_cw_target key = {.id = (char *)listed->instance};
    sort_targets(plan);
    const struct rs_cw_target *found =
        plan->target_count > 0
            ? bsearch(&key, plan->targets, plan->target_count, sizeof(*plan->targets), by_id)
            : NULL;
    if (found == NULL || found->gone) {
        return RS_OK;
    }
    size_t target = (size_t)(found - plan->targets);
    char card[256] = "";
    if (is_known(plan, target, mapping, listed->dimensions) ||
        (mapping->kind == RS_KIND_GPU && !rs_gpu_name(listed->instance, listed->index, card))) {
        return RS_OK;
    }
    enum rs_status rc = grow(&plan->listings, &plan->listing_capacity, plan->listing_count,
                             sizeof(*plan->listings), err);
    if (rc != RS_OK) {
        return rc;
    }
    struct rs_cw_listing l = {target, mapping, strdup(listed->dimensions), NULL};
    l.card = card[0] != '\0' ? strdup(card) : NULL;
    if (l.dimensions == NULL || (card[0] != '\0' && l.card == NULL)) {
        free(l.dimensions);
        free(l.card);
        return rs_fail(err, RS_ENOMEM, "out of memory for a metric");
    }
    plan->listings[plan->listing_count++] = l;
    return RS_OK;
}

struct planning {
    struct rs_cw_plan *plan;
    const struct rs_aws_keeper *keeper;
    int64_t earliest;
    size_t target;
    struct rs_window asked; /* of the target, empty: never */
};

/*
 * From where on a series is asked: everything when more is wanted than ever was asked for; else
 * from the newest sample, or from where the last run ended when that is later or there is none.
 * A series found by listing has samples, so that to have none of them means never asked; a volume
 * may have been asked for while it was another instance's.
 */
static int64_t begin_of(const struct planning *p, int64_t newest, bool own)
{
    bool asked = p->asked.to > p->asked.from;
    int64_t from = newest >= 0 ? newest - RS_AWS_OVERLAP : p->earliest;
    if (asked && p->asked.from > p->earliest) {
        return p->earliest;
    }
    if (asked && own && p->asked.to - RS_AWS_OVERLAP > from) {
        from = p->asked.to - RS_AWS_OVERLAP;
    }
    from -= from % RS_CW_PERIOD;
    return from > p->earliest ? from : p->earliest;
}

static enum rs_status add_query(struct planning *p, const struct rs_cw_mapping *mapping,
                                const char *stat, const char *resource, const char *dimensions,
                                struct rs_error *err)
{
    struct rs_cw_planned q = {.query = {mapping, stat, resource, dimensions}, .target = p->target};
    int64_t newest = -1;
    if (!rs_cw_statistic(mapping, stat, &q.statistic)) {
        return RS_OK;
    }
    enum rs_status rc = p->keeper->series_end(p->keeper->sink.payload, resource, mapping->canonical,
                                              q.statistic, RS_CW_PERIOD, &newest, err);
    if (rc == RS_OK) {
        rc = grow(&p->plan->queries, &p->plan->query_capacity, p->plan->query_count,
                  sizeof(*p->plan->queries), err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    bool own = dimensions == NULL && mapping->kind == RS_KIND_INSTANCE;
    q.from = begin_of(p, newest, own || (dimensions != NULL && newest >= 0));
    if (q.from < p->plan->end) {
        p->plan->queries[p->plan->query_count++] = q;
        p->plan->targets[p->target].pending++;
    }
    return RS_OK;
}

static enum rs_status add_asks(struct planning *p, struct rs_error *err)
{
    const struct rs_cw_target *t = &p->plan->targets[p->target];
    enum rs_status rc = RS_OK;
    for (size_t i = 0; rc == RS_OK && rs_cw_asks[i].metric != NULL; i++) {
        if (!rs_cw_ask_applies(t->type, rs_cw_asks[i].subject)) {
            continue;
        }
        const struct rs_cw_mapping *m =
            rs_cw_find(rs_cw_asks[i].name_space, rs_cw_asks[i].metric, NULL);
        if (rs_cw_asks[i].subject != RS_CW_XEN_VOLUMES) {
            rc = add_query(p, m, rs_cw_asks[i].stat, t->id, NULL, err);
        }
        for (size_t v = 0;
             rc == RS_OK && rs_cw_asks[i].subject == RS_CW_XEN_VOLUMES && v < t->volume_count;
             v++) {
            rc = add_query(p, m, rs_cw_asks[i].stat, t->volumes[v], NULL, err);
        }
    }
    return rc;
}

static enum rs_status add_listed(struct planning *p, const struct rs_cw_listing *l,
                                 struct rs_error *err)
{
    const struct rs_cw_target *t = &p->plan->targets[l->target];
    /* Of what is free the least counts, of what is used the most. */
    bool is_free = l->mapping->canonical == RS_METRIC_MEM_AVAILABLE_BYTES || l->mapping->factor < 0;
    const char *whose = l->card != NULL ? l->card : t->id;
    enum rs_status rc = add_query(p, l->mapping, "Average", whose, l->dimensions, err);
    if (rc == RS_OK) {
        rc = add_query(p, l->mapping, is_free ? "Minimum" : "Maximum", whose, l->dimensions, err);
    }
    return rc;
}

static int by_target(const void *a, const void *b)
{
    const struct rs_cw_listing *x = a, *y = b;
    if (x->target != y->target) {
        return x->target < y->target ? -1 : 1;
    }
    int order = strcmp(x->mapping->metric, y->mapping->metric);
    return order != 0 ? order : strcmp(x->dimensions, y->dimensions);
}

/* Of one beginning together, so that calls are full; a resource's series side by side. */
static int by_from(const void *a, const void *b)
{
    const struct rs_cw_planned *x = a, *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->target != y->target) {
        return x->target < y->target ? -1 : 1;
    }
    int order = strcmp(x->query.resource, y->query.resource);
    if (order == 0) {
        order = strcmp(x->query.mapping->metric, y->query.mapping->metric);
    }
    if (order == 0) {
        order = strcmp(x->query.stat, y->query.stat);
    }
    return order == 0 && x->query.dimensions != NULL && y->query.dimensions != NULL
               ? strcmp(x->query.dimensions, y->query.dimensions)
               : order;
}

enum rs_status rs_cw_plan_finish(struct rs_cw_plan *plan, int64_t since, int64_t now,
                                 const struct rs_aws_keeper *keeper, struct rs_error *err)
{
    struct planning p = {.plan = plan, .keeper = keeper};
    size_t listing = 0;
    sort_targets(plan);
    plan->end = now - now % RS_CW_PERIOD;
    since = since < RS_AWS_BACKFILL ? since : RS_AWS_BACKFILL;
    int64_t start = now - since;
    p.earliest = start > 0
                     ? start - start % RS_CW_PERIOD + (start % RS_CW_PERIOD > 0 ? RS_CW_PERIOD : 0)
                     : 0;
    if (plan->listing_count > 0) {
        qsort(plan->listings, plan->listing_count, sizeof(*plan->listings), by_target);
    }
    enum rs_status rc = RS_OK;
    for (p.target = 0; rc == RS_OK && p.target < plan->target_count; p.target++) {
        struct rs_cw_target *t = &plan->targets[p.target];
        if (t->gone) {
            continue;
        }
        rc = keeper->asked(keeper->sink.payload, t->id, &p.asked, err);
        t->from =
            p.asked.to > p.asked.from && p.asked.from < p.earliest ? p.asked.from : p.earliest;
        if (rc == RS_OK) {
            rc = add_asks(&p, err);
        }
        for (; rc == RS_OK && listing < plan->listing_count &&
               plan->listings[listing].target == p.target;
             listing++) {
            rc = add_listed(&p, &plan->listings[listing], err);
        }
    }
    if (rc == RS_OK && plan->query_count > 0) {
        qsort(plan->queries, plan->query_count, sizeof(*plan->queries), by_from);
    }
    return rc;
}

size_t rs_cw_plan_batch(const struct rs_cw_plan *plan, size_t first, struct rs_window *window)
{
    if (first >= plan->query_count) {
        return 0;
    }
    *window = (struct rs_window){plan->queries[first].from, plan->end};
    size_t points = (size_t)((window->to - window->from) / RS_CW_PERIOD);
    size_t most = RS_POINTS_MAX / points < RS_QUERY_MAX ? RS_POINTS_MAX / points : RS_QUERY_MAX;
    size_t left = plan->query_count - first;
    return left < most ? left : most;
}
