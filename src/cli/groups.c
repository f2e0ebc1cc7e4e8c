/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/groups.h"

#include "cli/advisor.h"
#include "cli/fleet_run.h"
#include "rightsize/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE 1200 /* a longer one is in no group; names have at most 255 bytes */
#define APART '\x1f'  /* no name has it: it is a control character */

struct place {
    char *key;
    size_t members;
    struct rs_group *group; /* NULL: too few members, or not asked for */
};

struct rs_groups {
    const struct rs_policy *policy;
    struct place *places; /* sorted by key once gathered */
    size_t count, capacity;
};

static const char *tag_of(const struct rs_resource *resource, const char *key)
{
    for (size_t i = 0; i < resource->tag_count && *key != '\0'; i++) {
        if (strcmp(resource->tags[i].key, key) == 0) {
            return resource->tags[i].value;
        }
    }
    return NULL;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* What the machines of one group have in common; false: it is in none. The name stands last. */
static bool key_of(const struct rs_policy *policy, const struct rs_resource *r,
                   char key[static KEY_SIZE])
{
    bool gone = r->state != NULL && strcmp(r->state, "terminated") == 0;
    bool scaling = r->group != NULL && *r->group != '\0';
    const char *name = scaling ? r->group : tag_of(r, policy->group_tag);
    if (!policy->groups || gone || name == NULL || *name == '\0' || r->provider == NULL ||
        r->type == NULL) {
        return false;
    }
    int length = snprintf(key, KEY_SIZE, "%c%c%s%c%s%c%s%c%s%c%s", scaling ? 'S' : 'T', APART,
                          r->provider, APART, or_empty(r->account), APART, or_empty(r->region),
                          APART, scaling ? "" : r->type, APART, name);
    return length > 0 && length < KEY_SIZE;
}

static int compare_places(const void *left, const void *right)
{
    return strcmp(((const struct place *)left)->key, ((const struct place *)right)->key);
}

static struct place *find(const struct rs_groups *groups, const struct rs_resource *resource)
{
    char key[KEY_SIZE];
    struct place wanted = {.key = key};
    if (groups == NULL || !key_of(groups->policy, resource, key)) {
        return NULL;
    }
    return bsearch(&wanted, groups->places, groups->count, sizeof(*groups->places), compare_places);
}

const struct rs_group_answer *rs_groups_find(const struct rs_groups *groups,
                                             const struct rs_resource *resource)
{
    const struct place *place = find(groups, resource);
    return place != NULL && place->group != NULL ? rs_group_answer(place->group) : NULL;
}

void rs_groups_free(struct rs_groups *groups)
{
    if (groups == NULL) {
        return;
    }
    for (size_t i = 0; i < groups->count; i++) {
        rs_group_free(groups->places[i].group);
        free(groups->places[i].key);
    }
    free(groups->places);
    free(groups);
}

struct gathering {
    struct rs_groups *groups;
    const char *instance; /* or NULL */
    char *key;            /* of its group, owned; NULL: not seen yet, or in none */
};

static enum rs_status note_member(void *payload, const struct rs_stored *stored,
                                  struct rs_error *err)
{
    struct gathering *g = payload;
    struct rs_groups *groups = g->groups;
    const struct rs_resource *r = stored->resource;
    char key[KEY_SIZE];
    if (!key_of(groups->policy, r, key)) {
        return RS_OK;
    }
    if (groups->count == groups->capacity) {
        size_t capacity = groups->capacity > 0 ? 2 * groups->capacity : 64;
        struct place *places = realloc(groups->places, capacity * sizeof(*places));
        if (places == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", capacity);
        }
        groups->places = places;
        groups->capacity = capacity;
    }
    struct place place = {.members = 1};
    enum rs_status rc = rs_text_copy(key, &place.key, err);
    if (rc == RS_OK) {
        groups->places[groups->count++] = place;
    }
    bool asked = g->instance != NULL &&
                 (strcmp(g->instance, r->id) == 0 || strcmp(g->instance, or_empty(r->name)) == 0);
    if (rc == RS_OK && asked && g->key == NULL) {
        rc = rs_text_copy(key, &g->key, err);
    }
    return rc;
}

static void put_together(struct rs_groups *groups)
{
    size_t kept = 0;
    if (groups->count > 1) {
        qsort(groups->places, groups->count, sizeof(*groups->places), compare_places);
    }
    for (size_t i = 0; i < groups->count; i++) {
        if (kept > 0 && strcmp(groups->places[kept - 1].key, groups->places[i].key) == 0) {
            groups->places[kept - 1].members++;
            free(groups->places[i].key);
        } else {
            groups->places[kept++] = groups->places[i];
        }
    }
    groups->count = kept;
}

/* A key is kind, provider, account, region, type or nothing, and name. */
static enum rs_status make_group(struct place *place, struct rs_catalogs *catalogs,
                                 struct rs_error *err)
{
    char text[KEY_SIZE], *words[6] = {text};
    size_t count = 1;
    snprintf(text, sizeof(text), "%s", place->key);
    for (char *p = text; *p != '\0' && count < 6; p++) {
        if (*p == APART) {
            *p = '\0';
            words[count++] = p + 1;
        }
    }
    const struct rs_catalog *catalog = NULL;
    const char *region = words[3][0] != '\0' ? words[3] : NULL;
    enum rs_status rc = rs_catalogs_get(catalogs, words[1], region, &catalog, err);
    if (rc != RS_OK || catalog == NULL) {
        return rc; /* without a catalog each of them is unknown */
    }
    enum rs_group_kind kind = words[0][0] == 'S' ? RS_GROUP_SCALING : RS_GROUP_TAG;
    return rs_group_create(kind, words[5], catalog, &place->group, err);
}

struct claiming { /* what the workers share */
    struct rs_groups *groups;
    struct rs_catalogs *catalogs;
    struct rs_window window;
    struct rs_claim claims[RS_THREADS_MAX];
    struct rs_desk *desks[RS_THREADS_MAX];
    pthread_mutex_t lock; /* of the groups and the catalogs */
};

static bool is_member(void *payload, const struct rs_resource *resource)
{
    const struct place *place = find(payload, resource);
    return place != NULL && place->group != NULL;
}

static enum rs_status claim_one(void *payload, size_t worker, int64_t ordinal,
                                const struct rs_stored *stored, struct rs_error *err)
{
    struct claiming *c = payload;
    struct place *place = find(c->groups, stored->resource);
    struct rs_earlier earlier;
    const struct rs_catalog *catalog = NULL;
    struct rs_workload workload;
    (void)ordinal;
    rs_advisor_workload(stored, c->window, &earlier, &workload);
    pthread_mutex_lock(&c->lock);
    enum rs_status rc = rs_catalogs_get(c->catalogs, stored->resource->provider,
                                        stored->resource->region, &catalog, err);
    pthread_mutex_unlock(&c->lock);
    if (rc == RS_OK) {
        rc = rs_claim_read(c->desks[worker], &workload, catalog, c->groups->policy,
                           &c->claims[worker], err);
    }
    if (rc == RS_OK) {
        pthread_mutex_lock(&c->lock);
        rc = rs_group_add(place->group, stored->resource->id, &c->claims[worker], err);
        pthread_mutex_unlock(&c->lock);
    }
    return rc;
}

static enum rs_status claim_all(struct rs_context *context, struct claiming *c,
                                struct rs_error *err)
{
    struct rs_scan scan = {
        .window = c->window, .samples = true, .wanted = is_member, .wanted_payload = c->groups};
    size_t threads = rs_fleet_threads(context);
    pthread_mutex_init(&c->lock, NULL);
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < threads && rc == RS_OK; i++) {
        rc = rs_desk_open(&c->desks[i], err);
    }
    if (rc == RS_OK) {
        rc = rs_fleet_run(context->store, &scan, threads, claim_one, c, err);
    }
    pthread_mutex_destroy(&c->lock);
    for (size_t i = 0; i < RS_THREADS_MAX; i++) {
        rs_desk_close(c->desks[i]);
        rs_claim_release(&c->claims[i]);
    }
    return rc;
}

