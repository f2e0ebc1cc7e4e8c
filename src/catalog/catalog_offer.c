/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_offer.h"

#include "rightsize/number.h"

#include <string.h>

#define FIELD(attribute, column, member)                                                           \
    {                                                                                              \
        attribute, column, offsetof(struct rs_offer_product, member),                              \
            sizeof(((struct rs_offer_product *)NULL)->member)                                      \
    }
const struct rs_offer_field rs_offer_fields[] = {
    FIELD("sku", "SKU", sku),
    FIELD("productFamily", "Product Family", family),
    FIELD("instanceType", "Instance Type", type),
    FIELD("operatingSystem", "Operating System", system),
    FIELD("tenancy", "Tenancy", tenancy),
    FIELD("preInstalledSw", "Pre Installed S/W", software),
    FIELD("capacitystatus", "CapacityStatus", capacity),
    FIELD("operation", "operation", operation),
    FIELD("marketoption", "MarketOption", market),
    FIELD("regionCode", "Region Code", region),
    FIELD("vcpu", "vCPU", vcpus),
    FIELD("memory", "Memory", memory),
    FIELD("currentGeneration", "Current Generation", current),
    {NULL, NULL, 0, 0},
};

void rs_offer_set(struct rs_offer_product *product, const struct rs_offer_field *field,
                  const char *text)
{
    char *at = (char *)product + field->offset;
    size_t length = strlen(text);
    at[0] = '\0';
    if (length < field->size) {
        memcpy(at, text, length + 1);
    }
}

static bool is_or_empty(const char *text, const char *want)
{
    return text[0] == '\0' || strcmp(text, want) == 0;
}

bool rs_offer_counts(const struct rs_offer_product *p, const char *region)
{
    return strncmp(p->family, "Compute Instance", strlen("Compute Instance")) == 0 &&
           strcmp(p->system, "Linux") == 0 && strcmp(p->tenancy, "Shared") == 0 &&
           strcmp(p->software, "NA") == 0 && strcmp(p->capacity, "Used") == 0 &&
           is_or_empty(p->operation, "RunInstances") && is_or_empty(p->market, "OnDemand") &&
           rs_patch_is_name(p->type) && strchr(p->type, '.') != NULL &&
           rs_patch_is_name(p->region) && (region == NULL || strcmp(p->region, region) == 0);
}

/* "8 GiB", "1,952 GiB" -> MiB */
static bool parse_memory(const char *text, double *mib)
{
    char digits[24];
    size_t n = 0;
    struct rs_error err;
    for (; *text != '\0' && strchr("0123456789.,", *text) != NULL; text++) {
        if (*text != ',') {
            digits[n++] = *text;
        }
    }
    digits[n] = '\0';
    return strcmp(text, " GiB") == 0 && rs_parse_double(digits, 0.001, 1e6, mib, &err) == RS_OK;
}

enum rs_status rs_offer_note_type(struct rs_patch_reader *r, const struct rs_offer_product *p,
                                  struct rs_error *err)
{
    struct rs_sheet *sheet = &r->patch->clouds[RS_PATCH_AWS].vague;
    struct rs_sheet_cell *row = NULL;
    struct rs_error not_said;
    double vcpus = 0, gib = 0;
    bool fresh = false;
    if (rs_parse_double(p->vcpus, 1, 1e5, &vcpus, &not_said) != RS_OK ||
        !parse_memory(p->memory, &gib)) {
        return RS_OK;
    }
    enum rs_status rc = rs_sheet_row(sheet, p->type, &row, &fresh, err);
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(sheet, row, "vcpus", vcpus, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(sheet, row, "memory_mib", gib * 1024, err);
    }
    if (rc == RS_OK && p->current[0] != '\0') {
        rc = rs_sheet_set_number(sheet, row, "current_generation",
                                 strcmp(p->current, "Yes") == 0 ? 1 : 0, err);
    }
    return rc;
}

const char *rs_offer_reserved(const char *length, const char *class, const char *option)
{
    if (length == NULL || class == NULL || option == NULL || strcmp(class, "standard") != 0 ||
        strcmp(option, "No Upfront") != 0) {
        return NULL;
    }
    return strcmp(length, "1yr") == 0   ? "reserved_1y"
           : strcmp(length, "3yr") == 0 ? "reserved_3y"
                                        : NULL;
}
