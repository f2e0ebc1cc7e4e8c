/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which vendor's file is it: by the first known member of a JSON document, or as a CSV. */
#include "catalog/catalog_patch.h"
#include "catalog/catalog_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum rs_status read_records(struct rs_patch_reader *r, rs_patch_record_fn *take,
                                   struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    struct rs_buffer slice;
    rs_buffer_init(&slice);
    enum rs_status rc = RS_OK;
    for (;;) {
        rc = rs_pull_next(&r->pull, &event, err);
        if (rc != RS_OK || event == RS_PULL_ARRAY_END) {
            break;
        }
        cJSON *tree = NULL;
        r->out->records++;
        rs_buffer_clear(&slice);
        rc = event == RS_PULL_OBJECT
                 ? rs_pull_rest_slice(&r->pull, RS_PATCH_RECORD, &slice, err)
                 : rs_fail(err, RS_EINPUT, "record %zu is no object", r->out->records);
        if (rc == RS_OK) {
            rc = rs_json_parse(slice.data, slice.length, &tree, err);
        }
        if (rc == RS_OK) {
            rc = take(r, tree, err);
        }
        cJSON_Delete(tree);
        if (rc != RS_OK) {
            break;
        }
    }
    rs_buffer_release(&slice);
    return rc;
}

/* A member that is one text. */
static enum rs_status read_text(struct rs_patch_reader *r, const char *key, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    bool publication = strcmp(key, "publicationDate") == 0, offer = strcmp(key, "offerCode") == 0;
    bool page = strcmp(key, "NextPageLink") == 0;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc != RS_OK || event == RS_PULL_NULL) {
        return rc;
    }
    if (event != RS_PULL_TEXT) {
        return rs_fail(err, RS_EINPUT, "'%s' must be a text", key);
    }
    if (publication) {
        rs_patch_set_date(r, r->pull.text);
    } else if (offer && strcmp(r->pull.text, "AmazonEC2") != 0) {
        return rs_fail(err, RS_EINPUT, "the price list of %.40s, not of AmazonEC2", r->pull.text);
    } else if (page && r->pull.length < sizeof(r->out->next_page)) {
        memcpy(r->out->next_page, r->pull.text, r->pull.length + 1);
    } else if (strcmp(key, "BillingCurrency") == 0 && r->pull.length == 3) {
        memcpy(r->currency, r->pull.text, 4);
    }
    return RS_OK;
}

static const struct {
    const char *key, *format;
    rs_patch_record_fn *record; /* for each element of an array */
    enum rs_status (*value)(struct rs_patch_reader *r, struct rs_error *err);
} members[] = {
    {"InstanceTypes", "aws-instance-types", rs_patch_aws_type, NULL},
    {"SpotPriceHistory", "aws-spot-price-history", rs_patch_aws_spot, NULL},
    {"products", "aws-price-list", NULL, rs_patch_offer_products},
    {"terms", "aws-price-list", NULL, rs_patch_offer_terms},
    {"Items", "azure-retail-prices", rs_patch_azure_price, NULL},
    {"value", "machine-types", rs_patch_machine, NULL}, /* the vendors' APIs themselves */
    {"items", "machine-types", rs_patch_machine, NULL},
};

static enum rs_status read_member(struct rs_patch_reader *r, struct rs_error *err)
{
    static const char *const texts[] = {"publicationDate", "offerCode", "NextPageLink",
                                        "BillingCurrency"};
    enum rs_pull_event event = RS_PULL_END;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(r->pull.text, texts[i]) == 0) {
            return read_text(r, texts[i], err);
        }
    }
    size_t m = 0;
    while (m < sizeof(members) / sizeof(members[0]) && strcmp(members[m].key, r->pull.text) != 0) {
        m++;
    }
    if (m == sizeof(members) / sizeof(members[0])) {
        return rs_pull_skip(&r->pull, err);
    }
    r->out->format = members[m].format;
    if (members[m].value != NULL) {
        return members[m].value(r, err);
    }
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc == RS_OK && event != RS_PULL_ARRAY) {
        rc = rs_fail(err, RS_EINPUT, "'%s' must be an array", members[m].key);
    }
    return rc == RS_OK ? read_records(r, members[m].record, err) : rc;
}

static enum rs_status read_json(struct rs_patch_reader *r, struct rs_error *err)
{
    enum rs_pull_event event = RS_PULL_END;
    enum rs_status rc = rs_pull_next(&r->pull, &event, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (event == RS_PULL_ARRAY) { /* gcloud and az print bare arrays */
        r->out->format = "machine-types";
        rc = read_records(r, rs_patch_machine, err);
    } else if (event == RS_PULL_OBJECT) {
        for (;;) {
            rc = rs_pull_next(&r->pull, &event, err);
            if (rc != RS_OK || event == RS_PULL_OBJECT_END) {
                break;
            }
            rc = read_member(r, err);
            if (rc != RS_OK) {
                break;
            }
        }
    }
    if (rc == RS_OK) {
        rc = rs_pull_next(&r->pull, &event, err); /* refuses trailing bytes */
    }
    return rc == RS_OK ? rs_patch_aws_spot_end(r, err) : rc;
}

static bool looks_like_json(struct rs_input *input)
{
    const char *data = rs_input_data(input);
    size_t n = rs_input_available(input), at = 0;
    if (n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        at = 3;
    }
    while (at < n &&
           (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t')) {
        at++;
    }
    return at < n && (data[at] == '{' || data[at] == '[');
}

static enum rs_status read_file(struct rs_patch_reader *r, struct rs_input *input,
                                struct rs_error *err)
{
    static const char *const sku[] = {"sku", "region", "type"};
    static const char *const spot[] = {"key", "region", "type", "price", "time"};
    enum rs_status rc = rs_sheet_init(&r->skus, "skus", sku, 3, err);
    if (rc == RS_OK) {
        rc = rs_sheet_init(&r->spots, "spots", spot, 5, err);
    }
    if (rc == RS_OK) {
        rc = rs_input_need(input, 256, err);
    }
    if (rc != RS_OK) {
        return rc;
    }
    if (looks_like_json(input)) {
        rs_pull_init(&r->pull, input);
        rc = read_json(r, err);
        rs_pull_release(&r->pull);
    } else {
        r->out->format = "aws-price-list";
        rc = rs_patch_offer_csv(r, input, err);
    }
    return rc;
}

enum rs_status rs_catalog_patch_read(struct rs_catalog_patch *patch, struct rs_input *input,
                                     const struct rs_catalog_import *import,
                                     struct rs_catalog_read *out, struct rs_error *err)
{
    assert(patch != NULL && import->date != NULL);
    *out = (struct rs_catalog_read){.format = NULL};
    struct rs_patch_reader *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for an import");
    }
    r->patch = patch, r->import = import, r->out = out;
    strncat(r->date, import->date, sizeof(r->date) - 1);
    memcpy(r->currency, "USD", 4);
    enum rs_status rc = read_file(r, input, err);
    rs_sheet_release(&r->skus);
    rs_sheet_release(&r->spots);
    free(r);
    if (rc != RS_OK) {
        return rc;
    }
    if (out->format == NULL) {
        return rs_fail(err, RS_EINPUT,
                       "no format that is known here, see 'rightsize help catalog'");
    }
    if (out->taken == 0 && out->next_page[0] == '\0') {
        return rs_fail(err, RS_ENODATA, "%s: nothing among %zu records is for a catalog",
                       out->format, out->records);
    }
    return RS_OK;
}
