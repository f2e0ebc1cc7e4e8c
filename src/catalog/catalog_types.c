/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_private.h"
#include "catalog/catalog_table.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MIB 1048576.0
#define MBYTES 1e6
#define GBYTES 1e9
#define GBPS (1e9 / 8.0)

#define TEXT(column, member)                                                                       \
    {                                                                                              \
        column, RS_CELL_TEXT, offsetof(struct rs_offer, member), 1, 0, 0, 0, false, false          \
    }
#define NUMBER(column, member, unit, min, max)                                                     \
    {                                                                                              \
        column, RS_CELL_NUMBER, offsetof(struct rs_offer, member), unit, min, max, 0, false, false \
    }
#define OPTIONAL(column, member, unit, min, max)                                                   \
    {                                                                                              \
        column, RS_CELL_NUMBER, offsetof(struct rs_offer, member), unit, min, max, 0, false, true  \
    }
#define WATTS(column, member) OPTIONAL(column, member, 1, 0, 1e6)
#define FLAG(column, flag)                                                                         \
    {                                                                                              \
        column, RS_CELL_FLAG, offsetof(struct rs_offer, flags), 1, 0, 1, flag, false, false        \
    }

const struct rs_catalog_column rs_catalog_type_columns[] = {
    {"type", RS_CELL_TEXT, offsetof(struct rs_offer, type), 1, 0, 0, 0, true, false},
    {"family", RS_CELL_TEXT, offsetof(struct rs_offer, family), 1, 0, 0, 0, false, true},
    {"size", RS_CELL_TEXT, offsetof(struct rs_offer, size), 1, 0, 0, 0, false, true},
    TEXT("category", category),
    {"generation", RS_CELL_INT, offsetof(struct rs_offer, generation), 1, 1, 1000, 0, false, false},
    TEXT("architecture", architecture),
    FLAG("i386", RS_OFFER_I386),
    TEXT("cpu_vendor", cpu_vendor),
    TEXT("hypervisor", hypervisor),
    FLAG("hvm", RS_OFFER_HVM),
    FLAG("pv", RS_OFFER_PV),
    FLAG("bare_metal", RS_OFFER_BARE_METAL),
    FLAG("current_generation", RS_OFFER_CURRENT_GENERATION),
    FLAG("delisted", RS_OFFER_DELISTED),
    FLAG("burstable", RS_OFFER_BURSTABLE),
    FLAG("flex", RS_OFFER_FLEX),
    {"vcpus", RS_CELL_NUMBER, offsetof(struct rs_offer, vcpus), 1, 0.01, 1e5, 0, true, false},
    NUMBER("cores", cores, 1, 1, 1e5),
    {"memory_mib", RS_CELL_NUMBER, offsetof(struct rs_offer, memory_bytes), MIB, 1, 1e9, 0, true,
     false},
    NUMBER("clock_ghz", clock_ghz, 1, 0.1, 100),
    NUMBER("cpu_score", cpu_score, 1, 0.001, 1000),
    NUMBER("burst_baseline_pct", burst_baseline, 0.01, 0, 100),
    NUMBER("credits_per_hour", credits_per_hour, 1, 0, 1e7),
    NUMBER("credits_max", credits_max, 1, 0, 1e9),
    FLAG("ena_supported", RS_OFFER_ENA_SUPPORTED),
    FLAG("ena_required", RS_OFFER_ENA_REQUIRED),
    NUMBER("net_baseline_gbps", net_baseline, GBPS, 0, 1e6),
    NUMBER("net_peak_gbps", net_peak, GBPS, 0, 1e6),
    NUMBER("max_enis", max_enis, 1, 0, 1e4),
    FLAG("nvme_ebs", RS_OFFER_NVME_EBS),
    NUMBER("ebs_baseline_mbytes_per_s", ebs_baseline, MBYTES, 0, 1e7),
    NUMBER("ebs_peak_mbytes_per_s", ebs_peak, MBYTES, 0, 1e7),
    NUMBER("ebs_baseline_iops", ebs_baseline_ops, 1, 0, 1e9),
    NUMBER("ebs_peak_iops", ebs_peak_ops, 1, 0, 1e9),
    NUMBER("max_attachments", max_attachments, 1, 0, 1e5),
    NUMBER("disk_count", disk_count, 1, 0, 1e4),
    NUMBER("disk_gb", disk_bytes, GBYTES, 0, 1e8),
    OPTIONAL("net_pps", net_packets, 1, 0.001, 1e12),
    OPTIONAL("disk_mbytes_per_s", disk_throughput, MBYTES, 0.001, 1e7),
    OPTIONAL("disk_iops", disk_ops, 1, 0.001, 1e9),
    NUMBER("gpu_count", gpu_count, 1, 0, 1e4),
    TEXT("gpu_model", gpu_model),
    NUMBER("gpu_memory_mib", gpu_memory_bytes, MIB, 0, 1e9),
    NUMBER("accelerator_count", accelerator_count, 1, 0, 1e4),
    WATTS("watts_idle", watts_idle),
    WATTS("watts_10", watts_10),
    WATTS("watts_50", watts_50),
    WATTS("watts_100", watts_100),
};
const size_t rs_catalog_type_column_count =
    sizeof(rs_catalog_type_columns) / sizeof(rs_catalog_type_columns[0]);

