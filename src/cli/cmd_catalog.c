/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/catalogs.h"
#include "cli/offer_columns.h"
#include "rightsize/number.h"
#include "rightsize/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct catalog_options {
    const char *provider, *region, *arch, *vcpus, *memory, *burstable, *generation, *output;
    double max_price;
};

#define AT(member) offsetof(struct catalog_options, member)
static const struct rs_option options_table[] = {
    {"provider", 0, RS_OPTION_TEXT, AT(provider), "NAME", "the provider (default aws)"},
    {"region", 'r', RS_OPTION_TEXT, AT(region), "REGION", "prices of REGION (default us-east-1)"},
    {"arch", 0, RS_OPTION_TEXT, AT(arch), "ARCH", "list: x86_64, arm64 or i386"},
    {"vcpus", 0, RS_OPTION_TEXT, AT(vcpus), "N[-M]", "list: this many vCPUs"},
    {"memory", 0, RS_OPTION_TEXT, AT(memory), "N[-M]", "list: this much memory in GiB"},
    {"max-price", 0, RS_OPTION_NUMBER, AT(max_price), "PRICE", "list: at most PRICE an hour"},
    {"burstable", 0, RS_OPTION_TEXT, AT(burstable), "yes|no", "list: only (or no) burstable types"},
    {"current-generation", 0, RS_OPTION_TEXT, AT(generation), "yes|no",
     "list: only (or no) current generations"},
    {"output", 'o', RS_OPTION_TEXT, AT(output), "FORMAT", "list: table (default), csv or json"},
    {.name = NULL},
};

static enum rs_status parse_span(const char *option, const char *text, double unit, double *min,
                                 double *max, struct rs_error *err)
{
    char low[32];
    const char *dash = text != NULL ? strchr(text, '-') : NULL;
    if (text == NULL) {
        return RS_OK;
    }
    size_t n = dash != NULL ? (size_t)(dash - text) : strlen(text);
    if (n >= sizeof(low)) {
        return rs_fail(err, RS_EUSAGE, "--%s '%s' is not N or N-M", option, text);
    }
    memcpy(low, text, n);
    low[n] = '\0';
    if (rs_parse_double(low, 0, 1e9, min, err) != RS_OK ||
        rs_parse_double(dash != NULL ? dash + 1 : low, 0, 1e9, max, err) != RS_OK) {
        return rs_fail(err, RS_EUSAGE, "--%s '%s' is not N or N-M", option, text);
    }
    *min *= unit;
    *max *= unit;
    return RS_OK;
}

static enum rs_status parse_yes_no(const char *option, const char *text, int *out,
                                   struct rs_error *err)
{
    if (text == NULL) {
        return RS_OK;
    }
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
        return rs_fail(err, RS_EUSAGE, "--%s '%s' is not yes or no", option, text);
    }
    *out = strcmp(text, "yes") == 0;
    return RS_OK;
}

static enum rs_status parse_filter(const struct catalog_options *o, const char *pattern,
                                   struct rs_catalog_filter *out, struct rs_error *err)
{
    rs_catalog_filter_init(out);
    out->pattern = pattern;
    out->architecture = o->arch;
    out->max_price = o->max_price;
    enum rs_status rc = parse_yes_no("burstable", o->burstable, &out->burstable, err);
    if (rc == RS_OK) {
        rc = parse_yes_no("current-generation", o->generation, &out->current_generation, err);
    }
    if (rc == RS_OK) {
        rc = parse_span("vcpus", o->vcpus, 1, &out->min_vcpus, &out->max_vcpus, err);
    }
    if (rc == RS_OK) {
        rc = parse_span("memory", o->memory, 1024.0 * 1024 * 1024, &out->min_memory_bytes,
                        &out->max_memory_bytes, err);
    }
    return rc;
}

static int text_width(const struct rs_offer_column *c)
{
    int heading = (int)strlen(c->key);
    return heading > 14 ? heading : strcmp(c->key, "type") == 0 ? 20 : heading + 1;
}

static void table_row(struct rs_buffer *out, const struct rs_offer *offer)
{
    struct rs_buffer cell;
    rs_buffer_init(&cell);
    for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
        if (!c->listed) {
            continue;
        }
        rs_buffer_clear(&cell);
        if (offer == NULL) {
            rs_buffer_text(&cell, c->key);
        } else {
            c->render(offer, &cell);
            rs_buffer_text(&cell, cell.length == 0 && c->number ? "-" : "");
        }
        rs_buffer_printf(out, c->number ? "%*s  " : "%-*s  ", text_width(c), cell.data);
    }
    while (out->length > 0 && out->data[out->length - 1] == ' ') {
        out->data[--out->length] = '\0';
    }
    rs_buffer_char(out, '\n');
    rs_buffer_release(&cell);
}

static void csv_row(struct rs_buffer *out, const struct rs_offer *offer)
{
    for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
        rs_buffer_text(out, c == rs_offer_columns ? "" : ",");
        if (offer == NULL) {
            rs_buffer_text(out, c->key);
        } else {
            c->render(offer, out);
        }
    }
    rs_buffer_char(out, '\n');
}

