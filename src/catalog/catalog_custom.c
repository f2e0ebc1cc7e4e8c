/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Machine shapes that are sold by rule, not from a list. A series' prices are linear in vCPUs and
 * memory, so the two predefined machines of 8 vCPUs tell what a vCPU and a GiB cost in a region;
 * a custom shape costs that times the rule's multiplier.
 */
#include "catalog/catalog_private.h"
#include "rightsize/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB 1048576.0
#define GIB (1024 * MIB)
#define MAX_CUSTOM ((size_t)50000) /* shapes looked at for one catalog */

struct rule {
    const char *series, *vcpus;
    double min_ratio, max_ratio, max_memory, step, multiplier; /* GiB a vCPU, GiB, MiB */
};

#define NUMBER(column, member, min, max)                                                           \
    {                                                                                              \
        column, RS_CELL_NUMBER, offsetof(struct rule, member), 1, min, max, 0, true, false         \
    }
static const struct rs_catalog_column columns[] = {
    {"series", RS_CELL_TEXT, offsetof(struct rule, series), 1, 0, 0, 0, true, false},
    {"vcpus", RS_CELL_TEXT, offsetof(struct rule, vcpus), 1, 0, 0, 0, true, false},
    NUMBER("min_gib_per_vcpu", min_ratio, 0.01, 1000),
    NUMBER("max_gib_per_vcpu", max_ratio, 0.01, 1000),
    NUMBER("max_memory_gib", max_memory, 1, 1e6),
    NUMBER("memory_step_mib", step, 1, 1e6),
    NUMBER("price_multiplier", multiplier, 0.1, 10),
};

struct price_line { /* on demand and the two reservations */
    double vcpu[3], gib[3];
    struct rs_offer model; /* what is known of the series besides */
};

struct building {
    struct rs_catalog *catalog;
    size_t listed; /* offers that are no custom ones */
    size_t tried, made;
};

static void blank_rule(void *row)
{
    *(struct rule *)row = (struct rule){.series = NULL};
}

/* The shapes made so far stand unsorted behind the listed types. */
static const struct rs_offer *find_listed(const struct building *b, const char *type)
{
    for (size_t i = 0; i < b->listed; i++) {
        if (strcmp(b->catalog->offers[i].type, type) == 0) {
            return &b->catalog->offers[i];
        }
    }
    return NULL;
}

static bool price_line(const struct building *b, const char *series, struct price_line *out)
{
    char name[80];
    snprintf(name, sizeof(name), "%.63s-standard-8", series);
    const struct rs_offer *low = find_listed(b, name);
    snprintf(name, sizeof(name), "%.63s-highmem-8", series);
    const struct rs_offer *high = find_listed(b, name);
    if (low == NULL || high == NULL || isnan(low->price) || isnan(high->price) ||
        !(high->memory_bytes > low->memory_bytes)) {
        return false;
    }
    const double prices[3][2] = {{low->price, high->price},
                                 {low->reserved_1y, high->reserved_1y},
                                 {low->reserved_3y, high->reserved_3y}};
    for (size_t i = 0; i < 3; i++) {
        out->gib[i] =
            (prices[i][1] - prices[i][0]) / (high->memory_bytes - low->memory_bytes) * GIB;
        out->vcpu[i] = (prices[i][0] - out->gib[i] * low->memory_bytes / GIB) / low->vcpus;
    }
    out->model = *low;
    return out->gib[0] > 0 && out->vcpu[0] > 0;
}

static bool is_listed(const struct building *b, const char *series, double vcpus, double memory)
{
    for (size_t i = 0; i < b->listed; i++) {
        const struct rs_offer *offer = &b->catalog->offers[i];
        if (fabs(offer->vcpus - vcpus) < 0.01 && fabs(offer->memory_bytes - memory) < MIB &&
            offer->family != NULL && strcmp(offer->family, series) == 0) {
            return true;
        }
    }
    return false;
}

static double round_price(double price)
{
    return round(price * 1e6) / 1e6;
}

