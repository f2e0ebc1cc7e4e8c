/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWS's price list as JSON: first all products, most of no interest, then the terms by product. */
#include "catalog/catalog_offer.h"
#include "rightsize/number.h"

#include <math.h>
#include <string.h>

static enum rs_status expect(struct rs_patch_reader *r, enum rs_pull_event want, const char *what,
                             struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    return rc == RS_OK && event != want ? rs_fail(err, RS_EINPUT, "%s is not as expected", what)
                                        : rc;
}

static const struct rs_offer_field *field_of(const char *attribute)
{
    const struct rs_offer_field *field = rs_offer_fields;
    while (field->attribute != NULL && strcmp(field->attribute, attribute) != 0) {
        field++;
    }
    return field->attribute != NULL ? field : NULL;
}

/* The members of the product and, one level deeper, of its attributes. The event OBJECT was taken.
 */
static enum rs_status read_product(struct rs_patch_reader *r, struct rs_offer_product *product,
                                   struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = RS_OK;
    for (int depth = 1; rc == RS_OK && depth > 0;) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc == RS_OK && event == RS_PULL_OBJECT_END) {
            depth--;
        }
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            continue;
        }
        const struct rs_offer_field *field = field_of(r->pull.text);
        bool attributes = depth == 1 && strcmp(r->pull.text, "attributes") == 0;
        if (attributes) {
            rc = expect(r, RS_PULL_OBJECT, "'attributes' of a product", err);
            depth++;
        } else if (field != NULL) {
            rc = expect(r, RS_PULL_TEXT, "an attribute of a product", err);
            if (rc == RS_OK) {
                rs_offer_set(product, field, r->pull.text);
            }
        } else {
            rc = rs_pull_skip(&r->pull, err);
        }
    }
    return rc;
}

static enum rs_status keep_product(struct rs_patch_reader *r,
                                   const struct rs_offer_product *product, struct rs_error *err)
{
    struct rs_sheet_cell *row = NULL;
    bool fresh = false;
    enum rs_status rc = rs_sheet_row(&r->skus, product->sku, &row, &fresh, err);
    if (rc == RS_OK) {
        rc = rs_sheet_set_text(&r->skus, row, "region", product->region, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_text(&r->skus, row, "type", product->type, err);
    }
    return rc == RS_OK ? rs_offer_note_type(r, product, err) : rc;
}

enum rs_status rs_patch_offer_products(struct rs_patch_reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = expect(r, RS_PULL_OBJECT, "'products'", err);
    while (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        struct rs_offer_product product = {.sku = ""};
        rc = expect(r, RS_PULL_OBJECT, "a product", err);
        if (rc == RS_OK) {
            rc = read_product(r, &product, err);
        }
        r->out->records++;
        if (rc == RS_OK && product.region[0] == '\0' && r->import->region != NULL) {
            strncat(product.region, r->import->region, sizeof(product.region) - 1);
        }
        if (rc == RS_OK && product.sku[0] != '\0' && rs_offer_counts(&product, r->import->region)) {
            rc = keep_product(r, &product, err);
        }
    }
    return rc;
}

/* The hourly rate of a term: one dimension with the unit Hrs. NaN where there is none. */
static double rate_of(const cJSON *term, const char **currency)
{
    const cJSON *dimension = NULL;
    cJSON_ArrayForEach(dimension, rs_json_member(term, "priceDimensions"))
    {
        const char *unit = rs_json_optional_text(dimension, "unit");
        const cJSON *per = rs_json_member(dimension, "pricePerUnit");
        const cJSON *price = per != NULL ? per->child : NULL;
        double value = NAN;
        if (unit != NULL && strcmp(unit, "Hrs") == 0 && cJSON_IsString(price) &&
            price->string != NULL && strlen(price->string) == 3 &&
            rs_number_scan(price->valuestring, strlen(price->valuestring), &value)) {
            *currency = price->string;
            return value;
        }
    }
    return NAN;
}

static enum rs_status take_terms(struct rs_patch_reader *r, const struct rs_sheet_cell *sku,
                                 const cJSON *terms, bool reserved, struct rs_error *err)
{
    struct rs_patch_cloud *cloud = &r->patch->clouds[RS_PATCH_AWS];
    enum rs_status rc = RS_OK;
    const cJSON *term = NULL;
    cJSON_ArrayForEach(term, terms)
    {
        const cJSON *attributes = rs_json_member(term, "termAttributes");
        const char *column =
            reserved ? rs_offer_reserved(rs_json_optional_text(attributes, "LeaseContractLength"),
                                         rs_json_optional_text(attributes, "OfferingClass"),
                                         rs_json_optional_text(attributes, "PurchaseOption"))
                     : "on_demand";
        const char *currency = NULL;
        double rate = column != NULL ? rate_of(term, &currency) : NAN;
        bool taken = false;
        if (rc == RS_OK && !isnan(rate)) {
            rc = rs_patch_price(cloud, rs_sheet_text(&r->skus, sku, "region"), currency,
                                rs_sheet_text(&r->skus, sku, "type"), column, rate, r->date, &taken,
                                err);
        }
        r->out->taken += taken && !reserved ? 1 : 0;
    }
    return rc;
}

/* The value of 'OnDemand' or 'Reserved': terms by sku. */
static enum rs_status read_terms(struct rs_patch_reader *r, bool reserved, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    struct rs_buffer slice;
    rs_buffer_init(&slice);
    enum rs_status rc = expect(r, RS_PULL_OBJECT, "the terms", err);
    while (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        const struct rs_sheet_cell *sku = rs_sheet_find(&r->skus, r->pull.text);
        if (sku == NULL) {
            rc = rs_pull_skip(&r->pull, err);
            continue;
        }
        cJSON *tree = NULL;
        rs_buffer_clear(&slice);
        rc = rs_pull_slice(&r->pull, RS_PATCH_RECORD, &slice, err);
        if (rc == RS_OK) {
            rc = rs_json_parse(slice.data, slice.length, &tree, err);
        }
        if (rc == RS_OK) {
            rc = take_terms(r, sku, tree, reserved, err);
        }
        cJSON_Delete(tree);
    }
    rs_buffer_release(&slice);
    return rc;
}

enum rs_status rs_patch_offer_terms(struct rs_patch_reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    if (r->out->records == 0) {
        return rs_fail(err, RS_EINPUT, "a price list with 'terms' before 'products' is not read");
    }
    rs_patch_note(&r->patch->clouds[RS_PATCH_AWS], "AWS price list", r->date);
    enum rs_status rc = expect(r, RS_PULL_OBJECT, "'terms'", err);
    while (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
            break;
        }
        bool reserved = strcmp(r->pull.text, "Reserved") == 0;
        rc = reserved || strcmp(r->pull.text, "OnDemand") == 0 ? read_terms(r, reserved, err)
                                                               : rs_pull_skip(&r->pull, err);
    }
    return rc;
}