static void blank_numbers(struct rs_offer *offer, const struct rs_catalog_column *columns,
                          size_t count)
{
    const double unknown = NAN;
    for (size_t i = 0; i < count; i++) {
        if (columns[i].cell == RS_CELL_NUMBER) {
            memcpy((char *)offer + columns[i].offset, &unknown, sizeof(unknown));
        }
    }
}

void rs_catalog_blank_offer(void *row)
{
    struct rs_offer *offer = row;
    memset(offer, 0, sizeof(*offer));
    blank_numbers(offer, rs_catalog_type_columns, rs_catalog_type_column_count);
    blank_numbers(offer, rs_catalog_price_columns, rs_catalog_price_column_count);
}

/* "m5.large" is the size large of the family m5; other names say nothing by themselves. */
static enum rs_status derive_names(struct rs_catalog *catalog, struct rs_offer *offer,
                                   struct rs_error *err)
{
    const char *dot = strchr(offer->type, '.');
    enum rs_status rc = RS_OK;
    if (dot == NULL || dot == offer->type || dot[1] == '\0') {
        return RS_OK;
    }
    if (offer->size == NULL) {
        offer->size = dot + 1;
    }
    if (offer->family == NULL) {
        const char *previous =
            catalog->count > 0 ? catalog->offers[catalog->count - 1].family : NULL;
        rc = rs_catalog_pool_text(&catalog->pool, offer->type, (size_t)(dot - offer->type),
                                  previous, &offer->family, err);
    }
    return rc;
}

static enum rs_status check_peaks(const struct rs_offer *offer, struct rs_error *err)
{
    const struct {
        const char *what;
        double baseline, peak;
    } pairs[] = {
        {"network", offer->net_baseline, offer->net_peak},
        {"EBS bandwidth", offer->ebs_baseline, offer->ebs_peak},
        {"EBS operations", offer->ebs_baseline_ops, offer->ebs_peak_ops},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i].baseline > pairs[i].peak) { /* false where one is unknown */
            return rs_fail(err, RS_EINPUT, "the %s baseline of '%.64s' is above its peak",
                           pairs[i].what, offer->type);
        }
    }
    return RS_OK;
}

enum rs_status rs_catalog_take_offer(struct rs_catalog *catalog, const struct rs_offer *row,
                                     struct rs_error *err)
{
    struct rs_offer offer = *row;
    enum rs_status rc = check_peaks(&offer, err);
    if (rc == RS_OK) {
        rc = derive_names(catalog, &offer, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (catalog->count == catalog->capacity) { /* rows are limited, so this cannot overflow */
        size_t capacity = catalog->capacity == 0 ? 1024 : 2 * catalog->capacity;
        struct rs_offer *grown = realloc(catalog->offers, capacity * sizeof(*grown));
        if (grown == NULL) {
            return rs_fail(err, RS_ENOMEM, "out of memory for %zu types", capacity);
        }
        catalog->offers = grown;
        catalog->capacity = capacity;
    }
    catalog->offers[catalog->count++] = offer;
    return RS_OK;
}

static enum rs_status take(void *context, const void *row, struct rs_error *err)
{
    return rs_catalog_take_offer(context, row, err);
}

static int compare_types(const void *a, const void *b)
{
    return strcmp(((const struct rs_offer *)a)->type, ((const struct rs_offer *)b)->type);
}

static bool is_sorted(const struct rs_catalog *catalog)
{
    size_t i = 1;
    while (i < catalog->count && compare_types(&catalog->offers[i - 1], &catalog->offers[i]) <= 0) {
        i++;
    }
    return i >= catalog->count;
}

enum rs_status rs_catalog_sort_offers(struct rs_catalog *catalog, struct rs_error *err)
{
    if (catalog->count == 0) {
        return rs_fail(err, RS_EINPUT, "not one type is listed");
    }
    if (!is_sorted(catalog)) { /* the catalog that comes with the program is */
        qsort(catalog->offers, catalog->count, sizeof(*catalog->offers), compare_types);
    }
    for (size_t i = 1; i < catalog->count; i++) {
        if (compare_types(&catalog->offers[i - 1], &catalog->offers[i]) == 0) {
            return rs_fail(err, RS_EINPUT, "type '%.64s' is listed twice", catalog->offers[i].type);
        }
    }
    return RS_OK;
}

enum rs_status rs_catalog_types_read(const char *path, const char *provider,
                                     struct rs_catalog *catalog, struct rs_error *err)
{
    const struct rs_catalog_table table = {"types",
                                           rs_catalog_type_columns,
                                           rs_catalog_type_column_count,
                                           sizeof(struct rs_offer),
                                           rs_catalog_blank_offer,
                                           take};
    struct rs_catalog_head head;
    enum rs_status rc = rs_catalog_table_read(path, &table, &catalog->pool, catalog, &head, err);
    if (rc != RS_OK) {
        return rc;
    }
    rc = rs_catalog_check_member("provider", head.provider, provider, err);
    if (rc == RS_OK) {
        rc = rs_catalog_check_date("date", head.date, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_sort_offers(catalog, err);
    }
    if (rc != RS_OK) {
        return rs_fail_where(err, "%s", path);
    }
    catalog->info.facts_date = head.date;
    catalog->info.source = head.source;
    return RS_OK;
}