static void json_row(struct rs_buffer *out, const struct rs_offer *offer)
{
    struct rs_buffer cell;
    rs_buffer_init(&cell);
    for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
        rs_buffer_clear(&cell);
        c->render(offer, &cell);
        rs_buffer_printf(out, "%s\"%s\": ", c == rs_offer_columns ? "{" : ", ", c->key);
        if (cell.length == 0) {
            rs_buffer_text(out, "null");
        } else if (c->number) {
            rs_buffer_text(out, cell.data);
        } else {
            rs_text_json(out, cell.data);
        }
    }
    rs_buffer_char(out, '}');
    rs_buffer_release(&cell);
}

static void json_list(struct rs_buffer *out, const struct rs_catalog *catalog,
                      const struct rs_catalog_filter *filter)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    rs_buffer_printf(out,
                     "{\"provider\": \"%s\", \"region\": \"%s\", \"currency\": \"%s\", "
                     "\"price_date\": \"%s\", \"facts_date\": \"%s\", \"types\": [",
                     info->provider, info->region, info->currency, info->price_date,
                     info->facts_date);
    bool first = true;
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
        const struct rs_offer *offer = rs_catalog_at(catalog, i);
        if (rs_catalog_filter_accepts(filter, offer)) {
            rs_buffer_text(out, first ? "\n  " : ",\n  ");
            first = false;
            json_row(out, offer);
        }
    }
    rs_buffer_text(out, "\n]}\n");
}

static enum rs_status list(const struct rs_catalog *catalog, const struct catalog_options *o,
                           const char *pattern, struct rs_buffer *out, struct rs_error *err)
{
    struct rs_catalog_filter filter;
    const char *format = o->output != NULL ? o->output : "table";
    enum rs_status rc = parse_filter(o, pattern, &filter, err);
    if (rc != RS_OK) {
        return rc;
    }
    if (strcmp(format, "json") == 0) {
        json_list(out, catalog, &filter);
        return rs_buffer_status(out, err);
    }
    if (strcmp(format, "table") != 0 && strcmp(format, "csv") != 0) {
        return rs_fail(err, RS_EUSAGE, "--output '%s' is not table, csv or json", format);
    }
    void (*row)(struct rs_buffer *, const struct rs_offer *) =
        strcmp(format, "csv") == 0 ? csv_row : table_row;
    row(out, NULL);
    size_t found = 0;
    for (size_t i = 0; i < rs_catalog_count(catalog); i++) {
        const struct rs_offer *offer = rs_catalog_at(catalog, i);
        if (rs_catalog_filter_accepts(&filter, offer)) {
            row(out, offer);
            found++;
        }
    }
    return found > 0 ? rs_buffer_status(out, err)
                     : rs_fail(err, RS_ENODATA, "no type of the catalog passes these filters");
}

static enum rs_status show(const struct rs_catalog *catalog, const char *type,
                           struct rs_buffer *out, struct rs_error *err)
{
    const struct rs_catalog_info *info = rs_catalog_info(catalog);
    const struct rs_offer *offer = rs_catalog_find(catalog, type);
    if (offer == NULL) {
        return rs_fail(err, RS_ENODATA, "'%s' is not in the catalog of %s", type, info->provider);
    }
    for (const struct rs_offer_column *c = rs_offer_columns; c->key != NULL; c++) {
        rs_buffer_printf(out, "%-24s ", c->key);
        size_t before = out->length;
        c->render(offer, out);
        rs_buffer_text(out, out->length == before ? "unknown\n" : "\n");
    }
    rs_buffer_printf(out, "%-24s %s\n%-24s %s\n%-24s %s\n%-24s %s\n", "region", info->region,
                     "currency", info->currency, "price_date", info->price_date, "facts_date",
                     info->facts_date);
    return rs_buffer_status(out, err);
}

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    const struct catalog_options *o = options;
    bool showing = strcmp(argv[0], "show") == 0;
    if (!showing && strcmp(argv[0], "list") != 0) {
        return rs_fail(err, RS_EUSAGE, "'catalog %s' is not list or show", argv[0]);
    }
    if (showing && argc != 2) {
        return rs_fail(err, RS_EUSAGE, "usage: rightsize catalog show TYPE");
    }
    struct rs_catalog *catalog = NULL;
    struct rs_buffer folder, text;
    rs_buffer_init(&folder);
    rs_buffer_init(&text);
    enum rs_status rc = rs_catalogs_folder(context, &folder, err);
    if (rc == RS_OK) {
        rc = rs_catalog_load(folder.data, o->provider != NULL ? o->provider : "aws",
                             o->region != NULL ? o->region : "us-east-1", &catalog, err);
    }
    if (rc == RS_OK) {
        rc = showing ? show(catalog, argv[1], &text, err)
                     : list(catalog, o, argc > 1 ? argv[1] : NULL, &text, err);
    }
    if (rc == RS_OK) {
        rc = rs_output(context, NULL, &text, err);
    }
    rs_catalog_free(catalog);
    rs_buffer_release(&folder);
    rs_buffer_release(&text);
    return rc;
}

const struct rs_command rs_cmd_catalog = {
    .name = "catalog",
    .operands = "list [PATTERN] | show TYPE",
    .summary = "the instance types, their facts and prices",
    .about = "list  the types of a region, those that match PATTERN ('m5.*') and the filters\n"
             "show  everything the catalog knows of one type; what it does not know is 'unknown'",
    .min_operands = 1,
    .max_operands = 2,
    .options = options_table,
    .options_size = sizeof(struct catalog_options),
    .run = run,
};