static enum rs_status add_shape(struct building *b, const struct rule *rule,
                                const struct price_line *line, double vcpus, double mib,
                                struct rs_error *err)
{
    char name[96];
    double prices[3];
    struct rs_offer offer = line->model;
    bool n1 = strcmp(rule->series, "n1") == 0; /* the oldest series has no prefix */
    snprintf(name, sizeof(name), "%.63s%scustom-%.0f-%.0f", n1 ? "" : rule->series, n1 ? "" : "-",
             vcpus, mib);
    for (size_t i = 0; i < 3; i++) {
        prices[i] = round_price(rule->multiplier *
                                (line->vcpu[i] * vcpus + line->gib[i] * mib * MIB / GIB));
    }
    enum rs_status rc =
        rs_catalog_pool_text(&b->catalog->pool, name, strlen(name), NULL, &offer.type, err);
    if (rc != RS_OK) {
        return rc;
    }
    offer.family = rule->series;
    offer.size = offer.type;
    offer.vcpus = vcpus;
    offer.cores = NAN;
    offer.memory_bytes = mib * MIB;
    offer.net_baseline = offer.net_peak = NAN;
    offer.max_enis = offer.max_attachments = offer.net_packets = NAN;
    offer.watts_idle = offer.watts_10 = offer.watts_50 = offer.watts_100 = NAN;
    offer.price = prices[0];
    offer.reserved_1y = prices[1];
    offer.reserved_3y = prices[2];
    offer.flags |= RS_OFFER_CUSTOM | RS_OFFER_PRICE_ESTIMATED;
    b->made++;
    return rs_catalog_take_offer(b->catalog, &offer, err);
}

/* The least and the most memory a vCPU, and whole GiB between them. */
static enum rs_status add_memories(struct building *b, const struct rule *rule,
                                   const struct price_line *line, double vcpus,
                                   struct rs_error *err)
{
    double ratio = rule->min_ratio, last = 0;
    enum rs_status rc = RS_OK;
    while (rc == RS_OK && ratio <= rule->max_ratio) {
        if (++b->tried > MAX_CUSTOM) {
            return rs_fail(err, RS_EINPUT, "more than %zu custom shapes", MAX_CUSTOM);
        }
        double mib = ratio * 1024 * vcpus;
        mib = rule->step *
              (ratio > rule->min_ratio ? floor(mib / rule->step) : ceil(mib / rule->step));
        if (mib > last && mib <= rule->max_memory * 1024 &&
            !is_listed(b, rule->series, vcpus, mib * MIB)) {
            rc = add_shape(b, rule, line, vcpus, mib, err);
        }
        last = mib;
        double next = floor(ratio) + 1;
        ratio = ratio < rule->max_ratio && next > rule->max_ratio ? rule->max_ratio : next;
    }
    return rc;
}

/* "1,2-96/2": single numbers and spans with their step. */
static bool parse_part(const char *text, size_t length, double span[3])
{
    char part[32];
    struct rs_error err;
    if (length == 0 || length >= sizeof(part)) {
        return false;
    }
    memcpy(part, text, length);
    part[length] = '\0';
    char *dash = strchr(part, '-'), *slash = strchr(part, '/');
    if (dash == NULL && slash == NULL) {
        span[2] = 1;
        return rs_parse_double(part, 1, 1024, &span[0], &err) == RS_OK && (span[1] = span[0]) > 0;
    }
    if (dash == NULL || slash == NULL || slash < dash) {
        return false;
    }
    *dash = *slash = '\0';
    return rs_parse_double(part, 1, 1024, &span[0], &err) == RS_OK &&
           rs_parse_double(dash + 1, span[0], 1024, &span[1], &err) == RS_OK &&
           rs_parse_double(slash + 1, 1, 1024, &span[2], &err) == RS_OK;
}

static enum rs_status take_rule(void *context, const void *row, struct rs_error *err)
{
    const struct rule *rule = row;
    struct building *b = context;
    struct price_line line = {.model = {.type = NULL}};
    bool priced = price_line(b, rule->series, &line);
    enum rs_status rc = RS_OK;
    for (const char *at = rule->vcpus; rc == RS_OK && at != NULL;) {
        double span[3];
        size_t length = strcspn(at, ",");
        if (!parse_part(at, length, span)) {
            return rs_fail(err, RS_EINPUT, "'vcpus' '%.64s' is not N or N-M/STEP, ...",
                           rule->vcpus);
        }
        for (double v = span[0]; priced && rc == RS_OK && v <= span[1]; v += span[2]) {
            rc = add_memories(b, rule, &line, v, err);
        }
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return rc;
}

enum rs_status rs_catalog_custom_read(const char *path, const char *provider,
                                      struct rs_catalog *catalog, struct rs_error *err)
{
    struct rs_catalog_head head;
    struct building building = {catalog, catalog->count, 0, 0};
    const struct rs_catalog_table table = {
        "custom",   columns,  sizeof(columns) / sizeof(columns[0]), sizeof(struct rule),
        blank_rule, take_rule};
    enum rs_status rc = rs_catalog_table_read(path, &table, &catalog->pool, &building, &head, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_catalog_check_member("provider", head.provider, provider, err);
    if (rc == RS_OK) {
        rc = rs_catalog_sort_offers(catalog, err);
    }
    catalog->info.custom = building.made;
    return rc == RS_EINPUT ? rs_fail_where(err, "%s", path) : rc;
}