static enum rs_status gather(struct rs_context *context, struct gathering *g,
                             struct rs_window window, struct rs_catalogs *catalogs, bool *any,
                             struct rs_error *err)
{
    struct rs_scan inventory = {.window = window, .samples = false};
    enum rs_status rc = rs_store_scan(context->store, &inventory, note_member, g, err);
    if (rc != RS_OK || (g->instance != NULL && g->key == NULL)) {
        return rc;
    }
    put_together(g->groups);
    for (size_t i = 0; i < g->groups->count && rc == RS_OK; i++) {
        struct place *place = &g->groups->places[i];
        if (place->members > 1 && (g->key == NULL || strcmp(g->key, place->key) == 0)) {
            rc = make_group(place, catalogs, err);
            *any = *any || place->group != NULL;
        }
    }
    return rc;
}

static enum rs_status decide(struct rs_context *context, struct gathering *g,
                             struct rs_window window, struct rs_catalogs *catalogs, bool *any,
                             struct rs_error *err)
{
    enum rs_status rc = gather(context, g, window, catalogs, any, err);
    if (rc != RS_OK || !*any) {
        return rc;
    }
    struct claiming *claiming = calloc(1, sizeof(*claiming));
    if (claiming == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for groups");
    }
    claiming->groups = g->groups;
    claiming->catalogs = catalogs;
    claiming->window = window;
    rc = claim_all(context, claiming, err);
    free(claiming);
    for (size_t i = 0; i < g->groups->count && rc == RS_OK; i++) {
        if (g->groups->places[i].group != NULL) {
            rc = rs_group_decide(g->groups->places[i].group, g->groups->policy, err);
        }
    }
    return rc;
}

enum rs_status rs_groups_decide(struct rs_context *context, struct rs_window window,
                                const struct rs_policy *policy, struct rs_catalogs *catalogs,
                                const char *instance, struct rs_groups **out, struct rs_error *err)
{
    *out = NULL;
    if (!policy->groups) {
        return RS_OK;
    }
    struct gathering g = {.groups = calloc(1, sizeof(*g.groups)), .instance = instance};
    bool any = false;
    if (g.groups == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for groups");
    }
    g.groups->policy = policy;
    enum rs_status rc = decide(context, &g, window, catalogs, &any, err);
    free(g.key);
    if (rc == RS_OK && any) {
        *out = g.groups;
    } else {
        rs_groups_free(g.groups);
    }
    return rc;
}
