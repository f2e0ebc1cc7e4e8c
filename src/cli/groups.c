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
    size_t claimed;         /* members, the first by number */
    bool settled;           /* by them */
    size_t passed;          /* members that picking has come by */
};

/*
 * Members are read in rounds, each of twice as many of each group: where the first ones leave
 * nothing to choose, the others are only counted: by where their series of the CPU begin and end,
 * and by the samples themselves where that does not tell.
 */
enum { FIRST_ROUND = 32 };

struct member {
    int64_t number; /* of the resource in the store */
    size_t place;
};

struct rs_groups {
    const struct rs_policy *policy;
    struct place *places;
    size_t count;
    struct member *members; /* of places with a group, by number */
    size_t member_count;
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* What the machines of one group have in common; false: it is in none. The name stands last. */
static bool key_of(const struct rs_stored_name *r, char key[static KEY_SIZE])
{
    bool gone = r->state != NULL && strcmp(r->state, "terminated") == 0;
    bool scaling = r->group != NULL && *r->group != '\0';
    const char *name = scaling ? r->group : r->tag;
    if (gone || name == NULL || *name == '\0' || r->provider == NULL || r->type == NULL) {
        return false;
    }
    int length = snprintf(key, KEY_SIZE, "%c%c%s%c%s%c%s%c%s%c%s", scaling ? 'S' : 'T', APART,
                          r->provider, APART, or_empty(r->account), APART, or_empty(r->region),
                          APART, scaling ? "" : r->type, APART, name);
    return length > 0 && length < KEY_SIZE;
}

static int compare_members(const void *left, const void *right)
{
    const struct member *x = left, *y = right;
    return x->number < y->number ? -1 : x->number > y->number;
}

static struct place *find(const struct rs_groups *groups, int64_t number)
{
    struct member wanted = {.number = number};
    const struct member *found = groups == NULL || groups->member_count == 0
                                     ? NULL
                                     : bsearch(&wanted, groups->members, groups->member_count,
                                               sizeof(wanted), compare_members);
    return found != NULL ? &groups->places[found->place] : NULL;
}

const struct rs_group_answer *rs_groups_find(const struct rs_groups *groups, int64_t number)
{
    const struct place *place = find(groups, number);
    return place != NULL ? rs_group_answer(place->group) : NULL;
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
    free(groups->members);
    free(groups);
}

struct sight {
    char *key; /* owned */
    int64_t number;
};

struct gathering {
    struct rs_groups *groups;
    const char *instance; /* or NULL */
    char *key;            /* of its group, owned; NULL: not seen yet, or in none */
    struct sight *sights; /* of all that are in a group */
    size_t count, capacity;
};

static void end_gathering(struct gathering *g)
{
    for (size_t i = 0; i < g->count; i++) {
        free(g->sights[i].key);
    }
    free(g->sights);
    free(g->key);
}

static enum rs_status note_member(void *payload, const struct rs_stored_name *listed,
                                  struct rs_error *err)
{
    struct gathering *g = payload;
    char key[KEY_SIZE];
    if (!key_of(listed, key)) {
        return RS_OK;
    }
    if (g->count == g->capacity) {
        size_t capacity = g->capacity > 0 ? 2 * g->capacity : 64;
        struct sight *sights = realloc(g->sights, capacity * sizeof(*sights));
        if (sights == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", capacity);
        }
        g->sights = sights;
        g->capacity = capacity;
    }
    struct sight *sight = &g->sights[g->count];
    enum rs_status rc = rs_text_copy(key, &sight->key, err);
    if (rc != RS_OK) {
        return rc;
    }
    sight->number = listed->number;
    g->count++;
    bool asked = g->instance != NULL && (strcmp(g->instance, listed->id) == 0 ||
                                         strcmp(g->instance, or_empty(listed->name)) == 0);
    return asked && g->key == NULL ? rs_text_copy(key, &g->key, err) : RS_OK;
}

static int compare_sights(const void *left, const void *right)
{
    return strcmp(((const struct sight *)left)->key, ((const struct sight *)right)->key);
}

/* Sights to places and their members. */
static enum rs_status put_together(struct gathering *g, struct rs_error *err)
{
    struct rs_groups *groups = g->groups;
    qsort(g->sights, g->count, sizeof(*g->sights), compare_sights);
    groups->places = calloc(g->count, sizeof(*groups->places));
    groups->members = calloc(g->count, sizeof(*groups->members));
    if (groups->places == NULL || groups->members == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", g->count);
    }
    for (size_t i = 0; i < g->count; i++) {
        struct sight *sight = &g->sights[i];
        struct place *last = groups->count > 0 ? &groups->places[groups->count - 1] : NULL;
        if (last == NULL || strcmp(last->key, sight->key) != 0) {
            last = &groups->places[groups->count++];
            last->key = sight->key;
            sight->key = NULL;
        }
        last->members++;
        groups->members[i] = (struct member){sight->number, groups->count - 1};
    }
    groups->member_count = g->count;
    return RS_OK;
}

static void drop_single(struct rs_groups *groups)
{
    size_t kept = 0;
    for (size_t i = 0; i < groups->member_count; i++) {
        if (groups->places[groups->members[i].place].group != NULL) {
            groups->members[kept++] = groups->members[i];
        }
    }
    groups->member_count = kept;
    qsort(groups->members, kept, sizeof(*groups->members), compare_members);
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
    int64_t *unsure; /* numbers of members that are to be read again */
    size_t unsure_count;
    pthread_mutex_t lock; /* of the groups and the catalogs, and of the above */
};

static enum rs_status claim_one(void *payload, size_t worker, int64_t ordinal,
                                const struct rs_stored *stored, struct rs_error *err)
{
    struct claiming *c = payload;
    struct place *place = find(c->groups, stored->number);
    struct rs_earlier earlier;
    const struct rs_catalog *catalog = NULL;
    struct rs_workload workload;
    (void)ordinal;
    rs_advisor_workload(stored, c->window, &earlier, &workload);
    pthread_mutex_lock(&c->lock);
    enum rs_status rc = rs_catalogs_get(c->catalogs, stored->resource->provider,
                                        stored->resource->region, &catalog, err);
    if (rc == RS_OK) {
        rc = rs_group_ask(place->group, &c->claims[worker], err);
    }
    pthread_mutex_unlock(&c->lock);
    if (rc == RS_OK) {
        rc = rs_claim_read(c->desks[worker], &workload, catalog, c->groups->policy,
                           &c->claims[worker], err);
    }
    pthread_mutex_lock(&c->lock);
    if (rc == RS_OK && c->claims[worker].unsure) {
        c->unsure[c->unsure_count++] = stored->number;
    } else if (rc == RS_OK) {
        rc = rs_group_add(place->group, stored->resource->id, &c->claims[worker], err);
    }
    pthread_mutex_unlock(&c->lock);
    return rc;
}

static bool is_of_round(const struct place *place, size_t nth, size_t most)
{
    return !place->settled && nth >= place->claimed && nth - place->claimed < most;
}

static bool is_counted(const struct place *place, size_t nth, size_t most)
{
    (void)most;
    return place->settled && nth >= place->claimed;
}

/* Returns how many members are picked; numbers[] has room for all. */
static size_t pick(struct rs_groups *groups,
                   bool (*picks)(const struct place *place, size_t nth, size_t most), size_t most,
                   int64_t *numbers)
{
    size_t count = 0;
    for (size_t i = 0; i < groups->count; i++) {
        groups->places[i].passed = 0;
    }
    for (size_t i = 0; i < groups->member_count; i++) {
        struct place *place = &groups->places[groups->members[i].place];
        if (picks(place, place->passed++, most)) {
            numbers[count++] = groups->members[i].number;
        }
    }
    return count;
}

static void end_round(struct rs_groups *groups, size_t most)
{
    for (size_t i = 0; i < groups->count; i++) {
        struct place *place = &groups->places[i];
        if (place->group != NULL && !place->settled) {
            place->claimed += most;
            place->settled = rs_group_is_settled(place->group);
        }
    }
}

static enum rs_status claim_all(struct rs_context *context, struct claiming *c, int64_t *numbers,
                                struct rs_error *err)
{
    struct rs_scan scan = {.window = c->window, .samples = true, .numbers = numbers};
    size_t threads = rs_fleet_threads(context), most = FIRST_ROUND;
    enum rs_status rc = RS_OK;
    for (; (scan.number_count = pick(c->groups, is_of_round, most, numbers)) > 0; most *= 2) {
        rc = rs_fleet_run(context->store, &scan, threads, claim_one, c, err);
        if (rc != RS_OK) {
            return rc;
        }
        end_round(c->groups, most);
    }
    return rc;
}

/* By one thread: to count takes less time than to read, which takes turns. */
static enum rs_status count_rest(struct rs_context *context, struct claiming *c, int64_t *numbers,
                                 struct rs_error *err)
{
    struct rs_scan scan = {.window = c->window,
                           .metrics = (uint64_t)1 << RS_METRIC_CPU_PERCENT,
                           .numbers = numbers,
                           .number_count = pick(c->groups, is_counted, 0, numbers)};
    enum rs_status rc = RS_OK;
    c->unsure = calloc(scan.number_count + 1, sizeof(*c->unsure));
    if (c->unsure == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", scan.number_count);
    }
    if (scan.number_count > 0) {
        rc = rs_fleet_run(context->store, &scan, 1, claim_one, c, err);
    }
    if (rc == RS_OK && c->unsure_count > 0) {
        scan.samples = true;
        scan.numbers = c->unsure;
        scan.number_count = c->unsure_count;
        rc = rs_fleet_run(context->store, &scan, 1, claim_one, c, err);
    }
    free(c->unsure);
    return rc;
}

static enum rs_status claim_at_desks(struct rs_context *context, struct claiming *c,
                                     int64_t *numbers, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    pthread_mutex_init(&c->lock, NULL);
    for (size_t i = 0; i < rs_fleet_threads(context) && rc == RS_OK; i++) {
        rc = rs_desk_open(&c->desks[i], err);
    }
    if (rc == RS_OK) {
        rc = claim_all(context, c, numbers, err);
    }
    if (rc == RS_OK) {
        rc = count_rest(context, c, numbers, err);
    }
    pthread_mutex_destroy(&c->lock);
    for (size_t i = 0; i < RS_THREADS_MAX; i++) {
        rs_desk_close(c->desks[i]);
        rs_claim_release(&c->claims[i]);
    }
    return rc;
}

/* The groups with their members, nothing claimed yet. */
static enum rs_status gather(struct rs_context *context, struct gathering *g,
                             struct rs_catalogs *catalogs, struct rs_error *err)
{
    const char *tag = g->groups->policy->group_tag;
    enum rs_status rc =
        rs_store_list(context->store, *tag != '\0' ? tag : NULL, note_member, g, err);
    if (rc != RS_OK || g->count == 0 || (g->instance != NULL && g->key == NULL)) {
        return rc;
    }
    rc = put_together(g, err);
    for (size_t i = 0; i < g->groups->count && rc == RS_OK; i++) {
        struct place *place = &g->groups->places[i];
        if (place->members > 1 && (g->key == NULL || strcmp(g->key, place->key) == 0)) {
            rc = make_group(place, catalogs, err);
        }
    }
    drop_single(g->groups);
    return rc;
}

static enum rs_status decide(struct rs_context *context, struct rs_groups *groups,
                             struct rs_window window, struct rs_catalogs *catalogs,
                             struct rs_error *err)
{
    struct claiming *claiming = calloc(1, sizeof(*claiming));
    int64_t *numbers = calloc(groups->member_count, sizeof(*numbers));
    enum rs_status rc = claiming != NULL && numbers != NULL
                            ? RS_OK
                            : rs_fail(err, RS_ENOMEM, "out of memory for groups");
    if (rc == RS_OK) {
        claiming->groups = groups;
        claiming->catalogs = catalogs;
        claiming->window = window;
        rc = claim_at_desks(context, claiming, numbers, err);
    }
    free(numbers);
    free(claiming);
    for (size_t i = 0; i < groups->count && rc == RS_OK; i++) {
        if (groups->places[i].group != NULL) {
            rc = rs_group_decide(groups->places[i].group, groups->policy, err);
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
    struct rs_groups *groups = g.groups;
    if (groups == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for groups");
    }
    groups->policy = policy;
    enum rs_status rc = gather(context, &g, catalogs, err);
    end_gathering(&g);
    if (rc == RS_OK && groups->member_count > 0) {
        rc = decide(context, groups, window, catalogs, err);
    }
    if (rc == RS_OK && groups->member_count > 0) {
        *out = groups;
    } else {
        rs_groups_free(groups);
    }
    return rc;
}
