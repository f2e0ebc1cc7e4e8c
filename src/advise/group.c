/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/group.h"

#include "advise/set.h"
#include "rightsize/text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NANO 1e9
#define ROUNDING 1e-12

struct member {
    char *id;
    const struct rs_offer *current;
    bool judged, under;
    double need[RS_DIM_COUNT];
};

struct tally {       /* of one type; whole numbers, so that the order of adding is of no matter */
    int64_t score;   /* sum over those it holds */
    bool misses;     /* it does not hold one of them: ... */
    uint64_t missed; /* ... its hash */
};

struct rs_group {
    char *name;
    const struct rs_catalog *catalog;
    struct member *members;
    size_t count, capacity;
    size_t types;          /* of the catalog */
    struct tally *tallies; /* by place in the catalog */
    uint64_t *open; /* those that miss no more than one member: of the others no more is told */
    bool under;     /* a member is */
    struct rs_group_answer answer;
};

/* FNV-1a, from Fowler, Noll and Vo. */
static uint64_t hash(const char *text)
{
    uint64_t h = 14695981039346656037U;
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        h = (h ^ *p) * 1099511628211U;
    }
    return h;
}

enum rs_status rs_group_create(enum rs_group_kind kind, const char *name,
                               const struct rs_catalog *catalog, struct rs_group **out,
                               struct rs_error *err)
{
    assert(name != NULL && catalog != NULL);
    struct rs_group *group = calloc(1, sizeof(*group));
    if (group == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a group");
    }
    group->catalog = catalog;
    group->types = rs_catalog_count(catalog);
    group->tallies = calloc(group->types + 1, sizeof(*group->tallies));
    group->open = calloc(rs_set_words(group->types) + 1, sizeof(*group->open));
    enum rs_status rc = group->tallies != NULL && group->open != NULL
                            ? rs_text_copy(name, &group->name, err)
                            : rs_fail(err, RS_ENOMEM, "out of memory for a group");
    if (rc != RS_OK) {
        rs_group_free(group);
        return rc;
    }
    rs_set_fill(group->open, group->types);
    group->answer = (struct rs_group_answer){
        .kind = kind, .name = group->name, .outlier_need = NAN, .others_need = NAN};
    *out = group;
    return RS_OK;
}

void rs_group_free(struct rs_group *group)
{
    if (group == NULL) {
        return;
    }
    for (size_t i = 0; i < group->count; i++) {
        free(group->members[i].id);
    }
    free(group->members);
    free(group->tallies);
    free(group->open);
    free(group->name);
    free(group);
}

static enum rs_status make_room(struct rs_group *group, struct rs_error *err)
{
    if (group->count < group->capacity) {
        return RS_OK;
    }
    size_t capacity = group->capacity > 0 ? 2 * group->capacity : 8;
    struct member *members = realloc(group->members, capacity * sizeof(*members));
    if (members == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu members of a group", capacity);
    }
    group->members = members;
    group->capacity = capacity;
    return RS_OK;
}

static enum rs_status claim_make_room(struct rs_claim *claim, size_t count, struct rs_error *err)
{
    if (claim->capacity >= count && claim->open != NULL) {
        return RS_OK;
    }
    size_t words = rs_set_words(count) + 1;
    rs_claim_release(claim);
    claim->open = calloc(words, sizeof(*claim->open));
    claim->held = calloc(words, sizeof(*claim->held));
    claim->score = calloc(count + 1, sizeof(*claim->score));
    if (claim->open == NULL || claim->held == NULL || claim->score == NULL) {
        rs_claim_release(claim);
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu offers", count);
    }
    claim->capacity = count;
    return RS_OK;
}

void rs_claim_release(struct rs_claim *claim)
{
    free(claim->open);
    free(claim->held);
    free(claim->score);
    *claim = (struct rs_claim){.score = NULL};
}

bool rs_group_is_settled(const struct rs_group *group)
{
    return group->under && rs_set_next(group->open, group->types, 0) == group->types;
}

