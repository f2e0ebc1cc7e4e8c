/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine types of gcloud and of az, and the Azure Retail Prices API. */
#include "catalog/catalog_patch.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define HOURS_1Y 8760.0 /* how Azure spreads a reservation */

static enum rs_status put(struct rs_sheet *sheet, struct rs_sheet_cell *row, const char *column,
                          double value, struct rs_error *err)
{
    return isnan(value) ? RS_OK : rs_sheet_set_number(sheet, row, column, value, err);
}

static enum rs_status open_row(struct rs_patch_reader *r, int cloud, const char *name, double vcpus,
                               double mib, struct rs_sheet_cell **out, struct rs_error *err)
{
    struct rs_sheet *sheet = &r->patch->clouds[cloud].types;
    bool fresh = false;
    if (!rs_patch_is_name(name) || !(vcpus > 0 && vcpus <= 1e5) || !(mib >= 1 && mib <= 1e9)) {
        return rs_fail(err, RS_EINPUT, "record %zu has no machine with vCPUs and memory",
                       r->out->records);
    }
    enum rs_status rc = rs_sheet_row(sheet, name, out, &fresh, err);
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(sheet, *out, "vcpus", vcpus, err);
    }
    return rc == RS_OK ? rs_sheet_set_number(sheet, *out, "memory_mib", mib, err) : rc;
}

static enum rs_status gcp_machine(struct rs_patch_reader *r, const cJSON *record,
                                  struct rs_error *err)
{
    struct rs_patch_cloud *cloud = &r->patch->clouds[RS_PATCH_GCP];
    struct rs_sheet *sheet = &cloud->types;
    struct rs_sheet_cell *row = NULL;
    const char *name = rs_json_optional_text(record, "name");
    const char *architecture = rs_json_optional_text(record, "architecture");
    const char *dash = name != NULL ? strchr(name, '-') : NULL;
    const cJSON *shared = rs_json_member(record, "isSharedCpu");
    char family[64] = "";
    enum rs_status rc = open_row(r, RS_PATCH_GCP, name, rs_patch_number(record, "guestCpus"),
                                 rs_patch_number(record, "memoryMb"), &row, err);
    if (rc == RS_OK && dash != NULL) {
        strncat(family, name, (size_t)(dash - name));
        rc = rs_sheet_set_text(sheet, row, "family", family, err);
    }
    if (rc == RS_OK && dash != NULL && dash[1] != '\0') {
        rc = rs_sheet_set_text(sheet, row, "size", dash + 1, err);
    }
    if (rc == RS_OK && architecture != NULL) {
        rc = rs_sheet_set_text(sheet, row, "architecture",
                               strcasecmp(architecture, "arm64") == 0 ? "arm64" : "x86_64", err);
    }
    if (rc == RS_OK && cJSON_IsBool(shared)) {
        rc = put(sheet, row, "burstable", cJSON_IsTrue(shared) ? 1 : 0, err);
    }
    if (rc == RS_OK && cJSON_GetArraySize(rs_json_member(record, "accelerators")) > 0) {
        rc = put(sheet, row, "gpu_count",
                 rs_patch_number(cJSON_GetArrayItem(rs_json_member(record, "accelerators"), 0),
                                 "guestAcceleratorCount"),
                 err);
    }
    rs_patch_note(cloud, "gcloud compute machine-types", r->import->date);
    return rc;
}

static enum rs_status azure_size(struct rs_patch_reader *r, const cJSON *record,
                                 struct rs_error *err)
{
    struct rs_patch_cloud *cloud = &r->patch->clouds[RS_PATCH_AZURE];
    struct rs_sheet_cell *row = NULL;
    double mib = rs_patch_number(record, "memoryInMB"); /* the API; az spells it otherwise */
    mib = isnan(mib) ? rs_patch_number(record, "memoryInMb") : mib;
    enum rs_status rc = open_row(r, RS_PATCH_AZURE, rs_json_optional_text(record, "name"),
                                 rs_patch_number(record, "numberOfCores"), mib, &row, err);
    if (rc == RS_OK) {
        rc = put(&cloud->types, row, "max_attachments", rs_patch_number(record, "maxDataDiskCount"),
                 err);
    }
    rs_patch_note(cloud, "az vm list-sizes", r->import->date);
    return rc;
}

enum rs_status rs_patch_machine(struct rs_patch_reader *r, const cJSON *record,
                                struct rs_error *err)
{
    bool gcp = rs_json_member(record, "guestCpus") != NULL;
    if (!gcp && rs_json_member(record, "numberOfCores") == NULL) {
        return rs_fail(err, RS_EINPUT, "record %zu has neither 'guestCpus' nor 'numberOfCores'",
                       r->out->records);
    }
    r->out->format = gcp ? "gcloud-machine-types" : "az-vm-sizes";
    r->out->taken++;
    return gcp ? gcp_machine(r, record, err) : azure_size(r, record, err);
}

static bool has(const char *text, const char *part)
{
    return text != NULL && strstr(text, part) != NULL;
}

/* The price column that a meter is for, and how many hours its price covers; NULL: none. */
static const char *column_of(const cJSON *record, double *hours)
{
    const char *kind = rs_json_optional_text(record, "type");
    const char *product = rs_json_optional_text(record, "productName");
    const char *sku = rs_json_optional_text(record, "skuName");
    const char *service = rs_json_optional_text(record, "serviceName");
    const char *unit = rs_json_optional_text(record, "unitOfMeasure");
    const char *term = rs_json_optional_text(record, "reservationTerm");
    *hours = 1;
    if (kind == NULL || service == NULL || strcmp(service, "Virtual Machines") != 0 ||
        has(product, "Windows") || has(product, "CloudServices") ||
        has(product, "Dedicated Host") || has(sku, "Low Priority") || unit == NULL ||
        strcmp(unit, "1 Hour") != 0) {
        return NULL;
    }
    if (strcmp(kind, "Consumption") == 0) {
        return has(sku, "Spot") ? RS_PATCH_SPOT : "on_demand";
    }
    if (strcmp(kind, "Reservation") != 0 || term == NULL || has(sku, "Spot")) {
        return NULL;
    }
    *hours = strcmp(term, "3 Years") == 0 ? 3 * HOURS_1Y : HOURS_1Y;
    return strcmp(term, "1 Year") == 0    ? "reserved_1y"
           : strcmp(term, "3 Years") == 0 ? "reserved_3y"
                                          : NULL;
}

enum rs_status rs_patch_azure_price(struct rs_patch_reader *r, const cJSON *record,
                                    struct rs_error *err)
{
    struct rs_patch_cloud *cloud = &r->patch->clouds[RS_PATCH_AZURE];
    const char *region = rs_json_optional_text(record, "armRegionName");
    const char *type = rs_json_optional_text(record, "armSkuName");
    const char *currency = rs_json_optional_text(record, "currencyCode");
    double hours = 1, price = rs_patch_number(record, "retailPrice");
    const char *column = column_of(record, &hours);
    bool taken = false;
    currency = currency != NULL ? currency : r->currency;
    if (column == NULL || !rs_patch_is_name(region) || !rs_patch_is_name(type) ||
        strlen(currency) != 3 ||
        (r->import->region != NULL && strcmp(r->import->region, region) != 0)) {
        return RS_OK;
    }
    enum rs_status rc = rs_patch_price(cloud, region, currency, type, column, price / hours,
                                       r->import->date, &taken, err);
    r->out->taken += taken ? 1 : 0;
    rs_patch_note(cloud, "Azure retail prices", r->import->date);
    return rc;
}
