/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog_merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void note_added(struct rs_merge_count *count, const char *name)
{
    size_t used = strlen(count->examples);
    if (used + strlen(name) + 7 < sizeof(count->examples)) {
        if (used > 0) {
            memcpy(count->examples + used, ", ", 3);
            used += 2;
        }
        memcpy(count->examples + used, name, strlen(name) + 1);
    }
    count->added++;
}

/* Sources round differently: 39.062 and 39.0625 are one figure. */
static bool is_same_fact(const struct rs_sheet_cell *a, const struct rs_sheet_cell *b)
{
    return rs_sheet_same(a, b) || (a->kind == RS_CELL_IS_NUMBER && b->kind == RS_CELL_IS_NUMBER &&
                                   fabs(a->number - b->number) <= 1e-4 * fabs(a->number));
}

/* Cells of `from` that are not null into the row of `into`; *changed: one differs. */
static enum rs_status merge_row(struct rs_sheet *into, struct rs_sheet_cell *row,
                                const struct rs_sheet *from, const struct rs_sheet_cell *cells,
                                bool *changed, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    *changed = false;
    for (size_t c = 0; c < from->width && rc == RS_OK; c++) {
        size_t at = 0;
        if (c == from->key || cells[c].kind == RS_CELL_IS_NULL) {
            continue;
        }
        rc = rs_sheet_add_column(into, from->columns[c], &at, err);
        if (rc != RS_OK || is_same_fact(&row[at], &cells[c])) {
            continue;
        }
        *changed = true;
        rc = cells[c].kind == RS_CELL_IS_NUMBER
                 ? rs_sheet_set_number(into, row, from->columns[c], cells[c].number, err)
                 : rs_sheet_set_text(into, row, from->columns[c], cells[c].text, err);
    }
    return rc;
}

/* Half a pair may be new: a catalog with a baseline above its peak would not load. */
static enum rs_status mend_pairs(struct rs_sheet *sheet, struct rs_sheet_cell *row,
                                 struct rs_error *err)
{
    static const char *const pairs[][2] = {
        {"net_baseline_gbps", "net_peak_gbps"},
        {"ebs_baseline_mbytes_per_s", "ebs_peak_mbytes_per_s"},
        {"ebs_baseline_iops", "ebs_peak_iops"},
    };
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && rc == RS_OK; i++) {
        if (rs_sheet_number(sheet, row, pairs[i][0]) > rs_sheet_number(sheet, row, pairs[i][1])) {
            rc = rs_sheet_set_number(sheet, row, pairs[i][0], NAN, err);
        }
    }
    return rc;
}

static enum rs_status merge_facts(struct rs_sheet *into, const struct rs_sheet *from, bool vague,
                                  const char *date, struct rs_merge_count *count,
                                  struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < from->count && rc == RS_OK; i++) {
        struct rs_sheet_cell *row = NULL;
        bool fresh = false, changed = false;
        if (vague && rs_sheet_find(into, rs_sheet_key(from, i)) != NULL) {
            continue;
        }
        rc = rs_sheet_row(into, rs_sheet_key(from, i), &row, &fresh, err);
        if (rc == RS_OK) {
            rc = merge_row(into, row, from, from->rows[i], &changed, err);
        }
        if (rc == RS_OK) {
            rc = mend_pairs(into, row, err);
        }
        if (rc == RS_OK && (fresh || changed)) {
            rc = rs_sheet_set_text(
                into, row, "facts_date",
                into->date == NULL || strcmp(into->date, date) != 0 ? date : NULL, err);
        }
        if (fresh) {
            note_added(count, rs_sheet_key(from, i));
        } else {
            count->changed += changed ? 1 : 0;
            count->confirmed += changed ? 0 : 1;
        }
    }
    return rc;
}

enum rs_status rs_merge_types(struct rs_sheet *into, const struct rs_patch_cloud *patch,
                              const char *date, struct rs_merge_count *count, struct rs_error *err)
{
    enum rs_status rc = merge_facts(into, &patch->types, false, date, count, err);
    return rc == RS_OK ? merge_facts(into, &patch->vague, true, date, count, err) : rc;
}

static bool differs(double a, double b)
{
    return a > b || a < b || isnan(a) != isnan(b);
}

