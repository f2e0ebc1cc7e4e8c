/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listing of catalog types as a table, CSV or JSON. */
#include "cli/cmd_catalog.h"
#include "cli/offer_columns.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 64

static void info_text(struct rs_buffer *out, const char *text)
{
    if (text != NULL) {
        rs_text_json(out, text);
    } else {
        rs_buffer_text(out, "null");
    }
}

static void provider(const struct rs_listed *item, struct rs_buffer *out)
{
    rs_buffer_text(out, rs_catalog_info(item->catalog)->provider);
}

static void region(const struct rs_listed *item, struct rs_buffer *out)
{
    const char *text = rs_catalog_info(item->catalog)->region;
    rs_buffer_text(out, text != NULL ? text : "");
}

static void rounded(double value, struct rs_buffer *out)
{
    char text[RS_NUMBER_TEXT];
    if (!isnan(value)) {
        rs_number_format(round(value * 1000) / 1000, text);
        rs_buffer_text(out, text);
    }
}

static void distance(const struct rs_listed *item, struct rs_buffer *out)
{
    rounded(item->distance, out);
}

static void ratio(const struct rs_listed *item, struct rs_buffer *out)
{
    rounded(item->ratio, out);
}

struct column { /* of the offer, or of the listing when offer is NULL */
    const char *key;
    bool number;
    const struct rs_offer_column *offer;
    void (*render)(const struct rs_listed *item, struct rs_buffer *out);
};

static size_t columns_of(const struct rs_listing *listing, bool narrow, struct column *out)
{
    size_t n = 0;
    if (!narrow || listing->catalog_count > 1) {
        out[n++] = (struct column){"provider", false, NULL, provider};
        out[n++] = (struct column){"region", false, NULL, region};
    }
    for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
        if (n < MAX_COLUMNS - 2 && (!narrow || c->listed)) {
            out[n++] = (struct column){c->key, c->number, c, NULL};
        }
    }
    if (listing->like) {
        out[n++] = (struct column){"price_ratio", true, NULL, ratio};
        out[n++] = (struct column){"distance", true, NULL, distance};
    }
    return n;
}

static void render(const struct column *c, const struct rs_listed *item, struct rs_buffer *cell)
{
    rs_buffer_clear(cell);
    if (c->offer != NULL) {
        c->offer->render(item->offer, cell);
    } else {
        c->render(item, cell);
    }
}

static void pad(struct rs_buffer *out, size_t count)
{
    while (count-- > 0) {
        rs_buffer_char(out, ' ');
    }
}

static void table_cell(struct rs_buffer *out, const char *text, size_t width, bool number,
                       bool last)
{
    size_t length = strlen(text);
    size_t space = width > length ? width - length : 0;
    pad(out, number ? space : 0);
    rs_buffer_text(out, text);
    pad(out, number || last ? 0 : space);
    rs_buffer_text(out, last ? "\n" : "  ");
}

static void table(const struct rs_listing *listing, struct rs_buffer *out)
{
    struct column columns[MAX_COLUMNS];
    size_t widths[MAX_COLUMNS], n = columns_of(listing, true, columns);
    struct rs_buffer cell;
    rs_buffer_init(&cell);
    for (size_t c = 0; c < n; c++) {
        widths[c] = strlen(columns[c].key);
        for (size_t i = 0; i < listing->count; i++) {
            render(&columns[c], &listing->items[i], &cell);
            widths[c] = cell.length > widths[c] ? cell.length : widths[c];
        }
    }
    for (size_t c = 0; c < n; c++) {
        table_cell(out, columns[c].key, widths[c], columns[c].number, c + 1 == n);
    }
    for (size_t i = 0; i < listing->count; i++) {
        for (size_t c = 0; c < n; c++) {
            render(&columns[c], &listing->items[i], &cell);
            const char *text = cell.length == 0 ? "-" : cell.data;
            table_cell(out, text, widths[c], columns[c].number, c + 1 == n);
        }
    }
    rs_buffer_release(&cell);
}

static void csv(const struct rs_listing *listing, struct rs_buffer *out)
{
    struct column columns[MAX_COLUMNS];
    size_t n = columns_of(listing, false, columns);
    struct rs_buffer cell;
    rs_buffer_init(&cell);
    for (size_t c = 0; c < n; c++) {
        rs_buffer_printf(out, "%s%s", c > 0 ? "," : "", columns[c].key);
    }
    rs_buffer_char(out, '\n');
    for (size_t i = 0; i < listing->count; i++) {
        for (size_t c = 0; c < n; c++) {
            render(&columns[c], &listing->items[i], &cell);
            rs_buffer_text(out, c > 0 ? "," : "");
            if (columns[c].number) { /* a negative number is no formula */
                rs_buffer_text(out, cell.data);
            } else {
                rs_text_csv(out, cell.data);
            }
        }
        rs_buffer_char(out, '\n');
    }
    rs_buffer_release(&cell);
}

static void json_catalog(const struct rs_catalog *catalog, struct rs_buffer *out)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    const struct {
        const char *key, *value;
    } texts[] = {
        {"provider", info->provider},     {"region", info->region},
        {"currency", info->currency},     {"facts_date", info->facts_date},
        {"price_date", info->price_date}, {"oldest_price_date", info->oldest_price_date},
        {"source", info->source},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        rs_buffer_printf(out, "%s\"%s\": ", i == 0 ? "{" : ", ", texts[i].key);
        info_text(out, texts[i].value);
    }
    rs_buffer_printf(out, ", \"priced\": %zu, \"estimated\": %zu}", info->priced, info->estimated);
}

static void json(const struct rs_listing *listing, struct rs_buffer *out)
{
    struct column columns[MAX_COLUMNS];
    size_t n = columns_of(listing, false, columns);
    struct rs_buffer cell;
    rs_buffer_init(&cell);
    rs_buffer_text(out, "{\"catalogs\": [");
    for (size_t i = 0; i < listing->catalog_count; i++) {
        rs_buffer_text(out, i > 0 ? ",\n  " : "\n  ");
        json_catalog(listing->catalogs[i], out);
    }
    rs_buffer_text(out, "\n], \"types\": [");
    for (size_t i = 0; i < listing->count; i++) {
        rs_buffer_text(out, i > 0 ? ",\n  {" : "\n  {");
        for (size_t c = 0; c < n; c++) {
            render(&columns[c], &listing->items[i], &cell);
            rs_buffer_printf(out, "%s\"%s\": ", c > 0 ? ", " : "", columns[c].key);
            if (cell.length > 0 && columns[c].number) {
                rs_buffer_text(out, cell.data);
            } else {
                info_text(out, cell.length > 0 ? cell.data : NULL);
            }
        }
        rs_buffer_char(out, '}');
    }
    rs_buffer_text(out, "\n]}\n");
    rs_buffer_release(&cell);
}

enum rs_status rs_listing_render(const struct rs_listing *listing, const char *format,
                                 struct rs_buffer *out, struct rs_error *err)
{
    static const struct {
        const char *name;
        void (*write)(const struct rs_listing *, struct rs_buffer *);
    } formats[] = {{"table", table}, {"csv", csv}, {"json", json}};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (format == NULL || strcmp(format, formats[i].name) == 0) {
            formats[i].write(listing, out);
            return rs_buffer_status(out, err);
        }
    }
    return rs_fail(err, RS_EUSAGE, "--output '%.64s' is not table, csv or json", format);
}