enum rs_status rs_group_ask(const struct rs_group *group, struct rs_claim *claim,
                            struct rs_error *err)
{
    enum rs_status rc = claim_make_room(claim, group->types, err);
    if (rc == RS_OK) {
        claim->catalog = group->catalog;
        claim->count = group->types;
        claim->judged = claim->under = claim->unsure = false;
        memcpy(claim->open, group->open, rs_set_words(group->types) * sizeof(*claim->open));
        claim->settled = rs_group_is_settled(group);
    }
    return rc;
}

/* What was asked about is open now, or was closed since. */
static void count_in(struct rs_group *group, const struct rs_claim *claim, uint64_t own)
{
    size_t i = rs_set_next(group->open, group->types, 0);
    for (; i < group->types; i = rs_set_next(group->open, group->types, i + 1)) {
        struct tally *tally = &group->tallies[i];
        if (rs_set_has(claim->held, i)) {
            tally->score += claim->score[i];
        } else if (tally->misses) {
            rs_set_remove(group->open, i);
        } else {
            tally->misses = true;
            tally->missed = own;
        }
    }
}

enum rs_status rs_group_add(struct rs_group *group, const char *id, const struct rs_claim *claim,
                            struct rs_error *err)
{
    assert(claim->catalog == group->catalog);
    struct member member = {
        .current = claim->current, .judged = claim->judged, .under = claim->under};
    memcpy(member.need, claim->need, sizeof(member.need));
    enum rs_status rc = make_room(group, err);
    if (rc == RS_OK) {
        rc = rs_text_copy(id, &member.id, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    group->members[group->count++] = member;
    group->under = group->under || (claim->judged && claim->under);
    if (claim->judged && !claim->settled) {
        count_in(group, claim, hash(id));
    }
    return RS_OK;
}

static bool has_more(double a, double b)
{
    return a > b || (isnan(b) && !isnan(a));
}

/* Is type a, at index i, to be chosen before type b, at index k, for all? */
static bool is_before(const struct rs_group *group, size_t i, size_t k)
{
    const struct rs_offer *a = rs_catalog_at(group->catalog, i);
    const struct rs_offer *b = rs_catalog_at(group->catalog, k);
    if (group->tallies[i].score != group->tallies[k].score) {
        return group->tallies[i].score < group->tallies[k].score;
    }
    if (has_more(a->memory_bytes, b->memory_bytes) || has_more(b->memory_bytes, a->memory_bytes)) {
        return has_more(a->memory_bytes, b->memory_bytes);
    }
    return a->vcpus != b->vcpus ? a->vcpus > b->vcpus : i < k; /* the catalog is in order of name */
}

/* The best type that holds all; false: there is none. */
static bool find_best(const struct rs_group *group, size_t *best)
{
    bool found = false;
    size_t i = rs_set_next(group->open, group->types, 0);
    for (; i < group->types; i = rs_set_next(group->open, group->types, i + 1)) {
        if (!group->tallies[i].misses && (!found || is_before(group, i, *best))) {
            *best = i;
            found = true;
        }
    }
    return found;
}

struct today { /* what the members have and cost */
    bool priced, under;
    double price;                 /* an hour, of all */
    int64_t score;                /* with nothing given up: the price */
    const struct rs_offer *alike; /* the type that all have, or NULL */
};

static int compare_prices(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sums of doubles depend on their order, and the members come in any. */
static double sum_sorted(double *values, size_t count)
{
    double sum = 0.0;
    qsort(values, count, sizeof(*values), compare_prices);
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

static enum rs_status look_at_today(struct rs_group *group, struct today *out, struct rs_error *err)
{
    *out = (struct today){.priced = true};
    double *prices = calloc(group->count + 1, sizeof(*prices));
    if (prices == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu prices", group->count);
    }
    size_t n = 0;
    bool differ = false;
    for (size_t i = 0; i < group->count; i++) {
        const struct member *m = &group->members[i];
        if (!m->judged) {
            continue;
        }
        bool priced = m->current != NULL && !isnan(m->current->price);
        out->priced = out->priced && priced;
        out->under = out->under || m->under;
        differ = differ || (out->alike != NULL && out->alike != m->current);
        out->alike = m->current;
        if (priced) {
            prices[n++] = m->current->price;
            out->score += (int64_t)llround(m->current->price * NANO);
        }
    }
    out->alike = differ ? NULL : out->alike;
    out->price = sum_sorted(prices, n);
    free(prices);
    return RS_OK;
}

static enum rs_group_verdict judge(const struct rs_group *group, const struct rs_policy *policy,
                                   const struct today *today, size_t *best)
{
    bool found = find_best(group, best);
    if (today->under && !policy->down_only) {
        return found ? RS_GROUP_MOVE : RS_GROUP_NONE;
    }
    if (!found) {
        return RS_GROUP_KEEP;
    }
    double price = rs_catalog_at(group->catalog, *best)->price * (double)group->answer.judged;
    bool saves = price <= (1.0 - policy->min_saving) * today->price * (1.0 + ROUNDING) &&
                 price < today->price && group->tallies[*best].score < today->score;
    return saves ? RS_GROUP_MOVE : RS_GROUP_KEEP;
}

static const struct member *by_hash(const struct rs_group *group, uint64_t wanted)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->members[i].judged && hash(group->members[i].id) == wanted) {
            return &group->members[i];
        }
    }
    return NULL;
}

/* Of which does it need more than the type has, relatively most? False: of nothing measurable. */
static bool find_excess(const struct member *member, const struct rs_offer *offer,
                        enum rs_dimension *out)
{
    double highest = 1.0;
    for (int d = 0; d < RS_DIM_COUNT; d++) {
        double full = member->need[d] / rs_offer_capacity(offer, (enum rs_dimension)d);
        if (full > highest) {
            highest = full;
            *out = (enum rs_dimension)d;
        }
    }
    return highest > 1.0;
}

static void name_outlier(struct rs_group *group, const struct rs_offer *chosen)
{
    struct rs_group_answer *answer = &group->answer;
    double most = (1.0 - RS_OUTLIER_SAVING) * chosen->price;
    size_t i = rs_set_next(group->open, group->types, 0);
    for (; i < group->types; i = rs_set_next(group->open, group->types, i + 1)) {
        const struct rs_offer *offer = rs_catalog_at(group->catalog, i);
        const struct tally *tally = &group->tallies[i];
        if (!tally->misses || !(offer->price <= most)) {
            continue;
        }
        const struct member *member = by_hash(group, tally->missed);
        enum rs_dimension d = RS_DIM_CPU;
        if (member != NULL && find_excess(member, offer, &d)) {
            most = offer->price * (1.0 - ROUNDING); /* of equally cheap ones the first by name */
            answer->outlier = member->id;
            answer->without = offer;
            answer->outlier_by = d;
            answer->outlier_need = member->need[d];
        }
    }
    for (size_t m = 0; m < group->count && answer->outlier != NULL; m++) {
        const struct member *member = &group->members[m];
        double need = member->need[answer->outlier_by];
        if (member->judged && member->id != answer->outlier &&
            !(answer->others_need >= need)) { /* NaN gives way */
            answer->others_need = isnan(need) ? answer->others_need : need;
        }
    }
}

enum rs_status rs_group_decide(struct rs_group *group, const struct rs_policy *policy,
                               struct rs_error *err)
{
    struct rs_group_answer *answer = &group->answer;
    struct today today;
    size_t best = 0;
    answer->members = group->count;
    answer->judged = 0;
    for (size_t i = 0; i < group->count; i++) {
        answer->judged += group->members[i].judged ? 1 : 0;
    }
    if (answer->judged < 2) {
        answer->verdict = group->count < 2 ? RS_GROUP_ALONE : RS_GROUP_UNTOLD;
        return RS_OK;
    }
    enum rs_status rc = look_at_today(group, &today, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (!today.priced) {
        answer->verdict = RS_GROUP_UNTOLD;
        return RS_OK;
    }
    answer->verdict = judge(group, policy, &today, &best);
    answer->offer = answer->verdict == RS_GROUP_MOVE   ? rs_catalog_at(group->catalog, best)
                    : answer->verdict == RS_GROUP_KEEP ? today.alike
                                                       : NULL;
    if (answer->offer != NULL) {
        name_outlier(group, answer->offer);
    }
    return RS_OK;
}

const struct rs_group_answer *rs_group_answer(const struct rs_group *group)
{
    return &group->answer;
}