/* Everything of a price row but the spot price, which needs the price to be known first. */
static enum rs_status set_prices(struct rs_sheet *into, struct rs_sheet_cell *row,
                                 const struct rs_sheet *patch, const struct rs_sheet_cell *cells,
                                 bool *changed, struct rs_error *err)
{
    static const char *const columns[] = {"on_demand", "reserved_1y", "reserved_3y"};
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]) && rc == RS_OK; i++) {
        double price = rs_sheet_number(patch, cells, columns[i]);
        if (!isnan(price)) {
            *changed = *changed || differs(price, rs_sheet_number(into, row, columns[i]));
            rc = rs_sheet_set_number(into, row, columns[i], price, err);
        }
    }
    if (rc == RS_OK && !isnan(rs_sheet_number(patch, cells, "on_demand"))) {
        rc = rs_sheet_set_number(into, row, "estimated", 0, err);
        if (rc == RS_OK) {
            rc = rs_sheet_set_text(into, row, "price_date",
                                   rs_sheet_text(patch, cells, "price_date"), err);
        }
    }
    return rc;
}

static enum rs_status set_spot(struct rs_sheet *into, struct rs_sheet_cell *row, double spot,
                               bool *changed, struct rs_error *err)
{
    double price = rs_sheet_number(into, row, "on_demand");
    double saving = round(1000 * (1 - spot / price)) / 10;
    if (!(saving >= -10000 && saving <= 100)) {
        return RS_OK;
    }
    *changed = *changed || differs(saving, rs_sheet_number(into, row, "spot_saving_pct"));
    return rs_sheet_set_number(into, row, "spot_saving_pct", saving, err);
}

enum rs_status rs_merge_prices(struct rs_sheet *into, const struct rs_sheet *patch,
                               const struct rs_sheet *types, struct rs_merge_count *count,
                               struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < patch->count && rc == RS_OK; i++) {
        const char *type = rs_sheet_key(patch, i);
        struct rs_sheet_cell *row = rs_sheet_find(into, type);
        bool priced = !isnan(rs_sheet_number(patch, patch->rows[i], "on_demand"));
        bool fresh = false, changed = false;
        if (rs_sheet_find(types, type) == NULL || (row == NULL && !priced)) {
            count->left_out++;
            continue;
        }
        rc = rs_sheet_row(into, type, &row, &fresh, err);
        if (rc == RS_OK) {
            rc = set_prices(into, row, patch, patch->rows[i], &changed, err);
        }
        double spot = rs_sheet_number(patch, patch->rows[i], RS_PATCH_SPOT);
        if (rc == RS_OK && !isnan(spot)) {
            rc = set_spot(into, row, spot, &changed, err);
        }
        if (fresh) {
            note_added(count, type);
        } else {
            count->changed += changed ? 1 : 0;
            count->confirmed += changed ? 0 : 1;
        }
    }
    return rc;
}

enum rs_status rs_merge_spread_dates(struct rs_sheet *sheet, struct rs_error *err)
{
    enum rs_status rc = RS_OK;
    for (size_t i = 0; i < sheet->count && rc == RS_OK; i++) {
        if (rs_sheet_text(sheet, sheet->rows[i], "price_date") == NULL) {
            rc = rs_sheet_set_text(sheet, sheet->rows[i], "price_date", sheet->date, err);
        }
    }
    return rc;
}

static int compare_dates(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* An estimate follows the file's date whatever that is, so it does not vote. */
static const char *commonest(const struct rs_sheet *sheet, const char **dates)
{
    size_t count = 0, longest = 0, from = 0;
    const char *best = sheet->date;
    for (size_t i = 0; i < sheet->count; i++) {
        const char *date = rs_sheet_text(sheet, sheet->rows[i], "price_date");
        if (date != NULL && !(rs_sheet_number(sheet, sheet->rows[i], "estimated") > 0)) {
            dates[count++] = date;
        }
    }
    if (count > 0) {
        qsort(dates, count, sizeof(*dates), compare_dates);
    }
    for (size_t i = 0; i < count; i++) {
        from = strcmp(dates[i], dates[from]) != 0 ? i : from;
        if (i + 1 - from > longest) {
            longest = i + 1 - from;
            best = dates[from];
        }
    }
    return best;
}

enum rs_status rs_merge_gather_dates(struct rs_sheet *sheet, struct rs_error *err)
{
    const char **dates = calloc(sheet->count + 1, sizeof(*dates));
    if (dates == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory for dates");
    }
    enum rs_status rc = RS_OK;
    sheet->date = commonest(sheet, dates);
    for (size_t i = 0; i < sheet->count && rc == RS_OK; i++) {
        const char *date = rs_sheet_text(sheet, sheet->rows[i], "price_date");
        if (date != NULL && strcmp(date, sheet->date) == 0) {
            rc = rs_sheet_set_text(sheet, sheet->rows[i], "price_date", NULL, err);
        }
    }
    free(dates);
    return rc;
}
