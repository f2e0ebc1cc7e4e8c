/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWS's price list as CSV: lines on the file, a header, then a line a product and price. */
#include "catalog/catalog_offer.h"
#include "rightsize/csv.h"
#include "rightsize/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FIELDS ((size_t)1024)

enum { TERM, UNIT, PRICE, CURRENCY, LENGTH, OPTION, CLASS, PRICE_COLUMNS };
static const char *const price_columns[PRICE_COLUMNS] = {
    "TermType",       "Unit",         "PricePerUnit", "Currency", "LeaseContractLength",
    "PurchaseOption", "OfferingClass"};

struct layout {
    const struct rs_offer_field *fields[MAX_FIELDS]; /* NULL: not of the product */
    size_t price[PRICE_COLUMNS];                     /* MAX_FIELDS: not there */
    size_t count;
};

static const char *cell(const struct rs_csv *csv, size_t at)
{
    return at < csv->count ? csv->fields[at] : "";
}

static enum rs_status read_header(const struct rs_csv *csv, struct layout *out,
                                  struct rs_error *err)
{
    size_t needed = 0;
    if (csv->count > MAX_FIELDS) {
        return rs_fail(err, RS_EINPUT, "more than %zu columns", MAX_FIELDS);
    }
    out->count = csv->count;
    for (size_t p = 0; p < PRICE_COLUMNS; p++) {
        out->price[p] = MAX_FIELDS;
    }
    for (size_t i = 0; i < csv->count; i++) {
        for (const struct rs_offer_field *f = rs_offer_fields; f->attribute != NULL; f++) {
            if (strcmp(f->column, csv->fields[i]) == 0) {
                out->fields[i] = f;
            }
        }
        for (size_t p = 0; p < PRICE_COLUMNS; p++) {
            if (strcmp(price_columns[p], csv->fields[i]) == 0) {
                needed += p <= CURRENCY ? 1 : 0;
                out->price[p] = i;
            }
        }
    }
    return needed == CURRENCY + 1
               ? RS_OK
               : rs_fail(err, RS_EINPUT, "TermType, Unit, PricePerUnit or Currency is missing");
}

static enum rs_status take_row(struct rs_patch_reader *r, const struct rs_csv *csv,
                               const struct layout *layout, struct rs_error *err)
{
    struct rs_offer_product product = {.sku = ""};
    const char *term = cell(csv, layout->price[TERM]), *text = cell(csv, layout->price[PRICE]);
    const char *currency = cell(csv, layout->price[CURRENCY]);
    bool reserved = strcmp(term, "Reserved") == 0, taken = false;
    const char *column = reserved ? rs_offer_reserved(cell(csv, layout->price[LENGTH]),
                                                      cell(csv, layout->price[CLASS]),
                                                      cell(csv, layout->price[OPTION]))
                                  : "on_demand";
    double price = NAN;
    r->out->records++;
    if ((!reserved && strcmp(term, "OnDemand") != 0) || column == NULL || strlen(currency) != 3 ||
        strcmp(cell(csv, layout->price[UNIT]), "Hrs") != 0 ||
        !rs_number_scan(text, strlen(text), &price)) {
        return RS_OK;
    }
    for (size_t i = 0; i < layout->count && i < csv->count; i++) {
        if (layout->fields[i] != NULL) {
            rs_offer_set(&product, layout->fields[i], csv->fields[i]);
        }
    }
    if (product.region[0] == '\0' && r->import->region != NULL) {
        strncat(product.region, r->import->region, sizeof(product.region) - 1);
    }
    if (!rs_offer_counts(&product, r->import->region)) {
        return RS_OK;
    }
    enum rs_status rc = rs_patch_price(&r->patch->clouds[RS_PATCH_AWS], product.region, currency,
                                       product.type, column, price, r->date, &taken, err);
    r->out->taken += taken && !reserved ? 1 : 0;
    return rc == RS_OK ? rs_offer_note_type(r, &product, err) : rc;
}

enum rs_status rs_patch_offer_csv(struct rs_patch_reader *r, struct rs_input *input,
                                  struct rs_error *err)
{
    struct rs_csv csv;
    bool more = false, header = false;
    struct layout *layout = calloc(1, sizeof(*layout));
    if (layout == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for a header");
    }
    rs_csv_init(&csv, input);
    enum rs_status rc = rs_csv_next(&csv, &more, err);
    for (int head = 0; rc == RS_OK && more; head++) {
        if (!header && head > 20) {
            rc = rs_fail(err, RS_EINPUT, "not a price list: no line begins with SKU");
        } else if (!header && strcmp(csv.fields[0], "Publication Date") == 0) {
            rs_patch_set_date(r, cell(&csv, 1));
        } else if (!header && strcmp(csv.fields[0], "SKU") == 0) {
            header = true;
            rc = read_header(&csv, layout, err);
        } else if (header) {
            rc = take_row(r, &csv, layout, err);
        }
        if (rc == RS_OK) {
            rc = rs_csv_next(&csv, &more, err);
        }
    }
    if (rc == RS_OK && !header) {
        rc = rs_fail(err, RS_EINPUT, "not a price list: no line begins with SKU");
    }
    if (rc == RS_OK) {
        rs_patch_note(&r->patch->clouds[RS_PATCH_AWS], "AWS price list", r->date);
    }
    rs_csv_release(&csv);
    free(layout);
    return rc;
}
