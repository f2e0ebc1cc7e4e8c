/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/commitment.h"

#include "rightsize/buffer.h"
#include "rightsize/json.h"
#include "rightsize/number.h"
#include "rightsize/text.h"
#include "rightsize/when.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT ((size_t)64 << 20)
#define COUNT_LIMIT 1000000
#define HOURLY_LIMIT 1e7

static void release_one(struct rs_commitment *c)
{
    char *texts[] = {c->id, c->type, c->family, c->region, c->zone, c->platform, c->currency};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        free(texts[i]);
    }
}

void rs_commitments_release(struct rs_commitments *commitments)
{
    for (size_t i = 0; i < commitments->count; i++) {
        release_one(&commitments->items[i]);
    }
    free(commitments->items);
    *commitments = (struct rs_commitments){.items = NULL};
}

/* Takes what `c` owns, also on failure. */
static enum rs_status add(struct rs_commitments *all, struct rs_commitment *c, struct rs_error *err)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity > 0 ? 2 * all->capacity : 16;
        struct rs_commitment *items = realloc(all->items, capacity * sizeof(*items));
        if (items == NULL) {
            release_one(c);
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu commitments", capacity);
        }
        all->items = items;
        all->capacity = capacity;
    }
    all->items[all->count++] = *c;
    return RS_OK;
}

static enum rs_status copy_member(const cJSON *object, const char *key, bool needed, char **out,
                                  struct rs_error *err)
{
    const char *text = rs_json_optional_text(object, key);
    if (needed && (text == NULL || *text == '\0')) {
        return rs_fail(err, RS_EINPUT, "'%s' is missing or no text", key);
    }
    return rs_text_copy(text, out, err);
}

static enum rs_status read_when(const cJSON *object, const char *key, int64_t *out,
                                struct rs_error *err)
{
    const char *text = NULL;
    enum rs_status rc = rs_json_text(object, key, &text, err);
    if (rc == RS_OK && (rc = rs_when_parse(text, out, err)) != RS_OK) {
        rc = rs_fail_where(err, "%s", key);
    }
    return rc;
}

static bool is(const char *text, const char *wanted)
{
    return text != NULL && strcmp(text, wanted) == 0;
}

/* "m5" of "m5.large". */
static enum rs_status take_family(struct rs_commitment *c, struct rs_error *err)
{
    const char *point = strchr(c->type, '.');
    if (point == NULL || point == c->type) {
        return rs_fail(err, RS_EINPUT, "InstanceType '%.64s' is not FAMILY.SIZE", c->type);
    }
    enum rs_status rc = rs_text_copy(c->type, &c->family, err);
    if (rc == RS_OK) {
        c->family[point - c->type] = '\0';
    }
    return rc;
}

/* A zone is its region and a letter; local zones ("us-east-1-bos-1a") begin with it as well. */
static enum rs_status take_place(const cJSON *item, const char *region, struct rs_commitment *c,
                                 struct rs_error *err)
{
    const char *zone = rs_json_optional_text(item, "AvailabilityZone");
    if (is(rs_json_optional_text(item, "Scope"), "Availability Zone") && zone != NULL) {
        return rs_text_copy(zone, &c->zone, err);
    }
    if (region == NULL) {
        return rs_fail(err, RS_EINPUT,
                       "a regional reservation, and the answer does not name its region: give the "
                       "file as REGION=FILE");
    }
    return rs_text_copy(region, &c->region, err);
}

static enum rs_status read_reserved(const cJSON *item, const char *region, struct rs_commitment *c,
                                    struct rs_error *err)
{
    *c = (struct rs_commitment){.kind = RS_COMMITMENT_RESERVED, .hourly = NAN, .used = NAN};
    enum rs_status rc = copy_member(item, "ReservedInstancesId", false, &c->id, err);
    if (rc == RS_OK) {
        rc = copy_member(item, "InstanceType", true, &c->type, err);
    }
    if (rc == RS_OK) {
        rc = take_family(c, err);
    }
    if (rc == RS_OK) {
        rc = copy_member(item, "ProductDescription", true, &c->platform, err);
    }
    if (rc == RS_OK) {
        rc = rs_json_int(item, "InstanceCount", 1, COUNT_LIMIT, &c->count, err);
    }
    if (rc == RS_OK) {
        rc = read_when(item, "Start", &c->start, err);
    }
    if (rc == RS_OK) {
        rc = read_when(item, "End", &c->end, err);
    }
    if (rc == RS_OK) {
        rc = take_place(item, region, c, err);
    }
    const char *tenancy = rs_json_optional_text(item, "InstanceTenancy");
    c->flexible = c->zone == NULL && (tenancy == NULL || is(tenancy, "default")) &&
                  (is(c->platform, "Linux/UNIX") || is(c->platform, "Linux/UNIX (Amazon VPC)"));
    return rc;
}

