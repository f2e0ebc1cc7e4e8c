/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/catalogs.h"

#include <stdlib.h>
#include <string.h>

static int compare_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int by_region(const void *a, const void *b)
{
    const struct rs_catalog_info *x = *(const struct rs_catalog_info *const *)a;
    const struct rs_catalog_info *y = *(const struct rs_catalog_info *const *)b;
    int order = compare_text(x->provider, y->provider);
    return order != 0 ? order : compare_text(x->region, y->region);
}

enum rs_status rs_catalogs_of(const struct rs_report *report, struct rs_catalogs *out,
                              struct rs_error *err)
{
    const struct rs_catalog_info **items = calloc(report->count + 1, sizeof(*items));
    size_t found = 0, kept = 0;
    if (items == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for %zu catalogs", report->count);
    }
    for (size_t i = 0; i < report->count; i++) {
        if (report->entries[i].catalog != NULL) {
            items[found++] = report->entries[i].catalog;
        }
    }
    qsort(items, found, sizeof(*items), by_region);
    for (size_t i = 0; i < found; i++) {
        if (kept == 0 || by_region(&items[kept - 1], &items[i]) != 0) {
            items[kept++] = items[i];
        }
    }
    *out = (struct rs_catalogs){items, kept};
    return RS_OK;
}

void rs_catalogs_release(struct rs_catalogs *catalogs)
{
    free(catalogs->items);
    *catalogs = (struct rs_catalogs){0};
}

static const char *older(const char *a, const char *b)
{
    return a == NULL || (b != NULL && strcmp(b, a) < 0) ? b : a;
}

const char *rs_catalogs_date(const struct rs_catalogs *catalogs)
{
    const char *prices = NULL, *facts = NULL;
    for (size_t i = 0; i < catalogs->count; i++) {
        prices = older(prices, catalogs->items[i]->price_date);
        facts = older(facts, catalogs->items[i]->facts_date);
    }
    return prices != NULL ? prices : facts;
}
