/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/commitment.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXHAUSTED 1e-9 /* of a unit: what rounding leaves */

double rs_size_factor(const char *size)
{
    static const struct {
        const char *size;
        double factor;
    } small[] = {{"nano", 0.25},  {"micro", 0.5}, {"small", 1.0},
                 {"medium", 2.0}, {"large", 4.0}, {"xlarge", 8.0}};
    if (size == NULL) {
        return 0.0;
    }
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
        if (strcmp(size, small[i].size) == 0) {
            return small[i].factor;
        }
    }
    char *rest = NULL;
    unsigned long times = *size >= '1' && *size <= '9' ? strtoul(size, &rest, 10) : 0;
    bool whole = rest != NULL && strcmp(rest, "xlarge") == 0 && times <= 1024;
    return whole ? 8.0 * (double)times : 0.0;
}

/* Sizes of these are not exchanged: EC2 User Guide, "Limitations for instance size flexibility". */
static bool has_fixed_sizes(const char *family)
{
    static const char *const prefixes[] = {"g4", "g5", "g6", "gr6", "inf", "hpc", "p5", "u-"};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(family, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Reservations for a VPC and without are one since EC2-Classic is gone. */
static bool same_platform(const char *reserved, const char *used)
{
    static const char vpc[] = " (Amazon VPC)";
    const char *platform = used != NULL ? used : "Linux/UNIX";
    size_t n = strlen(platform);
    return strncmp(reserved, platform, n) == 0 &&
           (reserved[n] == '\0' || strcmp(reserved + n, vpc) == 0);
}

static bool in_force(const struct rs_commitment *c, int64_t at)
{
    return c->start <= at && at < c->end;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_size(const void *left, const void *right)
{
    const struct rs_committed_use *a = *(struct rs_committed_use *const *)left;
    const struct rs_committed_use *b = *(struct rs_committed_use *const *)right;
    double x = rs_size_factor(a->size), y = rs_size_factor(b->size);
    if (x < y || x > y) {
        return x < y ? -1 : 1;
    }
    int order = compare_texts(a->id, b->id);
    return order != 0 ? order : compare_texts(a->type, b->type);
}

static double plan_saving(const struct rs_committed_use *use)
{
    return 1.0 - use->plan_price / use->price;
}

static int by_saving(const void *left, const void *right)
{
    double x = plan_saving(*(struct rs_committed_use *const *)left);
    double y = plan_saving(*(struct rs_committed_use *const *)right);
    if (x < y || x > y) {
        return x > y ? -1 : 1;
    }
    return by_size(left, right);
}

/* How much of the commitment a whole machine would take, in units or dollars; 0: none of it. */
static double reserved_weight(const struct rs_commitment *c, const struct rs_committed_use *use)
{
    if (!same_platform(c->platform, use->platform)) {
        return 0.0;
    }
    if (c->zone != NULL) {
        return same(c->zone, use->zone) && same(c->type, use->type) ? 1.0 : 0.0;
    }
    if (!same(c->region, use->region)) {
        return 0.0;
    }
    double unit = rs_size_factor(c->type + strlen(c->family) + 1);
    if (!c->flexible || has_fixed_sizes(c->family) || !(unit > 0.0)) {
        return same(c->type, use->type) ? 1.0 : 0.0;
    }
    return same(c->family, use->family) ? rs_size_factor(use->size) / unit : 0.0;
}

static double plan_weight(const struct rs_commitment *c, const struct rs_committed_use *use)
{
    bool priced = use->plan_price > 0.0 && same(c->currency, use->currency);
    bool meant = c->kind == RS_COMMITMENT_PLAN_COMPUTE ||
                 (same(c->family, use->family) && same(c->region, use->region));
    return priced && meant ? use->plan_price : 0.0;
}

static void spend(struct rs_commitment *c, struct rs_committed_use *const *uses, size_t count)
{
    bool reserved = c->kind == RS_COMMITMENT_RESERVED;
    double whole = reserved ? (double)c->count : c->hourly, left = whole;
    for (size_t i = 0; i < count && left > EXHAUSTED * whole; i++) {
        double weight = reserved ? reserved_weight(c, uses[i]) : plan_weight(c, uses[i]);
        double open = 1.0 - uses[i]->covered;
        if (!(weight > 0.0) || !(open > 0.0)) {
            continue;
        }
        double take = open * weight < left ? open * weight : left;
        uses[i]->covered = take < open * weight ? uses[i]->covered + take / weight : 1.0;
        left -= take;
    }
    c->used = whole > 0.0 && left > EXHAUSTED * whole ? 1.0 - left / whole : 1.0;
}

enum stage { ZONAL, REGIONAL, INSTANCE_PLANS, COMPUTE_PLANS, STAGES };

static enum stage stage_of(const struct rs_commitment *c)
{
    if (c->kind == RS_COMMITMENT_RESERVED) {
        return c->zone != NULL ? ZONAL : REGIONAL;
    }
    return c->kind == RS_COMMITMENT_PLAN_INSTANCE ? INSTANCE_PLANS : COMPUTE_PLANS;
}

enum rs_status rs_commitments_cover(struct rs_commitments *commitments, int64_t at,
                                    struct rs_committed_use *uses, size_t count,
                                    struct rs_error *err)
{
    assert(commitments != NULL && (uses != NULL || count == 0));
    struct rs_committed_use **order = calloc(count + 1, sizeof(*order));
    if (order == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu machines", count);
    }
    size_t priced = 0;
    for (size_t i = 0; i < count; i++) {
        uses[i].covered = 0.0;
        order[i] = &uses[i];
    }
    qsort(order, count, sizeof(struct rs_committed_use *), by_size);
    for (int stage = ZONAL; stage < STAGES; stage++) {
        if (stage == INSTANCE_PLANS) { /* only what has both prices has a share saved */
            for (size_t i = 0; i < count; i++) {
                if (order[i]->price > 0.0 && order[i]->plan_price > 0.0) {
                    order[priced++] = order[i];
                }
            }
            qsort(order, priced, sizeof(struct rs_committed_use *), by_saving);
        }
        size_t candidates = stage < INSTANCE_PLANS ? count : priced;
        for (size_t i = 0; i < commitments->count; i++) {
            struct rs_commitment *c = &commitments->items[i];
            if (stage == (int)stage_of(c)) {
                c->used = NAN;
                if (in_force(c, at)) {
                    spend(c, order, candidates);
                }
            }
        }
    }
    free(order);
    return RS_OK;
}