/* AWS writes the amount as text. */
static enum rs_status read_amount(const cJSON *item, const char *key, double *out,
                                  struct rs_error *err)
{
    const char *text = NULL;
    enum rs_status rc = rs_json_text(item, key, &text, err);
    if (rc == RS_OK && (rc = rs_parse_double(text, 0, HOURLY_LIMIT, out, err)) != RS_OK) {
        rc = rs_fail_where(err, "%s", key);
    }
    return rc;
}

static enum rs_status read_plan(const cJSON *item, const char *region, struct rs_commitment *c,
                                struct rs_error *err)
{
    (void)region;
    bool compute = is(rs_json_optional_text(item, "savingsPlanType"), "Compute");
    *c = (struct rs_commitment){
        .kind = compute ? RS_COMMITMENT_PLAN_COMPUTE : RS_COMMITMENT_PLAN_INSTANCE, .used = NAN};
    enum rs_status rc = copy_member(item, "savingsPlanId", false, &c->id, err);
    if (rc == RS_OK) {
        rc = copy_member(item, "currency", true, &c->currency, err);
    }
    if (rc == RS_OK && !compute) {
        rc = copy_member(item, "ec2InstanceFamily", true, &c->family, err);
    }
    if (rc == RS_OK && !compute) {
        rc = copy_member(item, "region", true, &c->region, err);
    }
    if (rc == RS_OK) {
        rc = read_amount(item, "commitment", &c->hourly, err);
    }
    if (rc == RS_OK) {
        rc = read_when(item, "start", &c->start, err);
    }
    if (rc == RS_OK) {
        rc = read_when(item, "end", &c->end, err);
    }
    return rc;
}

/* Other plans (SageMaker, databases) and other states (retired, payment-failed) pay for nothing. */
static bool counts_reserved(const cJSON *item)
{
    return is(rs_json_optional_text(item, "State"), "active");
}

static bool counts_plan(const cJSON *item)
{
    const char *kind = rs_json_optional_text(item, "savingsPlanType");
    return is(rs_json_optional_text(item, "state"), "active") &&
           (is(kind, "Compute") || is(kind, "EC2Instance"));
}

static const struct answer {
    const char *list;
    bool (*counts)(const cJSON *item);
    enum rs_status (*read)(const cJSON *item, const char *region, struct rs_commitment *c,
                           struct rs_error *err);
} answers[] = {
    {"ReservedInstances", counts_reserved, read_reserved},
    {"savingsPlans", counts_plan, read_plan},
};

static enum rs_status read_list(struct rs_commitments *all, const struct answer *answer,
                                const cJSON *list, const char *region, struct rs_error *err)
{
    const cJSON *item = NULL;
    size_t i = 0;
    cJSON_ArrayForEach(item, list)
    {
        struct rs_commitment c;
        if (!cJSON_IsObject(item)) {
            return rs_fail(err, RS_EINPUT, "%s[%zu] is no object", answer->list, i);
        }
        if (!answer->counts(item)) {
            all->passed_over++;
        } else {
            enum rs_status rc = answer->read(item, region, &c, err);
            if (rc != RS_OK) {
                release_one(&c);
                return rc == RS_EINPUT ? rs_fail_where(err, "%s[%zu]", answer->list, i) : rc;
            }
            if ((rc = add(all, &c, err)) != RS_OK) {
                return rc;
            }
        }
        i++;
    }
    return RS_OK;
}

static enum rs_status read_tree(struct rs_commitments *all, const cJSON *tree, const char *region,
                                struct rs_error *err)
{
    bool any = false;
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]) && rc == RS_OK; i++) {
        const cJSON *list = rs_json_member(tree, answers[i].list);
        if (cJSON_IsArray(list)) {
            any = true;
            rc = read_list(all, &answers[i], list, region, err);
        }
    }
    if (rc == RS_OK && !any) {
        rc = rs_fail(err, RS_EINPUT,
                     "neither the answer of 'aws ec2 describe-reserved-instances' nor of 'aws "
                     "savingsplans describe-savings-plans'");
    }
    return rc;
}

enum rs_status rs_commitments_read(struct rs_commitments *commitments, const char *path,
                                   const char *region, struct rs_error *err)
{
    assert(commitments != NULL && path != NULL);
    struct rs_buffer text;
    cJSON *tree = NULL;
    rs_buffer_init(&text);
    enum rs_status rc = rs_buffer_read_file(&text, path, FILE_LIMIT, err);
    if (rc == RS_OK) {
        rc = rs_json_parse(text.data, text.length, &tree, err);
        if (rc == RS_OK) {
            rc = read_tree(commitments, tree, region, err);
        }
        if (rc == RS_EINPUT) {
            rc = rs_fail_where(err, "%s", path);
        }
    }
    cJSON_Delete(tree);
    rs_buffer_release(&text);
    return rc;
}
